// Statements about the transaction and the session.
package org.mosslsm.sql.ast;

import java.util.List;
import java.util.Optional;

/** Transaction control, settings, maintenance. */
public sealed interface SessionControl extends Statement {
    /** Isolation levels of the standard. */
    enum IsolationLevel {
        READ_UNCOMMITTED,
        READ_COMMITTED,
        REPEATABLE_READ,
        SERIALIZABLE
    }

    /** What was written of a transaction's modes. */
    record TransactionModes(Optional<IsolationLevel> isolation, Optional<Boolean> readOnly) {}

    /** BEGIN or START TRANSACTION. */
    record Begin(TransactionModes modes, Position position) implements SessionControl {}

    /** COMMIT or END; {@code chain} with AND CHAIN. */
    record Commit(boolean chain, Position position) implements SessionControl {}

    /** ROLLBACK or ABORT; {@code chain} with AND CHAIN. */
    record Rollback(boolean chain, Position position) implements SessionControl {}

    /** SAVEPOINT. */
    record Savepoint(Identifier name, Position position) implements SessionControl {}

    /** RELEASE [SAVEPOINT]. */
    record Release(Identifier name, Position position) implements SessionControl {}

    /** ROLLBACK TO [SAVEPOINT]. */
    record RollbackTo(Identifier name, Position position) implements SessionControl {}

    /** SET TRANSACTION, or SET SESSION CHARACTERISTICS AS TRANSACTION ({@code session}). */
    record SetTransaction(TransactionModes modes, boolean session, Position position) implements SessionControl {}

    /**
     * {@code SET [SESSION | LOCAL] name = value, ...}; the name in lower case with its dots; no values for DEFAULT and
     * RESET. SET SCHEMA is the setting {@code search_path}, SET TIME ZONE is {@code timezone}.
     */
    record SetOption(String name, List<String> values, boolean local, Position position) implements SessionControl {
        /** Copies the values. */
        public SetOption {
            values = List.copyOf(values);
        }
    }

    /** What a session remembers. */
    enum Remembered {
        ALL,
        PLANS,
        SEQUENCES,
        TEMPORARY
    }

    /** DISCARD ALL, PLANS, SEQUENCES or TEMP[ORARY]. */
    record Discard(Remembered what, Position position) implements SessionControl {}

    /** SHOW name, or SHOW ALL ({@code all}). */
    record Show(String name, Position position) implements SessionControl {}

    /** CHECK DATABASE: looks for damage. */
    record CheckDatabase(Position position) implements SessionControl {}

    /** A statement of PostgreSQL's dumps that means nothing here; {@code what} is how it begins. */
    record Skipped(String what, Position position) implements SessionControl {}

    /** REINDEX: indexes need no rebuilding, but what it names must be there. */
    record Reindex(Kind kind, Optional<QualifiedName> name, Position position) implements SessionControl {
        /** What is named. */
        public enum Kind {
            /** A table or an index: SQLite's form. */
            ANY,
            /** A table. */
            TABLE,
            /** An index. */
            INDEX,
            /** A schema. */
            SCHEMA,
            /** The database. */
            DATABASE
        }
    }

    /** LOCK TABLE; the mode as its words in lower case, without MODE. */
    record LockTable(List<QualifiedName> tables, String mode, boolean noWait, Position position)
            implements SessionControl {
        /** Copies the names. */
        public LockTable {
            tables = List.copyOf(tables);
        }
    }

    /** ANALYZE [table]: gathers statistics. */
    record Analyze(Optional<QualifiedName> table, Position position) implements SessionControl {}
}

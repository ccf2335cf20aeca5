// Statements about the transaction and the session.
package org.mosslsm.sql.plan;

import java.util.List;
import java.util.Optional;
import org.mosslsm.sql.catalog.Table;

/** What a statement does to the transaction or the session. */
public sealed interface ControlPlan {
    /** Isolation levels of the standard. */
    enum IsolationLevel {
        READ_UNCOMMITTED,
        READ_COMMITTED,
        REPEATABLE_READ,
        SERIALIZABLE
    }

    /** Modes of a transaction, as far as written. */
    record Modes(Optional<IsolationLevel> isolation, Optional<Boolean> readOnly) {}

    /** BEGIN. */
    record Begin(Modes modes) implements ControlPlan {}

    /** COMMIT; with {@code chain} a transaction of the same modes begins at once. */
    record Commit(boolean chain) implements ControlPlan {}

    /** ROLLBACK; {@code chain} as of {@link Commit}. */
    record Rollback(boolean chain) implements ControlPlan {}

    /** SAVEPOINT. */
    record Savepoint(String name) implements ControlPlan {}

    /** RELEASE. */
    record Release(String name) implements ControlPlan {}

    /** ROLLBACK TO. */
    record RollbackTo(String name) implements ControlPlan {}

    /** SET TRANSACTION, or SET SESSION CHARACTERISTICS ({@code session}). */
    record SetTransaction(Modes modes, boolean session) implements ControlPlan {}

    /** SET name = values; no values: back to the default. */
    record SetOption(String name, List<String> values, boolean local) implements ControlPlan {
        /** Freezes the values. */
        public SetOption {
            values = List.copyOf(values);
        }
    }

    /** What a session remembers: all, plans, numbers drawn of sequences, or temporary views. */
    enum Remembered {
        ALL,
        PLANS,
        SEQUENCES,
        TEMPORARY
    }

    /** DISCARD. */
    record Discard(Remembered what) implements ControlPlan {}

    /** SHOW name; {@code all} for all. Delivers rows. */
    record Show(String name) implements ControlPlan {}

    /** CHECK DATABASE. Delivers rows. */
    record CheckDatabase() implements ControlPlan {}

    /** Nothing is done; the notice says so. */
    record Notice(String text) implements ControlPlan {}

    /** How much LOCK TABLE keeps away from a table. */
    enum TableLock {
        /** Nothing: reads go on beside everything. */
        NOTHING,
        /** Definitions. */
        DEFINITIONS,
        /** Definitions, and others that take this one. */
        MAINTENANCE,
        /** Changes and locks of rows, and definitions. */
        CHANGES
    }

    /** LOCK TABLE. */
    record LockTables(List<Table> tables, TableLock lock, boolean noWait) implements ControlPlan {
        /** Freezes the tables. */
        public LockTables {
            tables = List.copyOf(tables);
        }
    }

    /** ANALYZE of one table, or of all. */
    record Analyze(Optional<Table> table) implements ControlPlan {}
}

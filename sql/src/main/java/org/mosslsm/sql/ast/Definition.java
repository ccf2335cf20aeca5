// Statements that change the catalog.
package org.mosslsm.sql.ast;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/** CREATE, DROP, ALTER, COMMENT ON. */
public sealed interface Definition extends Statement {

    /**
     * LIKE table in CREATE TABLE.
     *
     * @param before how many columns of the definition stand before it
     * @param including what is copied besides names, types and NOT NULL: {@code defaults}, {@code identity} and so on
     */
    record LikeTable(QualifiedName table, int before, Set<String> including) {
        /** Copies the set. */
        public LikeTable {
            including = Set.copyOf(including);
        }
    }

    /** CREATE TABLE; constraints written at a column are in {@code constraints} too. */
    record CreateTable(
            QualifiedName name,
            boolean ifNotExists,
            List<ColumnDefinition> columns,
            List<TableConstraint> constraints,
            List<LikeTable> likes,
            Position position)
            implements Definition {
        /** Copies the lists. */
        public CreateTable {
            columns = List.copyOf(columns);
            constraints = List.copyOf(constraints);
            likes = List.copyOf(likes);
        }
    }

    /** CREATE TABLE ... AS query [WITH [NO] DATA]. */
    record CreateTableAs(
            QualifiedName name,
            boolean ifNotExists,
            List<Identifier> columns,
            Query query,
            boolean withData,
            Position position)
            implements Definition {
        /** Copies the columns. */
        public CreateTableAs {
            columns = List.copyOf(columns);
        }
    }

    /** CREATE VIEW; {@code text} is the query as written, for the catalog. */
    record CreateView(
            QualifiedName name,
            boolean orReplace,
            boolean temporary,
            boolean ifNotExists,
            List<Identifier> columns,
            Query query,
            String text,
            Position position)
            implements Definition {
        /** Copies the columns. */
        public CreateView {
            columns = List.copyOf(columns);
        }
    }

    /** CREATE INDEX; without a name the catalog makes one. */
    record CreateIndex(
            boolean unique,
            boolean nullsNotDistinct,
            boolean ifNotExists,
            Optional<Identifier> name,
            QualifiedName table,
            List<IndexKey> keys,
            List<Identifier> include,
            Optional<SourceExpression> where,
            Position position)
            implements Definition {
        /** Copies the lists. */
        public CreateIndex {
            keys = List.copyOf(keys);
            include = List.copyOf(include);
        }
    }

    /** A key of an index: a column's name or an expression. */
    record IndexKey(SourceExpression key, boolean descending, SortItem.NullOrder nulls) {}

    /** CREATE SCHEMA. */
    record CreateSchema(Identifier name, boolean ifNotExists, Position position) implements Definition {}

    /** CREATE SEQUENCE. */
    record CreateSequence(QualifiedName name, boolean ifNotExists, SequenceOptions options, Position position)
            implements Definition {}

    /** ALTER SEQUENCE; what the options do not say stays. */
    record AlterSequence(QualifiedName name, boolean ifExists, SequenceOptions options, Position position)
            implements Definition {}

    /** ALTER VIEW, INDEX or SEQUENCE ... RENAME TO. */
    record Rename(ObjectKind kind, QualifiedName name, boolean ifExists, Identifier to, Position position)
            implements Definition {}

    /** ALTER VIEW or SEQUENCE ... SET SCHEMA. */
    record SetSchema(ObjectKind kind, QualifiedName name, boolean ifExists, Identifier schema, Position position)
            implements Definition {}

    /** DROP of one or more objects of a kind. */
    record Drop(ObjectKind kind, boolean ifExists, List<QualifiedName> names, boolean cascade, Position position)
            implements Definition {
        /** Copies the names. */
        public Drop {
            names = List.copyOf(names);
        }
    }

    /** COMMENT ON; empty for IS NULL. A column's name has its table before it; {@code table} a constraint's table. */
    record Comment(
            ObjectKind kind,
            QualifiedName name,
            Optional<QualifiedName> table,
            Optional<String> comment,
            Position position)
            implements Definition {}

    /** What DROP and COMMENT ON name. */
    enum ObjectKind {
        TABLE,
        VIEW,
        INDEX,
        SEQUENCE,
        SCHEMA,
        COLUMN,
        CONSTRAINT
    }

    /** ALTER TABLE; the actions apply in order, all or none. */
    record AlterTable(QualifiedName table, boolean ifExists, List<AlterAction> actions, Position position)
            implements Definition {
        /** Copies the actions. */
        public AlterTable {
            actions = List.copyOf(actions);
        }
    }
}

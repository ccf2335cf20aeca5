// Statements that change the catalog.
package org.mosslsm.sql.plan;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.mosslsm.sql.catalog.ForeignKey;
import org.mosslsm.sql.catalog.Index;
import org.mosslsm.sql.catalog.Sequence;
import org.mosslsm.sql.catalog.Table;
import org.mosslsm.sql.catalog.View;
import org.mosslsm.sql.catalog.ViewStar;
import org.mosslsm.sql.expr.ScalarExpr;
import org.mosslsm.sql.type.SqlType;

/**
 * A change of the catalog, with types looked up, names given to what had none, and expressions bound once to prove them
 * right. Whether a name is still free is for the executor to check against the catalog it changes; where {@code IF [NOT]
 * EXISTS} makes the statement void already, the binder gives {@link Nothing}.
 */
public sealed interface DefinitionPlan {
    /** The statement changes nothing; the notice says why. */
    record Nothing(String notice) implements DefinitionPlan {}

    /** A column to be. {@code defaultText} and what it means, over no row, cast to the type. */
    record ColumnSpec(
            String name,
            SqlType type,
            boolean notNull,
            Optional<String> defaultText,
            Optional<ScalarExpr> defaultValue,
            Optional<IdentitySpec> identity) {}

    /** An identity column; its sequence gets a name of its own unless one was given. */
    record IdentitySpec(boolean always, SequenceSpec sequence, Optional<String> sequenceName) {}

    /** All numbers of a sequence, defaults filled in. */
    record SequenceSpec(long start, long increment, long minValue, long maxValue, boolean cycle, long cache) {}

    /** A constraint to be; columns by name. */
    sealed interface ConstraintSpec {
        /** Its name: as given, or made up as PostgreSQL does. */
        String name();
    }

    /** PRIMARY KEY; its columns are NOT NULL. */
    record PrimaryKeySpec(String name, List<String> columns) implements ConstraintSpec {}

    /** UNIQUE. */
    record UniqueSpec(String name, List<String> columns, boolean nullsNotDistinct) implements ConstraintSpec {}

    /** CHECK over the table row, as text and bound; {@code columns} are those it reads. */
    record CheckSpec(String name, String text, ScalarExpr condition, List<String> columns) implements ConstraintSpec {}

    /**
     * FOREIGN KEY. The parent's columns are in the order of its key; {@code parent} is empty when the table refers to
     * itself while it is being created.
     */
    record ForeignKeySpec(
            String name,
            List<String> columns,
            Optional<Table> parent,
            List<String> parentColumns,
            ForeignKey.Action onDelete,
            ForeignKey.Action onUpdate)
            implements ConstraintSpec {}

    /** CREATE TABLE. */
    record CreateTable(
            String schema, String name, boolean ifNotExists, List<ColumnSpec> columns, List<ConstraintSpec> constraints)
            implements DefinitionPlan {
        /** Freezes the lists. */
        public CreateTable {
            columns = List.copyOf(columns);
            constraints = List.copyOf(constraints);
        }
    }

    /**
     * CREATE VIEW; {@code path} are the schemas in which the names of its text are looked up, {@code replaced} is the view
     * to replace. A temporary one has the schema {@link View#TEMPORARY}.
     */
    record CreateView(
            String schema,
            String name,
            List<String> columns,
            String text,
            List<String> path,
            List<ViewStar> stars,
            Optional<View> replaced)
            implements DefinitionPlan {}

    /** CREATE INDEX. */
    record CreateIndex(
            Table table,
            String name,
            boolean ifNotExists,
            boolean unique,
            boolean nullsNotDistinct,
            List<IndexKeySpec> keys,
            List<String> include,
            Optional<IndexWhere> where)
            implements DefinitionPlan {}

    /** The condition of a partial index, as text and bound over the table row; {@code columns} are those it reads. */
    record IndexWhere(String text, ScalarExpr condition, List<String> columns) {}

    /** A key of an index. */
    record IndexKeySpec(String column, boolean descending) {}

    /** CREATE SCHEMA. */
    record CreateSchema(String name) implements DefinitionPlan {}

    /** CREATE SEQUENCE. */
    record CreateSequence(String schema, String name, SequenceSpec sequence) implements DefinitionPlan {}

    /**
     * ALTER SEQUENCE.
     *
     * @param owner the table it belongs to from now on, or none; empty where nothing was said
     * @param restart the value to give next; empty where nothing was said
     */
    record AlterSequence(Sequence sequence, SequenceSpec spec, Optional<OptionalInt> owner, Optional<Long> restart)
            implements DefinitionPlan {}

    /** ALTER VIEW ... SET SCHEMA. */
    record SetViewSchema(View view, String schema) implements DefinitionPlan {}

    /** ALTER SEQUENCE ... SET SCHEMA. */
    record SetSequenceSchema(Sequence sequence, String schema) implements DefinitionPlan {}

    /** ALTER VIEW ... RENAME TO. */
    record RenameView(View view, String to) implements DefinitionPlan {}

    /** ALTER INDEX ... RENAME TO. */
    record RenameIndex(IndexOfTable index, String to) implements DefinitionPlan {}

    /** ALTER SEQUENCE ... RENAME TO. */
    record RenameSequence(Sequence sequence, String to) implements DefinitionPlan {}

    /** DROP TABLE of tables; with {@code cascade} also the foreign keys that refer to them. */
    record DropTables(List<Table> tables, boolean cascade) implements DefinitionPlan {}

    /** DROP VIEW. */
    record DropViews(List<View> views) implements DefinitionPlan {}

    /** DROP INDEX: each with its table. */
    record DropIndexes(List<IndexOfTable> indexes, boolean cascade) implements DefinitionPlan {}

    /** An index and the table it belongs to. */
    record IndexOfTable(Table table, Index index) {}

    /** DROP SEQUENCE. */
    record DropSequences(List<Sequence> sequences, boolean cascade) implements DefinitionPlan {}

    /** DROP SCHEMA; with {@code cascade} also what is in it. */
    record DropSchemas(List<String> schemas, boolean cascade) implements DefinitionPlan {}

    /** COMMENT ON TABLE, or on a column of it. */
    record CommentOnTable(Table table, Optional<String> column, Optional<String> comment) implements DefinitionPlan {}

    /** COMMENT ON VIEW, or on a column of it. */
    record CommentOnView(View view, Optional<String> column, Optional<String> comment) implements DefinitionPlan {}

    /** COMMENT ON INDEX. */
    record CommentOnIndex(IndexOfTable index, Optional<String> comment) implements DefinitionPlan {}

    /** COMMENT ON CONSTRAINT. */
    record CommentOnConstraint(Table table, String constraint, Optional<String> comment) implements DefinitionPlan {}

    /** COMMENT ON SEQUENCE. */
    record CommentOnSequence(Sequence sequence, Optional<String> comment) implements DefinitionPlan {}

    /** COMMENT ON SCHEMA. */
    record CommentOnSchema(String schema, Optional<String> comment) implements DefinitionPlan {}

    /** ALTER TABLE: the actions in order, all or none; names in an action hold after the actions before it. */
    record AlterTable(Table table, List<AlterSpec> actions) implements DefinitionPlan {
        /** Freezes the list. */
        public AlterTable {
            actions = List.copyOf(actions);
        }
    }

    /** One action of ALTER TABLE. */
    sealed interface AlterSpec {}

    /** ADD COLUMN; constraints written at the column follow as {@link AddConstraint}. */
    record AddColumn(ColumnSpec column) implements AlterSpec {}

    /** DROP COLUMN. */
    record DropColumn(String column, boolean cascade) implements AlterSpec {}

    /** ADD CONSTRAINT ... USING INDEX: a unique index becomes the key {@code name}. */
    record AddKeyOfIndex(String name, boolean primary, String index) implements AlterSpec {}

    /** ADD CONSTRAINT. */
    record AddConstraint(ConstraintSpec constraint) implements AlterSpec {}

    /** DROP CONSTRAINT. */
    record DropConstraint(String name, boolean cascade) implements AlterSpec {}

    /** RENAME TO. */
    record RenameTable(String to) implements AlterSpec {}

    /** SET SCHEMA; the schema is there. */
    record SetSchema(String schema) implements AlterSpec {}

    /** RENAME COLUMN. */
    record RenameColumn(String from, String to) implements AlterSpec {}

    /** RENAME CONSTRAINT. */
    record RenameConstraint(String from, String to) implements AlterSpec {}

    /** SET DEFAULT, or DROP DEFAULT. */
    record SetDefault(String column, Optional<String> text) implements AlterSpec {}

    /** SET NOT NULL, or DROP NOT NULL. */
    record SetNotNull(String column, boolean notNull) implements AlterSpec {}

    /** SET DATA TYPE; {@code conversion} makes the new value from the old table row. */
    record SetType(String column, SqlType type, ScalarExpr conversion) implements AlterSpec {}

    /** ADD GENERATED AS IDENTITY. */
    record AddIdentity(String column, IdentitySpec identity) implements AlterSpec {}

    /** SET GENERATED, RESTART and the like: what was not said is empty. */
    record AlterIdentity(String column, Optional<Boolean> always, SequenceSpec spec, Optional<Long> restart)
            implements AlterSpec {}

    /** DROP IDENTITY. */
    record DropIdentity(String column) implements AlterSpec {}
}

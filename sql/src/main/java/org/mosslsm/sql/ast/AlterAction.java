// What ALTER TABLE does.
package org.mosslsm.sql.ast;

import java.util.List;
import java.util.Optional;

/** One action of ALTER TABLE. */
public sealed interface AlterAction extends Node {
    /** ADD [COLUMN] [IF NOT EXISTS]; {@code constraints} are those written at the column. */
    record AddColumn(boolean ifNotExists, ColumnDefinition column, List<TableConstraint> constraints, Position position)
            implements AlterAction {
        /** Copies the constraints. */
        public AddColumn {
            constraints = List.copyOf(constraints);
        }
    }

    /** DROP [COLUMN] [IF EXISTS] [CASCADE]. */
    record DropColumn(boolean ifExists, Identifier column, boolean cascade, Position position) implements AlterAction {}

    /** ADD [CONSTRAINT name] constraint. */
    record AddConstraint(TableConstraint constraint, Position position) implements AlterAction {}

    /** ADD [CONSTRAINT name] PRIMARY KEY or UNIQUE USING INDEX index. */
    record AddKeyOfIndex(Optional<Identifier> name, boolean primary, Identifier index, Position position)
            implements AlterAction {}

    /** DROP CONSTRAINT [IF EXISTS] [CASCADE]. */
    record DropConstraint(boolean ifExists, Identifier name, boolean cascade, Position position)
            implements AlterAction {}

    /** DROP PRIMARY KEY. */
    record DropPrimaryKey(Position position) implements AlterAction {}

    /** RENAME TO. */
    record RenameTable(Identifier to, Position position) implements AlterAction {}

    /** SET SCHEMA. */
    record SetSchema(Identifier schema, Position position) implements AlterAction {}

    /** RENAME [COLUMN] from TO to. */
    record RenameColumn(Identifier from, Identifier to, Position position) implements AlterAction {}

    /** RENAME CONSTRAINT from TO to. */
    record RenameConstraint(Identifier from, Identifier to, Position position) implements AlterAction {}

    /** ALTER [COLUMN] SET DEFAULT; empty for DROP DEFAULT. */
    record SetDefault(Identifier column, Optional<SourceExpression> value, Position position) implements AlterAction {}

    /** ALTER [COLUMN] SET NOT NULL, or DROP NOT NULL. */
    record SetNotNull(Identifier column, boolean notNull, Position position) implements AlterAction {}

    /** ALTER [COLUMN] [SET DATA] TYPE type [USING expression]. */
    record SetType(Identifier column, TypeName type, Optional<Expression> using, Position position)
            implements AlterAction {}

    /** ALTER [COLUMN] ADD GENERATED ... AS IDENTITY. */
    record AddIdentity(Identifier column, ColumnDefinition.Identity identity, Position position)
            implements AlterAction {}

    /** ALTER [COLUMN] SET GENERATED ..., RESTART, SET option: {@code always} where it was written. */
    record AlterIdentity(Identifier column, Optional<Boolean> always, SequenceOptions options, Position position)
            implements AlterAction {}

    /** ALTER [COLUMN] DROP IDENTITY [IF EXISTS]. */
    record DropIdentity(Identifier column, boolean ifExists, Position position) implements AlterAction {}
}

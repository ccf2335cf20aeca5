// ALTER TABLE.
package org.mosslsm.sql.bind;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.mosslsm.sql.ast.AlterAction;
import org.mosslsm.sql.ast.Definition;
import org.mosslsm.sql.ast.Identifier;
import org.mosslsm.sql.ast.TableConstraint;
import org.mosslsm.sql.catalog.Column;
import org.mosslsm.sql.catalog.Index;
import org.mosslsm.sql.catalog.Sequence;
import org.mosslsm.sql.catalog.Table;
import org.mosslsm.sql.catalog.TableChange;
import org.mosslsm.sql.error.SqlException;
import org.mosslsm.sql.error.SqlState;
import org.mosslsm.sql.expr.ExprFactory;
import org.mosslsm.sql.expr.ScalarExpr;
import org.mosslsm.sql.plan.DefinitionPlan;
import org.mosslsm.sql.plan.DefinitionPlan.AlterSpec;
import org.mosslsm.sql.plan.DefinitionPlan.ColumnSpec;
import org.mosslsm.sql.type.SqlType;

/** Binds ALTER TABLE: each action against the table as the actions before it leave it. */
final class AlterBinder {
    private final BindContext context;
    private Table original;

    AlterBinder(BindContext context) {
        this.context = context;
    }

    DefinitionPlan bind(Definition.AlterTable d) {
        if (d.ifExists() && CatalogNames.findTable(context, d.table()).isEmpty()) {
            return new DefinitionPlan.Nothing("table \"" + d.table() + "\" does not exist, skipping");
        }
        original = CatalogNames.table(context, d.table());
        Table table = original;
        List<AlterSpec> specs = new ArrayList<>();
        for (AlterAction action : d.actions()) {
            List<AlterSpec> bound = bind(table, action);
            specs.addAll(bound);
            table = after(table, bound);
        }
        return specs.isEmpty()
                ? new DefinitionPlan.Nothing("nothing to change in table \"" + d.table() + "\"")
                : new DefinitionPlan.AlterTable(original, specs);
    }

    private List<AlterSpec> bind(Table table, AlterAction action) {
        if (action instanceof AlterAction.AddColumn a) {
            return addColumn(table, a);
        }
        if (action instanceof AlterAction.DropColumn a) {
            if (a.ifExists() && table.column(a.column().value()).isEmpty()) {
                return List.of();
            }
            return List.of(new DefinitionPlan.DropColumn(name(table, a.column()), a.cascade()));
        }
        if (action instanceof AlterAction.AddConstraint a) {
            return List.of(new DefinitionPlan.AddConstraint(constraint(table, a.constraint())));
        }
        if (action instanceof AlterAction.AddKeyOfIndex a) {
            return List.of(keyOfIndex(table, a));
        }
        if (action instanceof AlterAction.DropConstraint a) {
            boolean there = table.hasConstraint(a.name().value());
            if (!there && !a.ifExists()) {
                throw missingConstraint(table, a.name());
            }
            return there ? List.of(new DefinitionPlan.DropConstraint(a.name().value(), a.cascade())) : List.of();
        }
        if (action instanceof AlterAction.DropPrimaryKey a) {
            Index key = table.primaryKey()
                    .orElseThrow(() -> new SqlException(
                            SqlState.UNDEFINED_OBJECT,
                            "table \"" + table.name() + "\" has no primary key",
                            a.position().line(),
                            a.position().column()));
            return List.of(new DefinitionPlan.DropConstraint(key.name(), false));
        }
        if (action instanceof AlterAction.DropIdentity a) {
            Column column = CatalogNames.column(table, a.column());
            if (column.identity().isEmpty() && !a.ifExists()) {
                throw noIdentity(table, a.column());
            }
            return column.identity().isEmpty() ? List.of() : List.of(new DefinitionPlan.DropIdentity(column.name()));
        }
        if (action instanceof AlterAction.RenameTable a) {
            return List.of(new DefinitionPlan.RenameTable(a.to().value()));
        }
        if (action instanceof AlterAction.SetSchema a) {
            if (!context.catalog().hasSchema(a.schema().value())) {
                throw CatalogNames.missingSchema(context, a.schema().value(), a.position());
            }
            return List.of(new DefinitionPlan.SetSchema(a.schema().value()));
        }
        if (action instanceof AlterAction.RenameColumn a) {
            requireFree(table, a.to());
            return List.of(new DefinitionPlan.RenameColumn(name(table, a.from()), a.to().value()));
        }
        if (action instanceof AlterAction.RenameConstraint a) {
            if (!table.hasConstraint(a.from().value())) {
                throw missingConstraint(table, a.from());
            }
            return List.of(new DefinitionPlan.RenameConstraint(a.from().value(), a.to().value()));
        }
        return List.of(alterColumn(table, action));
    }

    private static AlterSpec keyOfIndex(Table table, AlterAction.AddKeyOfIndex a) {
        String name = a.index().value();
        int line = a.index().position().line();
        int column = a.index().position().column();
        Index index = table.indexes().stream()
                .filter(i -> i.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new SqlException(
                        SqlState.UNDEFINED_OBJECT,
                        "index \"" + name + "\" of table \"" + table.name() + "\" does not exist",
                        line,
                        column));
        boolean key =
                index.unique() && !index.isPartial() && index.keys().stream().noneMatch(Index.Key::descending);
        if (index.constraint() || !key) {
            throw new SqlException(
                    index.constraint() ? SqlState.OBJECT_NOT_IN_STATE : SqlState.WRONG_OBJECT_TYPE,
                    index.constraint()
                            ? "index \"" + name + "\" belongs to a constraint already"
                            : "index \"" + name + "\" is no unique index of all rows in ascending order",
                    line,
                    column);
        }
        return new DefinitionPlan.AddKeyOfIndex(a.name().map(Identifier::value).orElse(name), a.primary(), name);
    }

    private AlterSpec alterColumn(Table table, AlterAction action) {
        if (action instanceof AlterAction.SetDefault a) {
            Column column = CatalogNames.column(table, a.column());
            if (column.identity().isPresent()) {
                throw SqlException.syntax(
                        "column \"" + a.column() + "\" of table \"" + table.name()
                                + "\" is an identity column and has no default: DROP IDENTITY makes it one that may have",
                        a.column().position().line(),
                        a.column().position().column());
            }
            Optional<String> text = a.value().map(v -> {
                ScalarExpr value = new TableBinder(context).defaultValue(v.expression(), column.type(), column.name());
                return SequenceNames.inDefault(v.text(), value, v.expression().position(), context);
            });
            return new DefinitionPlan.SetDefault(column.name(), text);
        }
        if (action instanceof AlterAction.SetNotNull a) {
            return new DefinitionPlan.SetNotNull(name(table, a.column()), a.notNull());
        }
        if (action instanceof AlterAction.SetType a) {
            Column column = CatalogNames.column(table, a.column());
            SqlType type = Types.resolve(a.type());
            if (column.identity().isPresent()) {
                Sequences.max(type, a.position());
            }
            ScalarExpr value = a.using()
                    .map(e -> ExpressionBinder.plain(context, Scope.ofTable(table), "ALTER COLUMN")
                            .bind(e))
                    .orElseGet(() -> new ScalarExpr.ColumnRef(table.ordinal(column.id()), column.type()));
            TableBinder.requireNoSubquery(value, "ALTER COLUMN ... USING", a.position());
            ScalarExpr conversion =
                    ExpressionBinder.at(a.position(), () -> ExprFactory.assign(value, type, column.name()));
            return new DefinitionPlan.SetType(column.name(), type, conversion);
        }
        if (action instanceof AlterAction.AlterIdentity a) {
            Column column = CatalogNames.column(table, a.column());
            Sequence sequence = column.identity()
                    .flatMap(i -> context.catalog().sequence(i.sequenceId()))
                    .orElseThrow(() -> noIdentity(table, a.column()));
            DefinitionPlan.SequenceSpec spec =
                    Sequences.changed(sequence, a.options(), Sequences.max(column.type(), a.position()), a.position());
            return new DefinitionPlan.AlterIdentity(
                    column.name(), a.always(), spec, Sequences.restart(a.options(), spec, a.position()));
        }
        AlterAction.AddIdentity a = (AlterAction.AddIdentity) action;
        Column column = CatalogNames.column(table, a.column());
        return new DefinitionPlan.AddIdentity(
                column.name(),
                new TableBinder(context)
                        .identity(a.identity().always(), a.identity().options(), column.type(), a.position()));
    }

    // ---- ADD

    private List<AlterSpec> addColumn(Table table, AlterAction.AddColumn a) {
        if (a.ifNotExists() && table.column(a.column().name().value()).isPresent()) {
            return List.of();
        }
        requireFree(table, a.column().name());
        List<AlterSpec> specs = new ArrayList<>();
        ColumnSpec column = new TableBinder(context).column(a.column());
        specs.add(new DefinitionPlan.AddColumn(column));
        Table with = after(table, specs);
        for (TableConstraint c : a.constraints()) {
            specs.add(new DefinitionPlan.AddConstraint(constraint(with, c)));
        }
        return specs;
    }

    private DefinitionPlan.ConstraintSpec constraint(Table table, TableConstraint c) {
        List<Index> dropped = original.allIndexes().stream()
                .filter(i -> table.index(i.id()).isEmpty())
                .toList();
        ConstraintNames names = new ConstraintNames(context.catalog(), table.schema(), table.name()).freed(dropped);
        table.allIndexes().forEach(i -> names.take(i.name()));
        table.foreignKeys().forEach(f -> names.take(f.name()));
        table.checks().forEach(k -> names.take(k.name()));
        ConstraintBinder binder =
                new ConstraintBinder(context, table.schema(), table.name(), TableColumns.of(table), names);
        c.name().ifPresent(binder::takeName);
        if (c instanceof TableConstraint.PrimaryKey && table.primaryKey().isPresent()) {
            throw new SqlException(
                    SqlState.INVALID_TABLE_DEFINITION,
                    "table \"" + table.name() + "\" already has a primary key",
                    c.position().line(),
                    c.position().column());
        }
        return binder.bind(c, List.of());
    }

    // ---- the table between two actions

    private static Table after(Table table, List<AlterSpec> specs) {
        TableChange change = table.change();
        for (AlterSpec spec : specs) {
            if (spec instanceof DefinitionPlan.AddColumn a) {
                ColumnSpec c = a.column();
                change.addColumn(Column.of(0, c.name(), c.type(), c.notNull())
                        .withIdentity(c.identity().map(i -> unmade(i))));
            } else if (spec instanceof DefinitionPlan.DropColumn a) {
                change.dropColumn(table.column(a.column()).orElseThrow().id());
            } else if (spec instanceof DefinitionPlan.DropConstraint a) {
                dropConstraint(table, change, a.name());
            } else if (spec instanceof DefinitionPlan.RenameColumn a) {
                change.column(table.column(a.from()).orElseThrow().id(), c -> c.withName(a.to()));
            } else if (spec instanceof DefinitionPlan.SetType a) {
                change.column(table.column(a.column()).orElseThrow().id(), c -> c.withType(a.type()));
            } else if (spec instanceof DefinitionPlan.AddIdentity a) {
                change.column(
                        table.column(a.column()).orElseThrow().id(),
                        c -> c.withIdentity(Optional.of(unmade(a.identity()))));
            } else if (spec instanceof DefinitionPlan.DropIdentity a) {
                change.column(table.column(a.column()).orElseThrow().id(), c -> c.withIdentity(Optional.empty()));
            }
        }
        return change.build();
    }

    /** An identity whose sequence is not there yet. */
    private static Column.Identity unmade(DefinitionPlan.IdentitySpec spec) {
        return new Column.Identity(spec.always(), -1);
    }

    private static void dropConstraint(Table table, TableChange change, String name) {
        if (table.primaryKey().filter(k -> k.name().equals(name)).isPresent()) {
            change.primary(Index.ofRowIds(-1, table.name()));
        }
        table.index(name).filter(Index::constraint).ifPresent(i -> change.dropIndex(i.id()));
        change.dropForeignKey(name).dropCheck(name);
    }

    // ---- names

    private static String name(Table table, Identifier column) {
        return CatalogNames.column(table, column).name();
    }

    private static void requireFree(Table table, Identifier column) {
        Optional<Column> there = table.column(column.value());
        if (there.isPresent()) {
            throw new SqlException(
                    SqlState.DUPLICATE_COLUMN,
                    "column \"" + column + "\" of table \"" + table.name() + "\" already exists",
                    column.position().line(),
                    column.position().column());
        }
    }

    private static SqlException noIdentity(Table table, Identifier name) {
        return new SqlException(
                SqlState.OBJECT_NOT_IN_STATE,
                "column \"" + name + "\" of table \"" + table.name() + "\" is not an identity column",
                name.position().line(),
                name.position().column());
    }

    private static SqlException missingConstraint(Table table, Identifier name) {
        return new SqlException(
                SqlState.UNDEFINED_OBJECT,
                "constraint \"" + name + "\" of table \"" + table.name() + "\" does not exist",
                name.position().line(),
                name.position().column());
    }
}

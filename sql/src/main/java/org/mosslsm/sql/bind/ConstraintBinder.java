// Constraints of tables.
package org.mosslsm.sql.bind;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.mosslsm.sql.ast.Identifier;
import org.mosslsm.sql.ast.Position;
import org.mosslsm.sql.ast.TableConstraint;
import org.mosslsm.sql.catalog.ForeignKey;
import org.mosslsm.sql.catalog.Index;
import org.mosslsm.sql.catalog.Table;
import org.mosslsm.sql.error.SqlException;
import org.mosslsm.sql.error.SqlState;
import org.mosslsm.sql.expr.ExprTrees;
import org.mosslsm.sql.expr.ScalarExpr;
import org.mosslsm.sql.plan.DefinitionPlan.CheckSpec;
import org.mosslsm.sql.plan.DefinitionPlan.ConstraintSpec;
import org.mosslsm.sql.plan.DefinitionPlan.ForeignKeySpec;
import org.mosslsm.sql.plan.DefinitionPlan.PrimaryKeySpec;
import org.mosslsm.sql.plan.DefinitionPlan.UniqueSpec;
import org.mosslsm.sql.plan.PlanColumn;
import org.mosslsm.sql.type.Coercion;
import org.mosslsm.sql.type.SqlType;

/** Binds the constraints of one table, new or there already. */
final class ConstraintBinder {
    private final BindContext context;
    private final String schema;
    private final String table;
    private final List<PlanColumn> row;
    private final ConstraintNames names;

    /**
     * For one table.
     *
     * @param row the columns of its rows
     */
    ConstraintBinder(BindContext context, String schema, String table, List<PlanColumn> row, ConstraintNames names) {
        this.context = context;
        this.schema = schema;
        this.table = table;
        this.row = row;
        this.names = names;
    }

    /** A name that the statement gives. */
    void takeName(Identifier name) {
        if (!names.take(name.value())) {
            throw new SqlException(
                    SqlState.DUPLICATE_OBJECT,
                    "constraint \"" + name + "\" of table \"" + table + "\" already exists",
                    name.position().line(),
                    name.position().column());
        }
    }

    /**
     * Binds a constraint.
     *
     * @param own keys of the table itself that are being made with it, for foreign keys to itself
     */
    ConstraintSpec bind(TableConstraint c, List<ConstraintSpec> own) {
        if (c instanceof TableConstraint.PrimaryKey k) {
            List<String> columns = columns(k.columns(), "PRIMARY KEY");
            return new PrimaryKeySpec(name(c, List.of(), "pkey", true), columns);
        }
        if (c instanceof TableConstraint.Unique u) {
            List<String> columns = columns(u.columns(), "UNIQUE");
            return new UniqueSpec(name(c, columns, "key", true), columns, u.nullsNotDistinct());
        }
        if (c instanceof TableConstraint.Check k) {
            return check(k);
        }
        return foreignKey((TableConstraint.ForeignKey) c, own);
    }

    private String name(TableConstraint c, List<String> columns, String suffix, boolean index) {
        return c.name().map(Identifier::value).orElseGet(() -> names.free(columns, suffix, index));
    }

    private List<String> columns(List<Identifier> identifiers, String constraint) {
        List<String> columns = new ArrayList<>();
        for (Identifier i : identifiers) {
            column(i);
            if (columns.contains(i.value())) {
                throw new SqlException(
                        SqlState.DUPLICATE_COLUMN,
                        "column \"" + i + "\" appears twice in " + constraint,
                        i.position().line(),
                        i.position().column());
            }
            columns.add(i.value());
        }
        return columns;
    }

    private PlanColumn column(Identifier name) {
        return row.stream()
                .filter(c -> c.name().equals(name.value()))
                .findFirst()
                .orElseThrow(() -> new SqlException(
                        SqlState.UNDEFINED_COLUMN,
                        "column \"" + name + "\" of table \"" + table + "\" does not exist"
                                + Suggestion.of(
                                        name.value(),
                                        row.stream().map(PlanColumn::name).toList()),
                        name.position().line(),
                        name.position().column()));
    }

    // ---- CHECK

    private ConstraintSpec check(TableConstraint.Check k) {
        Scope scope = Scope.of(table, Optional.of(schema), row, Surroundings.NONE);
        ScalarExpr condition = ExpressionBinder.plain(context, scope, "a CHECK")
                .condition(k.condition().expression());
        TableBinder.requireNoSubquery(condition, "a CHECK", k.position());
        Set<Integer> used = new TreeSet<>();
        ExprTrees.walk(condition, e -> {
            if (e instanceof ScalarExpr.ColumnRef c) {
                used.add(c.index());
            }
        });
        List<String> columns = used.stream().map(i -> row.get(i).name()).toList();
        List<String> inName = k.column().map(c -> List.of(c.value())).orElse(columns.size() == 1 ? columns : List.of());
        return new CheckSpec(name(k, inName, "check", false), k.condition().text(), condition, columns);
    }

    // ---- FOREIGN KEY

    private ConstraintSpec foreignKey(TableConstraint.ForeignKey k, List<ConstraintSpec> own) {
        List<String> columns = columns(k.columns(), "FOREIGN KEY");
        String name = name(k, columns, "fkey", false);
        boolean sameName = k.referencedTable().last().equals(table);
        String parentSchema = sameName && k.referencedTable().qualifier().isEmpty()
                ? context.schemaOfOneBeingMade(table, schema)
                : CatalogNames.schema(context, k.referencedTable());
        boolean self = sameName && parentSchema.equals(schema);
        Optional<Table> parent = self
                ? context.catalog().table(schema, table)
                : Optional.of(CatalogNames.table(context, k.referencedTable()));
        List<String> wanted = TableBinder.names(k.referencedColumns());
        List<List<String>> keys = keys(parent, own);
        List<String> parentColumns = wanted.isEmpty() ? primary(parent, own, k) : key(keys, wanted, k);
        if (parentColumns.size() != columns.size()) {
            throw new SqlException(
                    SqlState.INVALID_FOREIGN_KEY,
                    columns.size() + " columns refer to " + parentColumns.size() + " columns of \""
                            + k.referencedTable() + "\"",
                    k.position().line(),
                    k.position().column());
        }
        List<String> ordered = new ArrayList<>();
        for (int i = 0; i < parentColumns.size(); i++) {
            int at = wanted.isEmpty() ? i : wanted.indexOf(parentColumns.get(i));
            ordered.add(columns.get(at));
            requireSameFamily(k, k.columns().get(at), parentType(parent, parentColumns.get(i)));
        }
        return new ForeignKeySpec(name, ordered, parent, parentColumns, action(k.onDelete()), action(k.onUpdate()));
    }

    /** The columns of all unique keys of the parent. */
    private static List<List<String>> keys(Optional<Table> parent, List<ConstraintSpec> own) {
        List<List<String>> keys = new ArrayList<>();
        parent.ifPresent(p -> {
            for (Index index : p.allIndexes()) {
                if (index.isUniqueOfAll() && !(index.id() == p.primary().id() && p.hasRowId())) {
                    keys.add(p.names(index.columnIds()));
                }
            }
        });
        for (ConstraintSpec c : own) {
            if (c instanceof PrimaryKeySpec k) {
                keys.add(k.columns());
            } else if (c instanceof UniqueSpec u) {
                keys.add(u.columns());
            }
        }
        return keys;
    }

    private static List<String> primary(
            Optional<Table> parent, List<ConstraintSpec> own, TableConstraint.ForeignKey k) {
        for (ConstraintSpec c : own) {
            if (c instanceof PrimaryKeySpec p && parent.isEmpty()) {
                return p.columns();
            }
        }
        return parent.flatMap(Table::primaryKey)
                .map(index -> parent.get().names(index.columnIds()))
                .orElseThrow(() -> new SqlException(
                        SqlState.UNDEFINED_OBJECT,
                        "table \"" + k.referencedTable() + "\" has no primary key: name the columns referred to",
                        k.position().line(),
                        k.position().column()));
    }

    private static List<String> key(List<List<String>> keys, List<String> wanted, TableConstraint.ForeignKey k) {
        for (List<String> key : keys) {
            if (key.size() == wanted.size() && new HashSet<>(key).equals(new HashSet<>(wanted))) {
                return key;
            }
        }
        throw new SqlException(
                SqlState.INVALID_FOREIGN_KEY,
                "table \"" + k.referencedTable() + "\" has no primary key or unique constraint on ("
                        + String.join(", ", wanted) + ")",
                k.position().line(),
                k.position().column());
    }

    private SqlType parentType(Optional<Table> parent, String column) {
        return parent.isPresent()
                ? parent.get().column(column).orElseThrow().type()
                : row.stream()
                        .filter(c -> c.name().equals(column))
                        .findFirst()
                        .orElseThrow()
                        .type();
    }

    private void requireSameFamily(TableConstraint.ForeignKey k, Identifier column, SqlType parentType) {
        SqlType type = column(column).type();
        boolean comparable = Coercion.common(type, parentType).isPresent()
                && (type.family() == parentType.family() || type.isNumeric());
        if (!comparable) {
            Position at = k.position();
            throw SqlException.typeMismatch(
                    "column \"" + column + "\" of type " + type + " cannot refer to a column of type " + parentType,
                    at.line(),
                    at.column());
        }
    }

    private static ForeignKey.Action action(TableConstraint.ReferentialAction action) {
        return ForeignKey.Action.valueOf(action.name());
    }
}

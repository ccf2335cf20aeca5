// The names an expression may use.
package org.mosslsm.sql.bind;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.mosslsm.sql.ast.Position;
import org.mosslsm.sql.ast.QualifiedName;
import org.mosslsm.sql.catalog.Table;
import org.mosslsm.sql.error.SqlException;
import org.mosslsm.sql.error.SqlState;
import org.mosslsm.sql.expr.ExprTrees;
import org.mosslsm.sql.expr.ScalarExpr;
import org.mosslsm.sql.plan.PlanColumn;

/**
 * The columns in sight, each with the expression that gives it over the row at hand, and the scope around them when this
 * is a subquery. Immutable, but for the slots that its {@link Outer} hands out.
 */
final class Scope {
    /**
     * A column in sight.
     *
     * @param relation alias of the relation it belongs to; empty for the merged column of a USING
     * @param schema schema of that relation where it goes by its own name
     * @param expr what gives its value
     * @param qualifiedOnly whether it is found by {@code relation.name} alone: a USING hides it
     */
    record Entry(
            String relation,
            Optional<String> schema,
            String name,
            ScalarExpr expr,
            PlanColumn column,
            boolean qualifiedOnly) {
        Entry hidden() {
            return new Entry(relation, schema, name, expr, column, true);
        }
    }

    /** A table whose columns are in sight: where they begin in the row, and their ordinals are distances from there. */
    record BaseTable(Table table, int offset) {}

    private final List<Entry> entries;
    private final List<BaseTable> tables;
    private final Map<String, ScalarExpr> aliases;
    private final Surroundings around;

    Scope(List<Entry> entries, List<BaseTable> tables, Surroundings around) {
        this(entries, tables, Map.of(), around);
    }

    private Scope(List<Entry> entries, List<BaseTable> tables, Map<String, ScalarExpr> aliases, Surroundings around) {
        this.entries = List.copyOf(entries);
        this.tables = List.copyOf(tables);
        this.aliases = aliases;
        this.around = around;
    }

    /** No column in sight. */
    static Scope empty(Surroundings around) {
        return new Scope(List.of(), List.of(), around);
    }

    /** The columns of a plan under one alias. */
    static Scope of(String relation, Optional<String> schema, List<PlanColumn> columns, Surroundings around) {
        List<Entry> entries = new ArrayList<>(columns.size());
        for (int i = 0; i < columns.size(); i++) {
            PlanColumn c = columns.get(i);
            entries.add(new Entry(relation, schema, c.name(), new ScalarExpr.ColumnRef(i, c.type()), c, false));
        }
        return new Scope(entries, List.of(), around);
    }

    /** The columns of a table by its own name. */
    static Scope ofTable(Table table) {
        return of(table.name(), Optional.of(table.schema()), TableColumns.of(table), Surroundings.NONE);
    }

    Scope withTable(BaseTable table) {
        return new Scope(entries, List.of(table), around);
    }

    List<Entry> entries() {
        return entries;
    }

    List<BaseTable> tables() {
        return tables;
    }

    Surroundings around() {
        return around;
    }

    /** The same with output columns, which stand for their expressions where no column has the name. */
    Scope withAliases(Map<String, ScalarExpr> outputs) {
        return new Scope(entries, tables, outputs, around);
    }

    /** The same around other entries. */
    Scope withEntries(List<Entry> others) {
        return new Scope(others, tables, around);
    }

    /** The columns of both, the right ones {@code leftWidth} further along the row; for outer joins they may be NULL. */
    Scope join(Scope right, int leftWidth, boolean leftNull, boolean rightNull) {
        List<Entry> all = new ArrayList<>(entries.size() + right.entries.size());
        for (Entry e : entries) {
            all.add(leftNull ? nullable(e) : e);
        }
        for (Entry e : right.entries) {
            Entry moved = new Entry(e.relation, e.schema, e.name, shift(e.expr, leftWidth), e.column, e.qualifiedOnly);
            all.add(rightNull ? nullable(moved) : moved);
        }
        List<BaseTable> both = new ArrayList<>(tables);
        right.tables.forEach(t -> both.add(new BaseTable(t.table(), t.offset() + leftWidth)));
        return new Scope(all, both, around);
    }

    private static Entry nullable(Entry e) {
        return new Entry(e.relation, e.schema, e.name, e.expr, e.column.orNull(), e.qualifiedOnly);
    }

    static ScalarExpr shift(ScalarExpr e, int by) {
        if (e instanceof ScalarExpr.ColumnRef c) {
            return by == 0 ? e : new ScalarExpr.ColumnRef(c.index() + by, c.type());
        }
        return by == 0
                ? e
                : ExprTrees.transform(
                        e,
                        n -> n instanceof ScalarExpr.ColumnRef c
                                ? new ScalarExpr.ColumnRef(c.index() + by, c.type())
                                : n);
    }

    // ---- looking up

    /** The column of that name, here or around. */
    ScalarExpr resolve(QualifiedName name) {
        Optional<ScalarExpr> found = find(name);
        if (found.isPresent()) {
            return found.get();
        }
        throw undefined(name);
    }

    /** The column of that name, here or around, if there is one. */
    Optional<ScalarExpr> find(QualifiedName name) {
        Optional<Entry> local = findLocal(name);
        if (local.isPresent()) {
            return Optional.of(fresh(local.get().expr()));
        }
        if (name.parts().size() == 1 && aliases.containsKey(name.last())) {
            return Optional.of(aliases.get(name.last()));
        }
        return around.outer().flatMap(o -> o.scope().find(name).map(o::slotFor));
    }

    /** A new object for each use, so that the place of the use can be remembered by it. */
    private static ScalarExpr fresh(ScalarExpr e) {
        return e instanceof ScalarExpr.ColumnRef c ? new ScalarExpr.ColumnRef(c.index(), c.type()) : e;
    }

    /** The column of that name in this scope alone. */
    Optional<Entry> findLocal(QualifiedName name) {
        String column = name.last();
        Optional<String> relation = name.qualifier();
        Entry found = null;
        for (Entry e : entries) {
            boolean matches =
                    e.name().equals(column) && (relation.isPresent() ? belongsTo(e, name) : !e.qualifiedOnly());
            if (matches) {
                if (found != null) {
                    throw SqlException.ambiguousColumn(
                            name.toString(),
                            name.position().line(),
                            name.position().column());
                }
                found = e;
            }
        }
        return Optional.ofNullable(found);
    }

    private static boolean belongsTo(Entry e, QualifiedName name) {
        int parts = name.parts().size();
        return e.relation().equals(name.parts().get(parts - 2).value())
                && (parts < 3
                        || e.schema().equals(Optional.of(name.parts().get(0).value())));
    }

    /** The entries of {@code relation.*}. */
    List<Entry> ofRelation(QualifiedName relation) {
        int parts = relation.parts().size();
        List<Entry> found = entries.stream()
                .filter(e -> e.relation().equals(relation.last())
                        && (parts < 2 || e.schema().equals(relation.qualifier())))
                .toList();
        if (found.isEmpty()) {
            throw missingRelation(relation.toString(), relation.position());
        }
        return found;
    }

    private SqlException undefined(QualifiedName name) {
        Position at = name.position();
        Optional<String> relation = name.qualifier();
        if (relation.isPresent() && !hasRelation(relation.get())) {
            String table = name.parts().subList(0, name.parts().size() - 1).stream()
                    .map(Object::toString)
                    .collect(java.util.stream.Collectors.joining("."));
            return missingRelation(table, at);
        }
        List<String> candidates = new ArrayList<>();
        for (Scope s = this; s != null; s = s.around.outer().map(Outer::scope).orElse(null)) {
            for (Entry e : s.entries) {
                if (relation.isEmpty() || e.relation().equals(relation.get())) {
                    candidates.add(e.name());
                }
            }
        }
        return new SqlException(
                SqlState.UNDEFINED_COLUMN,
                "column \"" + name + "\" does not exist" + Suggestion.of(name.last(), candidates),
                at.line(),
                at.column());
    }

    private SqlException missingRelation(String relation, Position at) {
        List<String> candidates = new ArrayList<>();
        for (Scope s = this; s != null; s = s.around.outer().map(Outer::scope).orElse(null)) {
            s.entries.forEach(e -> candidates.add(e.relation()));
        }
        return new SqlException(
                SqlState.UNDEFINED_TABLE,
                "table or alias \"" + relation + "\" is not in FROM" + Suggestion.of(relation, candidates),
                at.line(),
                at.column());
    }

    /** Whether a relation has that alias, here or around. */
    boolean hasRelation(String relation) {
        return entries.stream().anyMatch(e -> e.relation().equals(relation))
                || around.outer().map(o -> o.scope().hasRelation(relation)).orElse(false);
    }
}

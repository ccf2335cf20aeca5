// GROUP BY: what may stand above it, and what it becomes.
package org.mosslsm.sql.bind;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.mosslsm.sql.ast.Position;
import org.mosslsm.sql.catalog.Index;
import org.mosslsm.sql.catalog.Table;
import org.mosslsm.sql.error.SqlException;
import org.mosslsm.sql.error.SqlState;
import org.mosslsm.sql.expr.AggregateCall;
import org.mosslsm.sql.expr.ExprFactory;
import org.mosslsm.sql.expr.ExprTrees;
import org.mosslsm.sql.expr.Folding;
import org.mosslsm.sql.expr.ScalarExpr;
import org.mosslsm.sql.expr.ScalarExpr.ColumnRef;
import org.mosslsm.sql.plan.LogicalPlan;
import org.mosslsm.sql.plan.PlanColumn;

/**
 * Puts the aggregation into a SELECT: makes the {@code Aggregate} and rewrites the expressions above it from the input
 * row to the row of keys and aggregates. Constants are folded before, so that {@code NULL * a} is no use of {@code a}.
 *
 * <p>While rewriting, column numbers live in three bands: keys from 0, aggregates from {@link AggregateCollector#BASE},
 * input columns that are no key from {@link #BARE}. Equal expressions are rewritten equally, hence a key is recognised
 * by its rewritten form when its operands already were.
 */
final class Grouping {
    private static final int BARE = 1 << 25;

    private final AggregateCollector aggregates;
    private final Scope scope;
    private final LogicalPlan input;
    private final List<ScalarExpr> keys;

    /** Keys by what they look like with their operands rewritten, and those that are columns by these. */
    private final Map<ScalarExpr, Form> forms = new HashMap<>();

    private final Map<ScalarExpr, Form> columns = new HashMap<>();

    /** A key, and the how manieth it was to be rewritten: where two look alike the first one stands for both. */
    private record Form(int key, int order) {}

    Grouping(AggregateCollector aggregates, Scope scope, LogicalPlan input, List<ScalarExpr> groupBy) {
        this.aggregates = aggregates;
        this.scope = scope;
        this.input = input;
        Set<ScalarExpr> distinct = new LinkedHashSet<>();
        groupBy.forEach(key -> distinct.add(Folding.fold(key)));
        this.keys = List.copyOf(distinct);
        // Smaller keys first: one key may be part of another.
        List<Integer> bySize = new ArrayList<>();
        for (int i = 0; i < keys.size(); i++) {
            bySize.add(i);
        }
        bySize.sort(Comparator.comparingInt(i -> size(keys.get(i))));
        for (int order = 0; order < bySize.size(); order++) {
            Form form = new Form(bySize.get(order), order);
            ScalarExpr key = keys.get(form.key());
            forms.putIfAbsent(rewrite(key), form);
            if (key instanceof ColumnRef) {
                columns.put(key, form);
            }
        }
    }

    /** The plan with the aggregation, and the expressions over its rows. */
    record Result(LogicalPlan plan, List<ScalarExpr> expressions) {}

    static boolean usesAggregate(ScalarExpr e) {
        return ExprTrees.anyMatch(e, n -> n instanceof ColumnRef c && c.index() >= AggregateCollector.BASE);
    }

    Result apply(List<ScalarExpr> above) {
        List<ScalarExpr> rewritten = new ArrayList<>();
        Set<Integer> bare = new TreeSet<>();
        for (ScalarExpr e : above) {
            ScalarExpr r = rewrite(Folding.fold(e));
            ExprTrees.walk(r, n -> {
                if (n instanceof ColumnRef c && c.index() >= BARE) {
                    requireDependent(c);
                    bare.add(c.index() - BARE);
                }
            });
            rewritten.add(r);
        }
        List<ScalarExpr> allKeys = new ArrayList<>(keys);
        List<Integer> added = new ArrayList<>(bare);
        for (int column : added) {
            allKeys.add(Plans.column(input, column));
        }
        List<ScalarExpr> placed =
                rewritten.stream().map(e -> place(e, added, allKeys.size())).toList();
        return new Result(aggregate(allKeys), placed);
    }

    private LogicalPlan aggregate(List<ScalarExpr> allKeys) {
        List<PlanColumn> row = input.columns();
        List<PlanColumn> columns = new ArrayList<>();
        for (ScalarExpr key : allKeys) {
            columns.add(Plans.describe(name(key, row), key, row));
        }
        for (AggregateCall call : aggregates.calls()) {
            String name = call.function().name().toLowerCase(java.util.Locale.ROOT);
            columns.add(PlanColumn.computed(name, call.type(), !call.function().isCount()));
        }
        return new LogicalPlan.Aggregate(input, allKeys, aggregates.calls(), columns);
    }

    private static String name(ScalarExpr key, List<PlanColumn> row) {
        return key instanceof ColumnRef c ? row.get(c.index()).name() : "?column?";
    }

    // ---- rewriting

    private ScalarExpr rewrite(ScalarExpr e) {
        return ExprTrees.transform(e, n -> {
            // A CASE of NULLs has no type here, but has one as a key.
            Form form = forms.isEmpty() ? null : forms.get(n instanceof ScalarExpr.Case ? ExprFactory.known(n) : n);
            boolean isColumn = n instanceof ColumnRef c && c.index() < AggregateCollector.BASE;
            Form column = isColumn ? columns.get(n) : null;
            if (form == null || (column != null && column.order() < form.order())) {
                form = column;
            }
            if (form != null) {
                return new ColumnRef(form.key(), n.type());
            }
            return isColumn ? bare((ColumnRef) n) : n;
        });
    }

    private ScalarExpr bare(ColumnRef c) {
        ScalarExpr marked = new ColumnRef(BARE + c.index(), c.type());
        aggregates.notePosition(marked, aggregates.positionOf(c));
        return marked;
    }

    private static ScalarExpr place(ScalarExpr e, List<Integer> added, int keyCount) {
        return ExprTrees.transform(e, n -> {
            if (!(n instanceof ColumnRef c) || c.index() < AggregateCollector.BASE) {
                return n;
            }
            int index = c.index() >= BARE
                    ? keyCount - added.size() + added.indexOf(c.index() - BARE)
                    : keyCount + c.index() - AggregateCollector.BASE;
            return new ColumnRef(index, c.type());
        });
    }

    private static int size(ScalarExpr e) {
        int[] n = {0};
        ExprTrees.walk(e, x -> n[0]++);
        return n[0];
    }

    // ---- the check

    /** A column that is no key may stand when the primary key of its table is among the keys (SQL:2016 4.24). */
    private void requireDependent(ColumnRef marked) {
        int column = marked.index() - BARE;
        for (Scope.BaseTable t : scope.tables()) {
            int ordinal = column - t.offset();
            if (ordinal >= 0 && ordinal < t.table().columns().size() && keysHold(t)) {
                return;
            }
        }
        Position at = aggregates.positionOf(marked);
        throw new SqlException(
                SqlState.GROUPING_ERROR,
                "column \"" + input.columns().get(column).name()
                        + "\" must stand in GROUP BY or inside an aggregate function",
                at.line(),
                at.column());
    }

    private boolean keysHold(Scope.BaseTable t) {
        Table table = t.table();
        Optional<Index> primary = table.primaryKey();
        return primary.isPresent()
                && primary.get().columnIds().stream().allMatch(id -> keys.stream()
                        .anyMatch(k -> k instanceof ColumnRef c && c.index() == t.offset() + table.ordinal(id)));
    }
}

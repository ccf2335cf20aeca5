// Rule: aggregates over matching rows become joins with groups.
package org.mosslsm.sql.optimize;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.mosslsm.sql.catalog.Index;
import org.mosslsm.sql.catalog.Table;
import org.mosslsm.sql.expr.AggregateCall;
import org.mosslsm.sql.expr.AggregateFunction;
import org.mosslsm.sql.expr.CompareOp;
import org.mosslsm.sql.expr.ExprTrees;
import org.mosslsm.sql.expr.ScalarExpr;
import org.mosslsm.sql.expr.ScalarExpr.ColumnRef;
import org.mosslsm.sql.expr.ScalarExpr.SlotRef;
import org.mosslsm.sql.expr.SlotBinding;
import org.mosslsm.sql.expr.Subquery;
import org.mosslsm.sql.plan.JoinKind;
import org.mosslsm.sql.plan.LogicalPlan;
import org.mosslsm.sql.plan.LogicalTrees;
import org.mosslsm.sql.plan.PlanColumn;

/**
 * A subquery that aggregates the rows of one table whose columns equal something of the row around it reads that table
 * again and again. Where no index leads to those rows, all groups are made once and joined:
 *
 * <pre>
 * (SELECT sum(b.y) FROM b WHERE b.x = a.id)    a LEFT JOIN (SELECT x, sum(y) FROM b GROUP BY x) g ON g.x = a.id  ->  g.sum
 * </pre>
 *
 * A row without a group gets NULL, as the aggregate of no rows is, but for COUNT, which is then 0. The columns must have
 * the types of what they equal, so that a row matches one group at most.
 */
final class UnnestScalars implements UnaryOperator<LogicalPlan> {
    @Override
    public LogicalPlan apply(LogicalPlan plan) {
        LogicalPlan node = LogicalTrees.mapInputs(plan, this);
        if (!(node instanceof LogicalPlan.Filter) && !(node instanceof LogicalPlan.Project)) {
            return node;
        }
        LogicalPlan[] input = {node.inputs().get(0)};
        int width = input[0].width();
        LogicalPlan rewritten = LogicalTrees.mapExpressions(node, e -> always(e, input));
        if (input[0] == node.inputs().get(0)) {
            return node;
        }
        LogicalPlan over = rewritten.withInputs(List.of(input[0]));
        return over instanceof LogicalPlan.Filter ? firstColumns(over, width) : over;
    }

    private static LogicalPlan firstColumns(LogicalPlan plan, int width) {
        List<PlanColumn> columns = plan.columns().subList(0, width);
        List<ScalarExpr> expressions = new ArrayList<>();
        for (int i = 0; i < width; i++) {
            expressions.add(new ColumnRef(i, columns.get(i).type()));
        }
        return new LogicalPlan.Project(plan, expressions, columns);
    }

    /** Replaces the subqueries that are computed for every row; those inside a CASE or the like may never be. */
    private static ScalarExpr always(ScalarExpr e, LogicalPlan[] input) {
        if (e instanceof Subquery.Scalar s) {
            return joined(s, input).orElse(e);
        }
        boolean eager = e instanceof ScalarExpr.Compare
                || e instanceof ScalarExpr.And
                || e instanceof ScalarExpr.Not
                || e instanceof ScalarExpr.Call
                || e instanceof ScalarExpr.Cast;
        if (!eager || !Conjuncts.hasSubquery(e)) {
            return e;
        }
        return e.withChildren(e.children().stream().map(c -> always(c, input)).toList());
    }

    private static Optional<ScalarExpr> joined(Subquery.Scalar s, LogicalPlan[] input) {
        LogicalPlan plan = (LogicalPlan) s.plan();
        int output = s.column();
        if (plan instanceof LogicalPlan.Project p) {
            if (!(p.expressions().get(output) instanceof ColumnRef c)) {
                return Optional.empty();
            }
            output = c.index();
            plan = p.input();
        }
        if (!(plan instanceof LogicalPlan.Aggregate a)
                || !a.keys().isEmpty()
                || !(a.input() instanceof LogicalPlan.Filter f)
                || !(f.input() instanceof LogicalPlan.TableScan scan)
                || !a.calls().stream().allMatch(UnnestScalars::isPlain)) {
            return Optional.empty();
        }
        Map<Integer, ScalarExpr> outers = new HashMap<>();
        for (SlotBinding b : s.bindings()) {
            outers.put(b.slot(), b.outer());
        }
        List<ScalarExpr> keys = new ArrayList<>();
        List<ScalarExpr> values = new ArrayList<>();
        List<ScalarExpr> stay = new ArrayList<>();
        for (ScalarExpr term : Conjuncts.split(f.predicate())) {
            if (!correlates(term, outers, keys, values)) {
                stay.add(term);
            }
        }
        boolean others =
                stay.stream().anyMatch(t -> reads(t, outers) || Conjuncts.hasSubquery(t) || Conjuncts.isVolatile(t));
        if (keys.isEmpty() || others || hasIndex(scan, keys)) {
            return Optional.empty();
        }
        return Optional.of(join(a, scan, keys, values, stay, output, input));
    }

    private static boolean isPlain(AggregateCall c) {
        // A string may be too large, and not every group is asked for.
        return c.function() != AggregateFunction.STRING_AGG
                && c.filter().isEmpty()
                && c.order().isEmpty()
                && c.arguments().stream().allMatch(ColumnRef.class::isInstance);
    }

    private static boolean correlates(
            ScalarExpr term, Map<Integer, ScalarExpr> outers, List<ScalarExpr> keys, List<ScalarExpr> values) {
        if (!(term instanceof ScalarExpr.Compare c) || c.op() != CompareOp.EQ) {
            return false;
        }
        boolean columnLeft = c.left() instanceof ColumnRef;
        ScalarExpr column = columnLeft ? c.left() : c.right();
        ScalarExpr other = columnLeft ? c.right() : c.left();
        boolean fits = column instanceof ColumnRef
                && other instanceof SlotRef s
                && outers.containsKey(s.slot())
                && outers.get(s.slot()) instanceof ColumnRef
                && column.type().equals(other.type());
        if (fits) {
            keys.add(column);
            values.add(outers.get(((SlotRef) other).slot()));
        }
        return fits;
    }

    private static boolean reads(ScalarExpr e, Map<Integer, ScalarExpr> outers) {
        return ExprTrees.anyMatch(e, n -> n instanceof SlotRef s && outers.containsKey(s.slot()));
    }

    private static boolean hasIndex(LogicalPlan.TableScan scan, List<ScalarExpr> keys) {
        Table table = scan.table();
        for (Index index : table.allIndexes()) {
            int leading = table.ordinal(index.keys().get(0).columnId());
            if (!index.isPartial()
                    && keys.stream().anyMatch(k -> scan.ordinals().get(((ColumnRef) k).index()) == leading)) {
                return true;
            }
        }
        return false;
    }

    private static ScalarExpr join(
            LogicalPlan.Aggregate a,
            LogicalPlan.TableScan scan,
            List<ScalarExpr> keys,
            List<ScalarExpr> values,
            List<ScalarExpr> stay,
            int output,
            LogicalPlan[] input) {
        List<PlanColumn> columns = new ArrayList<>();
        keys.forEach(k -> columns.add(scan.columns().get(((ColumnRef) k).index())));
        columns.addAll(a.columns());
        LogicalPlan groups = new LogicalPlan.Aggregate(PushDownFilters.filter(scan, stay), keys, a.calls(), columns);
        int width = input[0].width();
        List<ScalarExpr> on = new ArrayList<>();
        for (int i = 0; i < keys.size(); i++) {
            ScalarExpr key = new ColumnRef(width + i, keys.get(i).type());
            on.add(new ScalarExpr.Compare(CompareOp.EQ, values.get(i), key));
        }
        input[0] = new LogicalPlan.Join(JoinKind.LEFT, input[0], groups, Conjuncts.join(on));
        AggregateCall call = a.calls().get(output);
        ScalarExpr result = new ColumnRef(width + keys.size() + output, call.type());
        boolean counts = call.function().isCount();
        return counts
                ? new ScalarExpr.Case(
                        List.of(new ScalarExpr.When(
                                new ScalarExpr.IsNull(result), new ScalarExpr.Literal(0L, call.type()))),
                        result,
                        call.type())
                : result;
    }
}

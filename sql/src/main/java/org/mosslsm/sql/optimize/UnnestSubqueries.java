// Rule: EXISTS and IN become joins.
package org.mosslsm.sql.optimize;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.mosslsm.sql.expr.CompareOp;
import org.mosslsm.sql.expr.ExprTrees;
import org.mosslsm.sql.expr.ScalarExpr;
import org.mosslsm.sql.expr.ScalarExpr.SlotRef;
import org.mosslsm.sql.expr.SlotBinding;
import org.mosslsm.sql.expr.Subquery;
import org.mosslsm.sql.plan.JoinKind;
import org.mosslsm.sql.plan.LogicalPlan;
import org.mosslsm.sql.plan.LogicalTrees;
import org.mosslsm.sql.plan.Nullability;

/**
 * Turns the terms {@code [NOT] EXISTS (..)} and {@code [NOT] IN (..)} of a filter into semi and anti joins, where what
 * the subquery reads of the row around it stands in the filter at its top. NOT IN where a side may be NULL becomes a join
 * that knows of them when it compares one value and the subquery reads nothing of the row; else it stays a subquery, with
 * its three truths. An EXISTS that reads nothing stays: it runs once. What is volatile stays: a join would draw for each
 * pair of rows, or once for many.
 */
final class UnnestSubqueries implements UnaryOperator<LogicalPlan> {
    @Override
    public LogicalPlan apply(LogicalPlan plan) {
        LogicalPlan node = LogicalTrees.mapInputs(plan, this);
        if (!(node instanceof LogicalPlan.Filter f)) {
            return node;
        }
        LogicalPlan input = f.input();
        List<ScalarExpr> rest = new ArrayList<>();
        for (ScalarExpr term : Conjuncts.split(f.predicate())) {
            Optional<LogicalPlan> joined = join(input, term);
            if (joined.isPresent()) {
                input = joined.get();
            } else {
                rest.add(term);
            }
        }
        return input == f.input() ? node : PushDownFilters.filter(input, rest);
    }

    private Optional<LogicalPlan> join(LogicalPlan input, ScalarExpr term) {
        boolean negated = term instanceof ScalarExpr.Not;
        ScalarExpr test = negated ? ((ScalarExpr.Not) term).operand() : term;
        JoinKind kind = negated ? JoinKind.ANTI : JoinKind.SEMI;
        if (test instanceof Subquery.Exists e && !e.bindings().isEmpty()) {
            return join(kind, input, List.of(), e);
        }
        if (test instanceof Subquery.In in && (!negated || neverNull(in, input))) {
            return join(kind, input, in.left(), in);
        }
        if (test instanceof Subquery.In in && isOneValue(in)) {
            return join(JoinKind.NOT_IN, input, in.left(), in);
        }
        return Optional.empty();
    }

    /** Whether one value of the row is looked for in one set: what a hash table can answer with three truths. */
    private static boolean isOneValue(Subquery.In in) {
        return in.left().size() == 1
                && in.bindings().isEmpty()
                && !Conjuncts.readsNothing(in.left().get(0));
    }

    private static boolean neverNull(Subquery.In in, LogicalPlan input) {
        LogicalPlan plan = (LogicalPlan) in.plan();
        return in.left().stream().noneMatch(e -> Nullability.mayBeNull(e, input.columns()))
                && plan.columns().stream().noneMatch(c -> c.nullable());
    }

    private Optional<LogicalPlan> join(JoinKind kind, LogicalPlan input, List<ScalarExpr> left, Subquery subquery) {
        if (!(subquery.plan() instanceof LogicalPlan plan)
                || left.stream().anyMatch(e -> Conjuncts.hasSubquery(e) || Conjuncts.isVolatile(e))
                || subquery.bindings().stream().anyMatch(b -> Conjuncts.hasSubquery(b.outer()))) {
            return Optional.empty();
        }
        LogicalPlan core = apply(plan);
        if (left.isEmpty()) {
            core = rowsOnly(core);
        }
        if (LogicalTrees.hasVolatile(core)) {
            return Optional.empty();
        }
        List<ScalarExpr> outputs = new ArrayList<>();
        for (int i = 0; i < left.size(); i++) {
            outputs.add(new ScalarExpr.ColumnRef(i, core.columns().get(i).type()));
        }
        Map<Integer, ScalarExpr> outers = new HashMap<>();
        for (SlotBinding b : subquery.bindings()) {
            outers.put(b.slot(), b.outer());
        }
        List<ScalarExpr> pulled = new ArrayList<>();
        if (!outers.isEmpty()) {
            if (core instanceof LogicalPlan.Project p) {
                outputs = outputs.stream()
                        .map(o -> Conjuncts.substitute(o, p.expressions()))
                        .toList();
                core = p.input();
            }
            if (core instanceof LogicalPlan.Filter f) {
                List<ScalarExpr> stay = new ArrayList<>();
                Conjuncts.split(f.predicate()).forEach(t -> (uses(t, outers) ? pulled : stay).add(t));
                core = PushDownFilters.filter(f.input(), stay);
            }
            if (usesAnywhere(core, outers) || pulled.stream().anyMatch(Conjuncts::hasSubquery)) {
                return Optional.empty();
            }
        }
        return Optional.of(join(kind, input, core, left, outputs, pulled, outers));
    }

    private static LogicalPlan join(
            JoinKind kind,
            LogicalPlan input,
            LogicalPlan core,
            List<ScalarExpr> left,
            List<ScalarExpr> outputs,
            List<ScalarExpr> pulled,
            Map<Integer, ScalarExpr> outers) {
        int width = input.width();
        List<ScalarExpr> terms = new ArrayList<>();
        for (int i = 0; i < left.size(); i++) {
            terms.add(new ScalarExpr.Compare(CompareOp.EQ, left.get(i), resolve(outputs.get(i), width, outers)));
        }
        pulled.forEach(t -> terms.add(resolve(t, width, outers)));
        return new LogicalPlan.Join(kind, input, core, Conjuncts.join(terms));
    }

    /** A term of the subquery, over the joined row. */
    private static ScalarExpr resolve(ScalarExpr e, int width, Map<Integer, ScalarExpr> outers) {
        ScalarExpr moved = Conjuncts.shift(e, width);
        return ExprTrees.transform(
                moved, n -> n instanceof SlotRef s && outers.containsKey(s.slot()) ? outers.get(s.slot()) : n);
    }

    /** For EXISTS neither order nor duplicates nor the columns matter. */
    private static LogicalPlan rowsOnly(LogicalPlan plan) {
        LogicalPlan core = plan;
        while (core instanceof LogicalPlan.Project
                || core instanceof LogicalPlan.Distinct
                || core instanceof LogicalPlan.Sort) {
            core = core.inputs().get(0);
        }
        return core;
    }

    private static boolean uses(ScalarExpr e, Map<Integer, ScalarExpr> outers) {
        boolean[] found = {false};
        LogicalTrees.walkExpression(e, n -> found[0] |= n instanceof SlotRef s && outers.containsKey(s.slot()));
        return found[0];
    }

    private static boolean usesAnywhere(LogicalPlan plan, Map<Integer, ScalarExpr> outers) {
        boolean[] found = {false};
        LogicalTrees.walkExpressions(plan, n -> found[0] |= n instanceof SlotRef s && outers.containsKey(s.slot()));
        return found[0];
    }
}

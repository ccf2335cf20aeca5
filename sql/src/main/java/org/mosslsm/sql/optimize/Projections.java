// Projections that cost nothing.
package org.mosslsm.sql.optimize;

import java.util.BitSet;
import java.util.List;
import org.mosslsm.sql.expr.ScalarExpr;
import org.mosslsm.sql.expr.ScalarExpr.ColumnRef;
import org.mosslsm.sql.plan.PhysicalPlan;
import org.mosslsm.sql.plan.PlanColumn;

/** Puts projections on plans; one that changes nothing is left out, and two become one where nothing is done twice. */
final class Projections {
    private Projections() {}

    /** The plan with these expressions over its row as columns. */
    static PhysicalPlan over(PhysicalPlan input, List<ScalarExpr> expressions, List<PlanColumn> columns) {
        if (isIdentity(input, expressions) && columns.equals(input.columns())) {
            return input;
        }
        if (input instanceof PhysicalPlan.Project inner
                && onlyColumns(expressions, inner.expressions())
                && !dropsVolatile(expressions, inner.expressions())) {
            List<ScalarExpr> merged = expressions.stream()
                    .map(e -> Conjuncts.substitute(e, inner.expressions()))
                    .toList();
            return over(inner.input(), merged, columns);
        }
        return new PhysicalPlan.Project(input, expressions, columns);
    }

    /** Whether merging would leave out what may do more than give a value. */
    private static boolean dropsVolatile(List<ScalarExpr> outer, List<ScalarExpr> inner) {
        BitSet read = new BitSet();
        outer.forEach(e -> Conjuncts.addColumns(e, read));
        for (int i = read.nextClearBit(0); i < inner.size(); i = read.nextClearBit(i + 1)) {
            if (Conjuncts.mayAct(inner.get(i))) {
                return true;
            }
        }
        return false;
    }

    private static boolean isIdentity(PhysicalPlan input, List<ScalarExpr> expressions) {
        if (expressions.size() != input.width()) {
            return false;
        }
        for (int i = 0; i < expressions.size(); i++) {
            if (!(expressions.get(i) instanceof ColumnRef c) || c.index() != i) {
                return false;
            }
        }
        return true;
    }

    /** Whether one of the two only moves columns, so that merging computes nothing more often than before. */
    private static boolean onlyColumns(List<ScalarExpr> outer, List<ScalarExpr> inner) {
        if (inner.stream().allMatch(ColumnRef.class::isInstance)) {
            return true;
        }
        boolean moves = outer.stream().allMatch(ColumnRef.class::isInstance);
        return moves && outer.stream().distinct().count() == outer.size();
    }
}

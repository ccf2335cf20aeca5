// Statements whose plan does not depend on their literals.
package org.mosslsm.sql;

import java.math.BigDecimal;
import java.util.List;
import org.mosslsm.sql.expr.CompareOp;
import org.mosslsm.sql.plan.KeyRangeSpec;
import org.mosslsm.sql.plan.PhysicalPlan;
import org.mosslsm.sql.plan.PlannedStatement;
import org.mosslsm.sql.plan.StatementPlan;
import org.mosslsm.sql.type.SqlType;

/**
 * Knows the plans that are the best for all values of their parameters: those that look for one key of a unique index, or
 * insert a row. Only these may serve a statement whose parameters were literals, because for any other the literals may
 * say more: how many rows a range has, or that a partial index has all of them.
 */
final class PointStatements {
    private PointStatements() {}

    /** Whether values mean, as the parameters of a plan, what they mean as literals. */
    static boolean fit(PlannedStatement<PhysicalPlan> plan, List<Object> values) {
        if (plan.parameters().size() != values.size()) {
            return false;
        }
        for (int i = 0; i < values.size(); i++) {
            if (!fits(plan.parameters().get(i), values.get(i))) {
                return false;
            }
        }
        return true;
    }

    /** Whether the plan of a statement is such a one. */
    static boolean isPoint(StatementPlan<PhysicalPlan> statement) {
        if (statement instanceof StatementPlan.Query<PhysicalPlan> q) {
            return isPoint(q.plan());
        }
        if (statement instanceof StatementPlan.Update<PhysicalPlan> u) {
            return isPoint(u.source());
        }
        if (statement instanceof StatementPlan.Delete<PhysicalPlan> d) {
            return isPoint(d.source());
        }
        return statement instanceof StatementPlan.Insert<PhysicalPlan> i && isValues(i.source());
    }

    private static boolean isValues(PhysicalPlan plan) {
        return plan instanceof PhysicalPlan.Values
                || (plan instanceof PhysicalPlan.Project p && p.input() instanceof PhysicalPlan.Values);
    }

    private static boolean isPoint(PhysicalPlan plan) {
        if (plan instanceof PhysicalPlan.Project
                || plan instanceof PhysicalPlan.Filter
                || plan instanceof PhysicalPlan.Limit) {
            return isPoint(((PhysicalPlan.Unary) plan).input());
        }
        if (!(plan instanceof PhysicalPlan.IndexScan scan)
                || !scan.index().unique()
                || scan.index().isPartial()) {
            return false;
        }
        List<KeyRangeSpec.Box> boxes = scan.ranges().boxes();
        return boxes.size() == 1
                && boxes.get(0).parts().size() == scan.index().keys().size()
                && boxes.get(0).parts().stream()
                        .allMatch(c -> c instanceof KeyRangeSpec.Comparison k && k.op() == CompareOp.EQ);
    }

    /**
     * A SMALLINT may be too small for the value, a date reads a string its own way, a CHAR has its blanks: those are not
     * for here.
     */
    private static boolean fits(SqlType type, Object value) {
        return switch (type.kind()) {
            case INTEGER, BIGINT, DOUBLE -> value instanceof Long;
            case VARCHAR, TEXT -> value instanceof String;
            case DECIMAL -> value instanceof BigDecimal;
            default -> false;
        };
    }
}

// A relation in a join.
package org.mosslsm.sql.optimize;

import java.util.List;
import java.util.Optional;
import org.mosslsm.sql.expr.ScalarExpr;
import org.mosslsm.sql.plan.LogicalPlan;
import org.mosslsm.sql.plan.PhysicalPlan;

/**
 * A relation to be joined.
 *
 * @param offset position of its first column in the statement's order of all columns
 * @param scan the table it reads, when it is one
 * @param own the terms on that table alone
 * @param alone the best way to read it alone, with its rows and cost
 */
record Leaf(
        LogicalPlan plan,
        int offset,
        Optional<LogicalPlan.TableScan> scan,
        List<ScalarExpr> own,
        PhysicalPlan alone,
        double rows,
        double cost) {
    int width() {
        return alone.width();
    }

    int end() {
        return offset + width();
    }
}

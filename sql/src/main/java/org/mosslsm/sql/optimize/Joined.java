// A part of a join that is planned.
package org.mosslsm.sql.optimize;

import java.util.Arrays;
import java.util.BitSet;
import org.mosslsm.sql.plan.PhysicalPlan;

/**
 * Some relations, joined.
 *
 * @param leaves which
 * @param positions for each column of the statement's order its position in the plan's row, or -1
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared, never changed once made.
record Joined(PhysicalPlan plan, BitSet leaves, int[] positions, double rows) {
    static Joined first(JoinGraph graph, int leaf) {
        Leaf l = graph.leaf(leaf);
        int[] positions = new int[graph.columns()];
        Arrays.fill(positions, -1);
        for (int i = 0; i < l.width(); i++) {
            positions[l.offset() + i] = i;
        }
        BitSet leaves = new BitSet();
        leaves.set(leaf);
        return new Joined(l.alone(), leaves, positions, l.rows());
    }
}

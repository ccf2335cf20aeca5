package org.mosslsm.sql.exec;

import java.util.IdentityHashMap;
import org.mosslsm.sql.plan.PhysicalPlan;

/** What each node of a plan did in one execution: for EXPLAIN ANALYZE. Not thread-safe. */
public final class Profile {
    /** Figures of one node, over all times it was opened. */
    public static final class Node {
        private long loops;
        private long rows;
        private long nanos;

        /** How often it was opened. */
        public long loops() {
            return loops;
        }

        /** Rows it gave, of all loops. */
        public long rows() {
            return rows;
        }

        /** Time in it and the nodes below, in nanoseconds. */
        public long nanos() {
            return nanos;
        }
    }

    private final IdentityHashMap<PhysicalPlan, Node> nodes = new IdentityHashMap<>();

    /** What a node did; all zero where it was never opened. */
    public Node of(PhysicalPlan plan) {
        return nodes.computeIfAbsent(plan, p -> new Node());
    }

    /** The operator of a node, watched. */
    Operator watch(PhysicalPlan plan, Operator operator) {
        Node node = of(plan);
        return new Operator() {
            @Override
            public RowEnumerator open(ExecutionContext context) {
                node.loops++;
                return new Watched(context, operator.open(context), node);
            }
        };
    }

    private static final class Watched extends RowEnumerator {
        private final RowEnumerator rows;
        private final Node node;

        Watched(ExecutionContext context, RowEnumerator rows, Node node) {
            super(context);
            this.rows = own(rows);
            this.node = node;
        }

        @Override
        public boolean isSettled() {
            return rows.isSettled();
        }

        @Override
        protected org.mosslsm.sql.expr.Row advance() {
            long start = System.nanoTime();
            boolean more = rows.moveNext();
            node.nanos += System.nanoTime() - start;
            if (!more) {
                return null;
            }
            node.rows++;
            return rows.current();
        }
    }
}

package org.mosslsm.sql.exec;

import java.util.IdentityHashMap;
import org.mosslsm.kv.Store.ScratchFile;
import org.mosslsm.sql.exec.spill.CheckedFile;
import org.mosslsm.sql.exec.spill.Workspace;
import org.mosslsm.sql.plan.PhysicalPlan;

/** What each node of a plan did in one execution: for EXPLAIN ANALYZE. Not thread-safe. */
public final class Profile {
    /** Figures of one node, over all times it was opened. */
    public static final class Node {
        private long loops;
        private long rows;
        private long nanos;
        private long heldBytes;
        private long files;
        private long spilledRows;
        private long spilledBytes;

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

        /** Most bytes of memory it held of rows at a time, as it counts them against {@code work_mem}. */
        public long heldBytes() {
            return heldBytes;
        }

        /** Scratch files it made. */
        public long files() {
            return files;
        }

        /** Rows that went to these files, again where they were divided or merged again. */
        public long spilledRows() {
            return spilledRows;
        }

        /** Bytes written to these files. */
        public long spilledBytes() {
            return spilledBytes;
        }
    }

    /** The node whose operator works now: what is used of the workspace is its. */
    private Node current = new Node();

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

    /** The workspace, with what is used of it written down. */
    Workspace watch(Workspace workspace) {
        Workspace.Watch watch = new Workspace.Watch() {
            @Override
            public void holds(long bytes) {
                current.heldBytes = Math.max(current.heldBytes, bytes);
            }

            @Override
            public void spilled(long rows) {
                current.spilledRows += rows;
            }
        };
        return new Workspace(workspace.budgetBytes(), () -> file(workspace), workspace.lasting(), watch);
    }

    private ScratchFile file(Workspace workspace) {
        Node owner = current;
        owner.files++;
        return new CheckedFile(workspace.files().get(), bytes -> owner.spilledBytes += bytes);
    }

    private final class Watched extends RowEnumerator {
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
            Node above = current;
            current = node;
            boolean more;
            try {
                more = rows.moveNext();
            } finally {
                current = above;
            }
            node.nanos += System.nanoTime() - start;
            if (!more) {
                return null;
            }
            node.rows++;
            return rows.current();
        }
    }
}

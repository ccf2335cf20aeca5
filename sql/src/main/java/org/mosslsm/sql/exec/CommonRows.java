// The rows of WITH queries.
package org.mosslsm.sql.exec;

import java.util.IdentityHashMap;
import java.util.List;
import org.mosslsm.sql.exec.spill.RowList;
import org.mosslsm.sql.expr.Row;
import org.mosslsm.sql.plan.PhysicalPlan;

/**
 * What the WITH queries of one execution gave so far; of those that read a row around them, for the row at hand. A row is
 * computed when the first of the readers asks for it, and kept for the others; once the rows outgrow the memory of an
 * operator all of them are computed, into a file. Thread safety: as the execution's, one thread.
 */
final class CommonRows implements AutoCloseable {
    private final ExecutionContext context;
    private final IdentityHashMap<PhysicalPlan, Shared> known = new IdentityHashMap<>();

    CommonRows(ExecutionContext context) {
        this.context = context;
    }

    /** The rows of a query that somebody else computed; they are closed here. */
    void give(PhysicalPlan query, RowList rows) {
        known.put(query, new Shared(null, rows));
    }

    /** Reads the rows of a query, from the first on. */
    Reader read(PhysicalPlan query) {
        Shared shared = known.get(query);
        if (shared == null) {
            shared = new Shared(context.plans().operator(query).open(context), new RowList(context.workspace()));
            known.put(query, shared);
        }
        return new Reader(shared);
    }

    /** Ends a query: who reads it afterwards has it computed anew. Harmless where nobody read it. */
    void forget(PhysicalPlan query) {
        Shared shared = known.remove(query);
        if (shared != null) {
            shared.close();
        }
    }

    /** Ends the queries, and deletes what lies in files; harmless when repeated. */
    @Override
    public void close() {
        List<Shared> open = List.copyOf(known.values());
        known.clear();
        AllClosed.of(open);
    }

    /** The rows of one query. */
    private static final class Shared implements AutoCloseable {
        final RowEnumerator source; // null where the rows were given
        final RowList rows;
        boolean ended;
        private Throwable failure;

        Shared(RowEnumerator source, RowList rows) {
            this.source = source;
            this.rows = rows;
            this.ended = source == null;
        }

        /** Computes one more row, or all where they go to a file; false when there is none. */
        boolean more() {
            if (failure instanceof RuntimeException e) {
                throw e;
            }
            if (failure instanceof Error e) {
                throw e;
            }
            try {
                boolean found = next();
                while (!ended && rows.isInFile()) {
                    next();
                }
                return found;
            } catch (RuntimeException | Error e) {
                failure = e; // what is there is not all
                throw e;
            }
        }

        private boolean next() {
            if (!ended && source.moveNext()) {
                rows.add(source.current().copy());
                return true;
            }
            ended = true;
            return false;
        }

        @Override
        public void close() {
            try {
                if (source != null) {
                    source.close();
                }
            } finally {
                rows.close();
            }
        }
    }

    /** One pass over the rows of a query. */
    static final class Reader {
        private final Shared shared;
        private final RowList.Reader rows;

        private Reader(Shared shared) {
            this.shared = shared;
            this.rows = shared.rows.read();
        }

        /** The next row; null at the end. */
        Row next() {
            return rows.position() < shared.rows.count() || shared.more() ? rows.next() : null;
        }

        /** As {@link RowEnumerator#isSettled}. */
        boolean isSettled() {
            return shared.ended || shared.source.isSettled();
        }
    }
}

// The rows of WITH queries.
package org.mosslsm.sql.exec;

import java.util.IdentityHashMap;
import org.mosslsm.sql.exec.spill.RowList;
import org.mosslsm.sql.plan.PhysicalPlan;

/**
 * What the WITH queries of one execution gave, each computed as a whole when it is first asked for; beyond the memory of an
 * operator it lies in a file. Thread safety: as the execution's, one thread.
 */
final class CommonRows implements AutoCloseable {
    private final ExecutionContext context;
    private final IdentityHashMap<PhysicalPlan, RowList> known = new IdentityHashMap<>();

    CommonRows(ExecutionContext context) {
        this.context = context;
    }

    /** The rows of a query. */
    RowList of(PhysicalPlan query) {
        RowList rows = known.get(query);
        if (rows == null) {
            rows = new RowList(context.workspace());
            try {
                compute(query, rows);
            } catch (Throwable failure) {
                rows.close();
                throw failure;
            }
            known.put(query, rows);
        }
        return rows;
    }

    private void compute(PhysicalPlan query, RowList into) {
        try (RowEnumerator rows = context.plans().operator(query).open(context)) {
            while (rows.moveNext()) {
                into.add(rows.current().copy());
            }
        }
    }

    /** Deletes what lies in files; harmless when repeated. */
    @Override
    public void close() {
        known.values().forEach(RowList::close);
        known.clear();
    }
}

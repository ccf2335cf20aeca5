// Rows of the first columns of an index, each once.
package org.mosslsm.sql.optimize;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import org.mosslsm.sql.catalog.Index;
import org.mosslsm.sql.catalog.Table;
import org.mosslsm.sql.expr.ScalarExpr;
import org.mosslsm.sql.plan.LogicalPlan;
import org.mosslsm.sql.plan.PhysicalPlan;
import org.mosslsm.sql.plan.PlanColumn;
import org.mosslsm.sql.plan.SortKey;

/**
 * Reads the distinct rows of a table's columns by passing over the entries of an index that begin alike, where one has
 * these columns first. The scan seeks only behind long runs, so that it costs little more than reading all entries where
 * there are none; where ANALYZE found few rows to an entry it is not used.
 */
final class DistinctScans {
    /** With fewer entries than this to a row, nothing is gained. */
    private static final double LEAST_RUN = 16;

    private final Estimates estimates;

    DistinctScans(Estimates estimates) {
        this.estimates = estimates;
    }

    /** The rows of {@code scan}, each once, in the order of {@code wanted} if an index has it; empty where no index serves. */
    Optional<PhysicalPlan> of(LogicalPlan.TableScan scan, List<SortKey> wanted) {
        Table table = scan.table();
        if (scan.ordinals().isEmpty() || !hasRuns(table, scan.ordinals())) {
            return Optional.empty();
        }
        Optional<PhysicalPlan> any = Optional.empty();
        for (Index index : table.allIndexes()) {
            if (!serves(table, index, scan.ordinals())) {
                continue;
            }
            for (boolean backward : new boolean[] {false, true}) {
                PhysicalPlan plan = plan(scan, index, backward);
                if (Orders.of(plan).satisfies(wanted, plan.columns())) {
                    return Optional.of(plan);
                }
                any = any.isPresent() ? any : Optional.of(plan);
            }
        }
        return any;
    }

    private boolean hasRuns(Table table, List<Integer> ordinals) {
        double rows = 1;
        for (int ordinal : ordinals) {
            OptionalDouble distinct = estimates.distinct(table, ordinal);
            if (distinct.isEmpty()) {
                return true; // nobody knows
            }
            rows *= Math.max(1, distinct.getAsDouble());
        }
        return rows * LEAST_RUN <= estimates.rows(table);
    }

    private static boolean serves(Table table, Index index, List<Integer> ordinals) {
        int n = ordinals.size();
        int keys = index.keys().size();
        if (!index.isReady() || index.isPartial() || n > keys || (n == keys && index.unique())) {
            return false;
        }
        Set<Integer> first = new HashSet<>(); // an index may have a column twice
        index.keys().subList(0, n).forEach(key -> first.add(table.ordinal(key.columnId())));
        return first.equals(new HashSet<>(ordinals)) && AccessPaths.covers(table, index, ordinals);
    }

    private static PhysicalPlan plan(LogicalPlan.TableScan scan, Index index, boolean backward) {
        List<PlanColumn> columns = new ArrayList<>();
        int n = scan.ordinals().size();
        ScalarExpr[] moved = new ScalarExpr[n];
        for (int i = 0; i < n; i++) {
            int at = scan.ordinals()
                    .indexOf(scan.table().ordinal(index.keys().get(i).columnId()));
            columns.add(scan.columns().get(at));
            moved[at] = new ScalarExpr.ColumnRef(i, scan.columns().get(at).type());
        }
        PhysicalPlan leading = new PhysicalPlan.LeadingValues(scan.table(), index, scan.alias(), backward, columns);
        return Projections.over(leading, List.of(moved), scan.columns());
    }
}

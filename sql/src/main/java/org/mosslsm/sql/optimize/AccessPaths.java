// Which index a table is read by.
package org.mosslsm.sql.optimize;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.mosslsm.sql.catalog.Column;
import org.mosslsm.sql.catalog.Index;
import org.mosslsm.sql.catalog.Table;
import org.mosslsm.sql.expr.ScalarExpr;
import org.mosslsm.sql.expr.SlotBinding;
import org.mosslsm.sql.plan.JoinKind;
import org.mosslsm.sql.plan.LogicalPlan;
import org.mosslsm.sql.plan.PhysicalPlan;
import org.mosslsm.sql.plan.PlanColumn;
import org.mosslsm.sql.type.SqlType;

/**
 * Chooses the index for one table and its terms, by cost in units of reading one neighbouring entry. A tie goes to the
 * primary index, which is looked at first.
 */
final class AccessPaths {
    /** Positioning in the tree of sorted files: several blocks are looked at. */
    private static final double SEEK = 8;
    /** Fetching a row by its key from another index; batches make it cheaper than a seek alone. */
    private static final double FETCH = 6;
    /** A row of the primary index is wider than an entry of another. */
    private static final double ROW = 1.3;

    /** Scans that are to give more rows than this read in batches of the usual size. */
    private static final int MOST_EXPECTED = 10_000;

    private static final double ENTRY = 1;
    /** A skip scan with more seeks than this is never worth the thought. */
    private static final double MOST_SKIPS = 10_000;
    /** Comparing while sorting, a row and doubling. */
    private static final double SORT = 0.3;

    private final Estimates estimates;
    private final PartialIndexUse partial;
    private final IndexUnions unions;
    private final Slots slots;

    AccessPaths(Estimates estimates, Slots slots) {
        this.estimates = estimates;
        this.partial = new PartialIndexUse(estimates);
        this.unions = new IndexUnions(estimates);
        this.slots = slots;
    }

    /**
     * A way to read.
     *
     * @param cost of reading, and of sorting where the wanted order is not given
     * @param rows expected
     * @param equal number of leading key columns bound to single values
     */
    record Path(PhysicalPlan plan, double cost, double rows, int equal) {}

    /** The cheapest way to the rows of {@code scan} for which all {@code terms} are true. */
    Path choose(LogicalPlan.TableScan scan, List<ScalarExpr> terms, Wanted wanted) {
        RangeExtractor extractor = new RangeExtractor(scan.table(), scan.ordinals(), terms);
        if (extractor.isContradiction()) {
            return new Path(new PhysicalPlan.Values(List.of(), scan.columns()), 0, 0, 0);
        }
        Optional<Path> row = oneRow(scan, terms, extractor, wanted);
        if (row.isPresent()) {
            return row.get();
        }
        double selectivity = estimates.selectivity(terms, scan.table(), scan.ordinals());
        double rows = Math.max(estimates.rows(scan.table()) * selectivity, 0.1);
        Candidate best = null;
        for (Index index : scan.table().allIndexes()) {
            double share = index.isPartial() ? partial.share(scan, index, terms) : 1;
            if (index.isReady() && share > 0) {
                RangeExtractor.Extraction found = extractor.extract(index);
                double entries = estimates.entries(scan.table(), index, found) * share;
                Candidate candidate = candidate(scan, index, found, terms, rows, entries, wanted);
                if (best == null || candidate.cost < best.cost) {
                    best = candidate;
                }
            }
        }
        return union(scan, terms, rows, skipping(scan, terms, extractor, best.path(scan, wanted), wanted), wanted);
    }

    /**
     * The way to a row by its whole primary key: no other index does better, whatever is in the table, so none is looked
     * at, and the store not asked for sizes.
     */
    private Optional<Path> oneRow(
            LogicalPlan.TableScan scan, List<ScalarExpr> terms, RangeExtractor extractor, Wanted wanted) {
        Index primary = scan.table().primary();
        RangeExtractor.Extraction found = extractor.extract(primary);
        boolean one = found.points() == 1 && found.equal() == primary.keys().size();
        return one
                ? Optional.of(
                        candidate(scan, primary, found, terms, 1, 1, wanted).path(scan, wanted))
                : Optional.empty();
    }

    /** The rows that one of several indexes leads to, where that costs less than {@code usual}. */
    private Path union(LogicalPlan.TableScan scan, List<ScalarExpr> terms, double rows, Path usual, Wanted wanted) {
        Path best = usual;
        if (usual.cost() <= 4 * SEEK) {
            return usual;
        }
        for (IndexUnions.Union u : unions.of(scan, terms)) {
            double cost = (double) u.points() * SEEK + u.entries() * (ENTRY + SORT + FETCH);
            if (!wanted.keys().isEmpty() && !Orders.of(u.plan()).satisfies(wanted.keys(), scan.columns())) {
                cost += rows * Math.max(1, Math.log(rows + 2)) * SORT;
            }
            if (cost < best.cost()) {
                best = new Path(u.plan(), cost, Math.min(rows, u.entries()), 0);
            }
        }
        return best;
    }

    /**
     * A skip scan where it costs less: for each value of an index's first column, of which ANALYZE found few, the ranges
     * of the columns after it.
     */
    private Path skipping(
            LogicalPlan.TableScan scan, List<ScalarExpr> terms, RangeExtractor extractor, Path usual, Wanted wanted) {
        Path best = usual;
        Table table = scan.table();
        for (Index index : terms.isEmpty() ? List.<Index>of() : table.allIndexes()) {
            int leading = table.ordinal(index.keys().get(0).columnId());
            Column column = table.rowColumns().get(leading);
            OptionalDouble distinct = estimates.distinct(table, leading);
            boolean may = index.isReady()
                    && !index.isPartial()
                    && index.keys().size() > 1
                    && column.notNull()
                    && distinct.isPresent()
                    && distinct.getAsDouble() <= MOST_SKIPS;
            if (!may || extractor.extract(index).isUseful()) {
                continue;
            }
            ScalarExpr value = new ScalarExpr.SlotRef(slots.next(), column.type());
            RangeExtractor.Extraction found = extractor.extractAfter(index, value);
            if (found.spec().boxes().stream().anyMatch(b -> b.parts().size() < 2)) {
                continue;
            }
            double entries = estimates.entries(table, index, found);
            Candidate once = candidate(scan, index, found, terms, Double.POSITIVE_INFINITY, entries, Wanted.NOTHING);
            double cost = distinct.getAsDouble() * (once.cost + 2 * SEEK);
            double rows = once.rows * distinct.getAsDouble();
            if (!wanted.keys().isEmpty()) {
                cost += rows * Math.max(1, Math.log(rows + 2)) * SORT;
            }
            if (cost < best.cost()) {
                PhysicalPlan ofValue = once.path(scan, Wanted.NOTHING).plan();
                best = new Path(skip(scan, index, column, ofValue), cost, Math.min(rows, usual.rows()), 0);
            }
        }
        return best;
    }

    private PhysicalPlan skip(LogicalPlan.TableScan scan, Index index, Column column, PhysicalPlan once) {
        PlanColumn leading = PlanColumn.computed(column.name(), column.type(), false);
        PhysicalPlan values =
                new PhysicalPlan.LeadingValues(scan.table(), index, scan.alias(), false, List.of(leading));
        SlotBinding binding = new SlotBinding(slots.take(), new ScalarExpr.ColumnRef(0, column.type()));
        List<PlanColumn> both = LogicalPlan.joinColumns(JoinKind.INNER, values.columns(), once.columns());
        PhysicalPlan join =
                new PhysicalPlan.LookupJoin(JoinKind.INNER, values, once, List.of(binding), Optional.empty(), both);
        List<ScalarExpr> own = new ArrayList<>();
        for (int i = 0; i < once.width(); i++) {
            own.add(new ScalarExpr.ColumnRef(1 + i, once.columns().get(i).type()));
        }
        return Projections.over(join, own, scan.columns());
    }

    /** An index with its cost; its plan is made only if it costs least. */
    private static final class Candidate {
        final Index index;
        final RangeExtractor.Extraction found;
        final List<ScalarExpr> onEntry = new ArrayList<>(2);
        final List<ScalarExpr> onRow = new ArrayList<>(2);
        boolean covering;
        boolean backward;
        boolean granted;
        double cost;
        double rows;

        Candidate(Index index, RangeExtractor.Extraction found) {
            this.index = index;
            this.found = found;
        }

        Path path(LogicalPlan.TableScan scan, Wanted wanted) {
            PhysicalPlan plan = new PhysicalPlan.IndexScan(
                    scan.table(),
                    index,
                    scan.alias(),
                    scan.ordinals(),
                    scan.columns(),
                    found.spec(),
                    backward,
                    Conjuncts.join(onEntry),
                    Conjuncts.join(onRow),
                    covering,
                    granted && wanted.limit() <= MOST_EXPECTED ? wanted.expected() : 0);
            return new Path(plan, cost, rows, found.equal());
        }
    }

    private Candidate candidate(
            LogicalPlan.TableScan scan,
            Index index,
            RangeExtractor.Extraction found,
            List<ScalarExpr> terms,
            double guessedRows,
            double entries,
            Wanted wanted) {
        Candidate c = new Candidate(index, found);
        Table table = scan.table();
        boolean primary = index.id() == table.primary().id();
        c.covering = primary || covers(table, index, scan.ordinals());
        for (int i = 0; i < terms.size(); i++) {
            if (!found.consumed().get(i)) {
                ScalarExpr t = terms.get(i);
                boolean early = !c.covering && !Conjuncts.hasSubquery(t) && coversColumns(table, index, scan, t);
                (early ? c.onEntry : c.onRow).add(t);
            }
        }
        double passed = estimates.selectivity(c.onEntry, table, scan.ordinals());
        double kept = passed * estimates.selectivity(c.onRow, table, scan.ordinals());
        double seeks = (double) found.points() * SEEK;
        double fetched = c.covering ? 0 : entries * passed;
        c.rows = Math.max(Math.min(guessedRows, entries * kept), Math.min(entries * kept, 0.1));
        double reading = entries * (primary ? ROW : ENTRY) + fetched * FETCH;
        c.granted = wanted.keys().isEmpty();
        if (!wanted.keys().isEmpty()) {
            boolean forward = ordered(scan, index, found, false, wanted);
            c.backward = !forward && ordered(scan, index, found, true, wanted);
            c.granted = forward || c.backward;
        }
        double sort = c.granted ? 0 : c.rows * Math.max(1, Math.log(c.rows + 2)) * SORT;
        c.cost = seeks + (c.granted ? reading * share(wanted, c.rows) : reading + sort);
        return c;
    }

    /** The share of its rows that a scan reads before the limit is reached. */
    private static double share(Wanted wanted, double rows) {
        return Math.min(1, (wanted.limit() + 1) / Math.max(rows, 1));
    }

    private static boolean ordered(
            LogicalPlan.TableScan scan, Index index, RangeExtractor.Extraction found, boolean backward, Wanted wanted) {
        return Orders.scan(scan.table(), index, scan.ordinals(), found.spec(), backward)
                .satisfies(wanted.keys(), scan.columns());
    }

    // ---- covering

    private static boolean coversColumns(Table table, Index index, LogicalPlan.TableScan scan, ScalarExpr term) {
        BitSet columns = Conjuncts.columns(term);
        for (int c = columns.nextSetBit(0); c >= 0; c = columns.nextSetBit(c + 1)) {
            if (!covers(table, index, scan.ordinals().get(c))) {
                return false;
            }
        }
        return true;
    }

    /** Whether an entry of the index holds all of these columns as they were written. */
    static boolean covers(Table table, Index index, List<Integer> ordinals) {
        for (int ordinal : ordinals) {
            if (!covers(table, index, ordinal)) {
                return false;
            }
        }
        return true;
    }

    /** Whether an entry holds the column as it was written: a DECIMAL without a scale loses its zeros in a key. */
    private static boolean covers(Table table, Index index, int ordinal) {
        Column column = table.rowColumns().get(ordinal);
        if (index.include().contains(column.id())) {
            return true;
        }
        boolean exact =
                !(column.type().kind() == SqlType.Kind.DECIMAL && column.type().precision() == 0);
        return exact && (index.hasKey(column.id()) || table.primary().hasKey(column.id()));
    }
}

// A table by several of its indexes.
package org.mosslsm.sql.optimize;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.mosslsm.sql.catalog.Index;
import org.mosslsm.sql.catalog.Table;
import org.mosslsm.sql.expr.ExprFactory;
import org.mosslsm.sql.expr.ScalarExpr;
import org.mosslsm.sql.plan.LogicalPlan;
import org.mosslsm.sql.plan.PhysicalPlan;

/**
 * Plans {@code a = 1 OR b = 2} as the rows that either the index of a or that of b leads to, each once. In outline:
 *
 * <pre>
 * an OR of the terms        each operand, with the other terms, takes the index that costs it least; one without any ends it
 * operands of one index     together are one part: an OR over one index is ranges of it
 * rows                      of all parts are fetched by their keys and tested by all terms again
 * </pre>
 */
final class IndexUnions {
    /** More operands than that are not worth the thought; many values of a column are one operand. */
    private static final int MOST_OPERANDS = 32;

    /** ORs tried of one scan, and other terms that may narrow their ranges: each costs time for each operand. */
    private static final int MOST_TERMS = 4;

    private static final int MOST_OTHERS = 16;

    private final Estimates estimates;

    IndexUnions(Estimates estimates) {
        this.estimates = estimates;
    }

    /** A union, and what it costs to read its entries and to fetch its rows: see {@link AccessPaths}. */
    record Union(PhysicalPlan.IndexUnion plan, long points, double entries) {}

    /** What the ORs among the terms of a scan offer. */
    List<Union> of(LogicalPlan.TableScan scan, List<ScalarExpr> terms) {
        List<Union> found = new ArrayList<>();
        int tried = 0;
        for (int i = 0; i < terms.size() && tried < MOST_TERMS; i++) {
            if (terms.get(i) instanceof ScalarExpr.Or or && or.operands().size() <= MOST_OPERANDS) {
                tried++;
                of(scan, terms, or).ifPresent(found::add);
            }
        }
        return found;
    }

    private Optional<Union> of(LogicalPlan.TableScan scan, List<ScalarExpr> terms, ScalarExpr.Or or) {
        List<ScalarExpr> others = new ArrayList<>();
        terms.stream()
                .filter(t -> !(t instanceof ScalarExpr.Or))
                .limit(MOST_OTHERS)
                .forEach(others::add);
        Map<Index, List<ScalarExpr>> byIndex = new LinkedHashMap<>();
        for (ScalarExpr operand : or.operands()) {
            Optional<Index> best = cheapest(scan, others, operand);
            if (best.isEmpty()) {
                return Optional.empty();
            }
            byIndex.computeIfAbsent(best.get(), i -> new ArrayList<>()).add(operand);
        }
        if (byIndex.size() < 2) {
            return Optional.empty(); // one index has them all: that is a scan of it
        }
        List<PhysicalPlan.IndexUnion.Part> parts = new ArrayList<>();
        long points = 0;
        double entries = 0;
        for (Map.Entry<Index, List<ScalarExpr>> e : byIndex.entrySet()) {
            RangeExtractor.Extraction found = extract(scan, others, ExprFactory.or(e.getValue()), e.getKey());
            if (!found.isUseful()) {
                return Optional.empty();
            }
            parts.add(new PhysicalPlan.IndexUnion.Part(e.getKey(), found.spec()));
            points += found.points();
            entries += estimates.entries(scan.table(), e.getKey(), found);
        }
        PhysicalPlan.IndexUnion plan = new PhysicalPlan.IndexUnion(
                scan.table(), scan.alias(), scan.ordinals(), scan.columns(), parts, Conjuncts.join(terms));
        return Optional.of(new Union(plan, points, Math.min(entries, estimates.rows(scan.table()))));
    }

    private static RangeExtractor.Extraction extract(
            LogicalPlan.TableScan scan, List<ScalarExpr> others, ScalarExpr operand, Index index) {
        return new RangeExtractor(scan.table(), scan.ordinals(), with(others, operand)).extract(index);
    }

    private static List<ScalarExpr> with(List<ScalarExpr> others, ScalarExpr operand) {
        List<ScalarExpr> all = new ArrayList<>(Conjuncts.split(operand));
        all.addAll(others);
        return all;
    }

    /** The index whose ranges hold least for an operand. */
    private Optional<Index> cheapest(LogicalPlan.TableScan scan, List<ScalarExpr> others, ScalarExpr operand) {
        Table table = scan.table();
        RangeExtractor extractor = new RangeExtractor(table, scan.ordinals(), with(others, operand));
        Index best = null;
        double least = Double.POSITIVE_INFINITY;
        for (Index index : table.allIndexes()) {
            if (!index.isReady() || index.isPartial()) {
                continue;
            }
            RangeExtractor.Extraction found = extractor.extract(index);
            double entries = found.isUseful() ? estimates.entries(table, index, found) : Double.POSITIVE_INFINITY;
            if (entries < least) {
                best = index;
                least = entries;
            }
        }
        return Optional.ofNullable(best);
    }
}

// Predicates to key ranges: the one algorithm for the primary key and every index.
package org.mosslsm.sql.optimize;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.mosslsm.sql.catalog.Index;
import org.mosslsm.sql.catalog.Table;
import org.mosslsm.sql.expr.CompareOp;
import org.mosslsm.sql.expr.ScalarExpr;
import org.mosslsm.sql.plan.KeyRangeSpec;
import org.mosslsm.sql.plan.KeyRangeSpec.Box;
import org.mosslsm.sql.plan.KeyRangeSpec.Constraint;

/**
 * Finds the key ranges of an index that a conjunction of terms allows. In outline:
 *
 * <pre>
 * each term            becomes alternatives ("boxes"): column -> constraint; OR gives several, AND combines them
 * all terms            are combined: every choice of one alternative a term; columns in common meet both constraints
 * for an index         each box gives the constraints of its first key columns: single values as far as they go,
 *                      then at most one range; a box that says nothing about the first column makes it a full scan
 * a term is consumed   when it became boxes exactly and all columns it constrains are used in every box; then it need
 *                      not be tested again. Every other term stays in the filter: ranges may be too wide, never too narrow
 * </pre>
 *
 * <p>The boxes do not depend on the index: they are made once a scan.
 */
final class RangeExtractor {
    /** Past this many combinations of alternatives a term is left to the filter. */
    private static final int MOST_BOXES = 64;
    /** Past this many single values the key columns after them are left to the filter: each value is a seek. */
    private static final int MOST_POINTS = 10_000;

    /** Boxes made for all terms together, so that many terms with many alternatives each take no square of time. */
    private static final int MOST_WORK = 100_000;

    private final Table table;
    private final List<Source> sources = new ArrayList<>();
    private List<Map<Integer, Constraint>> boxes = List.of(Map.of());

    /** A term that took part: its position, the ordinals it constrains, and whether the boxes say all that it says. */
    private record Source(int term, BitSet ordinals, boolean exact) {}

    /**
     * Takes the terms over rows of {@code ordinals}.
     *
     * @param ordinals for each column of the row its position in {@code table.rowColumns()}
     */
    RangeExtractor(Table table, List<Integer> ordinals, List<ScalarExpr> terms) {
        this.table = table;
        TermRanges ranges = new TermRanges(ordinals, MOST_BOXES, MOST_POINTS);
        long work = 0;
        for (int i = 0; i < terms.size(); i++) {
            TermRanges.Alternatives a = ranges.of(terms.get(i));
            if (a == null) {
                continue;
            }
            List<Map<Integer, Constraint>> combined = TermRanges.combine(boxes, a.boxes());
            boolean few = combined.size() <= MOST_BOXES;
            // Where one term alone has the alternatives, the others only narrow each of them.
            boolean alone = combined.size() == Math.max(boxes.size(), a.boxes().size())
                    && combined.size() <= MOST_POINTS
                    && work + (long) combined.size() * (sources.size() + 1) <= MOST_WORK;
            if (few || alone) {
                work += combined.size();
                boxes = combined;
                BitSet used = new BitSet();
                for (Map<Integer, Constraint> b : a.boxes()) {
                    for (Integer ordinal : b.keySet()) {
                        used.set(ordinal);
                    }
                }
                sources.add(new Source(i, used, a.exact()));
            }
        }
    }

    /**
     * What an index can do.
     *
     * @param spec the ranges
     * @param consumed positions of the terms that the ranges make needless
     * @param points most single values of the leading columns: seeks
     * @param equal for the worst box, how many leading columns are bound to single values
     * @param range what follows these in that box, if a range does; else null
     */
    record Extraction(KeyRangeSpec spec, BitSet consumed, long points, int equal, Constraint range) {
        boolean isUseful() {
            return !spec.isAll();
        }
    }

    /** Of an index whose first column no term limits. Its set is never written to. */
    private static final Extraction EVERYTHING = new Extraction(KeyRangeSpec.ALL, new BitSet(), 1, 0, null);

    /** No row can satisfy the terms. */
    boolean isContradiction() {
        return boxes.isEmpty();
    }

    Extraction extract(Index index) {
        return extract(index, boxes);
    }

    /** What an index can do when its first column is one value as well, which {@code value} will have. */
    Extraction extractAfter(Index index, ScalarExpr value) {
        int leading = table.ordinal(index.keys().get(0).columnId());
        Map<Integer, Constraint> first = Map.of(leading, new KeyRangeSpec.Comparison(CompareOp.EQ, value));
        return extract(index, TermRanges.combine(boxes, List.of(first)));
    }

    private Extraction extract(Index index, List<Map<Integer, Constraint>> boxes) {
        if (boxes.isEmpty()) {
            return new Extraction(KeyRangeSpec.NONE, allExact(), 0, index.keys().size(), null);
        }
        List<Box> parts = new ArrayList<>(boxes.size());
        List<BitSet> applied = new ArrayList<>(boxes.size());
        long seeks = 0;
        int equal = Integer.MAX_VALUE;
        Constraint range = null;
        int leading = table.ordinal(index.keys().get(0).columnId());
        for (Map<Integer, Constraint> box : boxes) {
            if (!box.containsKey(leading)) {
                return EVERYTHING;
            }
            Prefix p = prefix(index, box);
            parts.add(new Box(p.constraints));
            applied.add(p.ordinals);
            seeks += p.points;
            if (p.equal < equal) {
                equal = p.equal;
                range = p.equal < p.constraints.size() ? p.constraints.get(p.equal) : null;
            }
        }
        BitSet consumed = new BitSet();
        for (Source s : sources) {
            boolean everywhere = s.exact();
            for (int i = 0; everywhere && i < boxes.size(); i++) {
                for (Integer ordinal : boxes.get(i).keySet()) {
                    everywhere &= !s.ordinals().get(ordinal) || applied.get(i).get(ordinal);
                }
            }
            if (everywhere) {
                consumed.set(s.term());
            }
        }
        return new Extraction(new KeyRangeSpec(parts), consumed, seeks, equal, range);
    }

    private BitSet allExact() {
        BitSet all = new BitSet();
        sources.forEach(s -> all.set(s.term()));
        return all;
    }

    /** The constraints of one box that an index can use. */
    private static final class Prefix {
        final List<Constraint> constraints = new ArrayList<>(2);
        final BitSet ordinals = new BitSet();
        long points = 1;
        int equal;
    }

    private Prefix prefix(Index index, Map<Integer, Constraint> box) {
        Prefix p = new Prefix();
        for (Index.Key key : index.keys()) {
            int ordinal = table.ordinal(key.columnId());
            Constraint c = box.get(ordinal);
            if (c == null) {
                break;
            }
            p.constraints.add(c);
            p.ordinals.set(ordinal);
            long points = c.isPoints() ? points(c) : Long.MAX_VALUE;
            if (points > MOST_POINTS / p.points) {
                if (c.isPoints()) {
                    p.points = MOST_POINTS;
                    p.equal++;
                }
                break;
            }
            p.points *= Math.max(points, 1);
            p.equal++;
        }
        return p;
    }

    /** Most single values a constraint allows. */
    static long points(Constraint c) {
        if (c instanceof KeyRangeSpec.OneOf o) {
            return o.values().size();
        }
        if (c instanceof KeyRangeSpec.AnyOf a) {
            return a.terms().stream().mapToLong(RangeExtractor::points).sum();
        }
        if (c instanceof KeyRangeSpec.AllOf a) {
            return a.terms().stream()
                    .filter(Constraint::isPoints)
                    .mapToLong(RangeExtractor::points)
                    .min()
                    .orElse(1);
        }
        return 1;
    }

    /** Adds a constraint to a box. */
    static Map<Integer, Constraint> meet(Map<Integer, Constraint> a, Map<Integer, Constraint> b) {
        if (a.isEmpty() || b.isEmpty()) {
            return a.isEmpty() ? b : a;
        }
        Map<Integer, Constraint> both = new TreeMap<>(a);
        b.forEach((ordinal, c) -> both.merge(ordinal, c, RangeExtractor::allOf));
        return both;
    }

    /** Terms on one level: each that is added copies them, and an AND may have 100,000. */
    private static final int MOST_TERMS = 256;

    private static Constraint allOf(Constraint a, Constraint b) {
        if (a.equals(b)) {
            return a;
        }
        if (a instanceof KeyRangeSpec.AllOf all && all.terms().size() >= MOST_TERMS) {
            return new KeyRangeSpec.AllOf(List.of(a, b));
        }
        List<Constraint> terms = new ArrayList<>();
        flatten(a, terms);
        flatten(b, terms);
        return new KeyRangeSpec.AllOf(terms);
    }

    private static void flatten(Constraint c, List<Constraint> into) {
        if (c instanceof KeyRangeSpec.AllOf a) {
            into.addAll(a.terms());
        } else {
            into.add(c);
        }
    }
}

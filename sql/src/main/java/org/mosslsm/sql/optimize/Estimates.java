// How many rows to expect.
package org.mosslsm.sql.optimize;

import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.mosslsm.sql.catalog.ColumnStatistics;
import org.mosslsm.sql.catalog.Index;
import org.mosslsm.sql.catalog.Table;
import org.mosslsm.sql.catalog.TableStatistics;
import org.mosslsm.sql.expr.CompareOp;
import org.mosslsm.sql.expr.ScalarExpr;
import org.mosslsm.sql.plan.CommonQuery;
import org.mosslsm.sql.plan.JoinKind;
import org.mosslsm.sql.plan.KeyRangeSpec;
import org.mosslsm.sql.plan.KeyRangeSpec.Constraint;
import org.mosslsm.sql.plan.LogicalPlan;

/** Rough numbers of rows, for one statement. Where only guesses are possible the classic ones are taken: an equality keeps few rows. */
final class Estimates {
    /** Of an equality with a column whose values nothing is known about. */
    private static final double EQUALITY = 0.02;

    private static final double COMPARISON = 0.33;
    private static final double TWO_SIDED = 0.1;
    private static final double LIKE = 0.1;
    private static final double PREFIX = 0.03;
    private static final double OTHER = 0.5;

    /**
     * How much a leading column of an index that is not unique tells apart: of 10,000 rows, 250 values of the first
     * column; two columns tell nearly all rows apart.
     */
    static final double DISTINCT_EXPONENT = 0.6;

    /**
     * A table is never taken for smaller. For a small one no plan is slow, but plans are kept, and one that reads a small
     * table whole would go on doing so when it has grown.
     */
    private static final double LEAST_ROWS = 1_000;

    private final Statistics statistics;
    /** What was answered once holds for the statement: asking the store is not free. */
    private final Map<Integer, Double> sizes = new HashMap<>();

    /** The condition of a partial index; see {@link Statistics#condition}. */
    Optional<ScalarExpr> condition(Table table, Index index) {
        return statistics.condition(table, index);
    }

    private final Map<Integer, Optional<TableStatistics>> analyzed = new HashMap<>();
    private final IdentityHashMap<CommonQuery, Double> commonQueries = new IdentityHashMap<>();

    Estimates(Statistics statistics) {
        this.statistics = statistics;
    }

    double rows(Table table) {
        Double known = sizes.get(table.id());
        if (known == null) {
            known = Math.max(LEAST_ROWS, (double) statistics.rows(table));
            sizes.put(table.id(), known);
        }
        return known;
    }

    private Optional<TableStatistics> analyzed(Table table) {
        Optional<TableStatistics> known = analyzed.get(table.id());
        if (known == null) {
            known = statistics.of(table);
            analyzed.put(table.id(), known);
        }
        return known;
    }

    /** What is known of a column; {@code ordinal} is its position in {@code table.rowColumns()}. */
    Optional<ColumnStatistics> column(Table table, int ordinal) {
        return analyzed(table).flatMap(s -> s.column(table.rowColumns().get(ordinal)));
    }

    /** About how many values a column has, where that is known. */
    OptionalDouble distinct(Table table, int ordinal) {
        Optional<ColumnStatistics> known = column(table, ordinal);
        return known.isPresent() ? OptionalDouble.of(known.get().distinct()) : OptionalDouble.empty();
    }

    /** About how many combinations of values the first {@code n} key columns of an index have. */
    double leadingValues(Table table, Index index, int n) {
        double rows = rows(table);
        double found = 1;
        for (Index.Key key : index.keys().subList(0, n)) {
            found *= distinct(table, table.ordinal(key.columnId())).orElse(Math.pow(rows, DISTINCT_EXPONENT));
        }
        return Math.min(rows, Math.max(1, found));
    }

    /** The share of a table's rows for which all terms are true; they count columns in the row of {@code ordinals}. */
    double selectivity(List<ScalarExpr> terms, Table table, List<Integer> ordinals) {
        return analyzed(table).isEmpty()
                ? selectivity(terms)
                : new Distributions(this, table, ordinals).selectivity(terms);
    }

    static double selectivity(List<ScalarExpr> terms) {
        double share = 1;
        for (ScalarExpr t : terms) {
            share *= selectivity(t);
        }
        return share;
    }

    // ---- terms

    /** The share of rows for which a term is true. */
    static double selectivity(ScalarExpr term) {
        if (term instanceof ScalarExpr.Literal l) {
            return Boolean.TRUE.equals(l.value()) ? 1 : 0;
        }
        if (term instanceof ScalarExpr.Compare c) {
            return c.op() == CompareOp.EQ ? EQUALITY : c.op() == CompareOp.NE ? 1 - EQUALITY : COMPARISON;
        }
        if (term instanceof ScalarExpr.InList i) {
            return Math.min(OTHER, EQUALITY * i.items().size());
        }
        if (term instanceof ScalarExpr.And a) {
            return selectivity(a.operands());
        }
        if (term instanceof ScalarExpr.Or o) {
            return Math.min(
                    1, o.operands().stream().mapToDouble(Estimates::selectivity).sum());
        }
        if (term instanceof ScalarExpr.Not n) {
            return 1 - selectivity(n.operand());
        }
        if (term instanceof ScalarExpr.IsNull) {
            return TWO_SIDED;
        }
        return term instanceof ScalarExpr.Like ? LIKE : OTHER;
    }

    static double selectivity(Constraint range) {
        if (range instanceof KeyRangeSpec.Comparison c) {
            return c.op() == CompareOp.EQ ? EQUALITY : COMPARISON;
        }
        if (range instanceof KeyRangeSpec.AllOf) {
            return TWO_SIDED;
        }
        if (range instanceof KeyRangeSpec.StartsWith) {
            return PREFIX;
        }
        if (range instanceof KeyRangeSpec.AnyOf a) {
            return Math.min(
                    1, a.terms().stream().mapToDouble(Estimates::selectivity).sum());
        }
        return range instanceof KeyRangeSpec.NotNull ? 0.9 : TWO_SIDED;
    }

    /** How many entries the ranges of an index hold. */
    double entries(Table table, Index index, RangeExtractor.Extraction e) {
        double all = rows(table);
        if (e.isUseful() && analyzed(table).isPresent()) {
            return entries(table, index, e.spec());
        }
        if (e.spec().boxes().isEmpty()) {
            return 0;
        }
        if (!e.isUseful()) {
            return all;
        }
        int keys = index.keys().size();
        double found = all;
        if (e.equal() > 0) {
            double distinct = index.unique()
                    ? Math.pow(all, Math.min(1.0, (double) e.equal() / keys))
                    : Math.pow(all, Math.min(1.0, DISTINCT_EXPONENT * e.equal()));
            found = all * Math.min(1, (double) e.points() / Math.max(1, distinct));
        }
        return Math.max(e.range() == null ? found : found * selectivity(e.range()), 0.1);
    }

    /** The same from the ranges alone: each box is what its constraints leave. */
    double entries(Table table, Index index, KeyRangeSpec spec) {
        double share = 0;
        double all = rows(table);
        Distributions distributions = new Distributions(this, table, List.of());
        for (KeyRangeSpec.Box box : spec.boxes()) {
            double ofBox = 1;
            double points = 1;
            for (int i = 0; i < box.parts().size(); i++) {
                Constraint c = box.parts().get(i);
                ofBox *= distributions.selectivity(
                        c, table.ordinal(index.keys().get(i).columnId()), index.unique());
                points *= c.isPoints() ? (double) RangeExtractor.points(c) : Double.POSITIVE_INFINITY;
            }
            boolean wholeKey =
                    index.unique() && box.parts().size() == index.keys().size();
            share += wholeKey ? Math.min(ofBox, points / all) : ofBox;
        }
        return Math.max(all * Math.min(1, share), spec.boxes().isEmpty() ? 0 : 0.1);
    }

    // ---- plans

    /** How many rows a logical plan gives. */
    double rows(LogicalPlan plan) {
        if (plan instanceof LogicalPlan.TableScan s) {
            return rows(s.table());
        }
        if (plan instanceof LogicalPlan.Values v) {
            return v.rows().size();
        }
        if (plan instanceof LogicalPlan.Filter f) {
            List<ScalarExpr> terms = Conjuncts.split(f.predicate());
            double share = f.input() instanceof LogicalPlan.TableScan s
                    ? selectivity(terms, s.table(), s.ordinals())
                    : selectivity(terms);
            return Math.max(rows(f.input()) * share, 1);
        }
        if (plan instanceof LogicalPlan.Join j) {
            double left = rows(j.left());
            double right = rows(j.right());
            if (j.kind().leftOnly()) {
                return Math.max(1, left * OTHER);
            }
            double pairs = left * right;
            for (ScalarExpr t : Conjuncts.split(j.condition())) {
                pairs *= t instanceof ScalarExpr.Compare c && c.op() == CompareOp.EQ
                        ? 1 / Math.max(1, Math.max(left, right))
                        : selectivity(t);
            }
            return Math.max(j.kind() == JoinKind.INNER ? pairs : Math.max(pairs, left), 1);
        }
        if (plan instanceof LogicalPlan.Aggregate a) {
            return a.keys().isEmpty() ? 1 : Math.max(1, Math.pow(rows(a.input()), DISTINCT_EXPONENT));
        }
        if (plan instanceof LogicalPlan.Limit l) {
            double rows = rows(l.input());
            return l.count().isPresent()
                            && l.count().get() instanceof ScalarExpr.Literal n
                            && n.value() instanceof Long count
                    ? Math.min(rows, Math.max(1.0, (double) count))
                    : rows;
        }
        if (plan instanceof LogicalPlan.SetOperation s) {
            return rows(s.left()) + rows(s.right());
        }
        if (plan instanceof LogicalPlan.CommonScan c) {
            Double known = commonQueries.get(c.query());
            if (known == null) {
                known = rows(c.query().plan());
                commonQueries.put(c.query(), known);
            }
            return known;
        }
        return plan.inputs().isEmpty() ? 1 : rows(plan.inputs().get(0));
    }
}

// Shares of rows, from what ANALYZE found out.
package org.mosslsm.sql.optimize;

import java.math.BigDecimal;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.mosslsm.sql.catalog.ColumnStatistics;
import org.mosslsm.sql.catalog.Table;
import org.mosslsm.sql.expr.CompareOp;
import org.mosslsm.sql.expr.ScalarExpr;
import org.mosslsm.sql.expr.ScalarExpr.ColumnRef;
import org.mosslsm.sql.plan.KeyRangeSpec;
import org.mosslsm.sql.plan.KeyRangeSpec.Constraint;
import org.mosslsm.sql.type.SqlType.Family;

/**
 * What share of a table's rows satisfies terms and constraints. Where nothing is known of a column, or a value is not
 * known before the statement runs, the guesses of {@link Estimates} or the average value stand in.
 */
final class Distributions {
    private final Estimates estimates;
    private final Table table;
    private final List<Integer> ordinals;

    Distributions(Estimates estimates, Table table, List<Integer> ordinals) {
        this.estimates = estimates;
        this.table = table;
        this.ordinals = ordinals;
    }

    // ---- terms

    /** Two bounds of one column count as one range; otherwise terms are taken for independent. */
    double selectivity(List<ScalarExpr> terms) {
        double share = 1;
        Map<Integer, double[]> ranges = new HashMap<>();
        for (ScalarExpr t : terms) {
            if (!addBound(t, ranges)) {
                share *= selectivity(t);
            }
        }
        for (double[] r : ranges.values()) {
            share *= Math.max(0, r[1] - r[0]);
        }
        return share;
    }

    /** Narrows the range of a column by {@code column < value} or its like. */
    private boolean addBound(ScalarExpr term, Map<Integer, double[]> ranges) {
        Sides s = sides(term);
        if (s == null || s.op == CompareOp.EQ || s.op == CompareOp.NE || s.value == null) {
            return false;
        }
        ColumnStatistics c = s.column;
        double[] range = ranges.computeIfAbsent(s.ordinal, o -> new double[] {0, 1 - c.nulls()});
        switch (s.op) {
            case LT -> range[1] = Math.min(range[1], c.below(s.value, false));
            case LE -> range[1] = Math.min(range[1], c.below(s.value, true));
            case GT -> range[0] = Math.max(range[0], c.below(s.value, true));
            default -> range[0] = Math.max(range[0], c.below(s.value, false));
        }
        return true;
    }

    private record Sides(int ordinal, ColumnStatistics column, CompareOp op, Object value) {}

    /** A comparison of a column that is known with something that reads no column; null where it is none. */
    private Sides sides(ScalarExpr term) {
        if (!(term instanceof ScalarExpr.Compare c)) {
            return null;
        }
        boolean turned = !(c.left() instanceof ColumnRef);
        ScalarExpr side = turned ? c.right() : c.left();
        ScalarExpr other = turned ? c.left() : c.right();
        if (!(side instanceof ColumnRef ref) || !Conjuncts.readsNothing(other)) {
            return null;
        }
        int ordinal = ordinals.get(ref.index());
        Optional<ColumnStatistics> known = estimates.column(table, ordinal);
        return known.isEmpty()
                ? null
                : new Sides(ordinal, known.get(), turned ? c.op().swapped() : c.op(), value(known.get(), other));
    }

    private double selectivity(ScalarExpr term) {
        Sides s = sides(term);
        if (s != null && (s.op == CompareOp.EQ || s.op == CompareOp.NE)) {
            double equal = s.value == null ? s.column.ofOneValue() : s.column.equalTo(s.value);
            return s.op == CompareOp.EQ ? equal : Math.max(0, 1 - s.column.nulls() - equal);
        }
        if (term instanceof ScalarExpr.And a) {
            return selectivity(a.operands());
        }
        if (term instanceof ScalarExpr.Or o) {
            double none = 1;
            for (ScalarExpr operand : o.operands()) {
                none *= 1 - selectivity(List.of(operand));
            }
            return 1 - none;
        }
        if (term instanceof ScalarExpr.Not n) {
            return 1 - selectivity(List.of(n.operand()));
        }
        ColumnStatistics of = term instanceof ScalarExpr.IsNull n
                ? known(n.operand())
                : term instanceof ScalarExpr.InList i ? known(i.operand()) : null;
        if (of == null) {
            return Estimates.selectivity(term);
        }
        return term instanceof ScalarExpr.InList i ? oneOf(of, i.items()) : of.nulls();
    }

    private ColumnStatistics known(ScalarExpr e) {
        return e instanceof ColumnRef c
                ? estimates.column(table, ordinals.get(c.index())).orElse(null)
                : null;
    }

    private static double oneOf(ColumnStatistics column, List<ScalarExpr> values) {
        double sum = 0;
        for (ScalarExpr e : values) {
            Object value = value(column, e);
            sum += value == null ? column.ofOneValue() : column.equalTo(value);
        }
        return Math.min(1, sum);
    }

    // ---- constraints of key ranges

    double selectivity(Constraint c, int ordinal, boolean unique) {
        Optional<ColumnStatistics> known = estimates.column(table, ordinal);
        return known.isEmpty() ? guess(c, unique) : share(c, known.get());
    }

    private double guess(Constraint c, boolean unique) {
        double all = estimates.rows(table);
        return c.isPoints()
                ? Math.min(
                        1, (double) RangeExtractor.points(c) / Math.pow(all, unique ? 1 : Estimates.DISTINCT_EXPONENT))
                : Estimates.selectivity(c);
    }

    private static double share(Constraint c, ColumnStatistics column) {
        if (c instanceof KeyRangeSpec.Null) {
            return column.nulls();
        }
        if (c instanceof KeyRangeSpec.NotNull) {
            return 1 - column.nulls();
        }
        if (c instanceof KeyRangeSpec.OneOf o) {
            return oneOf(column, o.values());
        }
        if (c instanceof KeyRangeSpec.AnyOf a) {
            double sum = 0;
            for (Constraint t : a.terms()) {
                sum += share(t, column);
            }
            return Math.min(1, sum);
        }
        if (c instanceof KeyRangeSpec.Comparison k && k.op() == CompareOp.EQ) {
            Object value = value(column, k.value());
            return value == null ? column.ofOneValue() : column.equalTo(value);
        }
        double[] range = {0, 1 - column.nulls()};
        double others = 1;
        for (Constraint t : c instanceof KeyRangeSpec.AllOf a ? a.terms() : List.of(c)) {
            if (!narrow(range, t, column)) {
                others = Math.min(others, t == c ? Estimates.selectivity(c) : share(t, column));
            }
        }
        return Math.min(others, Math.max(0, range[1] - range[0]));
    }

    private static boolean narrow(double[] range, Constraint c, ColumnStatistics column) {
        if (c instanceof KeyRangeSpec.StartsWith s && value(column, s.prefix()) instanceof String prefix) {
            range[0] = Math.max(range[0], column.below(prefix, false));
            range[1] = Math.min(range[1], column.below(prefix + Character.MAX_VALUE, true));
            return true;
        }
        Object value = c instanceof KeyRangeSpec.Comparison k ? value(column, k.value()) : null;
        if (value == null || ((KeyRangeSpec.Comparison) c).op() == CompareOp.EQ) {
            return false;
        }
        switch (((KeyRangeSpec.Comparison) c).op()) {
            case LT -> range[1] = Math.min(range[1], column.below(value, false));
            case LE -> range[1] = Math.min(range[1], column.below(value, true));
            case GT -> range[0] = Math.max(range[0], column.below(value, true));
            default -> range[0] = Math.max(range[0], column.below(value, false));
        }
        return true;
    }

    // ---- values

    /** The value of a literal as one of the column's type; null where it is not known or has no such form. */
    private static Object value(ColumnStatistics column, ScalarExpr e) {
        if (!(e instanceof ScalarExpr.Literal l) || l.value() == null) {
            return null;
        }
        Object value = l.value();
        Family family = column.type().family();
        if (family == l.type().family()) {
            return value;
        }
        if (!(value instanceof Number n)) {
            return null;
        }
        return switch (family) {
            case INTEGER -> (long) n.doubleValue();
            case APPROXIMATE -> n.doubleValue();
            case DECIMAL -> value instanceof Long v ? BigDecimal.valueOf(v) : decimal(n.doubleValue());
            default -> null;
        };
    }

    private static BigDecimal decimal(double d) {
        return Double.isFinite(d) ? BigDecimal.valueOf(d) : null;
    }
}

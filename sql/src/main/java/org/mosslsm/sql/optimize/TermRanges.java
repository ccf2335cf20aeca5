// One predicate as alternatives of column constraints.
package org.mosslsm.sql.optimize;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.mosslsm.sql.expr.CompareOp;
import org.mosslsm.sql.expr.ScalarExpr;
import org.mosslsm.sql.expr.ScalarExpr.ColumnRef;
import org.mosslsm.sql.plan.KeyRangeSpec;
import org.mosslsm.sql.plan.KeyRangeSpec.Constraint;
import org.mosslsm.sql.type.SqlType;
import org.mosslsm.sql.type.SqlType.Family;
import org.mosslsm.sql.type.SqlType.Kind;

/** Turns terms over a table's row into alternatives: what single columns must be for the term to be true. */
final class TermRanges {
    private static final int MOST_COMBINED = 10_000;

    private final List<Integer> ordinals;
    private final int mostBoxes;
    private final int mostAlternatives;

    /**
     * @param mostBoxes of several terms combined
     * @param mostAlternatives of one OR
     */
    TermRanges(List<Integer> ordinals, int mostBoxes, int mostAlternatives) {
        this.ordinals = ordinals;
        this.mostBoxes = mostBoxes;
        this.mostAlternatives = mostAlternatives;
    }

    /**
     * Rows that satisfy the term are in one of the boxes; where {@code exact}, all rows of the boxes satisfy it.
     *
     * @param boxes each from ordinal to constraint; none: the term is never true
     */
    record Alternatives(List<Map<Integer, Constraint>> boxes, boolean exact) {
        static Alternatives one(int ordinal, Constraint c, boolean exact) {
            return new Alternatives(List.of(Map.of(ordinal, c)), exact);
        }
    }

    /** The alternatives of a term; null where it says nothing about single columns. */
    Alternatives of(ScalarExpr term) {
        if (term instanceof ScalarExpr.Literal l) {
            boolean isTrue = Boolean.TRUE.equals(l.value());
            return new Alternatives(isTrue ? List.of(Map.of()) : List.of(), true);
        }
        if (term instanceof ScalarExpr.Compare c) {
            return compare(c);
        }
        if (term instanceof ScalarExpr.InList i) {
            return inList(i);
        }
        if (term instanceof ScalarExpr.And a) {
            return and(a.operands());
        }
        if (term instanceof ScalarExpr.Or o) {
            return or(o.operands());
        }
        if (term instanceof ScalarExpr.Like l) {
            return like(l);
        }
        if (term instanceof ScalarExpr.IsNull n && n.operand() instanceof ColumnRef c) {
            return Alternatives.one(ordinal(c), new KeyRangeSpec.Null(), true);
        }
        if (term instanceof ScalarExpr.Not n) {
            return not(n);
        }
        return term instanceof ColumnRef c && c.type().kind() == Kind.BOOLEAN ? truth(c, true) : null;
    }

    private Alternatives not(ScalarExpr.Not n) {
        if (n.operand() instanceof ScalarExpr.IsNull i && i.operand() instanceof ColumnRef c) {
            return Alternatives.one(ordinal(c), new KeyRangeSpec.NotNull(), true);
        }
        return n.operand() instanceof ColumnRef c && c.type().kind() == Kind.BOOLEAN ? truth(c, false) : null;
    }

    private Alternatives truth(ColumnRef c, boolean value) {
        ScalarExpr literal = value ? ScalarExpr.Literal.TRUE : ScalarExpr.Literal.FALSE;
        return Alternatives.one(ordinal(c), new KeyRangeSpec.Comparison(CompareOp.EQ, literal), true);
    }

    private int ordinal(ColumnRef c) {
        return ordinals.get(c.index());
    }

    // ---- comparisons

    private Alternatives compare(ScalarExpr.Compare c) {
        if (c.op() == CompareOp.NE) {
            return null;
        }
        ColumnRef left = column(c.left());
        if (left != null && isValue(c.right())) {
            return compare(left, c.op(), c.right());
        }
        ColumnRef right = column(c.right());
        return right != null && isValue(c.left()) ? compare(right, c.op().swapped(), c.left()) : null;
    }

    private Alternatives compare(ColumnRef column, CompareOp op, ScalarExpr value) {
        return fits(column, value)
                ? Alternatives.one(ordinal(column), new KeyRangeSpec.Comparison(op, value), true)
                : null;
    }

    private Alternatives inList(ScalarExpr.InList in) {
        ColumnRef column = column(in.operand());
        if (column == null || !in.items().stream().allMatch(v -> isValue(v) && fits(column, v))) {
            return null;
        }
        return in.items().isEmpty()
                ? new Alternatives(List.of(), true)
                : Alternatives.one(ordinal(column), new KeyRangeSpec.OneOf(in.items()), true);
    }

    /** The column that an operand shows; a cast to a wider type keeps the order of its values. */
    private static ColumnRef column(ScalarExpr e) {
        if (e instanceof ColumnRef c) {
            return c;
        }
        return e instanceof ScalarExpr.Cast cast
                        && cast.operand() instanceof ColumnRef c
                        && isExactWidening(c.type(), cast.type())
                ? c
                : null;
    }

    /** Whether the cast maps different values to different values, in the same order. */
    private static boolean isExactWidening(SqlType from, SqlType to) {
        return switch (from.kind()) {
            case SMALLINT, INTEGER -> to.family() == Family.INTEGER || isAny(to) || to.kind() == Kind.DOUBLE;
            case BIGINT -> to.kind() == Kind.BIGINT || isAny(to);
            case DECIMAL -> isAny(to);
            case REAL -> to.kind() == Kind.DOUBLE;
            case DATE -> to.kind() == Kind.TIMESTAMP;
            default -> false;
        };
    }

    private static boolean isAny(SqlType type) {
        return type.kind() == Kind.DECIMAL && type.precision() == 0;
    }

    /** Whether the bounds of a scan can be made from a value of that type exactly. */
    private static boolean fits(ColumnRef column, ScalarExpr value) {
        SqlType from = column.type();
        SqlType to = value.type();
        return switch (from.family()) {
            case INTEGER ->
                to.family() == Family.INTEGER
                        || to.family() == Family.DECIMAL
                        || (to.isDouble() && from.kind() != Kind.BIGINT);
            case DECIMAL -> to.family() == Family.INTEGER || to.family() == Family.DECIMAL;
            case APPROXIMATE -> to.isDouble();
            case DATE -> to.family() == Family.DATE || to.kind() == Kind.TIMESTAMP;
            case TIMESTAMP -> from.kind() == to.kind();
            case CHARACTER -> to.isCharacter();
            default -> from.family() == to.family();
        };
    }

    /** Whether it has one value for the whole scan. */
    private static boolean isValue(ScalarExpr e) {
        return Conjuncts.readsNothing(e) && !Conjuncts.isVolatile(e);
    }

    // ---- LIKE

    private Alternatives like(ScalarExpr.Like like) {
        ColumnRef column = likened(like.operand());
        boolean usable = column != null
                && !like.ignoreCase()
                && like.pattern() instanceof ScalarExpr.Literal
                && like.escape() instanceof ScalarExpr.Literal;
        if (!usable) {
            return null;
        }
        Object pattern = ((ScalarExpr.Literal) like.pattern()).value();
        Object escape = ((ScalarExpr.Literal) like.escape()).value();
        if (pattern == null || escape == null) {
            return new Alternatives(List.of(), true);
        }
        String text = (String) pattern;
        String escapes = (String) escape;
        if (escapes.length() > 1) {
            return null;
        }
        StringBuilder prefix = new StringBuilder();
        int i = 0;
        while (i < text.length()) {
            // The escape character first: it may be a wildcard itself.
            if (!escapes.isEmpty() && text.charAt(i) == escapes.charAt(0)) {
                i++;
                if (i == text.length()) {
                    return null;
                }
            } else if (text.charAt(i) == '%' || text.charAt(i) == '_') {
                break;
            }
            prefix.append(text.charAt(i++));
        }
        boolean padded = column.type().kind() == Kind.CHAR;
        while (padded && !prefix.isEmpty() && prefix.charAt(prefix.length() - 1) == ' ') {
            prefix.setLength(prefix.length() - 1);
        }
        if (prefix.isEmpty()) {
            return null;
        }
        ScalarExpr value = new ScalarExpr.Literal(prefix.toString(), SqlType.TEXT);
        boolean onlyPrefix = i == text.length() - 1 && text.charAt(i) == '%';
        Constraint c = i == text.length()
                ? new KeyRangeSpec.Comparison(CompareOp.EQ, value)
                : new KeyRangeSpec.StartsWith(value);
        boolean exact = !padded && (onlyPrefix || i == text.length());
        return Alternatives.one(ordinal(column), c, exact);
    }

    /** The column that LIKE looks at: itself, or a CHAR with its blanks, which its keys do not have. */
    private static ColumnRef likened(ScalarExpr operand) {
        if (operand instanceof ColumnRef c) {
            return c;
        }
        return operand instanceof ScalarExpr.Call call
                        && call.function().name().equals("rpad")
                        && call.arguments().get(0) instanceof ColumnRef c
                        && c.type().kind() == Kind.CHAR
                        && call.arguments().size() == 2
                        && call.arguments()
                                .get(1)
                                .equals(new ScalarExpr.Literal((long) c.type().length(), SqlType.BIGINT))
                ? c
                : null;
    }

    // ---- AND and OR

    private Alternatives and(List<ScalarExpr> operands) {
        List<Map<Integer, Constraint>> boxes = List.of(Map.of());
        boolean exact = true;
        boolean any = false;
        for (ScalarExpr o : operands) {
            Alternatives a = of(o);
            List<Map<Integer, Constraint>> combined = a == null ? List.of() : combine(boxes, a.boxes());
            if (a == null || combined.size() > mostBoxes) {
                exact = false;
            } else {
                boxes = combined;
                exact &= a.exact();
                any = true;
            }
        }
        return any ? new Alternatives(boxes, exact) : null;
    }

    private Alternatives or(List<ScalarExpr> operands) {
        List<Map<Integer, Constraint>> boxes = new ArrayList<>();
        boolean exact = true;
        for (ScalarExpr o : operands) {
            Alternatives a = of(o);
            if (a == null) {
                return null;
            }
            boxes.addAll(a.boxes());
            exact &= a.exact();
        }
        List<Map<Integer, Constraint>> merged = mergeSingles(boxes);
        return merged.size() > mostAlternatives ? null : new Alternatives(merged, exact);
    }

    /** Alternatives that all concern one same column become one constraint of it. */
    private static List<Map<Integer, Constraint>> mergeSingles(List<Map<Integer, Constraint>> boxes) {
        if (boxes.size() < 2) {
            return boxes;
        }
        Integer column = null;
        List<Constraint> constraints = new ArrayList<>();
        for (Map<Integer, Constraint> box : boxes) {
            if (box.size() != 1) {
                return boxes;
            }
            Integer ordinal = box.keySet().iterator().next();
            if (column != null && !column.equals(ordinal)) {
                return boxes;
            }
            column = ordinal;
            Constraint c = box.get(ordinal);
            if (c instanceof KeyRangeSpec.AnyOf a) {
                constraints.addAll(a.terms());
            } else {
                constraints.add(c);
            }
        }
        return List.of(Map.of(column, new KeyRangeSpec.AnyOf(constraints)));
    }

    /** Every box of the one with every box of the other. */
    static List<Map<Integer, Constraint>> combine(List<Map<Integer, Constraint>> a, List<Map<Integer, Constraint>> b) {
        if ((long) a.size() * b.size() > MOST_COMBINED) {
            // Too many to even try: the caller refuses what is longer than its limit.
            return java.util.Collections.nCopies(MOST_COMBINED + 1, Map.of());
        }
        if (a.size() == 1 && a.get(0).isEmpty()) {
            return b;
        }
        List<Map<Integer, Constraint>> all = new ArrayList<>();
        for (Map<Integer, Constraint> x : a) {
            for (Map<Integer, Constraint> y : b) {
                all.add(RangeExtractor.meet(x, y));
            }
        }
        return all;
    }
}

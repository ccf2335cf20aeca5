package org.mosslsm.sql.expr;

import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.mosslsm.sql.expr.ScalarExpr.Like;
import org.mosslsm.sql.expr.ScalarExpr.Literal;
import org.mosslsm.sql.type.SqlType;
import org.mosslsm.sql.type.ValueKeys;
import org.mosslsm.sql.type.ValueOrder;

/** Evaluators of IN lists and of LIKE. */
final class Membership {
    private Membership() {}

    static Evaluator make(Evaluator operand, SqlType type, List<ScalarExpr> items, Evaluator[] evaluators) {
        boolean constants = items.stream().allMatch(Literal.class::isInstance);
        if (!constants || items.isEmpty()) {
            return new Listed(operand, evaluators, ValueOrder.of(type));
        }
        Object[] values = items.stream().map(e -> ((Literal) e).value()).toArray();
        boolean hasNull = Arrays.stream(values).anyMatch(Objects::isNull);
        Object[] known = Arrays.stream(values).filter(Objects::nonNull).toArray();
        return type.isLong()
                ? new LongSet(
                        operand, Arrays.stream(known).mapToLong(v -> (Long) v).toArray(), hasNull)
                : new KeySet(operand, type, known, hasNull);
    }

    /** What a list says about a value it was found in or not. */
    private static Truth answer(boolean found, boolean hasNull) {
        return found ? Truth.TRUE : hasNull ? Truth.UNKNOWN : Truth.FALSE;
    }

    /** A list with items that are known only when it runs. */
    private static final class Listed extends PredicateEvaluator {
        private final Evaluator operand;
        private final Evaluator[] items;
        private final Comparator<Object> order;

        Listed(Evaluator operand, Evaluator[] items, Comparator<Object> order) {
            this.operand = operand;
            this.items = items;
            this.order = order;
        }

        @Override
        public Truth test(Row row, EvalContext context) {
            if (items.length == 0) {
                return Truth.FALSE;
            }
            Object v = operand.eval(row, context);
            if (v == null) {
                return Truth.UNKNOWN;
            }
            boolean hasNull = false;
            for (Evaluator item : items) {
                Object other = item.eval(row, context);
                if (other == null) {
                    hasNull = true;
                } else if (order.compare(v, other) == 0) {
                    return Truth.TRUE;
                }
            }
            return answer(false, hasNull);
        }
    }

    /** Constant whole numbers, dates or times, sorted. */
    private static final class LongSet extends PredicateEvaluator {
        private final Evaluator operand;
        private final long[] sorted;
        private final boolean hasNull;

        LongSet(Evaluator operand, long[] values, boolean hasNull) {
            this.operand = operand;
            this.sorted = values;
            this.hasNull = hasNull;
            Arrays.sort(sorted);
        }

        @Override
        public Truth test(Row row, EvalContext context) {
            long v = operand.evalLong(row, context);
            if (v == NULL_LONG && operand.eval(row, context) == null) {
                return Truth.UNKNOWN;
            }
            return answer(Arrays.binarySearch(sorted, v) >= 0, hasNull);
        }
    }

    /** Constants of other types, hashed. */
    private static final class KeySet extends PredicateEvaluator {
        private final Evaluator operand;
        private final SqlType type;
        private final Set<Object> keys = new HashSet<>();
        private final boolean hasNull;

        KeySet(Evaluator operand, SqlType type, Object[] values, boolean hasNull) {
            this.operand = operand;
            this.type = type;
            this.hasNull = hasNull;
            for (Object v : values) {
                keys.add(ValueKeys.key(v, type));
            }
        }

        @Override
        public Truth test(Row row, EvalContext context) {
            Object v = operand.eval(row, context);
            return v == null ? Truth.UNKNOWN : answer(keys.contains(ValueKeys.key(v, type)), hasNull);
        }
    }

    static Evaluator like(Like e, Evaluator operand, Evaluator pattern, Evaluator escape) {
        boolean constant = e.pattern() instanceof Literal p
                && e.escape() instanceof Literal c
                && p.value() != null
                && c.value() != null;
        if (constant) {
            String p = (String) ((Literal) e.pattern()).value();
            String c = (String) ((Literal) e.escape()).value();
            return isSound(p, c, e.ignoreCase())
                    ? new FixedLike(operand, LikePattern.of(p, c, e.ignoreCase()))
                    : new AnyLike(operand, pattern, escape, e.ignoreCase());
        }
        return new AnyLike(operand, pattern, escape, e.ignoreCase());
    }

    /** An unsound pattern is an error of the row that meets it, not of the plan. */
    private static boolean isSound(String pattern, String escape, boolean ignoreCase) {
        try {
            LikePattern.of(pattern, escape, ignoreCase);
            return true;
        } catch (org.mosslsm.sql.error.SqlException e) {
            return false;
        }
    }

    /** LIKE with a constant pattern. */
    private static final class FixedLike extends PredicateEvaluator {
        private final Evaluator operand;
        private final LikePattern pattern;

        FixedLike(Evaluator operand, LikePattern pattern) {
            this.operand = operand;
            this.pattern = pattern;
        }

        @Override
        public Truth test(Row row, EvalContext context) {
            Object v = operand.eval(row, context);
            return v == null ? Truth.UNKNOWN : Truth.of(pattern.matches((String) v, context));
        }
    }

    /** LIKE with a pattern of each row's own. */
    private static final class AnyLike extends PredicateEvaluator {
        private final Evaluator operand;
        private final Evaluator pattern;
        private final Evaluator escape;
        private final boolean ignoreCase;

        AnyLike(Evaluator operand, Evaluator pattern, Evaluator escape, boolean ignoreCase) {
            this.operand = operand;
            this.pattern = pattern;
            this.escape = escape;
            this.ignoreCase = ignoreCase;
        }

        @Override
        public Truth test(Row row, EvalContext context) {
            Object v = operand.eval(row, context);
            Object p = v == null ? null : pattern.eval(row, context);
            Object e = p == null ? null : escape.eval(row, context);
            if (e == null) {
                return Truth.UNKNOWN;
            }
            return Truth.of(LikePattern.of((String) p, (String) e, ignoreCase).matches((String) v, context));
        }
    }
}

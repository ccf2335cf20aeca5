package org.mosslsm.sql.expr;

/** Evaluators of logic and of choice; operands that do not matter are not evaluated. */
final class Logic {
    private Logic() {}

    /** AND. */
    static final class Conjunction extends PredicateEvaluator {
        private final Evaluator[] operands;

        Conjunction(Evaluator[] operands) {
            this.operands = operands;
        }

        @Override
        public Truth test(Row row, EvalContext context) {
            Truth result = Truth.TRUE;
            for (Evaluator e : operands) {
                Truth t = e.test(row, context);
                if (t == Truth.FALSE) {
                    return t;
                }
                if (t == Truth.UNKNOWN) {
                    result = t;
                }
            }
            return result;
        }
    }

    /** OR. */
    static final class Disjunction extends PredicateEvaluator {
        private final Evaluator[] operands;

        Disjunction(Evaluator[] operands) {
            this.operands = operands;
        }

        @Override
        public Truth test(Row row, EvalContext context) {
            Truth result = Truth.FALSE;
            for (Evaluator e : operands) {
                Truth t = e.test(row, context);
                if (t == Truth.TRUE) {
                    return t;
                }
                if (t == Truth.UNKNOWN) {
                    result = t;
                }
            }
            return result;
        }
    }

    /** NOT. */
    static final class Negation extends PredicateEvaluator {
        private final Evaluator operand;

        Negation(Evaluator operand) {
            this.operand = operand;
        }

        @Override
        public Truth test(Row row, EvalContext context) {
            return operand.test(row, context).not();
        }
    }

    /** IS NULL of a column. */
    static final class ColumnIsNull extends PredicateEvaluator {
        private final int index;

        ColumnIsNull(int index) {
            this.index = index;
        }

        @Override
        public Truth test(Row row, EvalContext context) {
            return Truth.of(row.isNull(index));
        }
    }

    /** IS NULL. */
    static final class NullTest extends PredicateEvaluator {
        private final Evaluator operand;

        NullTest(Evaluator operand) {
            this.operand = operand;
        }

        @Override
        public Truth test(Row row, EvalContext context) {
            return Truth.of(operand.eval(row, context) == null);
        }
    }

    /** IS TRUE and its kin. */
    static final class TruthTest extends PredicateEvaluator {
        private final Evaluator operand;
        private final Truth truth;

        TruthTest(Evaluator operand, Truth truth) {
            this.operand = operand;
            this.truth = truth;
        }

        @Override
        public Truth test(Row row, EvalContext context) {
            return Truth.of(operand.test(row, context) == truth);
        }
    }

    /** CASE. */
    static final class Choice extends Evaluator {
        private final Evaluator[] conditions;
        private final Evaluator[] results;
        private final Evaluator otherwise;

        Choice(Evaluator[] conditions, Evaluator[] results, Evaluator otherwise) {
            this.conditions = conditions;
            this.results = results;
            this.otherwise = otherwise;
        }

        private Evaluator chosen(Row row, EvalContext context) {
            for (int i = 0; i < conditions.length; i++) {
                if (conditions[i].test(row, context) == Truth.TRUE) {
                    return results[i];
                }
            }
            return otherwise;
        }

        @Override
        public Object eval(Row row, EvalContext context) {
            return chosen(row, context).eval(row, context);
        }

        @Override
        public Truth test(Row row, EvalContext context) {
            return chosen(row, context).test(row, context);
        }
    }

    /** COALESCE. */
    static final class FirstKnown extends Evaluator {
        private final Evaluator[] operands;

        FirstKnown(Evaluator[] operands) {
            this.operands = operands;
        }

        @Override
        public Object eval(Row row, EvalContext context) {
            for (Evaluator e : operands) {
                Object v = e.eval(row, context);
                if (v != null) {
                    return v;
                }
            }
            return null;
        }
    }
}

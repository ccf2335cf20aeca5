package org.mosslsm.sql.expr;

/** Evaluators of subqueries: they give the slots their values and leave the rest to the {@link SubplanRunner}. */
final class Subqueries {
    private Subqueries() {}

    private static Object[] values(Evaluator[] evaluators, Row row, EvalContext context) {
        Object[] values = new Object[evaluators.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = evaluators[i].eval(row, context);
        }
        return values;
    }

    /** The one value of a subquery. */
    static final class ScalarValue extends Evaluator {
        private final Subplan plan;
        private final OuterSlots slots;
        private final Evaluator[] outers;

        ScalarValue(Subquery.Scalar e, Evaluator[] outers) {
            this.plan = e.plan();
            this.slots = OuterSlots.of(e.bindings());
            this.outers = outers;
        }

        @Override
        public Object eval(Row row, EvalContext context) {
            return context.subplans().scalar(plan, slots, values(outers, row, context));
        }
    }

    /** One value of the row of a subquery. */
    static final class RowItem extends Evaluator {
        private final Subquery.Item item;
        private final Subplan plan;
        private final OuterSlots slots;
        private final Evaluator[] outers;

        RowItem(Subquery.Item item, Subquery.Scalar e, Evaluator[] outers) {
            this.item = item;
            this.plan = e.plan();
            this.slots = OuterSlots.of(e.bindings());
            this.outers = outers;
        }

        @Override
        public Object eval(Row row, EvalContext context) {
            return context.subplans().item(item, plan, slots, values(outers, row, context));
        }
    }

    /** EXISTS. */
    static final class ExistsTest extends PredicateEvaluator {
        private final Subplan plan;
        private final OuterSlots slots;
        private final Evaluator[] outers;

        ExistsTest(Subquery.Exists e, Evaluator[] outers) {
            this.plan = e.plan();
            this.slots = OuterSlots.of(e.bindings());
            this.outers = outers;
        }

        @Override
        public Truth test(Row row, EvalContext context) {
            return Truth.of(context.subplans().exists(plan, slots, values(outers, row, context)));
        }
    }

    /** IN. */
    static final class InTest extends PredicateEvaluator {
        private final Subplan plan;
        private final OuterSlots slots;
        private final Evaluator[] outers;
        private final Evaluator[] left;

        InTest(Subquery.In e, Evaluator[] outers, Evaluator[] left) {
            this.plan = e.plan();
            this.slots = OuterSlots.of(e.bindings());
            this.outers = outers;
            this.left = left;
        }

        @Override
        public Truth test(Row row, EvalContext context) {
            Object[] operands = values(left, row, context);
            return context.subplans().in(operands, plan, slots, values(outers, row, context));
        }
    }

    /** A comparison with ANY or ALL. */
    static final class QuantifiedTest extends PredicateEvaluator {
        private final CompareOp op;
        private final boolean all;
        private final Subplan plan;
        private final OuterSlots slots;
        private final Evaluator[] outers;
        private final Evaluator left;

        QuantifiedTest(Subquery.Quantified e, Evaluator[] outers, Evaluator left) {
            this.op = e.op();
            this.all = e.all();
            this.plan = e.plan();
            this.slots = OuterSlots.of(e.bindings());
            this.outers = outers;
            this.left = left;
        }

        @Override
        public Truth test(Row row, EvalContext context) {
            Object operand = left.eval(row, context);
            return context.subplans().quantified(op, all, operand, plan, slots, values(outers, row, context));
        }
    }
}

package org.mosslsm.sql.expr;

/** An evaluator whose natural answer is a truth. */
abstract class PredicateEvaluator extends Evaluator {
    @Override
    public abstract Truth test(Row row, EvalContext context);

    @Override
    public final Object eval(Row row, EvalContext context) {
        return test(row, context).value();
    }
}

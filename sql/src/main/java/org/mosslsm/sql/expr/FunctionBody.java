package org.mosslsm.sql.expr;

/**
 * The code of a function, in the shape that fits it best: primitive where the types are, so that chains of arithmetic
 * box nothing. Bodies of strict functions never see NULL.
 */
sealed interface FunctionBody {
    /** The five operations on numbers, in the domain of the arguments' type. */
    record Arithmetic(ArithmeticOp op) implements FunctionBody {}

    /** No arguments, and the execution's surroundings. */
    non-sealed interface Nullary extends FunctionBody {
        Object apply(EvalContext context);
    }

    /** One argument. */
    non-sealed interface Unary extends FunctionBody {
        Object apply(Object a);
    }

    /** Two arguments. */
    non-sealed interface Binary extends FunctionBody {
        Object apply(Object a, Object b);
    }

    /** Any number of arguments. */
    non-sealed interface Variadic extends FunctionBody {
        Object apply(Object[] arguments);
    }

    /** Arguments that are evaluated where they are needed, and only there. */
    non-sealed interface Lazy extends FunctionBody {
        Object apply(Evaluator[] arguments, Row row, EvalContext context);
    }

    /** Any number of arguments, and the execution's surroundings. */
    non-sealed interface Contextual extends FunctionBody {
        Object apply(Object[] arguments, EvalContext context);
    }
}

package org.mosslsm.sql.expr;

/**
 * The code of a function, in the shape that fits it best: primitive where the types are, so that chains of arithmetic
 * box nothing. Bodies of strict functions never see NULL.
 */
sealed interface FunctionBody {
    /** long, long to long; arguments and result hold Long. */
    non-sealed interface LongBinary extends FunctionBody {
        long apply(long a, long b);
    }

    /** double, double to double; arguments and result hold Double. */
    non-sealed interface DoubleBinary extends FunctionBody {
        double apply(double a, double b);
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

    /** Any number of arguments, and the execution's surroundings. */
    non-sealed interface Contextual extends FunctionBody {
        Object apply(Object[] arguments, EvalContext context);
    }
}

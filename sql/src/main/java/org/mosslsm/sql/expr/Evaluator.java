package org.mosslsm.sql.expr;

/**
 * An expression ready to run: a tree of closures, compiled once a plan, without state, shared by all threads.
 *
 * <p>Besides {@link #eval} there are three ways to ask that box nothing. The primitive ones have no NULL of their own,
 * so they answer a mark instead; who meets the mark asks {@code eval}, which tells NULL from the rare value that equals
 * the mark:
 *
 * <pre>
 * long v = e.evalLong(row, ctx);
 * if (v == Evaluator.NULL_LONG &amp;&amp; e.eval(row, ctx) == null) ... NULL
 * double d = e.evalDouble(row, ctx);
 * if (Double.isNaN(d) &amp;&amp; e.eval(row, ctx) == null) ... NULL
 * </pre>
 */
public abstract class Evaluator {
    /** Mark of {@link #evalLong} for NULL, and one possible value; a number nobody meets by counting. */
    public static final long NULL_LONG = 0x8A5C_93D1_7E46_2B0FL;

    /** Mark of {@link #evalDouble} for NULL, and one possible value. */
    public static final double NULL_DOUBLE = Double.NaN;

    /** Compiles {@code expr}. */
    public static Evaluator compile(ScalarExpr expr) {
        return Compiler.compile(expr);
    }

    /**
     * The value; null is NULL.
     *
     * @throws org.mosslsm.sql.error.SqlException when the value cannot be computed (22012, 22003, ...)
     */
    public abstract Object eval(Row row, EvalContext context);

    /** The truth of a BOOLEAN expression. */
    public Truth test(Row row, EvalContext context) {
        return Truth.ofValue(eval(row, context));
    }

    /** The value of an expression that holds a Long, or {@link #NULL_LONG}. */
    public long evalLong(Row row, EvalContext context) {
        Object v = eval(row, context);
        return v == null ? NULL_LONG : (Long) v;
    }

    /** The value of an expression that holds a Double, or {@link #NULL_DOUBLE}. */
    public double evalDouble(Row row, EvalContext context) {
        Object v = eval(row, context);
        return v == null ? NULL_DOUBLE : (Double) v;
    }
}

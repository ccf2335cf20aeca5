package org.mosslsm.sql.expr;

import org.mosslsm.sql.type.SqlType;
import org.mosslsm.sql.type.SqlType.Family;

/**
 * The aggregate functions. All but the counts give NULL for no rows, and all but COUNT(*) pass over rows of which an
 * argument is NULL (STRING_AGG: its first).
 */
public enum AggregateFunction {
    /** Number of rows. */
    COUNT_STAR,
    /** Number of values that are not NULL. */
    COUNT,
    /** Sum. */
    SUM,
    /** Mean. */
    AVG,
    /** Least value. */
    MIN,
    /** Greatest value. */
    MAX,
    /** Whether all are true; SQL's EVERY. */
    BOOL_AND,
    /** Whether one is true. */
    BOOL_OR,
    /** Bits that all have. */
    BIT_AND,
    /** Bits that one has. */
    BIT_OR,
    /** Bits that an odd number has. */
    BIT_XOR,
    /** The values one after another, the second argument between them. */
    STRING_AGG,
    /** Variance of the rows as the whole population. */
    VAR_POP,
    /** Variance of the population that the rows are a sample of; NULL of one row. */
    VAR_SAMP,
    /** Square root of VAR_POP. */
    STDDEV_POP,
    /** Square root of VAR_SAMP. */
    STDDEV_SAMP,
    /** Covariance of the rows as the whole population; this and all that follow: of y and x, in that order. */
    COVAR_POP,
    /** Covariance of the population that the rows are a sample of. */
    COVAR_SAMP,
    /** Coefficient of correlation. */
    CORR,
    /** Number of pairs. */
    REGR_COUNT,
    /** Mean of x. */
    REGR_AVGX,
    /** Mean of y. */
    REGR_AVGY,
    /** Sum of squares of x about its mean. */
    REGR_SXX,
    /** Sum of squares of y about its mean. */
    REGR_SYY,
    /** Sum of products about the means. */
    REGR_SXY,
    /** Slope of the line of least squares. */
    REGR_SLOPE,
    /** Where that line meets x = 0. */
    REGR_INTERCEPT,
    /** Square of the coefficient of correlation. */
    REGR_R2;

    /** Number of arguments. */
    public int arity() {
        return this == COUNT_STAR ? 0 : this == STRING_AGG || isOfPairs() ? 2 : 1;
    }

    /** Whether the function is of pairs of numbers (y, x). */
    public boolean isOfPairs() {
        return compareTo(COVAR_POP) >= 0;
    }

    /** Whether it never gives NULL. */
    public boolean isCount() {
        return this == COUNT_STAR || this == COUNT || this == REGR_COUNT;
    }

    /** Whether the order of the rows makes a difference. */
    public boolean isOrdered() {
        return this == STRING_AGG;
    }

    /** Whether equal values make no difference. */
    public boolean isIdempotent() {
        return switch (this) {
            case MIN, MAX, BOOL_AND, BOOL_OR, BIT_AND, BIT_OR -> true;
            default -> false;
        };
    }

    /** Whether the function can be applied to values of {@code type}; of two arguments, to the first. */
    public boolean accepts(SqlType type) {
        return switch (this) {
            case COUNT_STAR -> false;
            case COUNT, MIN, MAX -> true;
            case BOOL_AND, BOOL_OR -> type.family() == Family.BOOLEAN || type.isUnknown();
            case BIT_AND, BIT_OR, BIT_XOR -> type.family() == Family.INTEGER || type.isUnknown();
            case SUM, AVG -> type.isNumeric() || type.family() == Family.INTERVAL || type.isUnknown();
            case STRING_AGG -> type.isCharacter() || type.family() == Family.BINARY || type.isUnknown();
            default -> type.isNumeric() || type.isUnknown();
        };
    }

    /** The type an argument of type {@code type} is converted to. */
    SqlType parameterType(SqlType type) {
        return switch (this) {
            case SUM, AVG, BIT_AND, BIT_OR, BIT_XOR, VAR_POP, VAR_SAMP, STDDEV_POP, STDDEV_SAMP ->
                type.isUnknown() ? SqlType.BIGINT : type;
            case BOOL_AND, BOOL_OR -> SqlType.BOOLEAN;
            case STRING_AGG -> type.family() == Family.BINARY ? SqlType.BLOB : SqlType.TEXT;
            default -> isOfPairs() ? SqlType.DOUBLE : type.isUnknown() ? SqlType.TEXT : type;
        };
    }

    /** Type of the result for a first argument of type {@code argument}, which is ignored for the counts. */
    public SqlType resultType(SqlType argument) {
        return switch (this) {
            case COUNT_STAR, COUNT, REGR_COUNT -> SqlType.BIGINT;
            case MIN, MAX, BIT_AND, BIT_OR, BIT_XOR -> argument;
            case BOOL_AND, BOOL_OR -> SqlType.BOOLEAN;
            case SUM ->
                switch (argument.family()) {
                    case INTEGER -> argument.kind() == SqlType.Kind.BIGINT ? SqlType.DECIMAL : SqlType.BIGINT;
                    case UNKNOWN -> SqlType.BIGINT;
                    case DECIMAL, INTERVAL, APPROXIMATE -> argument.unsized();
                    default -> SqlType.DOUBLE;
                };
            case AVG ->
                switch (argument.family()) {
                    case APPROXIMATE -> SqlType.DOUBLE;
                    case INTERVAL -> SqlType.INTERVAL;
                    default -> SqlType.DECIMAL;
                };
            case VAR_POP, VAR_SAMP, STDDEV_POP, STDDEV_SAMP ->
                argument.family() == Family.APPROXIMATE ? SqlType.DOUBLE : SqlType.DECIMAL;
            case STRING_AGG -> argument.family() == Family.BINARY ? SqlType.BLOB : SqlType.TEXT;
            default -> SqlType.DOUBLE;
        };
    }
}

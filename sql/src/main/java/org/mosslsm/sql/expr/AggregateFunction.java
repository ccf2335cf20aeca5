package org.mosslsm.sql.expr;

import org.mosslsm.sql.type.SqlType;
import org.mosslsm.sql.type.SqlType.Family;

/** The aggregate functions. All but COUNT give NULL for no rows, and all but COUNT(*) pass over NULLs. */
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
    MAX;

    /** Whether the function can be applied to values of {@code type}. */
    public boolean accepts(SqlType type) {
        return switch (this) {
            case COUNT_STAR -> false;
            case COUNT, MIN, MAX -> true;
            case SUM, AVG -> type.isNumeric() || type.isUnknown();
        };
    }

    /** Type of the result for an argument of type {@code argument}; ignored for COUNT. */
    public SqlType resultType(SqlType argument) {
        return switch (this) {
            case COUNT_STAR, COUNT -> SqlType.BIGINT;
            case MIN, MAX -> argument;
            case SUM ->
                argument.family() == Family.INTEGER || argument.isUnknown()
                        ? SqlType.BIGINT
                        : argument.family() == Family.DECIMAL ? SqlType.DECIMAL : SqlType.DOUBLE;
            case AVG -> argument.family() == Family.APPROXIMATE ? SqlType.DOUBLE : SqlType.DECIMAL;
        };
    }
}

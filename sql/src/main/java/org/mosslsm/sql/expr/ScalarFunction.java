package org.mosslsm.sql.expr;

import java.util.List;
import java.util.Objects;
import org.mosslsm.sql.type.SqlType;

/**
 * A function chosen for the types of its arguments, operators included ({@code +}, {@code ||}). Found through {@link
 * ExprFactory#call}. Immutable; equal when name and types are.
 */
public final class ScalarFunction {
    /** How long a function's answer for the same arguments holds. */
    public enum Volatility {
        /** For ever: may be computed when the plan is made. */
        IMMUTABLE,
        /** For the transaction: CURRENT_TIMESTAMP and its kin. */
        STABLE,
        /** Not at all: random numbers. */
        VOLATILE
    }

    private final String name;
    private final List<SqlType> parameters;
    private final SqlType returns;
    private final Volatility volatility;
    private final boolean strict;
    private final FunctionBody body;

    ScalarFunction(
            String name,
            List<SqlType> parameters,
            SqlType returns,
            Volatility volatility,
            boolean strict,
            FunctionBody body) {
        this.name = name;
        this.parameters = List.copyOf(parameters);
        this.returns = returns;
        this.volatility = volatility;
        this.strict = strict;
        this.body = body;
    }

    /** Name in lower case, or the operator's symbol. */
    public String name() {
        return name;
    }

    /** Types of the arguments, one each. */
    public List<SqlType> parameters() {
        return parameters;
    }

    /** Type of the result. */
    public SqlType returns() {
        return returns;
    }

    /** How long an answer holds. */
    public Volatility volatility() {
        return volatility;
    }

    /** Whether it gives another value each time, also within one statement. */
    public boolean isVolatile() {
        return volatility == Volatility.VOLATILE;
    }

    /** Whether the result is NULL as soon as one argument is. */
    public boolean strict() {
        return strict;
    }

    FunctionBody body() {
        return body;
    }

    @Override
    public boolean equals(Object o) {
        if (o == this) {
            return true;
        }
        return o instanceof ScalarFunction f
                && name.equals(f.name)
                && parameters.equals(f.parameters)
                && returns.equals(f.returns);
    }

    @Override
    public int hashCode() {
        return Objects.hash(name, parameters, returns);
    }

    @Override
    public String toString() {
        return name + parameters;
    }
}

package org.mosslsm.jdbc;

import java.sql.SQLException;
import java.util.AbstractList;
import java.util.Arrays;
import java.util.List;
import java.util.RandomAccess;
import org.mosslsm.sql.TypedParameters;
import org.mosslsm.sql.error.SqlException;
import org.mosslsm.sql.type.SqlType;

/**
 * The parameters of one execution: what the application gave, and the engine's values of that for the types the statement
 * had then. Immutable.
 */
final class BoundParameters extends AbstractList<Object> implements TypedParameters, RandomAccess {
    private final Object[] given;
    private final Object[] values;
    private final SqlType[] types;
    private final ParameterValues.SessionZone session;

    /** Takes the arrays over; {@code given} may be {@code values}. */
    BoundParameters(Object[] given, Object[] values, SqlType[] types, ParameterValues.SessionZone session) {
        this.given = given;
        this.values = values;
        this.types = types;
        this.session = session;
    }

    @Override
    public Object get(int parameter) {
        return values[parameter];
    }

    @Override
    public int size() {
        return values.length;
    }

    @Override
    public List<Object> madeFor(List<SqlType> now) {
        for (int i = 0; i < types.length; i++) {
            if (!types[i].equals(now.get(i))) {
                return anew(now);
            }
        }
        return this;
    }

    private List<Object> anew(List<SqlType> now) {
        Object[] made = new Object[given.length];
        for (int i = 0; i < made.length; i++) {
            try {
                made[i] = ParameterValues.convert(given[i], now.get(i), session);
            } catch (SQLException e) {
                throw e.getCause() instanceof SqlException sql
                        ? sql
                        : new SqlException(e.getSQLState(), e.getMessage(), e);
            }
        }
        return Arrays.asList(made);
    }
}

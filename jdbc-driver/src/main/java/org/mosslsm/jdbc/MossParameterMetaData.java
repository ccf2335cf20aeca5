package org.mosslsm.jdbc;

import java.sql.ParameterMetaData;
import java.sql.SQLException;
import java.util.List;
import org.mosslsm.sql.type.SqlType;

/** What a statement's parameters are; the first may be what a call returns. Immutable. */
final class MossParameterMetaData implements ParameterMetaData {
    private final List<SqlType> types;
    private final boolean returning;

    MossParameterMetaData(List<SqlType> types, boolean returning) {
        this.types = types;
        this.returning = returning;
    }

    private SqlType type(int parameter) throws SQLException {
        if (parameter < 1 || parameter > types.size()) {
            throw Errors.badArgument("parameter " + parameter + " is not within 1.." + types.size());
        }
        return types.get(parameter - 1);
    }

    @Override
    public int getParameterCount() {
        return types.size();
    }

    @Override
    public int isNullable(int parameter) throws SQLException {
        type(parameter);
        return parameterNullableUnknown;
    }

    @Override
    public boolean isSigned(int parameter) throws SQLException {
        return JdbcTypes.face(type(parameter)).signed();
    }

    @Override
    public int getPrecision(int parameter) throws SQLException {
        return JdbcTypes.precision(type(parameter));
    }

    @Override
    public int getScale(int parameter) throws SQLException {
        return JdbcTypes.scale(type(parameter));
    }

    @Override
    public int getParameterType(int parameter) throws SQLException {
        return JdbcTypes.code(type(parameter));
    }

    @Override
    public String getParameterTypeName(int parameter) throws SQLException {
        return JdbcTypes.name(type(parameter));
    }

    @Override
    public String getParameterClassName(int parameter) throws SQLException {
        return JdbcTypes.className(type(parameter));
    }

    @Override
    public int getParameterMode(int parameter) throws SQLException {
        type(parameter);
        return returning && parameter == 1 ? parameterModeOut : parameterModeIn;
    }

    @Override
    public <T> T unwrap(Class<T> target) throws SQLException {
        return Wrapping.unwrap(this, target);
    }

    @Override
    public boolean isWrapperFor(Class<?> target) {
        return target.isInstance(this);
    }
}

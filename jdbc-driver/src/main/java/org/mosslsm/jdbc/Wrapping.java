package org.mosslsm.jdbc;

import java.sql.SQLException;
import org.mosslsm.sql.error.SqlState;

/** {@code unwrap} as every JDBC object of ours does it. */
final class Wrapping {
    private Wrapping() {}

    static <T> T unwrap(Object self, Class<T> target) throws SQLException {
        if (target != null && target.isInstance(self)) {
            return target.cast(self);
        }
        throw Errors.of(SqlState.INVALID_PARAMETER_VALUE, "not a wrapper for " + target);
    }
}

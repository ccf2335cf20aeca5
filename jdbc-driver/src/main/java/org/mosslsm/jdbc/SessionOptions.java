// The options of a URL that are a connection's own.
package org.mosslsm.jdbc;

import java.sql.SQLException;
import java.util.Map;
import org.mosslsm.sql.error.SqlState;

/** Sets what the URL of a connection says of its session: {@code schema}, {@code statementTimeout}, {@code readOnly}. Stateless. */
final class SessionOptions {
    private SessionOptions() {}

    /**
     * Sets them.
     *
     * @throws SQLException 08001 where a value is none of its option, and what setting it throws
     */
    static void set(MossConnection connection, Map<String, String> options) throws SQLException {
        if (options.containsKey("schema")) {
            connection.setSchema(options.get("schema"));
        }
        if (options.containsKey("statementTimeout")) {
            long millis = millis(options.get("statementTimeout"));
            connection.run(s -> s.setStatementTimeoutMillis(millis));
        }
        if (options.containsKey("readOnly")) {
            connection.setReadOnly(isTrue("readOnly", options.get("readOnly")));
        }
    }

    private static long millis(String value) throws SQLException {
        try {
            long millis = Long.parseLong(value);
            if (millis >= 0) {
                return millis;
            }
        } catch (NumberFormatException e) {
            // said below
        }
        throw Errors.of(SqlState.CANNOT_CONNECT, "statementTimeout takes milliseconds from 0 on, not '" + value + "'");
    }

    private static boolean isTrue(String option, String value) throws SQLException {
        if (!value.equalsIgnoreCase("true") && !value.equalsIgnoreCase("false")) {
            throw Errors.of(SqlState.CANNOT_CONNECT, option + " is true or false, not '" + value + "'");
        }
        return Boolean.parseBoolean(value);
    }
}

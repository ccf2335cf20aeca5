package org.mosslsm.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.sql.CallableStatement;
import java.sql.ParameterMetaData;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Types;
import org.junit.jupiter.api.Test;

/** {@code prepareCall}: functions called as JDBC writes it, and what tools prepare so that is no call at all. */
class CallTest extends MemoryConnection {
    @Test
    void whatAFunctionReturnsIsItsFirstParameter() throws SQLException {
        try (CallableStatement call = connection.prepareCall("{? = call power(?, ?)}")) {
            call.registerOutParameter(1, Types.NUMERIC);
            call.setInt(2, 2);
            call.setInt(3, 10);
            assertFalse(call.execute());
            assertEquals(1024, call.getInt(1));
            assertEquals(0, new BigDecimal(1024).compareTo(call.getBigDecimal(1)));
            assertFalse(call.wasNull());
            call.setObject(2, null, Types.INTEGER);
            assertEquals(0, call.executeUpdate());
            assertEquals(0, call.getInt(1));
            assertTrue(call.wasNull());
        }
    }

    @Test
    void aCallWithoutResultParameterGivesARow() throws SQLException {
        try (CallableStatement call = connection.prepareCall("{ CALL upper(?) }")) {
            call.setString(1, "moss");
            try (ResultSet rs = call.executeQuery()) {
                assertTrue(rs.next());
                assertEquals("MOSS", rs.getString(1));
            }
        }
        try (CallableStatement call = connection.prepareCall("{?=call pi}")) {
            call.execute();
            assertEquals(Math.PI, call.getDouble(1));
        }
    }

    /** A value that came out is the caller's; nothing is left open behind it. */
    @Test
    void whatWasReturnedOutlivesTheTransaction() throws SQLException {
        connection.setAutoCommit(false);
        try (CallableStatement call = connection.prepareCall("-- a {remark}\n/* and another */ {? = call upper(?)}")) {
            call.setString(2, "moss");
            assertFalse(call.execute());
            assertNull(call.getResultSet());
            assertEquals(0, call.getUpdateCount());
            connection.commit();
            assertEquals("MOSS", call.getString(1));
            assertFalse(call.getMoreResults());
            assertEquals("MOSS", call.getString(1));
        }
    }

    @Test
    void theMetaDataOfACallCountWhatItReturns() throws SQLException {
        try (CallableStatement call = connection.prepareCall("{? = call repeat(?, ?)}")) {
            ParameterMetaData parameters = call.getParameterMetaData();

            assertEquals(3, parameters.getParameterCount());
            assertEquals(ParameterMetaData.parameterModeOut, parameters.getParameterMode(1));
            assertEquals(String.class.getName(), parameters.getParameterClassName(1));
            assertEquals(ParameterMetaData.parameterModeIn, parameters.getParameterMode(2));
            assertEquals(String.class.getName(), parameters.getParameterClassName(2));
            assertEquals(Types.BIGINT, parameters.getParameterType(3));
            assertNull(call.getMetaData());
        }
        try (CallableStatement call = connection.prepareCall("{call upper(?)}")) {
            assertEquals(1, call.getParameterMetaData().getParameterCount());
            assertEquals(
                    ParameterMetaData.parameterModeIn,
                    call.getParameterMetaData().getParameterMode(1));
            assertEquals(1, call.getMetaData().getColumnCount());
        }
    }

    @Test
    void onlyACallableStatementGivesAParameterBack() throws SQLException {
        String call = "{? = call abs(?)}";
        try (Statement statement = connection.createStatement()) {
            assertEquals(
                    "42601",
                    assertThrows(SQLException.class, () -> connection.prepareStatement(call))
                            .getSQLState());
            assertEquals(
                    "42601",
                    assertThrows(SQLException.class, () -> statement.execute("{? = call pi()}"))
                            .getSQLState());
        }
    }

    @Test
    void anyStatementMayBePreparedAsACall() throws SQLException {
        try (CallableStatement call = connection.prepareCall("select current_schema()");
                ResultSet rs = call.executeQuery()) {
            assertTrue(rs.next());
            assertEquals("public", rs.getString(1));
        }
        try (CallableStatement call = connection.prepareCall("CREATE TABLE t (i INT)")) {
            assertFalse(call.execute());
        }
    }

    @Test
    void whatIsNotThereIsRefused() throws SQLException {
        try (CallableStatement call = connection.prepareCall("{? = call abs(?)}")) {
            assertThrows(SQLException.class, () -> call.getInt(1)); // not executed
            assertThrows(SQLException.class, () -> call.setInt(1, 3));
            assertThrows(SQLException.class, () -> call.registerOutParameter(2, Types.INTEGER));
            assertEquals(
                    "0A001",
                    assertThrows(SQLException.class, () -> call.setInt("x", 3)).getSQLState());
        }
        assertEquals(
                "42601",
                assertThrows(SQLException.class, () -> connection.prepareCall("{? = frob(?)}"))
                        .getSQLState());
    }
}

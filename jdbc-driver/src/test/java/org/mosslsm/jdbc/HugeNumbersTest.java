package org.mosslsm.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Numbers that a text of a few bytes names and that would be gigabytes written out, read by every getter of numbers. */
@SuppressWarnings("deprecation") // getBigDecimal with a scale
class HugeNumbersTest {
    /** Far more than they take, far less than writing out the digits would. */
    private static final Duration SOON = Duration.ofSeconds(20);

    private interface Getter {
        Object get(ResultSet rs) throws SQLException;
    }

    private static Object read(String text, Getter getter) throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:mosslsm:mem:");
                PreparedStatement select = connection.prepareStatement("SELECT CAST(? AS TEXT)")) {
            select.setString(1, text);
            try (ResultSet rs = select.executeQuery()) {
                assertTrue(rs.next());
                return assertTimeoutPreemptively(SOON, () -> getter.get(rs));
            }
        }
    }

    private static void refused(String text, Getter getter) {
        SQLException e = assertThrows(SQLException.class, () -> read(text, getter));
        assertEquals("22003", e.getSQLState(), e.getMessage());
    }

    @ParameterizedTest
    @ValueSource(strings = {"1e999999999", "-1e999999999", "1e2147483647", "123456789e1000000000"})
    void aLargeOneFitsNowhere(String text) {
        refused(text, rs -> rs.getByte(1));
        refused(text, rs -> rs.getShort(1));
        refused(text, rs -> rs.getInt(1));
        refused(text, rs -> rs.getLong(1));
        refused(text, rs -> rs.getBigDecimal(1));
        refused(text, rs -> rs.getBigDecimal(1, 2));
        refused(text, rs -> rs.getObject(1, Long.class));
        refused(text, rs -> rs.getObject(1, BigInteger.class));
    }

    @ParameterizedTest
    @ValueSource(strings = {"1e-999999999", "-1e-999999999", "0e-999999999", "0e999999999"})
    void aSmallOneIsNone(String text) throws SQLException {
        assertEquals(0, read(text, rs -> rs.getInt(1)));
        assertEquals(0L, read(text, rs -> rs.getLong(1)));
        assertEquals(new BigDecimal("0.00"), read(text, rs -> rs.getBigDecimal(1, 2)));
        assertEquals(BigInteger.ZERO, read(text, rs -> rs.getObject(1, BigInteger.class)));
    }

    @Test
    void othersAreWhatTheyWere() throws SQLException {
        assertEquals(12L, read("12.99", rs -> rs.getLong(1)));
        assertEquals(1000L, read("1e3", rs -> rs.getLong(1)));
        assertEquals(new BigDecimal("1.13"), read("1.125", rs -> rs.getBigDecimal(1, 2)));
        assertEquals(Long.MIN_VALUE, read("-9223372036854775808.9", rs -> rs.getLong(1)));
        assertEquals(BigInteger.TEN.pow(400), read("1e400", rs -> rs.getObject(1, BigInteger.class)));
        refused("9223372036854775808", rs -> rs.getLong(1));
    }
}

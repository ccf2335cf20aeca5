package org.mosslsm.jdbc;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.sql.BatchUpdateException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.sql.Timestamp;
import java.sql.Types;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The execute protocol, parameters, batches, results and transactions, as JDBC 4.3 describes them. */
class StatementsTest extends MemoryConnection {
    private Statement statement;

    @BeforeEach
    void connect() throws SQLException {
        statement = connection.createStatement();
        statement.execute("CREATE TABLE t (id INTEGER PRIMARY KEY, name VARCHAR(20), amount DECIMAL(10,2),"
                + " at TIMESTAMP, day DATE, ok BOOLEAN, ref UUID, raw BYTEA, seen TIMESTAMP WITH TIME ZONE)");
    }

    @Test
    void anUpdateHasACountAndNoRows() throws SQLException {
        assertFalse(statement.execute("INSERT INTO t (id, name) VALUES (1, 'a'), (2, 'b')"));
        assertEquals(2, statement.getUpdateCount());
        assertNull(statement.getResultSet());
        assertFalse(statement.getMoreResults());
        assertEquals(-1, statement.getUpdateCount());
    }

    @Test
    void aQueryHasRowsAndNoCount() throws SQLException {
        assertTrue(statement.execute("SELECT 1 AS one"));
        assertEquals(-1, statement.getUpdateCount());
        try (ResultSet rs = statement.getResultSet()) {
            assertTrue(rs.isBeforeFirst());
            assertTrue(rs.next());
            assertEquals(1, rs.getRow());
            assertEquals(1, rs.getInt("ONE"));
            assertFalse(rs.next());
        }
    }

    @Test
    void executeQueryRefusesAnUpdateAndExecuteUpdateAQuery() {
        assertAll(
                () -> assertThrows(SQLException.class, () -> statement.executeQuery("DELETE FROM t")),
                () -> assertThrows(SQLException.class, () -> statement.executeUpdate("SELECT 1")));
    }

    @Test
    void valuesOfEveryTypeGoInAndComeOut() throws SQLException {
        UUID uuid = UUID.randomUUID();
        LocalDateTime at = LocalDateTime.of(2026, 2, 3, 4, 5, 6, 789_000_000);
        OffsetDateTime seen = OffsetDateTime.of(at, ZoneOffset.ofHours(2));
        try (PreparedStatement insert = connection.prepareStatement("INSERT INTO t VALUES (?,?,?,?,?,?,?,?,?)")) {
            insert.setInt(1, 1);
            insert.setString(2, "ünï\u0000code");
            insert.setBigDecimal(3, new BigDecimal("12.345"));
            insert.setObject(4, at);
            insert.setObject(5, LocalDate.of(1500, 3, 1));
            insert.setBoolean(6, true);
            insert.setObject(7, uuid);
            insert.setBytes(8, new byte[] {0, -1});
            insert.setObject(9, seen);
            assertEquals(1, insert.executeUpdate());
        }
        try (ResultSet rs = statement.executeQuery("SELECT * FROM t")) {
            assertTrue(rs.next());
            assertAll(
                    () -> assertEquals(1, rs.getObject(1)),
                    () -> assertEquals("ünï\u0000code", rs.getString("name")),
                    () -> assertEquals(new BigDecimal("12.35"), rs.getBigDecimal(3)),
                    () -> assertEquals(Timestamp.valueOf(at), rs.getObject(4)),
                    () -> assertEquals(at, rs.getObject(4, LocalDateTime.class)),
                    () -> assertEquals("2026-02-03 04:05:06.789", rs.getString(4)),
                    () -> assertEquals(LocalDate.of(1500, 3, 1), rs.getObject(5, LocalDate.class)),
                    () -> assertTrue(rs.getBoolean(6)),
                    () -> assertEquals(uuid, rs.getObject(7)),
                    () -> assertArrayEquals(new byte[] {0, -1}, rs.getBytes(8)),
                    () -> assertTrue(seen.isEqual(rs.getObject(9, OffsetDateTime.class))));
        }
    }

    @Test
    void stringsAreTakenForNumbersAndDates() throws SQLException {
        try (PreparedStatement insert =
                connection.prepareStatement("INSERT INTO t (id, amount, at, day) VALUES (?, ?, ?, ?)")) {
            insert.setString(1, "7");
            insert.setString(2, "1.5");
            insert.setString(3, "2026-02-03 04:05:06");
            insert.setString(4, "2026-02-03");
            insert.executeUpdate();
        }
        try (ResultSet rs = statement.executeQuery("SELECT id, amount, at, day FROM t")) {
            assertTrue(rs.next());
            assertEquals(7, rs.getLong(1));
            assertEquals(new BigDecimal("1.50"), rs.getBigDecimal(2));
            assertEquals("2026-02-03", rs.getString(4));
        }
    }

    @Test
    void nullsOfAnyTypeAreTakenAndSeen() throws SQLException {
        try (PreparedStatement insert =
                connection.prepareStatement("INSERT INTO t (id, name, amount) VALUES (?, ?, ?)")) {
            insert.setInt(1, 1);
            insert.setNull(2, Types.OTHER);
            insert.setNull(3, Types.VARCHAR);
            insert.executeUpdate();
        }
        try (ResultSet rs = statement.executeQuery("SELECT name, amount FROM t")) {
            assertTrue(rs.next());
            assertNull(rs.getString(1));
            assertTrue(rs.wasNull());
            assertEquals(0, rs.getInt(2));
            assertTrue(rs.wasNull());
        }
    }

    @Test
    void aNumberThatDoesNotFitIsRefusedNotCut() throws SQLException {
        try (ResultSet rs = statement.executeQuery("SELECT 300, 5000000000, 'x'")) {
            assertTrue(rs.next());
            assertEquals(
                    "22003",
                    assertThrows(SQLException.class, () -> rs.getByte(1)).getSQLState());
            assertEquals(
                    "22003",
                    assertThrows(SQLException.class, () -> rs.getInt(2)).getSQLState());
            assertEquals(
                    "22018",
                    assertThrows(SQLException.class, () -> rs.getInt(3)).getSQLState());
        }
    }

    @Test
    void aParameterMustBeSetAndExist() throws SQLException {
        try (PreparedStatement select = connection.prepareStatement("SELECT * FROM t WHERE id = ?")) {
            assertEquals(
                    "07001",
                    assertThrows(SQLException.class, select::executeQuery).getSQLState());
            assertThrows(SQLException.class, () -> select.setInt(2, 1));
            assertEquals(Types.BIGINT, select.getParameterMetaData().getParameterType(1));
        }
    }

    @Test
    void aParameterIsCutByItsCastAndByNothingElse() throws SQLException {
        statement.execute("CREATE TABLE w (c CHAR(4), v VARCHAR(3), d DECIMAL(4, 2))");
        statement.execute("INSERT INTO w VALUES ('ab', 'abc', 1.23)");
        assertEquals("abc", value("SELECT CAST(? AS VARCHAR(3)) FROM w", "abcdef"));
        assertEquals("ab  |", value("SELECT CONCAT(CAST(? AS CHAR(4)), '|') FROM w", "ab "));
        assertEquals("1.24", value("SELECT CAST(? AS DECIMAL(4, 2)) FROM w", new BigDecimal("1.239")));
        assertEquals("abcd", value("SELECT COALESCE(NULLIF(v, 'abc'), ?) FROM w", "abcd"));
        assertEquals("1", value("SELECT COUNT(*) FROM w WHERE c = ?", "ab      "));
        assertEquals("0", value("SELECT COUNT(*) FROM w WHERE v = ?", "abcd"));
        assertEquals("0", value("SELECT COUNT(*) FROM w WHERE d = ?", "1.234"));
        assertEquals("1", value("SELECT COUNT(*) FROM w WHERE d IN (?, 7)", new BigDecimal("1.230")));
    }

    @Test
    void theBlanksOfAParameterBesideACharDoNotCountAndZerosOfABinaryAreAdded() throws SQLException {
        statement.execute("CREATE TABLE w (c CHAR(4), b BINARY(4))");
        statement.execute("INSERT INTO w VALUES ('ab', '\\x0102'), ('x', '\\x03'), (NULL, NULL)");
        assertEquals("ab", value("SELECT NULLIF(?, 'x'::CHAR(4))", "ab "));
        assertEquals("1", value("SELECT COUNT(*) FROM w WHERE NULLIF(?, c) IS NULL", "x "));
        assertEquals("1", value("SELECT COUNT(*) FROM w WHERE c = 'x' AND ? IN (SELECT c FROM w)", "ab "));
        assertEquals("1", value("SELECT COUNT(*) FROM w WHERE c = 'x' AND ? = ANY (SELECT c FROM w)", "ab "));
        assertEquals("ab", value("SELECT * FROM (SELECT c FROM w UNION ALL SELECT 'z') AS u WHERE c = ?", "ab "));
        assertEquals("1", value("SELECT COUNT(*) FROM w WHERE c >= 'ab ' AND c <> ?", "x   "));
        assertEquals("0", value("SELECT COUNT(*) FROM w WHERE c = ?", null));
        assertEquals("1", value("SELECT COUNT(*) FROM w WHERE b = ?", new byte[] {1, 2}));
        assertEquals("0", value("SELECT COUNT(*) FROM w WHERE b = ?", new byte[] {1, 2, 0, 0, 0}));
        assertEquals("1", value("SELECT COUNT(*) FROM w WHERE b IN (?, X'04')", new byte[] {3}));
        assertEquals("1", value("SELECT COUNT(*) FROM w WHERE c = 'x' AND ? IN (SELECT b FROM w)", new byte[] {3}));
        ResultSetMetaData shown =
                statement.executeQuery("SELECT COALESCE(c, '') AS c FROM w").getMetaData();
        assertEquals(java.sql.Types.CHAR, shown.getColumnType(1));
        assertEquals(Integer.MAX_VALUE, shown.getColumnDisplaySize(1));
    }

    private String value(String sql, Object parameter) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(sql)) {
            select.setObject(1, parameter);
            ResultSet rs = select.executeQuery();
            assertTrue(rs.next());
            return rs.getString(1);
        }
    }

    /** Written out it would have a billion digits. */
    @Test
    void aNumberWithoutEndIsRefusedWhateverTheParameterIs() throws SQLException {
        BigDecimal huge = new BigDecimal("1E+1000000000");
        for (String sql : List.of("SELECT ?", "SELECT CAST(? AS TEXT)", "SELECT CAST(? AS NUMERIC)", "SELECT ? + 1")) {
            try (PreparedStatement select = connection.prepareStatement(sql)) {
                SQLException e = assertThrows(SQLException.class, () -> {
                    select.setBigDecimal(1, huge);
                    select.executeQuery();
                });
                assertEquals("22003", e.getSQLState(), sql);
            }
        }
    }

    @Test
    void aNumberThatAColumnCannotHoldEqualsNoneOfItsValues() throws SQLException {
        statement.execute("INSERT INTO t (id) VALUES (1), (2)");
        for (String condition : List.of("id = ?", "id > ?", "id IN (?, 7)", "id BETWEEN ? AND 5000000001", "? = id")) {
            try (PreparedStatement select = connection.prepareStatement("SELECT id FROM t WHERE " + condition)) {
                select.setLong(1, 5_000_000_000L);
                assertFalse(select.executeQuery().next(), condition);
            }
        }
        try (PreparedStatement select = connection.prepareStatement("SELECT count(*) FROM t WHERE id < ?")) {
            select.setLong(1, 5_000_000_000L);
            ResultSet rs = select.executeQuery();
            assertTrue(rs.next());
            assertEquals(2, rs.getInt(1));
        }
        try (PreparedStatement insert = connection.prepareStatement("INSERT INTO t (id) VALUES (?)")) {
            assertEquals(
                    "22003",
                    assertThrows(SQLException.class, () -> {
                                insert.setLong(1, 5_000_000_000L);
                                insert.executeUpdate();
                            })
                            .getSQLState());
        }
    }

    @Test
    void aFractionIsNotRoundedToAnotherRow() throws SQLException {
        statement.execute("INSERT INTO t (id) VALUES (1), (2)");
        try (PreparedStatement delete = connection.prepareStatement("DELETE FROM t WHERE id = ?")) {
            assertEquals(
                    "22003",
                    assertThrows(SQLException.class, () -> delete.setDouble(1, 1.5))
                            .getSQLState());
            delete.setDouble(1, 2.0);
            assertEquals(1, delete.executeUpdate());
        }
    }

    @Test
    void settingTheModeItHasAlreadyLeavesTheTransactionAlone() throws SQLException {
        statement.execute("BEGIN");
        statement.execute("SELECT * FROM t");
        connection.setReadOnly(false);
        assertEquals(
                "25001",
                assertThrows(
                                SQLException.class,
                                () -> connection.setTransactionIsolation(Connection.TRANSACTION_SERIALIZABLE))
                        .getSQLState());
        statement.execute("INSERT INTO t (id) VALUES (10)");
        statement.execute("ROLLBACK");
        try (ResultSet rs = statement.executeQuery("SELECT COUNT(*) FROM t")) {
            assertTrue(rs.next());
            assertEquals(0, rs.getInt(1));
        }
    }

    @Test
    void aBatchStopsAtTheFirstErrorAndTellsTheCounts() throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement("INSERT INTO t (id) VALUES (?)")) {
            for (int id : new int[] {1, 2, 2, 3}) {
                insert.setInt(1, id);
                insert.addBatch();
            }
            BatchUpdateException e = assertThrows(BatchUpdateException.class, insert::executeBatch);
            assertArrayEquals(new int[] {1, 1}, e.getUpdateCounts());
            assertEquals("23505", e.getSQLState());
            assertArrayEquals(new int[0], insert.executeBatch());
        }
    }

    @Test
    void maxRowsEndsAResultEarly() throws SQLException {
        statement.execute("INSERT INTO t (id) VALUES (1), (2), (3)");
        statement.setMaxRows(2);
        try (ResultSet rs = statement.executeQuery("SELECT id FROM t ORDER BY id")) {
            assertTrue(rs.next());
            assertTrue(rs.next());
            assertFalse(rs.next());
        }
    }

    @Test
    void closingAConnectionClosesAllAndRollsBack() throws SQLException {
        try (Connection keep = DriverManager.getConnection("jdbc:mosslsm:mem:closing")) {
            Connection other = DriverManager.getConnection("jdbc:mosslsm:mem:closing");
            Statement create = other.createStatement();
            create.execute("CREATE TABLE u (id INTEGER PRIMARY KEY)");
            other.setAutoCommit(false);
            create.execute("INSERT INTO u VALUES (1)");
            ResultSet rs = create.executeQuery("SELECT * FROM u");
            other.close();

            assertTrue(rs.isClosed() && create.isClosed() && other.isClosed());
            assertEquals(
                    "08003",
                    assertThrows(SQLException.class, other::createStatement).getSQLState());
            try (ResultSet count = keep.createStatement().executeQuery("SELECT COUNT(*) FROM u")) {
                assertTrue(count.next());
                assertEquals(0, count.getInt(1));
            }
        }
    }

    @Test
    void savepointsUndoWhatCameAfterThem() throws SQLException {
        connection.setAutoCommit(false);
        statement.execute("INSERT INTO t (id) VALUES (1)");
        Savepoint savepoint = connection.setSavepoint("one");
        statement.execute("INSERT INTO t (id) VALUES (2)");
        connection.rollback(savepoint);
        connection.commit();
        try (ResultSet rs = statement.executeQuery("SELECT MAX(id) FROM t")) {
            assertTrue(rs.next());
            assertEquals(1, rs.getInt(1));
        }
    }

    @Test
    void resultMetaDataNamesTableTypeAndLabel() throws SQLException {
        try (ResultSet rs = statement.executeQuery("SELECT id AS number, amount, 1 + 1 FROM t")) {
            ResultSetMetaData meta = rs.getMetaData();
            assertAll(
                    () -> assertEquals("number", meta.getColumnLabel(1)),
                    () -> assertEquals("id", meta.getColumnName(1)),
                    () -> assertEquals("t", meta.getTableName(1)),
                    () -> assertEquals("public", meta.getSchemaName(1)),
                    () -> assertEquals(Types.INTEGER, meta.getColumnType(1)),
                    () -> assertEquals(ResultSetMetaData.columnNoNulls, meta.isNullable(1)),
                    () -> assertEquals(10, meta.getPrecision(2)),
                    () -> assertEquals(2, meta.getScale(2)),
                    () -> assertEquals("", meta.getTableName(3)));
        }
    }

    @Test
    void aCharIsPaddedHoweverItIsRead() throws SQLException {
        try (ResultSet rs = statement.executeQuery("SELECT 'ab'::CHAR(4) AS c")) {
            assertTrue(rs.next());
            assertEquals("ab  ", rs.getString(1));
            assertEquals("ab  ", rs.getObject(1));
            assertEquals("ab  ", rs.getObject(1, String.class));
        }
    }

    @Test
    void theEndOfTheDayIsItsLastTime() throws SQLException {
        try (ResultSet rs = statement.executeQuery("SELECT TIME '24:00' AS t, '24:00' AS s")) {
            assertTrue(rs.next());
            assertEquals("24:00:00", rs.getString(1));
            assertEquals(LocalTime.MAX, rs.getObject(1, LocalTime.class));
            assertEquals(LocalTime.MAX, rs.getObject(2, LocalTime.class));
            assertEquals("23:59:59", rs.getTime(1).toString());
            assertEquals("23:59:59", rs.getObject(1).toString());
        }
    }

    @Test
    void aDateThatCannotBeWrittenIsNoParameter() throws SQLException {
        statement.execute("CREATE INDEX t_day ON t (day)");
        for (String sql : List.of("SELECT id FROM t WHERE day < ?", "SELECT id FROM t WHERE day + 1 < ?")) {
            try (PreparedStatement select = connection.prepareStatement(sql)) {
                for (Object far : List.of(LocalDate.MAX, LocalDate.MIN, LocalDate.of(400_000, 1, 1))) {
                    assertEquals(
                            "22008",
                            assertThrows(SQLException.class, () -> {
                                        select.setObject(1, far);
                                        select.executeQuery();
                                    })
                                    .getSQLState());
                }
            }
        }
    }

    @Test
    void aParameterTimesAnIntervalIsANumber() throws SQLException {
        try (PreparedStatement later = connection.prepareStatement(
                "SELECT DATE '2024-01-31' + ? * INTERVAL '1 day', INTERVAL '1 hour' / ? + INTERVAL '1 minute'")) {
            later.setInt(1, 2);
            later.setDouble(2, 4);
            try (ResultSet rs = later.executeQuery()) {
                assertTrue(rs.next());
                assertEquals("2024-02-02 00:00:00", rs.getString(1));
                assertEquals("00:16:00", rs.getString(2));
            }
        }
    }
}

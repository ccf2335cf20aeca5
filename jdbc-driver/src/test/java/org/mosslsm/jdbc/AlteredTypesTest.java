package org.mosslsm.jdbc;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.sql.BatchUpdateException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Timestamp;
import java.sql.Types;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Prepared statements whose table gets columns of other types, by another connection, between any two of their calls. */
class AlteredTypesTest {
    private static final LocalDate DAY = LocalDate.of(2024, 1, 1);

    private Connection connection;
    private Connection other;

    @BeforeEach
    void open() throws SQLException {
        String url = "jdbc:mosslsm:mem:" + UUID.randomUUID();
        connection = DriverManager.getConnection(url);
        other = DriverManager.getConnection(url);
        alter("CREATE TABLE t (id INT PRIMARY KEY, d DATE, n INT, s VARCHAR(10))");
    }

    @AfterEach
    void close() throws SQLException {
        other.close();
        connection.close();
    }

    private void alter(String sql) throws SQLException {
        try (Statement statement = other.createStatement()) {
            statement.execute(sql);
        }
    }

    private List<String> texts(String sql) throws SQLException {
        List<String> texts = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet rs = statement.executeQuery(sql)) {
            while (rs.next()) {
                texts.add(rs.getString(1));
            }
        }
        return texts;
    }

    @Test
    void valuesAreMadeForTheTypesOfNow() throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement("INSERT INTO t (id, d) VALUES (?, ?)")) {
            insert.setInt(1, 1);
            insert.setObject(2, DAY);
            alter("ALTER TABLE t ALTER d TYPE TIMESTAMP");
            insert.executeUpdate();
            insert.setInt(1, 2); // the other value stays, whatever it was made for
            insert.executeUpdate();
            alter("ALTER TABLE t ALTER d TYPE TEXT");
            insert.setInt(1, 3);
            insert.executeUpdate();
        }

        assertEquals(List.of("2024-01-01 00:00:00", "2024-01-01 00:00:00", "2024-01-01"), texts("SELECT d FROM t"));
    }

    @Test
    void whatTheFirstTypeDidNotKeepIsThereForTheSecond() throws SQLException {
        Timestamp at = Timestamp.valueOf("2024-01-01 10:20:30.5");
        try (PreparedStatement insert = connection.prepareStatement("INSERT INTO t (id, d, n) VALUES (1, ?, ?)")) {
            insert.setTimestamp(1, at);
            insert.setString(2, "007");
            at.setTime(0); // what was given is what it was then
            alter("ALTER TABLE t ALTER d TYPE TIMESTAMP");
            alter("ALTER TABLE t ALTER n TYPE TEXT");
            insert.executeUpdate();
        }

        assertEquals(List.of("2024-01-01 10:20:30.5 007"), texts("SELECT d || ' ' || n FROM t"));
    }

    @Test
    void aNumberIsNoDate() throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement("INSERT INTO t (id, n) VALUES (1, ?)");
                PreparedStatement find = connection.prepareStatement("SELECT id FROM t WHERE n = ?")) {
            insert.setLong(1, 19_723);
            find.setInt(1, 19_723);
            for (String type : new String[] {"DATE", "TIME", "TIMESTAMP", "TIMESTAMP WITH TIME ZONE", "UUID"}) {
                alter("DROP TABLE t");
                alter("CREATE TABLE t (id INT PRIMARY KEY, n " + type + ")");

                assertThrows(SQLException.class, insert::executeUpdate, type);
                assertThrows(SQLException.class, find::executeQuery, type);
                assertEquals(List.of(), texts("SELECT n FROM t"));
            }
        }
    }

    @Test
    void aValueOnlyTheNewTypeTakesIsTaken() throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement("INSERT INTO t (id, n) VALUES (?, ?)")) {
            insert.setString(1, "1");
            assertThrows(SQLException.class, () -> insert.setString(2, "one"));
            alter("ALTER TABLE t ALTER n TYPE TEXT");
            insert.setString(2, "one");
            assertEquals(Types.LONGVARCHAR, insert.getParameterMetaData().getParameterType(2));
            insert.executeUpdate();
        }

        assertEquals(List.of("one"), texts("SELECT n FROM t"));
    }

    @Test
    void theMetadataFollows() throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement("INSERT INTO t (id, d) VALUES (1, ?)")) {
            insert.setObject(1, DAY);
            assertEquals(Types.DATE, insert.getParameterMetaData().getParameterType(1));
            alter("ALTER TABLE t ALTER d TYPE TIMESTAMP");
            insert.executeUpdate();

            assertEquals(Types.TIMESTAMP, insert.getParameterMetaData().getParameterType(1));
        }
    }

    @Test
    void aBatchIsMadeForTheTypesOfNow() throws SQLException {
        connection.setAutoCommit(false);
        try (PreparedStatement insert = connection.prepareStatement("INSERT INTO t (id, d, s) VALUES (?, ?, ?)")) {
            connection.commit();
            for (int i = 0; i < 300; i++) {
                insert.setInt(1, i);
                insert.setObject(2, DAY);
                insert.setString(3, "x");
                insert.addBatch();
            }
            alter("ALTER TABLE t ALTER d TYPE TIMESTAMP");
            assertEquals(300, insert.executeBatch().length);
            connection.commit();
        }

        assertEquals(List.of("2024-01-01 00:00:00"), texts("SELECT DISTINCT d FROM t"));
    }

    @Test
    void aBatchStopsAtTheFirstValueThatTheNewTypeDoesNotTake() throws SQLException {
        connection.setAutoCommit(false);
        try (PreparedStatement insert = connection.prepareStatement("INSERT INTO t (id, s) VALUES (?, ?)")) {
            connection.commit();
            for (int i = 0; i < 10; i++) {
                insert.setInt(1, i);
                insert.setString(2, i == 5 ? "five" : "0" + i);
                insert.addBatch();
            }
            alter("ALTER TABLE t ALTER s TYPE INT USING CAST(s AS INT)");
            BatchUpdateException e = assertThrows(BatchUpdateException.class, insert::executeBatch);
            assertArrayEquals(new int[] {1, 1, 1, 1, 1}, e.getUpdateCounts());
            assertEquals("22P02", e.getSQLState());
            connection.commit();
        }

        assertEquals(List.of("0", "1", "2", "3", "4"), texts("SELECT s FROM t ORDER BY id"));
    }

    @Test
    void generatedKeysAreOfTheTypesOfNow() throws SQLException {
        String sql = "INSERT INTO t (id, d) VALUES (?, ?)";
        try (PreparedStatement insert = connection.prepareStatement(sql, new String[] {"d"})) {
            insert.setInt(1, 1);
            insert.setObject(2, DAY);
            alter("ALTER TABLE t ALTER d TYPE TIMESTAMP");
            for (int i = 1; i <= 2; i++) {
                insert.setInt(1, i);
                insert.executeUpdate();
                try (ResultSet keys = insert.getGeneratedKeys()) {
                    assertTrue(keys.next());
                    assertEquals(DAY.atStartOfDay(), keys.getObject(1, LocalDateTime.class));
                }
            }
        }
    }
}

package org.mosslsm.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.sql.Clob;
import java.sql.Date;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Time;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.Calendar;
import java.util.TimeZone;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Which zone counts: the session's between text, or dates and times without a zone, and an instant; the calendar's, else
 * the JVM's, for the classes of {@code java.sql}. At every instant it is another day in one of the zones tried than in the
 * JVM's, whatever that is.
 */
class ZonesTest extends MemoryConnection {
    private static final Instant INSTANT = Instant.parse("2024-01-01T23:30:00.123Z");

    private Statement statement;

    @BeforeEach
    void open() throws SQLException {
        statement = connection.createStatement();
        statement.execute("CREATE TABLE t (at TIMESTAMP WITH TIME ZONE, local TIMESTAMP, tod TIME(6))");
    }

    private Instant stored(Object parameter) throws SQLException {
        statement.execute("DELETE FROM t");
        try (PreparedStatement insert = connection.prepareStatement("INSERT INTO t (at) VALUES (?)")) {
            insert.setObject(1, parameter);
            insert.executeUpdate();
        }
        try (ResultSet rs = statement.executeQuery("SELECT at FROM t")) {
            assertTrue(rs.next());
            return rs.getObject(1, Instant.class);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTC", "Pacific/Kiritimati", "Pacific/Pago_Pago"})
    void textAndLocalTimesAreOfTheSessionsZone(String zone) throws SQLException {
        statement.execute("SET TIME ZONE '" + zone + "'");
        LocalDateTime local = LocalDateTime.of(2024, 1, 1, 0, 0);
        Instant there = local.atZone(ZoneId.of(zone)).toInstant();

        assertEquals(there, stored("2024-01-01 00:00:00"));
        assertEquals(there, stored(local));
        assertEquals(there, stored(local.toLocalDate()));
        // what names its instant itself is of no zone
        assertEquals(INSTANT, stored("2024-01-01 23:30:00.123Z"));
        assertEquals(INSTANT, stored(Timestamp.from(INSTANT)));
        assertEquals(INSTANT, stored(java.util.Date.from(INSTANT)));
        assertEquals(INSTANT, stored(OffsetDateTime.parse("2024-01-02T01:30:00.123+02:00")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTC", "Pacific/Kiritimati", "Pacific/Pago_Pago"})
    void anInstantIsTextInTheSessionsZone(String zone) throws SQLException {
        stored(INSTANT);
        statement.execute("SET TIME ZONE '" + zone + "'");
        try (ResultSet rs = statement.executeQuery("SELECT at, CAST(at AS TEXT) FROM t")) {
            assertTrue(rs.next());
            String text = rs.getString(2);

            assertEquals(text, rs.getString(1));
            assertEquals(text, rs.getObject(1, String.class));
            Clob clob = rs.getClob(1);
            assertEquals(text, clob.getSubString(1, (int) clob.length()));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTC", "Pacific/Kiritimati", "Pacific/Pago_Pago"})
    void anInstantIsLocalInTheSessionsZoneWhereTheColumnIs(String zone) throws SQLException {
        statement.execute("SET TIME ZONE '" + zone + "'");
        ZonedDateTime there = INSTANT.atZone(ZoneId.of(zone));
        try (PreparedStatement insert = connection.prepareStatement("INSERT INTO t (local) VALUES (?)")) {
            insert.setObject(1, OffsetDateTime.parse("2024-01-02T01:30:00.123+02:00"));
            insert.executeUpdate();
        }
        try (ResultSet rs = statement.executeQuery("SELECT local FROM t")) {
            assertTrue(rs.next());

            assertEquals(there.toLocalDateTime(), rs.getObject(1, LocalDateTime.class));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTC", "Pacific/Kiritimati", "Pacific/Pago_Pago"})
    void aCalendarSaysWhichDayAndTimeAnInstantIs(String id) throws SQLException {
        stored(INSTANT);
        ZoneId zone = ZoneId.of(id);
        Calendar calendar = Calendar.getInstance(TimeZone.getTimeZone(zone));
        ZonedDateTime there = INSTANT.atZone(zone);
        try (ResultSet rs = statement.executeQuery("SELECT at FROM t")) {
            assertTrue(rs.next());

            Instant midnight = there.toLocalDate().atStartOfDay(zone).toInstant();
            assertEquals(midnight.toEpochMilli(), rs.getDate(1, calendar).getTime());
            Instant time =
                    LocalDate.EPOCH.atTime(there.toLocalTime()).atZone(zone).toInstant();
            assertEquals(time.toEpochMilli(), rs.getTime(1, calendar).getTime());
            assertEquals(Timestamp.from(INSTANT), rs.getTimestamp(1, calendar));
        }
    }

    @Test
    void withoutACalendarTheJvmsZoneCounts() throws SQLException {
        stored(INSTANT);
        statement.execute("SET TIME ZONE 'Pacific/Kiritimati'");
        ZonedDateTime here = INSTANT.atZone(ZoneId.systemDefault());
        try (ResultSet rs = statement.executeQuery("SELECT at FROM t")) {
            assertTrue(rs.next());

            assertEquals(Date.valueOf(here.toLocalDate()), rs.getDate(1));
            assertEquals(
                    here.toLocalTime().withNano(0), rs.getTime(1).toLocalTime().withNano(0));
            assertEquals(Timestamp.from(INSTANT), rs.getTimestamp(1));
        }
    }

    @Test
    void aTimeKeepsItsMilliseconds() throws SQLException {
        LocalTime time = LocalTime.of(12, 30, 15, 123_000_000);
        Time value = new Time(LocalDate.EPOCH
                .atTime(time)
                .atZone(ZoneId.systemDefault())
                .toInstant()
                .toEpochMilli());
        try (PreparedStatement insert = connection.prepareStatement("INSERT INTO t (tod) VALUES (?)")) {
            insert.setTime(1, value);
            insert.executeUpdate();
            insert.setTime(1, value, Calendar.getInstance());
            insert.executeUpdate();
        }
        try (ResultSet rs = statement.executeQuery("SELECT DISTINCT tod, at FROM t")) {
            assertTrue(rs.next());
            assertEquals(time, rs.getObject(1, LocalTime.class));
            assertEquals(value, rs.getTime(1));
            assertNull(rs.getString(2));
            assertEquals(false, rs.next());
        }
    }

    private interface Setter {
        void set(PreparedStatement insert) throws SQLException;
    }

    /** The row of an INSERT of one parameter twice: into the column with a zone, and into that without. */
    private ResultSet storedBoth(Setter setter) throws SQLException {
        statement.execute("DELETE FROM t");
        for (String column : new String[] {"at", "local"}) {
            String sql = column.equals("at") ? "INSERT INTO t (at) VALUES (?)" : "UPDATE t SET local = ?";
            try (PreparedStatement change = connection.prepareStatement(sql)) {
                setter.set(change);
                assertEquals(1, change.executeUpdate());
            }
        }
        ResultSet rs = statement.executeQuery("SELECT at, local FROM t");
        assertTrue(rs.next());
        return rs;
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTC", "Pacific/Kiritimati", "Pacific/Pago_Pago"})
    void aTimestampWithACalendarIsStillItsInstant(String id) throws SQLException {
        ZoneId zone = ZoneId.of(id);
        Calendar calendar = Calendar.getInstance(TimeZone.getTimeZone(zone));
        for (String session : new String[] {"Europe/Berlin", "UTC", id}) {
            statement.execute("SET TIME ZONE '" + session + "'");
            try (ResultSet rs = storedBoth(insert -> insert.setTimestamp(1, Timestamp.from(INSTANT), calendar))) {
                assertEquals(INSTANT, rs.getObject(1, Instant.class));
                assertEquals(Timestamp.from(INSTANT), rs.getTimestamp(1, calendar));
                assertEquals(LocalDateTime.ofInstant(INSTANT, zone), rs.getObject(2, LocalDateTime.class));
                assertEquals(Timestamp.from(INSTANT), rs.getTimestamp(2, calendar));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTC", "Pacific/Kiritimati", "Pacific/Pago_Pago"})
    void aDateWithACalendarBeginsInTheCalendarsZone(String id) throws SQLException {
        ZoneId zone = ZoneId.of(id);
        Calendar calendar = Calendar.getInstance(TimeZone.getTimeZone(zone));
        LocalDate day = LocalDate.ofInstant(INSTANT, zone);
        Date value = new Date(INSTANT.toEpochMilli());
        statement.execute("SET TIME ZONE 'Europe/Berlin'");
        try (ResultSet rs = storedBoth(insert -> insert.setDate(1, value, calendar))) {
            Instant midnight = day.atStartOfDay(zone).toInstant();
            assertEquals(midnight, rs.getObject(1, Instant.class));
            assertEquals(midnight.toEpochMilli(), rs.getDate(1, calendar).getTime());
            assertEquals(day.atStartOfDay(), rs.getObject(2, LocalDateTime.class));
        }
    }

    @Test
    void theHourThatAClockRepeatsIsTwoHours() throws SQLException {
        TimeZone before = TimeZone.getDefault();
        TimeZone.setDefault(TimeZone.getTimeZone("Europe/Berlin"));
        try {
            for (String instant : new String[] {"2024-10-27T00:30:00Z", "2024-10-27T01:30:00Z"}) {
                Instant value = Instant.parse(instant);
                Calendar calendar = Calendar.getInstance();

                assertEquals(value, stored(Timestamp.from(value)));
                try (ResultSet rs = storedBoth(insert -> insert.setTimestamp(1, Timestamp.from(value), calendar))) {
                    assertEquals(value, rs.getObject(1, Instant.class));
                    assertEquals(LocalDateTime.of(2024, 10, 27, 2, 30), rs.getObject(2, LocalDateTime.class));
                }
            }
        } finally {
            TimeZone.setDefault(before);
        }
    }
}

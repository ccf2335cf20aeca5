package org.mosslsm.sql.type;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.mosslsm.sql.error.SqlException;
import org.mosslsm.sql.testkit.RandomValues;

class ValueTextTest {
    private static final ZoneId UTC = ZoneOffset.UTC;
    private static final List<SqlType> TYPES = List.of(
            SqlType.BOOLEAN,
            SqlType.SMALLINT,
            SqlType.INTEGER,
            SqlType.BIGINT,
            SqlType.decimal(12, 3),
            SqlType.DECIMAL,
            SqlType.REAL,
            SqlType.DOUBLE,
            SqlType.character(5),
            SqlType.varchar(20),
            SqlType.TEXT,
            SqlType.VARBINARY,
            SqlType.BLOB,
            SqlType.DATE,
            SqlType.TIME,
            SqlType.TIMESTAMP,
            SqlType.TIMESTAMPTZ,
            SqlType.UUID,
            SqlType.INTERVAL);

    @Test
    void everyValueReadsBackFromItsText() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (SqlType type : TYPES) {
            for (int i = 0; i < 500; i++) {
                Object value = RandomValues.of(type, random);
                String text = ValueText.format(value, type, ZoneId.of("Europe/Berlin"));
                Object back = ValueText.parse(text, type, ZoneId.of("Europe/Berlin"));
                assertEquals(
                        ValueKeys.key(value, type),
                        ValueKeys.key(back, type),
                        () -> "seed " + seed + " " + type + " " + text);
                String again = ValueText.format(back, type, ZoneId.of("Europe/Berlin"));
                assertEquals(text, again, () -> "seed " + seed + " " + type);
            }
        }
    }

    @Test
    void doublesPrintAsPostgresPrintsThem() {
        assertEquals("1", ValueText.format(1.0, SqlType.DOUBLE, UTC));
        assertEquals("0.1", ValueText.format(0.1, SqlType.DOUBLE, UTC));
        assertEquals("-0", ValueText.format(-0.0, SqlType.DOUBLE, UTC));
        assertEquals("100000000000000", ValueText.format(1e14, SqlType.DOUBLE, UTC));
        assertEquals("1e+15", ValueText.format(1e15, SqlType.DOUBLE, UTC));
        assertEquals("0.0001", ValueText.format(1e-4, SqlType.DOUBLE, UTC));
        assertEquals("1e-05", ValueText.format(1e-5, SqlType.DOUBLE, UTC));
        assertEquals("1.7976931348623157e+308", ValueText.format(Double.MAX_VALUE, SqlType.DOUBLE, UTC));
        assertEquals("2e-323", ValueText.format(2e-323, SqlType.DOUBLE, UTC));
        assertEquals("0.30000000000000004", ValueText.format(0.1 + 0.2, SqlType.DOUBLE, UTC));
        assertEquals("NaN", ValueText.format(Double.NaN, SqlType.DOUBLE, UTC));
        assertEquals("-Infinity", ValueText.format(Double.NEGATIVE_INFINITY, SqlType.DOUBLE, UTC));
        assertEquals("1e+06", ValueText.format(1e6, SqlType.REAL, UTC));
        assertEquals("0.1", ValueText.format((double) 0.1f, SqlType.REAL, UTC));
    }

    @Test
    void datesAndTimesReadInTheFormsThatScriptsUse() {
        long day = ((Long) ValueText.parse("1962-02-18", SqlType.DATE, UTC));
        assertEquals("1962-02-18", DateTimes.formatDate(day));
        assertEquals(day, ValueText.parse("1962/2/18", SqlType.DATE, UTC));
        assertEquals(day, ValueText.parse("19620218", SqlType.DATE, UTC));
        assertEquals(day, ValueText.parse(" 1962-02-18 00:00:00 ", SqlType.DATE, UTC));
        assertEquals("1962-02-18 00:00:00", reformat("1962/2/18", SqlType.TIMESTAMP));
        assertEquals("2024-02-29 23:59:59.123456", reformat("2024-02-29T23:59:59.1234564Z", SqlType.TIMESTAMP));
        assertEquals("2024-02-29 12:00:00+00", reformat("2024-02-29 13:00+01", SqlType.TIMESTAMPTZ));
        assertEquals("2024-07-01 10:00:00+00", reformat("2024-07-01 12:00 Europe/Berlin", SqlType.TIMESTAMPTZ));
        assertEquals("13:05:00", reformat("1:05 pm", SqlType.TIME));
        assertEquals("24:00:00", reformat("24:00", SqlType.TIME));
        assertEquals("0044-03-15 BC", reformat("0044-03-15 BC", SqlType.DATE));
    }

    @Test
    void intervalsReadInPostgresAndStandardForm() {
        assertEquals("1 year 2 mons 3 days 04:05:06.5", reformat("1 year 2 months 3 days 4:05:06.5", SqlType.INTERVAL));
        assertEquals("-1 days", reformat("1 day ago", SqlType.INTERVAL));
        assertEquals("1 day 12:00:00", reformat("1.5 days", SqlType.INTERVAL));
        Interval yearMonth = IntervalText.parse("1-2", java.util.Optional.of("year"), java.util.Optional.of("month"));
        assertEquals(new Interval(14, 0, 0), yearMonth);
        assertEquals(
                new Interval(0, 3, 4 * 3_600_000_000L + 5 * 60_000_000L),
                IntervalText.parse("3 04:05", java.util.Optional.of("day"), java.util.Optional.of("minute")));
        assertEquals(
                new Interval(0, 0, 5 * 3_600_000_000L),
                IntervalText.parse("5", java.util.Optional.of("hour"), java.util.Optional.empty()));
    }

    @Test
    void badTextsNameTypeAndText() {
        assertState("22P02", "x", SqlType.INTEGER);
        assertState("22P02", "1.5", SqlType.BIGINT);
        assertState("22003", "32768", SqlType.SMALLINT);
        assertState("22003", "99999999999999999999", SqlType.BIGINT);
        assertState("22003", "1000", SqlType.decimal(5, 2));
        assertState("22003", "1e999", SqlType.DOUBLE);
        assertState("22P02", "0x10", SqlType.DOUBLE);
        assertState("22P02", "1d", SqlType.DOUBLE);
        assertState("22P02", "maybe", SqlType.BOOLEAN);
        assertState("22007", "yesterday", SqlType.DATE);
        assertState("22008", "2023-02-29", SqlType.DATE);
        assertState("22008", "25:00", SqlType.TIME);
        assertState("22001", "abcdef", SqlType.varchar(5));
        assertState("22P02", "123", SqlType.UUID);
        assertState("22P02", "\\xabc", SqlType.BLOB);
        SqlException e = assertThrows(SqlException.class, () -> ValueText.parse("12x", SqlType.INTEGER, UTC));
        assertTrue(e.getMessage().contains("INTEGER") && e.getMessage().contains("12x"), e.getMessage());
    }

    @Test
    void tinyAndHugeDecimalsDoNotTakeForEver() {
        assertEquals(0, ((BigDecimal) ValueText.parse("1e-999999999", SqlType.DECIMAL, UTC)).signum());
        assertEquals(0, ((BigDecimal) ValueText.parse("1e-999999999", SqlType.decimal(5, 2), UTC)).signum());
        assertState("22003", "1e999999999", SqlType.DECIMAL);
    }

    @Test
    void charIsPaddedOnlyWhenShown() {
        Object value = ValueText.parse("ab   ", SqlType.character(5), UTC);
        assertEquals("ab", value);
        assertEquals("ab   ", ValueText.format(value, SqlType.character(5), UTC));
    }

    @Test
    void uuidsReadWithAndWithoutDashes() {
        UUID id = UUID.fromString("a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11");
        assertEquals(id, ValueText.parse("{A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11}", SqlType.UUID, UTC));
        assertEquals(id, ValueText.parse("a0eebc999c0b4ef8bb6d6bb9bd380a11", SqlType.UUID, UTC));
    }

    private static String reformat(String text, SqlType type) {
        return ValueText.format(ValueText.parse(text, type, UTC), type, UTC);
    }

    private static void assertState(String sqlState, String text, SqlType type) {
        SqlException e = assertThrows(SqlException.class, () -> ValueText.parse(text, type, UTC), text);
        assertEquals(sqlState, e.sqlState(), e.getMessage());
    }
}

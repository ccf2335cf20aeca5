package org.mosslsm.sql.type;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.mosslsm.sql.error.SqlException;
import org.mosslsm.sql.testkit.RandomValues;

class CastsTest {
    private static final List<SqlType> TYPES = List.of(
            SqlType.BOOLEAN,
            SqlType.SMALLINT,
            SqlType.INTEGER,
            SqlType.BIGINT,
            SqlType.decimal(10, 2),
            SqlType.DECIMAL,
            SqlType.REAL,
            SqlType.DOUBLE,
            SqlType.character(4),
            SqlType.BPCHAR,
            SqlType.varchar(6),
            SqlType.TEXT,
            SqlType.BLOB,
            SqlType.DATE,
            SqlType.TIME,
            SqlType.TIMESTAMP,
            SqlType.fractional(SqlType.Kind.TIMESTAMP, 0),
            SqlType.TIMESTAMPTZ,
            SqlType.UUID,
            SqlType.INTERVAL);

    private static Object cast(Object value, SqlType from, SqlType to) {
        return Casts.cast(value, from, to, CastMode.EXPLICIT, ZoneOffset.UTC);
    }

    @Test
    void everyCastGivesAValueOfItsTypeOrASqlError() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (SqlType from : TYPES) {
            for (SqlType to : TYPES) {
                if (!Coercion.castable(from, to)) {
                    SqlException e = assertThrows(
                            SqlException.class, () -> Casts.conversion(from, to, CastMode.EXPLICIT), from + " " + to);
                    assertEquals("42846", e.sqlState());
                    continue;
                }
                for (int i = 0; i < 50; i++) {
                    Object value = RandomValues.of(from, random);
                    try {
                        Object result = cast(value, from, to);
                        // What is of the type can be shown as text of the type, and is in its own order.
                        assertFalse(
                                ValueText.format(result, to, ZoneOffset.UTC) == null
                                        || ValueOrder.of(to).compare(result, result) != 0,
                                "seed " + seed);
                    } catch (SqlException e) {
                        assertTrue(e.sqlState().startsWith("22"), () -> "seed " + seed + ": " + e.getMessage());
                    }
                }
            }
        }
    }

    @Test
    void freeCastsAreThoseThatChangeNothing() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (SqlType from : TYPES) {
            for (SqlType to : TYPES) {
                for (int i = 0; Casts.isFree(from, to) && from.kind() != SqlType.Kind.REAL && i < 20; i++) {
                    Object value = RandomValues.of(from, random);
                    Object viaText = ValueText.parse(ValueText.format(value, from, ZoneOffset.UTC), to, ZoneOffset.UTC);
                    boolean padded = from.kind() == SqlType.Kind.CHAR;
                    assertEquals(
                            ValueKeys.key(value, from),
                            ValueKeys.key(padded ? viaText.toString().replaceAll(" +$", "") : viaText, to),
                            () -> "seed " + seed + " " + from + " to " + to);
                }
            }
        }
    }

    @Test
    void numbersRoundAsInPostgres() {
        assertEquals(3L, cast(new BigDecimal("2.5"), SqlType.DECIMAL, SqlType.INTEGER));
        assertEquals(-3L, cast(new BigDecimal("-2.5"), SqlType.DECIMAL, SqlType.INTEGER));
        assertEquals(2L, cast(2.5, SqlType.DOUBLE, SqlType.INTEGER));
        assertEquals(new BigDecimal("1.24"), cast(new BigDecimal("1.235"), SqlType.DECIMAL, SqlType.decimal(5, 2)));
        assertEquals(new BigDecimal("0.1"), cast(0.1, SqlType.DOUBLE, SqlType.DECIMAL));
        assertEquals((double) 0.1f, cast(0.1, SqlType.DOUBLE, SqlType.REAL));
    }

    @Test
    void outOfRangeIsAnError() {
        assertState("22003", 40_000L, SqlType.BIGINT, SqlType.SMALLINT);
        assertState("22003", 1e19, SqlType.DOUBLE, SqlType.BIGINT);
        assertState("22003", Double.NaN, SqlType.DOUBLE, SqlType.BIGINT);
        assertState("22003", 1e39, SqlType.DOUBLE, SqlType.REAL);
        assertState("22003", new BigDecimal("999.995"), SqlType.DECIMAL, SqlType.decimal(5, 2));
        assertState("22003", new BigDecimal("9223372036854775807.5"), SqlType.DECIMAL, SqlType.BIGINT);
    }

    @Test
    void explicitCastsCutStringsAndAssignmentRefuses() {
        assertEquals("abc", cast("abcdef", SqlType.TEXT, SqlType.varchar(3)));
        assertEquals("a\uD83D\uDE00", cast("a\uD83D\uDE00b", SqlType.TEXT, SqlType.varchar(2)));
        Conversion assignment = Casts.conversion(SqlType.TEXT, SqlType.varchar(3), CastMode.ASSIGNMENT);
        assertEquals("abc", assignment.apply("abc   ", ZoneOffset.UTC));
        SqlException e = assertThrows(SqlException.class, () -> assignment.apply("abcd", ZoneOffset.UTC));
        assertEquals("22001", e.sqlState());
    }

    @Test
    void instantsFollowTheSessionsZone() {
        ZoneId berlin = ZoneId.of("Europe/Berlin");
        Object local = ValueText.parse("2024-07-01 12:00:00", SqlType.TIMESTAMP, berlin);
        Object instant = Casts.cast(local, SqlType.TIMESTAMP, SqlType.TIMESTAMPTZ, CastMode.EXPLICIT, berlin);
        assertEquals("2024-07-01 10:00:00+00", ValueText.format(instant, SqlType.TIMESTAMPTZ, ZoneOffset.UTC));
        assertEquals(local, Casts.cast(instant, SqlType.TIMESTAMPTZ, SqlType.TIMESTAMP, CastMode.EXPLICIT, berlin));
    }

    @Test
    void commonTypesAreSymmetricAndReachable() {
        for (SqlType a : TYPES) {
            for (SqlType b : TYPES) {
                Optional<SqlType> common = Coercion.common(a, b);
                assertEquals(common, Coercion.common(b, a), a + " and " + b);
                common.ifPresent(c -> assertTrue(Coercion.implicit(a, c) && Coercion.implicit(b, c), a + " " + b));
            }
        }
        assertEquals(Optional.of(SqlType.DECIMAL), Coercion.common(SqlType.INTEGER, SqlType.decimal(10, 2)));
        assertEquals(Optional.of(SqlType.DOUBLE), Coercion.common(SqlType.BIGINT, SqlType.REAL));
        assertEquals(Optional.of(SqlType.TIMESTAMP), Coercion.common(SqlType.DATE, SqlType.TIMESTAMP));
        assertEquals(Optional.of(SqlType.BPCHAR), Coercion.common(SqlType.character(3), SqlType.character(5)));
        assertEquals(Optional.of(SqlType.BPCHAR), Coercion.common(SqlType.character(3), SqlType.UNKNOWN));
        assertEquals(Optional.empty(), Coercion.common(SqlType.TEXT, SqlType.INTEGER));
        assertEquals(Optional.of(SqlType.INTEGER), Coercion.common(SqlType.UNKNOWN, SqlType.INTEGER));
    }

    @Test
    void quotientsHaveThePostgresNumberOfDigits() {
        assertEquals("1.5000000000000000", quotient("3", "2"));
        assertEquals("0.33333333333333333333", quotient("1", "3"));
        assertEquals("3333.3333333333333333", quotient("10000", "3"));
        assertEquals("0.000100000000000000000000", quotient("1", "10000"));
        assertEquals("1.6000000000000000", quotient("4.8", "3"));
        assertEquals(
                "22012",
                assertThrows(SqlException.class, () -> quotient("1", "0.00")).sqlState());
    }

    @Test
    void typeNamesReadBack() {
        for (SqlType t : TYPES) {
            assertEquals(Optional.of(t), TypeNames.parse(t.toString()));
        }
        assertEquals(Optional.of(SqlType.varchar(160)), TypeNames.parse("character  varying ( 160 )"));
        assertEquals(
                Optional.of(SqlType.fractional(SqlType.Kind.TIMESTAMPTZ, 3)),
                TypeNames.parse("timestamp(3) with time zone"));
        assertEquals(Optional.empty(), TypeNames.parse("money"));
        assertThrows(IllegalArgumentException.class, () -> TypeNames.resolve("numeric", List.of(3, 5)));
        assertThrows(IllegalArgumentException.class, () -> TypeNames.resolve("integer", List.of(3)));
    }

    private static String quotient(String a, String b) {
        return Numbers.divide(new BigDecimal(a), new BigDecimal(b)).toPlainString();
    }

    private static void assertState(String sqlState, Object value, SqlType from, SqlType to) {
        SqlException e = assertThrows(SqlException.class, () -> cast(value, from, to));
        assertEquals(sqlState, e.sqlState(), e.getMessage());
    }
}

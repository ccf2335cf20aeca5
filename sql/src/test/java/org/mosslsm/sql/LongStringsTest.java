// Functions of long strings: a piece at a time, and no other answer for it.
package org.mosslsm.sql;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mosslsm.sql.error.SqlException;

@Timeout(240)
class LongStringsTest {
    /** Characters of the strings, and how many of them a function may work on without a look. */
    private static final int LENGTH = 1 << 20;

    private static final int LOOKS = LENGTH >> 17;

    private static Database database;
    private static Session session;

    @BeforeAll
    static void open() {
        database = Database.open("mem:long-strings", Map.of());
        session = database.connect();
        answer("CREATE TABLE t (s TEXT, b BLOB)", List.of(), RunOptions.PLAIN);
        answer(
                "INSERT INTO t VALUES (repeat('aB', ?), CAST(? AS BLOB))",
                List.of(LENGTH / 2L, new byte[LENGTH]),
                RunOptions.PLAIN);
    }

    @AfterAll
    static void close() {
        database.close();
    }

    private static Object answer(String sql, List<Object> parameters, RunOptions options) {
        Outcome outcome = session.prepare(sql, options).execute(parameters, options);
        if (outcome.rows().isEmpty()) {
            return outcome.updateCount();
        }
        try (RowCursor rows = outcome.rows().get()) {
            assertTrue(rows.next());
            return rows.row().get(0);
        }
    }

    private static long looks(String sql) {
        AtomicLong looks = new AtomicLong();
        answer(sql, List.of(), new RunOptions(0, List.of(), () -> looks.incrementAndGet() < 0));
        return looks.get();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "upper(s)",
                "lower(s)",
                "initcap(s)",
                "reverse(s)",
                "trim(BOTH 'aB' FROM s)",
                "ltrim(s, 'aBcdefghijklmnopqrstuvwxyz')",
                "rtrim(s, 'Ba')",
                "translate(s, 'ab', 'x')",
                "translate(s, 'abcdefghijklmnopqrstuvwxyzB', 'x')",
                "replace(s, 'a', 'bc')",
                "regexp_replace(s, 'a', 'bc', 'g')",
                "split_part(s, 'a', 500000)",
                "split_part(s, 'a', -500000)",
                "lpad(s, 2097152, 'xyz')",
                "rpad(s, 2097152)",
                "octet_length(s)",
                "md5(s)",
                "md5(b)",
                "hex(b)",
                "encode(b, 'hex')",
                "encode(b, 'base64')",
                "sha384(b)",
                "decode(s, 'hex')",
                "decode(s, 'base64')",
                "decode(s, 'escape')",
                "format(s)",
                "quote_literal(replace(s, 'a', ''''))"
            })
    void looksAtTheCancellationWithinOneCall(String call) {
        String argument = call.contains("b)") || call.contains("(b,") ? "b" : "s";
        long without = looks("SELECT length(" + argument + ") FROM t");

        long with = looks("SELECT " + call + " FROM t");

        assertTrue(with - without >= LOOKS, () -> with + " looks, " + without + " without the call");
        long planned = looks("SELECT " + call + " FROM t");
        SqlException e = assertThrows(
                SqlException.class,
                () -> answer(
                        "SELECT " + call + " FROM t", List.of(), new RunOptions(0, List.of(), after(planned - 3))));
        assertEquals("57014", e.sqlState());
    }

    private static java.util.function.BooleanSupplier after(long looks) {
        AtomicLong left = new AtomicLong(looks);
        return () -> left.decrementAndGet() < 0;
    }

    @Test
    void aPatternLongerThanAnyoneWritesIsRefused() {
        for (String match : List.of("s ~ ?", "s SIMILAR TO ?", "s ~* ?")) {
            SqlException e = assertThrows(
                    SqlException.class,
                    () -> answer("SELECT " + match + " FROM t", List.of("a".repeat(100_000)), RunOptions.PLAIN));
            assertEquals("54001", e.sqlState(), match);
        }
    }

    // ---- the answers

    /** Characters that mean something to their neighbours, or are two. */
    private static final String[] CHARACTERS = {
        "a",
        "B",
        "\u03A3",
        "\u03A3",
        "\u03C3",
        "\u00DF",
        "\u0130",
        "'",
        ".",
        " ",
        "\u0301",
        "\uD83D\uDE00",
        "\uD801\uDC00",
        "\u02B0"
    };

    /** A string a little longer than some pieces, with its odd characters about where pieces end. */
    private static String text(Random random) {
        StringBuilder text = new StringBuilder();
        for (int piece = 0; piece < 3; piece++) {
            String filler = new String[] {"x", "\u03A3", ".", "\u0436"}[random.nextInt(4)];
            text.append(filler.repeat(Math.max(0, (piece + 1) * (1 << 16) - 20 - text.length())));
            for (int i = 0; i < 40; i++) {
                text.append(CHARACTERS[random.nextInt(CHARACTERS.length)]);
            }
        }
        return text.toString();
    }

    private static Object of(String call, Object... parameters) {
        return answer("SELECT " + call, List.of(parameters), RunOptions.PLAIN);
    }

    @Test
    void piecesMakeNoDifference() throws NoSuchAlgorithmException {
        long seed = Long.getLong("strings.seed", System.nanoTime());
        Random random = new Random(seed);
        for (int i = 0; i < 6; i++) {
            String s = text(random);
            String message = "-Dstrings.seed=" + seed;
            byte[] utf8 = s.getBytes(StandardCharsets.UTF_8);
            assertEquals(s.toUpperCase(Locale.ROOT), of("upper(CAST(? AS TEXT))", s), message);
            // Java's own takes the square of the length of a word of sigmas.
            String lower = s.replace('\u03A3', '\u03C3').toLowerCase(Locale.ROOT);
            assertEquals(lower, of("lower(CAST(? AS TEXT))", s), message);
            assertEquals(new StringBuilder(s).reverse().toString(), of("reverse(CAST(? AS TEXT))", s), message);
            assertEquals((long) utf8.length, of("octet_length(CAST(? AS TEXT))", s), message);
            String md5 =
                    HexFormat.of().formatHex(MessageDigest.getInstance("MD5").digest(utf8));
            assertEquals(md5, of("md5(CAST(? AS TEXT))", s), message);
            assertEquals(md5, of("md5(CAST(? AS BLOB))", utf8), message);
            assertEquals(HexFormat.of().formatHex(utf8), of("encode(CAST(? AS BLOB), 'hex')", utf8), message);
            String lines = Base64.getMimeEncoder(76, new byte[] {'\n'}).encodeToString(utf8);
            assertEquals(
                    utf8.length % 57 == 0 ? lines + "\n" : lines,
                    of("encode(CAST(? AS BLOB), 'base64')", utf8),
                    message);
        }
    }

    @Test
    void aSigmaIsALetterLikeOthers() {
        assertEquals("\u03BF\u03B4\u03BF\u03C3", of("lower('\u039F\u0394\u039F\u03A3')"));
        assertEquals("\u03C3".repeat(1 << 17), of("lower(repeat('\u03A3', ?))", 1L << 17)); // was quadratic
    }

    /** A word that Java would fold in the square of its length. */
    private static final String SIGMAS = "\u03A3".repeat(200_000);

    @ParameterizedTest
    @ValueSource(
            strings = {
                "22P02 CAST(? AS BOOLEAN)",
                "22P02 CAST(? AS DOUBLE PRECISION)",
                "22007 CAST(? AS INTERVAL)",
                "22023 date_trunc(CAST(? AS TEXT), TIMESTAMP '2024-01-01 00:00:00')",
                "22023 encode(X'00', ?)",
                "22023 decode('00', ?)",
                "42P01 currval(?)",
                "42704 current_setting(?)"
            })
    void aWordOfAnyLengthIsRefusedAtOnce(String call) {
        SqlException e = assertThrows(SqlException.class, () -> of(call.substring(6), SIGMAS));
        assertEquals(call.substring(0, 5), e.sqlState(), () -> String.valueOf(e.getMessage())
                .substring(0, 50));
    }

    @Test
    void aNameOfAnyLengthIsRefusedAtOnce() {
        for (String sql : List.of("x AS #", "#", "EXTRACT(# FROM DATE '2024-01-01')", "CAST(1 AS #)", "#(1)")) {
            SqlException e = assertThrows(SqlException.class, () -> of(sql.replace("#", SIGMAS)));
            assertTrue(e.sqlState().startsWith("42"), () -> e.sqlState() + " for " + sql);
        }
    }

    @Test
    void setsOfManyCharactersMeanWhatThoseOfFewDo() {
        assertEquals("-x-", of("btrim('ba-x-cd', 'abcd')"));
        assertEquals("-x-", of("btrim('ba-x-cd\uD83D\uDE00', 'abcdefghijklm\uD83D\uDE00')"));
        assertEquals("1c", of("translate('abc', 'abb', '1')"));
        assertEquals("12\uD83D\uDE00", of("translate('abc-', 'abcdefghi-a', '12\uD83D\uDE004567')"));
        assertEquals("xyzxya\uD83D\uDE00", of("lpad('a\uD83D\uDE00', 7, 'xyz')"));
        assertEquals("a" + "\uD83D\uDE00z".repeat(100_000) + "\uD83D\uDE00", of("rpad('a', 200002, '\uD83D\uDE00z')"));
        assertEquals("ab" + "q".repeat(100_000).substring(2), of("rpad('ab', 100000, ?)", "q".repeat(70_000)));
    }
}

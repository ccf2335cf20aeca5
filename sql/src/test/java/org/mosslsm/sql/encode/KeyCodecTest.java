package org.mosslsm.sql.encode;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.mosslsm.sql.error.SqlException;
import org.mosslsm.sql.type.SqlType;
import org.mosslsm.sql.type.ValueOrder;

/** The laws of keys, for every type in every form. */
class KeyCodecTest {
    private static final long SEED = System.nanoTime();

    @BeforeAll
    static void printSeed() {
        System.out.println("KeyCodecTest seed " + SEED);
    }

    record Form(SqlType type, boolean nullable, boolean descending) {
        KeyCodec codec() {
            return KeyCodec.of(type, nullable, descending);
        }

        List<Object> values() {
            List<Object> values = SampleValues.of(type, new Random(SEED));
            if (nullable) {
                values.add(null);
            }
            return values;
        }

        int compare(Object a, Object b) {
            Comparator<Object> order = Comparator.nullsLast(ValueOrder.of(type));
            int c = Integer.signum(order.compare(a, b));
            return descending ? -c : c;
        }
    }

    static Stream<Form> forms() {
        return SampleValues.TYPES.stream()
                .flatMap(t -> Stream.of(
                        new Form(t, false, false),
                        new Form(t, true, false),
                        new Form(t, false, true),
                        new Form(t, true, true)));
    }

    @ParameterizedTest
    @MethodSource("forms")
    void bytesCompareAsValuesDo(Form form) {
        KeyCodec codec = form.codec();
        for (Object a : form.values()) {
            for (Object b : form.values()) {
                byte[] x = codec.encode(a);
                byte[] y = codec.encode(b);
                assertEquals(
                        form.compare(a, b),
                        Integer.signum(Arrays.compareUnsigned(x, y)),
                        () -> a + " " + hex(x) + " against " + b + " " + hex(y));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("forms")
    void decodingGivesTheValueBack(Form form) {
        KeyCodec codec = form.codec();
        for (Object value : form.values()) {
            byte[] bytes = codec.encode(value);
            byte[] amid = new byte[bytes.length + 9];
            Arrays.fill(amid, (byte) 0x55);
            System.arraycopy(bytes, 0, amid, 3, bytes.length);

            Object decoded = codec.decode(amid, 3);

            assertEquals(0, form.compare(value, decoded), () -> value + " became " + decoded);
            assertEquals(3 + bytes.length, codec.end(amid, 3), () -> "end of " + value + " in " + hex(amid));
            assertEquals(value == null, codec.isNull(amid, 3));
            if (value instanceof Long v) {
                assertEquals(v, codec.decodeLong(amid, 3));
            } else if (value instanceof Double v) {
                assertEquals(v + 0.0, codec.decodeDouble(amid, 3));
            }
            if (value != null && KeyCodec.keepsAll(form.type()) && !(value instanceof Double)) {
                assertTrue(java.util.Objects.deepEquals(value, decoded), () -> value + " became " + decoded);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("forms")
    void noEncodingIsAPrefixOfAnother(Form form) {
        KeyCodec codec = form.codec();
        for (Object a : form.values()) {
            for (Object b : form.values()) {
                byte[] x = codec.encode(a);
                byte[] y = codec.encode(b);
                if (!Arrays.equals(x, y)) {
                    int mismatch = Arrays.mismatch(x, y);
                    assertTrue(mismatch < Math.min(x.length, y.length), () -> hex(x) + " begins " + hex(y));
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("forms")
    void fixedLengthIsTrue(Form form) {
        KeyCodec codec = form.codec();
        for (Object value : form.values()) {
            if (codec.fixedLength() >= 0) {
                assertEquals(codec.fixedLength(), codec.encode(value).length);
            }
        }
        assertEquals(form.nullable(), codec.nullable());
        assertEquals(form.descending(), codec.descending());
    }

    @Test
    void pairsKeepTheLaw() {
        Random random = new Random(SEED);
        for (int round = 0; round < 2_000; round++) {
            Form first = randomForm(random);
            Form second = randomForm(random);
            Object[] a = {pick(first, random), pick(second, random)};
            Object[] b = {random.nextBoolean() ? a[0] : pick(first, random), pick(second, random)};
            int expected = first.compare(a[0], b[0]) != 0 ? first.compare(a[0], b[0]) : second.compare(a[1], b[1]);

            int actual = Integer.signum(Arrays.compareUnsigned(pair(first, second, a), pair(first, second, b)));

            assertEquals(expected, actual, () -> first + " " + second + Arrays.toString(a) + Arrays.toString(b));
        }
    }

    private static Form randomForm(Random random) {
        return new Form(
                SampleValues.TYPES.get(random.nextInt(SampleValues.TYPES.size())),
                random.nextBoolean(),
                random.nextBoolean());
    }

    private static Object pick(Form form, Random random) {
        List<Object> values = form.values();
        return values.get(random.nextInt(values.size()));
    }

    private static byte[] pair(Form first, Form second, Object[] values) {
        KeyWriter out = new KeyWriter();
        first.codec().encode(values[0], out);
        second.codec().encode(values[1], out);
        return out.toBytes();
    }

    @Test
    void aLoneSurrogateIsRefused() {
        KeyCodec codec = KeyCodec.of(SqlType.TEXT, false, false);
        for (String s : List.of("\uD800", "\uDC00", "a\uDBFFb", "\uDC00\uD800", "\uD800\uD800\uDC00", "?\uD800")) {
            SqlException e = assertThrows(SqlException.class, () -> codec.encode(s));
            assertEquals("22021", e.sqlState());
        }
        assertEquals("?", codec.decode(codec.encode("?"), 0));
    }

    @Test
    void nullIsRefusedWhereThereIsNone() {
        KeyCodec codec = KeyCodec.of(SqlType.BIGINT, false, false);
        assertThrows(IllegalArgumentException.class, () -> codec.encode(null));
    }

    @Test
    void nullComesLastAscendingAndFirstDescending() {
        assertEquals("ff", hex(KeyCodec.of(SqlType.BIGINT, true, false).encode(null)));
        assertEquals("00", hex(KeyCodec.of(SqlType.BIGINT, true, true).encode(null)));
        assertNull(KeyCodec.of(SqlType.TEXT, true, true).decode(new byte[] {0}, 0));
        assertFalse(KeyCodec.keepsAll(SqlType.DECIMAL));
    }

    @Test
    void numbersOfIndexesAreOrdered() {
        int[] ids = {0, 1, 127, 128, 0x3FFF, 0x4000, 0x1F_FFFF, 0x20_0000, 0xFFF_FFFF, 0x1000_0000, Integer.MAX_VALUE};
        for (int i = 1; i < ids.length; i++) {
            byte[] lower = IndexKeys.prefix(IndexKeys.ROWS, ids[i - 1]);
            byte[] upper = IndexKeys.prefix(IndexKeys.ROWS, ids[i]);
            assertTrue(Arrays.compareUnsigned(lower, upper) < 0, hex(lower) + " before " + hex(upper));
            assertTrue(Arrays.mismatch(lower, upper) < lower.length, hex(lower) + " is no prefix of " + hex(upper));
        }
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }
}

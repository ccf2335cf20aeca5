package org.mosslsm.sql.type;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.mosslsm.sql.testkit.RandomValues;

class ValueOrderTest {
    @Test
    void stringsCompareAsTheirUtf8Bytes() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (int i = 0; i < 20_000; i++) {
            String a = RandomValues.string(random, 6);
            String b = RandomValues.string(random, 6);
            int expected =
                    Arrays.compareUnsigned(a.getBytes(StandardCharsets.UTF_8), b.getBytes(StandardCharsets.UTF_8));
            assertEquals(
                    Integer.signum(expected),
                    Integer.signum(ValueOrder.compareStrings(a, b)),
                    () -> "seed " + seed + ": " + a + " with " + b);
        }
    }

    @Test
    void doublesHaveOneZeroAndNanLast() {
        assertEquals(0, ValueOrder.compareDoubles(-0.0, 0.0));
        assertEquals(0, ValueOrder.compareDoubles(Double.NaN, Double.NaN));
        assertTrue(ValueOrder.compareDoubles(Double.NaN, Double.POSITIVE_INFINITY) > 0);
        assertTrue(ValueOrder.compareDoubles(Double.NEGATIVE_INFINITY, -Double.MAX_VALUE) < 0);
    }

    @Test
    void uuidsAndBytesAreUnsigned() {
        assertTrue(ValueOrder.compareUuids(new UUID(-1, 0), new UUID(1, 0)) > 0);
        assertTrue(ValueOrder.of(SqlType.BLOB).compare(new byte[] {(byte) 0x80}, new byte[] {0x7F}) > 0);
    }

    @Test
    void orderIsTotalAndAgreesWithKeys() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (SqlType type : List.of(SqlType.DOUBLE, SqlType.DECIMAL, SqlType.BLOB, SqlType.TEXT, SqlType.INTERVAL)) {
            Comparator<Object> order = ValueOrder.of(type);
            for (int i = 0; i < 3000; i++) {
                Object a = RandomValues.of(type, random);
                Object b = RandomValues.of(type, random);
                Object c = RandomValues.of(type, random);
                String message = "seed " + seed + " " + type + ": " + a + ", " + b + ", " + c;
                assertEquals(Integer.signum(order.compare(a, b)), -Integer.signum(order.compare(b, a)), message);
                assertEquals(order.compare(a, b) == 0, ValueKeys.key(a, type).equals(ValueKeys.key(b, type)), message);
                if (order.compare(a, b) <= 0 && order.compare(b, c) <= 0) {
                    assertTrue(order.compare(a, c) <= 0, message);
                }
            }
        }
    }
}

package org.mosslsm.sql.testkit;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Random;
import java.util.UUID;
import org.mosslsm.sql.type.DateTimes;
import org.mosslsm.sql.type.Interval;
import org.mosslsm.sql.type.SqlType;

/** Random values of every type, with the awkward ones among them. */
public final class RandomValues {
    private static final int[] POINTS = {
        0, ' ', '%', '_', '\\', 'a', 'b', 'Z', 0xE9, 0x3C3, 0xD7FF, 0xE000, 0xFFFF, 0x10000, 0x1F600, 0x10FFFF
    };
    private static final double[] DOUBLES = {
        0.0,
        -0.0,
        1.0,
        -1.5,
        0.1,
        1e15,
        1e-5,
        Double.MAX_VALUE,
        Double.MIN_VALUE,
        Double.NaN,
        Double.POSITIVE_INFINITY,
        Double.NEGATIVE_INFINITY,
        Math.PI
    };

    private RandomValues() {}

    /** A value that is not NULL. */
    public static Object of(SqlType type, Random random) {
        return switch (type.kind()) {
            case BOOLEAN -> random.nextBoolean();
            case SMALLINT -> (long) (short) whole(random);
            case INTEGER -> (long) (int) whole(random);
            case BIGINT -> whole(random);
            case DECIMAL -> decimal(type, random);
            case REAL -> (double) (float) floating(random);
            case DOUBLE -> floating(random);
            case CHAR -> string(random, type.length()).replaceAll(" +$", "");
            case VARCHAR, TEXT, UNKNOWN -> string(random, type.length() == 0 ? 12 : type.length());
            case BINARY, VARBINARY, BLOB -> bytes(random, type);
            case DATE -> (long) random.nextInt(2_000_000) - 800_000;
            case TIME -> DateTimes.round((long) (random.nextDouble() * DateTimes.MICROS_PER_DAY), type);
            case TIMESTAMP, TIMESTAMPTZ ->
                DateTimes.round(
                        (random.nextInt(80_000) - 30_000) * DateTimes.MICROS_PER_DAY
                                + (long) (random.nextDouble() * DateTimes.MICROS_PER_DAY),
                        type);
            case UUID -> new UUID(random.nextLong(), random.nextLong());
            case INTERVAL -> new Interval(random.nextInt(40), random.nextInt(50), random.nextInt());
        };
    }

    private static long whole(Random random) {
        return switch (random.nextInt(6)) {
            case 0 -> Long.MIN_VALUE;
            case 1 -> Long.MAX_VALUE;
            case 2 -> random.nextLong();
            case 3 -> random.nextInt();
            default -> random.nextInt(21) - 10;
        };
    }

    private static double floating(Random random) {
        return switch (random.nextInt(4)) {
            case 0 -> DOUBLES[random.nextInt(DOUBLES.length)];
            case 1 -> random.nextInt(1000) / 10.0;
            case 2 -> random.nextGaussian();
            default -> Double.longBitsToDouble(random.nextLong());
        };
    }

    private static BigDecimal decimal(SqlType type, Random random) {
        if (type.precision() == 0) {
            return new BigDecimal(new BigInteger(random.nextInt(100), random), random.nextInt(20))
                    .multiply(BigDecimal.valueOf(random.nextBoolean() ? 1 : -1));
        }
        long limit = BigInteger.TEN.pow(Math.min(type.precision(), 18)).longValue();
        return BigDecimal.valueOf(random.nextLong() % limit, type.scale());
    }

    /** A string of at most {@code most} characters. */
    public static String string(Random random, int most) {
        StringBuilder sb = new StringBuilder();
        int n = random.nextInt(most + 1);
        for (int i = 0; i < n; i++) {
            sb.appendCodePoint(POINTS[random.nextInt(POINTS.length)]);
        }
        return sb.toString();
    }

    private static byte[] bytes(Random random, SqlType type) {
        byte[] b = new byte[type.kind() == SqlType.Kind.BINARY ? type.length() : random.nextInt(10)];
        random.nextBytes(b);
        return b;
    }
}

package org.mosslsm.sql.encode;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.mosslsm.sql.type.SqlType;

/** Values of every type: the nasty ones, and random ones. */
final class SampleValues {
    static final List<SqlType> TYPES = List.of(
            SqlType.BOOLEAN,
            SqlType.SMALLINT,
            SqlType.INTEGER,
            SqlType.BIGINT,
            SqlType.DECIMAL,
            SqlType.decimal(18, 4),
            SqlType.decimal(10, 0),
            SqlType.decimal(38, 10),
            SqlType.REAL,
            SqlType.DOUBLE,
            SqlType.character(12),
            SqlType.varchar(40),
            SqlType.TEXT,
            SqlType.VARBINARY,
            SqlType.DATE,
            SqlType.TIME,
            SqlType.TIMESTAMP,
            SqlType.TIMESTAMPTZ,
            SqlType.UUID);

    private SampleValues() {}

    static List<Object> of(SqlType type, Random random) {
        List<Object> values = new ArrayList<>();
        switch (type.kind()) {
            case BOOLEAN -> values.addAll(List.of(true, false));
            case SMALLINT -> longs(values, random, Short.MIN_VALUE, Short.MAX_VALUE);
            case INTEGER, DATE -> longs(values, random, Integer.MIN_VALUE, Integer.MAX_VALUE);
            case BIGINT, TIMESTAMP, TIMESTAMPTZ -> longs(values, random, Long.MIN_VALUE, Long.MAX_VALUE);
            case TIME -> longs(values, random, 0, 86_399_999_999L);
            case REAL -> {
                for (float f : new float[] {
                    0f,
                    -0f,
                    1f,
                    -1f,
                    Float.MIN_VALUE,
                    -Float.MIN_VALUE,
                    Float.MAX_VALUE,
                    -Float.MAX_VALUE,
                    Float.POSITIVE_INFINITY,
                    Float.NEGATIVE_INFINITY,
                    Float.NaN
                }) {
                    values.add((double) f);
                }
                for (int i = 0; i < 40; i++) {
                    values.add((double) Float.intBitsToFloat(random.nextInt()));
                }
            }
            case DOUBLE -> {
                for (double d : new double[] {
                    0d,
                    -0d,
                    1d,
                    -1d,
                    Double.MIN_VALUE,
                    -Double.MIN_VALUE,
                    Double.MAX_VALUE,
                    -Double.MAX_VALUE,
                    Double.POSITIVE_INFINITY,
                    Double.NEGATIVE_INFINITY,
                    Double.NaN
                }) {
                    values.add(d);
                }
                for (int i = 0; i < 40; i++) {
                    values.add(Double.longBitsToDouble(random.nextLong()));
                }
            }
            case DECIMAL -> decimals(values, type, random);
            case CHAR, VARCHAR, TEXT -> strings(values, random);
            case BINARY, VARBINARY, BLOB -> {
                List<Object> texts = new ArrayList<>();
                strings(texts, random);
                texts.forEach(s -> values.add(((String) s).getBytes(StandardCharsets.UTF_8)));
                values.add(new byte[] {-1});
                values.add(new byte[] {-1, -1});
                values.add(new byte[] {0, -1});
                values.add(new byte[] {0, 1});
                values.add(new byte[] {1, 0});
            }
            case UUID -> {
                values.add(new UUID(0, 0));
                values.add(new UUID(-1, -1));
                values.add(new UUID(Long.MIN_VALUE, 0));
                values.add(new UUID(0, Long.MIN_VALUE));
                for (int i = 0; i < 20; i++) {
                    values.add(new UUID(random.nextLong(), random.nextLong()));
                }
            }
            case INTERVAL, UNKNOWN -> throw new IllegalArgumentException("no column has type " + type);
        }
        return values;
    }

    private static void longs(List<Object> values, Random random, long min, long max) {
        for (long v : new long[] {min, min + 1, -256, -255, -1, 0, 1, 127, 128, 255, 256, max - 1, max}) {
            if (v >= min && v <= max) {
                values.add(v);
            }
        }
        for (int i = 0; i < 40; i++) {
            long v = random.nextLong() >> random.nextInt(64);
            values.add(Math.max(min, Math.min(max, v)));
        }
    }

    private static void decimals(List<Object> values, SqlType type, Random random) {
        List<BigDecimal> all = new ArrayList<>();
        for (String s : new String[] {
            "0",
            "0.00",
            "1",
            "-1",
            "1.0",
            "1.00",
            "10",
            "100",
            "99",
            "99.99",
            "-99.99",
            "0.1",
            "0.01",
            "0.001",
            "-0.01",
            "12345678901234",
            "-12345678901234",
            "12.3456",
            "9999",
            "10000"
        }) {
            all.add(new BigDecimal(s));
        }
        if (type.precision() == 0) {
            all.add(new BigDecimal("1E+400"));
            all.add(new BigDecimal("1E-400"));
            all.add(new BigDecimal("-1E+400"));
            all.add(new BigDecimal("9".repeat(300) + "." + "9".repeat(99)));
        }
        for (int i = 0; i < 60; i++) {
            int bits = type.precision() == 0 ? 300 : Math.min(30, type.precision() * 2);
            all.add(new BigDecimal(new BigInteger(random.nextInt(bits) + 1, random), random.nextInt(30) - 10)
                    .multiply(BigDecimal.valueOf(random.nextBoolean() ? 1 : -1)));
        }
        for (BigDecimal d : all) {
            BigDecimal v = type.precision() == 0 ? d : d.setScale(type.scale(), java.math.RoundingMode.HALF_UP);
            if (type.precision() == 0 || v.precision() <= type.precision()) {
                values.add(v);
            }
        }
    }

    private static void strings(List<Object> values, Random random) {
        values.addAll(List.of(
                "",
                "\0",
                "\0\0",
                "\0\1",
                "\1",
                "a",
                "a\0",
                "a\0b",
                "a\1",
                "ab",
                "b",
                "A",
                "z",
                "\u007F",
                "\u0080",
                "\u07FF",
                "\uD7FF",
                "\uE000",
                "\uFFFF",
                "\uD800\uDC00",
                "\uDBFF\uDFFF",
                "a\uFFFF",
                "a\uD800\uDC00",
                "?"));
        for (int i = 0; i < 40; i++) {
            StringBuilder s = new StringBuilder();
            for (int n = random.nextInt(6); n > 0; n--) {
                int c = random.nextInt(4) == 0 ? random.nextInt(3) : random.nextInt(Character.MAX_CODE_POINT + 1);
                s.appendCodePoint(c >= 0xD800 && c <= 0xDFFF ? 'x' : c);
            }
            values.add(s.toString());
        }
    }
}

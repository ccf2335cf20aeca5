package org.mosslsm.it.property;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.Random;
import java.util.UUID;

/** Every type a column can have, with values drawn from a few, so that they meet. */
enum Kind {
    BOOLEAN("BOOLEAN"),
    SMALLINT("SMALLINT"),
    INTEGER("INTEGER"),
    BIGINT("BIGINT"),
    DECIMAL("DECIMAL(10, 2)"),
    NUMERIC("NUMERIC(30, 10)"),
    REAL("REAL"),
    DOUBLE("DOUBLE PRECISION"),
    CHAR("CHAR(4)"),
    VARCHAR("VARCHAR(3)"),
    TEXT("TEXT"),
    BINARY("BINARY(2)"),
    VARBINARY("VARBINARY(2)"),
    BLOB("BLOB"),
    DATE("DATE"),
    TIME("TIME"),
    TIMESTAMP("TIMESTAMP"),
    TIMESTAMP_TZ("TIMESTAMP WITH TIME ZONE"),
    UUID_("UUID");

    private static final String LETTERS = "abABz\u00e9";

    final String sql;

    Kind(String sql) {
        this.sql = sql;
    }

    /** The type of any length and scale. */
    String open() {
        return switch (this) {
            case CHAR -> "VARCHAR";
            case BINARY -> "VARBINARY";
            default -> sql.replaceFirst("\\(.*\\)", "");
        };
    }

    boolean isNumber() {
        return EnumSet.range(SMALLINT, DOUBLE).contains(this);
    }

    boolean isText() {
        return this == CHAR || this == VARCHAR || this == TEXT;
    }

    /** Whether a primary key or an index may hold it. */
    boolean isIndexable() {
        return this != BLOB && this != TEXT;
    }

    /** A value as a parameter takes it; never null. */
    Object draw(Random random) {
        return switch (this) {
            case BOOLEAN -> random.nextBoolean();
            case SMALLINT -> (short) (random.nextInt(24) - 8);
            case INTEGER -> random.nextInt(24) - 8;
            case BIGINT ->
                random.nextInt(12) == 0 ? Integer.MAX_VALUE + 1L + random.nextInt(3) : random.nextInt(24) - 8L;
            case DECIMAL -> BigDecimal.valueOf(random.nextInt(96) * 25L - 800, 2);
            case NUMERIC ->
                BigDecimal.valueOf(random.nextInt(96) * 25L - 800, 2).setScale(random.nextInt(2) == 0 ? 2 : 10);
            case REAL -> (random.nextInt(96) - 32) / 4f;
            case DOUBLE -> (random.nextInt(96) - 32) / 4d;
            case CHAR -> text(random, 1 + random.nextInt(3));
            case VARCHAR, TEXT -> text(random, random.nextInt(4));
            case BINARY, VARBINARY, BLOB -> bytes(random, 3);
            case DATE -> LocalDate.of(2024, 1, 1).plusDays(random.nextInt(60));
            case TIME -> LocalTime.of(random.nextInt(24), 15 * random.nextInt(4));
            case TIMESTAMP -> LocalDateTime.of(2024, 2, 1 + random.nextInt(28), random.nextInt(24), 0);
            case TIMESTAMP_TZ ->
                OffsetDateTime.of(2024, 2, 1 + random.nextInt(28), 12, 0, 0, 0, ZoneOffset.ofHours(random.nextInt(3)));
            case UUID_ -> new UUID(random.nextInt(2) == 0 ? Long.MIN_VALUE : 7, random.nextInt(12));
        };
    }

    private static String text(Random random, int length) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < length; i++) {
            text.append(LETTERS.charAt(random.nextInt(LETTERS.length())));
        }
        return text.toString();
    }

    /** A value to compare a column with; now and then one that the column could not hold. */
    Object drawAny(Random random) {
        if (random.nextInt(5) > 0) {
            return draw(random);
        }
        return switch (this) {
            case DECIMAL -> BigDecimal.valueOf(random.nextInt(960) * 25L - 8000, 3);
            case CHAR -> text(random, 1 + random.nextInt(5));
            case VARCHAR -> text(random, 3 + random.nextInt(2));
            case BINARY, VARBINARY -> bytes(random, 5);
            default -> draw(random);
        };
    }

    private static byte[] bytes(Random random, int below) {
        byte[] bytes = new byte[random.nextInt(below)];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) new int[] {0, 1, 0x7f, 0x80, 0xff}[random.nextInt(5)];
        }
        return bytes;
    }

    /** The value as a literal. */
    String literal(Object value) {
        return switch (this) {
            case BOOLEAN -> (Boolean) value ? "TRUE" : "FALSE";
            case SMALLINT, INTEGER, BIGINT -> value.toString();
            case DECIMAL, NUMERIC -> ((BigDecimal) value).toPlainString();
            case REAL, DOUBLE -> value.toString();
            case CHAR, VARCHAR, TEXT -> "'" + value + "'";
            case BINARY, VARBINARY, BLOB -> "X'" + HexFormat.of().formatHex((byte[]) value) + "'";
            case DATE -> "DATE '" + value + "'";
            case TIME -> "TIME '" + value + ":00'";
            case TIMESTAMP -> "TIMESTAMP '" + value.toString().replace('T', ' ') + ":00'";
            case TIMESTAMP_TZ ->
                "TIMESTAMP WITH TIME ZONE '" + ((OffsetDateTime) value).toLocalDate() + " 12:00:00+0"
                        + ((OffsetDateTime) value).getOffset().getTotalSeconds() / 3600 + ":00'";
            case UUID_ -> "UUID '" + value + "'";
        };
    }
}

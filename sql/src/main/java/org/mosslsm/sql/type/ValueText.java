package org.mosslsm.sql.type;

import java.io.ByteArrayOutputStream;
import java.math.BigDecimal;
import java.time.ZoneId;
import java.util.HexFormat;
import java.util.UUID;

/** Values as text and back, as PostgreSQL writes and reads them. */
public final class ValueText {
    private ValueText() {}

    /**
     * The value that {@code text} spells.
     *
     * @param zone time zone of a TIMESTAMP WITH TIME ZONE that names none
     * @throws org.mosslsm.sql.error.SqlException 22P02, 22007, 22008, 22003 or 22001
     */
    public static Object parse(String text, SqlType type, ZoneId zone) {
        return switch (type.kind()) {
            case BOOLEAN -> parseBoolean(text);
            case SMALLINT, INTEGER, BIGINT -> Numbers.parseLong(text, type);
            case DECIMAL -> Numbers.parseDecimal(text, type);
            case REAL, DOUBLE -> Numbers.parseDouble(text, type);
            case CHAR, VARCHAR, TEXT, UNKNOWN -> Casts.fitText(text, type, CastMode.ASSIGNMENT);
            case BINARY, VARBINARY, BLOB -> Casts.fitBytes(parseBytes(text, type), type, CastMode.ASSIGNMENT);
            case DATE -> DateTimes.parseDate(text);
            case TIME -> DateTimes.round(DateTimes.parseTime(text), type);
            case TIMESTAMP -> DateTimes.round(DateTimes.parseTimestamp(text), type);
            case TIMESTAMPTZ -> DateTimes.round(DateTimes.parseInstant(text, zone), type);
            case UUID -> parseUuid(text);
            case INTERVAL -> IntervalText.parse(text);
        };
    }

    /**
     * The text of a value that is not NULL. A CHAR is padded to its length.
     *
     * @param zone time zone in which a TIMESTAMP WITH TIME ZONE is shown
     */
    public static String format(Object value, SqlType type, ZoneId zone) {
        return switch (type.kind()) {
            case BOOLEAN, SMALLINT, INTEGER, BIGINT, VARCHAR, TEXT, UUID, UNKNOWN -> value.toString();
            case DECIMAL -> ((BigDecimal) value).toPlainString();
            case REAL -> Numbers.formatReal((Double) value);
            case DOUBLE -> Numbers.formatDouble((Double) value);
            case CHAR -> pad((String) value, type.length());
            case BINARY, VARBINARY, BLOB -> "\\x" + HexFormat.of().formatHex((byte[]) value);
            case DATE -> DateTimes.formatDate((Long) value);
            case TIME -> DateTimes.formatTime((Long) value);
            case TIMESTAMP -> DateTimes.formatTimestamp((Long) value);
            case TIMESTAMPTZ -> DateTimes.formatInstant((Long) value, zone);
            case INTERVAL -> IntervalText.format((Interval) value);
        };
    }

    /** The string with blanks appended up to {@code length} characters. */
    public static String pad(String s, int length) {
        int missing = length - s.codePointCount(0, s.length());
        return missing <= 0 ? s : s + " ".repeat(missing);
    }

    private static Boolean parseBoolean(String text) {
        String s = Words.lower(text.strip());
        if (!s.isEmpty()) {
            if ("true".startsWith(s) || "yes".startsWith(s) || s.equals("on") || s.equals("1")) {
                return true;
            }
            if ("false".startsWith(s) || "no".startsWith(s) || s.equals("of") || s.equals("off") || s.equals("0")) {
                return false;
            }
        }
        throw Numbers.invalid(text, SqlType.BOOLEAN);
    }

    private static UUID parseUuid(String text) {
        String s = text.strip();
        if (s.startsWith("{") && s.endsWith("}")) {
            s = s.substring(1, s.length() - 1);
        }
        String hex = s.replace("-", "");
        if (hex.length() != 32 || !hex.chars().allMatch(c -> Character.digit(c, 16) >= 0 && c < 128)) {
            throw Numbers.invalid(text, SqlType.UUID);
        }
        return new UUID(HexFormat.fromHexDigitsToLong(hex, 0, 16), HexFormat.fromHexDigitsToLong(hex, 16, 32));
    }

    /** {@code \x} and hexadecimal digits, or characters with {@code \\} and octal {@code \ooo} escapes. */
    private static byte[] parseBytes(String text, SqlType type) {
        if (text.startsWith("\\x")) {
            try {
                return HexFormat.of().parseHex(text.substring(2).replaceAll("\\s", ""));
            } catch (IllegalArgumentException notHex) {
                throw Numbers.invalid(text, type);
            }
        }
        byte[] utf8 = text.getBytes(java.nio.charset.StandardCharsets.UTF_8);
        ByteArrayOutputStream out = new ByteArrayOutputStream(utf8.length);
        for (int i = 0; i < utf8.length; i++) {
            if (utf8[i] != '\\') {
                out.write(utf8[i]);
            } else if (i + 1 < utf8.length && utf8[i + 1] == '\\') {
                out.write('\\');
                i++;
            } else if (i + 3 < utf8.length && octal(utf8, i + 1) >= 0) {
                out.write(octal(utf8, i + 1));
                i += 3;
            } else {
                throw Numbers.invalid(text, type);
            }
        }
        return out.toByteArray();
    }

    private static int octal(byte[] b, int at) {
        int value = 0;
        for (int i = at; i < at + 3; i++) {
            if (b[i] < '0' || b[i] > '7') {
                return -1;
            }
            value = value * 8 + b[i] - '0';
        }
        return value > 255 ? -1 : value;
    }
}

package org.mosslsm.sql.expr;

import static org.mosslsm.sql.type.SqlType.BLOB;
import static org.mosslsm.sql.type.SqlType.TEXT;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import org.mosslsm.sql.error.SqlException;
import org.mosslsm.sql.error.SqlState;
import org.mosslsm.sql.expr.FunctionBody.Contextual;
import org.mosslsm.sql.type.Words;

/** Bytes as text and back, and digests of them. */
final class BinaryFunctions {
    private BinaryFunctions() {}

    static void register(Functions.Registrar r) {
        r.add("encode", TEXT, List.of(BLOB, TEXT), (Contextual)
                (v, context) -> encode((byte[]) v[0], (String) v[1], context));
        r.add("decode", BLOB, List.of(TEXT, TEXT), (Contextual)
                (v, context) -> decode((String) v[0], (String) v[1], context));
        r.add("md5", TEXT, List.of(TEXT), (Contextual) (v, context) -> LongText.md5((String) v[0], context));
        r.add("md5", TEXT, List.of(BLOB), (Contextual)
                (v, context) -> HexFormat.of().formatHex(digest("MD5", (byte[]) v[0], context)));
        for (String bits : List.of("224", "256", "384", "512")) {
            r.add("sha" + bits, BLOB, List.of(BLOB), (Contextual)
                    (v, context) -> digest("SHA-" + bits, (byte[]) v[0], context));
        }
    }

    private static String encode(byte[] bytes, String format, EvalContext context) {
        return switch (Words.lower(format)) {
            case "hex" -> LongText.hex(bytes, HexFormat.of(), context);
            case "base64" -> LongText.base64(bytes, context);
            case "escape" -> escaped(bytes, context);
            default -> throw unknownFormat(format);
        };
    }

    private static byte[] decode(String text, String format, EvalContext context) {
        try {
            return switch (Words.lower(format)) {
                case "hex" -> bytesOfHex(text, context);
                case "base64" -> bytesOfBase64(text, context);
                case "escape" -> unescaped(text, context);
                default -> throw unknownFormat(format);
            };
        } catch (IllegalArgumentException e) {
            // PostgreSQL reads escapes as it reads a literal of type BYTEA.
            boolean literal = Words.lower(format).equals("escape");
            throw new SqlException(
                    literal ? SqlState.INVALID_TEXT_REPRESENTATION : SqlState.INVALID_PARAMETER_VALUE,
                    "the text is not " + format,
                    e);
        }
    }

    private static boolean isBlank(char c) {
        return c == ' ' || c == '\n' || c == '\r' || c == '\t';
    }

    /** Blanks may stand between bytes, not between the digits of one. */
    private static byte[] bytesOfHex(String text, EvalContext context) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(text.length() / 2);
        int i = 0;
        for (int looks = 1; i < text.length(); looks++) {
            LongText.look(looks, context);
            if (isBlank(text.charAt(i))) {
                i++;
            } else {
                int low = i + 1 < text.length() ? HexFormat.fromHexDigit(text.charAt(i + 1)) : -1;
                if (low < 0) {
                    throw new IllegalArgumentException("half a byte");
                }
                out.write(HexFormat.fromHexDigit(text.charAt(i)) << 4 | low);
                i += 2;
            }
        }
        return out.toByteArray();
    }

    /** Blanks may stand anywhere; the groups of four are whole, the last one filled up. */
    private static byte[] bytesOfBase64(String text, EvalContext context) {
        StringBuilder symbols = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            LongText.look(i + 1, context);
            if (!isBlank(text.charAt(i))) {
                symbols.append(text.charAt(i));
            }
        }
        if (symbols.length() % 4 != 0) {
            throw new IllegalArgumentException("a part of a group");
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream(symbols.length() / 4 * 3);
        for (int from = 0; from < symbols.length(); from += LongText.PIECE) {
            LongText.look(from, context);
            int to = Math.min(symbols.length(), from + LongText.PIECE); // whole groups
            byte[] part = Base64.getDecoder().decode(symbols.substring(from, to));
            if (part.length < (to - from) / 4 * 3 && to < symbols.length()) {
                throw new IllegalArgumentException("more after the end");
            }
            out.write(part, 0, part.length);
        }
        return out.toByteArray();
    }

    /** Zero and bytes beyond ASCII as three octal digits after a backslash, a backslash as two. */
    private static String escaped(byte[] bytes, EvalContext context) {
        Strings.checkLength(4L * bytes.length);
        StringBuilder out = new StringBuilder(bytes.length);
        for (int i = 0; i < bytes.length; i++) {
            LongText.look(i, context);
            byte b = bytes[i];
            if (b > 0) {
                out.append(b == '\\' ? "\\\\" : String.valueOf((char) b));
            } else {
                int v = b & 0xFF;
                out.append('\\').append((char) ('0' + (v >> 6))).append((char) ('0' + (v >> 3 & 7)));
                out.append((char) ('0' + (v & 7)));
            }
        }
        return out.toString();
    }

    private static byte[] unescaped(String text, EvalContext context) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        ByteArrayOutputStream out = new ByteArrayOutputStream(utf8.length);
        for (int i = 0, looks = 1; i < utf8.length; i++, looks++) {
            LongText.look(looks, context);
            if (utf8[i] != '\\') {
                out.write(utf8[i]);
            } else if (i + 1 < utf8.length && utf8[i + 1] == '\\') {
                out.write('\\');
                i++;
            } else {
                int value = 0;
                for (int d = 1; d <= 3; d++) {
                    int digit = i + d < utf8.length ? utf8[i + d] - '0' : -1;
                    if (digit < 0 || digit > (d == 1 ? 3 : 7)) {
                        throw new IllegalArgumentException("a backslash without three octal digits");
                    }
                    value = value * 8 + digit;
                }
                out.write(value);
                i += 3;
            }
        }
        return out.toByteArray();
    }

    private static byte[] digest(String algorithm, byte[] bytes, EvalContext context) {
        MessageDigest digest = digest(algorithm);
        LongText.inPieces(bytes, digest::update, context);
        return digest.digest();
    }

    /** @throws SqlException 0A000 where the platform has no such algorithm: SHA-224, SHA-384 and SHA-512 may be left out */
    static MessageDigest digest(String algorithm) {
        try {
            return MessageDigest.getInstance(algorithm);
        } catch (NoSuchAlgorithmException e) {
            throw new SqlException(SqlState.NOT_SUPPORTED, "this JVM has no " + algorithm, e);
        }
    }

    private static SqlException unknownFormat(String format) {
        return new SqlException(
                SqlState.INVALID_PARAMETER_VALUE,
                "\"" + format + "\" is no encoding: there are hex, base64 and escape");
    }
}

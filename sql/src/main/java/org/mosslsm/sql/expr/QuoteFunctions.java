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
import java.util.Set;
import org.mosslsm.sql.error.SqlException;
import org.mosslsm.sql.error.SqlState;
import org.mosslsm.sql.expr.FunctionBody.Binary;
import org.mosslsm.sql.expr.FunctionBody.Contextual;
import org.mosslsm.sql.expr.FunctionBody.Lazy;
import org.mosslsm.sql.expr.FunctionBody.Unary;
import org.mosslsm.sql.expr.ScalarFunction.Volatility;
import org.mosslsm.sql.type.Words;

/** Strings as SQL writes them down, bytes as text, and digests. */
final class QuoteFunctions {
    /** The words that are no name without quotes: rule {@code reserved} of the grammar. */
    private static final Set<String> RESERVED = Set.of(
            ("all and any as asymmetric between both case cast check collate column constraint create cross current_catalog"
                            + " current_date current_schema current_time current_timestamp current_user default distinct"
                            + " else end except exists false for foreign from full group having ilike in inner intersect"
                            + " into is join lateral leading left like localtime localtimestamp natural not null on only"
                            + " or order outer primary references right select session_user some symmetric table then to"
                            + " trailing true union unique using values when where with")
                    .split(" "));

    /** Bytes of a digest between two looks at the cancellation. */
    private static final int PIECE = 1 << 16;

    private QuoteFunctions() {}

    static void register(Functions.Registrar r) {
        r.add("quote_literal", TEXT, List.of(TEXT), (Contextual) (v, context) -> literal((String) v[0], context));
        r.add("quote_ident", TEXT, List.of(TEXT), (Unary) s -> identifier((String) s));
        r.addNotStrict("quote_nullable", TEXT, List.of(TEXT), Volatility.IMMUTABLE, (Lazy) (a, row, ctx) -> {
            Object s = a[0].eval(row, ctx);
            return s == null ? "NULL" : literal((String) s, ctx);
        });
        r.add("encode", TEXT, List.of(BLOB, TEXT), (Contextual)
                (v, context) -> encode((byte[]) v[0], (String) v[1], context));
        r.add("decode", BLOB, List.of(TEXT, TEXT), (Binary) (text, format) -> decode((String) text, (String) format));
        for (String bits : List.of("224", "256", "384", "512")) {
            r.add("sha" + bits, BLOB, List.of(BLOB), (Contextual)
                    (v, context) -> digest("SHA-" + bits, (byte[]) v[0], context));
        }
    }

    /** A string as a literal that means it, whatever is in it. */
    static String literal(String s, EvalContext context) {
        String quoted = "'" + Strings.replace(s, "'", "''", context) + "'";
        return s.indexOf('\\') < 0 ? quoted : "E" + Strings.replace(quoted, "\\", "\\\\", context);
    }

    /** A name, in quotes where it is not read as it stands. */
    static String identifier(String s) {
        return s.matches("[a-z_][a-z0-9_]*") && !RESERVED.contains(s) ? s : '"' + s.replace("\"", "\"\"") + '"';
    }

    private static String encode(byte[] bytes, String format, EvalContext context) {
        return switch (Words.lower(format)) {
            case "hex" -> LongText.hex(bytes, HexFormat.of(), context);
            case "base64" -> LongText.base64(bytes, context);
            case "escape" -> escaped(bytes, context);
            default -> throw unknownFormat(format);
        };
    }

    private static byte[] decode(String text, String format) {
        try {
            return switch (Words.lower(format)) {
                case "hex" -> bytesOfHex(text);
                case "base64" -> bytesOfBase64(text);
                case "escape" -> unescaped(text);
                default -> throw unknownFormat(format);
            };
        } catch (IllegalArgumentException e) {
            throw new SqlException(SqlState.INVALID_PARAMETER_VALUE, "the text is not " + format, e);
        }
    }

    private static boolean isBlank(char c) {
        return c == ' ' || c == '\n' || c == '\r' || c == '\t';
    }

    /** Blanks may stand between bytes, not between the digits of one. */
    private static byte[] bytesOfHex(String text) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(text.length() / 2);
        int i = 0;
        while (i < text.length()) {
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
    private static byte[] bytesOfBase64(String text) {
        StringBuilder symbols = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            if (!isBlank(text.charAt(i))) {
                symbols.append(text.charAt(i));
            }
        }
        if (symbols.length() % 4 != 0) {
            throw new IllegalArgumentException("a part of a group");
        }
        return Base64.getDecoder().decode(symbols.toString());
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

    private static byte[] unescaped(String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        ByteArrayOutputStream out = new ByteArrayOutputStream(utf8.length);
        for (int i = 0; i < utf8.length; i++) {
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
        try {
            MessageDigest digest = MessageDigest.getInstance(algorithm);
            for (int from = 0; from < bytes.length; from += PIECE) {
                context.checkCancelled();
                digest.update(bytes, from, Math.min(PIECE, bytes.length - from));
            }
            return digest.digest();
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

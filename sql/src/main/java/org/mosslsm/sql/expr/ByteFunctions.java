package org.mosslsm.sql.expr;

import static org.mosslsm.sql.type.SqlType.BIGINT;
import static org.mosslsm.sql.type.SqlType.BLOB;
import static org.mosslsm.sql.type.SqlType.INTEGER;
import static org.mosslsm.sql.type.SqlType.TEXT;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Supplier;
import java.util.zip.CRC32;
import java.util.zip.CRC32C;
import java.util.zip.Checksum;
import org.mosslsm.sql.error.SqlException;
import org.mosslsm.sql.error.SqlState;
import org.mosslsm.sql.expr.FunctionBody.Binary;
import org.mosslsm.sql.expr.FunctionBody.Contextual;
import org.mosslsm.sql.expr.FunctionBody.Unary;
import org.mosslsm.sql.expr.FunctionBody.Variadic;
import org.mosslsm.sql.type.Words;

/** Single bytes and bits of byte strings, counted from 0, sums of them, and texts in an encoding. */
final class ByteFunctions {
    /** A place outside of its string. */
    private static final String SUBSCRIPT_ERROR = "2202E";

    private static final String UNTRANSLATABLE_CHARACTER = "22P05";

    private ByteFunctions() {}

    static void register(Functions.Registrar r) {
        r.add("get_byte", INTEGER, List.of(BLOB, BIGINT), (Binary)
                (b, n) -> (long) ((byte[]) b)[(int) place(n, ((byte[]) b).length)] & 0xFF);
        r.add("set_byte", BLOB, List.of(BLOB, BIGINT, BIGINT), (Variadic) v -> {
            byte[] changed = ((byte[]) v[0]).clone();
            changed[(int) place(v[1], changed.length)] = ((Long) v[2]).byteValue();
            return changed;
        });
        r.add("get_bit", INTEGER, List.of(BLOB, BIGINT), (Binary) (b, n) -> {
            byte[] bytes = (byte[]) b;
            return (long) bytes[byteOf(n, bytes)] >> ((Long) n & 7) & 1;
        });
        r.add("set_bit", BLOB, List.of(BLOB, BIGINT, BIGINT), (Variadic)
                v -> withBit((byte[]) v[0], (Long) v[1], (Long) v[2]));
        r.add("bit_count", BIGINT, List.of(BLOB), (Unary) b -> bitCount((byte[]) b));
        checksum(r, "crc32", CRC32::new);
        checksum(r, "crc32c", CRC32C::new);
        r.add("convert_to", BLOB, List.of(TEXT, TEXT), (Binary) (s, name) -> encoded((String) s, (String) name));
        r.add("convert_from", TEXT, List.of(BLOB, TEXT), (Binary) (b, name) -> decoded((byte[]) b, (String) name));
    }

    private static void checksum(Functions.Registrar r, String name, Supplier<Checksum> start) {
        r.add(name, BIGINT, List.of(BLOB), (Contextual) (v, context) -> {
            Checksum sum = start.get();
            LongText.inPieces((byte[]) v[0], sum::update, context);
            return sum.getValue();
        });
    }

    private static long place(Object n, long length) {
        long place = (Long) n;
        if (place < 0 || place >= length) {
            throw new SqlException(
                    SUBSCRIPT_ERROR, "index " + place + " is out of the valid range, 0 to " + (length - 1));
        }
        return place;
    }

    private static int byteOf(Object bit, byte[] bytes) {
        return (int) (place(bit, 8L * bytes.length) >> 3);
    }

    private static byte[] withBit(byte[] bytes, long bit, long value) {
        int at = byteOf(bit, bytes);
        if (value != 0 && value != 1) {
            throw new SqlException(SqlState.INVALID_PARAMETER_VALUE, "a bit is 0 or 1");
        }
        byte[] changed = bytes.clone();
        int mask = 1 << (bit & 7);
        changed[at] = (byte) (value == 1 ? changed[at] | mask : changed[at] & ~mask);
        return changed;
    }

    private static long bitCount(byte[] bytes) {
        long count = 0;
        for (byte b : bytes) {
            count += Integer.bitCount(b & 0xFF);
        }
        return count;
    }

    private static byte[] encoded(String s, String name) {
        try {
            ByteBuffer bytes = encoding(name).newEncoder().encode(CharBuffer.wrap(s));
            byte[] out = new byte[bytes.remaining()];
            bytes.get(out);
            return out;
        } catch (CharacterCodingException e) {
            throw new SqlException(UNTRANSLATABLE_CHARACTER, "a character of the text is not in " + name, e);
        }
    }

    private static String decoded(byte[] bytes, String name) {
        try {
            String s =
                    encoding(name).newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
            if (s.indexOf('\0') >= 0) {
                throw new SqlException(SqlState.INVALID_CHARACTER, "a byte 0 is no character of a text");
            }
            return s;
        } catch (CharacterCodingException e) {
            throw new SqlException(SqlState.INVALID_CHARACTER, "the bytes are no text in " + name, e);
        }
    }

    private static Charset encoding(String name) {
        return switch (Words.lower(name)) {
            case "utf8", "utf-8", "unicode" -> StandardCharsets.UTF_8;
            case "latin1", "iso_8859_1", "iso-8859-1", "iso88591" -> StandardCharsets.ISO_8859_1;
            default ->
                throw new SqlException(
                        SqlState.INVALID_PARAMETER_VALUE,
                        "\"" + name + "\" is no encoding of texts: there are UTF8 and LATIN1");
        };
    }
}

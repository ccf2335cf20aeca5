package org.mosslsm.kv.tool;

import org.mosslsm.kv.lsm.entry.Trailer;

/** Bytes as text for people: printable ASCII as it is, everything else as \xNN; long ones cut. */
final class Text {
    private static final int LONGEST = 100;

    private Text() {}

    static String bytes(byte[] array, int offset, int length) {
        StringBuilder text = new StringBuilder("\"");
        for (int i = 0; i < Math.min(length, LONGEST); i++) {
            int b = array[offset + i] & 0xFF;
            if (b < 0x20 || b > 0x7e || b == '"' || b == '\\') {
                text.append("\\x").append(Character.forDigit(b >> 4, 16)).append(Character.forDigit(b & 15, 16));
            } else {
                text.append((char) b);
            }
        }
        text.append('"');
        return length <= LONGEST ? text.toString() : text + "... (" + length + " bytes)";
    }

    static String bytes(byte[] array) {
        return bytes(array, 0, array.length);
    }

    /** As "key"@seq, and what happened to it. */
    static String entry(byte[] key, int offset, int length, long trailer) {
        String kind =
                switch (Trailer.kind(trailer)) {
                    case Trailer.PUT -> "put";
                    case Trailer.POINTER -> "pointer";
                    default -> "delete";
                };
        return kind + " " + bytes(key, offset, length) + "@" + Trailer.seq(trailer);
    }
}

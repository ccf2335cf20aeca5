package org.mosslsm.kv.lsm.table;

import java.util.Arrays;
import org.mosslsm.kv.StoreOpenException;

/**
 * Zstandard, through {@code com.github.luben:zstd-jni} where the application has that on its class path; the engine brings
 * no native code of its own. Thread-safe: no state.
 */
final class Zstd {
    /** The library's own default: higher ones cost several times the time for some percent. */
    private static final int LEVEL = 3;

    private static final boolean PRESENT = isPresent();

    private Zstd() {}

    private static boolean isPresent() {
        try {
            Class.forName("com.github.luben.zstd.Zstd", false, Zstd.class.getClassLoader());
            return true;
        } catch (ClassNotFoundException e) {
            return false;
        }
    }

    /** Whether the library is there. */
    static boolean present() {
        return PRESENT;
    }

    /** Throws unless the library is {@code present}; {@code what} needs it. */
    static void require(boolean present, String what) {
        if (!present) {
            throw new StoreOpenException(
                    StoreOpenException.Reason.UNSUPPORTED,
                    what + " needs zstd: put com.github.luben:zstd-jni on the class path",
                    null);
        }
    }

    /** The first {@code length} bytes of {@code in}, compressed. */
    static byte[] compress(byte[] in, int length) {
        require(PRESENT, "compression");
        byte[] out = new byte[(int) com.github.luben.zstd.Zstd.compressBound(length)];
        long written = com.github.luben.zstd.Zstd.compressByteArray(out, 0, out.length, in, 0, length, LEVEL);
        if (com.github.luben.zstd.Zstd.isError(written)) {
            throw new IllegalStateException("zstd: " + com.github.luben.zstd.Zstd.getErrorName(written));
        }
        return Arrays.copyOf(out, (int) written);
    }

    /** Decompresses to the whole of {@code out}; returns null, or what is wrong with the bytes. */
    static String decompress(byte[] in, int from, int length, byte[] out) {
        long written;
        try {
            written = com.github.luben.zstd.Zstd.decompressByteArray(out, 0, out.length, in, from, length);
        } catch (RuntimeException e) { // the library's own, which cannot be named where it may be missing
            return "is refused: " + e.getMessage();
        }
        if (com.github.luben.zstd.Zstd.isError(written)) {
            return com.github.luben.zstd.Zstd.getErrorName(written);
        }
        return written == out.length ? null : "gives " + written + " bytes instead of " + out.length;
    }
}

package org.mosslsm.kv.lsm.iter;

import java.util.Arrays;
import org.mosslsm.kv.lsm.entry.Fence;

/**
 * A copy of a key that a cursor compares others with, and seeks by when it has moved on.
 *
 * <p>Invariant: {@code fence} and {@code furtherFence} are {@link Fence#signed} of its first sixteen bytes; keys that differ
 * mostly differ there. Allocates only to grow. Thread safety: none.
 */
final class KeptKey {
    /** Bytes of a key that two fences hold. */
    static final int FENCE_BYTES = 2 * Long.BYTES;

    /** Room for the first key: most keys are shorter. A cursor that keeps none has none. */
    private static final int FIRST_BYTES = 64;

    private static final byte[] NONE = {};

    private byte[] array = NONE;
    private int length;
    private long fence;
    private long furtherFence;

    /** Keeps a copy of that key. */
    void keep(byte[] from, int offset, int itsLength) {
        keep(from, offset, itsLength, Fence.signed(from, offset, itsLength), furtherFence(from, offset, itsLength));
    }

    /** As above; the fences of the key are known. */
    void keep(byte[] from, int offset, int itsLength, long itsFence, long itsFurtherFence) {
        if (array.length < itsLength) {
            array = new byte[Math.max(Math.max(FIRST_BYTES, itsLength), array.length * 2)];
        }
        System.arraycopy(from, offset, array, 0, itsLength);
        length = itsLength;
        fence = itsFence;
        furtherFence = itsFurtherFence;
    }

    /** The fence of what follows the first eight bytes of a key. */
    static long furtherFence(byte[] key, int offset, int length) {
        return Fence.signed(key, offset + Long.BYTES, length - Long.BYTES);
    }

    /** Whether a key of those fences may be the same, and is where it is no longer than these. */
    boolean hasFences(int itsLength, long itsFence, long itsFurtherFence) {
        // The second one first: keys that follow each other begin alike.
        return furtherFence == itsFurtherFence && fence == itsFence && length == itsLength;
    }

    /** Whether that key is the same. */
    boolean is(byte[] key, int offset, int itsLength) {
        return length == itsLength && Arrays.equals(array, 0, length, key, offset, offset + itsLength);
    }

    /** Where the copy lies, from 0 on; good until the next key is kept. */
    byte[] array() {
        return array;
    }

    /** Its length, in bytes. */
    int length() {
        return length;
    }
}

package org.mosslsm.kv.lsm.table;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.mosslsm.kv.CorruptionException;
import org.mosslsm.kv.lsm.entry.FoundEntry;
import org.mosslsm.kv.lsm.entry.Trailer;

/**
 * A data block, uncompressed and verified, as {@link BlockBuilder} draws it. Knows where entries can be entered without
 * what stands before them (the restarts), and finds a single entry without building any key.
 *
 * <p>Invariants: (1) the restart array lies within the block, starts with 0, ascends, and stays before the end of the
 * entries: checked once, here. (2) Everything inside the entries is checked where it is read: a block may pass its
 * checksum and still be nonsense written by a broken machine.
 *
 * <p>Immutable but for {@code touched} and {@code ring}, which belong to {@link BlockCache}. Thread-safe.
 */
final class Block {
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    /** Object headers and fields of a block and its place in the cache, roughly. */
    private static final int OVERHEAD_BYTES = 80;

    private final byte[] bytes;
    private final int entriesEnd;
    private final int restarts;
    private final String file;
    private final long fileOffset;

    /** Set by a hit, cleared by the hand of the cache's clock; a race costs at most one eviction too early. */
    volatile boolean touched;

    /** Index in the ring of the cache, -1 while not cached; guarded by the cache's lock. */
    int ring = -1;

    /** Where the block is cached; written before it is published. */
    TableBlocks owner;

    /** Ordinal of the block in its table. */
    int ordinal;

    /** Parses the frame of the block in the first {@code length} bytes, from {@code file} at {@code fileOffset}. */
    Block(byte[] bytes, int length, String file, long fileOffset) {
        this.bytes = bytes;
        this.file = file;
        this.fileOffset = fileOffset;
        if (length < Integer.BYTES) {
            throw damage(0, "a data block of " + length + " bytes");
        }
        this.restarts = (int) INT.get(bytes, length - Integer.BYTES);
        if (restarts < 1 || restarts > (length - Integer.BYTES) / Integer.BYTES) {
            throw damage(length - Integer.BYTES, "a data block with " + restarts + " restarts");
        }
        this.entriesEnd = length - Integer.BYTES - restarts * Integer.BYTES;
        int before = -1;
        for (int i = 0; i < restarts; i++) {
            int restart = restart(i);
            if (restart <= before || restart >= entriesEnd || (i == 0 && restart != 0)) {
                throw damage(entriesEnd + i * Integer.BYTES, "restart " + i + " points to " + restart);
            }
            before = restart;
        }
    }

    byte[] bytes() {
        return bytes;
    }

    /** Where the entries end, and the restart array begins. */
    int entriesEnd() {
        return entriesEnd;
    }

    int restartCount() {
        return restarts;
    }

    /** Offset of the first entry after restart {@code i}. */
    int restart(int i) {
        return (int) INT.get(bytes, entriesEnd + i * Integer.BYTES);
    }

    /** Memory held, in bytes. */
    int charge() {
        return bytes.length + OVERHEAD_BYTES;
    }

    CorruptionException damage(int at, String what) {
        return new CorruptionException(file, fileOffset, what + " (byte " + at + " of the block)");
    }

    /** The trailer at {@code at}, checked for sense; the caller has checked that 8 bytes are left. */
    long trailerAt(int at) {
        long trailer = (long) LONG.get(bytes, at);
        int kind = Trailer.kind(trailer);
        if (trailer < 0 || (kind != Trailer.PUT && kind != Trailer.DELETE)) {
            throw damage(at, "an entry with the trailer " + Long.toHexString(trailer));
        }
        return trailer;
    }

    /** The last restart whose entry is before (key, trailer); 0 where none is. */
    int lastRestartBefore(byte[] key, int offset, int length, long trailer) {
        int low = 0;
        int high = restarts - 1;
        while (low < high) {
            int mid = (low + high + 1) >>> 1;
            if (compareRestart(mid, key, offset, length, trailer) < 0) {
                low = mid;
            } else {
                high = mid - 1;
            }
        }
        return low;
    }

    /** Compares the entry at restart {@code i} with (key, trailer). */
    private int compareRestart(int i, byte[] key, int offset, int length, long trailer) {
        EntryHead head = new EntryHead();
        head.read(this, restart(i));
        if (head.shared != 0) {
            throw damage(restart(i), "a restart whose key is not whole");
        }
        int order = Arrays.compareUnsigned(bytes, head.keyAt, head.keyAt + head.unshared, key, offset, offset + length);
        return order != 0 ? order : Long.compare(trailer, head.trailer);
    }

    /**
     * Finds the newest entry of the key at most as new as the trailer asked for, and puts it into {@code into}; returns
     * whether there is one. Builds no key: of each entry passed it keeps only how many bytes agree with the key sought,
     * which the shared length of the next entry then decides upon alone in most cases.
     */
    boolean get(byte[] key, int offset, int length, long trailer, FoundEntry into) {
        EntryHead head = new EntryHead();
        int at = restart(lastRestartBefore(key, offset, length, trailer));
        int agreed = 0;
        int previousLength = 0;
        while (at < entriesEnd) {
            head.read(this, at);
            if (head.shared > previousLength) {
                throw damage(at, "an entry that shares " + head.shared + " bytes with a key of " + previousLength);
            }
            previousLength = head.shared + head.unshared;
            at = head.valueAt + head.valueLength;
            if (head.shared > agreed) {
                continue; // as far as it matters the same key as the one before, which was less
            }
            if (head.shared < agreed && head.shared > 0) {
                return false; // greater than the one before within the bytes that agreed
            }
            int from = offset + head.shared;
            int order = Arrays.mismatch(bytes, head.keyAt, head.keyAt + head.unshared, key, from, offset + length);
            if (order < 0) {
                if (head.trailer <= trailer) {
                    into.set(head.trailer, bytes, head.valueAt, head.valueLength);
                    return true;
                }
                agreed = length;
                continue;
            }
            boolean less = order == head.unshared
                    || (order < length - head.shared
                            && (bytes[head.keyAt + order] & 0xFF) < (key[from + order] & 0xFF));
            if (!less) {
                return false;
            }
            agreed = head.shared + order;
        }
        return false;
    }
}

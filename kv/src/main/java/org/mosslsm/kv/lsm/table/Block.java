package org.mosslsm.kv.lsm.table;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.mosslsm.kv.CorruptionException;
import org.mosslsm.kv.lsm.entry.Fence;
import org.mosslsm.kv.lsm.entry.FoundEntry;
import org.mosslsm.kv.lsm.entry.Trailer;

/**
 * A data block, uncompressed and verified, as {@link BlockBuilder} draws it. Knows where entries can be entered without
 * what stands before them (the restarts), and finds a single entry without building any key.
 *
 * <pre>
 * prefix   "users/00"                 what the keys of all restarts begin with: it stands in the first entry
 * index    fence 0 | fence 1 | ...    the eight bytes that follow in the key of each restart, as unsigned longs
 *          places 0, 1 | 2, 3 | ...   where the restarts are, two a long
 * </pre>
 *
 * A search looks at the fences alone, which lie in one or two lines of the processor's cache, and at the bytes of an entry
 * only where fences are equal: with the data in memory, a point read costs what it costs in cache misses.
 *
 * <p>Invariants: (1) the restart array lies within the block, starts with 0, ascends, stays before the end of the entries,
 * and each restart's key is whole: checked once, here. (2) Everything inside the entries is checked where it is read: a
 * block may pass its checksum and still be nonsense written by a broken machine.
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

    /** Where the prefix of the restarts' keys stands, and its length. */
    private final int prefixAt;

    private final int prefixLength;

    /** Fences, then places, as drawn above. */
    private final long[] index;

    private final String file;
    private final long fileOffset;

    /** Set by a hit, cleared by the hand of the cache's clock; a race costs at most one eviction too early. */
    boolean touched;

    /** Index in the ring of the cache, -1 while not cached; guarded by the cache's lock. */
    int ring = -1;

    /** Where the block is cached; written before it is published. */
    TableBlocks owner;

    /** Ordinal of the block in its table. */
    int ordinal;

    /**
     * Parses the frame of the block in the first {@code length} bytes, from {@code file} at {@code fileOffset}. One method, and
     * so too large for HotSpot to inline into each of those that may come to a new block: in a young process what they wait
     * for is the compiler.
     */
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
        EntryHead head = new EntryHead();
        this.index = new long[restarts + (restarts + 1) / 2];
        int before = -1;
        for (int i = 0; i < restarts; i++) {
            int at = (int) INT.get(bytes, entriesEnd + i * Integer.BYTES);
            if (at <= before || at >= entriesEnd || (i == 0 && at != 0)) {
                throw damage(entriesEnd + i * Integer.BYTES, "restart " + i + " points to " + at);
            }
            index[restarts + (i >> 1)] |= (long) at << ((i & 1) << 5);
            before = at;
        }
        readRestart(head, 0);
        this.prefixAt = head.keyAt;
        int firstLength = head.unshared;
        readRestart(head, restarts - 1);
        this.prefixLength = restarts == 1 ? 0 : common(firstLength, head);
        for (int i = 0; i < restarts; i++) {
            readRestart(head, i);
            if (prefixLength > head.unshared) {
                throw damage(restart(i), "a restart whose key is shorter than the prefix of all");
            }
            index[i] = Fence.of(bytes, head.keyAt + prefixLength, head.unshared - prefixLength);
        }
    }

    private void readRestart(EntryHead head, int i) {
        head.read(this, restart(i));
        if (head.shared != 0) {
            throw damage(restart(i), "a restart whose key is not whole");
        }
    }

    private int common(int firstLength, EntryHead last) {
        int length = Math.min(firstLength, last.unshared);
        int differs = Arrays.mismatch(bytes, prefixAt, prefixAt + length, bytes, last.keyAt, last.keyAt + length);
        return differs < 0 ? length : differs;
    }

    byte[] bytes() {
        return bytes;
    }

    /** Touches what the first step into the block will read; a number that means nothing. */
    int warm() {
        return bytes[0] + (int) index[restarts];
    }

    /** Touches the block itself; a number that means nothing. */
    int warmFields() {
        return entriesEnd;
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
        return (int) (index[restarts + (i >> 1)] >>> ((i & 1) << 5));
    }

    /** Memory held, in bytes. */
    int charge() {
        return bytes.length + index.length * Long.BYTES + OVERHEAD_BYTES;
    }

    CorruptionException damage(int at, String what) {
        return new CorruptionException(file, fileOffset, what + " (byte " + at + " of the block)");
    }

    /** The trailer at {@code at}, checked for sense; the caller has checked that 8 bytes are left. */
    long trailerAt(int at) {
        long trailer = (long) LONG.get(bytes, at);
        int kind = Trailer.kind(trailer);
        if (trailer < 0 || !Trailer.isPoint(kind)) {
            throw damage(at, "an entry with the trailer " + Long.toHexString(trailer));
        }
        return trailer;
    }

    /** The last restart whose entry is before (key, trailer); 0 where none is. */
    int lastRestartBefore(byte[] key, int offset, int length, long trailer) {
        if (restarts == 1) {
            return 0;
        }
        int end = offset + Math.min(prefixLength, length);
        int differs = Arrays.mismatch(bytes, prefixAt, prefixAt + end - offset, key, offset, end);
        if (differs >= 0) {
            return (key[offset + differs] & 0xFF) < (bytes[prefixAt + differs] & 0xFF) ? 0 : restarts - 1;
        }
        if (length < prefixLength) {
            return 0;
        }
        long wanted = Fence.of(key, end, length - prefixLength);
        int low = 0;
        int high = restarts - 1;
        while (low < high) {
            int mid = (low + high + 1) >>> 1;
            int order = Long.compareUnsigned(index[mid], wanted);
            if (order == 0) {
                order = compareRestart(mid, key, offset, length, trailer);
            }
            if (order < 0) {
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
        int order = Arrays.compareUnsigned(bytes, head.keyAt, head.keyAt + head.unshared, key, offset, offset + length);
        return order != 0 ? order : Long.compare(trailer, head.trailer);
    }

    /**
     * Finds the newest entry of the key at most as new as the trailer asked for, and puts it into {@code into}; returns
     * whether there is one. Builds no key: of each entry passed it keeps only how many bytes agree with the key sought,
     * which the shared length of the next entry then decides upon alone in most cases.
     */
    boolean get(byte[] key, int offset, int length, long trailer, FoundEntry into) {
        int at = restart(lastRestartBefore(key, offset, length, trailer));
        int agreed = 0;
        int previousLength = 0;
        while (at < entriesEnd) {
            // As EntryHead reads it, but without an object, which is not always optimised away.
            int shared;
            int unshared;
            int valueLength;
            int p = at;
            if (entriesEnd - at >= EntryHead.LONGEST_SHORT_HEAD && (bytes[p] | bytes[p + 1]) >= 0) {
                shared = bytes[p++];
                unshared = bytes[p++];
                valueLength = bytes[p++];
                if (valueLength < 0) {
                    valueLength = (valueLength & 0x7F) | bytes[p++] << 7;
                }
            } else {
                valueLength = -1;
                shared = 0;
                unshared = 0;
            }
            if (valueLength < 0) {
                EntryHead head = new EntryHead();
                head.read(this, at);
                shared = head.shared;
                unshared = head.unshared;
                valueLength = head.valueLength;
                p = head.keyAt - Long.BYTES;
            }
            int keyAt = p + Long.BYTES;
            int left = entriesEnd - keyAt;
            if (shared > previousLength || unshared > left || valueLength > left - unshared) {
                throw damage(at, "an entry that leaves its block, or shares more than there is");
            }
            previousLength = shared + unshared;
            at = keyAt + unshared + valueLength;
            if (shared > agreed) {
                continue; // as far as it matters the same key as the one before, which was less
            }
            if (shared < agreed && shared > 0) {
                return false; // greater than the one before within the bytes that agreed
            }
            int from = offset + shared;
            int differs = Arrays.mismatch(bytes, keyAt, keyAt + unshared, key, from, offset + length);
            if (differs < 0) {
                long found = trailerAt(p);
                if (found <= trailer) {
                    into.set(found, bytes, keyAt + unshared, valueLength);
                    return true;
                }
                agreed = length;
                continue;
            }
            boolean less = differs == unshared
                    || (differs < length - shared && (bytes[keyAt + differs] & 0xFF) < (key[from + differs] & 0xFF));
            if (!less) {
                return false;
            }
            agreed = shared + differs;
        }
        return false;
    }
}

package org.mosslsm.kv.lsm.table;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.mosslsm.kv.CorruptionException;
import org.mosslsm.kv.EntryBatch;
import org.mosslsm.kv.lsm.entry.KeyView;
import org.mosslsm.kv.lsm.entry.Trailer;

/**
 * Walks the entries of one data block after another in both directions, without allocating an object an entry.
 *
 * <p>Forward, each key is built in one buffer: the shared bytes are there already, the suffix is copied behind them.
 * Backward, the entries between the restart and the entry left are decoded once, and their keys and places kept on a
 * stack; each further step back takes one off.
 *
 * <pre>
 *            restart                         current
 *               v                               v
 *   ... | entry e0 | e1 | e2 | e3 | e4 | e5 | e6 | ...      prev(): decode e0..e5 onto the stack, stand on e5,
 *                                                           then e4, ... e0, then the stack of the restart before
 * </pre>
 *
 * <p>Invariants while valid: (1) the current key is {@code keyArray[keyOffset .. keyOffset + keyLength)}, either in
 * {@code keyBuffer} at 0 or in {@code stackKeys}. (2) {@code entryAt} is where the current entry begins, {@code nextAt}
 * where it ends. (3) {@code stackTop >= 0} exactly while the current entry is stack element {@code stackTop}.
 *
 * <p>Not thread-safe.
 */
final class BlockCursor {
    private static final int CACHE_LINE_BYTES = 64;

    /** A guess; a wrong one costs some loads too many or too few. */
    private static final int WARM_ENTRY_BYTES = 128;

    private static final int SHORT_COPY = 32;

    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());

    private static final byte[] NO_KEYS = {};
    private static final int[] NO_PLACES = {};
    private static final long[] NO_TRAILERS = {};
    private static final boolean[] NO_REPEATS = {};

    private final EntryHead head = new EntryHead();

    /** Keeps the loads of {@link #warm} from being optimised away. */
    @SuppressWarnings("UnusedVariable")
    private int warmed;

    private Block block;
    private boolean valid;

    private byte[] keyBuffer = new byte[64];
    private byte[] keyArray = keyBuffer;
    private int keyOffset;
    private int keyLength;
    private long trailer;
    private int valueAt;
    private int valueLength;
    private int entryAt;
    private int nextAt;

    private int stackTop = -1;

    /** The stack is made at the first step back: most cursors never make one. */
    private byte[] stackKeys = NO_KEYS;

    private int[] stackEntryAt = NO_PLACES;
    private int[] stackKeyAt = NO_PLACES;
    private int[] stackValueAt = NO_PLACES;
    private int[] stackValueLength = NO_PLACES;
    private long[] stackTrailer = NO_TRAILERS;

    /** Whether the element's key is that of the element before, if that is on the stack too. */
    private boolean[] stackRepeats = NO_REPEATS;

    /** Turns to a block (null for none), not positioned. */
    void reset(Block next) {
        block = next;
        valid = false;
        stackTop = -1;
    }

    Block block() {
        return block;
    }

    boolean valid() {
        return valid;
    }

    byte[] keyArray() {
        return keyArray;
    }

    int keyOffset() {
        return keyOffset;
    }

    int keyLength() {
        return keyLength;
    }

    long trailer() {
        return trailer;
    }

    int valueOffset() {
        return valueAt;
    }

    int valueLength() {
        return valueLength;
    }

    boolean seekFirst() {
        toRestart(0);
        return next();
    }

    boolean seekLast() {
        toRestart(block.restartCount() - 1);
        do {
            next();
        } while (nextAt < block.entriesEnd());
        return true;
    }

    /**
     * Moves to the first entry not before (key, trailer). Builds no key on the way there: what an entry has in common with
     * the key sought tells its place, and where it is found its first bytes are those of the key sought.
     */
    boolean seek(byte[] key, int offset, int length, long wanted) {
        toRestart(block.lastRestartBefore(key, offset, length, wanted));
        byte[] bytes = block.bytes();
        int end = block.entriesEnd();
        int agreed = 0; // bytes that the entry before has in common with the key sought
        int before = 0; // length of its key
        for (int at = nextAt; at < end; at = head.valueAt + head.valueLength) {
            head.read(block, at);
            int shared = head.shared;
            if (shared > before) {
                throw moreShared(at, shared, before);
            }
            before = shared + head.unshared;
            if (shared > agreed) {
                continue; // differs from the key sought where the one before did, and that one was less
            }
            boolean found;
            if (shared < agreed && shared > 0) {
                found = true; // greater than the one before, within the bytes that agreed
            } else {
                int differs = Arrays.mismatch(bytes, head.keyAt, head.valueAt, key, offset + shared, offset + length);
                agreed = differs < 0 ? length : shared + differs;
                found = differs < 0
                        ? head.trailer <= wanted
                        : agreed != before
                                && (agreed == length
                                        || (bytes[head.keyAt + differs] & 0xFF) > (key[offset + agreed] & 0xFF));
            }
            if (found) {
                standOnHead(at, key, offset);
                return true;
            }
        }
        nextAt = end;
        return false;
    }

    /** Makes the entry in {@code head} the current one; its key begins with the shared bytes of {@code prefix}. */
    private void standOnHead(int at, byte[] prefix, int offset) {
        int length = head.shared + head.unshared;
        if (length > keyBuffer.length) {
            keyBuffer = new byte[Math.max(length, 2 * keyBuffer.length)];
        }
        System.arraycopy(prefix, offset, keyBuffer, 0, head.shared);
        System.arraycopy(block.bytes(), head.keyAt, keyBuffer, head.shared, head.unshared);
        keyArray = keyBuffer;
        keyLength = length;
        entryAt = at;
        trailer = head.trailer;
        valueAt = head.valueAt;
        valueLength = head.valueLength;
        nextAt = valueAt + valueLength;
        valid = true;
    }

    private CorruptionException moreShared(int at, int shared, int there) {
        return block.damage(at, "an entry that shares " + shared + " bytes with a key of " + there);
    }

    /** Whether it stands on the last entry. */
    boolean isLast() {
        return nextAt >= block.entriesEnd();
    }

    /** Moves on; at the last entry to no entry. */
    boolean next() {
        int at = nextAt;
        if (at >= block.entriesEnd()) {
            valid = false;
            stackTop = -1;
            return false;
        }
        valid = false;
        head.read(block, at);
        appendKey(at);
        entryAt = at;
        trailer = head.trailer;
        valueAt = head.valueAt;
        valueLength = head.valueLength;
        nextAt = valueAt + valueLength;
        valid = true;
        return true;
    }

    /** Moves back; at the first entry to no entry. */
    boolean prev() {
        if (stackTop > 0) {
            take(stackTop - 1);
            return true;
        }
        valid = false;
        stackTop = -1;
        if (entryAt == 0) {
            return false;
        }
        take(fillStack(entryAt) - 1);
        return true;
    }

    /** {@link org.mosslsm.kv.lsm.entry.EntryCursor#runForward}, within the block. */
    void runForward(EntryBatch into, long snapshot, long hidden, KeyView limit, int most, boolean keysOnly) {
        byte[] bytes = block.bytes();
        int end = block.entriesEnd();
        warm(bytes, nextAt, (int) Math.min(end, nextAt + (long) most * WARM_ENTRY_BYTES));
        EntryHead entry = head;
        int before = keyLength;
        int added = 0;
        int at = nextAt;
        // Fields are written once a run: this loop is most of what a scan does.
        int shownAt = entryAt;
        long shownTrailer = trailer;
        int shownValueAt = valueAt;
        int shownValueLength = valueLength;
        while (added < most && at < end) {
            entry.read(block, at);
            int shared = entry.shared;
            int unshared = entry.unshared;
            int length = entry.valueLength;
            if (!shows(entry.trailer, snapshot, hidden) || shared > before) {
                break;
            }
            if (shared + unshared == before && isTail(into, shared, bytes, entry.keyAt, unshared)) {
                break; // an older version of the same key
            }
            into.addSharing(shared, bytes, entry.keyAt, unshared, bytes, entry.valueAt, keysOnly ? 0 : length);
            if (limit != null && limitReached(into, limit)) {
                into.removeLast();
                break;
            }
            before = shared + unshared;
            shownAt = at;
            shownTrailer = entry.trailer;
            shownValueAt = entry.valueAt;
            shownValueLength = length;
            at = shownValueAt + length;
            added++;
        }
        if (added > 0) {
            entryAt = shownAt;
            trailer = shownTrailer;
            valueAt = shownValueAt;
            valueLength = shownValueLength;
            nextAt = at;
            standOnLast(into, before);
        }
    }

    /**
     * Touches the lines of the cache that a run is about to read. Where an entry begins is known only when the one before
     * was read, so that without this the run waits for one line of memory after the other; these loads wait side by side.
     */
    private void warm(byte[] bytes, int from, int to) {
        int sum = 0;
        for (int i = from; i < to; i += CACHE_LINE_BYTES) {
            sum += bytes[i];
        }
        warmed = sum;
    }

    private static boolean isTail(EntryBatch batch, int shared, byte[] bytes, int at, int length) {
        int tail = batch.keyOffset(batch.size() - 1) + shared;
        if (length > 0 && batch.keys()[tail] != bytes[at]) {
            return false; // as good as always: what keys have in common is shared
        }
        return Arrays.equals(batch.keys(), tail, tail + length, bytes, at, at + length);
    }

    private static boolean limitReached(EntryBatch batch, KeyView limit) {
        int last = batch.size() - 1;
        return limit.compareTo(batch.keys(), batch.keyOffset(last), batch.keyLength(last)) <= 0;
    }

    /** Makes the key added last the current one. */
    private void standOnLast(EntryBatch batch, int length) {
        if (length > keyBuffer.length) {
            keyBuffer = new byte[Math.max(length, 2 * keyBuffer.length)];
        }
        System.arraycopy(batch.keys(), batch.keyOffset(batch.size() - 1), keyBuffer, 0, length);
        stackTop = -1;
        keyArray = keyBuffer;
        keyOffset = 0;
        keyLength = length;
    }

    /** {@link org.mosslsm.kv.lsm.entry.EntryCursor#runBackward}, within the block: stops before its first entry. */
    void runBackward(EntryBatch into, long snapshot, long hidden, KeyView limit, int most, boolean keysOnly) {
        int left = most;
        if (left <= 0) {
            return;
        }
        int top = stackTop >= 0 ? stackTop : fillStack(nextAt) - 1;
        int end = stackEntryAt[top];
        warm(block.bytes(), (int) Math.max(0, end - (long) most * WARM_ENTRY_BYTES), end);
        // The cursor itself moves once a run: this loop is most of what a scan does.
        while (left-- > 0 && shows(stackTrailer[top], snapshot, hidden) && !stackRepeats[top]) {
            int keyAt = stackKeyAt[top];
            int length = stackKeyAt[top + 1] - keyAt;
            int entry = stackEntryAt[top];
            if (entry == 0 || (limit != null && limit.compareTo(stackKeys, keyAt, length) >= 0)) {
                break;
            }
            int valueBytes = keysOnly ? 0 : stackValueLength[top];
            into.add(stackKeys, keyAt, length, block.bytes(), stackValueAt[top], valueBytes);
            if (top > 0) {
                top--;
                continue;
            }
            top = fillStack(entry) - 1;
            keyAt = stackKeyAt[top];
            if (stackKeyAt[top + 1] - keyAt == length && isTail(into, 0, stackKeys, keyAt, length)) {
                into.removeLast();
                take(top);
                next(); // two versions of one key: back to the older one, which is the first to decide upon
                return;
            }
        }
        take(top);
    }

    private static boolean shows(long trailer, long snapshot, long hidden) {
        long seq = Trailer.seq(trailer);
        return seq <= snapshot && seq >= hidden && Trailer.kind(trailer) == Trailer.PUT;
    }

    private void toRestart(int restart) {
        valid = false;
        stackTop = -1;
        nextAt = block.restart(restart);
        keyArray = keyBuffer;
        keyOffset = 0;
        keyLength = 0;
    }

    /** Turns the current key into that of the entry in {@code head}, in the key buffer. */
    private void appendKey(int at) {
        int shared = head.shared;
        if (shared > keyLength) {
            throw moreShared(at, shared, keyLength);
        }
        int length = shared + head.unshared;
        if (length > keyBuffer.length) {
            byte[] larger = new byte[Math.max(length, 2 * keyBuffer.length)];
            System.arraycopy(keyArray, keyOffset, larger, 0, shared);
            keyBuffer = larger;
        } else if (keyArray != keyBuffer) {
            System.arraycopy(keyArray, keyOffset, keyBuffer, 0, shared);
        }
        stackTop = -1;
        keyArray = keyBuffer;
        keyOffset = 0;
        System.arraycopy(block.bytes(), head.keyAt, keyBuffer, shared, head.unshared);
        keyLength = length;
    }

    /** Decodes onto the stack the entries before {@code limit} from the last restart before it; returns their number. */
    private int fillStack(int limit) {
        valid = false;
        stackTop = -1;
        byte[] bytes = block.bytes();
        EntryHead entry = head;
        int at = block.restart(lastRestartAt(limit - 1));
        int count = 0;
        int keyAt = 0; // where the key before begins, and ends
        int keysEnd = 0;
        while (at < limit) {
            entry.read(block, at);
            int shared = entry.shared;
            int unshared = entry.unshared;
            int before = keysEnd - keyAt;
            if (shared > before) {
                throw moreShared(at, shared, before);
            }
            makeRoom(count, keysEnd + shared + unshared);
            byte[] keys = stackKeys;
            stackRepeats[count] = count > 0
                    && shared + unshared == before
                    && (unshared == 0
                            || keys[keyAt + shared] == bytes[entry.keyAt]) // as good as never: else it were shared
                    && Arrays.equals(keys, keyAt + shared, keysEnd, bytes, entry.keyAt, entry.valueAt);
            copyShort(keys, keyAt, keys, keysEnd, shared);
            copyShort(bytes, entry.keyAt, keys, keysEnd + shared, unshared);
            stackEntryAt[count] = at;
            stackKeyAt[count] = keysEnd;
            stackValueAt[count] = entry.valueAt;
            stackValueLength[count] = entry.valueLength;
            stackTrailer[count] = entry.trailer;
            keyAt = keysEnd;
            keysEnd += shared + unshared;
            stackKeyAt[++count] = keysEnd;
            at = entry.valueAt + entry.valueLength;
        }
        if (at != limit) {
            throw block.damage(limit, "an entry that does not end where the next begins");
        }
        return count;
    }

    /**
     * Copies to where nothing stands yet: eight bytes at a time, the last ones beyond the end, which for parts of keys costs less
     * than a call that copies.
     */
    private static void copyShort(byte[] from, int at, byte[] to, int place, int length) {
        int whole = length + Long.BYTES;
        if (length > SHORT_COPY || from.length - at < whole || to.length - place < whole) {
            System.arraycopy(from, at, to, place, length);
            return;
        }
        for (int i = 0; i < length; i += Long.BYTES) {
            LONG.set(to, place + i, (long) LONG.get(from, at + i));
        }
    }

    private void take(int element) {
        stackTop = element;
        keyArray = stackKeys;
        keyOffset = stackKeyAt[element];
        keyLength = stackKeyAt[element + 1] - keyOffset;
        trailer = stackTrailer[element];
        valueAt = stackValueAt[element];
        valueLength = stackValueLength[element];
        entryAt = stackEntryAt[element];
        nextAt = valueAt + valueLength;
        valid = true;
    }

    private void makeRoom(int count, int keyBytes) {
        if (keyBytes > stackKeys.length) {
            stackKeys = Arrays.copyOf(stackKeys, Math.max(keyBytes, Math.max(256, 2 * stackKeys.length)));
        }
        if (count + 1 >= stackEntryAt.length) {
            growStack();
        }
    }

    private void growStack() {
        int larger = Math.max(8, 2 * stackEntryAt.length);
        stackEntryAt = Arrays.copyOf(stackEntryAt, larger);
        stackKeyAt = Arrays.copyOf(stackKeyAt, larger);
        stackValueAt = Arrays.copyOf(stackValueAt, larger);
        stackValueLength = Arrays.copyOf(stackValueLength, larger);
        stackTrailer = Arrays.copyOf(stackTrailer, larger);
        stackRepeats = Arrays.copyOf(stackRepeats, larger);
    }

    /** The last restart at or before {@code at}. */
    private int lastRestartAt(int at) {
        int low = 0;
        int high = block.restartCount() - 1;
        while (low < high) {
            int mid = (low + high + 1) >>> 1;
            if (block.restart(mid) <= at) {
                low = mid;
            } else {
                high = mid - 1;
            }
        }
        return low;
    }
}

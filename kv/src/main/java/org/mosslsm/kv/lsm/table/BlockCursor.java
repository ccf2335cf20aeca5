package org.mosslsm.kv.lsm.table;

import java.util.Arrays;

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
    private final EntryHead head = new EntryHead();
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
    private byte[] stackKeys = new byte[256];
    private int[] stackEntryAt = new int[17];
    private int[] stackKeyAt = new int[17];
    private int[] stackValueAt = new int[17];
    private int[] stackValueLength = new int[17];
    private long[] stackTrailer = new long[17];

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

    /** Moves to the first entry not before (key, trailer). */
    boolean seek(byte[] key, int offset, int length, long wanted) {
        toRestart(block.lastRestartBefore(key, offset, length, wanted));
        int agreed = 0;
        while (next()) {
            int shared = head.shared;
            if (shared > agreed) {
                continue; // differs from the key sought where the one before did, and that one was less
            }
            if (shared < agreed && shared > 0) {
                return true; // greater than the one before, within the bytes that agreed
            }
            int differs = Arrays.mismatch(
                    keyArray, keyOffset + shared, keyOffset + keyLength, key, offset + shared, offset + length);
            if (differs < 0) {
                if (trailer <= wanted) {
                    return true;
                }
                agreed = length;
                continue;
            }
            agreed = shared + differs;
            boolean less = agreed == keyLength
                    || (agreed < length && (keyArray[keyOffset + agreed] & 0xFF) < (key[offset + agreed] & 0xFF));
            if (!less) {
                return true;
            }
        }
        return false;
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
            throw block.damage(at, "an entry that shares " + shared + " bytes with a key of " + keyLength);
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
        toRestart(lastRestartAt(limit - 1));
        int count = 0;
        int keysEnd = 0;
        while (nextAt < limit) {
            next();
            if (count + 1 == stackEntryAt.length) {
                growStack();
            }
            if (keyLength > stackKeys.length - keysEnd) {
                stackKeys = Arrays.copyOf(stackKeys, Math.max(keysEnd + keyLength, 2 * stackKeys.length));
            }
            System.arraycopy(keyArray, keyOffset, stackKeys, keysEnd, keyLength);
            stackEntryAt[count] = entryAt;
            stackKeyAt[count] = keysEnd;
            stackValueAt[count] = valueAt;
            stackValueLength[count] = valueLength;
            stackTrailer[count] = trailer;
            keysEnd += keyLength;
            stackKeyAt[++count] = keysEnd;
        }
        valid = false;
        if (nextAt != limit) {
            throw block.damage(limit, "an entry that does not end where the next begins");
        }
        return count;
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

    private void growStack() {
        int larger = 2 * stackEntryAt.length;
        stackEntryAt = Arrays.copyOf(stackEntryAt, larger);
        stackKeyAt = Arrays.copyOf(stackKeyAt, larger);
        stackValueAt = Arrays.copyOf(stackValueAt, larger);
        stackValueLength = Arrays.copyOf(stackValueLength, larger);
        stackTrailer = Arrays.copyOf(stackTrailer, larger);
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

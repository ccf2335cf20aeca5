package org.mosslsm.kv.lsm.table;

/**
 * Reads what stands before the key of an entry, checked against the end of the entries. A scratch object, one a cursor:
 * its fields are those of the entry read last. Not thread-safe.
 */
final class EntryHead {
    /** Bytes of a head whose value length takes two bytes. */
    static final int LONGEST_SHORT_HEAD = 4 + Long.BYTES;

    int shared;
    int unshared;
    int valueLength;
    long trailer;
    int keyAt;
    int valueAt;

    private int at;

    /** Reads the entry that begins at {@code start}. */
    void read(Block block, int start) {
        byte[] bytes = block.bytes();
        int end = block.entriesEnd();
        if (end - start >= LONGEST_SHORT_HEAD && (bytes[start] | bytes[start + 1]) >= 0) {
            // Almost always: the lengths of the key below 128, that of the value below 16,384.
            shared = bytes[start];
            unshared = bytes[start + 1];
            int low = bytes[start + 2];
            int high = bytes[start + 3];
            at = start + (low >= 0 ? 3 : 4);
            valueLength = low >= 0 ? low : (low & 0x7F) | high << 7;
            if (valueLength < 0) {
                readLong(block, bytes, start, end);
            }
        } else {
            readLong(block, bytes, start, end);
        }
        trailer = block.trailerAt(at);
        keyAt = at + Long.BYTES;
        int left = end - keyAt;
        if (unshared > left || valueLength > left - unshared) {
            throw block.damage(start, "an entry that leaves its block");
        }
        valueAt = keyAt + unshared;
    }

    private void readLong(Block block, byte[] bytes, int start, int end) {
        at = start;
        shared = varint(block, bytes, end);
        unshared = varint(block, bytes, end);
        valueLength = varint(block, bytes, end);
        if (end - at < Long.BYTES) {
            throw block.damage(start, "an entry that leaves its block");
        }
    }

    private int varint(Block block, byte[] bytes, int end) {
        int value = 0;
        for (int shift = 0; shift < 35; shift += 7) {
            if (at >= end) {
                throw block.damage(at, "an entry that leaves its block");
            }
            byte b = bytes[at++];
            value |= (b & 0x7F) << shift;
            if (b >= 0) {
                if (value < 0 || (shift == 28 && b > 7)) {
                    break;
                }
                return value;
            }
        }
        throw block.damage(at, "a length of more than 31 bits");
    }
}

package org.mosslsm.kv;

import java.util.Arrays;
import java.util.Objects;

/**
 * An ordered list of writes, encoded as it will stand in the log, so that a commit copies bytes and nothing else.
 *
 * <pre>
 * batch   := baseSequence:u64le  count:u32le  entry*
 * entry   := 0x01 keyLength:varint key valueLength:varint value     put
 *          | 0x02 keyLength:varint key                              delete
 *          | 0x03 loLength:varint lo  hiLength:varint hi            delete of the range [lo, hi)
 * </pre>
 *
 * The base sequence is 0 until the store assigns it; entry {@code i} has the sequence number base + i. Varints are
 * little-endian base 128, as in Protocol Buffers.
 *
 * <p>Thread safety: none; handed over to the store by a commit, which must not be followed by changes.
 */
public final class WriteBatch {
    /** Bytes before the first entry. */
    public static final int HEADER_BYTES = 12;

    /** Kind byte of a put. */
    public static final byte PUT = 1;

    /** Kind byte of a delete. */
    public static final byte DELETE = 2;

    /** Kind byte of a range delete. */
    public static final byte DELETE_RANGE = 3;

    /** Receives the entries of a batch, in order; arrays are views into the batch. */
    public interface Visitor {
        /** A put. */
        void put(byte[] array, int keyOffset, int keyLength, int valueOffset, int valueLength);

        /** A delete. */
        void delete(byte[] array, int keyOffset, int keyLength);

        /** A delete of the range {@code [lo, hi)}. */
        void deleteRange(byte[] array, int loOffset, int loLength, int hiOffset, int hiLength);
    }

    /** What an entry takes beside its bytes, at most: the kind and two varints of five bytes. */
    private static final int ENTRY_OVERHEAD = 11;

    private byte[] bytes;
    private int end = HEADER_BYTES;
    private int count;

    /** An empty batch, for a few small writes; it grows. */
    public WriteBatch() {
        this(128);
    }

    /** An empty batch with room for entries of so many bytes together. */
    public static WriteBatch withRoom(int entries, long bytes) {
        return new WriteBatch(capacityFor(bytes + (long) ENTRY_OVERHEAD * entries));
    }

    private WriteBatch(int capacity) {
        this.bytes = new byte[capacity];
    }

    /** A batch of one put, not a byte larger than it must be. */
    public static WriteBatch ofPut(byte[] key, byte[] value) {
        return new WriteBatch(capacityFor((long) key.length + value.length)).put(key, value);
    }

    /** A batch of one delete, as small as {@link #ofPut}. */
    public static WriteBatch ofDelete(byte[] key) {
        return new WriteBatch(capacityFor(key.length)).delete(key);
    }

    private static int capacityFor(long payload) {
        // One that is too large is refused by the put itself.
        return (int) Math.min(HEADER_BYTES + ENTRY_OVERHEAD + payload, 1 << 30);
    }

    /** Appends a put. */
    public WriteBatch put(byte[] key, byte[] value) {
        startEntry(PUT, (long) key.length + value.length);
        append(key);
        append(value);
        return this;
    }

    /** Appends a delete. */
    public WriteBatch delete(byte[] key) {
        startEntry(DELETE, key.length);
        append(key);
        return this;
    }

    /**
     * Appends a delete of the range {@code [lo, hi)}; a range without an upper bound is refused. One that holds no key ({@code
     * lo >= hi}) deletes nothing and is left out.
     */
    public WriteBatch deleteRange(byte[] lo, byte[] hi) {
        if (Arrays.compareUnsigned(lo, Objects.requireNonNull(hi)) >= 0) {
            return this; // else they would fill a log that no memtable's size ends
        }
        startEntry(DELETE_RANGE, (long) lo.length + hi.length);
        append(lo);
        append(hi);
        return this;
    }

    /** Empties the batch for refilling. */
    public void clear() {
        end = HEADER_BYTES;
        count = 0;
    }

    /** Number of entries. */
    public int count() {
        return count;
    }

    /** Encoded size with header, in bytes. */
    public int byteSize() {
        return end;
    }

    /** The encoding: bytes {@code 0 .. byteSize()} of the array; a view for the store. */
    public byte[] array() {
        return bytes;
    }

    /** Writes base sequence and count into the header; for the store, at commit. */
    public void seal(long baseSequence) {
        for (int i = 0; i < 8; i++) {
            bytes[i] = (byte) (baseSequence >>> (8 * i));
        }
        for (int i = 0; i < 4; i++) {
            bytes[8 + i] = (byte) (count >>> (8 * i));
        }
    }

    /** Walks the entries in order. */
    public void forEach(Visitor visitor) {
        int read = decode(bytes, 0, end, visitor);
        assert read == count : read + " entries decoded of " + count;
    }

    /**
     * Walks the entries of an encoded batch; returns their number.
     *
     * @throws IllegalArgumentException when the bytes are not a batch: a length that leaves it, an unknown kind, or
     *     another number of entries than the header says (0 in the header of an unsealed batch is not compared)
     */
    public static int decode(byte[] array, int offset, int length, Visitor visitor) {
        return new Decoder(array, offset, length).run(visitor);
    }

    private void startEntry(byte kind, long payload) {
        long needed = end + payload + ENTRY_OVERHEAD;
        if (needed > Integer.MAX_VALUE - 16) {
            throw new IllegalArgumentException("a write batch of more than 2 GB");
        }
        if (needed > bytes.length) {
            bytes = Arrays.copyOf(bytes, (int) Math.min(Integer.MAX_VALUE - 16, Math.max(needed, bytes.length * 2L)));
        }
        bytes[end++] = kind;
        count++;
    }

    private void append(byte[] part) {
        int n = part.length;
        while (n >= 0x80) {
            bytes[end++] = (byte) (n | 0x80);
            n >>>= 7;
        }
        bytes[end++] = (byte) n;
        System.arraycopy(part, 0, bytes, end, part.length);
        end += part.length;
    }

    /** Reads one batch, checking every length against what is left before it is used. */
    private static final class Decoder {
        private final byte[] array;
        private final int end;
        private final int expected;
        private int at;

        Decoder(byte[] array, int offset, int length) {
            if (length < HEADER_BYTES) {
                throw new IllegalArgumentException("a batch of " + length + " bytes has no header");
            }
            this.array = array;
            this.end = offset + length;
            this.at = offset + HEADER_BYTES;
            this.expected = (array[offset + 8] & 0xFF)
                    | (array[offset + 9] & 0xFF) << 8
                    | (array[offset + 10] & 0xFF) << 16
                    | (array[offset + 11] & 0xFF) << 24;
        }

        int run(Visitor visitor) {
            int entries = 0;
            while (at < end) {
                byte kind = array[at++];
                int firstLength = length();
                int first = at;
                at += firstLength;
                switch (kind) {
                    case PUT -> {
                        int secondLength = length();
                        visitor.put(array, first, firstLength, at, secondLength);
                        at += secondLength;
                    }
                    case DELETE -> visitor.delete(array, first, firstLength);
                    case DELETE_RANGE -> {
                        int secondLength = length();
                        visitor.deleteRange(array, first, firstLength, at, secondLength);
                        at += secondLength;
                    }
                    default -> throw new IllegalArgumentException("entry " + entries + " has the unknown kind " + kind);
                }
                entries++;
            }
            if (expected != 0 && expected != entries) {
                throw new IllegalArgumentException(entries + " entries where the header says " + expected);
            }
            return entries;
        }

        private int length() {
            int value = 0;
            for (int shift = 0; shift < 35; shift += 7) {
                if (at == end) {
                    throw new IllegalArgumentException("a length runs past the end of the batch");
                }
                byte b = array[at++];
                value |= (b & 0x7F) << shift;
                if (b >= 0) {
                    if (value < 0 || value > end - at) {
                        throw new IllegalArgumentException("a length of " + value + " leaves the batch");
                    }
                    return value;
                }
            }
            throw new IllegalArgumentException("a length of more than five bytes");
        }
    }
}

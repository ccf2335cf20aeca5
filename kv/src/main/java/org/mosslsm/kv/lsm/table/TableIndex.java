package org.mosslsm.kv.lsm.table;

import java.util.Arrays;
import org.mosslsm.kv.CorruptionException;
import org.mosslsm.kv.lsm.entry.Fence;

/**
 * Says which data block may hold an entry.
 *
 * <pre>
 * index block := count:varint  entry*
 * entry       := shared:varint  unshared:varint  suffix  trailer:varint  bodyLength:varint      one a data block
 *
 *   separator i = (key, trailer), not before the last entry of block i, before the first entry of block i + 1.
 *                 The key is as short as that allows; the trailer is 0 unless both blocks hold the same user key.
 *   block i       begins where block i - 1 with its trailer ends; block 0 at offset 0.
 * </pre>
 *
 * Decoded once, when the table is opened, into plain arrays. The bytes common to all separators are kept once; of what
 * follows, the first eight bytes of each separator stand as a {@code long} ("fence"), so that the binary search touches
 * bytes only where fences are equal.
 *
 * <pre>
 * prefix   "users/"                  the same for all
 * fences   [ "0007...", "0031..." ]  compared as unsigned longs, short ones padded with zeros
 * packed   "0007" "0031x"            what follows the prefix, whole; starts[i] .. starts[i + 1]
 * </pre>
 *
 * <p>Immutable and thread-safe.
 */
final class TableIndex {
    /** What separators may have behind their common prefix, all together: it has to fit into one array. */
    static final int MAX_APART_BYTES = Integer.MAX_VALUE - 16;

    private final int count;
    private final byte[] prefix;
    private final long[] fences;
    private final byte[] packed;
    private final int[] starts;
    private final long[] offsets;

    /** Null where all are 0, which is usual. */
    private final long[] trailers;

    private TableIndex(byte[] prefix, byte[] packed, int[] starts, long[] trailers, long[] offsets) {
        this.count = offsets.length - 1;
        this.prefix = prefix;
        this.packed = packed;
        this.starts = starts;
        this.trailers = trailers;
        this.offsets = offsets;
        this.fences = new long[count];
        for (int i = 0; i < count; i++) {
            fences[i] = Fence.of(packed, starts[i], starts[i + 1] - starts[i]);
        }
    }

    /** Number of data blocks. */
    int count() {
        return count;
    }

    /** Where data block {@code i} begins in the file; for {@code count()} where the data ends. */
    long offset(int i) {
        return offsets[i];
    }

    /** Length of the body of data block {@code i}, in bytes. */
    int bodyLength(int i) {
        return (int) (offsets[i + 1] - offsets[i]) - BlockCodec.TRAILER_BYTES;
    }

    /** Memory held, in bytes. */
    int byteSize() {
        return count * (8 + 8 + 4) + packed.length + prefix.length + (trailers == null ? 0 : count * 8);
    }

    /** The first block whose separator is not before (key, trailer); {@code count()} where there is none. */
    int find(byte[] key, int offset, int length, long trailer) {
        int common = Math.min(prefix.length, length);
        int differs = Arrays.mismatch(prefix, 0, common, key, offset, offset + common);
        if (differs >= 0) {
            return (key[offset + differs] & 0xFF) < (prefix[differs] & 0xFF) ? 0 : count;
        }
        if (length < prefix.length) {
            return 0;
        }
        int rest = offset + prefix.length;
        int restLength = length - prefix.length;
        long wanted = Fence.of(key, rest, restLength);
        int low = 0;
        int high = count;
        while (low < high) {
            int mid = (low + high) >>> 1;
            int order = Long.compareUnsigned(fences[mid], wanted);
            if (order == 0) {
                order = compareTail(mid, key, rest, restLength, trailer);
            }
            if (order < 0) {
                low = mid + 1;
            } else {
                high = mid;
            }
        }
        return low;
    }

    private int compareTail(int i, byte[] key, int rest, int restLength, long trailer) {
        int order = Arrays.compareUnsigned(packed, starts[i], starts[i + 1], key, rest, rest + restLength);
        return order != 0 ? order : Long.compare(trailer, trailers == null ? 0 : trailers[i]);
    }

    /** Collects the entries of an index block, in order. Not thread-safe. */
    static final class Builder {
        private final ByteWriter entries = new ByteWriter(1 << 10);
        private byte[] last = {};
        private int count;
        private long total;
        private int common;

        /**
         * Adds the block that ends with (last key, last trailer), followed by one that starts with {@code nextKey}.
         *
         * @throws IllegalStateException when no reader would take so large an index
         */
        void add(byte[] lastKey, long lastTrailer, byte[] nextKey, int bodyLength) {
            boolean sameKey = nextKey != null && Arrays.equals(lastKey, nextKey);
            byte[] separator = nextKey == null || sameKey ? lastKey : separator(lastKey, nextKey);
            int differs = Arrays.mismatch(last, separator);
            int shared = differs < 0 ? separator.length : differs;
            entries.varint(shared).varint(separator.length - shared);
            entries.raw(separator, shared, separator.length - shared);
            entries.varint(sameKey ? lastTrailer : 0).varint(bodyLength);
            last = separator;
            common = count == 0 ? separator.length : Math.min(common, shared);
            total += separator.length;
            count++;
            if (apartBytes() > MAX_APART_BYTES) {
                throw new IllegalStateException("a table whose index has more than 2 GB");
            }
        }

        /** What the separators have behind their common prefix: what a reader keeps, but for a few bytes a block. */
        long apartBytes() {
            return total - (long) count * common;
        }

        int count() {
            return count;
        }

        int byteSize() {
            return entries.size();
        }

        void encode(ByteWriter out) {
            out.varint(count).raw(entries.array(), 0, entries.size());
        }

        /** The shortest key that is not less than {@code last} and less than {@code next}. */
        private static byte[] separator(byte[] last, byte[] next) {
            int differs = Arrays.mismatch(last, next);
            // last < next, so they differ at a byte of both, or last is a prefix of next and cannot be shortened.
            if (differs < last.length && (last[differs] & 0xFF) + 1 < (next[differs] & 0xFF)) {
                byte[] shorter = Arrays.copyOf(last, differs + 1);
                shorter[differs]++;
                return shorter;
            } else if (differs < last.length && differs + 1 < next.length) {
                return Arrays.copyOf(next, differs + 1);
            }
            return last;
        }
    }

    /**
     * Reads an index block.
     *
     * @param dataEnd where the data blocks of the file end, which is where the last one must
     * @param separatorLimit no table has more bytes in its separators: the bytes of all its keys
     */
    static TableIndex decode(byte[] block, String file, long fileOffset, long dataEnd, long separatorLimit) {
        return new Decoder(block, file, fileOffset).run(dataEnd, separatorLimit);
    }

    /** Reads an index block in two passes: the first finds the common prefix and the sizes, the second fills the arrays. */
    private static final class Decoder {
        private static final int LEAST_ENTRY_BYTES = 4;

        private final byte[] block;
        private final String file;
        private final long fileOffset;

        Decoder(byte[] block, String file, long fileOffset) {
            this.block = block;
            this.file = file;
            this.fileOffset = fileOffset;
        }

        TableIndex run(long dataEnd, long separatorLimit) {
            ByteReader in = new ByteReader(block, 0, block.length, file, fileOffset);
            int count = in.count(block.length / LEAST_ENTRY_BYTES, "the number of data blocks");
            int first = in.position();
            long total = 0;
            int length = 0;
            int common = Integer.MAX_VALUE;
            for (int i = 0; i < count; i++) {
                int shared = in.count(length, "a shared length");
                int unshared = in.count(in.remaining(), "the length of a separator");
                in.skip(unshared);
                length = shared + unshared;
                common = i == 0 ? length : Math.min(common, shared);
                total += length;
                in.varint();
                in.varint();
            }
            in.expectEnd("the last index entry");
            common = count == 0 ? 0 : common;
            long apart = total - (long) count * common;
            if (total > separatorLimit || apart > MAX_APART_BYTES) {
                throw in.damage("separators of " + total + " bytes for keys of " + separatorLimit);
            }
            return fill(first, count, common, (int) apart, dataEnd);
        }

        private TableIndex fill(int first, int count, int common, int apart, long dataEnd) {
            ByteReader in = new ByteReader(block, first, block.length - first, file, fileOffset + first);
            byte[] prefix = new byte[common];
            byte[] packed = new byte[apart];
            int[] starts = new int[count + 1];
            long[] offsets = new long[count + 1];
            long[] trailers = null;
            for (int i = 0; i < count; i++) {
                int shared = (int) in.varint();
                int unshared = (int) in.varint();
                int at = in.position();
                in.skip(unshared);
                if (i == 0) {
                    System.arraycopy(block, at, prefix, 0, common); // nothing is shared with no key
                    at += common;
                    unshared -= common;
                } else {
                    shared -= common;
                    System.arraycopy(packed, starts[i - 1], packed, starts[i], shared);
                }
                System.arraycopy(block, at, packed, starts[i] + shared, unshared);
                starts[i + 1] = starts[i] + shared + unshared;
                long trailer = in.varint();
                if (trailer != 0) {
                    trailers = trailers == null ? new long[count] : trailers;
                    trailers[i] = trailer;
                }
                int bodyLength = in.count(BlockCodec.MAX_BLOCK_BYTES, "the length of a data block");
                offsets[i + 1] = offsets[i] + bodyLength + BlockCodec.TRAILER_BYTES;
            }
            if (offsets[count] != dataEnd) {
                throw new CorruptionException(
                        file,
                        fileOffset,
                        "the index describes " + offsets[count] + " bytes of data blocks where " + dataEnd + " stand");
            }
            return new TableIndex(prefix, packed, starts, trailers, offsets);
        }
    }
}

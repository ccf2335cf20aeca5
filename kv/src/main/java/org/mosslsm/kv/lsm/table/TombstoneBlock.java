package org.mosslsm.kv.lsm.table;

import java.util.Arrays;
import org.mosslsm.kv.lsm.entry.RangeTombstone;
import org.mosslsm.kv.lsm.entry.RangeTombstones;
import org.mosslsm.kv.lsm.entry.Trailer;

/**
 * The range tombstones of a table, in a block of their own.
 *
 * <pre>
 * tombstones := count:varint  (loLength:varint lo  hiLength:varint hi  seq:varint)*
 * </pre>
 *
 * Fragments: ranges that are equal or do not overlap, ascending; for equal ones the numbers descend. Stateless.
 */
final class TombstoneBlock {
    private TombstoneBlock() {}

    static void encode(RangeTombstones tombstones, ByteWriter out) {
        out.varint(tombstones.count());
        for (RangeTombstone t : tombstones.fragments()) {
            out.prefixed(t.lo()).prefixed(t.hi()).varint(t.seq());
        }
    }

    /** Reads a block that stands at {@code offset} of {@code file}. */
    static RangeTombstones decode(byte[] block, String file, long offset) {
        ByteReader in = new ByteReader(block, 0, block.length, file, offset);
        int count = in.count(in.remaining() / 3, "the number of range tombstones");
        RangeTombstones.Builder fragments = new RangeTombstones.Builder();
        byte[] lo = {};
        byte[] hi = {};
        long[] seqs = new long[4];
        int n = 0; // numbers of the fragment [lo, hi)
        for (int i = 0; i < count; i++) {
            byte[] nextLo = in.prefixed("the start of a range tombstone");
            byte[] nextHi = in.prefixed("the end of a range tombstone");
            long seq = in.varint();
            boolean same = n > 0 && Arrays.equals(lo, nextLo) && Arrays.equals(hi, nextHi);
            boolean inOrder = same ? seq < seqs[n - 1] : Arrays.compareUnsigned(hi, nextLo) <= 0;
            if (!inOrder || Arrays.compareUnsigned(nextLo, nextHi) >= 0 || seq < 0 || seq > Trailer.MAX_SEQ) {
                throw in.damage("a range tombstone that cannot be");
            }
            if (!same) {
                if (n > 0) {
                    fragments.add(lo, hi, Arrays.copyOf(seqs, n));
                }
                lo = nextLo;
                hi = nextHi;
                n = 0;
            } else if (n == seqs.length) {
                seqs = Arrays.copyOf(seqs, 2 * n);
            }
            seqs[n++] = seq;
        }
        in.expectEnd("the last range tombstone");
        return n == 0
                ? RangeTombstones.NONE
                : fragments.add(lo, hi, Arrays.copyOf(seqs, n)).build();
    }
}

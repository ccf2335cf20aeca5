package org.mosslsm.kv.lsm.entry;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Range deletes that overlap, cut into fragments, hide what each of them does. */
class RangeTombstonesTest {
    private static RangeTombstone tombstone(int lo, int hi, long seq) {
        return new RangeTombstone(new byte[] {(byte) lo}, new byte[] {(byte) hi}, seq);
    }

    @Test
    void overlapsAreCutIntoFragmentsWithDescendingNumbers() {
        RangeTombstones cut = RangeTombstones.of(List.of(tombstone(1, 5, 7), tombstone(3, 7, 9)));

        assertEquals(
                List.of(tombstone(1, 3, 7), tombstone(3, 5, 9), tombstone(3, 5, 7), tombstone(5, 7, 9)),
                cut.fragments());
    }

    @Test
    void neighboursOfOneNumberBecomeOneFragment() {
        RangeTombstones cut = RangeTombstones.of(List.of(tombstone(1, 3, 7), tombstone(3, 5, 7)));

        assertEquals(List.of(tombstone(1, 5, 7)), cut.fragments());
    }

    @Test
    void nothingCoversWithoutTombstones() {
        assertTrue(RangeTombstones.of(List.of()).isEmpty());
        assertEquals(-1, RangeTombstones.NONE.covering(new byte[] {1}, 0, 1, Trailer.MAX_SEQ));
    }

    @Test
    void coveringAgreesWithLookingAtEachTombstone() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int round = 0; round < 300; round++) {
            List<RangeTombstone> all = new ArrayList<>();
            for (int i = random.nextInt(12); i > 0; i--) {
                int lo = random.nextInt(40);
                all.add(tombstone(lo, lo + 1 + random.nextInt(20), random.nextInt(30)));
            }
            RangeTombstones cut = RangeTombstones.of(all);
            RangeTombstones again = RangeTombstones.of(cut.fragments());
            assertEquals(cut.fragments(), again.fragments(), () -> "seed " + seed);
            for (int key = 0; key < 64; key++) {
                byte[] k = {(byte) key};
                for (long snapshot = 0; snapshot < 30; snapshot += 3) {
                    long want = -1;
                    for (RangeTombstone t : all) {
                        if (t.contains(k, 0, 1) && t.seq() <= snapshot) {
                            want = Math.max(want, t.seq());
                        }
                    }
                    assertEquals(want, cut.covering(k, 0, 1, snapshot), () -> "seed " + seed);
                }
            }
            for (int i = 1; i < cut.boundCount(); i++) {
                assertTrue(EntryOrder.compareKeys(cut.bound(i - 1), 0, 1, cut.bound(i), 0, 1) < 0);
            }
        }
    }

    @Test
    void trailersOrderNewestFirst() {
        byte[] k = {1};
        assertTrue(EntryOrder.compare(k, 0, 1, Trailer.of(9, Trailer.PUT), k, 0, 1, Trailer.of(8, Trailer.PUT)) < 0);
        assertTrue(EntryOrder.compare(k, 0, 1, Trailer.seekTo(9), k, 0, 1, Trailer.of(9, Trailer.DELETE)) < 0);
        assertEquals(Trailer.MAX_SEQ, Trailer.seq(Trailer.FIRST));
        assertArrayEquals(new long[] {9, 2}, new long[] {Trailer.seq(9 << 8 | 2), Trailer.kind(9 << 8 | 2)});
    }
}

package org.mosslsm.kv.lsm.iter;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.mosslsm.kv.WriteBatch;

/** Gaps that touch become one where that says nothing false. */
class DeadGapsTest {
    private final DeadGaps gaps = new DeadGaps();

    private static byte[] key(int b) {
        return new byte[] {(byte) b};
    }

    private void walk(int from, int to, long snapshot) {
        gaps.close(gaps.watch(key(from), true, gaps.epoch()), key(to), snapshot);
    }

    private DeadGaps.Gap around(int at, long snapshot) {
        return gaps.around(key(at), 0, 1, snapshot);
    }

    @Test
    void gapsThatTouchBecomeOneForReadersOfTheNewerNumber() {
        walk(10, 20, 5);
        walk(30, 40, 6);
        walk(20, 30, 7);
        DeadGaps.Gap one = around(12, 7);
        assertArrayEquals(key(10), one.lo());
        assertArrayEquals(key(40), one.hi());
        assertEquals(7, one.seq());
        assertNull(around(25, 6), "an older reader may see what lies in the middle");
    }

    @Test
    void aGapOfOlderReadersDoesNotTakeInANewerOne() {
        walk(10, 20, 9);
        walk(20, 30, 4);
        assertNull(around(15, 4));
        assertArrayEquals(key(20), around(25, 4).lo());
        assertArrayEquals(key(20), around(15, 9).hi());
    }

    @Test
    void gapsApartStayApart() {
        walk(10, 20, 5);
        walk(21, 30, 5);
        assertArrayEquals(key(20), around(10, 5).hi());
        assertNull(around(20, 5));
    }

    @Test
    void aPutEndsWhatBecameOne() {
        walk(10, 20, 5);
        walk(20, 30, 5);
        gaps.written(new WriteBatch().put(key(25), key(1)));
        assertArrayEquals(key(25), around(12, 5).hi());
        assertNull(around(25, 9));
    }

    /** Gaps of a store where somebody reads these versions. */
    private static DeadGaps readAt(Long... versions) {
        TreeSet<Long> readers = new TreeSet<>(List.of(versions));
        return new DeadGaps(seq -> readers.lower(seq) == null ? -1 : readers.lower(seq));
    }

    private static void walk(DeadGaps gaps, int from, int to, long snapshot) {
        gaps.close(gaps.watch(key(from), true, gaps.epoch()), key(to), snapshot);
    }

    private static String found(DeadGaps gaps, int at, long snapshot) {
        DeadGaps.Gap gap = gaps.stretch(key(at), 0, 1, snapshot);
        return gap == null ? "none" : gap.lo()[0] + ".." + gap.hi()[0] + "@" + gap.seq();
    }

    @Test
    void whoReadsAnOlderVersionLosesNoRun() {
        DeadGaps shared = readAt(5L);
        walk(shared, 10, 20, 5);
        walk(shared, 20, 30, 9);
        assertEquals("10..20@5", found(shared, 15, 5), "one that touches it");
        walk(shared, 5, 40, 9);
        assertEquals("10..20@5", found(shared, 15, 5), "one around it");
        walk(shared, 15, 40, 10);
        assertEquals("10..20@5", found(shared, 15, 5), "one over its end");
        walk(shared, 0, 15, 11);
        assertEquals("10..20@5", found(shared, 15, 5), "one over its start");
        assertEquals("0..40@11", found(shared, 2, 11), "all at once for who reads a newer one");
        assertEquals("none", found(shared, 25, 8));
    }

    @Test
    void whatAReaderOfAnOlderVersionFindsWithinAGapIsKept() {
        DeadGaps shared = readAt(5L);
        walk(shared, 0, 40, 9);
        walk(shared, 10, 20, 5);
        assertEquals("10..20@5", found(shared, 15, 5));
        assertEquals("0..40@9", found(shared, 15, 9));
        assertEquals("none", found(shared, 20, 5));
        assertEquals("none", found(shared, 9, 5));
    }

    /** Each key has the least number that a walk gave it; what is found is dead for the reader, and all that a reader found. */
    @Test
    void whatIsFoundWasWalked() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int round = 0; round < 200; round++) {
            long[] readers = {random.nextInt(10), random.nextInt(10), 10};
            Arrays.sort(readers);
            DeadGaps shared = readAt(Arrays.stream(readers).distinct().boxed().toArray(Long[]::new));
            long[] least = new long[60];
            Arrays.fill(least, Long.MAX_VALUE);
            for (int i = 0; i < 12; i++) {
                int from = random.nextInt(59);
                int to = from + 1 + random.nextInt(59 - from);
                long at = readers[random.nextInt(3)];
                walk(shared, from, to, at);
                for (int k = from; k < to; k++) {
                    least[k] = Math.min(least[k], at);
                }
                for (long reader : readers) {
                    for (int k = 0; k < 60; k++) {
                        DeadGaps.Gap gap = shared.stretch(key(k), 0, 1, reader);
                        assertEquals(least[k] <= reader, gap != null, "seed " + seed + " key " + k);
                        int next = k;
                        while (next < 60 && least[next] <= reader) {
                            next++;
                        }
                        assertTrue(gap == null || gap.hi()[0] == next, "seed " + seed + " key " + k);
                    }
                }
            }
        }
    }
}

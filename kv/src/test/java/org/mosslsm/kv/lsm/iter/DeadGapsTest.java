package org.mosslsm.kv.lsm.iter;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

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
}

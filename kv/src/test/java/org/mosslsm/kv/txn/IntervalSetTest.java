package org.mosslsm.kv.txn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.mosslsm.kv.KeyRange;

/** Ranges that are added one by one hold the keys that each of them does. */
class IntervalSetTest {
    @Test
    void overlappingAndTouchingRangesJoin() {
        IntervalSet set = new IntervalSet();
        set.add(range(10, 20));
        set.add(range(30, 40));
        set.add(range(20, 25));
        assertEquals(List.of(range(10, 25), range(30, 40)), set.ranges());
        set.add(range(5, 35));
        assertEquals(List.of(range(5, 40)), set.ranges());
        set.add(range(6, 7));
        set.add(range(9, 9));
        assertEquals(List.of(range(5, 40)), set.ranges());
    }

    @Test
    void anErrorLeavesTheSetAsItWas() {
        boolean[] full = new boolean[1];
        IntervalSet set = new IntervalSet() {
            @Override
            void put(byte[] lo, byte[] hi) {
                if (full[0]) {
                    throw new InternalError("no room");
                }
                super.put(lo, hi);
            }
        };
        set.add(range(10, 20));
        set.add(range(30, 40));
        full[0] = true;
        assertThrows(InternalError.class, () -> set.add(range(15, 35)));
        assertEquals(List.of(range(10, 20), range(30, 40)), set.ranges());
        full[0] = false;
        set.add(range(15, 35));
        assertEquals(List.of(range(10, 40)), set.ranges());
    }

    @Test
    void aRangeWithoutUpperBoundSwallowsAllAboveIt() {
        IntervalSet set = new IntervalSet();
        set.add(range(50, 60));
        set.add(range(10, 20));
        set.add(KeyRange.from(key(40)));
        set.add(range(70, 80));
        assertEquals(List.of(range(10, 20), KeyRange.from(key(40))), set.ranges());
        assertTrue(set.contains(key(255)));
        assertFalse(set.contains(key(39)));
        set.add(KeyRange.all());
        assertEquals(List.of(KeyRange.all()), set.ranges());
    }

    @Test
    void wideningKeepsEveryKey() {
        IntervalSet set = new IntervalSet();
        for (int i = 0; i < 9; i++) {
            set.add(range(i * 10, i * 10 + 3));
        }
        set.widen();
        assertEquals(5, set.count());
        assertEquals(List.of(range(0, 13), range(20, 33), range(40, 53), range(60, 73), range(80, 83)), set.ranges());
    }

    @Test
    void randomRangesMatchABitSet() {
        long seed = System.nanoTime();
        System.out.println("IntervalSetTest.random seed=" + seed);
        Random random = new Random(seed);
        for (int round = 0; round < 500; round++) {
            IntervalSet set = new IntervalSet();
            BitSet model = new BitSet();
            for (int step = 0; step < 30; step++) {
                int lo = random.nextInt(200);
                int hi = lo + random.nextInt(20);
                set.add(range(lo, hi));
                model.set(lo, hi);
            }
            int runs = 0;
            for (int i = model.nextSetBit(0); i >= 0; i = model.nextSetBit(model.nextClearBit(i))) {
                runs++;
            }
            assertEquals(runs, set.count(), "seed " + seed + " round " + round);
            for (int i = 0; i < 256; i++) {
                assertEquals(model.get(i), set.contains(key(i)), "seed " + seed + " round " + round + " key " + i);
                assertEquals(model.get(i), set.contains(Arrays.copyOf(key(i), 2)), "seed " + seed);
                int hi = i + random.nextInt(256 - i);
                BitSet part = model.get(i, hi);
                String where = "seed " + seed + " round " + round + " range " + i + " to " + hi;
                assertEquals(part.cardinality() == hi - i, IntervalSet.covers(set.freeze(), range(i, hi)), where);
                assertEquals(!part.isEmpty(), IntervalSet.overlaps(set.freeze(), range(i, hi)), where);
                assertEquals(
                        !model.get(i, 256).isEmpty(), IntervalSet.overlaps(set.freeze(), KeyRange.from(key(i))), where);
            }
            assertFalse(IntervalSet.covers(set.freeze(), KeyRange.from(key(0))), "an end that the set does not have");
        }
    }

    private static KeyRange range(int lo, int hi) {
        return KeyRange.of(key(lo), key(hi));
    }

    private static byte[] key(int i) {
        return new byte[] {(byte) i};
    }
}

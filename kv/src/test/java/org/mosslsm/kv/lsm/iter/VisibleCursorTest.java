package org.mosslsm.kv.lsm.iter;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.mosslsm.kv.EntryBatch;
import org.mosslsm.kv.lsm.entry.EntryCursor;
import org.mosslsm.kv.lsm.entry.RangeTombstone;
import org.mosslsm.kv.lsm.entry.RangeTombstones;
import org.mosslsm.kv.lsm.entry.TombstoneSource;
import org.mosslsm.kv.lsm.entry.Trailer;
import org.mosslsm.kv.lsm.memtable.MemTable;

/** A cursor over several sources shows what a model holds, and steps over no more than it must. */
class VisibleCursorTest {
    private static final byte[] NO_KEY = {};

    /** A history of writes, spread over sources oldest first, and what the keys held after each of them. */
    private static final class History {
        final List<MemTable> sources = new ArrayList<>();
        final List<Long> maxSeqs = new ArrayList<>();
        final List<NavigableMap<byte[], byte[]>> states = new ArrayList<>();

        History(Random random) {
            NavigableMap<byte[], byte[]> state = new TreeMap<>(Arrays::compareUnsigned);
            states.add(state);
            int keys = 1 + random.nextInt(30);
            int writes = random.nextInt(400);
            int sourceCount = 1 + random.nextInt(6);
            long seq = 0;
            for (int s = 0; s < sourceCount; s++) {
                MemTable table = new MemTable();
                for (int i = 0; i < writes / sourceCount; i++) {
                    state = new TreeMap<>(state);
                    write(random, table, ++seq, keys, state);
                    states.add(state);
                }
                sources.add(table);
                maxSeqs.add(seq);
            }
        }

        private static void write(
                Random random, MemTable table, long seq, int keys, NavigableMap<byte[], byte[]> state) {
            byte[] key = key(random, keys);
            int what = random.nextInt(20);
            if (what < 12) {
                byte[] value = new byte[random.nextInt(20)];
                random.nextBytes(value);
                table.add(Trailer.of(seq, Trailer.PUT), key, 0, key.length, value, 0, value.length);
                state.put(key, value);
            } else if (what < 18) {
                table.add(Trailer.of(seq, Trailer.DELETE), key, 0, key.length, NO_KEY, 0, 0);
                state.remove(key);
            } else {
                byte[] other = key(random, keys);
                if (Arrays.compareUnsigned(key, other) < 0) {
                    table.addRange(new RangeTombstone(key, other, seq));
                    state.subMap(key, other).clear();
                }
            }
        }

        MergingCursor merge() {
            return new MergingCursor(
                    sources.stream().map(MemTable::cursor).toArray(EntryCursor[]::new),
                    maxSeqs.stream().mapToLong(Long::longValue).toArray());
        }

        VisibleCursor at(long snapshot, byte[] lo, byte[] hi) {
            List<TombstoneSource> tombstones = new ArrayList<>();
            sources.forEach(s -> tombstones.add(s.rangeTombstones()));
            return new VisibleCursor(merge(), TombstoneMask.of(tombstones, snapshot), snapshot, lo, hi);
        }
    }

    /** Keys of 1, 9, 16 and 20 bytes, so that they differ before, within and behind what merges compare first. */
    private static byte[] key(Random random, int keys) {
        int n = random.nextInt(keys);
        byte first = (byte) (n * 7);
        return switch (n % 6) {
            case 0, 3 -> new byte[] {first};
            case 1 -> new byte[] {7, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, first};
            case 2 -> new byte[] {7, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, first};
            default -> new byte[] {first, 0, 0, 0, 0, 0, 0, 0, (byte) (n % 5)};
        };
    }

    @Test
    void walksWhatTheModelHoldsWithTurnsAndSeeks() {
        long seed = System.nanoTime();
        for (int round = 0; round < 400; round++) {
            long roundSeed = seed + round;
            Random random = new Random(roundSeed);
            History history = new History(random);
            for (int i = 0; i < 5; i++) {
                long snapshot = random.nextInt(history.states.size());
                byte[] lo = random.nextInt(3) == 0 ? NO_KEY : key(random, 30);
                byte[] hi = random.nextInt(3) == 0 ? null : key(random, 30);
                if (hi != null && Arrays.compareUnsigned(lo, hi) >= 0) {
                    continue;
                }
                NavigableMap<byte[], byte[]> state = history.states.get((int) snapshot);
                NavigableMap<byte[], byte[]> model =
                        hi == null ? state.tailMap(lo, true) : state.subMap(lo, true, hi, false);
                try (VisibleCursor cursor = history.at(snapshot, lo, hi)) {
                    walk(cursor, model, random, roundSeed);
                }
            }
        }
    }

    private static void walk(VisibleCursor cursor, NavigableMap<byte[], byte[]> model, Random random, long seed) {
        check(cursor.seekFirst(), cursor, model.firstEntry(), seed);
        for (int step = 0; step < 60; step++) {
            byte[] target = key(random, 32);
            byte[] now = cursor.valid() ? Arrays.copyOf(cursor.keyArray(), cursor.keyLength()) : null;
            int what = random.nextInt(now == null ? 4 : 12);
            switch (what) {
                case 0 -> check(cursor.seekFirst(), cursor, model.firstEntry(), seed);
                case 1 -> check(cursor.seekLast(), cursor, model.lastEntry(), seed);
                case 2 -> check(cursor.seek(target, 0, target.length), cursor, model.ceilingEntry(target), seed);
                case 3 -> check(cursor.seekForPrev(target, 0, target.length), cursor, model.floorEntry(target), seed);
                case 4, 5, 6, 7 -> check(cursor.next(), cursor, model.higherEntry(now), seed);
                default -> check(cursor.prev(), cursor, model.lowerEntry(now), seed);
            }
            boolean forward = what == 0 || what == 2 || (what >= 4 && what < 8);
            if (cursor.valid() && random.nextInt(3) == 0) {
                run(cursor, model, forward, 1 + random.nextInt(12), seed);
            }
        }
    }

    /** What a run adds is what follows in the model, without a gap; it may be less than was asked for. */
    private static void run(
            VisibleCursor cursor, NavigableMap<byte[], byte[]> model, boolean forward, int most, long seed) {
        EntryBatch batch = new EntryBatch(1);
        batch.add(
                cursor.keyArray(),
                0,
                cursor.keyLength(),
                cursor.valueArray(),
                cursor.valueOffset(),
                cursor.valueLength());
        cursor.fill(batch, most, false);
        assertTrue(batch.size() <= most + 1);
        for (int i = 1; i < batch.size(); i++) {
            byte[] before = batch.copyKey(i - 1);
            Map.Entry<byte[], byte[]> want = forward ? model.higherEntry(before) : model.lowerEntry(before);
            assertArrayEquals(want.getKey(), batch.copyKey(i), () -> "seed " + seed);
            assertArrayEquals(want.getValue(), batch.copyValue(i), () -> "seed " + seed);
        }
        int last = batch.size() - 1;
        check(true, cursor, Map.entry(batch.copyKey(last), batch.copyValue(last)), seed);
    }

    private static void check(boolean on, VisibleCursor cursor, Map.Entry<byte[], byte[]> want, long seed) {
        assertEquals(want != null, on, () -> "seed " + seed);
        assertEquals(on, cursor.valid());
        if (on) {
            assertArrayEquals(
                    want.getKey(), Arrays.copyOf(cursor.keyArray(), cursor.keyLength()), () -> "seed " + seed);
            int v = cursor.valueOffset();
            assertArrayEquals(
                    want.getValue(),
                    Arrays.copyOfRange(cursor.valueArray(), v, v + cursor.valueLength()),
                    () -> "seed " + seed);
        }
    }

    @Test
    void manyVersionsOfOneKeyAreJumpedOver() {
        MemTable table = new MemTable();
        byte[] hot = {5};
        byte[] cold = {7};
        table.add(Trailer.of(1, Trailer.PUT), cold, 0, 1, cold, 0, 1);
        for (int seq = 2; seq <= 1000; seq++) {
            table.add(Trailer.of(seq, Trailer.PUT), hot, 0, 1, new byte[] {(byte) seq}, 0, 1);
        }
        MergingCursor merge = new MergingCursor(new EntryCursor[] {table.cursor()});
        TombstoneMask none = TombstoneMask.of(List.of(), 500);
        try (VisibleCursor cursor = new VisibleCursor(merge, none, 500, NO_KEY, null)) {
            assertTrue(cursor.seekFirst());
            assertEquals((byte) 500, cursor.valueArray()[cursor.valueOffset()]);
            assertTrue(cursor.next());
            assertEquals(7, cursor.keyArray()[0]);
            assertTrue(cursor.prev());
            assertEquals((byte) 500, cursor.valueArray()[cursor.valueOffset()]);
            assertFalse(cursor.prev());
        }
    }

    @Test
    void aTombstoneMakesOlderSourcesJump() {
        MemTable old = new MemTable();
        for (int i = 0; i < 10_000; i++) {
            byte[] key = {(byte) (i >> 8), (byte) i};
            old.add(Trailer.of(i + 1, Trailer.PUT), key, 0, 2, key, 0, 2);
        }
        int[] steps = {0};
        EntryCursor counted = new CountingCursor(old.cursor(), steps);
        RangeTombstones deleted =
                RangeTombstones.of(List.of(new RangeTombstone(new byte[] {0, 10}, new byte[] {39, 0}, 20_000)));
        MergingCursor merge = new MergingCursor(new EntryCursor[] {counted}, new long[] {10_000});
        TombstoneMask mask = TombstoneMask.of(List.of(deleted), 30_000);
        try (VisibleCursor cursor = new VisibleCursor(merge, mask, 30_000, NO_KEY, null)) {
            int n = 0;
            for (boolean on = cursor.seekFirst(); on; on = cursor.next()) {
                n++;
            }
            int m = 0;
            for (boolean on = cursor.seekLast(); on; on = cursor.prev()) {
                m++;
            }
            assertEquals(10 + 10_000 - 39 * 256, n);
            assertEquals(n, m);
            assertTrue(steps[0] < 2 * n + 10, () -> steps[0] + " steps");
        }
    }

    @Test
    void mergeKeepsEveryVersionInOrderBothWays() {
        long seed = System.nanoTime();
        for (int round = 0; round < 100; round++) {
            Random random = new Random(seed + round);
            try (MergingCursor merge = new History(random).merge()) {
                List<String> ahead = new ArrayList<>();
                for (boolean on = merge.seekFirst(); on; on = merge.next()) {
                    ahead.add(describe(merge));
                }
                List<String> back = new ArrayList<>();
                for (boolean on = merge.seekLast(); on; on = merge.prev()) {
                    back.add(0, describe(merge));
                }
                assertEquals(ahead, back, () -> "seed " + seed);
                int at = 0;
                boolean on = merge.seekFirst();
                for (int step = 0; on && step < 100; step++) {
                    assertEquals(ahead.get(at), describe(merge), () -> "seed " + seed);
                    boolean up = random.nextInt(5) < 3;
                    at += up ? 1 : -1;
                    on = up ? merge.next() : merge.prev();
                }
            }
        }
    }

    private static String describe(MergingCursor c) {
        return Arrays.toString(Arrays.copyOfRange(c.keyArray(), c.keyOffset(), c.keyOffset() + c.keyLength()))
                + c.trailer();
    }
}

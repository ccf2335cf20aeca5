package org.mosslsm.kv.lsm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.mosslsm.kv.BulkLoad;
import org.mosslsm.kv.Cursor;
import org.mosslsm.kv.Cursor.Direction;
import org.mosslsm.kv.Durability;
import org.mosslsm.kv.EntryBatch;
import org.mosslsm.kv.KeyRange;
import org.mosslsm.kv.ScanHints;
import org.mosslsm.kv.Snapshot;
import org.mosslsm.kv.testkit.MemVfs;

/** Runs of deleted keys that readers remember: nothing put into one is ever overlooked. */
@Timeout(value = 600, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class LsmDeadGapsTest {
    private static final int KEYS = 400;

    private static final LsmOptions SMALL = LsmOptions.builder()
            .durability(Durability.NONE)
            .memtableBytes(32 << 10)
            .build();

    private static byte[] key(int i) {
        return ByteBuffer.allocate(4).putInt(i).array();
    }

    private static int number(EntryBatch batch, int i) {
        return ByteBuffer.wrap(batch.copyKey(i)).getInt();
    }

    /** One change, as the log of a model has it: a put, a delete of one key or of a range. */
    private record Change(int kind, int at, int end) {
        static Change random(Random random) {
            int key = random.nextInt(KEYS);
            int kind = random.nextInt(100);
            return new Change(kind < 12 ? 0 : kind < 98 ? 1 : 2, key, key + 1 + random.nextInt(40));
        }

        void apply(Lsm store) {
            switch (kind) {
                case 0 -> store.put(key(at), key(at));
                case 1 -> store.delete(key(at));
                default -> store.deleteRange(key(at), key(end));
            }
        }

        void apply(TreeSet<Integer> model) {
            switch (kind) {
                case 0 -> model.add(at);
                case 1 -> model.remove(at);
                default -> model.subSet(at, end).clear();
            }
        }
    }

    /** What a reader saw: a range, read from one end, up to some number of keys. */
    private record Sight(long version, int lo, int hi, boolean forward, List<Integer> keys, boolean whole) {
        static Sight take(Lsm store, Random random) {
            try (Snapshot snapshot = store.snapshot()) {
                return take(snapshot, random);
            }
        }

        static Sight take(Snapshot snapshot, Random random) {
            int lo = random.nextInt(3) == 0 ? random.nextInt(KEYS) : 0;
            int hi = random.nextInt(3) == 0 ? random.nextInt(KEYS) : KEYS;
            boolean forward = random.nextBoolean();
            int limit = random.nextInt(4) == 0 ? KEYS : 1 + random.nextInt(3);
            List<Integer> keys = new ArrayList<>();
            KeyRange range = lo < hi ? KeyRange.of(key(lo), key(hi)) : KeyRange.from(key(lo));
            try (Cursor cursor = snapshot.scan(
                    range, forward ? Direction.FORWARD : Direction.BACKWARD, new ScanHints(limit, true, true))) {
                EntryBatch batch = cursor.nextBatch();
                while (batch != null && keys.size() < limit) {
                    for (int i = 0; i < batch.size(); i++) {
                        keys.add(number(batch, i));
                    }
                    batch = cursor.nextBatch();
                }
                return new Sight(
                        snapshot.version(), lo, lo < hi ? hi : Integer.MAX_VALUE, forward, keys, batch == null);
            }
        }

        void check(TreeSet<Integer> model, String what) {
            List<Integer> want = new ArrayList<>(model.subSet(lo, hi));
            if (!forward) {
                want.sort(Comparator.reverseOrder());
            }
            if (!whole) {
                want = want.subList(0, Math.min(keys.size(), want.size()));
            }
            assertEquals(want, keys, () -> what + ": " + this);
        }
    }

    @Test
    void readersSeeWhatTheModelHoldsWhateverTheyRemember() {
        long seed = System.nanoTime();
        for (int round = 0; round < 12; round++) {
            long roundSeed = seed + round;
            Random random = new Random(roundSeed);
            TreeSet<Integer> model = new TreeSet<>();
            List<Snapshot> snapshots = new ArrayList<>();
            List<TreeSet<Integer>> states = new ArrayList<>();
            try (Lsm store = Lsm.open(new MemVfs(), SMALL)) {
                for (int i = 0; i < KEYS; i++) {
                    store.put(key(i), key(i));
                    model.add(i);
                }
                for (int step = 0; step < 1500; step++) {
                    Change change = Change.random(random);
                    change.apply(store);
                    change.apply(model);
                    Sight.take(store, random).check(model, "seed " + roundSeed + " step " + step);
                    int what = random.nextInt(200);
                    if (what == 0) {
                        snapshots.add(store.snapshot());
                        states.add(new TreeSet<>(model));
                    } else if (what == 1) {
                        store.flush();
                    } else if (what == 2) {
                        store.compact();
                    } else if (what < 20 && !snapshots.isEmpty()) {
                        int old = random.nextInt(snapshots.size());
                        Sight.take(snapshots.get(old), random)
                                .check(states.get(old), "seed " + roundSeed + " old snapshot, step " + step);
                    }
                }
                snapshots.forEach(Snapshot::close);
            }
        }
    }

    @Test
    void readersBesideAWriterOverlookNothing() throws InterruptedException, ExecutionException {
        long seed = System.nanoTime();
        int changes = 40_000;
        Change[] log = new Change[changes + 1];
        ConcurrentLinkedQueue<Sight> sights = new ConcurrentLinkedQueue<>();
        AtomicBoolean done = new AtomicBoolean();
        ExecutorService threads = Executors.newFixedThreadPool(3);
        try (Lsm store = Lsm.open(new MemVfs(), SMALL)) {
            List<Future<?>> readers = new ArrayList<>();
            for (int r = 0; r < 2; r++) {
                Random random = new Random(seed + 1 + r);
                readers.add(threads.submit(() -> {
                    while (!done.get()) {
                        sights.add(Sight.take(store, random));
                    }
                }));
            }
            Future<?> writer = threads.submit(() -> {
                Random random = new Random(seed);
                for (int i = 1; i <= changes; i++) {
                    log[i] = Change.random(random);
                    log[i].apply(store);
                }
            });
            try {
                writer.get();
            } finally {
                done.set(true);
            }
            for (Future<?> reader : readers) {
                reader.get();
            }
        } finally {
            threads.shutdownNow();
        }
        List<Sight> all = new ArrayList<>(sights);
        all.sort(Comparator.comparingLong(Sight::version));
        TreeSet<Integer> model = new TreeSet<>();
        int at = 0;
        for (Sight sight : all) {
            while (at < sight.version()) {
                log[++at].apply(model);
            }
            sight.check(model, "seed " + seed);
        }
        assertTrue(all.size() > 100, () -> all.size() + " sights");
    }

    @Test
    void aBulkLoadIntoARememberedGapIsSeen() {
        try (Lsm store = Lsm.open(new MemVfs(), SMALL)) {
            for (int i = 0; i < KEYS; i++) {
                store.put(key(i), key(i));
            }
            for (int i = 0; i < KEYS; i++) {
                store.delete(key(i));
            }
            Snapshot empty = store.snapshot();
            for (Direction direction : Direction.values()) {
                assertNull(store.cursor(KeyRange.all(), direction).nextBatch());
            }
            try (BulkLoad load = store.bulkLoad(KeyRange.of(key(50), key(60)))) {
                load.add(key(55), key(1));
                load.publish();
            }
            for (Direction direction : Direction.values()) {
                EntryBatch batch = store.cursor(KeyRange.all(), direction).nextBatch();
                assertArrayEquals(key(55), batch.copyKey(0));
            }
            assertNull(empty.scan(KeyRange.all(), Direction.FORWARD, ScanHints.NONE)
                    .nextBatch());
            empty.close();
        }
    }

    /**
     * The walker took its sources while the memtable was empty. What comes into it before the walk finds that it is long was
     * told to nobody, so the walk itself has to meet it.
     */
    @Test
    void aPutIntoAMemtableThatWasEmptyWhenTheWalkBeganIsSeen() {
        for (Direction direction : Direction.values()) {
            int first = direction == Direction.FORWARD ? 0 : KEYS - 1;
            try (Lsm store = Lsm.open(new MemVfs(), SMALL)) {
                for (int i = 0; i < KEYS; i++) {
                    store.put(key(i), key(i));
                }
                Snapshot full = store.snapshot(); // keeps what is deleted now
                for (int i = 0; i < KEYS; i++) {
                    if (i != first) {
                        store.delete(key(i));
                    }
                }
                store.flush();
                try (Snapshot before = store.snapshot();
                        Cursor walk = before.scan(KeyRange.all(), direction, new ScanHints(1, true, true))) {
                    assertEquals(first, number(walk.nextBatch(), 0));
                    store.put(key(KEYS / 2), key(1));
                    assertNull(walk.nextBatch());
                }
                try (Cursor after = store.cursor(KeyRange.all(), direction)) {
                    EntryBatch batch = after.nextBatch();
                    assertEquals(2, batch.size(), direction::toString);
                    assertEquals(KEYS / 2, number(batch, 1));
                }
                full.close();
            }
        }
    }

    /** What hides behind deletes is read once to be passed over: it takes nobody's place in the cache. */
    @Test
    void whatIsPassedOverStaysOutOfTheCache() {
        LsmOptions options = LsmOptions.builder()
                .durability(Durability.NONE)
                .cacheBytes(64 << 20)
                .build();
        int keys = 50_000;
        try (Lsm store = Lsm.open(new MemVfs(), options)) {
            for (int i = 0; i < keys; i++) {
                store.put(key(i), new byte[100]);
            }
            store.compact();
            for (int i = 0; i < keys - 10; i++) {
                store.delete(key(i));
            }
            try (Cursor cursor = store.cursor(KeyRange.all(), Direction.FORWARD)) {
                EntryBatch batch = cursor.nextBatch();
                assertEquals(keys - 10, number(batch, 0));
                assertEquals(100, batch.valueLength(0));
            }
            long cached = store.metrics().number("cache.bytes").orElseThrow();
            assertTrue(cached < keys * 100 / 10, () -> cached + " bytes cached");
        }
    }

    /** Each pop reads the first key; what it deleted before must not be walked again: 20,000 pops would take minutes. */
    @Test
    void popsOfAQueueDoNotWalkWhatWasPopped() {
        try (Lsm store = Lsm.open(
                new MemVfs(), LsmOptions.builder().durability(Durability.NONE).build())) {
            int pushed = 0;
            for (int popped = 0; popped < 20_000; popped++) {
                while (pushed < popped + 10) {
                    store.put(key(pushed), key(pushed));
                    pushed++;
                }
                try (Cursor cursor = store.cursor(KeyRange.all(), Direction.FORWARD)) {
                    assertEquals(popped, number(cursor.nextBatch(), 0));
                }
                store.delete(key(popped));
            }
        }
    }
}

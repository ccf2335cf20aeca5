package org.mosslsm.kv.lsm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.nio.ByteBuffer;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.mosslsm.kv.Cursor;
import org.mosslsm.kv.Cursor.Direction;
import org.mosslsm.kv.Durability;
import org.mosslsm.kv.EntryBatch;
import org.mosslsm.kv.KeyRange;
import org.mosslsm.kv.WriteBatch;
import org.mosslsm.kv.testkit.MemVfs;

/** Runs of deletes that are walked before anybody reads there: readers walk over nothing, and overlook nothing. */
class DeadRunScoutTest {
    private static final int BATCH = 128;
    private static final int KEYS = 3 * DeadRunScout.PIECE;

    private static final LsmOptions LARGE =
            LsmOptions.builder().durability(Durability.NONE).build();

    private static byte[] key(int i) {
        return ByteBuffer.allocate(4).putInt(i).array();
    }

    private static void put(Lsm store, int from, int to) {
        for (int i = from; i < to; i += BATCH) {
            WriteBatch batch = new WriteBatch();
            for (int k = i; k < Math.min(to, i + BATCH); k++) {
                batch.put(key(k), key(k));
            }
            store.write(batch);
        }
    }

    private static void delete(Lsm store, int from, int to) {
        for (int i = from; i < to; i += BATCH) {
            WriteBatch batch = new WriteBatch();
            for (int k = i; k < Math.min(to, i + BATCH); k++) {
                batch.delete(key(k));
            }
            store.write(batch);
        }
    }

    private static byte[] end(Lsm store, Direction direction) {
        try (Cursor cursor = store.cursor(KeyRange.all(), direction)) {
            EntryBatch batch = cursor.nextBatch();
            return batch == null ? null : batch.copyKey(0);
        }
    }

    private static Set<Integer> all(Lsm store) {
        Set<Integer> keys = new TreeSet<>();
        try (Cursor cursor = store.cursor(KeyRange.all(), Direction.FORWARD)) {
            for (EntryBatch batch = cursor.nextBatch(); batch != null; batch = cursor.nextBatch()) {
                for (int i = 0; i < batch.size(); i++) {
                    keys.add(ByteBuffer.wrap(batch.copyKey(i)).getInt());
                }
            }
        }
        return keys;
    }

    @Test
    void theFirstReaderBehindALongRunOfDeletesWalksOverNothing() throws InterruptedException {
        try (Lsm store = Lsm.open(new MemVfs(), LARGE)) {
            put(store, 0, KEYS);
            store.flush();
            delete(store, 0, 2 * DeadRunScout.PIECE);
            store.scout.awaitIdle();
            assertArrayEquals(key(2 * DeadRunScout.PIECE), end(store, Direction.FORWARD));
            assertEquals(0, store.reads.waste().entries(), "entries passed over");
        }
    }

    @Test
    void deletesInBetweenKeysThatLiveAreNoRun() throws InterruptedException {
        try (Lsm store = Lsm.open(new MemVfs(), LARGE)) {
            put(store, 0, KEYS);
            TreeSet<Integer> model = new TreeSet<>();
            for (int i = 0; i < KEYS; i++) {
                if (i % 2 == 0) {
                    store.delete(key(i));
                } else {
                    model.add(i);
                }
            }
            store.scout.awaitIdle();
            assertEquals(model, all(store));
        }
    }

    @Test
    void whatIsPutIntoARunWhileItIsWalkedIsSeen() throws InterruptedException {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        LsmOptions options = LsmOptions.builder()
                .durability(Durability.NONE)
                .memtableBytes(1 << 20)
                .build();
        try (Lsm store = Lsm.open(new MemVfs(), options)) {
            for (int round = 0; round < 4; round++) {
                put(store, 0, KEYS);
                TreeSet<Integer> model = new TreeSet<>();
                for (int i = 0; i < KEYS; i++) {
                    model.add(i);
                }
                for (int i = 0; i < KEYS; i += BATCH) {
                    delete(store, i, i + BATCH);
                    model.headSet(i + BATCH).tailSet(i).clear();
                    if (random.nextInt(16) == 0) {
                        int back = random.nextInt(i + BATCH);
                        store.put(key(back), key(back));
                        model.add(back);
                    }
                    if (random.nextInt(8) == 0 && !model.isEmpty()) {
                        String what = "seed " + seed + " round " + round + " key " + i;
                        assertArrayEquals(key(model.first()), end(store, Direction.FORWARD), what);
                        assertArrayEquals(key(model.last()), end(store, Direction.BACKWARD), what);
                    }
                }
                assertEquals(model, all(store), "seed " + seed);
                store.scout.awaitIdle();
                assertEquals(model, all(store), "seed " + seed);
            }
        }
    }

    @Test
    void theSnapshotOfAWalkHoldsNoCompactionBack() {
        try (Lsm store = Lsm.open(new MemVfs(), LARGE)) {
            put(store, 0, KEYS);
            store.flush();
            delete(store, 0, KEYS);
            store.compact();
            for (int level = 0; level <= 6; level++) {
                assertEquals(
                        0, store.metrics().number("level." + level + ".tables").orElseThrow());
            }
        }
    }

    @Test
    void aStoreIsClosedWhileARunIsWalked() {
        MemVfs vfs = new MemVfs();
        try (Lsm store = Lsm.open(vfs, LARGE)) {
            put(store, 0, KEYS);
            store.flush();
            delete(store, 0, KEYS);
        }
        try (Lsm store = Lsm.open(vfs, LARGE)) {
            assertNull(end(store, Direction.FORWARD));
        }
    }
}

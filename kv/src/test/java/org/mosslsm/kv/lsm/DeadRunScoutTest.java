package org.mosslsm.kv.lsm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.mosslsm.kv.Cursor;
import org.mosslsm.kv.Cursor.Direction;
import org.mosslsm.kv.Durability;
import org.mosslsm.kv.EntryBatch;
import org.mosslsm.kv.KeyRange;
import org.mosslsm.kv.ScanHints;
import org.mosslsm.kv.Snapshot;
import org.mosslsm.kv.WriteBatch;
import org.mosslsm.kv.testkit.FaultVfs;
import org.mosslsm.kv.testkit.MemVfs;

/** Runs of deletes that are walked before anybody reads there: readers walk over nothing, and overlook nothing. */
@Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class DeadRunScoutTest {
    private static final int BATCH = 128;
    private static final int KEYS = 3 * DeadRunScout.PIECE;

    private static final LsmOptions LARGE =
            LsmOptions.builder().durability(Durability.NONE).build();

    /** What the scout reads of the disk between two looks, and more. */
    private static final int FEW_READS = 8;

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

    /** As of a table with two further indexes whose rows are deleted one by one, one index in an order of its own. */
    @Test
    void soItIsWhereEachCommitDeletesAKeyOfEachOfSeveralIndexes() throws InterruptedException {
        int dead = 2 * DeadRunScout.PIECE + 8; // the first few are not taken for a run yet
        int other = 1 << 24;
        int third = 1 << 25;
        Random random = new Random(1);
        try (Lsm store = Lsm.open(new MemVfs(), LARGE)) {
            for (int index : new int[] {0, other, third}) {
                put(store, index, index + KEYS);
            }
            store.flush();
            for (int i = 0; i < dead; i++) {
                int any = third + random.nextInt(KEYS);
                store.write(
                        new WriteBatch().delete(key(i)).delete(key(other + i)).delete(key(any)));
            }
            store.scout.awaitIdle();
            assertArrayEquals(key(dead), end(store, Direction.FORWARD));
            // A scan tells of 1024 and more. This one passes 541: the first few are no run, and then it looks each 512
            // only.
            assertEquals(0, store.reads.waste().entries(), "entries passed over, of " + 2 * dead);
        }
    }

    /** What the test above finds none of is counted where nobody walked ahead. */
    @Test
    void theFirstReaderOfARunThatWasLeftWalksOverAllOfIt() throws InterruptedException {
        int dead = 2 * DeadRunScout.PIECE;
        HeldDisk disk = new HeldDisk();
        try (Lsm store = Lsm.open(disk.vfs, LARGE)) {
            put(store, 0, KEYS);
            store.flush();
            disk.hold(store.scout::wasLeft);
            deleteAtOnce(store, disk, dead);
            store.scout.rest();
            assertArrayEquals(key(dead), end(store, Direction.FORWARD));
            long passed = store.reads.waste().entries();
            assertTrue(passed >= dead - DeadRunScout.PIECE / 2, passed + " entries passed over");
            assertArrayEquals(key(dead), end(store, Direction.FORWARD));
            assertEquals(passed, store.reads.waste().entries(), "entries passed over again");
        }
    }

    @Test
    void deletesAfterARunThatWasWalkedHideNothingElse() throws InterruptedException {
        try (Lsm store = Lsm.open(new MemVfs(), LARGE)) {
            byte[] lives = key(DeadRunScout.PIECE + 5);
            store.put(lives, lives);
            delete(store, 0, DeadRunScout.PIECE);
            store.scout.awaitIdle();
            store.delete(key(DeadRunScout.PIECE + 100)); // goes on with the run
            store.delete(key(DeadRunScout.PIECE + 50)); // begins another
            assertArrayEquals(lives, end(store, Direction.FORWARD));
        }
    }

    @Test
    void whoReadsAnOlderVersionBesideAMassDeleteWalksOverARunOnce() throws InterruptedException {
        try (Lsm store = Lsm.open(new MemVfs(), LARGE)) {
            put(store, 0, KEYS);
            delete(store, 0, DeadRunScout.PIECE / 2);
            try (Snapshot older = store.snapshot()) {
                long passed = 0;
                for (int i = 0; i < 3; i++) {
                    try (Cursor cursor = older.scan(KeyRange.all(), Direction.FORWARD, ScanHints.NONE)) {
                        assertArrayEquals(
                                key(DeadRunScout.PIECE / 2), cursor.nextBatch().copyKey(0));
                    }
                    if (i == 0) {
                        delete(store, DeadRunScout.PIECE / 2, KEYS);
                        store.scout.awaitIdle();
                        assertNull(end(store, Direction.FORWARD));
                        passed = store.reads.waste().entries();
                    }
                }
                assertEquals(passed, store.reads.waste().entries(), "entries passed over again");
            }
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

    /** The disk of a store, which holds the scout up in its first read until the test has gone on. */
    private static final class HeldDisk {
        final MemVfs memory = new MemVfs();
        final FaultVfs vfs = new FaultVfs(memory);
        final CountDownLatch underWay = new CountDownLatch(1);

        /** Reads of the scout. */
        final AtomicInteger reads = new AtomicInteger();

        void hold(BooleanSupplier until) {
            vfs.observe((op, name) -> {
                if (op == FaultVfs.Op.READ && Thread.currentThread().getName().endsWith("-scout")) {
                    reads.incrementAndGet();
                    underWay.countDown();
                    while (!until.getAsBoolean()) {
                        Thread.onSpinWait();
                    }
                }
            });
        }
    }

    /** Deletes all by one commit, and returns when the scout is on its way. */
    private static void deleteAtOnce(Lsm store, HeldDisk disk, int keys) throws InterruptedException {
        WriteBatch batch = new WriteBatch();
        for (int i = 0; i < keys; i++) {
            batch.delete(key(i));
        }
        store.write(batch);
        disk.underWay.await();
    }

    @Test
    void aStoreIsClosedWhileARunIsWalked() throws InterruptedException {
        int keys = 20 * DeadRunScout.PIECE;
        HeldDisk disk = new HeldDisk();
        try (Lsm store = Lsm.open(disk.vfs, LARGE)) {
            put(store, 0, keys);
            store.flush();
            disk.hold(() -> store.reads.health().closed());
            deleteAtOnce(store, disk, keys);
        }
        assertTrue(disk.reads.get() <= FEW_READS, "reads of the scout: " + disk.reads);
        try (Lsm store = Lsm.open(disk.memory, LARGE)) {
            assertNull(end(store, Direction.FORWARD));
        }
    }

    @Test
    void whoWantsNoSnapshotOfTheScoutWaitsForNoPiece() throws InterruptedException {
        int keys = 20 * DeadRunScout.PIECE;
        HeldDisk disk = new HeldDisk();
        try (Lsm store = Lsm.open(disk.vfs, LARGE)) {
            put(store, 0, keys);
            store.flush();
            Thread here = Thread.currentThread();
            // Until it was told to leave the walk, and is waited for.
            disk.hold(() -> store.scout.wasLeft() && here.getState() == Thread.State.WAITING);
            deleteAtOnce(store, disk, keys);
            store.scout.rest();
            assertTrue(disk.reads.get() <= FEW_READS, "reads of the scout: " + disk.reads);
            assertEquals(0, store.reads.snapshots().count());
            disk.hold(() -> true);
            put(store, 0, keys);
            delete(store, 0, 2 * DeadRunScout.PIECE);
            store.scout.awaitIdle();
            assertArrayEquals(key(2 * DeadRunScout.PIECE), end(store, Direction.FORWARD));
            assertEquals(0, store.reads.waste().entries(), "later runs are walked");
        }
    }

    /** A queue of a scout that notes what is put into it. */
    private static ArrayDeque<KeyRange> noting(List<KeyRange> pieces) {
        return new ArrayDeque<>() {
            @Override
            public boolean add(KeyRange piece) {
                pieces.add(piece);
                return super.add(piece);
            }
        };
    }

    @Test
    void aRunOfOneCommitIsWalkedPieceByPiece() throws InterruptedException {
        int keys = 3 * DeadRunScout.PIECE + 1;
        List<KeyRange> pieces = Collections.synchronizedList(new ArrayList<>());
        DeadRunScout scout = new DeadRunScout("scout", null, noting(pieces));
        for (int i = 0; i < keys; i++) {
            scout.deleted(key(i), 0, 4);
        }
        assertEquals(List.of(), pieces, "nothing is published yet");
        scout.published();
        scout.awaitIdle();
        assertEquals(3, pieces.size());
        for (int i = 0; i < 3; i++) {
            assertTrue(pieces.get(i).contains(key((i + 1) * DeadRunScout.PIECE - 1)), "last key of piece " + i);
            assertFalse(pieces.get(i).contains(key((i + 1) * DeadRunScout.PIECE)), "first key behind piece " + i);
            assertArrayEquals(
                    i == 0 ? key(0) : pieces.get(i - 1).hiOrNull(),
                    pieces.get(i).lo());
        }
    }

    /** No more of them wait than may; the first ones do, one behind the other. */
    @Test
    void whereTooManyPiecesWaitTheLaterOnesAreLeft() throws InterruptedException {
        List<KeyRange> pieces = Collections.synchronizedList(new ArrayList<>());
        DeadRunScout scout = new DeadRunScout("scout", null, noting(pieces));
        for (int i = 0; i < (DeadRunScout.MOST_PIECES + 2) * DeadRunScout.PIECE; i++) {
            scout.deleted(key(i), 0, 4);
        }
        scout.published();
        scout.awaitIdle();
        scout.stop();
        assertEquals(DeadRunScout.MOST_PIECES, pieces.size());
        for (int i = 1; i < pieces.size(); i++) {
            assertArrayEquals(pieces.get(i - 1).hiOrNull(), pieces.get(i).lo(), "piece " + i);
        }
    }

    private static void run(DeadRunScout scout, int pieces) {
        for (int i = 0; i < pieces * DeadRunScout.PIECE; i++) {
            scout.deleted(key(i), 0, 4);
            if (i % BATCH == BATCH - 1) {
                scout.published();
            }
        }
    }

    @Test
    void aWriterLearnsOfNoErrorOfTheScout() {
        ArrayDeque<KeyRange> full = new ArrayDeque<>() {
            @Override
            public boolean add(KeyRange piece) {
                throw new OutOfMemoryError("no room for a piece");
            }
        };
        DeadRunScout scout = new DeadRunScout("scout", null, full);
        try {
            run(scout, 2);
            // A key for which no array can be had: the scout keeps one of twice its length.
            scout.deleted(new byte[0], 0, Integer.MAX_VALUE / 2);
            run(scout, 1);
        } catch (OutOfMemoryError e) { // which would end all tests
            throw new AssertionError("told to the writer", e);
        }
        scout.stop();
        assertEquals(0, full.size());
    }

    @Test
    void aScoutThatFailedTakesNoPiece() {
        ArrayDeque<KeyRange> queue = new ArrayDeque<>();
        DeadRunScout scout = new DeadRunScout("scout", null, queue); // has no store to read
        run(scout, 3);
        assertTimeoutPreemptively(Duration.ofSeconds(60), scout::awaitIdle);
        scout.stop();
        run(scout, 3);
        assertEquals(0, queue.size());
    }
}

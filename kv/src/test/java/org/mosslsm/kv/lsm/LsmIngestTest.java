package org.mosslsm.kv.lsm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.mosslsm.kv.CorruptionException;
import org.mosslsm.kv.Cursor;
import org.mosslsm.kv.KeyRange;
import org.mosslsm.kv.KvException;
import org.mosslsm.kv.Snapshot;
import org.mosslsm.kv.StoreClosedException;
import org.mosslsm.kv.lsm.LsmOptions.CompactionStyle;
import org.mosslsm.kv.testkit.CrashPolicy;
import org.mosslsm.kv.testkit.FaultVfs;
import org.mosslsm.kv.testkit.FaultVfs.Fault;
import org.mosslsm.kv.testkit.MemVfs;
import org.mosslsm.kv.tool.Verify;
import org.mosslsm.kv.tool.VerifyReport;

/** Tables written outside join the store whole, newer than all there is, or not at all. */
class LsmIngestTest {
    private static final LsmOptions TINY = LsmOptions.builder()
            .memtableBytes(8 << 10)
            .blockBytes(1 << 10)
            .cacheBytes(256 << 10)
            .build();

    private final MemVfs disk = new MemVfs();

    private static byte[] key(int i) {
        return ("key" + (1000 + i)).getBytes(StandardCharsets.US_ASCII);
    }

    private static byte[] value(String what, int i) {
        return (what + " " + i + " which compresses, compresses, compresses").getBytes(StandardCharsets.US_ASCII);
    }

    private Ingest.External external(String name, int from, int to) {
        MemVfs outside = (MemVfs) disk.child("/outside");
        outside.createDirectory();
        try (TableWriter writer = TableWriter.create(outside, name, TINY)) {
            for (int i = from; i < to; i++) {
                writer.add(key(i), value("ingested", i));
            }
            writer.finish();
        }
        return new Ingest.External(outside, name);
    }

    private static void check(Lsm store, int from, int to, String what) {
        for (int i = from; i < to; i++) {
            assertArrayEquals(value(what, i), store.get(key(i)), "key " + i);
        }
    }

    private void verify() {
        VerifyReport report = Verify.store(disk);
        assertTrue(report.ok(), report::toString);
    }

    /** Whoever opens the store next is given the same file numbers again. */
    @Test
    @Timeout(120)
    void ingestThatTheStoreIsClosedUnderTouchesNoFileOfTheNextOwner() throws Exception {
        FaultVfs watched = new FaultVfs(disk);
        CountDownLatch copying = new CountDownLatch(1);
        CountDownLatch reopened = new CountDownLatch(1);
        List<Ingest.External> files = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            files.add(external("x" + i, 10 * i, 10 * i + 10));
        }
        Lsm first = Lsm.open(watched, TINY);
        FutureTask<Long> ingest = new FutureTask<>(() -> first.ingest(files));
        Thread ingester = new Thread(ingest);
        watched.observe((op, name) -> {
            if (op == FaultVfs.Op.SYNC && name.endsWith(".sst") && Thread.currentThread() == ingester) {
                copying.countDown();
                awaitUninterruptibly(reopened);
            }
        });
        ingester.start();
        copying.await();
        first.close();
        try (Lsm next = Lsm.open(watched, TINY)) {
            for (int i = 0; i < 5; i++) {
                next.put(key(500 + i), value("next owner", 500 + i));
                next.flush();
            }
            reopened.countDown();
            ExecutionException told = assertThrows(ExecutionException.class, ingest::get);
            assertInstanceOf(StoreClosedException.class, told.getCause());
        }
        verify();
        try (Lsm again = Lsm.open(disk, TINY)) {
            check(again, 500, 505, "next owner");
            assertNull(again.get(key(0)));
        }
    }

    /**
     * A tiered compaction merges tables with gaps between them; its one output reaches over the gap that a table of an
     * ingest has come to lie in, in the very level it goes to.
     */
    @Test
    void tableBetweenTheInputsOfACompactionUnderWayEndsNothing() throws InterruptedException {
        FaultVfs watched = new FaultVfs(disk);
        CountDownLatch merging = new CountDownLatch(1);
        CountDownLatch ingested = new CountDownLatch(1);
        watched.observe((op, name) -> {
            boolean output = op == FaultVfs.Op.CREATE && name.endsWith(".sst");
            if (output && Thread.currentThread().getName().contains("-compact")) {
                merging.countDown();
                awaitUninterruptibly(ingested);
            }
        });
        LsmOptions tiered = LsmOptions.builder()
                .memtableBytes(8 << 10)
                .compactionThreads(1)
                .compactionStyle(CompactionStyle.TIERED)
                .build();
        try (Lsm store = Lsm.open(watched, tiered)) {
            for (int i = 0; merging.getCount() > 0 && i < 40; i++) {
                int at = i % 2 == 0 ? i : 500 + i;
                store.put(key(at), value("written", at));
                store.flush();
                if (i >= 20) { // enough tables: only the thread has to come to it
                    merging.await(1, TimeUnit.SECONDS);
                }
            }
            assertEquals(0, merging.getCount(), "no compaction began");
            store.ingest(List.of(external("gap", 200, 250)));
            ingested.countDown();
            store.compact();
            store.put(key(999), value("written", 999));
            check(store, 200, 250, "ingested");
            check(store, 0, 1, "written");
            check(store, 501, 502, "written");
        } finally {
            ingested.countDown();
        }
        verify();
    }

    /** Where a thread is stopped until another has done something. */
    private static final class Gate {
        final CountDownLatch reached = new CountDownLatch(1);
        final CountDownLatch open = new CountDownLatch(1);

        void pass() {
            reached.countDown();
            awaitUninterruptibly(open);
        }
    }

    /**
     * Between the moment a table joins and the one its version is published, a compaction takes it in; a snapshot that is
     * taken after the compaction has looked for snapshots is still older than the table.
     */
    @Test
    void snapshotTakenWhileATableJoinsSeesWhatThatHides() throws Exception {
        FaultVfs watched = new FaultVfs(disk);
        Gate reading = new Gate();
        Gate joined = new Gate();
        CountDownLatch merging = new CountDownLatch(1);
        try (Lsm store = Lsm.open(watched, TINY)) {
            AtomicReference<Cursor> cursor = new AtomicReference<>();
            Thread reader = new Thread(() -> {
                cursor.set(store.cursor(KeyRange.all(), Cursor.Direction.FORWARD));
                cursor.get().nextBatch();
            });
            AtomicLong version = new AtomicLong();
            Thread ingester = new Thread(() -> version.set(store.ingest(List.of(external("new", 0, 450)))));
            watched.observe((op, name) -> {
                Thread own = Thread.currentThread();
                if (op == FaultVfs.Op.READ && own == reader) {
                    reading.pass();
                } else if (op == FaultVfs.Op.DELETE && own == ingester) {
                    joined.pass(); // it lets go of what the cursor held, which comes behind the install
                } else if (op == FaultVfs.Op.CREATE && own.getName().contains("-compact") && ingester.isAlive()) {
                    merging.countDown();
                }
            });
            write(store, "first", 0, 500);
            store.compact();
            reader.start();
            assertTrue(reading.reached.await(30, TimeUnit.SECONDS), "the cursor read nothing");
            for (int i = 0; i < 4; i++) {
                write(store, "second", 0, 500); // merged with the table the cursor holds
            }
            store.compact();
            for (int i = 1; i < 4; i++) {
                write(store, "third", i, 400 + i); // with one more a compaction is due
            }
            while (store.metrics().number("flush.runs").orElseThrow() < 8) {
                Thread.onSpinWait(); // the last flush is behind looking for cursors when it is counted
            }
            reading.open.countDown();
            reader.join();
            ingester.start();
            assertTrue(joined.reached.await(30, TimeUnit.SECONDS), "the cursor held nothing");
            assertTrue(merging.await(30, TimeUnit.SECONDS), "no compaction was due");
            try (Snapshot snapshot = store.snapshot()) {
                joined.open.countDown();
                ingester.join();
                assertTrue(snapshot.version() < version.get(), "taken before the table was published");
                store.compact();
                assertArrayEquals(value("second", 0), snapshot.get(key(0)));
                assertNull(snapshot.get(key(100)));
            }
            check(store, 0, 450, "ingested");
            cursor.get().close();
        } finally {
            reading.open.countDown();
            joined.open.countDown();
        }
        verify();
    }

    private static void write(Lsm store, String what, int first, int last) {
        store.put(key(first), value(what, first));
        store.put(key(last), value(what, last));
        store.flush();
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void entriesAreNewerThanAllThereIs() {
        try (Lsm store = Lsm.open(disk, TINY)) {
            for (int i = 0; i < 300; i++) {
                store.put(key(i), value("old", i));
            }
            store.compact();
            store.deleteRange(key(120), key(140));
            store.put(key(150), value("in the memtable", 150));
            try (Snapshot before = store.snapshot()) {
                long version = store.ingest(List.of(external("b", 150, 200), external("a", 100, 150)));
                assertTrue(version > before.version());
                check(store, 0, 100, "old");
                check(store, 100, 200, "ingested");
                check(store, 200, 300, "old");
                assertArrayEquals(value("in the memtable", 150), before.get(key(150)));
                assertNull(before.get(key(130)));
                store.compact();
                assertArrayEquals(value("old", 160), before.get(key(160)));
            }
            store.delete(key(101));
            assertNull(store.get(key(101)));
            check(store, 102, 200, "ingested");
        }
        verify();
        try (Lsm store = Lsm.open(disk, TINY)) {
            assertNull(store.get(key(101)));
            check(store, 102, 200, "ingested");
            store.compact();
            check(store, 102, 200, "ingested");
        }
        verify();
    }

    /** The delete of an empty range leaves nothing in the memtable, but a record in its log. */
    @Test
    void noLogKeepsACommitWithoutEffectFromBefore() {
        try (Lsm store = Lsm.open(disk, TINY)) {
            store.deleteRange(key(9), key(9));
            store.ingest(List.of(external("a", 0, 10)));
        }
        verify();
        try (Lsm store = Lsm.open(disk, TINY)) {
            check(store, 0, 10, "ingested");
        }
    }

    @Test
    void overlappingDamagedAndForeignTablesAreRefusedWhole() throws IOException {
        try (Lsm store = Lsm.open(disk, TINY)) {
            store.put(key(1), value("old", 1));
            store.flush();
        } // so that nothing in the background deletes a file that is counted
        try (Lsm store = Lsm.open(disk, TINY)) {
            Set<String> files = new TreeSet<>(disk.list());
            Ingest.External a = external("a", 0, 100);
            Ingest.External b = external("b", 99, 120);
            assertThrows(IllegalArgumentException.class, () -> store.ingest(List.of(a, b)));
            MemVfs outside = (MemVfs) disk.child("/outside");
            outside.corrupt("b", 20, 4);
            Ingest.External c = external("c", 200, 220);
            assertThrows(CorruptionException.class, () -> store.ingest(List.of(c, b)));
            Ingest.External missing = new Ingest.External(outside, "missing");
            assertThrows(KvException.class, () -> store.ingest(List.of(c, missing)));
            // A table of a store is bound to its number: not taken for an external one.
            String own =
                    files.stream().filter(n -> n.endsWith(".sst")).findFirst().orElseThrow();
            assertThrows(CorruptionException.class, () -> store.ingest(List.of(new Ingest.External(disk, own))));
            assertEquals(files, new TreeSet<>(disk.list()), "copies were left behind");
            check(store, 1, 2, "old");
            assertNull(store.get(key(2)));
            try (Snapshot now = store.snapshot()) {
                assertEquals(now.version(), store.ingest(List.of()));
            }
        }
        verify();
    }

    @Test
    void writerInsistsOnOrderAndEntries() {
        MemVfs outside = new MemVfs();
        try (TableWriter writer = TableWriter.create(outside, "x", TINY)) {
            assertThrows(IllegalStateException.class, writer::finish);
            writer.add(key(5), value("x", 5));
            assertThrows(IllegalArgumentException.class, () -> writer.add(key(5), value("x", 5)));
            assertThrows(IllegalArgumentException.class, () -> writer.add(key(4), value("x", 4)));
            writer.finish();
            assertThrows(IllegalStateException.class, () -> writer.add(key(6), value("x", 6)));
        }
        assertEquals(0, outside.openFiles());
    }

    @Test
    void crashAndFailureAtAnyOperationLeaveAllOrNothing() {
        int crashes = 0;
        int failures = 0;
        for (int nth = 1; ; nth++) {
            MemVfs fresh = new MemVfs();
            FaultVfs watched = new FaultVfs(fresh);
            List<MemVfs> found = Collections.synchronizedList(new ArrayList<>());
            boolean failed = false;
            try (Lsm store = Lsm.open(watched, TINY)) {
                store.put(key(0), value("old", 0));
                MemVfs outside = (MemVfs) fresh.child("/outside");
                outside.createDirectory();
                try (TableWriter writer = TableWriter.create(outside, "t", TINY)) {
                    for (int i = 0; i < 60; i++) {
                        writer.add(key(i), value("ingested", i));
                    }
                    writer.finish();
                }
                if (nth == 1) {
                    watched.observe((op, name) -> {
                        for (CrashPolicy policy : CrashPolicy.values()) {
                            found.add(fresh.crashClone(found.size(), policy));
                        }
                    });
                } else {
                    watched.fail(FaultVfs.CHANGES, ".*", nth - 1, Fault.NO_SPACE);
                }
                store.ingest(List.of(new Ingest.External(outside, "t")));
                watched.observe((op, name) -> {});
            } catch (KvException e) {
                failed = true;
                failures++;
            }
            watched.heal();
            found.add(fresh.crashClone(nth, CrashPolicy.TORN));
            for (MemVfs crash : found) {
                crashes++;
                try (Lsm store = Lsm.open(crash, TINY)) {
                    boolean there = store.get(key(1)) != null;
                    check(store, 0, there ? 60 : 1, there ? "ingested" : "old");
                    assertTrue(there || failed || nth == 1, "acknowledged, and lost");
                }
                VerifyReport report = Verify.store(crash);
                assertTrue(report.ok(), report::toString);
            }
            if (nth > 1 && watched.struck() == 0) {
                break;
            }
        }
        assertTrue(crashes > 30 && failures > 5, crashes + " crashes, " + failures + " failures");
        System.out.println("LsmIngestTest: " + crashes + " crashes, " + failures + " failures");
    }

    @Test
    void filesOfTheOperatingSystemAreIngested(@TempDir Path directory) {
        Path file = directory.resolve("outside.sst");
        try (TableWriter writer = TableWriter.create(file, LsmOptions.defaults())) {
            writer.add(key(1), value("ingested", 1));
            assertTrue(writer.estimatedBytes() > 0);
            writer.finish();
        }
        try (Lsm store = Lsm.open(directory.resolve("store"), TINY)) {
            store.ingest(file);
            check(store, 1, 2, "ingested");
        }
    }
}

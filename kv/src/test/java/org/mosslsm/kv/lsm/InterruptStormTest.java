package org.mosslsm.kv.lsm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.mosslsm.kv.BulkLoad;
import org.mosslsm.kv.CommitRequest;
import org.mosslsm.kv.Cursor;
import org.mosslsm.kv.Durability;
import org.mosslsm.kv.EntryBatch;
import org.mosslsm.kv.KeyRange;
import org.mosslsm.kv.ScanHints;
import org.mosslsm.kv.Snapshot;
import org.mosslsm.kv.Store.LargeCommit;
import org.mosslsm.kv.WriteBatch;
import org.mosslsm.kv.tool.Verify;
import org.mosslsm.kv.tool.VerifyReport;
import org.mosslsm.kv.txn.Mark;
import org.mosslsm.kv.txn.Transaction;
import org.mosslsm.kv.txn.Transactions;

/**
 * Every public call of the engine, on real files, by threads that are interrupted all the time: no call fails, none
 * swallows the interrupt for good, the store stays well and whole.
 */
@Timeout(value = 3, unit = TimeUnit.HOURS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class InterruptStormTest {
    private static final int ROUNDS = Integer.getInteger("storm.rounds", 40);
    private static final LsmOptions TINY = LsmOptions.builder()
            .memtableBytes(16 << 10)
            .blockBytes(1 << 10)
            .cacheBytes(64 << 10)
            .build();

    /** Entries of a large commit, in order. */
    private static final int LARGE = 300;

    /** What a transaction keeps in memory: far less than it writes. */
    private static final long SPILL_BYTES = 16 << 10;

    @TempDir
    Path directory;

    private final AtomicReference<Throwable> failure = new AtomicReference<>();
    private final AtomicInteger interruptsSeen = new AtomicInteger();

    @Test
    void noInterruptHurtsAnyCall() throws Exception {
        int writes = 0;
        try (Lsm store = Lsm.open(directory.resolve("store"), TINY)) {
            List<Thread> workers = new ArrayList<>();
            for (int t = 0; t < 3; t++) {
                int thread = t;
                workers.add(new Thread(() -> work(store, thread), "storm-" + t));
            }
            workers.forEach(Thread::start);
            while (workers.stream().anyMatch(Thread::isAlive)) {
                workers.forEach(Thread::interrupt);
                LockSupport.parkNanos(20_000); // else they would do nothing but be interrupted
            }
            for (Thread worker : workers) {
                worker.join();
            }
            if (failure.get() != null) {
                throw new AssertionError("a call failed", failure.get());
            }
            assertTrue(interruptsSeen.get() > 0, "no call was interrupted");
            assertEquals(
                    "ok",
                    store.metrics().metrics().stream()
                            .filter(m -> m.name().equals("health"))
                            .findFirst()
                            .orElseThrow()
                            .value());
            for (int t = 0; t < 3; t++) {
                for (int i = 0; i < ROUNDS; i++, writes++) {
                    assertArrayEquals(value(t, i), store.get(key("put", t, i)));
                }
            }
        }
        VerifyReport report = Verify.store(directory.resolve("store"));
        assertTrue(report.ok(), report::toString);
        assertEquals(3 * ROUNDS, writes);
    }

    private void work(Lsm store, int t) {
        try {
            Transactions transactions = new Transactions(store, SPILL_BYTES);
            for (int i = 0; i < ROUNDS && failure.get() == null; i++) {
                everyCall(store, transactions, t, i);
            }
        } catch (Exception | AssertionError e) {
            failure.compareAndSet(null, e);
        } finally {
            Thread.interrupted();
        }
    }

    private void everyCall(Lsm store, Transactions transactions, int t, int i) {
        run(() -> store.put(key("put", t, i), value(t, i)));
        run(() -> store.commit(
                CommitRequest.of(new WriteBatch().put(key("process", t, i), value(t, i)), Durability.PROCESS)));
        run(() -> store.commit(
                CommitRequest.of(new WriteBatch().put(key("interval", t, i), value(t, i)), Durability.interval(2))));
        run(() -> store.delete(key("process", t, i)));
        run(() -> store.deleteRange(key("interval", t, i), key("interval", t, i + 1)));
        run(() -> store.deleteRange(KeyRange.point(key("none", t, i))));
        run(() -> assertArrayEquals(value(t, i), store.get(key("put", t, i))));
        run(() -> store.status(UUID.randomUUID()));
        run(() -> store.splits(KeyRange.all(), 4));
        run(() -> store.approximateBytes(KeyRange.all()));
        run(store::metrics);
        run(store::capabilities);
        run(() -> read(store, t, i));
        if (i % 8 == t) {
            run(store::flush);
        }
        if (i % 16 == t) {
            run(store::compact);
            run(() -> store.checkpoint(directory.resolve("copy" + t + "." + i).toString()));
            run(() -> load(store, t, i));
            run(() -> ingest(store, t, i));
            run(() -> largeCommit(store, t, i));
            for (int n = 0; n < LARGE; n++) {
                assertArrayEquals(value(t, n), store.get(largeKey(t, i, n)), "of a large commit");
            }
            spilledTransactions(transactions, t, i);
        }
    }

    private void read(Lsm store, int t, int i) {
        try (Snapshot snapshot = store.snapshot();
                Cursor cursor = snapshot.scan(KeyRange.all(), Cursor.Direction.BACKWARD, ScanHints.NONE)) {
            cursor.seek(key("put", t, i));
            assertArrayEquals(key("put", t, i), cursor.nextBatch().copyKey(0));
            assertEquals(1, snapshot.getAll(List.of(key("put", t, i))).size());
        }
    }

    private void load(Lsm store, int t, int i) {
        try (BulkLoad load = store.bulkLoad(KeyRange.prefix(key("load", t, i)))) {
            load.add(key("load", t, i), value(t, i));
            load.publish();
        }
    }

    private void ingest(Lsm store, int t, int i) {
        Path file = directory.resolve("outside" + t + "." + i);
        try (TableWriter writer = TableWriter.create(file, TINY)) {
            writer.add(key("ingest", t, i), value(t, i));
            writer.finish();
        }
        store.ingest(file);
    }

    /** Of several tables, over a range delete of its own, while the others flush and compact. */
    private static void largeCommit(Lsm store, int t, int i) {
        try (LargeCommit commit = store.largeCommit()) {
            for (int n = 0; n < LARGE; n++) {
                byte[] key = largeKey(t, i, n);
                byte[] value = value(t, n);
                commit.put(key, 0, key.length, value, 0, value.length);
            }
            WriteBatch deleted = new WriteBatch().deleteRange(key("large", t, i), key("large", t, i + 1));
            commit.commit(CommitRequest.of(deleted, Durability.SYNC));
        }
    }

    /** One that is committed and one that is rolled back; both went to scratch files. */
    private void spilledTransactions(Transactions transactions, int t, int i) {
        try (Transaction txn = transactions.begin()) {
            write(txn, t, i);
            run(txn::commit);
        }
        try (Transaction txn = transactions.begin()) {
            for (int n = 0; n < LARGE; n++) {
                assertArrayEquals(n % 3 == 0 ? null : value(t, n), txn.get(spilledKey(t, i, n)), "of a transaction");
            }
            write(txn, t, i + 1);
            run(txn::rollback);
        }
        try (Snapshot snapshot = transactions.store().snapshot()) {
            assertNull(snapshot.get(spilledKey(t, i + 1, 1)), "of one rolled back");
        }
    }

    private void write(Transaction txn, int t, int i) {
        KeyRange range = KeyRange.of(key("spilled", t, i), key("spilled", t, i + 1));
        run(txn::beginStatement);
        run(() -> txn.lockRange(range));
        run(() -> txn.deleteRange(range));
        for (int n = 0; n < LARGE; n++) {
            byte[] key = spilledKey(t, i, n);
            byte[] value = value(t, n);
            run(txn::statementMark);
            run(() -> txn.lock(key));
            run(() -> txn.put(key, value));
            if (n % 3 == 0) {
                run(() -> txn.delete(key));
            }
            if (n % 50 == 0) {
                byte[] before = n % 3 == 0 ? null : value;
                Mark[] mark = new Mark[1];
                run(() -> mark[0] = txn.mark());
                run(() -> txn.put(key, key));
                run(() -> txn.rollbackTo(mark[0]));
                run(() -> assertArrayEquals(before, txn.getLatest(key)));
            }
        }
        assertTrue(txn.writeBytes() < LARGE * 300L / 2, "it has not spilled");
        run(() -> assertEquals(LARGE - LARGE / 3, count(txn, range, Cursor.Direction.FORWARD)));
        run(() -> assertEquals(LARGE - LARGE / 3, count(txn, range, Cursor.Direction.BACKWARD)));
        run(() -> assertEquals(
                2, txn.getAll(List.of(spilledKey(t, i, 0), spilledKey(t, i, 1))).size()));
    }

    private static int count(Transaction txn, KeyRange range, Cursor.Direction direction) {
        int count = 0;
        try (Cursor cursor = txn.scan(range, direction, ScanHints.NONE)) {
            for (EntryBatch batch = cursor.nextBatch(); batch != null; batch = cursor.nextBatch()) {
                count += batch.size();
            }
        }
        return count;
    }

    private static byte[] spilledKey(int t, int i, int n) {
        return (new String(key("spilled", t, i), StandardCharsets.US_ASCII) + "/" + (1000 + n))
                .getBytes(StandardCharsets.US_ASCII);
    }

    private static byte[] largeKey(int t, int i, int n) {
        return (new String(key("large", t, i), StandardCharsets.US_ASCII) + "/" + (1000 + n))
                .getBytes(StandardCharsets.US_ASCII);
    }

    /** Runs a call, and insists that an interrupt that stood before it stands behind it. */
    private void run(Runnable call) {
        boolean before = Thread.currentThread().isInterrupted();
        call.run();
        if (before) {
            assertTrue(Thread.interrupted(), "the interrupt was swallowed");
            interruptsSeen.incrementAndGet();
        }
    }

    private static byte[] key(String kind, int t, int i) {
        return (kind + "/" + t + "/" + (1000 + i)).getBytes(StandardCharsets.US_ASCII);
    }

    private static byte[] value(int t, int i) {
        return ("value " + t + " " + i + " ".repeat(300)).getBytes(StandardCharsets.US_ASCII);
    }
}

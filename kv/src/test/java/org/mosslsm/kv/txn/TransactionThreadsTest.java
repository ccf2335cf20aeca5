package org.mosslsm.kv.txn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.mosslsm.kv.Cursor;
import org.mosslsm.kv.Cursor.Direction;
import org.mosslsm.kv.Durability;
import org.mosslsm.kv.EntryBatch;
import org.mosslsm.kv.KeyRange;
import org.mosslsm.kv.ScanHints;
import org.mosslsm.kv.Store;
import org.mosslsm.kv.StoreMetrics;
import org.mosslsm.kv.memory.MemoryStore;

/** Many transactions at once: what must hold for money, counters and queues, whatever the interleaving. */
@Timeout(120)
class TransactionThreadsTest {
    private static final int THREADS = 6;
    private static final int ACCOUNTS = 8;

    private final ExecutorService threads = Executors.newFixedThreadPool(THREADS + 1);
    private Store store;
    private Transactions transactions;

    /** Opens a store that holds nothing. */
    Store open() throws Exception {
        return new MemoryStore();
    }

    @BeforeEach
    void openStore() throws Exception {
        store = open();
        transactions = new Transactions(store);
    }

    @AfterEach
    void closeStore() {
        threads.shutdownNow();
        assertEquals(0, transactions.lockedKeys(), "locks are left behind");
        assertEquals(0, openSnapshots(), "snapshots are left behind");
        store.close();
    }

    private long openSnapshots() {
        StoreMetrics metrics = store.metrics();
        return metrics.number("memory.snapshots")
                .or(() -> metrics.number("snapshots.open"))
                .orElseThrow();
    }

    @ParameterizedTest
    @EnumSource(Isolation.class)
    void transfersKeepTheSum(Isolation isolation) throws Exception {
        long seed = System.nanoTime();
        System.out.println("TransactionThreadsTest.transfers " + isolation + " seed=" + seed);
        try (Transaction setup = transactions.begin()) {
            for (int account = 0; account < ACCOUNTS; account++) {
                setup.put(key(account), amount(1_000));
            }
            setup.commit();
        }
        List<Callable<Void>> jobs = new ArrayList<>();
        for (int thread = 0; thread < THREADS; thread++) {
            Random random = new Random(seed + thread);
            jobs.add(() -> {
                for (int i = 0; i < 150; i++) {
                    int from = random.nextInt(ACCOUNTS);
                    int to = (from + 1 + random.nextInt(ACCOUNTS - 1)) % ACCOUNTS;
                    int sum = random.nextInt(100);
                    retried(isolation, txn -> transfer(txn, from, to, sum));
                }
                return null;
            });
        }
        jobs.add(() -> {
            for (int i = 0; i < 200; i++) {
                try (Transaction reader = transactions.begin(isolation, Durability.NONE)) {
                    assertEquals(1_000L * ACCOUNTS, total(reader));
                }
            }
            return null;
        });
        runAll(jobs);
        try (Transaction reader = transactions.begin()) {
            assertEquals(1_000L * ACCOUNTS, total(reader));
        }
    }

    @Test
    void everyIncrementCountsUnderReadCommittedWithoutARetry() throws Exception {
        List<Callable<Void>> jobs = new ArrayList<>();
        for (int thread = 0; thread < THREADS; thread++) {
            jobs.add(() -> {
                for (int i = 0; i < 300; i++) {
                    try (Transaction txn = transactions.begin(Isolation.READ_COMMITTED, Durability.NONE)) {
                        txn.beginStatement();
                        byte[] seen = txn.get(key(1));
                        byte[] latest = txn.lock(key(1)) ? txn.getLatest(key(1)) : seen;
                        txn.put(key(1), amount(latest == null ? 1 : amount(latest) + 1));
                        txn.commit();
                    }
                }
                return null;
            });
        }
        runAll(jobs);
        try (Transaction reader = transactions.begin()) {
            assertEquals(THREADS * 300, amount(reader.get(key(1))));
        }
    }

    @Test
    void oneOfManyInsertsOfAUniqueKeyWins() throws Exception {
        CountDownLatch start = new CountDownLatch(1);
        List<Callable<Integer>> jobs = new ArrayList<>();
        for (int thread = 0; thread < THREADS; thread++) {
            int mine = thread;
            jobs.add(() -> {
                start.await();
                int won = 0;
                for (int i = 0; i < 100; i++) {
                    try (Transaction txn = transactions.begin()) {
                        txn.lock(key(i));
                        if (txn.getLatest(key(i)) == null) {
                            txn.put(key(i), amount(mine));
                            txn.commit();
                            won++;
                        }
                    }
                }
                return won;
            });
        }
        start.countDown();
        assertEquals(100, runAll(jobs).stream().mapToInt(Integer::intValue).sum());
    }

    @Test
    void rangeDeletesAndRowLocksExcludeEachOther() throws Exception {
        // Writers insert pairs (n, n + 100) under a lock of the first key; deleters remove both halves of a pair's
        // range.
        long seed = System.nanoTime();
        System.out.println("TransactionThreadsTest.rangeDeletes seed=" + seed);
        List<Callable<Void>> jobs = new ArrayList<>();
        for (int thread = 0; thread < THREADS; thread++) {
            Random random = new Random(seed + thread);
            boolean deletes = thread % 3 == 0;
            jobs.add(() -> {
                for (int i = 0; i < 200; i++) {
                    int n = random.nextInt(20);
                    if (deletes) {
                        int end = n + 1 + random.nextInt(5);
                        retried(Isolation.READ_COMMITTED, txn -> {
                            txn.deleteRange(KeyRange.of(key(n), key(end)));
                            txn.deleteRange(KeyRange.of(key(n + 100), key(end + 100)));
                        });
                    } else {
                        retried(Isolation.READ_COMMITTED, txn -> {
                            txn.lock(key(n));
                            txn.put(key(n), amount(n));
                            txn.put(key(n + 100), amount(n));
                        });
                    }
                }
                return null;
            });
        }
        runAll(jobs);
        try (Transaction reader = transactions.begin()) {
            for (int n = 0; n < 20; n++) {
                assertEquals(reader.get(key(n)) == null, reader.get(key(n + 100)) == null, "pair " + n);
            }
        }
    }

    private interface Work {
        void run(Transaction txn);
    }

    /** Runs and commits, again and again while others are in the way. */
    private void retried(Isolation isolation, Work work) {
        while (true) {
            try (Transaction txn = transactions.begin(isolation, Durability.NONE)) {
                txn.beginStatement();
                work.run(txn);
                txn.commit();
                return;
            } catch (TransactionException e) {
                boolean retry = e.kind() == TransactionException.Kind.DEADLOCK
                        || e.kind() == TransactionException.Kind.SERIALIZATION;
                assertTrue(retry, e.getMessage());
            }
        }
    }

    private static void transfer(Transaction txn, int from, int to, int sum) {
        txn.lock(key(from));
        txn.put(key(from), amount(amount(txn.getLatest(key(from))) - sum));
        txn.lock(key(to));
        txn.put(key(to), amount(amount(txn.getLatest(key(to))) + sum));
    }

    private static long total(Transaction txn) {
        long total = 0;
        try (Cursor cursor = txn.scan(KeyRange.all(), Direction.FORWARD, ScanHints.NONE)) {
            for (EntryBatch batch = cursor.nextBatch(); batch != null; batch = cursor.nextBatch()) {
                for (int i = 0; i < batch.size(); i++) {
                    total += amount(batch.copyValue(i));
                }
            }
        }
        return total;
    }

    private <T> List<T> runAll(List<Callable<T>> jobs) throws Exception {
        List<T> results = new ArrayList<>();
        for (Future<T> future : threads.invokeAll(jobs)) {
            results.add(future.get());
        }
        return results;
    }

    private static byte[] key(int i) {
        return new byte[] {(byte) i};
    }

    private static byte[] amount(long amount) {
        return ByteBuffer.allocate(8).putLong(amount).array();
    }

    private static long amount(byte[] bytes) {
        return ByteBuffer.wrap(bytes).getLong();
    }
}

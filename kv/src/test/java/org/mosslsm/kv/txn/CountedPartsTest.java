package org.mosslsm.kv.txn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.mosslsm.kv.Cursor;
import org.mosslsm.kv.Durability;
import org.mosslsm.kv.EntryBatch;
import org.mosslsm.kv.KeyRange;
import org.mosslsm.kv.ScanHints;
import org.mosslsm.kv.Store;
import org.mosslsm.kv.StoreProvider;
import org.mosslsm.kv.memory.MemoryStore;

/** Counts kept beside the entries say what a walk in the same transaction says, whatever happens meanwhile. */
@Timeout(120)
class CountedPartsTest {
    private static final int THREADS = 4;
    private static final int PARTS = 5;
    private static final int KEYS = 60;

    /** A part for each first byte below {@link #PARTS}. */
    private static final CountedParts BY_FIRST_BYTE = new CountedParts() {
        @Override
        public long partOf(byte[] key) {
            return key[0] < PARTS ? key[0] : NO_PART;
        }

        @Override
        public long partOf(KeyRange range) {
            long part = partOf(range.lo());
            boolean one = part >= 0 && range(part).hiOrNull()[0] >= range.hiOrNull()[0];
            return one || part == NO_PART ? part : SEVERAL;
        }

        @Override
        public KeyRange range(long part) {
            return KeyRange.prefix(new byte[] {(byte) part});
        }
    };

    @TempDir
    Path directory;

    private final AtomicLong walks = new AtomicLong();

    private static byte[] key(int part, int number) {
        return new byte[] {(byte) part, (byte) number};
    }

    private static long walk(Transaction tx, long part) {
        return walk(tx, BY_FIRST_BYTE.range(part));
    }

    private static long walk(Transaction tx, KeyRange range) {
        long count = 0;
        try (Cursor cursor = tx.scan(range, Cursor.Direction.FORWARD, new ScanHints(0, true, false))) {
            for (EntryBatch batch = cursor.nextBatch(); batch != null; batch = cursor.nextBatch()) {
                count += batch.size();
            }
        }
        return count;
    }

    private LongSupplier counting(Transaction tx, long part) {
        return () -> {
            walks.incrementAndGet();
            return walk(tx, part);
        };
    }

    private void check(Transaction tx, long part) {
        assertEquals(walk(tx, part), tx.count(part, counting(tx, part)), "part " + part);
    }

    private static void insertOrRemove(Transaction tx, int part, int number) {
        byte[] key = key(part, number);
        tx.lock(key);
        if (tx.getLatest(key) == null) {
            tx.insert(key, new byte[] {1});
        } else if (number % 5 == 0) {
            tx.replace(key, new byte[] {2});
        } else {
            tx.remove(key);
            tx.remove(key);
        }
    }

    private static void removeRange(Transaction tx, int part, int from, int to) {
        KeyRange range = KeyRange.of(key(part, Math.min(from, to)), key(part, Math.max(from, to) + 1));
        if (tx.lockRange(range)) {
            tx.beginStatement();
        }
        tx.removeRange(range, walk(tx, range));
    }

    @Test
    void aRangeOfWhichTheEntriesWereCountedLeavesThePartKnown() {
        try (Store store = new MemoryStore()) {
            Transactions transactions = new Transactions(store, BY_FIRST_BYTE);
            try (Transaction tx = transactions.begin()) {
                check(tx, 1);
                for (int number = 0; number < 20; number++) {
                    insertOrRemove(tx, 1, number);
                }
                tx.beginStatement();
                removeRange(tx, 1, 3, 8);
                tx.beginStatement();
                check(tx, 1);
                tx.commit();
            }
            try (Transaction tx = transactions.begin()) {
                removeRange(tx, 1, 5, 12);
                Mark mark = tx.mark();
                removeRange(tx, 1, 11, 19);
                tx.rollbackTo(mark);
                tx.beginStatement();
                check(tx, 1);
                tx.commit();
            }
            try (Transaction tx = transactions.begin()) {
                assertEquals(10, tx.count(1, counting(tx, 1)));
            }
            assertEquals(1, walks.get());
        }
    }

    @Test
    void aPartIsWalkedOnceAndThenKnown() {
        try (Store store = new MemoryStore()) {
            Transactions transactions = new Transactions(store, BY_FIRST_BYTE);
            for (int i = 0; i < 10; i++) {
                try (Transaction tx = transactions.begin()) {
                    check(tx, 1);
                    insertOrRemove(tx, 1, i + 1);
                    tx.beginStatement();
                    check(tx, 1);
                    Mark mark = tx.mark();
                    insertOrRemove(tx, 1, 50);
                    tx.rollbackTo(mark);
                    tx.beginStatement();
                    check(tx, 1);
                    tx.commit();
                }
            }
            assertEquals(1, walks.get());
        }
    }

    @Test
    void aPlainWriteMakesItsPartAloneUnknown() {
        try (Store store = new MemoryStore()) {
            Transactions transactions = new Transactions(store, BY_FIRST_BYTE);
            try (Transaction tx = transactions.begin()) {
                check(tx, 0);
                check(tx, 1);
                tx.put(key(1, 3), key(0, 0));
                tx.put(key(100, 3), key(0, 0));
                tx.beginStatement();
                check(tx, 0);
                check(tx, 1);
                tx.commit();
            }
            assertEquals(3, walks.get());
            try (Transaction tx = transactions.begin()) {
                check(tx, 1);
                check(tx, 0);
                tx.deleteRange(KeyRange.of(key(1, 0), key(1, 9)));
                tx.commit();
            }
            assertEquals(4, walks.get());
            try (Transaction tx = transactions.begin()) {
                check(tx, 1);
                check(tx, 0);
            }
            assertEquals(5, walks.get());
        }
    }

    /** The snapshot of the statement does not show the key, the write over it does. */
    @Test
    void aKeyReplacedThatCameAfterTheSnapshotCounts() {
        try (Store store = new MemoryStore()) {
            Transactions transactions = new Transactions(store, BY_FIRST_BYTE);
            try (Transaction tx = transactions.begin()) {
                tx.beginStatement();
                check(tx, 1);
                try (Transaction other = transactions.begin()) {
                    insertOrRemove(other, 1, 5);
                    other.commit();
                }
                insertOrRemove(tx, 1, 5);
                check(tx, 1);
                tx.beginStatement();
                check(tx, 1);
                tx.commit();
            }
            try (Transaction tx = transactions.begin()) {
                check(tx, 1);
            }
        }
    }

    @Test
    void aStoreWithoutPartsCountsByWalks() {
        try (Store store = new MemoryStore();
                Transaction tx = new Transactions(store).begin()) {
            tx.put(key(1, 3), key(0, 0));
            check(tx, 1);
            check(tx, 1);
            assertEquals(2, walks.get());
        }
    }

    @Test
    void aDeletedRangeOfSeveralPartsEndsAllCounts() {
        try (Store store = new MemoryStore()) {
            Transactions transactions = new Transactions(store, BY_FIRST_BYTE);
            try (Transaction tx = transactions.begin()) {
                insertOrRemove(tx, 0, 1);
                insertOrRemove(tx, 1, 1);
                tx.commit();
            }
            try (Transaction tx = transactions.begin()) {
                check(tx, 0);
                tx.deleteRange(KeyRange.of(key(0, 0), key(2, 0)));
                check(tx, 0);
                tx.commit();
            }
            try (Transaction tx = transactions.begin()) {
                check(tx, 0);
                check(tx, 1);
            }
        }
    }

    @Test
    void aCountIsARead() {
        try (Store store = new MemoryStore()) {
            Transactions transactions = new Transactions(store, BY_FIRST_BYTE);
            try (Transaction tx = transactions.begin()) {
                check(tx, 1);
            }
            try (Transaction one = transactions.begin(Isolation.SERIALIZABLE, Durability.PROCESS);
                    Transaction other = transactions.begin(Isolation.SERIALIZABLE, Durability.PROCESS)) {
                assertEquals(0, one.count(1, counting(one, 1)));
                assertEquals(0, other.count(1, counting(other, 1)));
                assertEquals(1, walks.get());
                insertOrRemove(one, 1, 1);
                insertOrRemove(other, 1, 2);
                one.commit();
                assertThrows(TransactionException.class, other::commit);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Isolation.class)
    void countsAreWhatWalksSayWhileOthersWrite(Isolation isolation) throws Exception {
        try (Store store = StoreProvider.openStore(
                directory.resolve("db").toString(), Map.of("memtableBytes", "65536", "durability", "process"))) {
            play(new Transactions(store, BY_FIRST_BYTE), isolation);
        }
        // Opened again, nothing is known but what is there.
        try (Store store = StoreProvider.openStore(directory.resolve("db").toString(), Map.of());
                Transaction tx = new Transactions(store, BY_FIRST_BYTE).begin()) {
            for (int part = 0; part < PARTS; part++) {
                check(tx, part);
                check(tx, part);
            }
        }
    }

    private void play(Transactions transactions, Isolation isolation) throws Exception {
        long seed = System.nanoTime();
        System.out.println("CountedPartsTest " + isolation + " seed=" + seed);
        AtomicLong committed = new AtomicLong();
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        try {
            List<Future<?>> jobs = new ArrayList<>();
            for (int thread = 0; thread < THREADS; thread++) {
                Random random = new Random(seed + thread);
                jobs.add(threads.submit(() -> {
                    for (int i = 0; i < 200; i++) {
                        try (Transaction tx = transactions.begin(isolation, Durability.PROCESS)) {
                            transaction(tx, random);
                            committed.incrementAndGet();
                        } catch (TransactionException e) {
                            // a conflict, as it may be; what was said before was right all the same
                        }
                    }
                }));
            }
            for (Future<?> job : jobs) {
                job.get();
            }
        } finally {
            threads.shutdownNow();
        }
        assertTrue(committed.get() > 0);
        try (Transaction tx = transactions.begin()) {
            for (int part = 0; part < PARTS; part++) {
                check(tx, part);
            }
        }
    }

    private void transaction(Transaction tx, Random random) {
        tx.setLockTimeoutMillis(50);
        int statements = 1 + random.nextInt(3);
        for (int s = 0; s < statements; s++) {
            tx.beginStatement();
            int part = random.nextInt(PARTS);
            check(tx, part);
            Mark mark = tx.mark();
            for (int writes = random.nextInt(4); writes > 0; writes--) {
                insertOrRemove(tx, part, random.nextInt(KEYS));
            }
            check(tx, part);
            int dice = random.nextInt(60);
            if (dice == 0) {
                byte[] key = key(part, random.nextInt(KEYS));
                tx.lock(key);
                tx.put(key, key);
            } else if (dice == 1) {
                tx.deleteRange(KeyRange.of(key(part, 10), key(part, 12)));
            } else if (dice == 2) {
                removeRange(tx, part, random.nextInt(KEYS), random.nextInt(KEYS));
            } else if (dice < 10) {
                tx.rollbackTo(mark);
            }
        }
        if (random.nextInt(10) > 0) {
            tx.commit();
        }
    }
}

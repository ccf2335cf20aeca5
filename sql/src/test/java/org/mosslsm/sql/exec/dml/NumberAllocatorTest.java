package org.mosslsm.sql.exec.dml;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.mosslsm.kv.Store;
import org.mosslsm.kv.StoreProvider;
import org.mosslsm.kv.txn.Transaction;
import org.mosslsm.kv.txn.Transactions;
import org.mosslsm.sql.catalog.Sequence;
import org.mosslsm.sql.error.SqlException;

/** Numbers are given once: across sequences, threads, crashes and clean ends. */
@Timeout(value = 600, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class NumberAllocatorTest {
    private final Store store = StoreProvider.openStore("mem:", Map.of());

    @AfterEach
    void close() {
        store.close();
    }

    private NumberAllocator allocator() {
        return new NumberAllocator(new Transactions(store));
    }

    private static Sequence sequence(long start, long increment, long min, long max, boolean cycle, long cache) {
        return new Sequence(1, "public", "s", start, increment, min, max, cycle, cache, OptionalInt.empty());
    }

    private List<Long> take(NumberAllocator numbers, Sequence sequence, int count) {
        List<Long> taken = new ArrayList<>();
        try (Transaction tx = new Transactions(store).begin()) {
            TransactionSequences sequences = new TransactionSequences(numbers, tx);
            for (int i = 0; i < count; i++) {
                taken.add(sequences.next(sequence));
            }
        }
        return taken;
    }

    @Test
    void sequencesCountInTheirSteps() {
        assertEquals(List.of(5L, 8L, 11L, 14L), take(allocator(), sequence(5, 3, 1, 100, false, 2), 4));
    }

    @Test
    void sequencesCountDown() {
        NumberAllocator numbers = allocator();
        Sequence sequence = sequence(0, -5, -12, 0, false, 10);
        assertEquals(List.of(0L, -5L, -10L), take(numbers, sequence, 3));
        SqlException e = assertThrows(SqlException.class, () -> take(numbers, sequence, 1));
        assertEquals("2200H", e.sqlState());
    }

    @Test
    void sequencesCycleWhereTheyMay() {
        assertEquals(List.of(2L, 3L, 1L, 2L, 3L, 1L), take(allocator(), sequence(2, 1, 1, 3, true, 100), 6));
    }

    @Test
    void theEndsOfTheNumbersAreNoTrap() {
        NumberAllocator numbers = allocator();
        Sequence up = sequence(Long.MAX_VALUE - 1, 1, 1, Long.MAX_VALUE, false, 50);
        assertEquals(List.of(Long.MAX_VALUE - 1, Long.MAX_VALUE), take(numbers, up, 2));
        assertThrows(SqlException.class, () -> take(numbers, up, 1));
        Sequence down = new Sequence(
                2, "public", "d", Long.MIN_VALUE + 1, -1, Long.MIN_VALUE, 0, false, 50, OptionalInt.empty());
        assertEquals(List.of(Long.MIN_VALUE + 1, Long.MIN_VALUE), take(numbers, down, 2));
        assertThrows(SqlException.class, () -> take(numbers, down, 1));
    }

    @Test
    void afterACrashNumbersAreSkippedButNeverGivenAgain() {
        Sequence sequence = sequence(1, 1, 1, Long.MAX_VALUE, false, 10);
        assertEquals(List.of(1L, 2L, 3L), take(allocator(), sequence, 3));
        assertEquals(List.of(11L, 12L), take(allocator(), sequence, 2));
    }

    @Test
    void afterACleanEndTheyGoOn() {
        Sequence sequence = sequence(1, 1, 1, Long.MAX_VALUE, false, 10);
        NumberAllocator first = allocator();
        take(first, sequence, 3);
        first.giveBack();
        NumberAllocator second = allocator();
        assertEquals(List.of(4L, 5L), take(second, sequence, 2));
        second.giveBack();
        second.giveBack();
        assertEquals(List.of(6L), take(second, sequence, 1));
    }

    @Test
    void aRestartedSequenceBeginsAnewForItsTransactionAndForAllOnceThatIsCommitted() {
        Transactions transactions = new Transactions(store);
        NumberAllocator numbers = new NumberAllocator(transactions);
        Sequence sequence = sequence(7, 1, 1, 100, false, 5);
        take(numbers, sequence, 3);
        for (boolean commits : new boolean[] {false, true}) {
            try (Transaction tx = transactions.begin()) {
                TransactionSequences sequences = new TransactionSequences(numbers, tx);
                sequences.restart(sequence, 50);
                assertEquals(50, sequences.next(sequence));
                sequences.write();
                if (commits) {
                    tx.commit();
                }
                // and nobody says that it has ended, as where its thread was not yet heard of
            }
            try (Transaction other = transactions.begin()) {
                long next = new TransactionSequences(numbers, other).next(sequence);
                assertEquals(commits ? 51 : 10, next);
            }
        }
    }

    @Test
    void whoRestartsWaitsForNobodyWhoDraws() {
        Transactions transactions = new Transactions(store);
        NumberAllocator numbers = new NumberAllocator(transactions);
        Sequence sequence = sequence(1, 1, 1, 100, false, 5);
        try (Transaction draws = transactions.begin();
                Transaction restarts = transactions.begin()) {
            restarts.setLockTimeoutMillis(0);
            assertEquals(1, new TransactionSequences(numbers, draws).next(sequence));
            TransactionSequences sequences = new TransactionSequences(numbers, restarts);
            sequences.restart(sequence, 20);
            assertEquals(20, sequences.next(sequence));
        }
    }

    @Test
    void numbersOfObjectsNeverRepeat() {
        assertEquals(1, allocator().objectId());
        assertEquals(2, allocator().objectId());
        NumberAllocator numbers = allocator();
        assertEquals(3, numbers.objectId());
        numbers.giveBack();
        assertEquals(4, allocator().objectId());
    }

    @Test
    void threadsGetDifferentNumbers() throws Exception {
        NumberAllocator numbers = allocator();
        Sequence sequence = sequence(1, 1, 1, Long.MAX_VALUE, false, 3);
        Set<Long> seen = ConcurrentHashMap.newKeySet();
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            Callable<Boolean> work = () -> {
                boolean fresh = true;
                for (int i = 0; i < 500; i++) {
                    fresh &= seen.add(take(numbers, sequence, 1).get(0));
                }
                return fresh;
            };
            for (Future<Boolean> f : threads.invokeAll(List.of(work, work, work, work))) {
                assertTrue(f.get());
            }
        } finally {
            threads.shutdownNow();
        }
        assertEquals(2_000, seen.size());
    }
}

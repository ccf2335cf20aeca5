package org.mosslsm.kv.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.mosslsm.kv.CommitRequest;
import org.mosslsm.kv.ConflictException;
import org.mosslsm.kv.Cursor.Direction;
import org.mosslsm.kv.Durability;
import org.mosslsm.kv.KeyRange;
import org.mosslsm.kv.Snapshot;
import org.mosslsm.kv.WriteBatch;

/**
 * The semantics of package {@code org.mosslsm.kv}, to be run against every store: extend it and say how a store is
 * opened. Reads and writes are pinned one by one in the classes above; here are threads, and random histories against a
 * model ({@code -Dconformance.seed=} repeats one).
 */
@Timeout(value = 600, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
public abstract class StoreConformance extends StoreWriteConformance {
    private static final int THREADS = 4;

    @Test
    void commitsAreAtomicForReadersInOtherThreads() throws Exception {
        AtomicBoolean writing = new AtomicBoolean(true);
        CountDownLatch firstReads = new CountDownLatch(2);
        List<Callable<Void>> jobs = new ArrayList<>();
        jobs.add(() -> {
            firstReads.await();
            for (int round = 0; round < 300; round++) {
                WriteBatch batch = batch();
                if (round % 3 == 2) {
                    batch.deleteRange(key("k"), key("l"));
                }
                for (int i = 0; i < 20; i++) {
                    batch.put(key("k" + i), key("r" + round));
                }
                commit(batch);
            }
            writing.set(false);
            return null;
        });
        for (int reader = 0; reader < 2; reader++) {
            jobs.add(() -> {
                do {
                    assertOneRound();
                    firstReads.countDown();
                } while (writing.get());
                assertOneRound();
                return null;
            });
        }
        runAll(jobs);
        assertEquals(20, all().size());
        assertEquals("r299", get("k7"));
    }

    private void assertOneRound() {
        try (Snapshot snapshot = store.snapshot()) {
            List<String> entries = scan(snapshot, range("k", "l"), Direction.FORWARD);
            Set<String> rounds = new HashSet<>();
            entries.forEach(entry -> rounds.add(entry.substring(entry.indexOf('=') + 1)));
            assertTrue(rounds.size() <= 1, () -> "entries of several commits: " + entries);
            assertTrue(entries.isEmpty() || entries.size() == 20, () -> "part of a commit: " + entries);
            String value = text(snapshot.get(key("k3")));
            assertEquals(entries.isEmpty() ? Set.of() : Set.of(String.valueOf(value)), rounds);
        }
    }

    @Test
    void unchangedConditionLosesNoUpdateUnderThreads() throws Exception {
        int increments = 100;
        put("counter", "0");
        List<Callable<Void>> jobs = new ArrayList<>();
        for (int thread = 0; thread < THREADS; thread++) {
            jobs.add(() -> {
                for (int i = 0; i < increments; i++) {
                    increment();
                }
                return null;
            });
        }
        runAll(jobs);
        assertEquals(String.valueOf(THREADS * increments), get("counter"));
    }

    private void increment() {
        while (true) {
            try (Snapshot snapshot = store.snapshot()) {
                int next = Integer.parseInt(text(snapshot.get(key("counter")))) + 1;
                WriteBatch batch = batch().put(key("counter"), key(String.valueOf(next)));
                store.commit(request(snapshot.version(), batch, null, List.of(key("counter")), null));
                return;
            } catch (ConflictException e) {
                assertEquals(ConflictException.Reason.KEY_CHANGED, e.reason());
            }
        }
    }

    @Test
    void absentConditionAdmitsOneOfManyThreads() throws Exception {
        int keys = 50;
        List<Callable<Integer>> jobs = new ArrayList<>();
        for (int thread = 0; thread < THREADS; thread++) {
            String mine = "t" + thread;
            jobs.add(() -> {
                int won = 0;
                for (int i = 0; i < keys; i++) {
                    try {
                        byte[] key = key("u" + i);
                        store.commit(request(0, batch().put(key, key(mine)), List.of(key), null, null));
                        won++;
                    } catch (ConflictException e) {
                        assertEquals(ConflictException.Reason.KEY_EXISTS, e.reason());
                    }
                }
                return won;
            });
        }
        assertEquals(keys, runAll(jobs).stream().mapToInt(Integer::intValue).sum());
        assertEquals(keys, all().size());
    }

    @Test
    void aSnapshotTakenAfterACommitReturnedSeesItInAnyThread() throws Exception {
        List<Callable<Void>> jobs = new ArrayList<>();
        for (int thread = 0; thread < THREADS; thread++) {
            String mine = "t" + thread;
            jobs.add(() -> {
                for (int i = 0; i < 200; i++) {
                    long version = put(mine, String.valueOf(i));
                    try (Snapshot snapshot = store.snapshot()) {
                        assertTrue(snapshot.version() >= version);
                        assertEquals(String.valueOf(i), text(snapshot.get(key(mine))));
                    }
                }
                return null;
            });
        }
        runAll(jobs);
        assertEquals(THREADS, all().size());
    }

    @Test
    void durableCommitsOfManyThreadsAllSurviveReopening() throws Exception {
        List<Callable<Void>> jobs = new ArrayList<>();
        for (int thread = 0; thread < THREADS; thread++) {
            String mine = "t" + thread + ".";
            jobs.add(() -> {
                for (int i = 0; i < 50; i++) {
                    WriteBatch batch = batch().put(key(mine + i), key("1"));
                    store.commit(CommitRequest.of(batch, i % 2 == 0 ? Durability.SYNC : Durability.PROCESS));
                }
                return null;
            });
        }
        runAll(jobs);
        assertEquals(THREADS * 50, all().size());
        org.mosslsm.kv.Store again = reopen();
        if (again != null) {
            store = again;
            assertEquals(THREADS * 50, all().size());
        }
    }

    @Test
    void randomHistoriesMatchTheModel() throws Exception {
        Long fixed = Long.getLong("conformance.seed");
        int rounds = Integer.getInteger("conformance.rounds", 20);
        long first = fixed != null ? fixed : System.nanoTime();
        for (long seed = first; seed < first + (fixed != null ? 1 : rounds); seed++) {
            String name = "-Dconformance.seed=" + seed;
            System.out.println(getClass().getSimpleName() + ".randomHistoriesMatchTheModel " + name);
            store.deleteRange(KeyRange.all());
            try {
                new RandomHistory(this, seed).run();
            } catch (Exception | AssertionError e) {
                fail(name + ": " + e.getMessage(), e);
            }
        }
    }

    /** Runs the jobs at once, each in a thread of its own; the first failure is the test's. */
    private static <T> List<T> runAll(List<Callable<T>> jobs) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(jobs.size());
        try {
            List<Future<T>> futures = new ArrayList<>();
            jobs.forEach(job -> futures.add(threads.submit(job)));
            List<T> results = new ArrayList<>();
            for (Future<T> future : futures) {
                results.add(future.get(60, TimeUnit.SECONDS));
            }
            return results;
        } finally {
            threads.shutdownNow();
        }
    }
}

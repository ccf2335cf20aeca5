package org.mosslsm.kv.txn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.mosslsm.kv.KeyRange;
import org.mosslsm.kv.txn.TransactionException.Kind;

/** Owners in threads of their own; a test goes on when it sees that an owner waits, so nothing depends on timing. */
@Timeout(60)
abstract class LockTableFixture {
    static final long LONG = TimeUnit.SECONDS.toNanos(50);

    final LockTable table = new LockTable();
    final ExecutorService threads = Executors.newCachedThreadPool();
    final LockOwner a = new LockOwner();
    final LockOwner b = new LockOwner();
    final LockOwner c = new LockOwner();

    @AfterEach
    void stopThreads() {
        threads.shutdownNow();
    }

    void lock(LockOwner owner, String key) {
        table.lockKey(owner, key(key), true, LONG);
    }

    Future<?> start(Runnable job) {
        return threads.submit(job);
    }

    static void awaitWaiting(LockOwner owner) {
        while (owner.waiting() == null) {
            Thread.onSpinWait();
        }
    }

    static void assertKind(Kind kind, Runnable job) {
        assertEquals(kind, assertThrows(TransactionException.class, job::run).kind());
    }

    static KeyRange range(String lo, String hi) {
        return KeyRange.of(key(lo), key(hi));
    }

    static byte[] key(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}

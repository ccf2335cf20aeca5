package org.mosslsm.kv.lsm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.mosslsm.kv.CommitRequest;
import org.mosslsm.kv.ConflictException;
import org.mosslsm.kv.Durability;
import org.mosslsm.kv.KeyRange;
import org.mosslsm.kv.Snapshot;
import org.mosslsm.kv.WriteBatch;
import org.mosslsm.kv.testkit.FaultVfs;
import org.mosslsm.kv.testkit.MemVfs;
import org.mosslsm.kv.txn.Isolation;
import org.mosslsm.kv.txn.Transaction;
import org.mosslsm.kv.txn.TransactionException;
import org.mosslsm.kv.txn.Transactions;

/** Conditions of commits on versions whose history flushes and compactions have been at. */
class ConditionsTest {
    private static byte[] key(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static CommitRequest onUnchanged(long version, List<byte[]> keys, List<KeyRange> ranges) {
        WriteBatch writes = new WriteBatch().put(key("b"), key("b"));
        return new CommitRequest(UUID.randomUUID(), version, writes, List.of(), keys, ranges, Durability.NONE);
    }

    private static void deleteWithoutTrace(Lsm store) {
        store.delete(key("a"));
        store.compact();
        store.compact();
    }

    @Test
    void aReclaimedDeleteIsNoUnchangedKey() {
        try (Lsm store = Lsm.open(new MemVfs(), LsmOptions.defaults())) {
            long version = store.put(key("a"), key("a"));
            deleteWithoutTrace(store);
            List<byte[]> keys = List.of(key("a"));
            assertThrows(ConflictException.class, () -> store.commit(onUnchanged(version, keys, List.of())));
            List<KeyRange> ranges = List.of(KeyRange.point(key("a")));
            assertThrows(ConflictException.class, () -> store.commit(onUnchanged(version, List.of(), ranges)));
        }
    }

    @Test
    void aVersionThatASnapshotKeepsIsDecidedExactly() {
        try (Lsm store = Lsm.open(new MemVfs(), LsmOptions.defaults())) {
            store.put(key("a"), key("a"));
            store.put(key("c"), key("c"));
            try (Snapshot kept = store.snapshot()) {
                deleteWithoutTrace(store);
                long version = kept.version();
                List<byte[]> changed = List.of(key("a"));
                assertThrows(ConflictException.class, () -> store.commit(onUnchanged(version, changed, List.of())));
                store.commit(onUnchanged(version, List.of(key("c")), List.of(KeyRange.point(key("c")))));
            }
            assertEquals("b", new String(store.get(key("b")), StandardCharsets.US_ASCII));
        }
    }

    @Test
    void readCommittedNoticesADeleteThatWasReclaimedBehindItsStatement() {
        try (Lsm store = Lsm.open(new MemVfs(), LsmOptions.defaults())) {
            store.put(key("a"), key("a"));
            Transactions transactions = new Transactions(store);
            try (Transaction transaction = transactions.begin(Isolation.READ_COMMITTED, Durability.NONE)) {
                transaction.beginStatement();
                transaction.requireUnchanged(key("a"));
                transaction.put(key("b"), key("b"));
                store.delete(key("a"));
                transaction.beginStatement(); // lets go of the snapshot that the first statement read
                store.compact();
                assertThrows(TransactionException.class, transaction::commit);
            }
        }
    }

    @Test
    void readCommittedIsNotRefusedForAFlush() {
        try (Lsm store = Lsm.open(new MemVfs(), LsmOptions.defaults())) {
            store.put(key("a"), key("a"));
            Transactions transactions = new Transactions(store);
            try (Transaction transaction = transactions.begin(Isolation.READ_COMMITTED, Durability.NONE)) {
                transaction.beginStatement();
                transaction.requireUnchanged(key("a"));
                transaction.put(key("b"), key("b"));
                store.put(key("c"), key("c"));
                store.flush();
                transaction.beginStatement();
                transaction.commit();
            }
            assertEquals("b", new String(store.get(key("b")), StandardCharsets.US_ASCII));
        }
    }

    /** A commit finds the memtable full, and while it reads its first key the flush ends, and leaves nothing of the delete. */
    @Test
    @Timeout(60)
    void aDeleteReclaimedWhileConditionsAreReadIsNoUnchangedKey() {
        reclaimedMeanwhile(version -> onUnchanged(version, List.of(key("a"), key("k")), List.of()));
        List<KeyRange> ranges = List.of(KeyRange.point(key("k")));
        reclaimedMeanwhile(version -> onUnchanged(version, List.of(key("a")), ranges));
    }

    /** Tried until the flush begins after the commit asked what it may reclaim: before, there is nothing to be missed. */
    private static void reclaimedMeanwhile(LongFunction<CommitRequest> request) {
        int tries = 0;
        while (!isReclaimedMeanwhile(request)) {
            assertTrue(++tries < 100);
        }
    }

    private static boolean isReclaimedMeanwhile(LongFunction<CommitRequest> request) {
        FaultVfs disk = new FaultVfs(new MemVfs());
        int memtable = 256 << 10;
        AtomicBoolean waited = new AtomicBoolean();
        try (Lsm store =
                Lsm.open(disk, LsmOptions.builder().memtableBytes(memtable).build())) {
            store.put(key("a"), key("a"));
            store.flush();
            long version = store.put(key("k"), key("k"));
            store.delete(key("k"));
            for (int i = 0; store.metrics().number("memtable.bytes").get() < memtable; i++) {
                store.put(key("z" + i), new byte[100]);
            }
            long runs = store.metrics().number("flush.runs").get();
            Thread committing = Thread.currentThread();
            disk.observe((op, name) -> {
                while (op == FaultVfs.Op.READ
                        && Thread.currentThread() == committing
                        && store.metrics().number("flush.runs").get() == runs) {
                    waited.set(true);
                    Thread.onSpinWait();
                }
            });
            assertThrows(ConflictException.class, () -> store.commit(request.apply(version)));
        }
        return waited.get();
    }
}

package org.mosslsm.kv.txn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.function.Executable;
import org.mosslsm.kv.CommitRequest;
import org.mosslsm.kv.ConflictException;
import org.mosslsm.kv.Cursor;
import org.mosslsm.kv.Cursor.Direction;
import org.mosslsm.kv.Durability;
import org.mosslsm.kv.EntryBatch;
import org.mosslsm.kv.KeyRange;
import org.mosslsm.kv.ScanHints;
import org.mosslsm.kv.WriteBatch;
import org.mosslsm.kv.memory.MemoryStore;
import org.mosslsm.kv.txn.TransactionException.Kind;

/** What one transaction sees of another, in one thread: no wait here is ever granted. */
@Timeout(60)
class TransactionTest {
    private final MemoryStore store = new MemoryStore();
    private final Transactions transactions = new Transactions(store);

    @AfterEach
    void closeStore() {
        assertEquals(0, transactions.lockedKeys(), "a test left locks behind");
        assertEquals(0, store.metrics().number("memory.snapshots").orElseThrow(), "a test left snapshots behind");
        store.close();
    }

    @Test
    void writesAreInvisibleToOthersUntilCommit() {
        try (Transaction writer = begin();
                Transaction reader = begin()) {
            writer.put(key("a"), key("1"));
            assertEquals("1", get(writer, "a"));
            assertNull(get(reader, "a"));
            writer.commit();
            assertNull(get(reader, "a"), "within a statement nothing changes");
            reader.beginStatement();
            assertEquals("1", get(reader, "a"));
        }
    }

    @Test
    void rollbackForgetsEverything() {
        put("a", "1");
        try (Transaction txn = begin()) {
            txn.lock(key("a"));
            txn.put(key("a"), key("2"));
            txn.deleteRange(KeyRange.of(key("a"), key("c")));
            txn.rollback();
            txn.rollback();
            assertFalse(txn.isOpen());
        }
        assertEquals("1", newest("a"));
    }

    @Test
    void repeatableReadKeepsItsSnapshotOverStatements() {
        put("a", "1");
        try (Transaction reader = begin(Isolation.REPEATABLE_READ)) {
            assertEquals("1", get(reader, "a"));
            put("a", "2");
            reader.beginStatement();
            assertEquals("1", get(reader, "a"));
            assertEquals(List.of("a=1"), scan(reader));
        }
    }

    @Test
    void readCommittedSeesTheNewestUnderTheLock() {
        put("a", "1");
        try (Transaction txn = begin()) {
            txn.beginStatement();
            assertFalse(txn.lock(key("b")), "nothing was committed since the snapshot");
            put("a", "2");
            assertEquals("1", get(txn, "a"));
            assertTrue(txn.lock(key("a")), "something was committed since the snapshot");
            assertEquals("2", text(txn.getLatest(key("a"))));
            txn.put(key("a"), key("3"));
            assertEquals("3", text(txn.getLatest(key("a"))));
            txn.delete(key("a"));
            assertNull(txn.getLatest(key("a")));
        }
    }

    @Test
    void firstUpdaterWinsUnderRepeatableRead() {
        put("a", "1", "b", "1");
        try (Transaction late = begin(Isolation.REPEATABLE_READ)) {
            late.beginStatement();
            put("a", "2");
            assertKind(Kind.SERIALIZATION, () -> late.lock(key("a")));
            assertFalse(late.lock(key("b")));
            late.put(key("b"), key("2"));
            late.commit();
        }
        assertEquals("2", newest("b"));
    }

    @Test
    void firstUpdaterWinsAgainstDeletesAndInsertsToo() {
        put("a", "1");
        try (Transaction late = begin(Isolation.REPEATABLE_READ)) {
            late.beginStatement();
            commit(new WriteBatch().delete(key("a")).put(key("n"), key("1")));
            assertKind(Kind.SERIALIZATION, () -> late.lock(key("a")));
            assertKind(Kind.SERIALIZATION, () -> late.tryLock(key("n")));
        }
    }

    @Test
    void writeSkewHappensUnderRepeatableReadAndNotUnderSerializable() {
        for (Isolation isolation : List.of(Isolation.REPEATABLE_READ, Isolation.SERIALIZABLE)) {
            put("a", "1", "b", "1");
            try (Transaction one = begin(isolation);
                    Transaction two = begin(isolation)) {
                assertEquals("1", get(one, "b"));
                assertEquals("1", get(two, "a"));
                one.lock(key("a"));
                one.put(key("a"), key("0"));
                two.lock(key("b"));
                two.put(key("b"), key("0"));
                one.commit();
                if (isolation == Isolation.SERIALIZABLE) {
                    TransactionException e = assertKind(Kind.SERIALIZATION, two::commit);
                    assertInstanceOf(ConflictException.class, e.getCause());
                    assertFalse(two.isOpen());
                } else {
                    two.commit();
                }
            }
            assertEquals(isolation == Isolation.SERIALIZABLE ? "1" : "0", newest("b"));
        }
    }

    @Test
    void phantomsAreRefusedUnderSerializable() {
        put("a1", "1");
        try (Transaction counter = begin(Isolation.SERIALIZABLE)) {
            assertEquals(List.of("a1=1"), scan(counter));
            put("a2", "phantom");
            counter.put(key("count"), key("1"));
            assertKind(Kind.SERIALIZATION, counter::commit);
        }
        assertNull(newest("count"));
    }

    @Test
    void aScanThatStopsEarlyDependsOnWhatItReadOnly() {
        for (Direction direction : Direction.values()) {
            put("a1", "1", "a2", "1", "a3", "1");
            for (String other : List.of("a0", "a1x", "a2", "a2x", "a4")) {
                boolean read = direction == Direction.FORWARD ? other.compareTo("a2") <= 0 : other.compareTo("a2") >= 0;
                try (Transaction txn = begin(Isolation.SERIALIZABLE);
                        Cursor cursor = txn.scan(KeyRange.prefix(key("a")), direction, new ScanHints(1, false, true))) {
                    assertEquals(1, cursor.nextBatch().size());
                    assertEquals("a2", text(cursor.nextBatch().copyKey(0)));
                    put(other, "2");
                    txn.put(key("result"), key("1"));
                    if (read) {
                        assertKind(Kind.SERIALIZATION, txn::commit);
                    } else {
                        txn.commit();
                    }
                }
                try (Transaction cleaner = begin()) {
                    List.of("a0", "a1x", "a2x", "a4").forEach(k -> cleaner.delete(key(k)));
                    cleaner.commit();
                }
            }
        }
    }

    @Test
    void closedAndMovedScansAreRemembered() {
        put("a1", "1", "a2", "1", "a3", "1");
        try (Transaction closed = begin(Isolation.SERIALIZABLE);
                Transaction moved = begin(Isolation.SERIALIZABLE);
                Transaction unread = begin(Isolation.SERIALIZABLE)) {
            assertEquals(3, scan(closed).size());
            try (Cursor cursor = moved.scan(KeyRange.prefix(key("a")), Direction.FORWARD, ScanHints.NONE)) {
                cursor.seek(key("a3"));
            }
            unread.scan(KeyRange.all(), Direction.BACKWARD, ScanHints.NONE).close();
            put("a2", "2");
            for (Transaction txn : List.of(closed, moved, unread)) {
                txn.put(key("result"), key("1"));
            }
            assertKind(Kind.SERIALIZATION, closed::commit);
            assertKind(Kind.SERIALIZATION, moved::commit);
            unread.commit();
        }
    }

    @Test
    void keysReadAsAbsentAreValidatedUnderSerializable() {
        try (Transaction txn = begin(Isolation.SERIALIZABLE)) {
            assertEquals(2, txn.getAll(List.of(key("x"), key("y"))).size());
            put("y", "1");
            txn.put(key("z"), key("1"));
            assertKind(Kind.SERIALIZATION, txn::commit);
        }
    }

    @Test
    void serializableReadersNeverFail() {
        put("a", "1");
        try (Transaction reader = begin(Isolation.SERIALIZABLE)) {
            assertEquals(List.of("a=1"), scan(reader));
            put("a", "2");
            reader.commit();
        }
    }

    @Test
    void disjointSerializableTransactionsDoNotDisturbEachOther() {
        put("a", "1", "b", "1");
        try (Transaction one = begin(Isolation.SERIALIZABLE);
                Transaction two = begin(Isolation.SERIALIZABLE)) {
            one.put(key("a2"), one.get(key("a")));
            two.put(key("b2"), two.get(key("b")));
            one.commit();
            two.commit();
        }
        assertEquals("1", newest("b2"));
    }

    @Test
    void requireUnchangedHoldsUnderEveryIsolation() {
        put("schema", "1");
        try (Transaction txn = begin()) {
            txn.requireUnchanged(key("schema"));
            txn.put(key("row"), key("1"));
            put("schema", "2");
            txn.beginStatement();
            assertKind(Kind.SERIALIZATION, txn::commit);
        }
        assertNull(newest("row"));
    }

    @Test
    void requireAbsentIsCheckedUnlessTheLockSuffices() {
        try (Transaction unlocked = begin();
                Transaction locked = begin()) {
            unlocked.requireAbsent(key("u"));
            unlocked.put(key("u"), key("1"));
            put("u", "other");
            assertKind(Kind.SERIALIZATION, unlocked::commit);

            locked.lock(key("v"));
            locked.requireAbsent(key("v"));
            locked.put(key("v"), key("1"));
            locked.commit();
        }
        assertEquals("other", newest("u"));
    }

    @Test
    void marksUndoOverwritesDeletesAndRangeDeletes() {
        put("a", "1", "b", "1", "c", "1");
        try (Transaction txn = begin()) {
            txn.put(key("a"), key("2"));
            Mark first = txn.mark();
            txn.put(key("a"), key("3"));
            txn.delete(key("b"));
            Mark second = txn.mark();
            txn.deleteRange(KeyRange.of(key("a"), key("z")));
            assertEquals(List.of(), scan(txn));
            txn.rollbackTo(second);
            assertEquals(List.of("a=3", "c=1"), scan(txn));
            txn.rollbackTo(first);
            assertEquals(List.of("a=2", "b=1", "c=1"), scan(txn));
            txn.delete(key("c"));
            txn.rollbackTo(first);
            txn.commit();
        }
        assertEquals("2", newest("a"));
        assertEquals("1", newest("c"));
    }

    @Test
    void rollingBackEverythingLeavesNothingToCommit() {
        try (Transaction txn = begin()) {
            Mark start = txn.mark();
            assertFalse(txn.hasWrites());
            txn.put(key("a"), new byte[1_000]);
            assertTrue(txn.hasWrites());
            assertTrue(txn.writeBytes() >= 1_000);
            txn.rollbackTo(start);
            assertFalse(txn.hasWrites());
            assertEquals(0, txn.writeBytes());
        }
    }

    @Test
    void rangeDeleteAndLaterPutsCommitInOrder() {
        put("a", "1", "b", "1", "c", "1", "d", "1");
        try (Transaction txn = begin()) {
            txn.put(key("b"), key("2"));
            txn.deleteRange(KeyRange.of(key("b"), key("d")));
            txn.put(key("c"), key("3"));
            txn.deleteRange(KeyRange.of(key("x"), key("x")));
            txn.commit();
        }
        try (Transaction txn = begin()) {
            assertEquals(List.of("a=1", "c=3", "d=1"), scan(txn));
        }
    }

    @Test
    void rangeDeleteKeepsOthersFromLockingInTheRange() {
        put("b", "1");
        try (Transaction deleter = begin();
                Transaction other = begin()) {
            deleter.deleteRange(KeyRange.of(key("a"), key("d")));
            other.setLockTimeoutMillis(0);
            assertKind(Kind.LOCK_TIMEOUT, () -> other.lock(key("b")));
            assertFalse(other.tryLock(key("c")));
            other.lock(key("d"));
            deleter.commit();
            assertTrue(other.lock(key("b")));
            assertNull(other.getLatest(key("b")));
        }
    }

    @Test
    void lockRangeTellsWhetherToLookAgain() {
        put("a", "1");
        try (Transaction txn = begin()) {
            txn.beginStatement();
            put("b", "1");
            assertTrue(txn.lockRange(KeyRange.of(key("a"), key("z"))));
            txn.beginStatement();
            assertFalse(txn.lockRange(KeyRange.of(key("a"), key("z"))));
            assertEquals(List.of("a=1", "b=1"), scan(txn));
        }
    }

    @Test
    void rangeDeleteUnderRepeatableReadIsRefusedWhenTheRangeChanged() {
        put("a", "1");
        try (Transaction txn = begin(Isolation.REPEATABLE_READ)) {
            txn.beginStatement();
            put("b", "unseen");
            txn.deleteRange(KeyRange.of(key("a"), key("z")));
            assertKind(Kind.SERIALIZATION, txn::commit);
        }
        assertEquals("unseen", newest("b"));
    }

    @Test
    void unboundedRangeDeleteIsRefused() {
        try (Transaction txn = begin()) {
            assertThrows(IllegalArgumentException.class, () -> txn.deleteRange(KeyRange.from(key("a"))));
            assertThrows(IllegalArgumentException.class, () -> txn.setLockTimeoutMillis(-1));
        }
    }

    @Test
    void finishedTransactionSaysSo() {
        Transaction txn = begin();
        txn.put(key("a"), key("1"));
        txn.commit();
        List<Executable> uses = List.of(
                () -> txn.get(key("a")),
                () -> txn.getAll(List.of(key("a"))),
                () -> txn.getLatest(key("a")),
                () -> txn.scan(KeyRange.all(), Direction.FORWARD, ScanHints.NONE)
                        .close(),
                () -> txn.put(key("a"), key("1")),
                () -> txn.delete(key("a")),
                () -> txn.deleteRange(KeyRange.point(key("a"))),
                () -> txn.lock(key("a")),
                () -> txn.lockShared(key("a")),
                () -> txn.tryLock(key("a")),
                () -> txn.lockRange(KeyRange.point(key("a"))),
                txn::mark,
                txn::beginStatement,
                txn::readVersion,
                () -> txn.requireUnchanged(key("a")),
                () -> txn.requireAbsent(key("a")),
                txn::commit);
        for (Executable use : uses) {
            assertKind(Kind.FINISHED, use);
        }
        txn.rollback();
        txn.cancel();
        txn.close();
    }

    @Test
    void cancelEndsAWaitAndTheNextStatementForgetsIt() {
        try (Transaction holder = begin();
                Transaction waiter = begin()) {
            holder.lock(key("a"));
            waiter.cancel();
            assertKind(Kind.CANCELLED, () -> waiter.lock(key("a")));
            waiter.beginStatement();
            waiter.setLockTimeoutMillis(0);
            assertKind(Kind.LOCK_TIMEOUT, () -> waiter.lock(key("a")));
        }
    }

    @Test
    void sharedLocksKeepWritersOut() {
        try (Transaction one = begin();
                Transaction two = begin();
                Transaction writer = begin()) {
            one.lockShared(key("parent"));
            two.lockShared(key("parent"));
            assertFalse(writer.tryLock(key("parent")));
            one.commit();
            assertFalse(writer.tryLock(key("parent")));
            two.rollback();
            assertTrue(writer.tryLock(key("parent")));
        }
    }

    @Test
    void cursorOutlivesStatementAndTransaction() {
        put("a", "1");
        Transaction txn = begin();
        txn.beginStatement();
        Cursor cursor = txn.scan(KeyRange.all(), Direction.FORWARD, ScanHints.NONE);
        put("b", "1");
        txn.beginStatement();
        txn.commit();
        assertEquals(1, cursor.nextBatch().size());
        assertNull(cursor.nextBatch());
        cursor.close();
        cursor.close();
    }

    @Test
    void commitWithoutWritesTouchesNothing() {
        long version = put("a", "1");
        try (Transaction idle = begin()) {
            assertEquals(version, idle.commit());
        }
        try (Transaction reader = begin()) {
            assertEquals("1", get(reader, "a"));
            assertEquals(version, reader.commit());
        }
        assertEquals(1, store.metrics().number("memory.commits").orElseThrow());
    }

    private Transaction begin() {
        return transactions.begin();
    }

    private Transaction begin(Isolation isolation) {
        return transactions.begin(isolation, Durability.NONE);
    }

    /** Commits through another transaction, as another session would. */
    private long put(String... keysAndValues) {
        try (Transaction txn = begin()) {
            for (int i = 0; i < keysAndValues.length; i += 2) {
                txn.put(key(keysAndValues[i]), key(keysAndValues[i + 1]));
            }
            return txn.commit();
        }
    }

    private void commit(WriteBatch batch) {
        long version = store.commit(CommitRequest.of(batch, Durability.NONE));
        assertTrue(version > 0);
        put("unrelated", "1"); // so that the transactions know of a commit
    }

    private String newest(String key) {
        try (Transaction txn = begin()) {
            return get(txn, key);
        }
    }

    private static String get(Transaction txn, String key) {
        return text(txn.get(key(key)));
    }

    private static List<String> scan(Transaction txn) {
        List<String> entries = new java.util.ArrayList<>();
        try (Cursor cursor = txn.scan(KeyRange.of(key("a"), key("l")), Direction.FORWARD, ScanHints.NONE)) {
            for (EntryBatch batch = cursor.nextBatch(); batch != null; batch = cursor.nextBatch()) {
                for (int i = 0; i < batch.size(); i++) {
                    entries.add(text(batch.copyKey(i)) + "=" + text(batch.copyValue(i)));
                }
            }
        }
        return entries;
    }

    private static TransactionException assertKind(Kind kind, Executable job) {
        TransactionException e = assertThrows(TransactionException.class, job);
        assertEquals(kind, e.kind(), e.getMessage());
        return e;
    }

    private static byte[] key(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String text(byte[] bytes) {
        return bytes == null ? null : new String(bytes, StandardCharsets.UTF_8);
    }
}

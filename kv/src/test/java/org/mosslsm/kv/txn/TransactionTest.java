package org.mosslsm.kv.txn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Proxy;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.function.Executable;
import org.mosslsm.kv.Cursor;
import org.mosslsm.kv.Cursor.Direction;
import org.mosslsm.kv.Durability;
import org.mosslsm.kv.KeyRange;
import org.mosslsm.kv.ScanHints;
import org.mosslsm.kv.Store;
import org.mosslsm.kv.WriteBatch;
import org.mosslsm.kv.txn.TransactionException.Kind;

/** What one transaction sees of another, in one thread: no wait here is ever granted. */
@Timeout(60)
class TransactionTest extends TransactionFixture {
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
    void frozenReadsSeeWhatWasThere() {
        for (int writeBytes : new int[] {10_000, 1 << 20}) {
            for (Isolation isolation : Isolation.values()) {
                frozenReadsSeeWhatWasThere(new Transactions(transactions.store(), writeBytes), isolation);
            }
        }
    }

    /** In memory, or in files: 1,000 own writes, and as many others while the transaction is read as it was before them. */
    private void frozenReadsSeeWhatWasThere(Transactions some, Isolation isolation) {
        put("committed", "old");
        try (Transaction txn = some.begin(isolation, Durability.PROCESS)) {
            txn.beginStatement();
            for (int i = 0; i < 1_000; i++) {
                txn.put(key("k" + i), key("then"));
            }
            txn.delete(key("k7"));
            txn.deleteRange(KeyRange.of(key("k90"), key("k91")));
            List<String> before = scan(txn);
            FrozenReads then = txn.freeze();
            for (int i = 0; i < 1_000; i++) {
                txn.put(key("k" + (i + 500)), key("now"));
            }
            txn.delete(key("k1"));
            txn.deleteRange(KeyRange.of(key("k20"), key("k3")));
            txn.put(key("committed"), key("new"));
            if (isolation == Isolation.READ_COMMITTED) {
                txn.beginStatement(); // another snapshot
            }
            assertEquals(before, scan(then));
            assertEquals("then", get(then, "k1"));
            assertEquals("then", get(then, "k600"));
            assertEquals("then", get(then, "k21"));
            assertEquals("old", get(then, "committed"));
            assertNull(get(then, "k7"));
            assertNull(get(then, "k905"));
            assertNull(get(then, "k1200"));
            List<byte[]> keys = List.of(key("k1200"), key("k600"), key("committed"), key("k7"));
            assertEquals(
                    Arrays.asList(null, "then", "old", null),
                    then.getAll(keys).stream().map(TransactionFixture::text).toList());
            assertEquals(
                    Arrays.asList("now", "now", "new", null),
                    txn.getAll(keys).stream().map(TransactionFixture::text).toList());
            Cursor open = then.scan(KeyRange.of(key("a"), key("l")), Direction.FORWARD, ScanHints.NONE);
            then.close();
            assertEquals(before, rest(open));
            assertThrows(IllegalStateException.class, () -> then.get(key("k1")));
            txn.rollback();
        }
    }

    @Test
    void writesBeyondTheirMemoryGoToFiles() {
        Transactions small = new Transactions(transactions.store(), 10_000);
        put("k7", "old");
        try (Transaction txn = small.begin()) {
            for (int i = 0; i < 1_000; i++) {
                txn.put(key("k" + i), key("value" + i));
            }
            assertTrue(txn.writeBytes() < 11_000, () -> "" + txn.writeBytes());
            assertEquals("value7", get(txn, "k7"));
            txn.delete(key("k7"));
            assertNull(get(txn, "k7"));
            Mark statement = txn.statementMark();
            for (int i = 0; i < 1_000; i++) {
                txn.put(key("k" + i), key("undone"));
            }
            txn.rollbackTo(statement);
            assertNull(get(txn, "k7"));
            assertEquals("old", newest("k7"));
            txn.commit();
        }
        assertNull(newest("k7"));
        assertEquals("value999", newest("k999"));
    }

    /** A commit that came to the store counts as one, though its caller was told of something else. */
    @Test
    void aCommitThatEndsWithAnErrorIsSeenByThoseWhoReadBefore() {
        AtomicBoolean fails = new AtomicBoolean();
        Store failing = (Store) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {Store.class}, (proxy, method, arguments) -> {
                    Object result = method.invoke(store, arguments);
                    if (method.getName().equals("commit") && fails.getAndSet(false)) {
                        throw new OutOfMemoryError("after the commit");
                    }
                    return result;
                });
        Transactions over = new Transactions(failing);
        put("a", "1");
        try (Transaction reader = over.begin(Isolation.REPEATABLE_READ, Durability.NONE);
                Transaction writer = over.begin()) {
            assertEquals("1", get(reader, "a"));
            writer.put(key("a"), key("2"));
            fails.set(true);
            assertThrows(OutOfMemoryError.class, writer::commit);
            assertFalse(fails.get());
            assertKind(Kind.SERIALIZATION, () -> {
                reader.lock(key("a"));
                reader.put(key("a"), key("lost update"));
                reader.commit();
            });
        }
        assertEquals("2", newest("a"));
    }

    @Test
    void anotherCommitIsAConflictForSpilledWritesToo() {
        Transactions small = new Transactions(transactions.store(), 100);
        try (Transaction txn = small.begin(Isolation.SERIALIZABLE, Durability.NONE)) {
            assertNull(get(txn, "a"));
            for (int i = 0; i < 100; i++) {
                txn.put(key("k" + i), key("value"));
            }
            put("a", "1");
            assertKind(Kind.SERIALIZATION, txn::commit);
        }
        assertNull(newest("k1"));
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
}

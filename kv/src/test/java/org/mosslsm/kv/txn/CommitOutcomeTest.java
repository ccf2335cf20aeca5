package org.mosslsm.kv.txn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.mosslsm.kv.ConflictException;
import org.mosslsm.kv.ConflictException.Reason;
import org.mosslsm.kv.CorruptionException;
import org.mosslsm.kv.Durability;
import org.mosslsm.kv.KeyRange;
import org.mosslsm.kv.KvIoException;
import org.mosslsm.kv.Snapshot;
import org.mosslsm.kv.Store;
import org.mosslsm.kv.StoreClosedException;
import org.mosslsm.kv.StoreReadOnlyException;
import org.mosslsm.kv.UnknownOutcomeException;
import org.mosslsm.kv.lsm.Lsm;
import org.mosslsm.kv.lsm.LsmOptions;
import org.mosslsm.kv.memory.MemoryStore;
import org.mosslsm.kv.testkit.MemVfs;

/** What is known of the newest commit when one has failed: all of it, unless the failure leaves open what happened. */
class CommitOutcomeTest {
    private static final int PART = 0;

    /** All keys are one part, which is counted. */
    private static final CountedParts ONE = new CountedParts() {
        @Override
        public long partOf(byte[] key) {
            return PART;
        }

        @Override
        public long partOf(KeyRange range) {
            return PART;
        }

        @Override
        public KeyRange range(long part) {
            return KeyRange.all();
        }
    };

    private Throwable thrown;

    private boolean again;

    private static byte[] key(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** A commit of one entry, which is new. */
    private static long insert(Transactions transactions, String key) {
        try (Transaction txn = transactions.begin(Isolation.READ_COMMITTED, Durability.NONE)) {
            txn.insert(key(key), key("1"));
            return txn.commit();
        }
    }

    /** A commit of nothing, which has seen all that was committed before. */
    private static long newest(Transactions transactions) {
        try (Transaction txn = transactions.begin()) {
            return txn.commit();
        }
    }

    /** Whether a statement that begins now is told that it may have missed a commit. */
    private static boolean mayHaveMissedOne(Transactions transactions) {
        try (Transaction txn = transactions.begin()) {
            txn.beginStatement();
            return txn.lock(key("some row"));
        }
    }

    /** How many entries there are, without a walk; -1 where it needs one. */
    private static long countUnwalked(Transactions transactions) {
        try (Transaction txn = transactions.begin()) {
            return txn.count(PART, () -> -1);
        }
    }

    /** A store that throws {@code thrown}, once, in the place of a commit. */
    private Store failing(Store store) {
        return (Store) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {Store.class}, (proxy, method, arguments) -> {
                    Throwable now = method.getName().equals("commit") ? thrown : null;
                    if (now != null) {
                        thrown = null;
                        throw now;
                    }
                    return method.invoke(store, arguments);
                });
    }

    /** A store whose snapshots throw {@code thrown}, once or {@code again} and again, instead of being closed. */
    private Store failingToLetGo(Store store) {
        return (Store) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {Store.class}, (proxy, method, arguments) -> {
                    Object result = invoke(method, store, arguments);
                    return result instanceof Snapshot snapshot ? failingToClose(snapshot) : result;
                });
    }

    private static Object invoke(Method method, Object target, Object... arguments) throws Throwable {
        try {
            return method.invoke(target, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    private Snapshot failingToClose(Snapshot snapshot) {
        return (Snapshot) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {Snapshot.class}, (proxy, method, arguments) -> {
                    Throwable now = method.getName().equals("close") ? thrown : null;
                    if (now != null) {
                        thrown = again ? now : null;
                        throw now;
                    }
                    return invoke(method, snapshot, arguments);
                });
    }

    @Test
    void aCommitThatHappenedIsToldAsSuchThoughItCouldNotLetGo() {
        try (MemoryStore store = new MemoryStore()) {
            Transactions transactions = new Transactions(failingToLetGo(store), ONE);
            try (Transaction txn = transactions.begin()) {
                txn.beginStatement();
                txn.lock(key("a"));
                txn.insert(key("a"), key("1"));
                thrown = new OutOfMemoryError("a test");
                assertEquals(store.snapshot().version() + 1, txn.commit());
            }
            assertEquals(null, thrown);
            assertEquals(0, transactions.lockedKeys());
            assertEquals(0L, store.metrics().number("memory.snapshots").orElseThrow() - 1); // the one opened here
        }
    }

    @Test
    void aCommitThatHappenedIsToldAsSuchThoughItCanNeverLetGo() {
        try (MemoryStore store = new MemoryStore()) {
            Transactions transactions = new Transactions(failingToLetGo(store), ONE);
            thrown = new OutOfMemoryError("a test");
            again = true;
            try (Transaction txn = transactions.begin()) { // closing it throws nothing either
                txn.beginStatement();
                txn.lock(key("a"));
                txn.insert(key("a"), key("1"));
                assertEquals(1, txn.commit());
            }
            assertEquals(0, transactions.lockedKeys());
        }
    }

    @Test
    void aCommitThatDidNotHappenIsToldAsSuchThoughItCouldNotLetGo() {
        try (MemoryStore store = new MemoryStore()) {
            Transactions transactions = new Transactions(failingToLetGo(store), ONE);
            insert(transactions, "a");
            try (Transaction txn = transactions.begin()) {
                txn.beginStatement();
                txn.put(key("a"), key("2"));
                txn.requireAbsent(key("a"));
                thrown = new OutOfMemoryError("a test");
                TransactionException e = assertThrows(TransactionException.class, txn::commit);
                assertEquals(TransactionException.Kind.SERIALIZATION, e.kind());
            }
            assertEquals(null, thrown);
        }
    }

    static Stream<Throwable> ofNothing() {
        return Stream.of(
                new ConflictException(Reason.KEY_CHANGED, key("k")),
                new CorruptionException("000001.sst", 4, "a test"),
                new KvIoException("a test", new IOException("No space left on device")),
                new StoreReadOnlyException("a test", null),
                new StoreClosedException("a test"),
                new IllegalArgumentException("a test"));
    }

    @ParameterizedTest
    @MethodSource("ofNothing")
    void afterACommitThatDidNothingAllIsKnown(Throwable failure) {
        try (MemoryStore store = new MemoryStore()) {
            Transactions transactions = new Transactions(failing(store), ONE);
            insert(transactions, "a");
            assertEquals(1, walkedCount(transactions));
            long before = insert(transactions, "b");
            thrown = failure;
            assertThrows(RuntimeException.class, () -> insert(transactions, "c"));
            assertEquals(before, newest(transactions));
            assertFalse(mayHaveMissedOne(transactions));
            assertEquals(2, countUnwalked(transactions));
        }
    }

    private static long walkedCount(Transactions transactions) {
        try (Transaction txn = transactions.begin()) {
            return txn.count(PART, () -> 1);
        }
    }

    static Stream<Throwable> ofAnything() {
        return Stream.of(
                new UnknownOutcomeException(new UUID(1, 2), "a test", null),
                new IllegalStateException("a mistake of ours"),
                new OutOfMemoryError("a test"));
    }

    @ParameterizedTest
    @MethodSource("ofAnything")
    void afterOneThatMayHaveHappenedNobodyReliesOnHavingSeenIt(Throwable failure) {
        try (MemoryStore store = new MemoryStore()) {
            Transactions transactions = new Transactions(failing(store), ONE);
            long before = insert(transactions, "a");
            thrown = failure;
            assertSame(failure, assertThrows(Throwable.class, () -> insert(transactions, "c")));
            assertTrue(mayHaveMissedOne(transactions));
            assertEquals(-1, countUnwalked(transactions));
            assertEquals(before, newest(transactions), "a version that there is");
        }
    }

    /** On the engine: whether a key is absent cannot be said where its block is damaged. */
    @Test
    void aCommitThatMeetsDamageDoesNothing() throws IOException {
        MemVfs disk = new MemVfs();
        try (Lsm store = Lsm.open(disk, LsmOptions.defaults())) {
            store.put(key("a"), key("1"));
            store.flush();
        }
        String table = disk.list().stream()
                .filter(name -> name.endsWith(".sst"))
                .findFirst()
                .orElseThrow();
        disk.corrupt(table, 3, 4);
        try (Lsm store = Lsm.open(disk, LsmOptions.defaults())) {
            Transactions transactions = new Transactions(store);
            long before = insert(transactions, "b");
            try (Transaction txn = transactions.begin()) {
                txn.requireAbsent(key("a"));
                txn.put(key("a"), key("2"));
                CorruptionException e = assertThrows(CorruptionException.class, txn::commit);
                assertEquals(table, e.file());
            }
            assertEquals(before, newest(transactions));
            assertFalse(mayHaveMissedOne(transactions));
            assertTrue(insert(transactions, "c") > before, "the store goes on");
        }
    }
}

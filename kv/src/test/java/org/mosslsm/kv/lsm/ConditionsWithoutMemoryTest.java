package org.mosslsm.kv.lsm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.UUID;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mosslsm.kv.CommitRequest;
import org.mosslsm.kv.Durability;
import org.mosslsm.kv.KvIoException;
import org.mosslsm.kv.Store;
import org.mosslsm.kv.WriteBatch;
import org.mosslsm.kv.testkit.FaultVfs;
import org.mosslsm.kv.testkit.MemVfs;

/** A commit whose conditions cannot be read for want of memory does not happen, and takes no other with it. */
class ConditionsWithoutMemoryTest {
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void memoryThatRunsOutWhileAConditionIsReadFailsThatCommitAlone(boolean large) {
        FaultVfs vfs = new FaultVfs(new MemVfs());
        byte[] there = {1};
        byte[] other = {2};
        try (Lsm store = Lsm.open(vfs, LsmOptions.defaults())) {
            store.put(there, there);
            store.flush();
        }
        try (Lsm store = Lsm.open(vfs, LsmOptions.defaults())) {
            CommitRequest request = new CommitRequest(
                    new UUID(1, 2),
                    0,
                    new WriteBatch().put(there, other),
                    List.of(there),
                    List.of(),
                    List.of(),
                    Durability.SYNC);
            Thread committing = Thread.currentThread();
            vfs.observe((op, name) -> {
                boolean own = Thread.currentThread() == committing; // the background without memory ends writing
                if (own && op == FaultVfs.Op.READ && name.endsWith(".sst")) {
                    throw new OutOfMemoryError("a test");
                }
            });
            KvIoException e = assertThrows(KvIoException.class, () -> {
                if (large) {
                    commitAsTables(store, request, there, other);
                } else {
                    store.commit(request);
                }
            });
            assertEquals(OutOfMemoryError.class, e.getCause().getClass());
            vfs.observe((op, name) -> {});
            assertNull(store.get(other));
            store.put(other, other);
            assertArrayEquals(there, store.get(there));
            assertArrayEquals(other, store.get(other));
        }
    }

    private static void commitAsTables(Lsm store, CommitRequest request, byte[] key, byte[] value) {
        try (Store.LargeCommit commit = store.largeCommit()) {
            commit.put(key, 0, key.length, value, 0, value.length);
            commit.commit(new CommitRequest(
                    request.id(), 0, new WriteBatch(), request.absent(), List.of(), List.of(), Durability.SYNC));
        }
    }
}

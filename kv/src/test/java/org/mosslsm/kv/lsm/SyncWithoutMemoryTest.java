package org.mosslsm.kv.lsm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.mosslsm.kv.CommitRequest;
import org.mosslsm.kv.Durability;
import org.mosslsm.kv.Store.CommitStatus;
import org.mosslsm.kv.StoreReadOnlyException;
import org.mosslsm.kv.UnknownOutcomeException;
import org.mosslsm.kv.WriteBatch;
import org.mosslsm.kv.testkit.FaultVfs;
import org.mosslsm.kv.testkit.MemVfs;

/** A sync that an Error breaks off is one that failed: the outcome of its commit is open, and nothing is written any more. */
class SyncWithoutMemoryTest {
    @Test
    @Timeout(60)
    void memoryThatRunsOutInASyncEndsWriting() {
        FaultVfs vfs = new FaultVfs(new MemVfs());
        byte[] key = {1};
        CommitRequest request = CommitRequest.of(new WriteBatch().put(key, key), Durability.SYNC);
        try (Lsm store = Lsm.open(vfs, LsmOptions.defaults())) {
            vfs.observe((op, name) -> {
                if (op == FaultVfs.Op.SYNC && name.endsWith(".wal")) {
                    throw new OutOfMemoryError("a test");
                }
            });
            UnknownOutcomeException e = assertThrows(UnknownOutcomeException.class, () -> store.commit(request));
            assertEquals(OutOfMemoryError.class, e.getCause().getClass());
            assertEquals(CommitStatus.UNKNOWN, store.status(request.id()));
            vfs.observe((op, name) -> {});
            CommitRequest next = CommitRequest.of(new WriteBatch().put(key, key), Durability.NONE);
            assertThrows(StoreReadOnlyException.class, () -> store.commit(next));
        }
        try (Lsm store = Lsm.open(vfs, LsmOptions.defaults())) {
            assertArrayEquals(key, store.get(key));
        }
    }
}

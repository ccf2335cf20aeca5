package org.mosslsm.kv.txn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.mosslsm.kv.KvIoException;
import org.mosslsm.kv.Store;
import org.mosslsm.kv.memory.MemoryStore;

/** A write set that could not let go of all at once lets go of each run once, and of all in the end. */
class WriteSetCloseTest {
    private static final int RUNS = 6;

    /** A file that cannot be closed where the test says so, once. */
    private static final class File implements Store.ScratchFile {
        private final Store.ScratchFile bytes;
        boolean failsOnce;
        boolean cannotBeDeleted;
        boolean closed;

        File(Store.ScratchFile bytes) {
            this.bytes = bytes;
        }

        @Override
        public void append(byte[] from, int offset, int length) {
            bytes.append(from, offset, length);
        }

        @Override
        public void read(long position, byte[] into, int offset, int length) {
            assertFalse(closed, "read after it was deleted");
            bytes.read(position, into, offset, length);
        }

        @Override
        public long size() {
            return bytes.size();
        }

        @Override
        public void close() {
            if (failsOnce) {
                failsOnce = false;
                throw new OutOfMemoryError("no room to delete a file");
            }
            closed = true;
            if (cannotBeDeleted) {
                throw new KvIoException("cannot delete it", new IOException("no"));
            }
        }
    }

    private final List<File> files = new ArrayList<>();

    @Test
    void whoReadsARunStillHasItAfterASecondTry() {
        try (MemoryStore store = new MemoryStore()) {
            for (int round = 0; round < 20; round++) { // runs are let go of in any order
                closeTwice(store);
            }
        }
    }

    @Test
    void filesThatCannotBeDeletedKeepNoOther() {
        try (MemoryStore store = new MemoryStore()) {
            WriteSet writes = new WriteSet(() -> newFile(store), 1 << 10, () -> {});
            for (int i = 1; i <= RUNS; i++) {
                spill(writes, i);
            }
            files.forEach(file -> file.cannotBeDeleted = true);
            KvIoException failure = assertThrows(KvIoException.class, writes::close);
            assertEquals(RUNS - 1, failure.getSuppressed().length);
            files.forEach(file -> assertTrue(file.closed));
            writes.close();
        }
    }

    private void closeTwice(MemoryStore store) {
        files.clear();
        WriteSet writes = new WriteSet(() -> newFile(store), 1 << 10, () -> {});
        for (int i = 1; i < RUNS; i++) {
            spill(writes, i);
        }
        WriteSet.View seen = writes.freeze();
        seen.hold();
        spill(writes, RUNS);
        files.get(RUNS - 1).failsOnce = true;
        assertThrows(OutOfMemoryError.class, writes::close);
        writes.close();
        WriteCursor cursor = seen.cursor();
        int found = 0;
        for (cursor.first(); cursor.valid(); cursor.next()) {
            found++;
            assertEquals(found, cursor.key()[0]);
        }
        assertEquals(RUNS - 1, found);
        seen.letGo();
        files.subList(0, RUNS - 1).forEach(file -> assertTrue(file.closed));
    }

    private static void spill(WriteSet writes, int key) {
        writes.put(new byte[] {(byte) key}, new byte[] {1});
        writes.spill();
    }

    private File newFile(MemoryStore store) {
        File file = new File(store.scratchFile());
        files.add(file);
        return file;
    }
}

package org.mosslsm.kv.lsm.version;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.mosslsm.kv.lsm.entry.FoundEntry;
import org.mosslsm.kv.lsm.entry.Trailer;
import org.mosslsm.kv.lsm.table.BlockCache;
import org.mosslsm.kv.lsm.table.BloomFilter;
import org.mosslsm.kv.lsm.table.TableClosedException;
import org.mosslsm.kv.lsm.table.TableCursor;
import org.mosslsm.kv.testkit.MemVfs;

/** Readers with and without references, while tables come and go. */
@Timeout(value = 600, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class VersionSetConcurrencyTest {
    private static final int EDITS = 300;
    private static final byte[] KEY = TestFiles.key("k");

    private final MemVfs disk = new MemVfs();
    private final AtomicBoolean done = new AtomicBoolean();

    @Test
    void readersNeverMissTheKeyNorSeeAHalfDeadTable() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try (VersionSet set = VersionSet.open(disk, new BlockCache(1 << 20))) {
            FileMeta first = TestFiles.write(disk, set.newFileNumber(), "k", "z", 1);
            set.apply(new VersionEdit().add(1, first));
            List<Future<Integer>> readers = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                readers.add(threads.submit(() -> readWithoutReference(set)));
                readers.add(threads.submit(() -> readWithReference(set)));
            }
            try {
                replaceTheTable(set, first);
            } finally {
                done.set(true);
            }
            for (Future<Integer> reader : readers) {
                assertTrue(reader.get() > 0);
            }
            assertEquals(1, disk.list().stream().filter(n -> n.endsWith(".sst")).count());
            assertEquals(2, disk.openFiles(), "the manifest and the one table");
        } finally {
            threads.shutdown();
        }
        assertEquals(0, disk.openFiles());
    }

    private void replaceTheTable(VersionSet set, FileMeta first) {
        FileMeta file = first;
        for (int i = 2; i < EDITS; i++) {
            FileMeta next = TestFiles.write(disk, set.newFileNumber(), "k", "z", i);
            set.apply(new VersionEdit().remove(1, file).add(1, next));
            file = next;
            set.tables().reader(file);
        }
    }

    /** As a point read does: on the current version, again where its table died meanwhile. */
    private int readWithoutReference(VersionSet set) {
        int reads = 0;
        long newest = 0;
        while (!done.get() || reads == 0) {
            FoundEntry found = new FoundEntry();
            try {
                FileMeta file = set.current().find(1, KEY, 0, 1);
                assertTrue(set.tables().reader(file).get(KEY, 0, 1, BloomFilter.hash(KEY), Trailer.MAX_SEQ, found));
            } catch (TableClosedException e) {
                continue;
            }
            assertTrue(Trailer.seq(found.trailer()) >= newest);
            newest = Trailer.seq(found.trailer());
            reads++;
        }
        return reads;
    }

    /** As a cursor does: nothing dies while the version is held. */
    private int readWithReference(VersionSet set) {
        int reads = 0;
        while (!done.get() || reads == 0) {
            Version version = set.acquire();
            try {
                FileMeta file = version.files(1).get(0);
                TableCursor cursor = set.tables().reader(file).cursor(false);
                assertTrue(cursor.seekFirst());
                assertTrue(cursor.next());
                assertEquals(file.maxSeq(), Trailer.seq(cursor.trailer()));
            } finally {
                version.release();
            }
            reads++;
        }
        return reads;
    }
}

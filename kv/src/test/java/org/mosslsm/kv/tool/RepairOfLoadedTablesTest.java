package org.mosslsm.kv.tool;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mosslsm.kv.CommitRequest;
import org.mosslsm.kv.Durability;
import org.mosslsm.kv.KvException;
import org.mosslsm.kv.Store.LargeCommit;
import org.mosslsm.kv.WriteBatch;
import org.mosslsm.kv.lsm.Lsm;
import org.mosslsm.kv.lsm.TableWriter;
import org.mosslsm.kv.testkit.FaultVfs;
import org.mosslsm.kv.testkit.MemVfs;

/**
 * A repair without a manifest knows when tables joined the store that were not written by a flush: they say so themselves,
 * and those that never joined say that.
 */
class RepairOfLoadedTablesTest {
    @TempDir
    Path directory;

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static Lsm open(MemVfs disk) {
        return Lsm.open(disk, ToolStore.OPTIONS);
    }

    static void commitLarge(Lsm store, WriteBatch ranges, String... keysAndValues) {
        try (LargeCommit commit = store.largeCommit()) {
            for (int i = 0; i < keysAndValues.length; i += 2) {
                byte[] key = bytes(keysAndValues[i]);
                if (keysAndValues[i + 1] == null) {
                    commit.delete(key, 0, key.length);
                } else {
                    byte[] value = bytes(keysAndValues[i + 1]);
                    commit.put(key, 0, key.length, value, 0, value.length);
                }
            }
            commit.commit(CommitRequest.of(ranges, Durability.SYNC));
        }
    }

    static Map<String, String> repairedWithoutManifest(MemVfs disk) throws IOException {
        RepairTest.delete(disk, "CURRENT");
        RepairTest.delete(disk, "MANIFEST");
        RepairReport report = Repair.store(disk);
        VerifyReport verified = Verify.store(disk);
        assertTrue(verified.ok(), () -> report + "\nthen " + verified);
        return ToolStore.read(disk);
    }

    @Test
    void largeCommitStaysAboveWhatItWroteOver() throws IOException {
        MemVfs disk = new MemVfs();
        try (Lsm store = open(disk)) {
            store.put(bytes("b"), bytes("flushed long before"));
            store.flush();
            store.put(bytes("a"), bytes("old"));
            store.put(bytes("c"), bytes("deleted by the commit"));
            store.put(bytes("r1"), bytes("in the range"));
            commitLarge(
                    store,
                    new WriteBatch().deleteRange(bytes("r"), bytes("s")),
                    "a",
                    "new",
                    "b",
                    "new too",
                    "c",
                    null,
                    "r2",
                    "written after the range was deleted");
        }
        Map<String, String> expected = Map.of("a", "new", "b", "new too", "r2", "written after the range was deleted");
        assertEquals(expected, ToolStore.read(disk.killClone()));
        assertEquals(expected, repairedWithoutManifest(disk));
    }

    @Test
    void laterWritesStayAboveALargeCommit() throws IOException {
        MemVfs disk = new MemVfs();
        try (Lsm store = open(disk)) {
            store.put(bytes("a"), bytes("old"));
            commitLarge(store, new WriteBatch(), "a", "of the commit", "b", "of the commit", "c", "of the commit");
            store.put(bytes("a"), bytes("later"));
            store.flush();
            store.delete(bytes("b"));
        }
        assertEquals(Map.of("a", "later", "c", "of the commit"), repairedWithoutManifest(disk));
    }

    @Test
    void ingestedTablesStayAboveWhatTheyWroteOver() throws IOException {
        Path table = directory.resolve("external.sst");
        try (TableWriter writer = TableWriter.create(table, ToolStore.OPTIONS)) {
            writer.add(bytes("a"), bytes("ingested"));
            writer.add(bytes("b"), bytes("ingested"));
            writer.finish();
        }
        MemVfs disk = new MemVfs();
        try (Lsm store = open(disk)) {
            store.put(bytes("a"), bytes("old"));
            store.ingest(table);
            store.put(bytes("b"), bytes("later"));
        }
        assertEquals(Map.of("a", "ingested", "b", "later"), repairedWithoutManifest(disk));
    }

    @Test
    void tablesOfACommitThatNeverCameStayOut() throws IOException {
        MemVfs disk = new MemVfs();
        MemVfs killed;
        try (Lsm store = open(disk)) {
            store.put(bytes("a"), bytes("committed"));
            store.flush();
            try (LargeCommit commit = store.largeCommit()) {
                byte[] value = new byte[1 << 10];
                int keys = 0;
                while (disk.list().stream()
                                .filter(name -> name.endsWith(".sst"))
                                .count()
                        < 3) {
                    byte[] key = bytes(String.format("a%07d", keys++));
                    commit.put(key, 0, key.length, value, 0, value.length);
                }
                killed = disk.killClone(); // one table finished, one begun
            }
        }
        assertEquals(Map.of("a", "committed"), repairedWithoutManifest(killed));
    }

    /** Every table gets its number in place; where that fails the commit has not happened, and the store goes on. */
    @Test
    void failureToPutTheNumberFailsTheCommitAlone() throws IOException {
        int failures = 0;
        for (int nth = 1; ; nth++) {
            MemVfs disk = new MemVfs();
            FaultVfs failing = new FaultVfs(disk);
            boolean over;
            boolean came = false;
            try (Lsm store = Lsm.open(failing, ToolStore.OPTIONS)) {
                store.put(bytes("a"), bytes("old"));
                store.flush();
                failing.failHere(FaultVfs.CHANGES, ".*\\.sst", nth, FaultVfs.Fault.IO_ERROR);
                try {
                    commitLarge(store, new WriteBatch(), "a", "new", "b", "new");
                    came = true;
                } catch (KvException e) {
                    failures++;
                }
                over = failing.struck() == 0;
                failing.heal();
                store.put(bytes("c"), bytes("later"));
            }
            Map<String, String> expected =
                    came ? Map.of("a", "new", "b", "new", "c", "later") : Map.of("a", "old", "c", "later");
            assertEquals(expected, ToolStore.read(disk.killClone()), "operation " + nth);
            assertEquals(expected, repairedWithoutManifest(disk), "operation " + nth);
            if (over) {
                assertTrue(came);
                break;
            }
        }
        assertTrue(failures >= 4, "only " + failures + " operations failed");
    }

    /** A commit that the death of the process met anywhere deletes nothing unless all it put is there. */
    @Test
    void halfACommitDeletesNothingThatWasCommitted() throws IOException {
        int deleted = 0;
        int kept = 0;
        for (int nth = 1; ; nth++) {
            MemVfs disk = new MemVfs();
            FaultVfs failing = new FaultVfs(disk);
            MemVfs killed;
            boolean over;
            try (Lsm store = Lsm.open(failing, ToolStore.OPTIONS)) {
                store.put(bytes("r1"), bytes("committed before"));
                store.flush();
            } // so that nothing in the background meets the failures
            try (Lsm store = Lsm.open(failing, ToolStore.OPTIONS)) {
                failing.failFrom(FaultVfs.CHANGES, ".*", nth, FaultVfs.Fault.IO_ERROR);
                try {
                    commitLarge(store, new WriteBatch().deleteRange(bytes("r"), bytes("s")), "a", "new", "r2", "new");
                } catch (KvException e) {
                    assertTrue(failing.struck() > 0, e::toString);
                }
                over = failing.struck() == 0;
                killed = disk.killClone();
                failing.heal();
            }
            Map<String, String> found = repairedWithoutManifest(killed);
            boolean gone = !found.containsKey("r1");
            deleted += gone ? 1 : 0;
            kept += gone ? 0 : 1;
            if (gone) {
                assertEquals(Map.of("a", "new", "r2", "new"), found, "operation " + nth);
            }
            if (over) {
                assertTrue(gone);
                break;
            }
        }
        assertTrue(deleted > 0 && kept > 0, deleted + " deleted, " + kept + " kept");
    }
}

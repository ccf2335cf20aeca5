package org.mosslsm.kv.tool;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mosslsm.kv.tool.RepairOfLoadedTablesTest.bytes;
import static org.mosslsm.kv.tool.RepairOfLoadedTablesTest.commitLarge;
import static org.mosslsm.kv.tool.RepairOfLoadedTablesTest.repairedWithoutManifest;

import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.mosslsm.kv.BulkLoad;
import org.mosslsm.kv.CommitRequest;
import org.mosslsm.kv.CorruptionException;
import org.mosslsm.kv.Durability;
import org.mosslsm.kv.KeyRange;
import org.mosslsm.kv.KvIoException;
import org.mosslsm.kv.Store.LargeCommit;
import org.mosslsm.kv.StoreReadOnlyException;
import org.mosslsm.kv.WriteBatch;
import org.mosslsm.kv.lsm.Lsm;
import org.mosslsm.kv.testkit.FaultVfs;
import org.mosslsm.kv.testkit.FaultVfs.Fault;
import org.mosslsm.kv.testkit.FaultVfs.Op;
import org.mosslsm.kv.testkit.MemVfs;

/**
 * A load that the disk refuses after its tables got their sequence number leaves nothing that a repair without a manifest
 * could take for something else: the number is nobody else's, and range deletes are not found alone.
 */
class RepairOfRefusedLoadsTest {
    private final MemVfs disk = new MemVfs();
    private final FaultVfs failing = new FaultVfs(disk);

    private Lsm open() {
        return Lsm.open(failing, ToolStore.OPTIONS);
    }

    /** Refuses the next edit of the manifest; the tables of the commit cannot be deleted, nor emptied. */
    private void refuseNext() {
        failing.failHere(EnumSet.of(Op.APPEND), "MANIFEST-.*", 1, Fault.NO_SPACE);
        failing.failFrom(EnumSet.of(Op.DELETE, Op.TRUNCATE), ".*\\.sst", 1, Fault.IO_ERROR);
    }

    /** What this thread asks of the disk is seen; not what is done in the background. */
    private void observeHere(FaultVfs.Observer observer) {
        Thread here = Thread.currentThread();
        failing.observe((op, name) -> {
            if (Thread.currentThread() == here) {
                observer.after(op, name);
            }
        });
    }

    private static void bulkLoad(Lsm store, String key, String value) {
        try (BulkLoad load = store.bulkLoad(KeyRange.all())) {
            load.add(bytes(key), bytes(value));
            load.publish();
        }
    }

    private void refuse(Lsm store, String key, String value) {
        refuseNext();
        assertThrows(KvIoException.class, () -> commitLarge(store, new WriteBatch(), key, value));
        failing.heal();
    }

    @Test
    void plainCommitAfterARefusedOneIsKept() throws IOException {
        MemVfs killed;
        flushed("a", "flushed");
        try (Lsm store = open()) {
            refuse(store, "r", "refused");
            store.put(bytes("p"), bytes("committed"));
            killed = disk.killClone();
        }
        assertEquals(Map.of("a", "flushed", "p", "committed"), ToolStore.read(killed.killClone()));
        Map<String, String> found = new HashMap<>(repairedWithoutManifest(killed));
        assertEquals("committed", found.get("p"));
        assertEquals("flushed", found.get("a"));
    }

    @Test
    void laterValueOfTheSameKeyWins() throws IOException {
        MemVfs killed;
        flushed("a", "flushed");
        try (Lsm store = open()) {
            refuse(store, "k", "refused");
            commitLarge(store, new WriteBatch(), "k", "committed");
            killed = disk.killClone();
        }
        assertEquals("committed", repairedWithoutManifest(killed).get("k"));
    }

    /** Nothing has the number that was given to the refused commit: the store must not say, closing, that it goes so far. */
    @Test
    void storeClosesAndOpensAfterARefusedCommit() {
        for (boolean more : new boolean[] {false, true}) {
            Map<String, String> expected = new HashMap<>(Map.of("a", "in the log"));
            try (Lsm store = open()) {
                store.put(bytes("a"), bytes("in the log"));
                refuse(store, "r", "refused");
                if (more) {
                    store.put(bytes("b"), bytes("later"));
                    expected.put("b", "later");
                }
            }
            assertEquals(expected, ToolStore.read(disk));
            assertEquals(expected, ToolStore.read(disk), "opened again");
            try (Lsm store = open()) {
                store.deleteRange(bytes("a"), bytes("z"));
            }
        }
    }

    @Test
    void bulkLoadAfterARefusedOneHasANumberOfItsOwn() throws IOException {
        MemVfs killed;
        try (Lsm store = open()) {
            refuseNext();
            assertThrows(KvIoException.class, () -> bulkLoad(store, "k", "refused"));
            failing.heal();
            bulkLoad(store, "k", "loaded");
            killed = disk.killClone();
        }
        assertEquals(Map.of("k", "loaded"), repairedWithoutManifest(killed));
    }

    /** Whatever of the refused commit's files can be emptied or deleted, its range deletes are not found without its puts. */
    @Test
    void rangeDeletesOfARefusedCommitAreNeverFoundAlone() throws IOException {
        int gone = 0;
        for (int deletes = 0; deletes < 4; deletes++) {
            for (int truncates = 0; truncates < 4; truncates++) {
                MemVfs own = new MemVfs();
                FaultVfs refusing = new FaultVfs(own);
                MemVfs killed;
                try (Lsm store = Lsm.open(refusing, ToolStore.OPTIONS)) {
                    store.put(bytes("r1"), bytes("committed before"));
                    store.flush();
                } // so that nothing in the background meets the failures
                try (Lsm store = Lsm.open(refusing, ToolStore.OPTIONS)) {
                    refusing.failHere(EnumSet.of(Op.APPEND), "MANIFEST-.*", 1, Fault.NO_SPACE);
                    refusing.fail(EnumSet.of(Op.DELETE), ".*\\.sst", 1, deletes, Fault.IO_ERROR);
                    refusing.fail(EnumSet.of(Op.TRUNCATE), ".*\\.sst", 1, truncates, Fault.IO_ERROR);
                    WriteBatch range = new WriteBatch().deleteRange(bytes("r"), bytes("s"));
                    assertThrows(KvIoException.class, () -> commitLarge(store, range, "a", "new", "r2", "new"));
                    refusing.heal();
                    killed = own.killClone();
                }
                Map<String, String> found = repairedWithoutManifest(killed);
                String what = deletes + " deletes and " + truncates + " truncates failed";
                boolean all = found.equals(Map.of("a", "new", "r2", "new"));
                gone += all ? 1 : 0;
                assertTrue(all || found.get("r1") != null, what + ": " + found);
                if (truncates == 0) {
                    assertEquals(Map.of("r1", "committed before"), found, what);
                }
            }
        }
        assertTrue(gone > 0, "nothing was left to be found");
    }

    /** What could not be deleted is deleted by the next load. */
    @Test
    void tablesLeftAreDeletedWhenThatWorksAgain() throws IOException {
        flushed("a", "flushed");
        try (Lsm store = open()) {
            refuse(store, "r", "refused");
            long left = tables();
            commitLarge(store, new WriteBatch(), "b", "committed");
            assertEquals(left, tables(), "one came, one went");
            refuse(store, "r", "refused");
        }
        assertEquals(2, tables());
    }

    /** A table that is damaged before its load is published fails the load, no more: nothing of it stays, the store goes on. */
    @Test
    void damagedTableFailsItsLoadAlone() throws IOException {
        flushed("z", "flushed");
        try (Lsm store = open()) {
            try (BulkLoad load = store.bulkLoad(KeyRange.prefix(bytes("k")))) {
                load.add(bytes("k"), bytes("refused"));
                observeHere((op, name) -> {
                    if (op == Op.SYNC && name.endsWith(".sst")) {
                        hurtFooter(name);
                    }
                });
                assertThrows(CorruptionException.class, load::publish);
            }
            failing.observe((op, name) -> {});
            assertEquals(1, tables());
            store.put(bytes("p"), bytes("later"));
        }
        assertEquals(Map.of("z", "flushed", "p", "later"), repairedWithoutManifest(disk));
    }

    private void hurtFooter(String name) {
        try {
            disk.corrupt(name, disk.content(name).length - 1, 1);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** Memory that runs out when a table is begun leaves neither a file nor a load that seems to have all it was given. */
    @Test
    void tableThatCouldNotBeBegunLeavesNothing() throws IOException {
        try (Lsm store = open();
                LargeCommit commit = store.largeCommit()) {
            observeHere((op, name) -> {
                if (op == Op.CREATE && name.endsWith(".sst")) {
                    throw new OutOfMemoryError("injected");
                }
            });
            assertThrows(OutOfMemoryError.class, () -> commit.put(bytes("k"), 0, 1, bytes("v"), 0, 1));
            failing.observe((op, name) -> {});
            assertEquals(0, tables());
            assertThrows(IllegalStateException.class, () -> commit.put(bytes("l"), 0, 1, bytes("v"), 0, 1));
        }
    }

    /** Without a descriptor for the directory nothing was tried: the commit alone fails. */
    @Test
    void commitThatFindsNoDescriptorFailsAlone() {
        flushed("r1", "before");
        try (Lsm store = open()) {
            failing.failHere(EnumSet.of(Op.SYNC_DIR), ".*", 1, Fault.NO_DESCRIPTOR);
            WriteBatch range = new WriteBatch().deleteRange(bytes("r"), bytes("s"));
            KvIoException e = assertThrows(KvIoException.class, () -> commitLarge(store, range, "a", "new"));
            assertTrue(e.isOutOfFiles(), e::getMessage);
            failing.heal();
            store.put(bytes("b"), bytes("later"));
        }
        assertEquals(Map.of("r1", "before", "b", "later"), ToolStore.read(disk));
    }

    /** After a failed sync of names nobody knows which are durable: nothing of the commit happened, and the store ends. */
    @Test
    void failedSyncOfNamesEndsTheStoreWithoutTheCommit() throws IOException {
        flushed("r1", "before");
        try (Lsm store = open()) {
            failing.failHere(EnumSet.of(Op.SYNC_DIR), ".*", 1, Fault.IO_ERROR);
            WriteBatch range = new WriteBatch().deleteRange(bytes("r"), bytes("s"));
            assertThrows(StoreReadOnlyException.class, () -> commitLarge(store, range, "a", "new"));
            failing.heal();
            assertThrows(StoreReadOnlyException.class, () -> store.put(bytes("b"), bytes("later")));
            assertEquals(1, tables());
        }
        assertEquals(Map.of("r1", "before"), ToolStore.read(disk));
        assertEquals(Map.of("r1", "before"), repairedWithoutManifest(disk));
    }

    /** Memory that runs out while a commit's tables get their number: the store ends, and opens again without the commit. */
    @Test
    void errorAfterATableGotItsNumberLeavesNothingOfTheCommit() throws IOException {
        flushed("a", "before");
        try (Lsm store = open()) {
            try (LargeCommit commit = store.largeCommit()) {
                AtomicReference<String> table = new AtomicReference<>("none");
                observeHere((op, name) -> {
                    if (op == Op.CREATE && name.endsWith(".sst")) {
                        table.set(name);
                    } else if (op == Op.OPEN && name.equals(table.get())) { // the seal, which opens the table again
                        observeHere((o, n) -> {
                            if (o == Op.SYNC && n.endsWith(".sst")) {
                                throw new OutOfMemoryError("injected");
                            }
                        });
                    }
                });
                commit.put(bytes("a"), 0, 1, bytes("n"), 0, 1);
                CommitRequest nothing = CommitRequest.of(new WriteBatch(), Durability.SYNC);
                assertThrows(OutOfMemoryError.class, () -> commit.commit(nothing));
            }
            failing.observe((op, name) -> {});
            assertThrows(StoreReadOnlyException.class, () -> store.put(bytes("b"), bytes("later")));
        }
        assertEquals(Map.of("a", "before"), ToolStore.read(disk));
        assertEquals(Map.of("a", "before"), repairedWithoutManifest(disk));
    }

    /** Nobody can tell an emptied table from one that lost its bytes: the report says so. */
    @Test
    void emptyTableIsLeftOutAndReported() throws IOException {
        flushed("a", "flushed");
        disk.create("000099.sst").close();
        RepairTest.delete(disk, "CURRENT");
        RepairTest.delete(disk, "MANIFEST");
        RepairReport report = Repair.store(disk);
        assertTrue(report.losses().stream().anyMatch(f -> f.file().equals("000099.sst")), report::toString);
        assertTrue(report.setAside().contains("000099.sst.damaged"), report::toString);
        assertEquals(Map.of("a", "flushed"), ToolStore.read(disk));
    }

    /** An entry in a table, by a store that is closed again: nothing is left to do in the background, where faults would strike. */
    private void flushed(String key, String value) {
        try (Lsm store = open()) {
            store.put(bytes(key), bytes(value));
            store.flush();
        }
    }

    private long tables() throws IOException {
        return disk.list().stream().filter(name -> name.endsWith(".sst")).count();
    }

    /** The names of what was put are durable before there is a file that says what was deleted. */
    @Test
    void directoryIsSyncedBeforeRangeDeletesAreWritten() {
        List<String> seen = new ArrayList<>();
        flushed("a", "flushed");
        try (Lsm store = open()) {
            observeHere((op, name) -> {
                boolean directory = op == Op.SYNC_DIR || op == Op.SYNC_OPEN_DIRECTORY;
                if (directory || (op == Op.CREATE && name.endsWith(".sst"))) {
                    synchronized (seen) {
                        seen.add(op.name());
                    }
                }
            });
            commitLarge(store, new WriteBatch().deleteRange(bytes("r"), bytes("s")), "a", "new");
        }
        // The log may have the directory synced besides.
        int first = seen.indexOf("CREATE");
        int second = first + 1 + seen.subList(first + 1, seen.size()).indexOf("CREATE");
        assertTrue(second > first, seen::toString);
        assertTrue(seen.subList(first, second).contains("SYNC_DIR"), seen::toString);
        assertTrue(seen.subList(second, seen.size()).contains("SYNC_OPEN_DIRECTORY"), seen::toString);
    }
}

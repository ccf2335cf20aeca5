package org.mosslsm.kv.lsm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.EnumSet;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.mosslsm.kv.BulkLoad;
import org.mosslsm.kv.CorruptionException;
import org.mosslsm.kv.Durability;
import org.mosslsm.kv.KeyRange;
import org.mosslsm.kv.KvIoException;
import org.mosslsm.kv.testkit.FaultVfs;
import org.mosslsm.kv.testkit.FaultVfs.Fault;
import org.mosslsm.kv.testkit.FaultVfs.Op;
import org.mosslsm.kv.testkit.MemVfs;
import org.mosslsm.kv.tool.Dump;
import org.mosslsm.kv.tool.Repair;
import org.mosslsm.kv.tool.RepairReport;
import org.mosslsm.kv.tool.Verify;

/** A store that was closed in good order says how far it goes: what goes missing of its logs afterwards is missed. */
class ClosedStoreTest {
    private static final LsmOptions OPTIONS =
            LsmOptions.builder().durability(Durability.NONE).build();

    private static byte[] key(int i) {
        return new byte[] {(byte) (i >> 8), (byte) i};
    }

    /** A store whose keys 0 to 9 are in a table and 10 to 19 in a log. */
    private static MemVfs closed() {
        MemVfs disk = new MemVfs();
        try (Lsm store = Lsm.open(disk, OPTIONS)) {
            put(store, 0, 10);
            store.flush();
            put(store, 10, 20);
        }
        return disk;
    }

    private static void put(Lsm store, int from, int to) {
        for (int i = from; i < to; i++) {
            store.put(key(i), new byte[100]);
        }
    }

    private static void assertHolds(MemVfs disk, int count) {
        try (Lsm store = Lsm.open(disk, OPTIONS)) {
            for (int i = 0; i < count; i++) {
                assertNotNull(store.get(key(i)), "key " + i);
            }
            assertNull(store.get(key(count)));
        }
    }

    private static String lastLog(MemVfs disk) throws IOException {
        return disk.list().stream()
                .filter(n -> n.endsWith(".wal"))
                .max(String::compareTo)
                .orElseThrow();
    }

    private static String manifest(MemVfs disk) throws IOException {
        return disk.list().stream()
                .filter(n -> n.startsWith("MANIFEST"))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void aLogCutOffAfterTheCloseIsRefusedWithFileAndNumbers() throws IOException {
        MemVfs disk = closed();
        String log = lastLog(disk);
        int length = disk.content(log).length;
        for (int to = 0; to < length - 150; to += 97) {
            MemVfs cut = disk.killClone();
            cut.truncate(log, to);
            CorruptionException e = assertThrows(CorruptionException.class, () -> Lsm.open(cut, OPTIONS));
            assertEquals(log, e.file());
            assertTrue(e.getMessage().contains("up to 20"), e::getMessage);
            assertTrue(e.getMessage().contains("end at 1"), e::getMessage);
            assertEquals(to, cut.content(log).length, "a refused open changed the log");
            assertEquals(log, Verify.store(cut).findings().get(0).file());
            assertEquals(0, cut.openFiles());
        }
        assertHolds(disk, 20);
    }

    @Test
    void aLogThatIsGoneIsMissed() throws IOException {
        MemVfs disk = closed();
        disk.delete(lastLog(disk));
        CorruptionException e = assertThrows(CorruptionException.class, () -> Lsm.open(disk, OPTIONS));
        assertEquals(manifest(disk), e.file());
        assertEquals(manifest(disk), Verify.store(disk).findings().get(0).file());
    }

    @Test
    void repairTakesWhatIsLeft() throws IOException {
        MemVfs disk = closed();
        String log = lastLog(disk);
        disk.truncate(log, disk.content(log).length - 300);
        RepairReport report = Repair.store(disk);
        assertEquals(1, report.losses().size(), report::toString);
        assertEquals(log, report.losses().get(0).file());
        assertEquals(List.of(), Verify.store(disk).findings());
        try (Lsm store = Lsm.open(disk, OPTIONS)) {
            assertNotNull(store.get(key(15)));
            assertNull(store.get(key(19)));
        }
    }

    @Test
    void theNoteIsWrittenOnlyWhereALogGoesFurther() throws IOException {
        MemVfs disk = closed();
        StringBuilder text = new StringBuilder();
        Dump.file(disk, manifest(disk), text);
        assertTrue(text.toString().contains("closed at 20"), text::toString);
        assertClosedWithoutWriting(disk, store -> {}); // nothing new
        try (Lsm store = Lsm.open(disk, OPTIONS)) {
            store.flush();
        }
        assertClosedWithoutWriting(disk, store -> {}); // all in tables
        assertHolds(disk, 20);
    }

    private interface Session {
        void run(Lsm store);
    }

    private static void assertClosedWithoutWriting(MemVfs disk, Session session) {
        FaultVfs counted = new FaultVfs(disk);
        Lsm store = Lsm.open(counted, OPTIONS);
        session.run(store);
        int[] writes = {0};
        Thread closer = Thread.currentThread();
        counted.observe((op, name) -> {
            boolean own = Thread.currentThread() == closer; // a compaction may be under way
            if (own && FaultVfs.CHANGES.contains(op) && !name.endsWith(".wal")) {
                writes[0]++;
            }
        });
        store.close();
        assertEquals(0, writes[0], "changes of other files than logs");
    }

    @Test
    void aNoteThatCannotBeWrittenCostsNothingElse() {
        for (Fault fault : List.of(Fault.NO_SPACE, Fault.IO_ERROR)) {
            MemVfs disk = new MemVfs();
            FaultVfs failing = new FaultVfs(disk);
            Lsm store = Lsm.open(failing, OPTIONS);
            put(store, 0, 10);
            failing.failFrom(EnumSet.of(Op.APPEND), "MANIFEST.*", 1, fault);
            store.close();
            assertTrue(failing.struck() > 0);
            assertHolds(disk, 10);
        }
    }

    @Test
    void aBulkLoadThatFailedTakesNoNumber() {
        MemVfs disk = new MemVfs();
        FaultVfs failing = new FaultVfs(disk);
        try (Lsm store = Lsm.open(failing, OPTIONS)) {
            put(store, 0, 10);
            store.flush();
        } // so that nothing in the background meets the failures
        try (Lsm store = Lsm.open(failing, OPTIONS)) {
            try (BulkLoad load = store.bulkLoad(KeyRange.of(key(100), key(200)))) {
                load.add(key(100), new byte[1]);
                failing.failFrom(EnumSet.of(Op.APPEND), "MANIFEST.*", 1, Fault.NO_SPACE);
                assertThrows(KvIoException.class, load::publish);
            }
            assertTrue(failing.struck() > 0);
            failing.heal();
            store.put(key(10), new byte[1]);
        }
        assertHolds(disk, 11);
    }

    @Test
    void deletesOfEmptyRangesCountAsTheyDoInTheLog() {
        MemVfs disk = new MemVfs();
        try (Lsm store = Lsm.open(disk, OPTIONS)) {
            store.put(key(0), new byte[1]);
            store.deleteRange(key(5), key(5));
            store.deleteRange(key(7), key(3));
        }
        assertHolds(disk, 1);
        try (Lsm store = Lsm.open(disk, OPTIONS)) {
            assertArrayEquals(new byte[1], store.get(key(0)));
        }
    }
}

package org.mosslsm.kv.tool;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.mosslsm.kv.KvException;
import org.mosslsm.kv.StoreOpenException;
import org.mosslsm.kv.testkit.FaultVfs;
import org.mosslsm.kv.testkit.MemVfs;

/** Repair brings back all that can be read, and never makes anything worse. */
class RepairTest {
    private static void delete(MemVfs disk, String start) throws IOException {
        for (String name : disk.list()) {
            if (name.startsWith(start)) {
                disk.delete(name);
            }
        }
    }

    private static RepairReport repaired(MemVfs disk) {
        RepairReport report = Repair.store(disk);
        VerifyReport verified = Verify.store(disk);
        assertTrue(verified.ok(), () -> report + "\nthen " + verified);
        return report;
    }

    @Test
    void goodStoreIsLeftAlone() throws IOException {
        ToolStore store = new ToolStore(true);
        List<String> before = store.disk.list().stream().sorted().toList();
        RepairReport report = repaired(store.disk);
        assertEquals(List.of(), report.actions());
        assertEquals(before, store.disk.list().stream().sorted().toList());
    }

    @Test
    void lostCurrentAndLostManifestCostNothing() throws IOException {
        for (boolean closed : new boolean[] {true, false}) {
            for (List<String> lost : List.of(List.of("CURRENT"), List.of("MANIFEST"), List.of("CURRENT", "MANIFEST"))) {
                ToolStore store = new ToolStore(closed);
                for (String start : lost) {
                    delete(store.disk, start);
                }
                assertThrows(KvException.class, () -> ToolStore.read(store.disk));
                RepairReport report = repaired(store.disk);
                assertEquals(store.content, ToolStore.read(store.disk), () -> lost + "\n" + report);
                assertEquals(store.content, ToolStore.read(store.disk), "opened again");
            }
        }
    }

    @Test
    void damagedManifestIsRebuiltFromTheTables() throws IOException {
        ToolStore store = new ToolStore(true);
        String manifest = store.disk.list().stream()
                .filter(n -> n.startsWith("MANIFEST"))
                .findFirst()
                .orElseThrow();
        store.disk.corrupt(manifest, 60, 0x10);
        RepairReport report = repaired(store.disk);
        assertEquals(store.content, ToolStore.read(store.disk), report::toString);
        assertTrue(report.setAside().contains(manifest + ".damaged"), report::toString);
    }

    /** Damage anywhere in a table: the store opens again, verifies, and what it still has is what was written. */
    @Test
    void damagedTablesGiveUpTheirBlocksAndNoMore() throws IOException {
        ToolStore store = new ToolStore(true);
        int rounds = 0;
        int kept = 0;
        int filters = 0;
        for (String name : store.disk.list()) {
            int length = store.disk.content(name).length;
            for (int at = 3; at < length && name.endsWith(".sst"); at += 401) {
                for (boolean manifestLost : new boolean[] {false, true}) {
                    MemVfs hurt = store.disk.killClone();
                    hurt.corrupt(name, at, 0x20);
                    if (manifestLost) {
                        delete(hurt, "CURRENT");
                        delete(hurt, "MANIFEST");
                    }
                    boolean filter = isOfFilter(store.disk.content(name), at);
                    RepairReport report = repaired(hurt);
                    long losses = report.losses().stream()
                            .filter(loss -> !loss.file().equals("CURRENT"))
                            .count();
                    assertEquals(filter, losses == 0, report::toString);
                    assertTrue(report.actions().size() > 0, report::toString);
                    assertTrue(hurt.exists(name + ".damaged"), report::toString);
                    Map<String, String> found = ToolStore.read(hurt);
                    if (filter) {
                        filters++;
                        assertEquals(store.content, found, report::toString);
                    }
                    rounds++;
                    kept += found.size();
                    String what = name + " byte " + at;
                    found.forEach((key, value) -> assertTrue(
                            value.equals(store.content.get(key))
                                    || value.startsWith("round ")
                                    || value.startsWith("loaded "),
                            what + ": " + key + "=" + value));
                }
            }
        }
        assertTrue(filters > 0, filters + " of a filter");
        assertTrue(rounds > 20 && kept > rounds * store.content.size() / 4, rounds + " rounds kept " + kept);
    }

    /** A filter can be made anew: a table that lost only that is written anew as a whole, and keeps its place. */
    @Test
    void damagedFilterCostsNothing() throws IOException {
        ToolStore store = new ToolStore(true);
        int rounds = 0;
        for (String name : store.disk.list()) {
            byte[] content = store.disk.content(name);
            for (int at = 0; at < content.length && name.endsWith(".sst"); at++) {
                if (!isOfFilter(content, at) || at % 97 > 0) {
                    continue;
                }
                MemVfs hurt = store.disk.killClone();
                hurt.corrupt(name, at, 0x01);
                assertEquals(store.content, ToolStore.read(hurt.killClone()), "read without the filter");
                RepairReport report = repaired(hurt);
                assertEquals(List.of(), report.losses(), report::toString);
                assertTrue(report.toString().contains("its filter is damaged, and nothing else"), report::toString);
                assertTrue(hurt.exists(name + ".damaged"), report::toString);
                assertEquals(store.content, ToolStore.read(hurt), report::toString);
                rounds++;
            }
        }
        assertTrue(rounds > 3, rounds + " rounds");
    }

    /** Whether a byte of a table belongs to its filter; the footer says where that is. */
    private static boolean isOfFilter(byte[] table, int at) {
        ByteBuffer footer = ByteBuffer.wrap(table, table.length - 64, 64).order(ByteOrder.LITTLE_ENDIAN);
        long from = footer.getLong();
        int length = footer.getInt();
        return length > 0 && at >= from && at < from + length + 5;
    }

    @Test
    void damagedLogIsKeptUpToTheDamage() throws IOException {
        ToolStore store = new ToolStore(true);
        String log = store.disk.list().stream()
                .filter(n -> n.endsWith(".wal"))
                .max(String::compareTo)
                .orElseThrow();
        store.disk.corrupt(log, 40, 0x08); // its first record, which later ones say was synced
        assertThrows(KvException.class, () -> ToolStore.read(store.disk.killClone()));
        RepairReport report = repaired(store.disk);
        assertTrue(report.setAside().contains(log + ".damaged"), report::toString);
        assertEquals("the last but one", ToolStore.read(store.disk).get("key1001"));
    }

    /** Between the damaged log going and the saved one coming there is no moment at which a cut loses both. */
    @Test
    void failedRepairOfALogCanBeRepeated() throws IOException {
        ToolStore store = new ToolStore(true);
        String log = store.disk.list().stream()
                .filter(n -> n.endsWith(".wal"))
                .max(String::compareTo)
                .orElseThrow();
        store.disk.corrupt(log, store.disk.content(log).length - 20, 0x08); // its last record, before the mark
        int failures = 0;
        for (int nth = 1; ; nth++) {
            MemVfs disk = store.disk.killClone();
            FaultVfs failing = new FaultVfs(disk);
            failing.failFrom(FaultVfs.CHANGES, ".*", nth, FaultVfs.Fault.IO_ERROR);
            try {
                Repair.store(failing);
            } catch (KvException e) {
                failures++;
            }
            boolean over = failing.struck() == 0;
            String where = "after a repair that failed from operation " + nth + " on";
            RepairReport report = Repair.store(disk);
            assertEquals("in the log", ToolStore.read(disk).get("key1002"), () -> where + "\n" + report);
            assertTrue(disk.exists(log + ".damaged"), where);
            if (over) {
                break;
            }
        }
        assertTrue(failures > 5, "only " + failures + " places to fail at");
    }

    @Test
    void missingTableIsDropped() throws IOException {
        ToolStore store = new ToolStore(true);
        for (String name : store.disk.list()) {
            if (name.endsWith(".sst")) {
                MemVfs hurt = store.disk.killClone();
                hurt.delete(name);
                assertThrows(KvException.class, () -> ToolStore.read(hurt));
                RepairReport report = repaired(hurt);
                assertTrue(report.toString().contains("dropped " + name), report::toString);
                assertTrue(ToolStore.read(hurt).size() < store.content.size() + 10, name);
            }
        }
    }

    @Test
    void directoryWithoutAnythingIsRefused() {
        StoreOpenException e = assertThrows(StoreOpenException.class, () -> Repair.store(new MemVfs()));
        assertEquals(StoreOpenException.Reason.NOT_A_STORE, e.reason());
    }

    /** A repair that fails or is cut off anywhere can be run again, and loses nothing by it. */
    @Test
    void failedRepairCanBeRepeated() throws IOException {
        ToolStore store = new ToolStore(true);
        delete(store.disk, "CURRENT");
        delete(store.disk, "MANIFEST");
        int failures = 0;
        for (int nth = 1; ; nth++) {
            MemVfs disk = store.disk.killClone();
            FaultVfs failing = new FaultVfs(disk);
            failing.failFrom(FaultVfs.CHANGES, ".*", nth, FaultVfs.Fault.NO_SPACE);
            try {
                Repair.store(failing);
            } catch (KvException e) {
                failures++;
            }
            boolean struck = failing.struck() > 0;
            MemVfs after = disk.killClone();
            Repair.store(after);
            assertEquals(store.content, ToolStore.read(after), "failed from change " + nth);
            if (!struck) {
                break;
            }
        }
        assertTrue(failures > 10, failures + " failures");
    }
}

package org.mosslsm.kv.tool;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.mosslsm.kv.BulkLoad;
import org.mosslsm.kv.KeyRange;
import org.mosslsm.kv.KvException;
import org.mosslsm.kv.Snapshot;
import org.mosslsm.kv.StoreOpenException;
import org.mosslsm.kv.lsm.Lsm;
import org.mosslsm.kv.lsm.table.TablePlaces;
import org.mosslsm.kv.lsm.table.TablePlaces.Part;
import org.mosslsm.kv.testkit.FaultVfs;
import org.mosslsm.kv.testkit.MemVfs;
import org.mosslsm.kv.vfs.WritableFile;

/** Repair brings back all that can be read, and never makes anything worse. */
class RepairTest {
    /** Deletes the files whose names begin so. */
    static void delete(MemVfs disk, String start) throws IOException {
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
            byte[] content = store.disk.content(name);
            if (!name.endsWith(".sst")) {
                continue;
            }
            for (int at : places(name, content, 401)) {
                for (boolean manifestLost : new boolean[] {false, true}) {
                    MemVfs hurt = store.disk.killClone();
                    hurt.corrupt(name, at, 0x20);
                    if (manifestLost) {
                        delete(hurt, "CURRENT");
                        delete(hurt, "MANIFEST");
                    }
                    boolean filter = TablePlaces.isOf(content, Part.FILTER, at);
                    boolean whole = filter
                            || (TablePlaces.isOf(content, Part.PROPERTIES, at)
                                    && (!manifestLost || !isLoaded(store.disk, name)));
                    RepairReport report = repaired(hurt);
                    long losses = report.losses().stream()
                            .filter(loss -> !loss.file().equals("CURRENT"))
                            .count();
                    assertEquals(whole, losses == 0, report::toString);
                    assertTrue(report.actions().size() > 0, report::toString);
                    assertTrue(hurt.exists(name + ".damaged"), report::toString);
                    Map<String, String> found = ToolStore.read(hurt);
                    if (whole) {
                        filters += filter ? 1 : 0;
                        assertEquals(store.content, found, report::toString);
                    }
                    rounds++;
                    kept += found.size();
                    assertWritten(store, found, name + " byte " + at);
                }
            }
        }
        assertTrue(filters > 0, filters + " of a filter");
        assertTrue(rounds > 20 && kept > rounds * store.content.size() / 4, rounds + " rounds kept " + kept);
    }

    /** Nothing is there but what was written once: where the newer value is lost, an older one. */
    private static void assertWritten(ToolStore store, Map<String, String> found, String what) {
        found.forEach((key, value) -> assertTrue(
                value.equals(store.content.get(key)) || value.startsWith("round ") || value.startsWith("loaded "),
                what + ": " + key + "=" + value));
    }

    /** Some bytes of a file, one in so many; of a table the first of its filter, too. */
    private static List<Integer> places(String name, byte[] content, int step) {
        List<Integer> places = new ArrayList<>();
        for (int at = 3; at < content.length; at += step) {
            places.add(at);
        }
        if (name.endsWith(".sst")) {
            int filterAt = TablePlaces.at(content, Part.FILTER);
            if (TablePlaces.isOf(content, Part.FILTER, filterAt)) {
                places.add(filterAt);
            }
        }
        return places;
    }

    /** Whether the table was written before its sequence number was known. */
    private static boolean isLoaded(MemVfs disk, String name) throws IOException {
        return dump(disk, name).contains("sequence 0..0");
    }

    private static String dump(MemVfs disk, String name) throws IOException {
        StringBuilder dump = new StringBuilder();
        Dump.file(disk, name, dump);
        return dump.toString();
    }

    private interface Damage {
        void check(String name, MemVfs hurt, RepairReport report, boolean manifestLost) throws IOException;
    }

    /** Damages that part of each table at some places, with and without a manifest, and repairs the store. */
    private static int damagePart(MemVfs disk, Part part, Damage damage) throws IOException {
        int rounds = 0;
        for (String name : disk.list()) {
            byte[] content = disk.content(name);
            for (int at = 0; at < content.length && name.endsWith(".sst"); at++) {
                if (!TablePlaces.isOf(content, part, at) || at % (part == Part.FILTER ? 29 : 7) > 0) {
                    continue;
                }
                for (boolean manifestLost : new boolean[] {false, true}) {
                    MemVfs hurt = disk.killClone();
                    hurt.corrupt(name, at, 0x01);
                    if (manifestLost) {
                        delete(hurt, "CURRENT");
                        delete(hurt, "MANIFEST");
                    }
                    RepairReport report = repaired(hurt);
                    assertTrue(hurt.exists(name + ".damaged"), report::toString);
                    damage.check(name, hurt, report, manifestLost);
                    rounds++;
                }
            }
        }
        return rounds;
    }

    private static List<Finding> lossesOf(String name, RepairReport report) {
        return report.losses().stream().filter(loss -> loss.file().equals(name)).toList();
    }

    /** A filter can be made anew: a table that lost only that is written anew as a whole, and keeps its place. */
    @Test
    void damagedFilterCostsNothing() throws IOException {
        ToolStore store = new ToolStore(true);
        int rounds = damagePart(store.disk, Part.FILTER, (name, hurt, report, manifestLost) -> {
            assertEquals(List.of(), lossesOf(name, report), report::toString);
            assertTrue(report.toString().contains("its filter is damaged, and nothing else"), report::toString);
            assertEquals(store.content, ToolStore.read(hurt), report::toString);
        });
        assertTrue(rounds > 6, rounds + " rounds");
    }

    /**
     * All that properties say can be found out, but for when a loaded table joined the store. That the manifest knows; without
     * one the table stays out: it may be of a commit that never came.
     */
    @Test
    void damagedPropertiesCostNothingUnlessTheTableWasLoadedAndTheManifestIsLost() throws IOException {
        MemVfs disk = new MemVfs();
        Map<String, String> content = Map.of("a", "flushed", "load", "loaded");
        try (Lsm open = Lsm.open(disk, ToolStore.OPTIONS)) {
            open.put(bytes("a"), bytes("flushed"));
            open.flush();
            try (BulkLoad load = open.bulkLoad(KeyRange.prefix(bytes("load")))) {
                load.add(bytes("load"), bytes("loaded"));
                load.publish();
            }
        }
        int rounds = damagePart(disk, Part.PROPERTIES, (name, hurt, report, manifestLost) -> {
            boolean lost = manifestLost && isLoaded(disk, name);
            assertEquals(lost ? 1 : 0, lossesOf(name, report).size(), report::toString);
            assertEquals(lost ? Map.of("a", "flushed") : content, ToolStore.read(hurt), report::toString);
        });
        assertTrue(rounds > 20, rounds + " rounds");
    }

    /** A table of range deletes alone has no entry whose number could be asked: what it deletes stays deleted. */
    @Test
    void damagedPropertiesOfRangeDeletesCostNothing() throws IOException {
        MemVfs disk = new MemVfs();
        Lsm open = Lsm.open(disk, ToolStore.OPTIONS);
        open.put(bytes("a"), bytes("kept"));
        open.put(bytes("b"), bytes("deleted"));
        // Closed after the store, whose merges may therefore not end what the snapshot does not see.
        try (Snapshot before = open.snapshot();
                open) {
            open.flush();
            open.deleteRange(bytes("b"), bytes("c"));
            open.flush();
            assertNotNull(before.get(bytes("b")));
        }
        Set<String> damaged = new TreeSet<>();
        int rounds = damagePart(disk, Part.PROPERTIES, (name, hurt, report, manifestLost) -> {
            damaged.add(name);
            assertEquals(List.of(), lossesOf(name, report), report::toString);
            assertEquals(Map.of("a", "kept"), ToolStore.read(hurt), report::toString);
        });
        List<String> properties = new ArrayList<>();
        for (String name : damaged) {
            properties.add(dump(disk, name)
                    .lines()
                    .filter(line -> line.startsWith("properties "))
                    .findFirst()
                    .orElseThrow());
        }
        assertEquals(2, properties.size(), properties::toString);
        assertTrue(
                properties.get(1).startsWith("properties entries 0, deletes 0, range deletes 1,"),
                properties::toString);
        assertTrue(rounds > 20, rounds + " rounds");
    }

    /** Entries whose range deletes are lost are not lost with them; but what those hid shows again, and the report says so. */
    @Test
    void damagedRangeDeletesCostNoEntries() throws IOException {
        ToolStore store = new ToolStore(true);
        Lsm open = Lsm.open(store.disk, ToolStore.OPTIONS);
        // Closed after the store, whose merges may therefore not end what the snapshot does not see.
        try (Snapshot before = open.snapshot();
                open) {
            open.put(bytes("key1003"), bytes("beside the range delete"));
            open.deleteRange(bytes("key1010"), bytes("key1020"));
            open.flush();
            assertNotNull(before.get(bytes("key1015")));
        }
        store.content.put("key1003", "beside the range delete");
        int rounds = damagePart(store.disk, Part.TOMBSTONES, (name, hurt, report, manifestLost) -> {
            List<Finding> losses = lossesOf(name, report);
            assertEquals(1, losses.size(), report::toString);
            assertTrue(losses.get(0).what().contains("what they hid may show again"), report::toString);
            Map<String, String> found = ToolStore.read(hurt);
            assertEquals("beside the range delete", found.get("key1003"), report::toString);
            assertTrue(found.keySet().containsAll(without(store, "key1010", "key1020")), report::toString);
        });
        assertTrue(rounds > 1, rounds + " rounds");
    }

    private static Set<String> without(ToolStore store, String lo, String hi) {
        Set<String> keys = new TreeSet<>(store.content.keySet());
        keys.removeIf(key -> key.compareTo(lo) >= 0 && key.compareTo(hi) < 0);
        return keys;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** The damaged manifest that CURRENT names is kept, though there is a newer one that can be read. */
    @Test
    void damagedManifestIsSetAsideBesideANewerOne() throws IOException {
        ToolStore store = new ToolStore(true);
        String manifest = store.disk.list().stream()
                .filter(n -> n.startsWith("MANIFEST"))
                .findFirst()
                .orElseThrow();
        MemVfs other = store.disk.killClone();
        delete(other, "CURRENT");
        Repair.store(other); // writes a newer one that says the same
        String newer = other.list().stream()
                .filter(n -> n.startsWith("MANIFEST"))
                .max(String::compareTo)
                .orElseThrow();
        assertNotEquals(manifest, newer);
        try (WritableFile copy = store.disk.create(newer)) {
            copy.append(other.content(newer), 0, other.content(newer).length);
        }
        store.disk.corrupt(manifest, 60, 0x10);
        RepairReport report = repaired(store.disk);
        assertTrue(report.toString().contains("took " + newer), report::toString);
        assertEquals(List.of(manifest + ".damaged"), report.setAside());
        assertEquals(store.content, ToolStore.read(store.disk), report::toString);
        assertTrue(store.disk.exists(manifest + ".damaged"), report::toString);
    }

    /** What the disk cannot read is damaged, to who repairs and who verifies: all else is saved. */
    @Test
    void unreadableSectorIsDamage() throws IOException {
        ToolStore store = new ToolStore(false);
        int broken = 0;
        int filters = 0;
        for (String name : store.disk.list()) {
            byte[] content = store.disk.content(name);
            if (name.equals("LOCK")) {
                continue;
            }
            for (int at : places(name, content, name.endsWith(".wal") ? 4001 : 257)) {
                MemVfs disk = store.disk.killClone();
                FaultVfs failing = new FaultVfs(disk).badSector(name, at);
                String what = name + ", byte " + at;
                VerifyReport verified = Verify.store(failing);
                if (failing.struck() == 0) {
                    continue; // in a log that is no longer needed
                }
                assertEquals(
                        Set.of(name),
                        verified.findings().stream().map(Finding::file).collect(Collectors.toSet()),
                        () -> what + ": " + verified);
                RepairReport report = Repair.store(failing);
                failing.heal();
                assertTrue(Verify.store(disk).ok(), () -> what + ": " + report);
                Map<String, String> found = ToolStore.read(disk);
                assertWritten(store, found, what);
                boolean table = name.endsWith(".sst");
                if (table) {
                    String all = dump(store.disk, name);
                    Set<String> gone = new TreeSet<>(store.content.keySet());
                    gone.removeAll(found.keySet());
                    gone.removeIf(key -> all.contains("put \"" + key + "\"@"));
                    assertEquals(Set.of(), gone, () -> what + ": " + report);
                }
                if (!table || !(TablePlaces.isOf(content, Part.INDEX, at) || TablePlaces.isOfFooter(content, at))) {
                    assertTrue(found.size() > store.content.size() / 4, () -> what + ": " + report);
                }
                if (table && TablePlaces.isOf(content, Part.FILTER, at)) {
                    assertEquals(store.content, found, () -> what + ": " + report);
                    filters++;
                }
                broken++;
            }
        }
        assertTrue(broken > 20, broken + " sectors");
        assertTrue(filters > 0, "no sector of a filter");
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

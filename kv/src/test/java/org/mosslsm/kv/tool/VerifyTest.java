package org.mosslsm.kv.tool;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mosslsm.kv.Snapshot;
import org.mosslsm.kv.Store;
import org.mosslsm.kv.StoreOpenException;
import org.mosslsm.kv.lsm.Lsm;
import org.mosslsm.kv.lsm.LsmOptions;
import org.mosslsm.kv.lsm.table.TablePlaces;
import org.mosslsm.kv.lsm.table.TablePlaces.Part;
import org.mosslsm.kv.testkit.FaultVfs;
import org.mosslsm.kv.testkit.FaultVfs.Fault;
import org.mosslsm.kv.testkit.FaultVfs.Op;
import org.mosslsm.kv.testkit.MemVfs;

/** Verification finds nothing in good stores, everything in damaged ones, and changes neither. */
class VerifyTest {
    /** The directory of scratch files belongs to the store; what else lies there does not. */
    @Test
    void onlyWhatIsForeignIsCalledSo(@TempDir Path directory) throws IOException {
        try (Lsm store = Lsm.open(directory, LsmOptions.defaults());
                Store.ScratchFile scratch = store.scratchFile()) {
            scratch.append(new byte[10], 0, 10);
        }
        assertTrue(Files.isDirectory(directory.resolve("tmp")));
        assertEquals(List.of(), Verify.store(directory).notes());
        Files.createFile(directory.resolve("notes.txt"));
        assertEquals(
                List.of("notes.txt is not the store's"), Verify.store(directory).notes());
    }

    @Test
    void goodStoreIsOk() {
        for (boolean closed : new boolean[] {true, false}) {
            ToolStore store = new ToolStore(closed);
            VerifyReport report = Verify.store(store.disk);
            assertTrue(report.ok(), report::toString);
            assertTrue(report.tables() > 0 && report.blocks() > report.tables(), report::toString);
            assertTrue(report.logs() > 0 && report.records() > 0, report::toString);
            assertEquals(store.content, ToolStore.read(store.disk));
        }
    }

    @Test
    void everyDamagedByteIsFoundWithFileAndOffset() throws IOException {
        MemVfs disk = new ToolStore(true).disk;
        int damages = 0;
        for (String name : disk.list()) {
            int length = disk.content(name).length;
            boolean log = name.endsWith(".wal");
            for (int at = 0; at < length && !name.equals("LOCK"); at += log ? 499 : 41) {
                MemVfs hurt = disk.killClone();
                hurt.corrupt(name, at, 1 << (at & 7));
                VerifyReport report = Verify.store(hurt);
                damages++;
                // The end of a log behind its last record is no data, and its last records may look torn.
                // The same goes for the mark at the end of a manifest.
                boolean tail = log || (name.startsWith("MANIFEST") && at >= length - 15);
                String what = name + " byte " + at + ": " + report;
                assertTrue(tail || !report.ok(), what);
                assertTrue(report.findings().stream().allMatch(f -> f.file().equals(name)), what);
            }
        }
        assertTrue(damages > 200, damages + " damages");
        System.out.println("VerifyTest: " + damages + " damages, each found in its file");
    }

    @Test
    void severalDamagesAreAllFound() throws IOException {
        MemVfs disk = new ToolStore(true).disk;
        List<String> tables =
                disk.list().stream().filter(n -> n.endsWith(".sst")).sorted().toList();
        for (String name : tables) {
            disk.corrupt(name, 10, 0x40);
        }
        String large = tables.stream()
                .max(Comparator.comparingInt(name -> length(disk, name)))
                .orElseThrow();
        disk.corrupt(large, 5000, 0x01);
        if (tables.size() > 1) {
            disk.delete(tables.get(0).equals(large) ? tables.get(1) : tables.get(0));
        }
        VerifyReport report = Verify.store(disk);
        assertEquals(tables.size() + 1, report.findings().size(), report::toString);
    }

    /** The store is read without the filter, and says so; verify and dump call it damage; levels are looked at all the same. */
    @Test
    void damagedFilterIsFoundThoughTheStoreIsReadWithoutIt() throws IOException {
        ToolStore store = new ToolStore(true);
        String large = store.disk.list().stream()
                .filter(n -> n.endsWith(".sst"))
                .max(Comparator.comparingInt(name -> length(store.disk, name)))
                .orElseThrow();
        byte[] bytes = store.disk.content(large);
        int filterAt = TablePlaces.at(bytes, Part.FILTER);
        store.disk.corrupt(large, filterAt + 3, 1);
        VerifyReport report = Verify.store(store.disk);
        assertEquals(1, report.findings().size(), report::toString);
        assertEquals(filterAt, report.findings().get(0).offset());
        StringBuilder text = new StringBuilder();
        Dump.file(store.disk, large, text);
        assertTrue(text.indexOf("damage: " + large + " at offset " + filterAt) > 0, text::toString);
        assertEquals(store.content, ToolStore.read(store.disk.killClone()));
        FaultVfs disk = new FaultVfs(store.disk);
        // No merge in the background may come first, with a new table and a new filter.
        disk.failFrom(EnumSet.of(Op.CREATE), ".*sst", 1, Fault.NO_SPACE);
        try (Lsm open = Lsm.open(disk, ToolStore.OPTIONS)) {
            // A key that is nowhere is looked for in every table.
            store.content
                    .keySet()
                    .forEach(key -> assertNull(open.get((key + "~").getBytes(StandardCharsets.US_ASCII))));
            assertEquals(1, open.metrics().number("tables.filters.damaged").orElseThrow());
            assertTrue(store.disk.exists(large), large);
            disk.heal();
        }
    }

    private static int length(MemVfs disk, String name) {
        try {
            return disk.content(name).length;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void storeThatIsOpenOrMissingIsRefused() {
        MemVfs disk = new MemVfs();
        try (Lsm store = Lsm.open(disk, ToolStore.OPTIONS)) {
            store.put(new byte[1], new byte[1]);
            StoreOpenException e = assertThrows(StoreOpenException.class, () -> Verify.store(disk));
            assertEquals(StoreOpenException.Reason.LOCKED, e.reason());
        }
        StoreOpenException e = assertThrows(StoreOpenException.class, () -> Verify.store(disk.child("/nowhere")));
        assertEquals(StoreOpenException.Reason.MISSING, e.reason());
    }

    @Test
    void lostFilesAreNamed() throws IOException {
        for (String start : List.of("CURRENT", "MANIFEST")) {
            MemVfs disk = new ToolStore(true).disk;
            RepairTest.delete(disk, start);
            VerifyReport report = Verify.store(disk);
            assertFalse(report.ok());
            assertTrue(
                    report.toString().contains("CURRENT") && report.toString().contains("missing"), start);
        }
    }

    /** All but the properties themselves, and, of a table that was loaded, what they alone know. */
    @Test
    void aDumpShowsWhatStandsBehindDamagedPropertiesAndRangeDeletes() throws IOException {
        ToolStore store = new ToolStore(true);
        Lsm open = Lsm.open(store.disk, ToolStore.OPTIONS);
        // Closed after the store, whose merges may therefore not end what the snapshot does not see.
        try (Snapshot before = open.snapshot();
                open) {
            open.put("key1003".getBytes(US_ASCII), new byte[0]);
            open.deleteRange("key1010".getBytes(US_ASCII), "key1020".getBytes(US_ASCII));
            open.flush();
            assertNotNull(before.get("key1015".getBytes(US_ASCII)));
        }
        int shown = 0;
        for (String name : store.disk.list()) {
            if (!name.endsWith(".sst")) {
                continue;
            }
            List<String> whole = dump(store.disk, name);
            byte[] table = store.disk.content(name);
            for (Part part : new Part[] {Part.PROPERTIES, Part.TOMBSTONES}) {
                int from = TablePlaces.at(table, part);
                boolean loaded = whole.stream().anyMatch(line -> line.contains("sequence 0..0"));
                if (!TablePlaces.isOf(table, part, from) || (loaded && part == Part.PROPERTIES)) {
                    continue;
                }
                MemVfs hurt = store.disk.killClone();
                hurt.corrupt(name, from, 0x01);
                List<String> lines = dump(hurt, name);
                String lost = part == Part.PROPERTIES ? "properties " : "delete range ";
                assertEquals(
                        1,
                        lines.stream()
                                .filter(line -> line.startsWith("damage: "))
                                .count(),
                        lines::toString);
                assertEquals(
                        whole.stream().filter(line -> !line.startsWith(lost)).toList(),
                        lines.stream()
                                .filter(line -> !line.startsWith("damage: "))
                                .toList());
                shown++;
            }
        }
        assertTrue(shown > 2, shown + " dumps");
    }

    private static List<String> dump(MemVfs disk, String name) {
        StringBuilder text = new StringBuilder();
        Dump.file(disk, name, text);
        return text.toString().lines().toList();
    }

    @Test
    void statisticsAndDumpsReadWhatIsThere() throws IOException {
        ToolStore store = new ToolStore(true);
        long entries = 0;
        for (int level = 0; level < 7; level++) {
            entries += Statistics.of(store.disk)
                    .number("level." + level + ".entries")
                    .orElseThrow();
        }
        assertTrue(entries >= store.content.size(), entries + " entries");
        Statistics.of(store.disk)
                .metrics()
                .forEach(metric -> assertTrue(metric.name().matches("[a-z0-9.]+"), metric.name()));
        StringBuilder all = new StringBuilder();
        for (String name : store.disk.list()) {
            if (!name.equals("LOCK")) {
                Dump.file(store.disk, name, all);
            }
        }
        String text = all.toString();
        assertTrue(text.matches("(?s).*put \"load100\"@[0-9]+ = \"loaded 0\".*"), "a table's entry");
        assertTrue(text.contains("  put \"key1002\" = \"in the log\""), "a log's entry");
        assertTrue(text.contains("delete range [\"load120\", \"load125\")"), "a range delete");
        assertTrue(text.contains("manifest in force: MANIFEST-"), "CURRENT");
        assertFalse(text.contains("damage"), "no damage");
        assertThrows(IllegalArgumentException.class, () -> Dump.file(store.disk, "LOCK", all));
    }

    @Test
    void dumpGoesOnBehindDamage() throws IOException {
        MemVfs disk = new ToolStore(true).disk;
        String large = disk.list().stream()
                .filter(n -> n.endsWith(".sst"))
                .max(Comparator.comparingInt(name -> length(disk, name)))
                .orElseThrow();
        disk.corrupt(large, 10, 0x40);
        StringBuilder text = new StringBuilder();
        Dump.file(disk, large, text);
        assertTrue(text.indexOf("damage: " + large + " at offset 0") > 0, text::toString);
        assertTrue(text.indexOf("put ") > text.indexOf("damage"), text::toString);
    }
}

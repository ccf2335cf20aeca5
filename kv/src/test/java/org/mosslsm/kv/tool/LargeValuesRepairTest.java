package org.mosslsm.kv.tool;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.mosslsm.kv.lsm.Lsm;
import org.mosslsm.kv.lsm.LsmOptions;
import org.mosslsm.kv.testkit.MemVfs;

/** Stores that keep values apart, after damage: what can be read is saved, and a dump shows it. */
class LargeValuesRepairTest {
    private static final LsmOptions OPTIONS =
            LsmOptions.builder().largeValueBytes(100).build();

    private final MemVfs disk = new MemVfs();
    private final String name;

    LargeValuesRepairTest() throws IOException {
        try (Lsm store = Lsm.open(disk, OPTIONS)) {
            for (int i = 0; i < 10; i++) {
                store.put(key(i), value(i));
            }
            store.put(key(99), new byte[1]);
            store.flush();
        }
        name = disk.list().stream().filter(n -> n.endsWith(".val")).findFirst().orElseThrow();
    }

    private static byte[] key(int i) {
        return new byte[] {(byte) i};
    }

    private static byte[] value(int i) {
        byte[] value = new byte[200];
        new Random(i).nextBytes(value);
        return value;
    }

    private void expect(int lost) {
        assertTrue(Verify.store(disk).ok(), () -> Verify.store(disk).toString());
        assertTrue(Repair.store(disk).actions().isEmpty());
        try (Lsm store = Lsm.open(disk, OPTIONS)) {
            assertArrayEquals(new byte[1], store.get(key(99)));
            int missing = 0;
            for (int i = 0; i < 10; i++) {
                byte[] found = store.get(key(i));
                missing += found == null ? 1 : 0;
                assertTrue(found == null || java.util.Arrays.equals(value(i), found), "key " + i);
            }
            assertEquals(lost, missing);
        }
    }

    @Test
    void theOtherValuesOfADamagedFileAreSaved() throws IOException {
        disk.corrupt(name, 500, 1);
        assertFalse(Verify.store(disk).ok());
        RepairReport report = Repair.store(disk);
        assertTrue(report.losses().stream().anyMatch(f -> f.file().equals(name)), report::toString);
        assertTrue(disk.exists(name + ".damaged"));
        expect(1);
    }

    @Test
    void aFooterIsNotNeeded() throws IOException {
        disk.truncate(name, disk.content(name).length - 20);
        Repair.store(disk);
        expect(0);
    }

    @Test
    void aMissingFileCostsItsValuesAlone() throws IOException {
        disk.delete(name);
        assertFalse(Verify.store(disk).ok());
        Repair.store(disk);
        expect(10);
    }

    @Test
    void withoutAManifestValuesAreFoundAgain() throws IOException {
        disk.delete("CURRENT");
        for (String manifest :
                disk.list().stream().filter(n -> n.startsWith("MANIFEST")).toList()) {
            disk.truncate(manifest, 3);
        }
        Repair.store(disk);
        expect(0);
    }

    @Test
    void aDumpShowsValuesAndPointers() throws IOException {
        StringBuilder values = new StringBuilder();
        Dump.file(disk, name, values);
        assertTrue(values.toString().startsWith("value file " + name), values::toString);
        assertEquals(11, values.toString().lines().count());
        String table =
                disk.list().stream().filter(n -> n.endsWith(".sst")).findFirst().orElseThrow();
        StringBuilder entries = new StringBuilder();
        Dump.file(disk, table, entries);
        assertTrue(entries.toString().contains("at 16 of " + name), entries::toString);
        assertEquals(1, Statistics.of(disk).number("values.files").orElseThrow());
        assertEquals(0, Statistics.of(disk).number("values.garbage.bytes").orElseThrow());
        assertEquals(List.of(), Verify.store(disk).findings());
        assertNull(
                disk.list().stream().filter(n -> n.endsWith(".tmp")).findFirst().orElse(null));
    }
}

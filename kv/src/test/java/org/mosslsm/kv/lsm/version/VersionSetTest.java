package org.mosslsm.kv.lsm.version;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mosslsm.kv.lsm.version.TestFiles.key;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mosslsm.kv.CorruptionException;
import org.mosslsm.kv.StoreClosedException;
import org.mosslsm.kv.StoreOpenException;
import org.mosslsm.kv.lsm.table.BlockCache;
import org.mosslsm.kv.lsm.table.TableClosedException;
import org.mosslsm.kv.lsm.table.TableReader;
import org.mosslsm.kv.vfs.OsVfs;
import org.mosslsm.kv.vfs.Vfs;

/** What a version set was told is there after it was opened again, and files live as long as somebody reads them. */
class VersionSetTest {
    @TempDir
    Path directory;

    @Test
    void startsEmptyAndRemembersEdits() {
        long next;
        try (VersionSet set = open()) {
            assertEquals(List.of(), set.current().allFiles());
            FileMeta a = add(set, 0, "a", "c", 7);
            add(set, 1, "x", "z", 9);
            set.apply(new VersionEdit().remove(0, a).add(2, a).logNumber(33));
            next = set.newFileNumber();
        }
        try (VersionSet set = open()) {
            assertEquals(0, set.current().files(0).size());
            assertEquals(1, set.current().files(1).size());
            assertEquals(1, set.current().files(2).size());
            assertEquals(33, set.logNumber());
            assertEquals(9, set.lastSequence());
            assertTrue(set.newFileNumber() > next - 1, "a number is not given twice");
            FileMeta file = set.current().files(2).get(0);
            assertEquals(2, set.tables().reader(file).properties().entries());
            assertSame(set.tables().reader(file), set.tables().reader(file));
        }
    }

    @Test
    void filesLiveAsLongAsAVersionThatHoldsThem() {
        try (VersionSet set = open()) {
            FileMeta a = add(set, 1, "a", "c", 7);
            TableReader reader = set.tables().reader(a);
            Version held = set.acquire();
            assertSame(set.current(), held);
            FileMeta b = TestFiles.write(vfs(), set.newFileNumber(), "a", "c", 8);
            set.apply(new VersionEdit().remove(1, a).add(1, b));
            assertNotSame(set.current(), held);
            assertTrue(exists(a.name()));
            assertTrue(reader.cursor(true).seekFirst());
            held.release();
            assertFalse(exists(a.name()));
            assertThrows(TableClosedException.class, () -> set.tables().reader(a));
            assertThrows(TableClosedException.class, () -> reader.cursor(false).seekFirst());
            assertTrue(exists(b.name()));
        }
    }

    @Test
    void aMovedFileStays() {
        try (VersionSet set = open()) {
            FileMeta a = add(set, 0, "a", "c", 7);
            for (int level = 0; level < 6; level++) {
                set.apply(new VersionEdit().remove(level, a).add(level + 1, a));
            }
            assertTrue(exists(a.name()));
            set.apply(new VersionEdit().remove(6, a));
            assertFalse(exists(a.name()));
        }
    }

    @Test
    void anEditThatDoesNotFitChangesNothing() {
        try (VersionSet set = open()) {
            FileMeta a = add(set, 1, "a", "c", 7);
            Version before = set.current();
            FileMeta overlapping = TestFiles.write(vfs(), set.newFileNumber(), "b", "d", 8);
            assertThrows(IllegalStateException.class, () -> set.apply(new VersionEdit().add(1, overlapping)));
            assertSame(before, set.current());
            set.apply(new VersionEdit().remove(1, a).add(1, overlapping));
        }
    }

    @Test
    void orphansAreSweptAndForeignFilesStay() throws IOException {
        try (VersionSet set = open()) {
            add(set, 0, "a", "c", 7);
        }
        Files.writeString(directory.resolve("000777.sst"), "of a flush that did not finish");
        Files.writeString(directory.resolve("MANIFEST-000555"), "of a roll that did not finish");
        Files.writeString(directory.resolve("CURRENT.tmp"), "x");
        Files.writeString(directory.resolve("000778.wal"), "a log");
        Files.writeString(directory.resolve("notes.txt"), "somebody's");
        try (VersionSet set = open()) {
            assertEquals(1, set.current().allFiles().size());
            assertTrue(set.newFileNumber() > 778, "numbers of files that are there are not used again");
        }
        Set<String> names = names();
        assertTrue(names.contains("notes.txt") && names.contains("000778.wal"), names.toString());
        assertFalse(names.contains("000777.sst") || names.contains("MANIFEST-000555"), names.toString());
        assertFalse(names.contains("CURRENT.tmp"), names.toString());
    }

    @Test
    void theManifestIsRolledWhenItHasGrown() {
        try (VersionSet set = open()) {
            String key = "k".repeat(40_000);
            for (int i = 0; i < 60; i++) {
                FileMeta file = add(set, 1, key, key + i, 7);
                set.apply(new VersionEdit().remove(1, file));
                assertTrue(set.manifestBytes() < (2 << 20), set.manifestBytes() + " bytes");
            }
            add(set, 1, "a", "b", 9);
        }
        assertEquals(1, names().stream().filter(n -> n.startsWith("MANIFEST")).count());
        try (VersionSet set = open()) {
            assertEquals(1, set.current().files(1).size());
            assertEquals(9, set.lastSequence());
        }
    }

    @Test
    void aManifestThatIsWholeIsGoneOnWith() throws IOException {
        String name;
        byte[] closed;
        try (VersionSet set = open()) {
            add(set, 0, "a", "c", 7);
            name = set.manifestName();
        }
        closed = Files.readAllBytes(directory.resolve(name));
        try (VersionSet set = open()) {
            assertEquals(name, set.manifestName());
            assertArrayEquals(closed, Files.readAllBytes(directory.resolve(name)), "opening writes nothing");
            add(set, 1, "x", "z", 9);
        }
        try (VersionSet set = open()) {
            assertEquals(name, set.manifestName());
            assertEquals(2, set.current().allFiles().size());
            assertEquals(9, set.lastSequence());
        }
    }

    @Test
    void aManifestWithATornEndIsNotAppendedTo() throws IOException {
        String name;
        try (VersionSet set = open()) {
            add(set, 0, "a", "c", 7);
            name = set.manifestName();
        }
        byte[] whole = Files.readAllBytes(directory.resolve(name));
        for (int torn : new int[] {-15, -14, -1, 1, 40}) {
            // Less: the mark that says that all is on the device is gone. More: an edit that did not get far.
            Files.write(directory.resolve(name), Arrays.copyOf(whole, whole.length + torn));
            try (VersionSet set = open()) {
                assertNotEquals(name, set.manifestName(), "with " + torn + " bytes");
                assertEquals(1, set.current().allFiles().size());
                name = set.manifestName();
            }
            whole = Files.readAllBytes(directory.resolve(name));
        }
    }

    @Test
    void aDirectoryOfOthersIsRefused() throws IOException {
        Files.writeString(directory.resolve("thesis.tex"), "x");
        expectNotAStore();
        assertEquals(new TreeSet<>(List.of("thesis.tex")), names(), "nothing was touched");
    }

    @Test
    void aStoreWithoutCurrentIsRefused() throws IOException {
        try (VersionSet set = open()) {
            add(set, 0, "a", "c", 7);
        }
        Set<String> before = names();
        before.remove("CURRENT");
        Files.delete(directory.resolve("CURRENT"));
        expectNotAStore();
        assertEquals(before, names(), "nothing was touched");
    }

    @Test
    void aStoreWithoutItsManifestIsRefused() throws IOException {
        try (VersionSet set = open()) {
            add(set, 0, "a", "c", 7);
            Files.delete(directory.resolve(set.manifestName()));
        }
        expectNotAStore();
    }

    @Test
    void aDamagedCurrentIsRefused() throws IOException {
        open().close();
        Path current = directory.resolve("CURRENT");
        byte[] whole = Files.readAllBytes(current);
        for (int i = 0; i < whole.length; i++) {
            byte[] damaged = whole.clone();
            damaged[i] ^= 1;
            Files.write(current, damaged);
            assertThrows(StoreOpenException.class, this::open, "byte " + i);
        }
        Files.write(current, new byte[0]);
        expectNotAStore();
        Files.write(current, new byte[5000]);
        expectNotAStore();
        Files.write(current, whole);
        open().close();
    }

    @Test
    void aNewerFormatIsTold() throws IOException {
        open().close();
        Files.writeString(directory.resolve("CURRENT"), "mosslsm store format 4\nwhatever comes then\n");
        StoreOpenException e = assertThrows(StoreOpenException.class, this::open);
        assertEquals(StoreOpenException.Reason.NEWER_FORMAT, e.reason());
        assertTrue(e.getMessage().contains("version 4"), e.getMessage());
    }

    @Test
    void aMissingTableIsDamage() throws IOException {
        String name;
        try (VersionSet set = open()) {
            name = add(set, 0, "a", "c", 7).name();
        }
        Files.delete(directory.resolve(name));
        CorruptionException e = assertThrows(CorruptionException.class, this::open);
        assertEquals(name, e.file());
    }

    @Test
    void aTableOfAnotherSizeIsDamage() throws IOException {
        FileMeta file;
        try (VersionSet set = open()) {
            file = add(set, 0, "a", "c", 7);
        }
        FileMeta other = TestFiles.write(vfs(), file.number(), "a", "cc", 7);
        assertTrue(other.size() != file.size());
        try (VersionSet set = open()) {
            FileMeta read = set.current().files(0).get(0);
            assertThrows(CorruptionException.class, () -> set.tables().reader(read));
        }
    }

    @Test
    void aStartThatDidNotFinishIsStartedAgain() throws IOException {
        Files.writeString(directory.resolve("LOCK"), "");
        Files.writeString(directory.resolve("MANIFEST-000001"), "to");
        Files.writeString(directory.resolve("CURRENT.tmp"), "mosslsm st");
        try (VersionSet set = open()) {
            add(set, 0, "a", "c", 7);
        }
        try (VersionSet set = open()) {
            assertEquals(1, set.current().allFiles().size());
        }
    }

    @Test
    void anExportedVersionIsAStore() throws IOException {
        Vfs copy;
        try (VersionSet set = open()) {
            copy = new OsVfs(Files.createDirectory(directory.resolve("copy")));
            FileMeta a = add(set, 0, "a", "c", 7);
            Version version = set.acquire();
            vfs().link(a.name(), copy, a.name());
            set.export(version, copy, 50, set.lastSequence());
            version.release();
        }
        try (VersionSet set = VersionSet.open(copy, new BlockCache(1 << 20))) {
            FileMeta a = set.current().files(0).get(0);
            assertTrue(set.tables().reader(a).cursor(true).seek(key("a"), 0, 1, Long.MAX_VALUE));
            assertEquals(50, set.logNumber());
        }
    }

    @Test
    void aClosedSetTakesNoEdits() {
        VersionSet set = open();
        set.close();
        set.close();
        assertThrows(StoreClosedException.class, () -> set.apply(new VersionEdit()));
    }

    private void expectNotAStore() {
        StoreOpenException e = assertThrows(StoreOpenException.class, this::open);
        assertEquals(StoreOpenException.Reason.NOT_A_STORE, e.reason(), e.getMessage());
    }

    private FileMeta add(VersionSet set, int level, String smallest, String largest, long seq) {
        FileMeta file = TestFiles.write(vfs(), set.newFileNumber(), smallest, largest, seq);
        set.apply(new VersionEdit().add(level, file));
        return file;
    }

    private VersionSet open() {
        return VersionSet.open(vfs(), new BlockCache(1 << 20));
    }

    private Vfs vfs() {
        return new OsVfs(directory);
    }

    private boolean exists(String name) {
        return Files.exists(directory.resolve(name));
    }

    private Set<String> names() {
        return new TreeSet<>(List.of(directory.toFile().list()));
    }
}

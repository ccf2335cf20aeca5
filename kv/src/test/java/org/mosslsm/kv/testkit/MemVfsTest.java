package org.mosslsm.kv.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.mosslsm.kv.vfs.Vfs;
import org.mosslsm.kv.vfs.WritableFile;

/** A disk in memory is a disk, and a crash leaves of it what one may leave of a disk. */
class MemVfsTest extends VfsContract {
    @Override
    protected Vfs vfs() {
        return new MemVfs();
    }

    private static MemVfs halfSynced() throws IOException {
        MemVfs vfs = new MemVfs();
        try (WritableFile file = vfs.create("a")) {
            file.append("synced".getBytes(java.nio.charset.StandardCharsets.UTF_8), 0, 6);
            file.sync();
            vfs.syncDir();
            file.append("+lost?".getBytes(java.nio.charset.StandardCharsets.UTF_8), 0, 6);
        }
        write(vfs, "b", "whole file");
        return vfs;
    }

    @Test
    void droppedKeepsWhatWasSyncedOnly() throws IOException {
        MemVfs after = halfSynced().crashClone(1, CrashPolicy.DROPPED);
        assertEquals("synced", read(after, "a"));
        assertFalse(after.exists("b"));
    }

    @Test
    void keptKeepsAll() throws IOException {
        MemVfs after = halfSynced().killClone();
        assertEquals("synced+lost?", read(after, "a"));
        assertEquals("whole file", read(after, "b"));
    }

    @Test
    void tornGivesEachOfThePossibleStatesAndNoOther() throws IOException {
        MemVfs vfs = halfSynced();
        Set<String> states = new HashSet<>();
        for (long seed = 0; seed < 200; seed++) {
            MemVfs after = vfs.crashClone(seed, CrashPolicy.TORN);
            states.add(read(after, "a") + "|" + (after.exists("b") ? read(after, "b") : "-"));
        }
        assertEquals(
                Set.of(
                        "synced|-",
                        "synced+lost?|-",
                        "synced|",
                        "synced+lost?|",
                        "synced|whole file",
                        "synced+lost?|whole file"),
                states);
    }

    @Test
    void tornWritesAreCutAtSectors() throws IOException {
        MemVfs vfs = new MemVfs();
        byte[] bytes = new byte[4 * 512];
        java.util.Arrays.fill(bytes, (byte) 1);
        try (WritableFile file = vfs.create("a")) {
            vfs.syncDir();
            file.append(bytes, 0, bytes.length);
        }
        boolean holeSeen = false;
        for (long seed = 0; seed < 100; seed++) {
            byte[] found = vfs.crashClone(seed, CrashPolicy.TORN).content("a");
            assertEquals(0, found.length % 512, "seed " + seed);
            holeSeen |= found.length == bytes.length && found[0] == 0;
        }
        assertTrue(holeSeen, "a later sector without an earlier one");
    }

    @Test
    void unsyncedRenameMayBeUndone() throws IOException {
        MemVfs vfs = new MemVfs();
        write(vfs, "old", "1");
        vfs.syncDir();
        vfs.reuse("old", "new").close();
        assertEquals(
                Set.of("old"), Set.copyOf(vfs.crashClone(1, CrashPolicy.DROPPED).list()));
        assertEquals(Set.of("new"), Set.copyOf(vfs.killClone().list()));
    }

    @Test
    void unsyncedDeleteMayBeUndone() throws IOException {
        MemVfs vfs = halfSynced();
        vfs.delete("a");
        assertEquals("synced", read(vfs.crashClone(1, CrashPolicy.DROPPED), "a"));
    }

    @Test
    void cloneIsIndependentAndUnlocked() throws IOException {
        MemVfs vfs = halfSynced();
        vfs.lock();
        MemVfs after = vfs.killClone();
        after.lock().close();
        vfs.delete("a");
        assertTrue(after.exists("a"));
    }

    @Test
    void openFilesAreCounted() throws IOException {
        MemVfs vfs = new MemVfs();
        WritableFile file = vfs.create("a");
        assertEquals(1, vfs.openFiles());
        file.close();
        file.close();
        assertEquals(0, vfs.openFiles());
    }
}

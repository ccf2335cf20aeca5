package org.mosslsm.kv.testkit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.mosslsm.kv.StoreOpenException;
import org.mosslsm.kv.vfs.RandomFile;
import org.mosslsm.kv.vfs.Vfs;
import org.mosslsm.kv.vfs.WritableFile;

/** What every {@link Vfs} does alike. */
public abstract class VfsContract {
    /** An empty directory that exists. */
    protected abstract Vfs vfs() throws IOException;

    /** Writes a whole file. */
    protected static void write(Vfs vfs, String name, String text) throws IOException {
        try (WritableFile file = vfs.create(name)) {
            append(file, text);
        }
    }

    private static void append(WritableFile file, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        file.append(bytes, 0, bytes.length);
    }

    /** Reads a whole file. */
    protected static String read(Vfs vfs, String name) throws IOException {
        try (RandomFile file = vfs.openRead(name)) {
            byte[] bytes = new byte[(int) file.size()];
            if (bytes.length > 0) {
                assertEquals(bytes.length, file.read(0, bytes, 0, bytes.length));
            }
            return new String(bytes, StandardCharsets.UTF_8);
        }
    }

    @Test
    void whatWasAppendedIsRead() throws IOException {
        Vfs vfs = vfs();
        try (WritableFile file = vfs.create("a")) {
            append(file, "moss");
            append(file, "-grows");
            assertEquals(10, file.size());
            file.sync();
            assertEquals("moss-grows", read(vfs, "a"));
        }
        vfs.syncDir();
        assertEquals("moss-grows", read(vfs, "a"));
    }

    @Test
    void readsAtAnyPositionAndStopsAtTheEnd() throws IOException {
        Vfs vfs = vfs();
        write(vfs, "a", "0123456789");
        try (RandomFile file = vfs.openRead("a")) {
            byte[] into = new byte[6];
            assertEquals(3, file.read(4, into, 2, 3));
            assertArrayEquals(new byte[] {0, 0, '4', '5', '6', 0}, into);
            assertEquals(2, file.read(8, into, 0, 6));
            assertEquals(-1, file.read(10, into, 0, 6));
            assertEquals(-1, file.read(1000, into, 0, 6));
        }
    }

    @Test
    void closedFileIsNotRead() throws IOException {
        Vfs vfs = vfs();
        write(vfs, "a", "0123456789");
        RandomFile file = vfs.openRead("a");
        file.close();
        file.close();
        assertThrows(ClosedChannelException.class, () -> file.read(0, new byte[1], 0, 1));
    }

    @Test
    void largeReadsComeWhole() throws IOException {
        Vfs vfs = vfs();
        byte[] bytes = new byte[300_000];
        new java.util.Random(7).nextBytes(bytes);
        try (WritableFile file = vfs.create("a")) {
            file.append(bytes, 0, bytes.length);
        }
        try (RandomFile file = vfs.openRead("a")) {
            byte[] into = new byte[bytes.length];
            assertEquals(bytes.length, file.read(0, into, 0, into.length));
            assertArrayEquals(bytes, into);
        }
    }

    @Test
    void createReplacesAndLeavesLinksAlone() throws IOException {
        Vfs vfs = vfs();
        write(vfs, "a", "old");
        vfs.link("a", vfs, "b");
        write(vfs, "a", "newer");
        assertEquals("newer", read(vfs, "a"));
        assertEquals("old", read(vfs, "b"));
        assertThrows(FileAlreadyExistsException.class, () -> vfs.link("a", vfs, "b"));
    }

    @Test
    void renameReplacesAndDeleteRemoves() throws IOException {
        Vfs vfs = vfs();
        write(vfs, "a", "1");
        write(vfs, "b", "2");
        vfs.rename("a", "b");
        assertEquals("1", read(vfs, "b"));
        assertFalse(vfs.exists("a"));
        assertEquals(Set.of("b"), Set.copyOf(vfs.list()));
        vfs.delete("b");
        assertEquals(Set.of(), Set.copyOf(vfs.list()));
    }

    @Test
    void missingFilesAreNamed() throws IOException {
        Vfs vfs = vfs();
        assertThrows(NoSuchFileException.class, () -> vfs.openRead("a"));
        assertThrows(NoSuchFileException.class, () -> vfs.delete("a"));
        assertThrows(NoSuchFileException.class, () -> vfs.rename("a", "b"));
        assertThrows(NoSuchFileException.class, () -> vfs.reuse("a", "b"));
        assertThrows(NoSuchFileException.class, () -> vfs.link("a", vfs, "b"));
    }

    @Test
    void namesAreNotPaths() throws IOException {
        Vfs vfs = vfs();
        for (String name : new String[] {"../a", "x/a", "..", "."}) {
            assertThrows(IllegalArgumentException.class, () -> vfs.create(name), name);
        }
    }

    @Test
    void reusedFileIsWrittenFromItsStart() throws IOException {
        Vfs vfs = vfs();
        write(vfs, "a", "0123456789");
        try (WritableFile file = vfs.reuse("a", "b")) {
            assertEquals(0, file.size());
            append(file, "xyz");
            assertEquals(3, file.size());
        }
        assertEquals("xyz3456789", read(vfs, "b"));
        assertFalse(vfs.exists("a"));
    }

    @Test
    void extendedFileIsWrittenFromThePlaceGiven() throws IOException {
        Vfs vfs = vfs();
        write(vfs, "a", "0123456789");
        try (WritableFile file = vfs.extend("a", 4)) {
            assertEquals("0123456789", read(vfs, "a"));
            assertEquals(4, file.size());
            append(file, "xyz");
            assertEquals(7, file.size());
            file.sync();
        }
        assertEquals("0123xyz789", read(vfs, "a"));
        assertThrows(NoSuchFileException.class, () -> vfs.extend("b", 0));
        assertFalse(vfs.exists("b"));
    }

    @Test
    void preallocatedRoomIsZeroAndDoesNotMoveTheEnd() throws IOException {
        Vfs vfs = vfs();
        try (WritableFile file = vfs.create("a")) {
            append(file, "ab");
            file.preallocate(6);
            file.preallocate(4);
            append(file, "cd");
            assertEquals(4, file.size());
        }
        assertEquals("abcd\0\0", read(vfs, "a"));
    }

    /** Where the file system cannot do it, the same by writes. */
    @Test
    void appendsIntoMappedRoomReadAsAnyOthers() throws IOException {
        Vfs vfs = vfs();
        StringBuilder expected = new StringBuilder();
        try (WritableFile file = vfs.create("a")) {
            append(file, expected, "ab");
            boolean mapped = file.mapAhead(true);
            for (int room = 5_000; room < 50_000; room += 5_000) {
                file.preallocate(room);
                while (expected.length() < room - 3) { // so that one append goes beyond the room
                    append(file, expected, "piece " + expected.length() + ";");
                }
            }
            assertEquals(expected.length(), file.size());
            assertEquals(expected.toString(), read(vfs, "a").substring(0, expected.length()));
            file.sync();

            file.truncate(7_000);
            expected.setLength(7_000);
            append(file, expected, "after the cut");
            assertEquals(expected.toString(), read(vfs, "a"));
            file.preallocate(9_000);
            append(file, expected, "mapped again");
            file.truncate(expected.length());
            assertEquals(expected.toString(), read(vfs, "a"));

            file.preallocate(12_000);
            append(file, expected, "and again");
            assertFalse(file.mapAhead(false));
            append(file, expected, "written");
            file.truncate(expected.length());
            assertEquals(expected.toString(), read(vfs, "a"), "mapped: " + mapped);
        }
        assertEquals(expected.toString(), read(vfs, "a"));
    }

    private static void append(WritableFile file, StringBuilder expected, String text) throws IOException {
        append(file, text);
        expected.append(text);
    }

    @Test
    void truncatedFilesAreAppendedToFromThere() throws IOException {
        Vfs vfs = vfs();
        try (WritableFile file = vfs.create("a")) {
            append(file, "0123456789");
            file.truncate(4);
            assertEquals(4, file.size());
            assertEquals("0123", read(vfs, "a"));
            append(file, "xy");
            file.sync();
            assertEquals(6, file.size());
        }
        assertEquals("0123xy", read(vfs, "a"));
        try (WritableFile file = vfs.reuse("a", "b")) {
            append(file, "A");
            file.truncate(1);
            append(file, "B");
        }
        assertEquals("AB", read(vfs, "b"), "what a reused file held beyond is gone");
    }

    @Test
    void lockExcludesUntilClosed() throws IOException {
        Vfs vfs = vfs();
        Closeable lock = vfs.lock();
        StoreOpenException refused = assertThrows(StoreOpenException.class, vfs::lock);
        assertEquals(StoreOpenException.Reason.LOCKED, refused.reason());
        lock.close();
        lock.close();
        vfs.lock().close();
    }

    @Test
    void aDirectoryMovesWholeAndReplacesNothing() throws IOException {
        Vfs vfs = vfs();
        Vfs child = vfs.child("one");
        child.createDirectory();
        write(child, "a", "text");
        child.moveDirectory(vfs.child("two"));
        assertFalse(child.directoryExists());
        assertEquals("text", read(vfs.child("two"), "a"));
        child.createDirectory();
        assertThrows(FileAlreadyExistsException.class, () -> vfs.child("two").moveDirectory(child));
        assertEquals("text", read(vfs.child("two"), "a"));
        assertEquals(List.of(), child.list());
    }

    @Test
    void childrenAreCreatedAndLinkedInto() throws IOException {
        Vfs vfs = vfs();
        write(vfs, "a", "text");
        Vfs child = vfs.child("copy");
        assertFalse(child.directoryExists());
        assertThrows(NoSuchFileException.class, child::list);
        child.createDirectory();
        child.createDirectory();
        assertTrue(child.directoryExists());
        vfs.link("a", child, "b");
        child.syncDir();
        vfs.delete("a");
        assertEquals("text", read(child, "b"));
        assertEquals("text", read(vfs.child(child.path()), "b"));
    }

    @Test
    void interruptedThreadsReadAndWriteOn() throws IOException {
        Vfs vfs = vfs();
        write(vfs, "a", "0123456789");
        try (RandomFile in = vfs.openRead("a");
                WritableFile out = vfs.create("b")) {
            Thread.currentThread().interrupt();
            byte[] into = new byte[10];
            assertEquals(10, in.read(0, into, 0, 10));
            assertEquals(10, in.size());
            out.append(into, 0, 10);
            out.mapAhead(true);
            out.preallocate(20);
            out.append(into, 0, 0);
            out.sync();
            vfs.syncDir();
            vfs.list();
            vfs.lock().close();
            assertEquals("0123456789", read(vfs, "a"));
            assertTrue(Thread.currentThread().isInterrupted(), "the flag is kept");
        } finally {
            Thread.interrupted();
        }
    }
}

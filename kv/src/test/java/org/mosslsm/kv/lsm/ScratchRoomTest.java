package org.mosslsm.kv.lsm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mosslsm.kv.KvIoException;
import org.mosslsm.kv.Store;
import org.mosslsm.kv.Store.ScratchFile;
import org.mosslsm.kv.StoreClosedException;
import org.mosslsm.kv.memory.MemoryStore;
import org.mosslsm.kv.testkit.FaultVfs;
import org.mosslsm.kv.testkit.MemVfs;

/** Scratch files: what is written comes back, nothing stays, and their failures are not the store's. */
class ScratchRoomTest {
    @TempDir
    Path directory;

    @Test
    void bytesComeBackFromAnyPosition() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        try (Store lsm = Lsm.open(directory.resolve("s"), LsmOptions.defaults());
                Store memory = new MemoryStore()) {
            for (Store store : List.of(lsm, memory)) {
                byte[] all = new byte[200_000];
                random.nextBytes(all);
                try (ScratchFile file = store.scratchFile();
                        ScratchFile other = store.scratchFile()) {
                    for (int at = 0; at < all.length; ) {
                        int n = Math.min(all.length - at, random.nextInt(5_000));
                        file.append(all, at, n);
                        other.append(all, 0, 1);
                        at += n;
                        assertEquals(at, file.size());
                    }
                    for (int i = 0; i < 200; i++) {
                        int from = random.nextInt(all.length);
                        byte[] part = new byte[random.nextInt(all.length - from)];
                        file.read(from, part, 0, part.length);
                        assertArrayEquals(
                                java.util.Arrays.copyOfRange(all, from, from + part.length), part, "seed " + seed);
                    }
                    assertThrows(IllegalArgumentException.class, () -> file.read(all.length - 1, new byte[2], 0, 2));
                }
            }
        }
    }

    @Test
    void nothingStaysWhenFileOrStoreIsClosed() throws IOException {
        Path store = directory.resolve("s");
        ScratchFile open;
        try (Lsm lsm = Lsm.open(store, LsmOptions.defaults())) {
            open = lsm.scratchFile();
            open.append(new byte[10], 0, 10);
            ScratchFile closed = lsm.scratchFile();
            closed.append(new byte[10], 0, 10);
            assertEquals(2, files(store));
            closed.close();
            closed.close();
            assertEquals(1, files(store));
        }
        assertEquals(0, files(store));
        assertThrows(StoreClosedException.class, () -> open.append(new byte[1], 0, 1));
        open.close();
    }

    @Test
    void whatAKilledProcessLeftIsSweptWhenTheStoreIsOpened() throws IOException {
        Path store = directory.resolve("s");
        Lsm.open(store, LsmOptions.defaults()).close();
        Files.createDirectories(store.resolve("tmp"));
        Files.write(store.resolve("tmp/scratch-1"), new byte[10]);
        try (Lsm lsm = Lsm.open(store, LsmOptions.defaults())) {
            assertEquals(0, files(store));
            try (ScratchFile file = lsm.scratchFile()) {
                file.append(new byte[3], 0, 3);
                assertEquals(3, file.size());
            }
        }
    }

    @Test
    void aFullDiskConcernsTheFileAndNotTheStore() {
        FaultVfs vfs = new FaultVfs(new MemVfs());
        try (Lsm lsm = Lsm.open(vfs, LsmOptions.defaults());
                ScratchFile file = lsm.scratchFile()) {
            file.append(new byte[10], 0, 10);
            vfs.failFrom(EnumSet.of(FaultVfs.Op.APPEND), "scratch-.*", 1, FaultVfs.Fault.NO_SPACE);
            KvIoException e = assertThrows(KvIoException.class, () -> file.append(new byte[10], 0, 10));
            assertTrue(e.getMessage().contains("tmp/scratch-1"), e.getMessage());
            lsm.put(new byte[] {1}, new byte[] {2});
            assertArrayEquals(new byte[] {2}, lsm.get(new byte[] {1}));
        }
    }

    private static long files(Path store) throws IOException {
        if (!Files.exists(store.resolve("tmp"))) {
            return 0;
        }
        try (Stream<Path> all = Files.list(store.resolve("tmp"))) {
            return all.count();
        }
    }

    @Test
    void aFileThatStaysEmptyIsNeverMade() throws IOException {
        Path store = directory.resolve("s");
        try (Lsm lsm = Lsm.open(store, LsmOptions.defaults());
                ScratchFile file = lsm.scratchFile()) {
            assertEquals(0, file.size());
            assertEquals(0, files(store));
            assertFalse(Files.exists(store.resolve("tmp/scratch-1")));
        }
    }
}

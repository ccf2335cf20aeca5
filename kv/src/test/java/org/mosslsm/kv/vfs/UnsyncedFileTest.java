package org.mosslsm.kv.vfs;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.mosslsm.kv.testkit.MemVfs;

/** Temporary files hold few descriptors among them, however many there are, and give back what was put into them. */
@Timeout(value = 600, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class UnsyncedFileTest {
    private static final int LIMIT = 3;

    @TempDir
    Path directory;

    private final OpenFiles open = new OpenFiles(LIMIT);

    /** A file beside what should be in it. */
    private static final class Mirrored {
        final UnsyncedFile file;
        byte[] content = new byte[0];

        Mirrored(UnsyncedFile file) {
            this.file = file;
        }

        void append(byte[] bytes) throws IOException {
            file.append(bytes, 0, bytes.length);
            int end = content.length;
            content = Arrays.copyOf(content, end + bytes.length);
            System.arraycopy(bytes, 0, content, end, bytes.length);
            assertEquals(content.length, file.size());
        }

        void read(Random random, String where) throws IOException {
            int from = random.nextInt(content.length + 1);
            byte[] into = new byte[1 + random.nextInt(200)];
            int n = file.read(from, into, 0, into.length);
            int expected = Math.min(into.length, content.length - from);
            assertEquals(expected == 0 ? -1 : expected, n, where);
            assertArrayEquals(Arrays.copyOfRange(content, from, from + expected), Arrays.copyOf(into, expected), where);
        }
    }

    private void work(Vfs vfs, int thread, int files, long seed) throws IOException {
        Random random = new Random(seed + thread);
        List<Mirrored> all = new ArrayList<>();
        for (int i = 0; i < files; i++) {
            all.add(new Mirrored(vfs.createUnsynced("scratch-" + thread + "-" + i)));
        }
        for (int step = 0; step < 3_000; step++) {
            if (step % 16 == 0) {
                Thread.currentThread().interrupt();
            }
            Mirrored one = all.get(random.nextInt(files));
            if (random.nextBoolean()) {
                byte[] bytes = new byte[random.nextInt(100)];
                random.nextBytes(bytes);
                one.append(bytes);
            } else {
                one.read(random, "seed " + seed + ", step " + step);
            }
            if (step % 16 == 0) {
                assertTrue(Thread.interrupted(), "the interrupt was lost, seed " + seed);
            }
        }
        for (Mirrored one : all) {
            one.file.close();
            one.file.close();
        }
    }

    @Test
    void manyFilesHoldFewDescriptors() throws IOException {
        OsVfs vfs = new OsVfs(directory, open);
        List<UnsyncedFile> files = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            files.add(vfs.createUnsynced("scratch-" + i));
            files.get(i).append(new byte[] {(byte) i}, 0, 1);
        }
        for (int round = 1; round <= 3; round++) {
            for (int i = 0; i < 40; i++) {
                byte[] read = new byte[round];
                assertEquals(round, files.get(i).read(0, read, 0, round));
                assertEquals((byte) i, read[round - 1]);
                files.get(i).append(new byte[] {(byte) i}, 0, 1);
                assertTrue(open.count() <= LIMIT, "open: " + open.count());
            }
        }
        for (UnsyncedFile file : files) {
            file.close();
        }
        assertEquals(0, open.count());
        assertThrows(ClosedChannelException.class, () -> files.get(0).read(0, new byte[1], 0, 1));
        assertEquals(0, open.count(), "a file closed for good was opened again");
    }

    @Test
    void anyDiskGivesBackWhatWasAppended() throws IOException {
        long seed = System.nanoTime();
        MemVfs memory = new MemVfs();
        work(memory, 0, 10, seed);
        assertEquals(0, memory.openFiles());
        work(new OsVfs(directory, open), 0, 10, seed);
        assertEquals(0, open.count());
    }

    @Test
    void threadsParkEachOthersFiles() throws Exception {
        OsVfs vfs = new OsVfs(directory, open);
        long seed = System.nanoTime();
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            List<Callable<Integer>> workers = new ArrayList<>();
            for (int t = 0; t < 4; t++) {
                int thread = t;
                workers.add(() -> {
                    work(vfs, thread, 5, seed);
                    return 1;
                });
            }
            for (Future<Integer> worker : threads.invokeAll(workers)) {
                assertEquals(1, worker.get(), "seed " + seed);
            }
        } finally {
            threads.shutdown();
        }
        assertEquals(0, open.count());
    }

    @Test
    void whatClosingAParkedFileLostIsTold() throws IOException {
        Path path = Files.createFile(directory.resolve("scratch"));
        try (OsUnsyncedFile file = new OsUnsyncedFile(path, open, () -> new RandomAccessFile(path.toFile(), "rw") {
            @Override
            public void close() throws IOException {
                super.close();
                throw new IOException("Disk quota exceeded");
            }
        })) {
            file.append(new byte[10], 0, 10);
            file.park();
            IOException lost = assertThrows(IOException.class, () -> file.read(0, new byte[10], 0, 10));
            assertEquals("Disk quota exceeded", lost.getCause().getMessage());
            assertThrows(IOException.class, () -> file.append(new byte[10], 0, 10));
        }
    }

    @Test
    void aFileThatCannotBeOpenedDoesNotStay() throws IOException {
        Path path = Files.createFile(directory.resolve("scratch"));
        assertThrows(
                IOException.class,
                () -> new OsUnsyncedFile(path, open, () -> {
                    throw new IOException("scratch (Too many open files)");
                }));
        assertTrue(Files.notExists(path), "an empty file stays");
    }

    @Test
    void aParkedFileThatWasDeletedIsNotMadeAnew() throws IOException {
        OsVfs vfs = new OsVfs(directory, open);
        try (UnsyncedFile file = vfs.createUnsynced("scratch")) {
            file.append(new byte[10], 0, 10);
            ((OsUnsyncedFile) file).park();
            Files.delete(directory.resolve("scratch"));
            assertThrows(NoSuchFileException.class, () -> file.append(new byte[10], 0, 10));
            assertEquals(List.of(), vfs.list());
        }
    }
}

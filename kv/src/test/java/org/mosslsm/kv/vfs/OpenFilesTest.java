package org.mosslsm.kv.vfs;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files beyond the limit give their descriptors back, and are read as if they had not. */
class OpenFilesTest {
    private static final int LIMIT = 3;
    private static final int FILES = 12;

    @TempDir
    Path directory;

    private final OpenFiles open = new OpenFiles(LIMIT);

    private List<RandomFile> files() throws IOException {
        OsVfs vfs = new OsVfs(directory, open);
        List<RandomFile> files = new ArrayList<>();
        for (int i = 0; i < FILES; i++) {
            try (WritableFile file = vfs.create("f" + i)) {
                file.append(content(i), 0, 100);
            }
            files.add(vfs.openRead("f" + i));
            assertTrue(open.count() <= LIMIT, "open: " + open.count());
        }
        return files;
    }

    private static byte[] content(int i) {
        byte[] bytes = new byte[100];
        new Random(i).nextBytes(bytes);
        return bytes;
    }

    private static void assertContent(int i, RandomFile file) throws IOException {
        byte[] read = new byte[100];
        assertEquals(100, file.read(0, read, 0, 100));
        assertArrayEquals(content(i), read);
        assertEquals(100, file.size());
    }

    @Test
    void parkedFilesAreReadAgain() throws IOException {
        List<RandomFile> files = files();
        for (int round = 0; round < 3; round++) {
            for (int i = 0; i < FILES; i++) {
                assertContent(i, files.get(i));
                assertTrue(open.count() <= LIMIT, "open: " + open.count());
            }
        }
        for (RandomFile file : files) {
            file.close();
        }
        assertEquals(0, open.count());
        assertThrows(ClosedChannelException.class, () -> assertContent(0, files.get(0)));
        assertEquals(0, open.count(), "a file closed for good was opened again");
    }

    @Test
    void whatIsReadAgainAndAgainStaysOpen() throws IOException {
        List<RandomFile> files = files();
        OsRandomFile hot = (OsRandomFile) files.get(0);
        assertContent(0, hot);
        for (int i = 1; i < FILES; i++) {
            assertContent(i, files.get(i));
            assertContent(0, hot);
        }
        assertTrue(hot.hasChannel());
    }

    @Test
    void threadsAndInterruptsGetWhatWasWritten() throws Exception {
        List<RandomFile> files = files();
        long seed = System.nanoTime();
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            List<Callable<Integer>> readers = new ArrayList<>();
            for (int t = 0; t < 4; t++) {
                Random random = new Random(seed + t);
                readers.add(() -> {
                    for (int i = 0; i < 2_000; i++) {
                        if (i % 16 == 0) {
                            Thread.currentThread().interrupt();
                        }
                        int file = random.nextInt(FILES);
                        assertContent(file, files.get(file));
                        if (i % 16 == 0) {
                            assertTrue(Thread.interrupted(), "the interrupt was lost, seed " + seed);
                        }
                    }
                    return 1;
                });
            }
            for (Future<Integer> reader : threads.invokeAll(readers)) {
                assertEquals(1, reader.get(), "seed " + seed);
            }
        } finally {
            threads.shutdown();
        }
        assertTrue(open.count() <= LIMIT, "open: " + open.count());
        for (RandomFile file : files) {
            file.close();
        }
        assertEquals(0, open.count());
    }

    @Test
    void whatFindsNoDescriptorTriesOnceMoreWithHalfOfTheFilesParked() throws IOException {
        files();
        int[] tries = {0};
        assertEquals("opened", open.withRoom(() -> {
            if (tries[0]++ == 0) {
                throw new IOException("f (Too many open files)");
            }
            return "opened";
        }));
        assertEquals(LIMIT - LIMIT / 2, open.count());
        assertThrows(
                IOException.class,
                () -> open.withRoom(() -> {
                    tries[0]++;
                    throw new IOException("something else, or the same in another language");
                }));
        assertEquals(4, tries[0]);
        assertThrows(
                NoSuchFileException.class,
                () -> open.withRoom(() -> {
                    tries[0]++;
                    throw new NoSuchFileException("f");
                }));
        assertEquals(5, tries[0]);
    }
}

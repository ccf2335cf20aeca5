package org.mosslsm.kv.vfs;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.mosslsm.kv.KvIoException;

/** Files beyond the limit give their descriptors back, and are read as if they had not. */
@Timeout(value = 600, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
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

    /** Readers that meet a closed channel at once; the one that opens the file waits until all others wait, or open it too. */
    @Test
    void oneReaderOpensAFileForAll() throws Exception {
        files();
        Path path = directory.resolve("f0");
        List<Thread> readers = new ArrayList<>();
        AtomicInteger opened = new AtomicInteger();
        OsRandomFile file = OsRandomFile.open(
                () -> {
                    int before = opened.getAndIncrement();
                    while (before == 1 && opened.get() == 2 && !othersAreBlocked(readers)) {
                        Thread.onSpinWait();
                    }
                    return FileChannel.open(path, StandardOpenOption.READ);
                },
                open);
        file.park();
        CountDownLatch start = new CountDownLatch(1);
        AtomicInteger read = new AtomicInteger();
        for (int i = 0; i < 8; i++) {
            readers.add(new Thread(() -> {
                try {
                    start.await();
                    assertContent(0, file);
                    read.incrementAndGet();
                } catch (IOException | InterruptedException e) {
                    throw new AssertionError(e);
                }
            }));
        }
        readers.forEach(Thread::start);
        start.countDown();
        for (Thread reader : readers) {
            reader.join();
        }
        assertEquals(8, read.get());
        assertEquals(2, opened.get(), "at first, and once for all");
        file.close();
    }

    private static boolean othersAreBlocked(List<Thread> readers) {
        return readers.stream()
                        .filter(t -> t.getState() == Thread.State.BLOCKED)
                        .count()
                >= readers.size() - 1;
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
                NoSuchFileException.class,
                () -> open.withRoom(() -> {
                    tries[0]++;
                    throw new NoSuchFileException("f");
                }));
        assertEquals(3, tries[0]);
    }

    @Test
    void whatFailsForAnotherReasonParksNothing() throws IOException {
        files();
        int[] tries = {0};
        IOException denied = assertThrows(
                IOException.class,
                () -> open.withRoom(() -> {
                    tries[0]++;
                    throw new IOException("f (Permission denied)");
                }));
        assertEquals("f (Permission denied)", denied.getMessage());
        assertEquals(1, tries[0]);
        assertEquals(LIMIT, open.count());
    }

    @Test
    void whatFindsNoDescriptorSaysSoInAnyLanguage() throws IOException {
        boolean[] noneLeft = {true};
        OpenFiles files = new OpenFiles(LIMIT, () -> noneLeft[0]);
        IOException none = assertThrows(
                IOException.class,
                () -> files.withRoom(() -> {
                    throw new IOException("f (Zu viele offene Dateien)");
                }));
        assertTrue(KvIoException.isOutOfFiles(none), none::toString);
        noneLeft[0] = false;
        IOException other = assertThrows(
                IOException.class,
                () -> files.withRoom(() -> {
                    throw new IOException("f (Keine Berechtigung)");
                }));
        assertFalse(KvIoException.isShortage(other), other::toString);
    }

    @Test
    void theLockOfADirectoryHasFilesParkedForIt() throws IOException {
        OpenFiles files = new OpenFiles(LIMIT, () -> true);
        OsVfs vfs = new OsVfs(directory, files);
        vfs.create("f").close();
        List<RandomFile> all = List.of(vfs.openRead("f"), vfs.openRead("f"));
        Path lock = Files.createDirectory(directory.resolve("LOCK")); // cannot be opened, as without a descriptor
        IOException none = assertThrows(IOException.class, vfs::lock);
        assertTrue(KvIoException.isOutOfFiles(none), none::toString);
        assertEquals(1, files.count());
        Files.delete(lock);
        vfs.lock().close();
        for (RandomFile file : all) {
            file.close();
        }
    }

    @Test
    void aLimitThatCannotBeToldNowIsAskedForAgain() throws IOException {
        int[] asked = {0};
        OpenFiles files = new OpenFiles(() -> ++asked[0] < 3 ? OpenFiles.NOT_NOW : 70);
        OsVfs vfs = new OsVfs(directory, files);
        vfs.create("f").close();
        List<RandomFile> all = new ArrayList<>();
        for (int i = 0; i < 75; i++) {
            all.add(vfs.openRead("f"));
        }
        assertEquals(3, asked[0]);
        assertEquals(70, files.count());
        for (RandomFile file : all) {
            file.close();
        }
    }
}

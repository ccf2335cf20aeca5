package org.mosslsm.kv.vfs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.Closeable;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.mosslsm.kv.StoreOpenException;
import org.mosslsm.kv.testkit.VfsContract;

@Timeout(value = 600, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class OsVfsTest extends VfsContract {
    @TempDir
    Path directory;

    @Override
    protected Vfs vfs() {
        return new OsVfs(directory);
    }

    @Test
    void newFilesAndDirectoriesAreTheOwnersAlone() throws IOException {
        assumeTrue(directory.getFileSystem().supportedFileAttributeViews().contains("posix"));
        OsVfs vfs = new OsVfs(directory.resolve("new"));
        vfs.createDirectory();
        write(vfs, "a", "x");
        assertEquals("rwx------", permissions("new"));
        assertEquals("rw-------", permissions("new/a"));
    }

    private String permissions(String name) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.resolve(name)));
    }

    @Test
    void createsOneMissingParentAndNoMore() throws IOException {
        new OsVfs(directory.resolve("a/b")).createDirectory();
        assertTrue(Files.isDirectory(directory.resolve("a/b")));
        assertThrows(NoSuchFileException.class, () -> new OsVfs(directory.resolve("x/y/z")).createDirectory());
    }

    @Test
    void twoWhoCreateItAtOnceBothHaveIt() throws Exception {
        ExecutorService other = Executors.newSingleThreadExecutor();
        try {
            for (int round = 0; round < 300; round++) {
                OsVfs vfs = new OsVfs(directory.resolve("race" + round + "/store"));
                CyclicBarrier start = new CyclicBarrier(2);
                Callable<Void> create = () -> {
                    start.await();
                    vfs.createDirectory();
                    return null;
                };
                Future<Void> theirs = other.submit(create);
                create.call();
                theirs.get();
                assertTrue(vfs.directoryExists());
            }
        } finally {
            other.shutdown();
        }
    }

    @Test
    void lockHeldByThisProcessNamesIt() throws IOException {
        try (Closeable lock = new OsVfs(directory).lock()) {
            StoreOpenException e = refused(new OsVfs(directory.resolve("../" + directory.getFileName())));
            assertEquals(StoreOpenException.Reason.LOCKED, e.reason());
            assertTrue(e.getMessage().contains(directory.toString()), e.getMessage());
            assertTrue(
                    e.getMessage().contains("process " + ProcessHandle.current().pid()), e.getMessage());
            assertFalse(lock.toString().isEmpty());
        }
        new OsVfs(directory).lock().close();
    }

    @Test
    void lockHeldByAnotherProcessNamesItAndEndsWithIt() throws Exception {
        Process holder = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        LockHolder.class.getName(),
                        directory.toString())
                .redirectErrorStream(true)
                .start();
        try {
            assertEquals('+', holder.getInputStream().read());
            StoreOpenException e = refused(new OsVfs(directory));
            assertEquals(StoreOpenException.Reason.LOCKED, e.reason());
            assertTrue(e.getMessage().contains("process " + holder.pid() + " on host "), e.getMessage());
        } finally {
            holder.destroyForcibly();
            assertTrue(holder.waitFor(30, TimeUnit.SECONDS));
        }
        new OsVfs(directory).lock().close();
    }

    /** What the lock is refused with, which does not wait. */
    private static StoreOpenException refused(OsVfs vfs) {
        assertThrows(StoreOpenException.class, vfs::lock); // loads what is needed
        long before = timesWaited();
        StoreOpenException refusal = assertThrows(StoreOpenException.class, vfs::lock);
        assertEquals(before, timesWaited(), "it has waited or slept");
        return refusal;
    }

    private static long timesWaited() {
        return ManagementFactory.getThreadMXBean()
                .getThreadInfo(Thread.currentThread().getId())
                .getWaitedCount();
    }

    /** Locks a directory, says so, and waits to be killed. */
    static final class LockHolder {
        public static void main(String[] args) throws Exception {
            try (Closeable lock = new OsVfs(Path.of(args[0])).lock()) {
                System.out.print(lock == null ? '-' : '+');
                System.out.flush();
                System.in.read();
            }
        }
    }

    @Test
    void interruptStormDisturbsNoReader() throws Exception {
        OsVfs vfs = new OsVfs(directory);
        byte[] bytes = new byte[1 << 16];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) (i * 31);
        }
        try (WritableFile file = vfs.create("a")) {
            file.append(bytes, 0, bytes.length);
        }
        AtomicReference<Throwable> failure = new AtomicReference<>();
        AtomicBoolean stop = new AtomicBoolean();
        try (RandomFile file = vfs.openRead("a")) {
            List<Thread> readers = new ArrayList<>();
            for (int t = 0; t < 3; t++) {
                int salt = t;
                readers.add(new Thread(() -> readUntil(stop, file, bytes, salt, failure)));
            }
            readers.forEach(Thread::start);
            for (int i = 0; i < 3000; i++) {
                readers.get(i % 3).interrupt();
                Thread.onSpinWait();
            }
            stop.set(true);
            for (Thread reader : readers) {
                reader.join();
            }
        }
        assertNull(failure.get());
    }

    private static void readUntil(
            AtomicBoolean stop, RandomFile file, byte[] bytes, int salt, AtomicReference<Throwable> failure) {
        byte[] into = new byte[4096];
        try {
            for (int i = salt; !stop.get(); i++) {
                int at = (i * 7919) & 0xEFFF;
                assertEquals(4096, file.read(at, into, 0, 4096));
                for (int j = 0; j < 4096; j += 97) {
                    assertEquals(bytes[at + j], into[j]);
                }
            }
        } catch (Throwable e) {
            failure.set(e);
        }
    }

    @Test
    void interruptStormDisturbsNoWriter() throws Exception {
        OsVfs vfs = new OsVfs(directory);
        AtomicReference<Throwable> failure = new AtomicReference<>();
        AtomicBoolean done = new AtomicBoolean();
        Thread writer = new Thread(() -> {
            try (WritableFile file = vfs.create("a")) {
                for (int i = 0; i < 300; i++) {
                    file.append(new byte[] {(byte) i}, 0, 1);
                    file.sync();
                }
            } catch (IOException e) {
                failure.set(e);
            } finally {
                done.set(true);
            }
        });
        writer.start();
        while (!done.get()) {
            writer.interrupt();
            Thread.onSpinWait();
        }
        writer.join();
        assertNull(failure.get());
        assertEquals(300, Files.size(directory.resolve("a")));
    }
}

package org.mosslsm.kv.lsm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mosslsm.kv.CommitRequest;
import org.mosslsm.kv.Durability;
import org.mosslsm.kv.StoreReadOnlyException;
import org.mosslsm.kv.UnknownOutcomeException;
import org.mosslsm.kv.WriteBatch;
import org.mosslsm.kv.testkit.LostPage;
import org.mosslsm.kv.tool.Verify;
import org.mosslsm.kv.tool.VerifyReport;
import org.mosslsm.kv.vfs.OsVfs;
import org.mosslsm.kv.vfs.WritableFile;

/** A log so long, and so rarely synced, that it is written by mapped memory where the platform has that. */
class MappedLogTest {
    /** 2 MB: room is made ahead again and again. */
    private static final int ENTRIES = 9_000;

    private static final int PART = ENTRIES / 3;

    private static final int PAGE = 4096;

    @TempDir
    Path directory;

    private Path store() {
        return directory.resolve("store");
    }

    private Lsm open() {
        return Lsm.open(
                store(), LsmOptions.builder().durability(Durability.PROCESS).build());
    }

    private static byte[] key(int i) {
        return ByteBuffer.allocate(4).putInt(i).array();
    }

    private static byte[] value(int i) {
        return ByteBuffer.allocate(240).putInt(i * 31).array();
    }

    private static void put(Lsm store, int from, int to) {
        for (int i = from; i < to; i++) {
            store.put(key(i), value(i));
        }
    }

    private List<Path> logs() throws IOException {
        return files().stream().filter(f -> f.toString().endsWith(".wal")).toList();
    }

    /** What the files of the open store hold now is what a killed process leaves. */
    private void checkKilled(int round, int entries) throws IOException {
        int attempt = 0;
        Path copy = copy(round, attempt);
        while (copy == null) {
            copy = copy(round, ++attempt);
        }
        VerifyReport killed = Verify.store(copy);
        assertTrue(killed.ok(), killed::toString);
        try (Lsm store = Lsm.open(copy, LsmOptions.defaults())) {
            assertEquals(entries, count(store));
        }
    }

    /** Copies the files as they are at one moment; null where the background made or deleted one meanwhile. */
    private Path copy(int round, int attempt) throws IOException {
        Path copy = Files.createDirectory(directory.resolve("copy" + round + "-" + attempt));
        Set<Path> before = files();
        for (Path file : before) {
            try {
                Files.copy(file, copy.resolve(file.getFileName().toString()));
            } catch (NoSuchFileException e) {
                return null;
            }
        }
        return files().equals(before) ? copy : null;
    }

    private Set<Path> files() throws IOException {
        try (var files = Files.list(store())) {
            return files.collect(Collectors.toSet());
        }
    }

    private static int count(Lsm store) {
        int n = 0;
        for (byte[] found = store.get(key(0)); found != null; found = store.get(key(n))) {
            assertArrayEquals(value(n), found);
            n++;
        }
        return n;
    }

    @Test
    void acknowledgedCommitsAreInTheFileAtEveryMoment() throws IOException {
        try (Lsm store = open()) {
            for (int round = 1; round <= 3; round++) {
                put(store, (round - 1) * PART, round * PART);
                checkKilled(round, round * PART);
            }
            // With a sync the log goes on by writes, behind what was mapped.
            store.commit(CommitRequest.of(new WriteBatch().put(key(ENTRIES - 1), value(ENTRIES - 1)), Durability.SYNC));
            put(store, ENTRIES, ENTRIES + 2000);
            checkKilled(4, ENTRIES + 2000);
        }
        try (Lsm store = open()) {
            assertEquals(ENTRIES + 2000, count(store));
        }
    }

    @Test
    void aLogIsGoneWhenItsWritesAreInTables() throws IOException {
        try (Lsm store = open()) {
            put(store, 0, ENTRIES);
            List<Path> before = logs();
            store.flush();
            put(store, ENTRIES, 2 * ENTRIES);
            store.flush(); // behind the deletion of the first one's log
            for (Path log : before) {
                assertFalse(Files.exists(log), log::toString);
            }
            checkKilled(1, 2 * ENTRIES);
        }
        VerifyReport closed = Verify.store(store());
        assertTrue(closed.ok(), closed::toString);
    }

    @Test
    void aCommitWhosePageIsLostIsNotAcknowledged() throws IOException, InterruptedException {
        AtomicInteger acknowledged = new AtomicInteger(ENTRIES);
        try (Lsm store = open()) {
            put(store, 0, ENTRIES);
            assumeTrue(cutBehindEnd(logs().get(0)));
            LostPage.failsBy(UnknownOutcomeException.class, () -> {
                while (true) {
                    put(store, acknowledged.get(), acknowledged.get() + 1);
                    acknowledged.incrementAndGet();
                }
            });
            assertThrows(StoreReadOnlyException.class, () -> store.put(key(0), value(0)));
            assertArrayEquals(value(acknowledged.get() - 1), store.get(key(acknowledged.get() - 1)));
        }
        try (Lsm store = open()) {
            assertEquals(acknowledged.get(), count(store));
        }
    }

    /** Takes the room ahead away, as far as nothing was written there; false where the log is not mapped. */
    private boolean cutBehindEnd(Path log) throws IOException {
        try (WritableFile probe = new OsVfs(directory).create("probe")) {
            if (!probe.mapAhead(true)) {
                return false;
            }
        }
        byte[] bytes = Files.readAllBytes(log);
        int end = bytes.length;
        while (bytes[end - 1] == 0) {
            end--;
        }
        try (RandomAccessFile file = new RandomAccessFile(log.toFile(), "rw")) {
            file.setLength((end + 1024L + PAGE) / PAGE * PAGE);
        }
        return true;
    }
}

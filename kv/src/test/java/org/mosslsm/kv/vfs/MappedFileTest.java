package org.mosslsm.kv.vfs;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mosslsm.kv.testkit.LostPage;

/** Appends by mapped memory whose pages are lost, where the platform maps at all. */
class MappedFileTest {
    /** Enough for the compiler to have compiled an append; before it does, each one is a call of the virtual machine. */
    private static final int WARM_APPENDS = 150_000;

    private static final int WARM_BYTES = 150 << 20;

    private static final int ROOM = 1 << 20;

    @TempDir
    Path directory;

    private static byte[] record(int length) {
        byte[] record = new byte[length];
        for (int i = 0; i < length; i++) {
            record[i] = (byte) (i * 31 + 7);
        }
        return record;
    }

    private void cut(String name, long size) throws IOException {
        try (RandomAccessFile file =
                new RandomAccessFile(directory.resolve(name).toFile(), "rw")) {
            file.setLength(size);
        }
    }

    private static void warmUp(WritableFile file, byte[] record) throws IOException {
        for (int i = 0; i < Math.min(WARM_APPENDS, WARM_BYTES / record.length); i++) {
            if (file.size() + record.length > ROOM) {
                file.truncate(0);
            }
            if (file.size() == 0) {
                file.preallocate(ROOM);
            }
            file.append(record, 0, record.length);
        }
        file.truncate(0);
        file.preallocate(ROOM);
    }

    private void appendUntilLost(int length) throws IOException, InterruptedException {
        byte[] record = record(length);
        long kept = 10L << 12;
        try (WritableFile file = new OsVfs(directory).create("a")) {
            assumeTrue(file.mapAhead(true));
            warmUp(file, record);
            cut("a", kept); // as where the device cannot read the pages again
            while (file.size() + length <= kept) {
                file.append(record, 0, length);
            }
            LostPage.failsBy(IOException.class, () -> file.append(record, 0, length));
            assertEquals(kept / length * length, file.size());
        }
        byte[] found = Files.readAllBytes(directory.resolve("a"));
        for (int at = 0; at + length <= kept; at += length) {
            assertArrayEquals(record, Arrays.copyOfRange(found, at, at + length));
        }
    }

    @Test
    void theAppendThatNeedsALostPageFails() throws IOException, InterruptedException {
        appendUntilLost(120);
    }

    @Test
    void anAppendOfManyPagesThatNeedsALostOneFails() throws IOException, InterruptedException {
        appendUntilLost(9_001);
    }

    @Test
    void shortAppendsAreNotLost() throws IOException {
        byte[] record = record(3);
        try (WritableFile file = new OsVfs(directory).create("a")) {
            assumeTrue(file.mapAhead(true));
            warmUp(file, record);
            cut("a", 0);
            for (int i = 0; i < 3000; i++) {
                file.append(record, 0, 3);
            }
        }
        byte[] found = Files.readAllBytes(directory.resolve("a"));
        assertEquals(9000, found.length);
        for (int at = 0; at < found.length; at += 3) {
            assertArrayEquals(record, Arrays.copyOfRange(found, at, at + 3));
        }
    }

    /** What a file held may be a hole, that a full device cannot fill: so it is written over, not copied over. */
    @Test
    void onlyRoomThatWasMadeIsMapped() throws IOException {
        byte[] record = record(100);
        Files.write(directory.resolve("a"), new byte[10_000]);
        try (WritableFile file = new OsVfs(directory).reuse("a", "b")) {
            assumeTrue(file.mapAhead(true));
            file.preallocate(5_000);
            cut("b", 0);
            file.append(record, 0, 100);
        }
        assertArrayEquals(record, Files.readAllBytes(directory.resolve("b")));
    }
}

package org.mosslsm.kv.lsm.wal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.mosslsm.kv.CorruptionException;
import org.mosslsm.kv.StoreOpenException;
import org.mosslsm.kv.testkit.CrashPolicy;
import org.mosslsm.kv.testkit.MemVfs;
import org.mosslsm.kv.vfs.WritableFile;

/** Logs that were torn, flipped, lost with the power or never were logs: what was synced is found, or its damage told. */
class LogDamageTest extends LogFixture {
    @Test
    void tornTailIsCutAtEveryPlace() throws IOException {
        MemVfs vfs = new MemVfs();
        List<byte[]> written = new ArrayList<>();
        List<Long> ends = new ArrayList<>();
        try (LogWriter writer = LogWriter.create(vfs, NAME, NUMBER)) {
            Random random = new Random(2);
            for (int i = 0; i < 12; i++) {
                written.add(record(random, i * 7));
                append(writer, written.get(i));
                writer.flush();
                writer.sync();
                ends.add(writer.size());
            }
        }
        for (int length = (int) writerSize(vfs); length >= 0; length--) {
            vfs.truncate(NAME, length);
            List<byte[]> found = readAll(vfs);
            int limit = length;
            assertEquals(ends.stream().filter(e -> e <= limit).count(), found.size());
            assertPrefix(written, found);
        }
    }

    private static long writerSize(MemVfs vfs) throws IOException {
        return vfs.content(NAME).length;
    }

    @Test
    void flippedByteIsReportedOrCutsATailThatWasNotKnownToBeSynced() throws IOException {
        MemVfs vfs = new MemVfs();
        List<byte[]> written = new ArrayList<>();
        List<Long> starts = new ArrayList<>();
        long knownSynced;
        try (LogWriter writer = LogWriter.create(vfs, NAME, NUMBER)) {
            Random random = new Random(3);
            for (int i = 0; i < 10; i++) {
                starts.add(writer.size());
                written.add(record(random, 20 + i));
                append(writer, written.get(i));
                writer.flush();
                if (i % 3 == 2) {
                    writer.sync();
                }
            }
            knownSynced = writer.synced();
        }
        int size = (int) writerSize(vfs);
        for (int at = 0; at < size; at++) {
            for (int mask : new int[] {1, 0x80, 0xFF}) {
                MemVfs damaged = vfs.killClone();
                damaged.corrupt(NAME, at, mask);
                if (at < knownSynced) {
                    CorruptionException e = assertThrows(CorruptionException.class, () -> readAll(damaged));
                    assertEquals(NAME, e.file());
                    assertTrue(e.offset() <= at, e.getMessage());
                    assertTrue(e.offset() == 0 || starts.contains(e.offset()), e.getMessage());
                } else {
                    List<byte[]> found = readAll(damaged);
                    assertTrue(found.size() >= 9);
                    assertPrefix(written, found);
                }
            }
        }
    }

    @Test
    void markTellsDamageToTheLastRecordFromATornTail() throws IOException {
        MemVfs vfs = new MemVfs();
        try (LogWriter writer = LogWriter.create(vfs, NAME, NUMBER)) {
            append(writer, new byte[40]);
            writer.flush();
            writer.sync();
            writer.mark();
        }
        vfs.corrupt(NAME, 60, 4);
        assertThrows(CorruptionException.class, () -> readAll(vfs));
    }

    @Test
    void powerLossCutsATailAndNothingThatWasSynced() throws IOException {
        for (int round = 0; round < 300; round++) {
            long seed = SEED + round;
            Random random = new Random(seed);
            MemVfs vfs = new MemVfs();
            List<byte[]> written = new ArrayList<>();
            int synced = 0;
            LogWriter writer = random.nextBoolean() ? LogWriter.create(vfs, NAME, NUMBER) : recycled(vfs, random);
            vfs.syncDir();
            for (int i = random.nextInt(30); i >= 0; i--) {
                written.add(record(random, random.nextInt(random.nextInt(5) == 0 ? 90_000 : 2000)));
                append(writer, written.get(written.size() - 1));
                if (random.nextInt(3) > 0) {
                    writer.flush();
                }
                if (random.nextInt(5) == 0) {
                    writer.flush();
                    writer.sync();
                    synced = written.size();
                }
            }
            for (CrashPolicy policy : CrashPolicy.values()) {
                List<byte[]> found = readAll(vfs.crashClone(seed, policy));
                assertTrue(found.size() >= synced, () -> SEEDED + ", " + policy);
                assertPrefix(written, found);
            }
            writer.close();
        }
    }

    private static LogWriter recycled(MemVfs vfs, Random random) throws IOException {
        try (LogWriter old = LogWriter.create(vfs, "000003.wal", 3)) {
            for (int i = 0; i < 100; i++) {
                append(old, record(random, random.nextInt(3000)));
            }
            old.finish();
        }
        vfs.syncDir();
        return LogWriter.recycle(vfs, "000003.wal", NAME, NUMBER);
    }

    @Test
    void bytesThatAreNoLogAreAnEmptyOne() throws IOException {
        Random random = new Random(SEED);
        for (int i = 0; i < 300; i++) {
            MemVfs vfs = new MemVfs();
            try (WritableFile file = vfs.create(NAME)) {
                byte[] garbage = record(random, random.nextInt(70_000));
                file.append(garbage, 0, garbage.length);
            }
            assertEquals(0, readAll(vfs).size(), SEEDED);
        }
    }

    @Test
    void newerFormatIsRefusedByName() throws IOException {
        MemVfs vfs = new MemVfs();
        LogFormat.Checksum checksum = new LogFormat.Checksum();
        byte[] start = LogFormat.startPayload(LogFormat.FIRST_VERSION);
        byte[] fragment = new byte[LogFormat.HEAD_BYTES + start.length];
        System.arraycopy(start, 0, fragment, LogFormat.HEAD_BYTES, start.length);
        fragment[fragment.length - 1] = LogFormat.VERSION + 1;
        LogFormat.putHead(fragment, 0, start.length, LogFormat.START, NUMBER, 0, checksum, 0);
        try (WritableFile file = vfs.create(NAME)) {
            file.append(fragment, 0, fragment.length);
        }
        StoreOpenException e = assertThrows(StoreOpenException.class, () -> readAll(vfs));
        assertEquals(StoreOpenException.Reason.NEWER_FORMAT, e.reason());
        assertTrue(e.getMessage().contains("version 3"), e.getMessage());
    }

    @Test
    void fragmentInAnotherPlaceIsNotGood() throws IOException {
        MemVfs vfs = new MemVfs();
        try (LogWriter writer = LogWriter.create(vfs, NAME, NUMBER)) {
            append(writer, new byte[] {1, 1, 1});
            append(writer, new byte[] {2, 2, 2});
            writer.flush();
        }
        byte[] content = vfs.content(NAME);
        int one = LogFormat.HEAD_BYTES + LogFormat.startPayload(LogFormat.FIRST_VERSION).length;
        int length = LogFormat.HEAD_BYTES + 3;
        byte[] swapped = content.clone();
        System.arraycopy(content, one, swapped, one + length, length);
        System.arraycopy(content, one + length, swapped, one, length);
        try (WritableFile file = vfs.create(NAME)) {
            file.append(swapped, 0, swapped.length);
        }
        assertEquals(0, readAll(vfs).size());
    }

    @Test
    void tornLogIsEndedWhereItIsGoodAndGoesOnFromThere() throws IOException {
        Random random = new Random(SEED);
        for (int round = 0; round < 200; round++) {
            MemVfs vfs = new MemVfs();
            List<byte[]> written = new ArrayList<>();
            int whole;
            try (LogWriter writer = LogWriter.create(vfs, NAME, NUMBER)) {
                for (int i = random.nextInt(4); i >= 0; i--) {
                    written.add(record(random, random.nextInt(4) == 0 ? random.nextInt(100_000) : random.nextInt(300)));
                    append(writer, written.get(written.size() - 1));
                }
                whole = (int) writer.size();
                append(writer, record(random, 1 + random.nextInt(70_000)));
                writer.flush();
                vfs.truncate(NAME, whole + random.nextInt((int) writer.size() - whole));
            }
            long good;
            try (LogReader reader = LogReader.open(vfs, NAME, NUMBER)) {
                while (reader.next()) {
                    assertTrue(reader.goodBytes() <= whole, SEEDED);
                }
                assertFalse(reader.endedCleanly(), SEEDED);
                good = reader.goodBytes();
                assertEquals(whole, good, SEEDED);
            }
            try (LogWriter writer = LogWriter.resume(vfs, NAME, NUMBER, good)) {
                if (random.nextBoolean()) {
                    written.add(record(random, random.nextInt(50_000)));
                    append(writer, written.get(written.size() - 1));
                }
                writer.end();
                writer.finishEnded();
            }
            assertRecords(written, readAll(vfs));
            try (LogReader reader = LogReader.open(vfs, NAME, NUMBER)) {
                while (reader.next()) {
                    assertFalse(reader.endedCleanly(), SEEDED);
                }
                assertTrue(reader.endedCleanly(), SEEDED);
                assertFalse(reader.endedSynced(), "an end says nothing of the device");
            }
        }
    }
}

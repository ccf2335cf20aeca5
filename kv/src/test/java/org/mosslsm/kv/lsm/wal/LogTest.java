package org.mosslsm.kv.lsm.wal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.mosslsm.kv.CorruptionException;
import org.mosslsm.kv.StoreOpenException;
import org.mosslsm.kv.testkit.CrashPolicy;
import org.mosslsm.kv.testkit.FaultVfs;
import org.mosslsm.kv.testkit.FaultVfs.Fault;
import org.mosslsm.kv.testkit.FaultVfs.Op;
import org.mosslsm.kv.testkit.MemVfs;
import org.mosslsm.kv.vfs.Vfs;
import org.mosslsm.kv.vfs.WritableFile;

class LogTest {
    private static final String NAME = "000007.wal";
    private static final long NUMBER = 7;

    private static byte[] record(Random random, int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    private static void append(LogWriter writer, byte[] record) throws IOException {
        writer.append(record, 0, record.length);
    }

    /** Reads to the end. */
    private static List<byte[]> readAll(Vfs vfs) throws IOException {
        List<byte[]> records = new ArrayList<>();
        try (LogReader reader = LogReader.open(vfs, NAME, NUMBER)) {
            while (reader.next()) {
                records.add(Arrays.copyOfRange(reader.array(), reader.offset(), reader.offset() + reader.length()));
            }
            assertFalse(reader.next(), "the end stays the end");
        }
        return records;
    }

    private static void assertRecords(List<byte[]> expected, List<byte[]> found) {
        assertEquals(expected.size(), found.size());
        for (int i = 0; i < found.size(); i++) {
            assertArrayEquals(expected.get(i), found.get(i), "record " + i);
        }
    }

    private static void assertPrefix(List<byte[]> written, List<byte[]> found) {
        assertTrue(found.size() <= written.size());
        assertRecords(written.subList(0, found.size()), found);
    }

    @Test
    void recordsOfAnySizeComeBackInOrder() throws IOException {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        MemVfs vfs = new MemVfs();
        List<byte[]> written = new ArrayList<>();
        try (LogWriter writer = LogWriter.create(vfs, NAME, NUMBER)) {
            for (int i = 0; i < 300; i++) {
                int size = random.nextInt(20) == 0 ? random.nextInt(200_000) : random.nextInt(3000);
                written.add(record(random, i % 50 == 0 ? 0 : size));
                append(writer, written.get(i));
            }
            writer.flush();
            assertEquals(writer.size(), vfs.content(NAME).length);
        }
        assertRecords(written, readAll(vfs));
    }

    @Test
    void recordsEndAtAndAroundEveryPlaceNearABlocksEnd() throws IOException {
        Random random = new Random(1);
        int start = LogFormat.HEAD_BYTES + LogFormat.startPayload().length;
        for (int gap = 0; gap <= 3 * LogFormat.HEAD_BYTES; gap++) {
            MemVfs vfs = new MemVfs();
            List<byte[]> written = List.of(
                    record(random, LogFormat.BLOCK_BYTES - start - LogFormat.HEAD_BYTES - gap),
                    record(random, 0),
                    record(random, 5),
                    record(random, 2 * LogFormat.BLOCK_BYTES));
            try (LogWriter writer = LogWriter.create(vfs, NAME, NUMBER)) {
                for (byte[] r : written) {
                    append(writer, r);
                }
                writer.flush();
            }
            assertRecords(written, readAll(vfs));
        }
    }

    @Test
    void logEndsCleanlyOnlyWhenItWasFinished() throws IOException {
        MemVfs vfs = new MemVfs();
        for (int length = LogFormat.BLOCK_BYTES - 100; length < LogFormat.BLOCK_BYTES; length++) {
            LogWriter writer = LogWriter.create(vfs, NAME, NUMBER);
            writer.append(new byte[length], 0, length);
            writer.flush();
            assertFalse(endsCleanly(vfs));
            writer.sync();
            writer.mark();
            assertTrue(endsCleanly(vfs));
            writer.append(new byte[1], 0, 1);
            writer.flush();
            assertFalse(endsCleanly(vfs));
            writer.finish();
            assertTrue(endsCleanly(vfs.crashClone(length, CrashPolicy.KEPT)));
        }
    }

    @Test
    void anEndedLogEndsCleanlyWithoutASyncAndTakesNothingMore() throws IOException {
        for (int length = LogFormat.BLOCK_BYTES - 60; length < LogFormat.BLOCK_BYTES + 5; length++) {
            MemVfs vfs = new MemVfs();
            LogWriter writer = LogWriter.create(vfs, NAME, NUMBER);
            vfs.syncDir();
            writer.append(new byte[length], 0, length);
            writer.end();
            assertFalse(endsCleanly(vfs.crashClone(length, CrashPolicy.DROPPED)));
            assertTrue(endsCleanly(vfs), length + " bytes");
            try (LogReader reader = LogReader.open(vfs, NAME, NUMBER)) {
                assertTrue(reader.next());
                assertFalse(reader.next());
                assertEquals(0, reader.claimedSynced());
            }
            writer.finishEnded();
            assertTrue(endsCleanly(vfs.crashClone(length, CrashPolicy.DROPPED)));
            assertEquals(0, vfs.openFiles());
        }
    }

    private static boolean endsCleanly(Vfs vfs) throws IOException {
        try (LogReader reader = LogReader.open(vfs, NAME, NUMBER)) {
            while (reader.next()) {
                assertTrue(reader.recordOffset() > 0);
            }
            return reader.endedCleanly();
        }
    }

    @Test
    void whatIsNotFlushedIsNotInTheFile() throws IOException {
        MemVfs vfs = new MemVfs();
        LogWriter writer = LogWriter.create(vfs, NAME, NUMBER);
        append(writer, new byte[10]);
        writer.flush();
        append(writer, new byte[20]);
        writer.close();
        assertEquals(1, readAll(vfs).size());
    }

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
    void recycledFileShowsNothingOfTheLogBefore() throws IOException {
        for (int records = 0; records < 40; records++) {
            MemVfs vfs = new MemVfs();
            try (LogWriter old = LogWriter.create(vfs, "000003.wal", 3)) {
                for (int i = 0; i < 40; i++) {
                    append(old, new byte[2000 + i]);
                    old.flush();
                    old.sync();
                }
            }
            List<byte[]> written = new ArrayList<>();
            try (LogWriter writer = LogWriter.recycle(vfs, "000003.wal", NAME, NUMBER)) {
                Random random = new Random(records);
                for (int i = 0; i < records; i++) {
                    // Often as long as the old ones, so that new records end exactly where old ones begin.
                    written.add(record(random, random.nextBoolean() ? 2000 + i : random.nextInt(3000)));
                    append(writer, written.get(i));
                }
                writer.flush();
            }
            assertRecords(written, readAll(vfs));
        }
    }

    @Test
    void logThatGrowsAheadChangesItsSizeSeldomAndIsReadNoFurther() throws IOException {
        MemVfs vfs = new MemVfs();
        Set<Integer> sizes = new TreeSet<>();
        try (LogWriter writer = LogWriter.create(vfs, NAME, NUMBER)) {
            writer.growAhead();
            for (int i = 0; i < 1000; i++) {
                append(writer, new byte[400]);
                writer.flush();
                sizes.add(vfs.content(NAME).length);
                assertTrue(vfs.content(NAME).length >= writer.size());
            }
            assertEquals(1000, readAll(vfs).size());
            assertTrue(sizes.size() <= 10, sizes::toString);
            writer.finish();
            assertEquals(writer.size(), vfs.content(NAME).length);
        }
        assertEquals(1000, readAll(vfs).size());
    }

    @Test
    void logThatCannotGrowAheadGivesNothingUp() throws IOException {
        MemVfs memory = new MemVfs();
        FaultVfs vfs = new FaultVfs(memory);
        try (LogWriter writer = LogWriter.create(vfs, NAME, NUMBER)) {
            writer.growAhead();
            append(writer, new byte[400]);
            writer.flush();
            vfs.fail(Set.of(Op.PREALLOCATE, Op.APPEND), NAME, 1, 2, Fault.FULL_HALFWAY);
            assertThrows(LogFullException.class, () -> append(writer, new byte[150_000])); // more than was made ahead
            vfs.heal();
            append(writer, new byte[150_000]);
            writer.flush();
            writer.finish();
        }
        assertEquals(2, readAll(memory).size());
        assertTrue(memory.content(NAME).length < 152_000);
    }

    /** A sync that saw a part of a record must not say that it is on the device when it has been taken back meanwhile. */
    @Test
    @Timeout(60)
    void syncBesideAnAppendThatIsTakenBackClaimsNothingOfIt() throws Exception {
        MemVfs memory = new MemVfs();
        FaultVfs vfs = new FaultVfs(memory);
        LogWriter writer = LogWriter.create(vfs, NAME, NUMBER);
        writer.sync();
        long start = writer.size();
        CountDownLatch inSync = new CountDownLatch(1);
        CountDownLatch appendOver = new CountDownLatch(1);
        int appends = vfs.count(Op.APPEND);
        FutureTask<Void> sync = new FutureTask<>(() -> {
            writer.sync();
            return null;
        });
        vfs.observe((op, name) -> {
            try {
                if (op == Op.APPEND && vfs.count(Op.APPEND) == appends + 2) {
                    new Thread(sync).start();
                    inSync.await();
                } else if (op == Op.SYNC && inSync.getCount() > 0) {
                    inSync.countDown();
                    appendOver.await();
                }
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        });
        vfs.fail(Set.of(Op.APPEND), NAME, 3, Fault.NO_SPACE);
        assertThrows(LogFullException.class, () -> append(writer, new byte[300_000]));
        assertEquals(1, vfs.struck());
        appendOver.countDown();
        sync.get();
        assertEquals(start, writer.size());
        assertTrue(writer.synced() <= start, () -> writer.synced() + " bytes synced of " + start);

        for (int i = 0; i < 2; i++) {
            append(writer, new byte[100]);
            writer.flush();
        }
        MemVfs powerLost = memory.killClone();
        for (int at = 0; at < 100; at++) {
            powerLost.corrupt(NAME, (int) start + at, 0xFF); // the second record came to the device, the first did not
        }
        assertEquals(List.of(), readAll(powerLost));
        int syncs = vfs.count(Op.SYNC);
        writer.sync();
        assertEquals(syncs + 1, vfs.count(Op.SYNC));
        assertEquals(writer.size(), writer.synced());
        writer.close();
    }

    @Test
    void powerLossCutsATailAndNothingThatWasSynced() throws IOException {
        long base = System.nanoTime();
        for (int round = 0; round < 300; round++) {
            long seed = base + round;
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
                assertTrue(found.size() >= synced, () -> "seed " + seed + ", " + policy);
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
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int i = 0; i < 300; i++) {
            MemVfs vfs = new MemVfs();
            try (WritableFile file = vfs.create(NAME)) {
                byte[] garbage = record(random, random.nextInt(70_000));
                file.append(garbage, 0, garbage.length);
            }
            assertEquals(0, readAll(vfs).size(), () -> "seed " + seed);
        }
    }

    @Test
    void newerFormatIsRefusedByName() throws IOException {
        MemVfs vfs = new MemVfs();
        LogFormat.Checksum checksum = new LogFormat.Checksum();
        byte[] start = LogFormat.startPayload();
        byte[] fragment = new byte[LogFormat.HEAD_BYTES + start.length];
        System.arraycopy(start, 0, fragment, LogFormat.HEAD_BYTES, start.length);
        fragment[fragment.length - 1] = 2;
        LogFormat.putHead(fragment, 0, start.length, LogFormat.START, NUMBER, 0, checksum, 0);
        try (WritableFile file = vfs.create(NAME)) {
            file.append(fragment, 0, fragment.length);
        }
        StoreOpenException e = assertThrows(StoreOpenException.class, () -> readAll(vfs));
        assertEquals(StoreOpenException.Reason.NEWER_FORMAT, e.reason());
        assertTrue(e.getMessage().contains("version 2"), e.getMessage());
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
        int one = LogFormat.HEAD_BYTES + LogFormat.startPayload().length;
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
    void failedWriteEndsTheLogForGood() throws IOException {
        for (Op op : new Op[] {Op.APPEND, Op.SYNC}) {
            FaultVfs vfs = new FaultVfs(new MemVfs());
            LogWriter writer = LogWriter.create(vfs, NAME, NUMBER);
            append(writer, new byte[10]);
            vfs.fail(Set.of(op), ".*", 1, Fault.SHORT_WRITE);
            assertThrows(IOException.class, () -> {
                writer.flush();
                writer.sync();
            });
            assertThrows(IOException.class, () -> append(writer, new byte[10]));
            assertThrows(IOException.class, writer::flush);
            assertThrows(IOException.class, writer::sync);
            assertThrows(IOException.class, writer::finish);
            assertEquals(2, vfs.count(Op.APPEND), "nothing is written after the failure");
        }
    }

    @Test
    void tornLogIsEndedWhereItIsGoodAndGoesOnFromThere() throws IOException {
        long seed = System.nanoTime();
        Random random = new Random(seed);
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
                    assertTrue(reader.goodBytes() <= whole);
                }
                assertFalse(reader.endedCleanly());
                good = reader.goodBytes();
                assertEquals(whole, good, "seed " + seed);
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
                    assertFalse(reader.endedCleanly());
                }
                assertTrue(reader.endedCleanly(), "seed " + seed);
                assertFalse(reader.endedSynced(), "an end says nothing of the device");
            }
        }
    }
}

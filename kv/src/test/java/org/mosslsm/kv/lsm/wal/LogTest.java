package org.mosslsm.kv.lsm.wal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.mosslsm.kv.testkit.CrashPolicy;
import org.mosslsm.kv.testkit.FaultVfs;
import org.mosslsm.kv.testkit.FaultVfs.Fault;
import org.mosslsm.kv.testkit.FaultVfs.Op;
import org.mosslsm.kv.testkit.MemVfs;
import org.mosslsm.kv.vfs.Vfs;

/** What is appended to a log is read again, in a new file and in a used one, and whatever fails in between. */
class LogTest extends LogFixture {
    @Test
    void recordsOfAnySizeComeBackInOrder() throws IOException {
        Random random = new Random(SEED);
        MemVfs vfs = new MemVfs();
        List<byte[]> written = new ArrayList<>();
        try (LogWriter writer = LogWriter.create(vfs, NAME, NUMBER)) {
            for (int i = 0; i < 300; i++) {
                int size = random.nextInt(20) == 0 ? random.nextInt(200_000) : random.nextInt(3000);
                written.add(record(random, i % 50 == 0 ? 0 : size));
                append(writer, written.get(i));
            }
            writer.flush();
            assertEquals(writer.size(), vfs.content(NAME).length, SEEDED);
        }
        assertRecords(written, readAll(vfs));
    }

    @Test
    void recordsEndAtAndAroundEveryPlaceNearABlocksEnd() throws IOException {
        Random random = new Random(1);
        int start = LogFormat.HEAD_BYTES + LogFormat.startPayload(LogFormat.FIRST_VERSION).length;
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

    /** Else each open would read on behind it, to see whether the log was damaged there. */
    @Test
    void recycledFileIsCutWhereItsLogIsFinished() throws IOException {
        MemVfs vfs = new MemVfs();
        try (LogWriter old = LogWriter.create(vfs, "000003.wal", 3)) {
            append(old, new byte[100_000]);
            old.flush();
        }
        LogWriter writer = LogWriter.recycle(vfs, "000003.wal", NAME, NUMBER);
        append(writer, new byte[100]);
        writer.finish();
        assertEquals(writer.size(), vfs.content(NAME).length);
        assertEquals(1, readAll(vfs).size());
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
}

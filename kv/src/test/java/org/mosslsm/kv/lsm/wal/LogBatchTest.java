package org.mosslsm.kv.lsm.wal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.IntUnaryOperator;
import org.junit.jupiter.api.Test;
import org.mosslsm.kv.CorruptionException;
import org.mosslsm.kv.WriteBatch;
import org.mosslsm.kv.testkit.FaultVfs;
import org.mosslsm.kv.testkit.FaultVfs.Fault;
import org.mosslsm.kv.testkit.FaultVfs.Op;
import org.mosslsm.kv.testkit.MemVfs;
import org.mosslsm.kv.vfs.WritableFile;

/** Batches in logs of version 2: those of one entry that follow each other are short. */
class LogBatchTest extends LogFixture {
    private static final int HEADS_BEFORE = LogFormat.HEAD_BYTES + WriteBatch.HEADER_BYTES;

    private static byte[] batch(long seq, int entries, byte[] value) {
        WriteBatch batch = new WriteBatch();
        for (int i = 0; i < entries; i++) {
            batch.put(("key" + (seq + i)).getBytes(StandardCharsets.UTF_8), value);
        }
        batch.seal(seq);
        return Arrays.copyOf(batch.array(), batch.byteSize());
    }

    private static void add(LogWriter writer, List<byte[]> written, byte[] batch) throws IOException {
        writer.appendBatch(batch, batch.length);
        written.add(batch);
    }

    /** Appends batches of one entry, which follow each other, and flushes; {@code length} says that of their values. */
    private static List<byte[]> append(LogWriter writer, int from, int to, IntUnaryOperator length) throws IOException {
        List<byte[]> written = new ArrayList<>();
        for (int seq = from; seq <= to; seq++) {
            add(writer, written, batch(seq, 1, new byte[length.applyAsInt(seq)]));
        }
        writer.flush();
        return written;
    }

    private interface Step {
        void run() throws IOException;
    }

    /** Tries as often as the device is full. */
    private static void untilThereIsSpace(LogWriter writer, Step step) throws IOException {
        while (true) {
            long size = writer.size();
            try {
                step.run();
                return;
            } catch (LogFullException e) {
                assertEquals(size, writer.size(), "nothing is left of what was refused, " + SEEDED);
            }
        }
    }

    /** Writes batches of all kinds, each after {@code before}; returns them. */
    private static List<byte[]> fill(LogWriter writer, Random random, int count, Runnable before) throws IOException {
        List<byte[]> written = new ArrayList<>();
        long seq = 1;
        for (int i = 0; i < count; i++) {
            int entries = random.nextInt(8) == 0 ? random.nextInt(5) : 1;
            int length = random.nextInt(30) == 0 ? random.nextInt(70_000) : random.nextInt(200);
            seq += random.nextInt(10) == 0 ? random.nextInt(3) : 0;
            byte[] next = batch(seq, entries, record(random, entries > 1 ? length / 10 : length));
            before.run();
            untilThereIsSpace(writer, () -> add(writer, written, next));
            seq += entries;
            if (random.nextInt(12) == 0) {
                untilThereIsSpace(writer, writer::flush);
                writer.sync();
            }
            if (random.nextInt(20) == 0) {
                writer.mark();
            }
            if (random.nextInt(20) == 0) {
                long size = writer.size();
                byte[] takenBack = batch(seq, 1, record(random, random.nextInt(100)));
                untilThereIsSpace(writer, () -> writer.appendBatch(takenBack, takenBack.length));
                writer.rewind(size);
            }
        }
        untilThereIsSpace(writer, writer::flush);
        return written;
    }

    @Test
    void batchesComeBackAsTheyWere() throws IOException {
        Random random = new Random(SEED);
        for (int round = 0; round < 200; round++) {
            MemVfs vfs = new MemVfs();
            try (LogWriter writer = LogWriter.createForBatches(vfs, NAME, NUMBER)) {
                List<byte[]> written = fill(writer, random, 1 + random.nextInt(300), () -> {});
                assertRecords(written, readAll(vfs));
            }
        }
    }

    @Test
    void oneEntryThatFollowsOnTakesSevenBytesMoreThanItself() throws IOException {
        MemVfs vfs = new MemVfs();
        byte[] value = new byte[100];
        try (LogWriter writer = LogWriter.createForBatches(vfs, NAME, NUMBER);
                LogWriter before = LogWriter.create(vfs, "000008.wal", 8)) {
            List<byte[]> written = new ArrayList<>();
            long start = writer.size();
            assertEquals(start, before.size());
            long entries = 0;
            for (int seq = 1; seq <= 30; seq++) {
                byte[] batch = batch(seq, 1, value);
                add(writer, written, batch);
                before.appendBatch(batch, batch.length);
                entries += batch.length - WriteBatch.HEADER_BYTES;
            }
            assertEquals(start + entries + 30 * HEADS_BEFORE, before.size(), "a log of version 1 has none");
            assertEquals(start + entries + HEADS_BEFORE + 29 * LogFormat.SHORT_HEAD_BYTES, writer.size());
            writer.flush();
            assertRecords(written, readAll(vfs));
        }
    }

    /** What was written behind a sync says that all before was synced. */
    @Test
    void damageBeforeASyncIsSeenInEveryByte() throws IOException {
        MemVfs vfs = new MemVfs();
        long synced;
        List<byte[]> written = new ArrayList<>();
        try (LogWriter writer = LogWriter.createForBatches(vfs, NAME, NUMBER)) {
            written.addAll(append(writer, 1, 20, seq -> seq));
            writer.sync();
            synced = writer.size();
            written.addAll(append(writer, 21, 30, seq -> seq));
        }
        byte[] content = vfs.content(NAME);
        assertRecords(written, readAll(vfs));
        for (int at = 0; at < content.length; at++) {
            byte[] damaged = content.clone();
            damaged[at] ^= (byte) (1 << (at % 8));
            put(vfs, damaged);
            if (at < synced) {
                CorruptionException e = assertThrows(CorruptionException.class, () -> readAll(vfs), "byte " + at);
                assertTrue(e.offset() <= at, () -> e + " is not before what was damaged");
            } else {
                List<byte[]> found = readAll(vfs);
                assertTrue(found.size() >= 20 && found.size() < 30, found.size() + " records, byte " + at);
                assertPrefix(written, found);
            }
        }
    }

    private static void put(MemVfs vfs, byte[] content) throws IOException {
        try (WritableFile file = vfs.create(NAME)) {
            file.append(content, 0, content.length);
        }
    }

    @Test
    void tornLogsGiveTheFirstOfTheirBatches() throws IOException {
        Random random = new Random(SEED);
        MemVfs vfs = new MemVfs();
        List<byte[]> written = new ArrayList<>();
        try (LogWriter writer = LogWriter.createForBatches(vfs, NAME, NUMBER)) {
            for (int seq = 1; seq <= 400; seq++) {
                add(writer, written, batch(seq, 1, record(random, 60 + random.nextInt(60))));
            }
            writer.flush();
        }
        byte[] content = vfs.content(NAME);
        int found = 0;
        for (int length = 0; length <= content.length; length += 1 + random.nextInt(40)) {
            put(vfs, Arrays.copyOf(content, length));
            List<byte[]> some = readAll(vfs);
            assertTrue(some.size() >= found, SEEDED);
            found = some.size();
            assertPrefix(written, some);
        }
        put(vfs, content);
        assertEquals(400, readAll(vfs).size(), SEEDED);
    }

    /** In either fault the batch that was refused is in the log once, when it is appended again, and all before it are. */
    @Test
    void batchesGoOnWhereADeviceWithoutSpaceHasSomeAgain() throws IOException {
        for (Fault fault : new Fault[] {Fault.NO_SPACE, Fault.FULL_HALFWAY}) {
            MemVfs memory = new MemVfs();
            FaultVfs vfs = new FaultVfs(memory);
            List<byte[]> written = new ArrayList<>();
            try (LogWriter writer = LogWriter.createForBatches(vfs, NAME, NUMBER)) {
                written.addAll(append(writer, 1, 100, seq -> 50));
                vfs.failFrom(Set.of(Op.APPEND), NAME, 1, fault);
                assertThrows(LogFullException.class, () -> {
                    for (int seq = 101; seq < 10_000; seq++) {
                        add(writer, written, batch(seq, 1, new byte[50]));
                    }
                });
                long size = writer.size();
                int next = written.size() + 1;
                byte[] refused = batch(next, 1, new byte[50]);
                assertThrows(LogFullException.class, () -> writer.appendBatch(refused, refused.length));
                assertThrows(LogFullException.class, writer::flush);
                assertEquals(size, writer.size(), "nothing is left of what was refused");
                assertRecords(written.subList(0, 100), readAll(memory));

                vfs.heal();
                written.addAll(append(writer, next, next + 2000, seq -> 50));
            }
            assertRecords(written, readAll(memory));
        }
    }

    @Test
    void batchesOfAllKindsComeBackFromADeviceThatIsFullAtTimes() throws IOException {
        Random random = new Random(SEED);
        Fault[] faults = {Fault.NO_SPACE, Fault.FULL_HALFWAY};
        int struck = 0;
        for (int round = 0; round < 100; round++) {
            MemVfs memory = new MemVfs();
            FaultVfs vfs = new FaultVfs(memory);
            try (LogWriter writer = LogWriter.createForBatches(vfs, NAME, NUMBER)) {
                List<byte[]> written = fill(writer, random, 1 + random.nextInt(300), () -> {
                    if (random.nextInt(10) == 0) {
                        int nth = 1 + random.nextInt(3);
                        int times = 1 + random.nextInt(3);
                        vfs.fail(Set.of(Op.APPEND), NAME, nth, times, faults[random.nextInt(faults.length)]);
                    }
                });
                assertRecords(written, readAll(memory));
            }
            struck += vfs.struck();
        }
        assertTrue(struck > 100, () -> "hardly ever full, " + SEEDED);
    }

    /** But for what the device had no space for, a failure says nothing of how much was written. */
    @Test
    void batchesBeforeAFailureAreThereAndNoneIsTakenAfterIt() throws IOException {
        for (Fault fault : new Fault[] {Fault.IO_ERROR, Fault.SHORT_WRITE}) {
            for (int nth = 1; nth <= 20; nth++) {
                MemVfs memory = new MemVfs();
                FaultVfs vfs = new FaultVfs(memory);
                List<byte[]> written = new ArrayList<>();
                int[] flushed = {0};
                LogWriter writer = LogWriter.createForBatches(vfs, NAME, NUMBER);
                vfs.fail(Set.of(Op.APPEND), NAME, nth, fault);
                assertThrows(IOException.class, () -> {
                    for (int from = 1; from < 10_000; from += 10) {
                        for (int seq = from; seq < from + 10; seq++) {
                            add(writer, written, batch(seq, 1, new byte[500]));
                        }
                        writer.flush();
                        flushed[0] = written.size();
                    }
                });
                int appends = vfs.count(Op.APPEND);
                byte[] next = batch(written.size() + 1, 1, new byte[500]);
                assertThrows(IOException.class, () -> writer.appendBatch(next, next.length));
                assertThrows(IOException.class, writer::flush);
                writer.close();
                assertEquals(appends, vfs.count(Op.APPEND), "written after the failure");
                List<byte[]> found = readAll(memory);
                assertPrefix(written, found);
                // The half of ten batches is five of them, or some and a part of one.
                String what = fault + " at " + nth + ": " + found.size() + " of " + flushed[0];
                assertTrue(fault == Fault.IO_ERROR ? found.size() == flushed[0] : found.size() > flushed[0], what);
            }
        }
    }

    /** The two logs stand byte for byte in the same places. */
    @Test
    void shortRecordsOfTheLogBeforeAreNotTakenForThoseOfARecycledOne() throws IOException {
        MemVfs vfs = new MemVfs();
        String old = "000006.wal";
        try (LogWriter writer = LogWriter.createForBatches(vfs, old, 6)) {
            append(writer, 1, 100, seq -> 50);
        }
        try (LogWriter writer = LogWriter.recycle(vfs, old, NAME, NUMBER)) {
            List<byte[]> written = append(writer, 1, 30, seq -> 50);
            assertRecords(written, readAll(vfs));
        }
    }

    /** A log is gone on with as it was begun, or with whole heads. */
    @Test
    void logsOfEitherVersionGoOn() throws IOException {
        for (boolean isNew : new boolean[] {false, true}) {
            MemVfs vfs = new MemVfs();
            List<byte[]> written = new ArrayList<>();
            long size;
            try (LogWriter writer =
                    isNew ? LogWriter.createForBatches(vfs, NAME, NUMBER) : LogWriter.create(vfs, NAME, NUMBER)) {
                written.addAll(append(writer, 1, 10, seq -> 50));
                writer.sync();
                size = writer.size();
            }
            try (LogWriter writer = LogWriter.resume(vfs, NAME, NUMBER, size)) {
                written.addAll(append(writer, 11, 20, seq -> 50));
            }
            assertRecords(written, readAll(vfs));
        }
    }

    /** A file that an earlier build wrote is read for ever. */
    @Test
    void goldenLogIsRead() throws IOException {
        MemVfs vfs = new MemVfs();
        try (InputStream in = LogBatchTest.class.getResourceAsStream("/golden/log-2/" + NAME)) {
            put(vfs, in.readAllBytes());
        }
        List<byte[]> expected = new ArrayList<>();
        expected.add(sealed(1, new WriteBatch().put(bytes("k1"), bytes("v1"))));
        expected.add(sealed(2, new WriteBatch().put(bytes("k2"), bytes("v2"))));
        WriteBatch several = new WriteBatch().put(bytes("c"), bytes("3")).delete(bytes("a"));
        expected.add(sealed(3, several.deleteRange(bytes("x"), bytes("z"))));
        expected.add(sealed(6, new WriteBatch().put(bytes("k6"), bytes("v6"))));
        expected.add(sealed(8, new WriteBatch().delete(bytes("f"))));
        expected.add(sealed(9, new WriteBatch().put(bytes("k9"), bytes("v9"))));
        assertRecords(expected, readAll(vfs));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] sealed(long seq, WriteBatch batch) {
        batch.seal(seq);
        return Arrays.copyOf(batch.array(), batch.byteSize());
    }
}

package org.mosslsm.kv.lsm.wal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mosslsm.kv.CorruptionException;
import org.mosslsm.kv.WriteBatch;
import org.mosslsm.kv.testkit.MemVfs;
import org.mosslsm.kv.vfs.WritableFile;

/** What short records leave out is said often enough: a sector lost with synced records in it is damage, and no torn end. */
class LogSectorTest extends LogFixture {
    private static byte[] batch(long seq, byte[] value) {
        WriteBatch batch = new WriteBatch().put(("key" + seq).getBytes(StandardCharsets.UTF_8), value);
        batch.seal(seq);
        return Arrays.copyOf(batch.array(), batch.byteSize());
    }

    private static void add(LogWriter writer, long from, long to) throws IOException {
        for (long seq = from; seq <= to; seq++) {
            byte[] batch = batch(seq, new byte[100]);
            writer.appendBatch(batch, batch.length);
        }
        writer.flush();
    }

    @ParameterizedTest
    @ValueSource(ints = {512, 4096})
    void lostSectorWithSyncedRecordsIsDamage(int sector) throws IOException {
        for (int before = 1; before <= 80; before++) {
            MemVfs vfs = new MemVfs();
            long synced;
            try (LogWriter writer = LogWriter.createForBatches(vfs, NAME, NUMBER)) {
                add(writer, 1, before);
                writer.sync();
                synced = writer.size();
                add(writer, before + 1, before + 90);
            }
            byte[] content = vfs.content(NAME);
            for (int at = 0; at < content.length; at += sector) {
                byte[] damaged = content.clone();
                Arrays.fill(damaged, at, Math.min(content.length, at + sector), (byte) 0xA5);
                try (WritableFile file = vfs.create(NAME)) {
                    file.append(damaged, 0, damaged.length);
                }
                String what = before + " synced, sector at " + at;
                if (at < synced) {
                    assertThrows(CorruptionException.class, () -> readAll(vfs), what);
                } else {
                    List<byte[]> found = readAll(vfs);
                    assertTrue(found.size() >= before && found.size() < before + 90, what);
                }
            }
        }
    }

    /** The shortest of records is shorter than a whole head, and yet counts as one that is not synced. */
    @Test
    void markBehindOneShortRecordThatIsNotSyncedIsNoCleanEnd() throws IOException {
        MemVfs vfs = new MemVfs();
        List<byte[]> written = new ArrayList<>();
        try (LogWriter writer = LogWriter.createForBatches(vfs, NAME, NUMBER)) {
            written.add(batch(1, new byte[1]));
            WriteBatch delete = new WriteBatch().delete(new byte[] {1});
            delete.seal(2);
            written.add(Arrays.copyOf(delete.array(), delete.byteSize()));
            writer.appendBatch(written.get(0), written.get(0).length);
            writer.flush();
            long before = writer.size();
            writer.appendBatch(written.get(1), written.get(1).length);
            assertTrue(writer.size() - before < LogFormat.HEAD_BYTES, "it is short");
            writer.sync(); // of what was flushed
            writer.mark();
            writer.flush();
        }
        try (LogReader reader = LogReader.open(vfs, NAME, NUMBER)) {
            int records = 0;
            while (reader.next()) {
                records++;
            }
            assertEquals(2, records);
            assertFalse(reader.endedSynced());
        }
    }
}

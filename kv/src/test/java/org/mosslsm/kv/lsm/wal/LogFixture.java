package org.mosslsm.kv.lsm.wal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.mosslsm.kv.vfs.Vfs;

/** Records to write to one log, and ways to read it again. */
abstract class LogFixture {
    static final String NAME = "000007.wal";
    static final long NUMBER = 7;

    /** Of all that is random in these tests; set, it has them do the same again. */
    static final long SEED = Long.getLong("log.seed", System.nanoTime());

    /** What a failed assertion says to have that done. */
    static final String SEEDED = "-Dlog.seed=" + SEED;

    static {
        System.out.println("Tests of the log: " + SEEDED); // what fails by an exception says nothing of it
    }

    static byte[] record(Random random, int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    static void append(LogWriter writer, byte[] record) throws IOException {
        writer.append(record, 0, record.length);
    }

    /** Reads to the end. */
    static List<byte[]> readAll(Vfs vfs) throws IOException {
        List<byte[]> records = new ArrayList<>();
        try (LogReader reader = LogReader.open(vfs, NAME, NUMBER)) {
            while (reader.next()) {
                records.add(Arrays.copyOfRange(reader.array(), reader.offset(), reader.offset() + reader.length()));
            }
            assertFalse(reader.next(), "the end stays the end, " + SEEDED);
        }
        return records;
    }

    static void assertRecords(List<byte[]> expected, List<byte[]> found) {
        assertEquals(expected.size(), found.size(), SEEDED);
        for (int i = 0; i < found.size(); i++) {
            assertArrayEquals(expected.get(i), found.get(i), "record " + i + ", " + SEEDED);
        }
    }

    static void assertPrefix(List<byte[]> written, List<byte[]> found) {
        assertTrue(found.size() <= written.size(), SEEDED);
        assertRecords(written.subList(0, found.size()), found);
    }
}

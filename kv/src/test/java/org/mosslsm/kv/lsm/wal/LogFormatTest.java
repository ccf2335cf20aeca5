package org.mosslsm.kv.lsm.wal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.mosslsm.kv.CorruptionException;
import org.mosslsm.kv.testkit.MemVfs;
import org.mosslsm.kv.vfs.WritableFile;

/** Where a fragment may begin, looked for several bytes at a time. */
class LogFormatTest extends LogFixture {
    private static final int SIZE = 4096;

    private final Random random = new Random(SEED);

    /** What a look at every single byte says. */
    private static boolean mayBegin(byte[] array, int at, int number) {
        int type = LogFormat.type(array, at);
        return type >= LogFormat.START && type <= LogFormat.END && array[at + LogFormat.NUMBER_AT] == (byte) number;
    }

    private static int places(byte[] array, int number) {
        int places = 0;
        for (int at = 0; at + LogFormat.HEAD_BYTES <= array.length; at += LogFormat.PLACES) {
            places += Long.bitCount(LogFormat.mayBegin(array, at, number));
        }
        return places;
    }

    @Test
    void itIsTheSameAsALookAtEachByte() {
        int some = 0;
        for (int round = 0; round < 400; round++) {
            byte[] array = new byte[SIZE];
            random.nextBytes(array);
            int number = random.nextInt() >>> random.nextInt(Integer.SIZE);
            int alphabet = 1 << random.nextInt(9);
            for (int i = 0; i < SIZE; i++) {
                boolean ofNumber = random.nextInt(3) == 0;
                array[i] = ofNumber ? (byte) number : (byte) ((array[i] & alphabet - 1) - random.nextInt(2));
            }
            int at = random.nextInt(LogFormat.PLACES);
            for (; at + LogFormat.HEAD_BYTES + LogFormat.PLACES <= SIZE; at += LogFormat.PLACES) {
                long expected = 0;
                for (int i = 0; i < LogFormat.PLACES; i++) {
                    expected |= mayBegin(array, at + i, number) ? 0x80L << (i * Byte.SIZE) : 0;
                }
                assertEquals(expected, LogFormat.mayBegin(array, at, number), SEEDED);
                some += Long.bitCount(expected);
            }
        }
        assertTrue(some > 1000, "places: " + some + ", " + SEEDED);
    }

    @Test
    void roomMadeAheadAndWhatALogLeftHaveHardlyAny() {
        for (int number : new int[] {0, 7, 256, -1}) {
            assertEquals(0, places(new byte[SIZE], number), "room made ahead");
            byte[] left = new byte[1 << 20];
            random.nextBytes(left);
            // 7 types of 256, and one first byte of 256: 112 of these
            assertTrue(places(left, number) < left.length / 1000, SEEDED);
        }
    }

    /** A fragment that says the place of the damage was synced, at each place that one can be in the last block. */
    @Test
    void whatWasSyncedIsFoundAtEveryPlace() throws IOException {
        byte[] log = new byte[LogFormat.BLOCK_BYTES + 200];
        Arrays.fill(log, (byte) NUMBER);
        LogFormat.Checksum checksum = new LogFormat.Checksum();
        for (int at = LogFormat.BLOCK_BYTES; at + LogFormat.HEAD_BYTES <= log.length; at++) {
            byte[] one = log.clone();
            int length = Math.min(random.nextInt(20), log.length - at - LogFormat.HEAD_BYTES);
            LogFormat.putHead(one, at, length, LogFormat.WHOLE, NUMBER, 1, checksum, at);
            MemVfs vfs = new MemVfs();
            try (WritableFile file = vfs.create(NAME)) {
                file.append(one, 0, one.length);
            }
            CorruptionException e =
                    assertThrows(CorruptionException.class, () -> readAll(vfs), "at " + at + ", " + SEEDED);
            assertEquals(0, e.offset(), "at " + at + ", " + SEEDED);
            vfs.corrupt(NAME, at, 1);
            assertEquals(0, readAll(vfs).size(), "at " + at + ", " + SEEDED);
        }
    }
}

package org.mosslsm.kv.lsm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.mosslsm.kv.CorruptionException;
import org.mosslsm.kv.WriteBatch;
import org.mosslsm.kv.testkit.MemVfs;

/** What is replayed of several logs, by how they end. */
class LogReplayTest {
    private final MemVfs disk = new MemVfs();

    private static byte[] key(int seq) {
        return new byte[] {(byte) seq};
    }

    private static void write(ActiveLog log, int seq) throws IOException {
        WriteBatch batch = WriteBatch.ofPut(key(seq), new byte[100]);
        batch.seal(seq);
        log.append(batch.array(), batch.byteSize());
        log.flush(seq);
    }

    /** A store of three logs, of the writes 1 and 2, 3 and 4, and 5; as it is found after a kill. */
    private MemVfs threeLogs(boolean synced) throws IOException {
        Lsm.open(disk, LsmOptions.defaults()).close();
        ActiveLog log = new ActiveLog(disk, 101, 0);
        write(log, 1);
        write(log, 2);
        log.rotate(102, 2);
        write(log, 3);
        write(log, 4);
        log.rotate(103, 4);
        if (synced) {
            log.awaitSynced(4);
        }
        write(log, 5);
        MemVfs killed = disk.killClone();
        log.close(5, false);
        return killed;
    }

    private static void cut(MemVfs disk, String log, int bytes) throws IOException {
        disk.truncate(log, disk.content(log).length - bytes);
    }

    private static void assertHolds(MemVfs disk, int upTo) {
        for (int open = 0; open < 2; open++) { // the second time from tables
            try (Lsm store = Lsm.open(disk, LsmOptions.defaults())) {
                for (int seq = 1; seq <= 5; seq++) {
                    if (seq <= upTo) {
                        assertNotNull(store.get(key(seq)), "write " + seq);
                    } else {
                        assertNull(store.get(key(seq)), "write " + seq);
                    }
                }
                assertEquals(
                        0,
                        disk.list().stream()
                                .filter(n -> n.compareTo("000104") < 0 && n.endsWith(".wal"))
                                .count());
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        }
    }

    @Test
    void logsThatWereEndedAreReplayedThoughNothingWasSynced() throws IOException {
        assertHolds(threeLogs(false), 5);
        assertEquals(0, disk.openFiles());
    }

    @Test
    void behindATornLogNothingIsTakenThatWasNotSynced() throws IOException {
        MemVfs killed = threeLogs(false);
        cut(killed, "000102.wal", 50); // its end, and a part of write 4
        assertHolds(killed, 3);
    }

    @Test
    void aLogThatLostOnlyItsEndIsTornToo() throws IOException {
        MemVfs killed = threeLogs(false);
        cut(killed, "000101.wal", 1);
        assertHolds(killed, 2);
    }

    @Test
    void aTornLogBeforeOneThatWasSyncedIsDamage() throws IOException {
        MemVfs killed = threeLogs(true);
        cut(killed, "000101.wal", 50);
        CorruptionException e = assertThrows(CorruptionException.class, () -> Lsm.open(killed, LsmOptions.defaults()));
        assertEquals("000101.wal", e.file());
    }
}

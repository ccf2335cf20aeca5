package org.mosslsm.kv.lsm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.mosslsm.kv.lsm.wal.LogReader;
import org.mosslsm.kv.testkit.CrashPolicy;
import org.mosslsm.kv.testkit.FaultVfs;
import org.mosslsm.kv.testkit.FaultVfs.Fault;
import org.mosslsm.kv.testkit.FaultVfs.Op;
import org.mosslsm.kv.testkit.MemVfs;

/** Turns at the device, rotation and reuse of logs. */
@Timeout(60)
class ActiveLogTest {
    private final MemVfs memory = new MemVfs();
    private final FaultVfs disk = new FaultVfs(memory);

    private static void write(ActiveLog log, int seq) throws IOException {
        log.append(new byte[] {(byte) seq}, 1);
        log.flush(seq);
    }

    private static List<Integer> records(MemVfs disk, String name, long number) throws IOException {
        List<Integer> records = new ArrayList<>();
        try (LogReader reader = LogReader.open(disk, name, number)) {
            while (reader.next()) {
                records.add((int) reader.array()[reader.offset()]);
            }
        }
        return records;
    }

    @Test
    void whatWasAwaitedSurvivesAPowerLossAcrossLogs() throws IOException {
        ActiveLog log = new ActiveLog(disk, 1, 0);
        write(log, 1);
        log.rotate(2, 1);
        write(log, 2);
        log.awaitSynced(2);
        write(log, 3);

        MemVfs after = memory.crashClone(1, CrashPolicy.DROPPED);
        assertEquals(List.of(1), records(after, "000001.wal", 1));
        assertEquals(List.of(2), records(after, "000002.wal", 2));
        assertTrue(log.syncDue());
        log.close(3, true);
        assertEquals(List.of(2, 3), records(memory.crashClone(1, CrashPolicy.DROPPED), "000002.wal", 2));
        assertEquals(0, memory.openFiles());
    }

    @Test
    void whatIsSyncedAlreadyCostsNoSync() throws IOException {
        ActiveLog log = new ActiveLog(disk, 1, 0);
        write(log, 1);
        write(log, 2);
        log.awaitSynced(2);
        int syncs = disk.count(Op.SYNC);
        log.awaitSynced(1);
        log.syncFlushed();
        assertEquals(syncs, disk.count(Op.SYNC));
        assertFalse(log.syncDue());
    }

    @Test
    void aFailedSyncIsToldToAllWhoWaitAndNeverRepeated() throws Exception {
        ActiveLog log = new ActiveLog(disk, 1, 0);
        write(log, 1);
        write(log, 2);
        disk.fail(EnumSet.of(Op.SYNC), ".*", 1, Fault.IO_ERROR);
        assertThrows(IOException.class, () -> log.awaitSynced(1));
        int syncs = disk.count(Op.SYNC);
        assertThrows(IOException.class, () -> log.awaitSynced(2));
        assertThrows(IOException.class, log::syncFlushed);
        assertEquals(syncs, disk.count(Op.SYNC));
        IOException told = assertThrows(IOException.class, () -> log.close(2, true), "who closes believes all is well");
        assertTrue(told.getMessage().contains("earlier"), told::getMessage);
        assertEquals(syncs, disk.count(Op.SYNC));
        assertEquals(0, memory.openFiles());
    }

    @Test
    void rotationWaitsForTheSyncUnderWay() throws Exception {
        ActiveLog log = new ActiveLog(disk, 1, 0);
        write(log, 1);
        CountDownLatch syncing = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        disk.observe((op, name) -> {
            if (op == Op.SYNC && syncing.getCount() > 0) {
                syncing.countDown();
                try {
                    release.await();
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
            }
        });
        Thread syncer = new Thread(() -> {
            try {
                log.awaitSynced(1);
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        });
        syncer.start();
        syncing.await();
        Thread rotator = new Thread(() -> {
            try {
                log.rotate(2, 1);
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        });
        rotator.start();
        while (rotator.getState() != Thread.State.WAITING) {
            Thread.onSpinWait();
        }
        assertFalse(memory.exists("000002.wal"));
        release.countDown();
        syncer.join();
        rotator.join();
        assertTrue(memory.exists("000002.wal"));
        log.close(1, true);
    }

    @Test
    void rotationSyncsNoFileAndTheNextSyncCoversTheLogsBefore() throws IOException {
        ActiveLog log = new ActiveLog(disk, 1, 0);
        write(log, 1);
        log.rotate(2, 1);
        write(log, 2);
        log.rotate(3, 2);
        assertEquals(0, disk.count(Op.SYNC));
        assertTrue(log.syncDue());
        log.awaitSynced(2);
        MemVfs after = memory.crashClone(1, CrashPolicy.DROPPED);
        assertEquals(List.of(1), records(after, "000001.wal", 1));
        assertEquals(List.of(2), records(after, "000002.wal", 2));
        log.close(2, true);
        assertEquals(0, memory.openFiles());
    }

    @Test
    void aLogWhoseWritesAreInTablesIsGivenUpUnsynced() throws IOException {
        ActiveLog log = new ActiveLog(disk, 1, 0);
        write(log, 1);
        log.rotate(2, 1);
        log.dropBelow(2);
        assertEquals(Set.of("000002.wal"), new TreeSet<>(memory.list()));
        assertEquals(1, memory.openFiles());
        assertEquals(0, disk.count(Op.SYNC));
        log.close(1, true);
        assertEquals(0, memory.openFiles());
    }

    @Test
    void aFailedSyncOfAnEndedLogEndsSyncsAndRotationsToo() throws IOException {
        ActiveLog log = new ActiveLog(disk, 1, 0);
        write(log, 1);
        log.rotate(2, 1);
        write(log, 2);
        disk.fail(EnumSet.of(Op.SYNC), "000001.wal", 1, Fault.IO_ERROR);
        assertThrows(IOException.class, () -> log.awaitSynced(2));
        assertThrows(IOException.class, () -> log.awaitSynced(2));
        assertThrows(IOException.class, () -> log.rotate(3, 2));
        log.close(2, false);
        assertEquals(0, memory.openFiles());
    }

    @Test
    void oneOldLogIsKeptAndWrittenOverWhileCommitsAreSynced() throws IOException {
        ActiveLog log = new ActiveLog(disk, 1, 0);
        for (int number = 2; number <= 4; number++) {
            write(log, number);
            log.awaitSynced(number);
            log.rotate(number, number);
        }
        log.dropBelow(4);
        Set<String> left = new TreeSet<>(memory.list());
        assertEquals(2, left.size(), left::toString);
        log.rotate(5, 4);
        assertEquals(Set.of("000004.wal", "000005.wal"), new TreeSet<>(memory.list()));
        assertEquals(List.of(), records(memory, "000005.wal", 5));
        write(log, 9);
        log.close(9, true);
        assertEquals(List.of(9), records(memory, "000005.wal", 5));
    }

    @Test
    void noFileIsKeptForCommitsThatAreNotSynced() throws IOException {
        ActiveLog log = new ActiveLog(disk, 1, 0);
        write(log, 1);
        log.awaitSynced(1);
        log.rotate(2, 1);
        log.dropBelow(2);
        assertEquals(Set.of("000001.wal", "000002.wal"), new TreeSet<>(memory.list()));
        write(log, 2);
        log.rotate(3, 2); // into the spare
        write(log, 3);
        log.rotate(4, 3);
        log.dropBelow(4);
        assertEquals(Set.of("000004.wal"), new TreeSet<>(memory.list()));
        log.close(3, true);
    }

    @Test
    void closingLeavesNoSpare() throws IOException {
        ActiveLog log = new ActiveLog(disk, 1, 0);
        write(log, 1);
        log.awaitSynced(1);
        log.rotate(2, 1);
        log.dropBelow(2);
        log.close(1, true);
        assertEquals(Set.of("000002.wal"), new TreeSet<>(memory.list()));
    }
}

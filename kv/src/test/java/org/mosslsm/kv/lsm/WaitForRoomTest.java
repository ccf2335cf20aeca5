package org.mosslsm.kv.lsm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.mosslsm.kv.KvIoException;
import org.mosslsm.kv.StoreClosedException;
import org.mosslsm.kv.StoreReadOnlyException;
import org.mosslsm.kv.lsm.ReadState.LoggedMemTable;
import org.mosslsm.kv.lsm.WritePressure.Cause;
import org.mosslsm.kv.lsm.entry.Trailer;
import org.mosslsm.kv.lsm.memtable.MemTable;
import org.mosslsm.kv.lsm.table.BlockCache;
import org.mosslsm.kv.lsm.version.VersionSet;
import org.mosslsm.kv.testkit.MemVfs;

/**
 * A writer waits for room in memory, and what it waits for comes after it looked and before it sleeps: it does not sleep
 * then. Nothing flushes here; what the writer has called before it sleeps plays the background.
 */
@Timeout(60)
class WaitForRoomTest {
    private static final LsmOptions TINY =
            LsmOptions.builder().memtableBytes(4 << 10).build();

    /** How long a writer sleeps that nobody wakes, in microseconds. */
    private static final long SLEEP_MICROS = TimeUnit.SECONDS.toMicros(1);

    private final MemVfs disk = new MemVfs();
    private final VersionSet versions = VersionSet.open(disk, new BlockCache(1 << 20));
    private final Health health = new Health("test");
    private final WritePressure pressure = new WritePressure(TINY.memtableBytes());
    private final ReadStates states =
            new ReadStates(versions, new LoggedMemTable(full(), 3), List.of(memTable(2), memTable(1)));
    private Runnable background = () -> {};
    private ActiveLog log;
    private MemTableRotation rotation;

    private static MemTable full() {
        MemTable table = new MemTable();
        table.add(Trailer.of(3, Trailer.PUT), new byte[] {1}, 0, 1, new byte[8 << 10], 0, 8 << 10);
        return table;
    }

    private static LoggedMemTable memTable(int number) {
        return new LoggedMemTable(new MemTable(), number, number);
    }

    @BeforeEach
    void open() throws IOException {
        log = new ActiveLog(disk, 3, 3);
        StoreReads reads = new StoreReads(states, versions.tables(), versions.values(), new Snapshots(3), health);
        rotation = new MemTableRotation(TINY, versions, reads, log, pressure, () -> background.run());
    }

    @AfterEach
    void close() throws IOException {
        log.close(3, true);
        states.close();
        versions.close();
    }

    /** So that the writer asks for the background's work before it sleeps. */
    private void flushLacksSpace() {
        health.shortage().missed(Shortage.Work.FLUSH, health.shortage().tryBegins(), noSpace());
    }

    private static IOException noSpace() {
        return new IOException("No space left on device");
    }

    private void assertDidNotSleep() {
        long waited = pressure.waitedMicros(Cause.MEMTABLES);
        assertTrue(waited < SLEEP_MICROS, "waited for " + waited + " us");
    }

    @Test
    void aTryThatFailedBeforeTheWriterSleepsRefusesItAtOnce() {
        flushLacksSpace();
        background = () -> {
            flushLacksSpace();
            states.wake();
        };
        KvIoException refused = assertThrows(KvIoException.class, () -> rotation.makeRoom(3));
        assertTrue(refused.isDiskFull());
        assertDidNotSleep();
    }

    @Test
    void aFailureBeforeTheWriterSleepsIsToldAtOnce() {
        flushLacksSpace();
        background = () -> health.fail(new IOException("a test"));
        assertThrows(StoreReadOnlyException.class, () -> rotation.makeRoom(3));
        assertDidNotSleep();
    }

    @Test
    void aStoreClosedBeforeTheWriterSleepsIsToldAtOnce() {
        flushLacksSpace();
        background = health::close;
        assertThrows(StoreClosedException.class, () -> rotation.makeRoom(3));
        assertDidNotSleep();
    }

    @Test
    void whoLookedBeforeAChangeDoesNotWaitForTheNext() {
        long seen = states.changes();
        states.wake();
        states.awaitChange(seen, TimeUnit.HOURS.toMillis(1));
        assertEquals(seen + 1, states.changes());
        states.rotate(new LoggedMemTable(new MemTable(), 4), 3);
        states.awaitChange(seen + 1, TimeUnit.HOURS.toMillis(1));
        assertEquals(seen + 2, states.changes());
    }

    /** What a waiter that has looked at the health already would else sleep through. */
    @Test
    void aFailureAndAClosingAreChanges() {
        long seen = states.changes();
        health.fail(noSpace());
        long failed = states.changes();
        assertTrue(failed > seen, failed + " after " + seen);
        health.close();
        assertTrue(states.changes() > failed, () -> states.changes() + " after " + failed);
    }
}

package org.mosslsm.kv.lsm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.mosslsm.kv.CommitRequest;
import org.mosslsm.kv.CorruptionException;
import org.mosslsm.kv.Durability;
import org.mosslsm.kv.KvIoException;
import org.mosslsm.kv.WriteBatch;
import org.mosslsm.kv.lsm.table.BlockCache;
import org.mosslsm.kv.lsm.table.TableOptions;
import org.mosslsm.kv.lsm.values.ValueOptions;
import org.mosslsm.kv.lsm.version.VersionSet;
import org.mosslsm.kv.lsm.wal.LogReader;
import org.mosslsm.kv.testkit.CrashPolicy;
import org.mosslsm.kv.testkit.FaultVfs;
import org.mosslsm.kv.testkit.FaultVfs.Fault;
import org.mosslsm.kv.testkit.FaultVfs.Op;
import org.mosslsm.kv.testkit.MemVfs;
import org.mosslsm.kv.tool.Repair;
import org.mosslsm.kv.tool.RepairReport;
import org.mosslsm.kv.tool.Verify;
import org.mosslsm.kv.tool.VerifyReport;
import org.mosslsm.kv.vfs.WritableFile;

/** What is replayed of several logs, by how they end. */
class LogReplayTest {
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
    private static MemVfs threeLogs(boolean synced) throws IOException {
        MemVfs disk = new MemVfs();
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
        for (int open = 0; open < 3; open++) { // the second time from logs again, the third time from tables
            try (Lsm store = Lsm.open(disk, LsmOptions.defaults())) {
                check(store, upTo);
                if (open == 1) {
                    store.flush();
                }
            }
            assertTrue(open < 1 || oldLogs(disk).isEmpty(), () -> oldLogs(disk).toString());
        }
    }

    private static void check(Lsm store, int upTo) {
        for (int seq = 1; seq <= 5; seq++) {
            if (seq <= upTo) {
                assertNotNull(store.get(key(seq)), "write " + seq);
            } else {
                assertNull(store.get(key(seq)), "write " + seq);
            }
        }
    }

    /** Those of the {@link #threeLogs} that are left. */
    private static List<String> oldLogs(MemVfs disk) {
        try {
            return disk.list().stream()
                    .filter(n -> n.compareTo("000104") < 0 && n.endsWith(".wal"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void logsThatWereEndedAreReplayedThoughNothingWasSynced() throws IOException {
        MemVfs killed = threeLogs(false);
        assertHolds(killed, 5);
        assertEquals(0, killed.openFiles());
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

    /** The tools see what the open sees: what it drops is no damage, and a repair does not keep it. */
    @Test
    void toolsTakeForDamageWhatTheOpenRefuses() throws IOException {
        for (boolean synced : new boolean[] {false, true}) {
            for (List<String> logs :
                    List.of(List.of("000101.wal"), List.of("000102.wal"), List.of("000101.wal", "000102.wal"))) {
                MemVfs killed = threeLogs(synced);
                for (String log : logs) {
                    cut(killed, log, 50);
                }
                boolean refused = synced; // the last log says that all before it was synced
                VerifyReport verified = Verify.store(killed);
                assertEquals(!refused, verified.ok(), verified::toString);
                assertEquals(refused, verified.notes().stream().noneMatch(n -> n.contains("drops them")));
                RepairReport report = Repair.store(killed);
                assertEquals(!refused, report.actions().isEmpty(), report::toString);
                assertEquals(refused ? logs.size() : 0, report.losses().size(), report::toString);
                assertTrue(Verify.store(killed).ok(), report::toString);
                if (!refused) {
                    assertHolds(killed, logs.get(0).equals("000101.wal") ? 1 : 3);
                } else {
                    try (Lsm store = Lsm.open(killed, LsmOptions.defaults())) {
                        assertNotNull(store.get(key(5)), "what came behind had been synced");
                    }
                }
            }
        }
    }

    @Test
    void tornLogIsWholeAfterwardsAndWhatWasDroppedStaysAway() throws IOException {
        MemVfs killed = threeLogs(false);
        cut(killed, "000102.wal", 50);
        try (Lsm store = Lsm.open(killed, LsmOptions.defaults())) {
            store.put(new byte[] {9}, new byte[] {9}); // synced: no log before it may be torn from now on
            MemVfs again = killed.crashClone(1, CrashPolicy.DROPPED);
            try (Lsm after = Lsm.open(again, LsmOptions.defaults())) {
                check(after, 3);
                assertNotNull(after.get(new byte[] {9}));
            }
            assertEquals(List.of("000101.wal", "000102.wal"), oldLogs(killed));
        }
    }

    @Test
    void crashAtAnyOperationOfRecoveryLeavesTheSame() throws IOException {
        for (int torn = 0; torn < 3; torn++) {
            for (LsmOptions options : List.of(LsmOptions.defaults(), SMALLEST)) {
                MemVfs killed = threeLogs(false);
                if (torn > 0) {
                    cut(killed, torn == 1 ? "000102.wal" : "000101.wal", 50);
                }
                int expected = torn == 0 ? 5 : torn == 1 ? 3 : 1;
                FaultVfs watched = new FaultVfs(killed);
                List<MemVfs> crashes = watched.collectCrashes(killed);
                Lsm.open(watched, options).close();
                watched.observe((op, name) -> {});
                assertTrue(crashes.size() > 15, crashes.size() + " crashes");
                for (MemVfs crash : crashes) {
                    try (Lsm store = Lsm.open(crash, options)) {
                        check(store, expected);
                        store.put(new byte[] {9}, new byte[] {9});
                    }
                    try (Lsm store = Lsm.open(crash.crashClone(1, CrashPolicy.DROPPED), options)) {
                        check(store, expected);
                    }
                }
            }
        }
    }

    private static final LsmOptions SMALLEST =
            LsmOptions.builder().memtableBytes(4 << 10).build();

    /** A store killed with {@code count} writes in its logs, each of {@code bytes}. */
    private static MemVfs killed(LsmOptions options, int count, int bytes) {
        MemVfs disk = new MemVfs();
        try (Lsm store = Lsm.open(disk, options)) {
            for (int i = 0; i < count; i++) {
                store.put(new byte[] {(byte) (i * 7), (byte) i, (byte) (i >> 8)}, new byte[bytes]);
            }
            return disk.killClone();
        }
    }

    @Test
    void logFarLargerThanTheMemtableIsReplayedInPieces() throws IOException {
        MemVfs killed = killed(LsmOptions.defaults(), 700, 100);
        for (int open = 0; open < 2; open++) {
            try (Lsm store = Lsm.open(killed, SMALLEST)) {
                for (int i = 0; i < 700; i++) {
                    assertNotNull(store.get(new byte[] {(byte) (i * 7), (byte) i, (byte) (i >> 8)}), "write " + i);
                }
                long memory = store.metrics().number("memtable.bytes").orElseThrow();
                assertTrue(memory < 3 * 2 * SMALLEST.memtableBytes(), memory + " bytes in memtables");
            }
        }
        assertEquals(0, killed.openFiles());
    }

    /** Five logs of as many writes, found after a kill. */
    private static MemVfs fiveLogs(int writes) throws IOException {
        MemVfs disk = new MemVfs();
        Lsm.open(disk, LsmOptions.defaults()).close();
        ActiveLog log = new ActiveLog(disk, 101, 0);
        for (int seq = 1; seq <= 5 * writes; seq++) {
            WriteBatch batch = WriteBatch.ofPut(longKey(seq), new byte[100]);
            batch.seal(seq);
            log.append(batch.array(), batch.byteSize());
            log.flush(seq);
            if (seq % writes == 0 && seq < 5 * writes) {
                log.rotate(101L + seq / writes, seq);
            }
        }
        MemVfs killed = disk.killClone();
        log.close(5L * writes, false);
        return killed;
    }

    private static byte[] longKey(int seq) {
        return new byte[] {(byte) (seq * 7), (byte) (seq >> 8), (byte) seq};
    }

    private static void checkLong(Lsm store, int upTo) {
        for (int seq = 1; seq <= upTo; seq++) {
            assertNotNull(store.get(longKey(seq)), "write " + seq);
        }
    }

    /** Logs of a store whose memtables were larger: each fits into a memtable's double, three of them would be six. */
    @Test
    void memtablesOfARecoveryTakeNoMoreThanThoseOfAStoreThatIsWrittenTo() throws IOException {
        LsmOptions options = LsmOptions.builder().memtableBytes(64 << 10).build();
        MemVfs killed = fiveLogs(800);
        try (VersionSet versions = VersionSet.open(killed.killClone(), new BlockCache(1 << 20))) {
            LogReplay replay =
                    new LogReplay(killed.killClone(), versions, options, TableOptions.LOWER, ValueOptions.OFF);
            replay.run(999);
            long most = 3 * options.memtableBytes() + (16 << 10); // what is gathered, and an entry
            assertTrue(replay.peakBytes() > options.memtableBytes(), replay.peakBytes() + " bytes");
            assertTrue(replay.peakBytes() <= most, replay.peakBytes() + " bytes where " + most + " are allowed");
        }
        try (Lsm store = Lsm.open(killed, options)) {
            checkLong(store, 4000);
        }
    }

    @Test
    void crashAtAnyOperationOfARecoveryThatWritesTablesLosesNothing() throws IOException {
        MemVfs killed = fiveLogs(50);
        FaultVfs watched = new FaultVfs(killed);
        List<MemVfs> crashes = watched.collectCrashes(killed);
        Lsm.open(watched, SMALLEST).close();
        watched.observe((op, name) -> {});
        assertTrue(crashes.size() > 60, crashes.size() + " crashes");
        for (MemVfs crash : crashes) {
            try (Lsm store = Lsm.open(crash, SMALLEST)) {
                checkLong(store, 250);
            }
        }
    }

    @Test
    void closedStoreIsOpenedAndClosedWithoutAWriteAndGoesOnWithItsLog() throws IOException {
        MemVfs disk = new MemVfs();
        for (int seq = 1; seq <= 4; seq++) {
            try (Lsm store = Lsm.open(disk, LsmOptions.defaults())) {
                store.commit(CommitRequest.of(WriteBatch.ofPut(key(seq), new byte[100]), Durability.PROCESS));
            }
            FaultVfs watched = new FaultVfs(disk);
            List<String> changes = new ArrayList<>();
            watched.observe((op, name) -> {
                if (FaultVfs.CHANGES.contains(op)) {
                    changes.add(op + " " + name);
                }
            });
            Lsm.open(watched, LsmOptions.defaults()).close();
            assertEquals(List.of(), changes);
            assertEquals(1, oldLogs(disk).size(), () -> oldLogs(disk).toString());
        }
        Lsm store = Lsm.open(disk, LsmOptions.defaults());
        store.commit(CommitRequest.of(WriteBatch.ofPut(key(5), new byte[100]), Durability.SYNC));
        store.commit(CommitRequest.of(WriteBatch.ofPut(key(6), new byte[100]), Durability.NONE));
        MemVfs crashed = disk.crashClone(1, CrashPolicy.DROPPED);
        store.close();
        try (Lsm again = Lsm.open(crashed, LsmOptions.defaults())) {
            check(again, 5);
            assertNull(again.get(key(6)));
        }
    }

    /** As when the disk was full, or little was in memory: the close synced them, and took back the room ahead of their ends. */
    @Test
    void whatStaysInSeveralLogsAtACloseIsNotSyncedAgain() throws IOException {
        MemVfs disk = new MemVfs();
        FaultVfs full = new FaultVfs(disk);
        full.failFrom(EnumSet.of(Op.CREATE), ".*sst", 1, Fault.NO_SPACE);
        LsmOptions tiny = LsmOptions.builder().memtableBytes(4 << 10).build();
        int commits = 0;
        try (Lsm store = Lsm.open(full, tiny)) {
            while (store.metrics().number("memtable.rotations").orElseThrow() < 2) {
                store.put(key(++commits), new byte[100]);
            }
            store.put(key(++commits), new byte[100]);
        }
        List<String> logs = oldLogs(disk);
        assertEquals(3, logs.size(), logs::toString);
        for (String log : logs) {
            try (LogReader reader = LogReader.open(disk, log, Long.parseLong(log.substring(0, 6)))) {
                while (reader.next()) {
                    assertTrue(reader.length() > 0);
                }
                assertTrue(reader.endsWithFile(), log);
            }
        }
        FaultVfs watched = new FaultVfs(disk);
        List<String> changes = new ArrayList<>();
        watched.observe((op, name) -> {
            if (FaultVfs.CHANGES.contains(op)) {
                changes.add(op + " " + name);
            }
        });
        try (Lsm store = Lsm.open(watched, LsmOptions.defaults())) {
            for (int seq = 1; seq <= commits; seq++) {
                assertNotNull(store.get(key(seq)), "write " + seq);
            }
        }
        assertEquals(List.of(), changes);
    }

    /** Of a writer that died when all was marked, say: its file may go on behind the mark for as long as a full log. */
    @Test
    void markedLogWhoseFileGoesOnIsReadToItsEndOnce() throws IOException {
        MemVfs disk = new MemVfs();
        try (Lsm store = Lsm.open(disk, LsmOptions.defaults())) {
            store.put(key(1), new byte[100]);
        }
        String name = oldLogs(disk).get(0);
        int length = disk.content(name).length;
        try (WritableFile file = disk.extend(name, length)) {
            file.append(new byte[1 << 20], 0, 1 << 20);
            file.sync();
        }
        for (int open = 0; open < 3; open++) {
            AtomicInteger reads = new AtomicInteger();
            FaultVfs watched = new FaultVfs(disk);
            watched.observe((op, file) -> {
                if (op == Op.READ && file.equals(name)) {
                    reads.incrementAndGet();
                }
            });
            try (Lsm store = Lsm.open(watched, LsmOptions.defaults())) {
                check(store, 1);
            }
            assertEquals(open == 0, reads.get() > 10, reads.get() + " reads at open " + open);
        }
    }

    /**
     * A power loss may take all that was appended to a log since the store was opened again, and leave the mark at which it
     * was closed before; and leave all of the next log. Without its past that is not to be shown.
     */
    @Test
    void logGoneOnWithIsNotTakenForEndedWhereItWasClosedBefore() throws IOException {
        MemVfs memory = new MemVfs();
        FaultVfs disk = new FaultVfs(memory);
        LsmOptions tiny = LsmOptions.builder()
                .memtableBytes(4 << 10)
                .durability(Durability.PROCESS)
                .build();
        try (Lsm store = Lsm.open(disk, tiny)) {
            store.put(key(0), new byte[100]);
        }
        disk.failFrom(EnumSet.of(Op.CREATE), ".*sst", 1, Fault.NO_SPACE); // all stays in logs
        int commits = 0;
        try (Lsm store = Lsm.open(disk, tiny)) {
            while (store.metrics().number("memtable.rotations").orElseThrow() == 0 || commits % 10 > 0) {
                store.put(key(++commits), new byte[100]);
            }
            for (int seed = 0; seed < 200; seed++) {
                try (Lsm after = Lsm.open(memory.crashClone(seed, CrashPolicy.TORN), tiny)) {
                    int missing = 0;
                    while (missing <= commits && after.get(key(missing)) != null) {
                        missing++;
                    }
                    for (int i = missing; i <= commits; i++) {
                        assertNull(
                                after.get(key(i)), "seed " + seed + ": " + i + " is there and " + missing + " is not");
                    }
                }
            }
            disk.heal();
        }
    }

    @Test
    void storeThatIsKilledAgainAndAgainGathersNoLogs() throws IOException {
        MemVfs now = new MemVfs();
        for (int life = 0; life < 40; life++) {
            MemVfs before = now;
            try (Lsm store = Lsm.open(before, LsmOptions.defaults())) {
                store.put(new byte[] {(byte) life}, new byte[] {1});
                if (life % 9 == 8) {
                    store.flush(); // or the flush the recovery asked for goes on in the background
                }
                now = before.killClone();
            }
        }
        long logs = now.list().stream().filter(n -> n.endsWith(".wal")).count();
        assertTrue(logs <= 20, logs + " logs");
        try (Lsm store = Lsm.open(now, LsmOptions.defaults())) {
            for (int life = 0; life < 40; life++) {
                assertNotNull(store.get(new byte[] {(byte) life}), "life " + life);
            }
        }
    }

    @Test
    void logsThatCannotBeSyncedAreRefused() {
        MemVfs killed =
                killed(LsmOptions.builder().durability(Durability.PROCESS).build(), 300, 10_000); // by the thread
        FaultVfs failing = new FaultVfs(killed).fail(EnumSet.of(Op.SYNC), ".*wal", 1, Fault.IO_ERROR);
        KvIoException e = assertThrows(KvIoException.class, () -> Lsm.open(failing, LsmOptions.defaults()));
        assertTrue(e.getMessage().contains("injected failure of SYNC"), e::getMessage);
        assertEquals(0, killed.openFiles());
        try (Lsm store = Lsm.open(failing, LsmOptions.defaults())) {
            assertNotNull(store.get(new byte[] {0, 0, 0}));
            MemVfs lost = killed.crashClone(1, CrashPolicy.DROPPED);
            try (Lsm after = Lsm.open(lost, LsmOptions.defaults())) { // what was read again is not lost again
                assertNotNull(after.get(new byte[] {0, 0, 0}));
            }
        }
    }
}

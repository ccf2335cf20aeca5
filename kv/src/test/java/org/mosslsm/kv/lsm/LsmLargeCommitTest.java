package org.mosslsm.kv.lsm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.mosslsm.kv.CommitRequest;
import org.mosslsm.kv.Cursor;
import org.mosslsm.kv.Cursor.Direction;
import org.mosslsm.kv.Durability;
import org.mosslsm.kv.EntryBatch;
import org.mosslsm.kv.KeyRange;
import org.mosslsm.kv.KvIoException;
import org.mosslsm.kv.Store.CommitStatus;
import org.mosslsm.kv.Store.LargeCommit;
import org.mosslsm.kv.UnknownOutcomeException;
import org.mosslsm.kv.WriteBatch;
import org.mosslsm.kv.testkit.CrashPolicy;
import org.mosslsm.kv.testkit.FaultVfs;
import org.mosslsm.kv.testkit.FaultVfs.Fault;
import org.mosslsm.kv.testkit.FaultVfs.Op;
import org.mosslsm.kv.testkit.MemVfs;
import org.mosslsm.kv.tool.Verify;

/** Large commits go into tables, over whatever the store holds, and happen as a whole or not at all. */
class LsmLargeCommitTest {
    private static final int ENTRIES = 3000;
    private static final byte[] OLD = {'o'};
    private static final LsmOptions TINY = LsmOptions.builder()
            .memtableBytes(4 << 10)
            .durability(Durability.PROCESS)
            .build();

    private final MemVfs disk = new MemVfs();

    private static byte[] key(int i) {
        return new byte[] {'k', (byte) (i >> 8), (byte) i};
    }

    /** Keys 0 to 999 and 2000 to 2999, of which the odd ones up to 1999 are deleted again, some of them in the memtable. */
    private static void fill(Lsm store) {
        for (int i = 0; i < ENTRIES; i += i == 999 ? 1001 : 1) {
            store.put(key(i), OLD);
        }
        for (int i = 1; i < 2000; i += 2) {
            store.delete(key(i));
        }
    }

    /** Deletes [500, 2500), and of the rest every third key; puts all others. */
    private static CommitRequest change(LargeCommit commit) {
        for (int i = 0; i < ENTRIES; i++) {
            if (i % 3 > 0 && i != 700) {
                commit.put(key(i), 0, 3, key(i), 0, 3);
            } else if (i < 500 || i >= 2500) {
                commit.delete(key(i), 0, 3);
            }
        }
        return CommitRequest.of(new WriteBatch().deleteRange(key(500), key(2500)), Durability.NONE);
    }

    private static boolean isChanged(Lsm store) {
        int old = 0;
        int changed = 0;
        int entries = 0;
        for (Direction direction : Direction.values()) {
            try (Cursor cursor = store.cursor(KeyRange.all(), direction)) {
                for (EntryBatch batch = cursor.nextBatch(); batch != null; batch = cursor.nextBatch()) {
                    for (int i = 0; i < batch.size(); i++) {
                        byte[] value = batch.copyValue(i);
                        old += value.length == 1 ? 1 : 0;
                        changed += value.length == 3 ? 1 : 0;
                        assertArrayEquals(value, store.get(batch.copyKey(i)));
                        entries++;
                    }
                }
            }
        }
        boolean happened = changed > 0;
        assertEquals(happened ? 0 : 2 * 1500, old);
        assertEquals(happened ? 2 * 1999 : 0, changed);
        assertEquals(entries, old + changed);
        return happened;
    }

    @Test
    void aLargeCommitWritesOverWhatIsThereAndIsWrittenOver() {
        try (Lsm store = Lsm.open(disk, TINY)) {
            fill(store);
            try (LargeCommit commit = store.largeCommit()) {
                CommitRequest request = change(commit);
                commit.commit(request);
                assertEquals(CommitStatus.COMMITTED, store.status(request.id()));
            }
            assertTrue(isChanged(store));
            store.compact();
            assertTrue(isChanged(store));
        }
        assertEquals(List.of(), Verify.store(disk).findings());
        try (Lsm store = Lsm.open(disk, TINY)) {
            assertTrue(isChanged(store));
            store.put(key(0), OLD);
            store.delete(key(1));
            store.deleteRange(key(2), key(10));
            store.compact();
            assertArrayEquals(OLD, store.get(key(0)));
            assertNull(store.get(key(1)));
            assertNull(store.get(key(4)));
            assertArrayEquals(key(10), store.get(key(10)));
        }
    }

    /** What a crash leaves, and whether the commit was told of before. */
    private record Crash(String where, MemVfs disk, boolean told) {}

    @Test
    void aCrashFindsTheWholeCommitOrNothingOfIt() {
        FaultVfs watched = new FaultVfs(disk);
        List<Crash> crashes = Collections.synchronizedList(new ArrayList<>());
        try (Lsm store = Lsm.open(watched, TINY)) {
            fill(store);
            store.flush();
            AtomicBoolean told = new AtomicBoolean();
            watched.observe((op, name) -> {
                if (FaultVfs.CHANGES.contains(op)) {
                    for (CrashPolicy policy : CrashPolicy.values()) {
                        boolean toldBefore = told.get(); // in a thread of the store perhaps, beside the commit
                        MemVfs after = disk.crashClone(crashes.size(), policy);
                        crashes.add(new Crash(policy + " after " + op + " " + name, after, toldBefore));
                    }
                }
            });
            try (LargeCommit commit = store.largeCommit()) {
                commit.commit(change(commit));
                told.set(true);
            }
            store.flush();
            watched.observe((op, name) -> {});
        }
        int[] found = new int[2];
        for (Crash crash : crashes) {
            try (Lsm after = Lsm.open(crash.disk, TINY)) {
                boolean changed = isChanged(after);
                assertTrue(changed || !crash.told, "lost");
                found[changed ? 1 : 0]++;
            } catch (RuntimeException | AssertionError e) {
                throw new AssertionError(crash.where, e);
            }
        }
        assertTrue(found[0] > 0 && found[1] > 0, () -> found[0] + " without, " + found[1] + " with");
    }

    @Test
    void aManifestThatFailsLeavesTheOutcomeOpen() {
        FaultVfs failing = new FaultVfs(disk);
        try (Lsm store = Lsm.open(failing, TINY)) {
            fill(store);
            store.compact();
            LargeCommit commit = store.largeCommit();
            CommitRequest request = change(commit);
            failing.failHere(EnumSet.of(Op.SYNC), "MANIFEST.*", 1, Fault.IO_ERROR);
            UnknownOutcomeException e = assertThrows(UnknownOutcomeException.class, () -> commit.commit(request));
            assertEquals(request.id(), e.commitId());
            assertEquals(CommitStatus.UNKNOWN, store.status(request.id()));
            commit.close();
        }
        failing.heal();
        try (Lsm store = Lsm.open(disk, TINY)) {
            isChanged(store);
        }
        assertEquals(List.of(), Verify.store(disk).findings());
    }

    private int tables() throws IOException {
        return (int) disk.list().stream().filter(name -> name.endsWith(".sst")).count();
    }

    @Test
    void aFullDeviceRefusesItWithoutHarm() throws Exception {
        FaultVfs failing = new FaultVfs(disk);
        try (Lsm store = Lsm.open(disk, TINY)) {
            fill(store);
            store.compact();
        } // so that nothing in the background deletes a table that is counted
        try (Lsm store = Lsm.open(failing, TINY)) {
            int tables = tables();
            for (String file : List.of("MANIFEST.*", ".*sst")) {
                try (LargeCommit commit = store.largeCommit()) {
                    CommitRequest request = change(commit);
                    failing.failHere(EnumSet.of(Op.APPEND), file, 1, Fault.NO_SPACE);
                    assertThrows(KvIoException.class, () -> commit.commit(request), file);
                }
                failing.heal();
                assertEquals(false, isChanged(store));
                assertTrue(tables() <= tables, "a table was left behind"); // compaction may take some away
            }
            try (LargeCommit commit = store.largeCommit()) {
                commit.commit(change(commit));
            }
            assertTrue(isChanged(store));
        }
    }

    @Test
    void oneThatIsGivenUpLeavesNoFiles() throws Exception {
        try (Lsm store = Lsm.open(disk, TINY)) {
            int files = disk.list().size();
            try (LargeCommit commit = store.largeCommit()) {
                change(commit);
            }
            assertEquals(files, disk.list().size());
            assertNull(store.get(key(1)));
        }
    }
}

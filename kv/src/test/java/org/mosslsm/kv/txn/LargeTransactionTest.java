package org.mosslsm.kv.txn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;
import org.junit.jupiter.api.Test;
import org.mosslsm.kv.Cursor;
import org.mosslsm.kv.Cursor.Direction;
import org.mosslsm.kv.Durability;
import org.mosslsm.kv.EntryBatch;
import org.mosslsm.kv.KeyRange;
import org.mosslsm.kv.KvException;
import org.mosslsm.kv.Store.LargeCommit;
import org.mosslsm.kv.UnknownOutcomeException;
import org.mosslsm.kv.lsm.Lsm;
import org.mosslsm.kv.lsm.LsmOptions;
import org.mosslsm.kv.testkit.CrashPolicy;
import org.mosslsm.kv.testkit.FaultVfs;
import org.mosslsm.kv.testkit.FaultVfs.Fault;
import org.mosslsm.kv.testkit.FaultVfs.Op;
import org.mosslsm.kv.testkit.MemVfs;
import org.mosslsm.kv.tool.Verify;
import org.mosslsm.kv.vfs.Vfs;

/**
 * Transactions larger than memory, over the engine: whatever fails, and wherever the process ends while they are spilled,
 * merged and committed as tables, they happen as a whole or not at all, and leave nothing behind.
 */
class LargeTransactionTest {
    /** Of failing operations every so-manieth is taken, a different one each run. */
    static final int STRIDE = Integer.getInteger("fault.stride", 7);

    static final int ROWS = 1200;
    static final int WRITE_BYTES = 4 << 10;
    static final Set<Op> ALL = EnumSet.allOf(Op.class);
    static final LsmOptions TINY = LsmOptions.builder()
            .memtableBytes(8 << 10)
            .blockBytes(1 << 10)
            .cacheBytes(64 << 10)
            .durability(Durability.PROCESS)
            .build();

    static byte[] key(int i) {
        return new byte[] {'k', (byte) (i >> 8), (byte) i};
    }

    static void fill(Lsm store) {
        for (int i = 0; i < ROWS; i += 2) {
            store.put(key(i), new byte[] {'o'});
        }
        store.flush();
    }

    /** A statement a row: every third deletes, in the midst a range goes and comes back in part. */
    static void change(Transaction txn) {
        change(txn, i -> {});
    }

    /** As above, and something else before each statement. */
    static void change(Transaction txn, IntConsumer before) {
        for (int i = 0; i < ROWS; i++) {
            before.accept(i);
            int row = i * 7 % ROWS;
            Mark mark = txn.statementMark();
            if (row % 3 == 0) {
                txn.delete(key(row));
            } else {
                txn.put(key(row), new byte[] {'n', (byte) row, 'n'});
            }
            if (i == ROWS / 2 + 1) {
                txn.deleteRange(KeyRange.of(key(0), key(ROWS)));
            }
            if (i % 50 == 0) {
                txn.rollbackTo(mark);
            }
        }
    }

    /** Whether the store has what {@link #change} makes; it has that, or what {@link #fill} makes, as a whole. */
    static boolean isChanged(Lsm store) {
        int old = 0;
        int fresh = 0;
        try (Cursor cursor = store.cursor(KeyRange.all(), Direction.FORWARD)) {
            for (EntryBatch batch = cursor.nextBatch(); batch != null; batch = cursor.nextBatch()) {
                for (int i = 0; i < batch.size(); i++) {
                    byte[] value = batch.copyValue(i);
                    assertArrayEquals(value, store.get(batch.copyKey(i)));
                    old += value.length == 1 ? 1 : 0;
                    fresh += value.length == 3 ? 1 : 0;
                }
            }
        }
        boolean changed = fresh > 0;
        assertEquals(changed ? 0 : ROWS / 2, old);
        assertEquals(changed ? CHANGED : 0, fresh);
        return changed;
    }

    /** How many rows {@link #change} leaves, by the plain rules. */
    private static final int CHANGED = changed();

    private static int changed() {
        boolean[] there = new boolean[ROWS];
        for (int i = 0; i < ROWS; i++) {
            int row = i * 7 % ROWS;
            if (i % 50 != 0) {
                there[row] = row % 3 != 0;
            }
            if (i == ROWS / 2 + 1) {
                Arrays.fill(there, false);
            }
        }
        int count = 0;
        for (boolean one : there) {
            count += one ? 1 : 0;
        }
        return count;
    }

    static int scratchFiles(MemVfs disk) throws IOException {
        Vfs scratch = disk.child("tmp");
        return scratch.directoryExists() ? scratch.list().size() : 0;
    }

    private record Crash(String where, MemVfs disk, boolean told) {}

    @Test
    void aCrashAfterAnyOperationFindsAllOrNothing() {
        MemVfs disk = new MemVfs();
        FaultVfs watched = new FaultVfs(disk);
        List<Crash> crashes = Collections.synchronizedList(new ArrayList<>());
        AtomicBoolean told = new AtomicBoolean();
        try (Lsm store = Lsm.open(watched, TINY)) {
            fill(store);
            AtomicInteger points = new AtomicInteger();
            watched.observe((op, name) -> {
                boolean spilling = name.startsWith("scratch");
                // Of the many appends to scratch files, which nothing reads again, a part.
                if (FaultVfs.CHANGES.contains(op) && (!spilling || points.incrementAndGet() % 3 == 0)) {
                    for (CrashPolicy policy : CrashPolicy.values()) {
                        boolean toldBefore = told.get(); // in a thread of the store perhaps, beside the commit
                        MemVfs after = disk.crashClone(crashes.size(), policy);
                        crashes.add(new Crash(policy + " after " + op + " " + name, after, toldBefore));
                    }
                }
            });
            Transactions transactions = new Transactions(store, WRITE_BYTES);
            try (Transaction txn = transactions.begin()) {
                change(txn);
                txn.commit();
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
                after.put(key(ROWS), new byte[0]);
            } catch (RuntimeException | AssertionError e) {
                throw new AssertionError(crash.where, e);
            }
            assertEquals(List.of(), Verify.store(crash.disk).findings(), crash.where);
        }
        System.out.println("LargeTransactionTest: " + crashes.size() + " states after crashes, " + found[0]
                + " without, " + found[1] + " with the transaction");
        assertTrue(found[0] > 20 && found[1] > 5, () -> found[0] + " without, " + found[1] + " with");
    }

    @Test
    void aFailureOfAnyOperationIsTypedAndLeavesAllOrNothing() throws IOException {
        FaultVfs counting = new FaultVfs(new MemVfs());
        run(counting, null, 0);
        int operations = counting.count(ALL) - filled;
        int start = 1 + (int) Math.floorMod(System.nanoTime(), (long) STRIDE);
        int failures = 0;
        for (Fault fault : Fault.values()) {
            for (int nth = start; nth <= operations; nth += STRIDE) {
                try {
                    failures += run(new FaultVfs(disk()), fault, nth) ? 1 : 0;
                } catch (RuntimeException | AssertionError e) {
                    throw new AssertionError(fault + " at " + nth + " of " + operations, e);
                }
            }
        }
        System.out.println("LargeTransactionTest: " + failures + " failures of " + operations + " operations, from "
                + start + " by " + STRIDE);
        assertTrue(failures > operations / STRIDE, failures + " failures");
    }

    private MemVfs memory;
    private int filled;

    private MemVfs disk() {
        memory = new MemVfs();
        return memory;
    }

    /** Runs the transaction, of whose own operations the {@code nth} fails; whether it did. */
    private boolean run(FaultVfs failing, Fault fault, int nth) throws IOException {
        boolean committed = false;
        boolean open = false;
        try (Lsm store = Lsm.open(failing, TINY)) {
            fill(store);
            filled = failing.count(ALL);
            if (fault != null) {
                failing.failHere(ALL, ".*", nth, fault);
            }
            Transactions transactions = new Transactions(store, WRITE_BYTES);
            try (Transaction txn = transactions.begin()) {
                change(txn);
                txn.commit();
                committed = true;
            } catch (UnknownOutcomeException e) {
                open = true;
            } catch (KvException e) {
                assertTrue(failing.struck() > 0, e::toString);
            }
            assertEquals(0, transactions.lockedKeys());
            if (fault == null) {
                return false;
            }
            failing.heal();
            assertEquals(committed, isChanged(store));
            assertTrue(scratchFiles(memory) <= 1, "scratch files left behind"); // one whose deleting failed
            boolean wellStill = store.metrics().metrics().stream()
                    .anyMatch(m -> m.name().equals("health") && m.value().equals("ok"));
            if (wellStill && !committed) {
                try (Transaction txn = transactions.begin()) {
                    change(txn);
                    txn.commit();
                }
                assertTrue(isChanged(store));
                committed = true;
            }
        } catch (KvException e) {
            assertTrue(failing.struck() > 0, e::toString); // what closing says
        }
        assertEquals(0, memory.openFiles());
        try (Lsm again = Lsm.open(failing, TINY)) {
            assertTrue(isChanged(again) == committed || open);
            assertEquals(0, scratchFiles(memory));
        }
        assertEquals(List.of(), Verify.store(memory).findings());
        return failing.struck() > 0;
    }

    @Test
    void manyStatementsKeepNoMoreScratchFilesThanAreRead() throws IOException {
        MemVfs disk = disk();
        try (Lsm store = Lsm.open(disk, TINY)) {
            Transactions transactions = new Transactions(store, WRITE_BYTES);
            try (Transaction txn = transactions.begin()) {
                int most = 0;
                for (int i = 0; i < 20_000; i++) {
                    txn.statementMark();
                    txn.put(key(i * 7 % 20_000), key(i));
                    most = Math.max(most, scratchFiles(disk));
                }
                assertTrue(most <= 4 * 8 + 2, most + " scratch files");
                txn.commit();
            }
            assertEquals(0, scratchFiles(disk));
        }
    }

    @Test
    void aCancelGivesACommitUpAndNothingHappened() {
        FaultVfs watched = new FaultVfs(disk());
        try (Lsm store = Lsm.open(watched, TINY)) {
            fill(store);
            Transactions transactions = new Transactions(store, WRITE_BYTES);
            try (Transaction txn = transactions.begin()) {
                change(txn);
                txn.cancel(); // too early: it meant a statement that is over
                watched.observe((op, name) -> {
                    if (op == Op.CREATE && name.endsWith(".sst")) {
                        txn.cancel();
                    }
                });
                TransactionException e = assertThrows(TransactionException.class, txn::commit);
                assertEquals(TransactionException.Kind.CANCELLED, e.kind());
            }
            watched.observe((op, name) -> {});
            assertEquals(false, isChanged(store));
            assertEquals(0, transactions.lockedKeys());
            try (Transaction txn = transactions.begin()) {
                change(txn);
                txn.commit();
            }
            assertTrue(isChanged(store));
        }
    }

    @Test
    void aCancelOfAStatementDoesNotMeanTheNextSavepoint() {
        try (Lsm store = Lsm.open(disk(), TINY)) {
            Transactions transactions = new Transactions(store, WRITE_BYTES);
            try (Transaction txn = transactions.begin()) {
                change(txn);
                txn.cancel();
                Mark mark = txn.mark();
                txn.put(key(0), key(0));
                txn.rollbackTo(mark);
                txn.commit();
            }
            assertTrue(isChanged(store));
        }
    }

    @Test
    void aCommitIsGivenUpWhenItsTimeIsOver() {
        FaultVfs watched = new FaultVfs(disk());
        try (Lsm store = Lsm.open(watched, TINY)) {
            fill(store);
            Transactions transactions = new Transactions(store, WRITE_BYTES);
            AtomicBoolean over = new AtomicBoolean();
            try (Transaction txn = transactions.begin()) {
                txn.giveUpWhen(over::get);
                change(txn);
                watched.observe((op, name) -> {
                    if (op == Op.CREATE && name.endsWith(".sst")) {
                        over.set(true);
                    }
                });
                TransactionException e = assertThrows(TransactionException.class, txn::commit);
                assertEquals(TransactionException.Kind.CANCELLED, e.kind());
            }
            watched.observe((op, name) -> {});
            assertEquals(false, isChanged(store));
            assertEquals(0, transactions.lockedKeys());
        }
    }

    @Test
    void aCommitThatOutlivedItsStoreTouchesNoFileOfTheNext() throws IOException {
        MemVfs disk = disk();
        FaultVfs watched = new FaultVfs(disk);
        Lsm first = Lsm.open(watched, TINY);
        List<LargeCommit> late = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            late.add(first.largeCommit());
            late.get(i).put(key(i), 0, 3, key(i), 0, 3);
        }
        first.close();
        for (int i = 0; i < 2; i++) {
            Lsm.open(disk, TINY).close(); // sweeps the tables up, and forgets their numbers
        }
        try (Lsm next = Lsm.open(disk, TINY)) {
            for (int i = 0; i < 3; i++) {
                next.put(key(i), key(i));
                next.flush();
            }
            int changes = watched.count(FaultVfs.CHANGES);
            late.forEach(LargeCommit::close);
            assertEquals(changes, watched.count(FaultVfs.CHANGES));
            assertArrayEquals(key(1), next.get(key(1)));
        }
        assertEquals(List.of(), Verify.store(disk).findings());
    }
}

package org.mosslsm.kv.lsm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.mosslsm.kv.KvException;
import org.mosslsm.kv.KvIoException;
import org.mosslsm.kv.StoreReadOnlyException;
import org.mosslsm.kv.UnknownOutcomeException;
import org.mosslsm.kv.testkit.CrashPolicy;
import org.mosslsm.kv.testkit.FaultVfs;
import org.mosslsm.kv.testkit.FaultVfs.Fault;
import org.mosslsm.kv.testkit.FaultVfs.Op;
import org.mosslsm.kv.testkit.MemVfs;

/** Disks that fail at every single operation: one clear error, reads go on, and nothing acknowledged is lost. */
class LsmFaultTest {
    private static final int TRANSACTIONS = 70;
    private static final Set<Op> READS = EnumSet.of(Op.OPEN, Op.READ, Op.SIZE, Op.LIST, Op.EXISTS, Op.CLOSE, Op.LOCK);

    /** How the stores are opened. */
    LsmOptions options() {
        return Ledger.OPTIONS;
    }

    private int operations(Set<Op> ops) {
        FaultVfs vfs = new FaultVfs(new MemVfs());
        run(vfs, new Ledger(TRANSACTIONS, options()));
        return vfs.count(ops);
    }

    private void run(FaultVfs vfs, Ledger ledger) {
        try (Lsm store = Lsm.open(vfs, options())) {
            ledger.run(store, 1, TRANSACTIONS / 2);
        }
        ledger.closed();
        try (Lsm store = Lsm.open(vfs, options())) {
            ledger.verify(store, TRANSACTIONS / 2, TRANSACTIONS / 2);
            ledger.run(store, TRANSACTIONS / 2 + 1, TRANSACTIONS);
        }
        ledger.closed();
    }

    @Test
    void failureOfAnyChangeIsReportedAndLosesNothing() {
        int operations = operations(FaultVfs.CHANGES);
        assertTrue(operations > 100, operations + " operations");
        for (Fault fault : Fault.values()) {
            for (int nth = 1; nth <= operations; nth++) {
                check(FaultVfs.CHANGES, nth, fault, false);
            }
        }
    }

    @Test
    void diskThatFailsForGoodLosesNothing() {
        int operations = operations(FaultVfs.CHANGES);
        for (int nth = 1; nth <= operations; nth++) {
            check(FaultVfs.CHANGES, nth, Fault.NO_SPACE, true);
        }
    }

    @Test
    void failureOfAnyReadIsReportedAndLosesNothing() {
        int operations = operations(READS);
        for (int nth = 1; nth <= operations; nth++) {
            check(READS, nth, Fault.IO_ERROR, false);
        }
    }

    @Test
    void failedSyncEndsWritingAndReadsGoOnUntilTheStoreIsReopened() {
        for (Op op : new Op[] {Op.SYNC, Op.APPEND}) {
            FaultVfs vfs = new FaultVfs(new MemVfs());
            Ledger ledger = new Ledger(TRANSACTIONS, options());
            try (Lsm store = Lsm.open(vfs, options())) {
                ledger.run(store, 1, 5);
                vfs.fail(EnumSet.of(op), ".*\\.wal", 1, Fault.IO_ERROR);
                assertThrows(UnknownOutcomeException.class, () -> ledger.run(store, 6, 6), op::toString);
                StoreReadOnlyException e =
                        assertThrows(StoreReadOnlyException.class, () -> ledger.run(store, 7, 7), op::toString);
                assertTrue(e.getMessage().contains("injected failure of " + op), e.getMessage());
                ledger.verify(store, 5, 6);
            }
            int found = ledger.verify(vfs, ledger.synced(), 6);
            try (Lsm store = Lsm.open(vfs, options())) {
                ledger.run(store, found + 1, TRANSACTIONS);
                ledger.verify(store, TRANSACTIONS, TRANSACTIONS);
            }
        }
    }

    private void check(Set<Op> ops, int nth, Fault fault, boolean forGood) {
        String which = fault + (forGood ? " from " : " at ") + nth;
        MemVfs disk = new MemVfs();
        FaultVfs vfs = new FaultVfs(disk);
        if (forGood) {
            vfs.failFrom(ops, ".*", nth, fault);
        } else {
            vfs.fail(ops, ".*", nth, fault);
        }
        Ledger ledger = new Ledger(TRANSACTIONS, options());
        try {
            run(vfs, ledger);
        } catch (KvIoException | StoreReadOnlyException | UnknownOutcomeException e) {
            assertTrue(vfs.struck() > 0, which);
        } catch (KvException e) {
            throw new AssertionError(which + ": another error than expected", e);
        }
        try {
            for (CrashPolicy policy : CrashPolicy.values()) {
                int atLeast = policy == CrashPolicy.KEPT ? ledger.handedOver() : ledger.synced();
                ledger.verify(disk.crashClone(nth, policy), atLeast, ledger.started());
            }
            assertEquals(0, disk.openFiles(), "files left open");
            vfs.heal();
            ledger.verify(vfs, ledger.handedOver(), ledger.started());
        } catch (RuntimeException | AssertionError e) {
            throw new AssertionError(which, e);
        }
    }
}

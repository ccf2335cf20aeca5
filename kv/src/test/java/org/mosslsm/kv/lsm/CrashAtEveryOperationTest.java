package org.mosslsm.kv.lsm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.mosslsm.kv.testkit.CrashPolicy;
import org.mosslsm.kv.testkit.FaultVfs;
import org.mosslsm.kv.testkit.MemVfs;

/**
 * Power losses and process deaths after every single operation on the disk, in the middle of commits, flushes,
 * compactions, recovery and close: nothing acknowledged is lost, no transaction is half there.
 */
class CrashAtEveryOperationTest {
    private static final int TRANSACTIONS = 100;

    /** A disk after a crash, and how many transactions may be on it. */
    private record Crash(String when, MemVfs disk, int atLeast, int atMost) {}

    private final Ledger ledger = new Ledger(TRANSACTIONS, options());

    /** How the stores are opened. */
    LsmOptions options() {
        return Ledger.OPTIONS;
    }

    @Test
    void crashAfterAnyOperationKeepsWhatWasAcknowledged() {
        long seed = System.nanoTime();
        MemVfs disk = new MemVfs();
        FaultVfs watched = new FaultVfs(disk);
        List<Crash> crashes = Collections.synchronizedList(new ArrayList<>());
        watched.observe((op, name) -> {
            if (FaultVfs.CHANGES.contains(op)) {
                for (CrashPolicy policy : CrashPolicy.values()) {
                    crashes.add(crash(disk, op + " " + name, seed + crashes.size(), policy));
                }
            }
        });
        runInTwoSessions(watched);
        watched.observe((op, name) -> {});
        assertTrue(crashes.size() > 400, crashes.size() + " crashes");
        for (int i = 0; i < crashes.size(); i++) {
            verify(crashes.get(i), i);
        }
    }

    private Crash crash(MemVfs disk, String operation, long seed, CrashPolicy policy) {
        // Before the disk is looked at; what is acknowledged meanwhile is on it all the more.
        int atLeast = policy == CrashPolicy.KEPT ? ledger.handedOver() : ledger.synced();
        MemVfs after = disk.crashClone(seed, policy);
        return new Crash("after " + operation + ", " + policy + ", seed " + seed, after, atLeast, ledger.started());
    }

    private void runInTwoSessions(FaultVfs vfs) {
        try (Lsm store = Lsm.open(vfs, options())) {
            ledger.run(store, 1, TRANSACTIONS / 2);
        }
        ledger.closed();
        try (Lsm store = Lsm.open(vfs, options())) {
            ledger.verify(store, TRANSACTIONS / 2, TRANSACTIONS / 2);
            ledger.run(store, TRANSACTIONS / 2 + 1, TRANSACTIONS);
        }
        ledger.closed();
        ledger.verify(vfs, TRANSACTIONS, TRANSACTIONS);
    }

    private void verify(Crash crash, int number) {
        try {
            int count = ledger.verify(crash.disk, crash.atLeast, crash.atMost);
            // What recovery wrote must hold as well: once more after a second crash.
            MemVfs again = crash.disk.crashClone(number, CrashPolicy.TORN);
            assertEquals(count, ledger.verify(again, count, count));
            assertEquals(0, crash.disk.openFiles());
        } catch (RuntimeException | AssertionError e) {
            throw new AssertionError("crash " + number + " " + crash.when, e);
        }
    }
}

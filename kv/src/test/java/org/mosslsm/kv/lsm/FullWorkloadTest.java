package org.mosslsm.kv.lsm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.mosslsm.kv.KvException;
import org.mosslsm.kv.testkit.CrashPolicy;
import org.mosslsm.kv.testkit.FaultVfs;
import org.mosslsm.kv.testkit.FaultVfs.Fault;
import org.mosslsm.kv.testkit.FaultVfs.Op;
import org.mosslsm.kv.testkit.MemVfs;

/**
 * Crashes after, and failures of, every operation on the disk that {@link FullWorkload} makes: flush, compaction, manifest
 * roll, log recycling, checkpoint, bulk load, ingest and recovery among them. {@code -Dcrash.seeds=} runs the crashes with
 * so many seeds (default 1), {@code -Dcrash.seed=} begins with that one.
 */
class FullWorkloadTest {
    private static final Set<Op> ALL = EnumSet.allOf(Op.class);

    /** Of failing operations every so-manieth is taken, a different one each run: the profile of hours takes all. */
    private static final int STRIDE = Integer.getInteger("fault.stride", 17);

    /** How the stores are opened. */
    LsmOptions options() {
        return FullWorkload.options().build();
    }

    private record Crash(String where, MemVfs disk, int atLeast, int atMost) {}

    @Test
    void crashAfterAnyOperationKeepsEveryAcknowledgedStep() {
        long first = Long.getLong("crash.seed", System.nanoTime());
        int seeds = Integer.getInteger("crash.seeds", 1);
        int points = 0;
        int states = 0;
        for (long seed = first; seed < first + seeds; seed++) {
            MemVfs disk = new MemVfs();
            FaultVfs watched = new FaultVfs(disk);
            FullWorkload workload = new FullWorkload(disk, options());
            List<Crash> crashes = Collections.synchronizedList(new ArrayList<>());
            long base = seed;
            watched.observe((op, name) -> {
                if (FaultVfs.CHANGES.contains(op)) {
                    for (CrashPolicy policy : CrashPolicy.values()) {
                        int atLeast = workload.acknowledged();
                        MemVfs after = disk.crashClone(base + crashes.size(), policy);
                        String where = "-Dcrash.seed=" + base + ", " + policy + " after " + op + " " + name;
                        crashes.add(new Crash(where, after, atLeast, workload.started()));
                    }
                }
            });
            workload.run(watched);
            watched.observe((op, name) -> {});
            for (Crash crash : crashes) {
                try {
                    workload.check(crash.disk, crash.atLeast, crash.atMost);
                } catch (RuntimeException | AssertionError e) {
                    throw new AssertionError(crash.where + ", steps " + crash.atLeast + ".." + crash.atMost, e);
                }
            }
            points += crashes.size() / CrashPolicy.values().length;
            states += crashes.size();
        }
        System.out.println("FullWorkloadTest: " + points + " crash points, " + states + " states, from seed " + first);
        assertTrue(points > 300, points + " crash points");
    }

    @Test
    void failureOfAnyOperationIsTypedAndLosesNothing() {
        MemVfs root = new MemVfs();
        FaultVfs counting = new FaultVfs(root);
        new FullWorkload(root, options()).run(counting);
        int operations = counting.count(ALL);
        int start = 1 + (int) Math.floorMod(System.nanoTime(), (long) STRIDE);
        int failures = 0;
        for (Fault fault : Fault.values()) {
            for (int nth = start; nth <= operations; nth += STRIDE) {
                failures += fail(fault, nth, false);
                if (fault == Fault.NO_SPACE) {
                    failures += fail(fault, nth, true);
                }
            }
        }
        System.out.println("FullWorkloadTest: " + failures + " failures of " + operations + " operations, from " + start
                + " by " + STRIDE);
        assertTrue(failures > operations / STRIDE, failures + " failures");
    }

    /** Lets one operation fail, or all from it on; returns how often that came up. */
    private int fail(Fault fault, int nth, boolean forGood) {
        MemVfs disk = new MemVfs();
        FaultVfs failing = new FaultVfs(disk);
        FullWorkload workload = new FullWorkload(disk, options());
        if (forGood) {
            failing.failFrom(FaultVfs.CHANGES, ".*", nth, fault);
        } else {
            failing.fail(ALL, ".*", nth, fault);
        }
        String where = fault + (forGood ? " from " : " at ") + nth;
        int struck;
        try {
            try {
                workload.run(failing);
            } catch (KvException e) {
                assertTrue(failing.struck() > 0, where + ": " + e); // typed, and for a reason
            }
            struck = failing.struck();
            assertEquals(0, disk.openFiles(), "files left open");
            failing.heal();
            for (CrashPolicy policy : CrashPolicy.values()) {
                workload.check(disk.crashClone(nth, policy), workload.acknowledged(), workload.started());
            }
            workload.check(failing, workload.acknowledged(), workload.started());
        } catch (RuntimeException | AssertionError e) {
            throw new AssertionError(where, e);
        }
        return struck > 0 ? 1 : 0;
    }
}

package org.mosslsm.kv.lsm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.mosslsm.kv.CommitRequest;
import org.mosslsm.kv.Durability;
import org.mosslsm.kv.KvException;
import org.mosslsm.kv.UnknownOutcomeException;
import org.mosslsm.kv.WriteBatch;
import org.mosslsm.kv.lsm.testkit.TrackedWriter;
import org.mosslsm.kv.testkit.CrashPolicy;
import org.mosslsm.kv.testkit.FaultVfs;
import org.mosslsm.kv.testkit.FaultVfs.Fault;
import org.mosslsm.kv.testkit.FaultVfs.Op;
import org.mosslsm.kv.testkit.MemVfs;

/**
 * Crashes and failures of the disk at any operation, of whatever thread: what was acknowledged is there after reopening,
 * and what is there is the state after some commit, never half of one. {@code -Dlsm.seed=} repeats a round.
 */
class LsmCrashTest {
    private static final LsmOptions TINY = LsmOptions.builder()
            .memtableBytes(4 << 10)
            .blockBytes(1 << 10)
            .cacheBytes(64 << 10)
            .build();

    private static final List<CrashPolicy> POLICIES = List.of(CrashPolicy.values());
    private static final List<Fault> FAULTS = List.of(Fault.values());

    /** A disk as a crash left it, and what must be found on it. */
    private record Crash(MemVfs disk, CrashPolicy policy, long seed, long least, String where) {}

    private interface Round {
        void run(long seed) throws Exception;
    }

    private static void rounds(int count, Round round) {
        Long fixed = Long.getLong("lsm.seed");
        long first = fixed != null ? fixed : System.nanoTime();
        for (long seed = first; seed < first + (fixed != null ? 1 : count); seed++) {
            try {
                round.run(seed);
            } catch (Exception | AssertionError e) {
                fail("-Dlsm.seed=" + seed + ": " + e.getMessage(), e);
            }
        }
    }

    @Test
    void aCrashAtAnyOperationLosesNothingAcknowledged() {
        rounds(Integer.getInteger("lsm.rounds", 15), seed -> {
            Random random = new Random(seed);
            MemVfs disk = new MemVfs();
            FaultVfs watched = new FaultVfs(disk);
            TrackedWriter writer = new TrackedWriter(random);
            List<Crash> crashes = new ArrayList<>();
            AtomicInteger operations = new AtomicInteger();
            int every = 20 + random.nextInt(60);
            try (Lsm store = Lsm.open(watched, TINY)) {
                watched.observe((op, name) -> {
                    int now = operations.incrementAndGet();
                    if (FaultVfs.CHANGES.contains(op) && now % every == 0) {
                        CrashPolicy policy = POLICIES.get(now / every % 3);
                        long least = policy == CrashPolicy.KEPT ? writer.handedOver() : writer.synced();
                        Crash crash = new Crash(
                                disk.crashClone(seed + now, policy), policy, seed + now, least, op + " " + name);
                        synchronized (crashes) {
                            crashes.add(crash);
                        }
                    }
                });
                for (int i = 0; i < 400; i++) {
                    writer.commit(store);
                    if (random.nextInt(60) == 0) {
                        store.compact();
                    }
                }
                watched.observe((op, name) -> {});
            }
            assertTrue(crashes.size() > 3, () -> crashes.size() + " crashes");
            for (Crash crash : crashes) {
                check(writer, crash);
            }
        });
    }

    private static void check(TrackedWriter writer, Crash crash) {
        String where = crash.policy + " after " + crash.where + ", crash seed " + crash.seed;
        try {
            try (Lsm store = Lsm.open(crash.disk, TINY)) {
                writer.check(store, crash.least);
            }
            try (Lsm again = Lsm.open(crash.disk, TINY)) {
                writer.check(again, crash.least);
            }
        } catch (RuntimeException | AssertionError e) {
            fail(where + ": " + e, e);
        }
    }

    /** Also where nothing is left of it, as of a delete of an empty range. */
    @Test
    void aCommitThatWritesNothingSecuresThoseBeforeIt() {
        byte[] key = {1};
        for (WriteBatch nothing : List.of(new WriteBatch(), new WriteBatch().deleteRange(key, key))) {
            for (Durability durability : List.of(Durability.PROCESS, Durability.SYNC)) {
                MemVfs disk = new MemVfs();
                try (Lsm store = Lsm.open(disk, TINY)) {
                    long version = store.commit(CommitRequest.of(new WriteBatch().put(key, key), Durability.NONE));
                    assertEquals(version, store.commit(CommitRequest.of(nothing, durability)));
                    CrashPolicy policy = durability.equals(Durability.SYNC) ? CrashPolicy.DROPPED : CrashPolicy.KEPT;
                    try (Lsm after = Lsm.open(disk.crashClone(1, policy), TINY)) {
                        assertArrayEquals(key, after.get(key), durability.toString());
                    }
                }
            }
        }
    }

    @Test
    void crashAfterCrashTheHistoryGoesOn() {
        rounds(Integer.getInteger("lsm.rounds", 8), seed -> {
            Random random = new Random(seed);
            MemVfs disk = new MemVfs();
            TrackedWriter writer = new TrackedWriter(random);
            for (int life = 0; life < 12; life++) {
                CrashPolicy policy = POLICIES.get(random.nextInt(3));
                Lsm store = Lsm.open(disk, TINY);
                writer.checkAndGoOn(store, 0);
                for (int i = random.nextInt(80); i > 0; i--) {
                    writer.commit(store);
                    if (random.nextInt(100) == 0) {
                        checkCopy(writer, store, disk, "/copy" + life + "." + i);
                    }
                }
                long least = policy == CrashPolicy.KEPT ? writer.handedOver() : writer.synced();
                disk = disk.crashClone(seed + life, policy);
                store.close();
                try (Lsm after = Lsm.open(disk, TINY)) {
                    writer.checkAndGoOn(after, least);
                    writer.commit(after);
                }
            }
        });
    }

    /** A checkpoint holds the newest state, and is a store of its own. */
    private static void checkCopy(TrackedWriter writer, Lsm store, MemVfs disk, String target) {
        store.checkpoint(target);
        try (Lsm copy = Lsm.open(disk.child(target), TINY)) {
            writer.check(copy, 0);
            copy.put(new byte[] {0}, new byte[] {0});
        }
    }

    @Test
    void anyFailingOperationLosesNothingAcknowledged() {
        rounds(Integer.getInteger("lsm.rounds", 60), seed -> {
            Random random = new Random(seed);
            MemVfs disk = new MemVfs();
            FaultVfs failing = new FaultVfs(disk);
            TrackedWriter writer = new TrackedWriter(random);
            Fault fault = FAULTS.get(random.nextInt(FAULTS.size()));
            EnumSet<Op> ops = EnumSet.copyOf(FaultVfs.CHANGES);
            if (random.nextBoolean()) {
                failing.fail(ops, ".*", 1 + random.nextInt(300), fault);
            } else {
                failing.failFrom(ops, ".*", 1 + random.nextInt(300), fault);
            }
            writeUntilFailure(failing, writer);
            CrashPolicy policy = POLICIES.get(random.nextInt(3));
            MemVfs crashed = disk.crashClone(seed, policy);
            failing.heal();
            try (Lsm again = Lsm.open(failing, TINY)) { // the lock was given back, whatever failed
                writer.check(again, writer.handedOver());
            }
            try (Lsm again = Lsm.open(crashed, TINY)) {
                writer.checkAndGoOn(again, policy == CrashPolicy.KEPT ? writer.handedOver() : writer.synced());
                writer.commit(again);
            }
        });
    }

    private static void writeUntilFailure(FaultVfs disk, TrackedWriter writer) {
        Lsm store;
        try {
            store = Lsm.open(disk, TINY);
        } catch (KvException e) {
            return;
        }
        try (store) {
            for (int i = 0; i < 300; i++) {
                writer.commit(store);
            }
        } catch (UnknownOutcomeException e) {
            assertTrue(disk.struck() > 0);
        } catch (KvException e) {
            assertTrue(disk.struck() > 0, e::toString); // closing may fail as well: reported, not swallowed
        }
    }
}

package org.mosslsm.kv.lsm.compact;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.mosslsm.kv.lsm.compact.Tree.Write;
import org.mosslsm.kv.lsm.version.Version;
import org.mosslsm.kv.testkit.MemVfs;

/** Random writes, snapshots and compactions against a map: what any open snapshot sees never changes. */
class CompactionModelTest {
    private static final int KEYS = 120;

    @Test
    void noSnapshotEverSeesACompaction() {
        long base = System.nanoTime();
        for (int i = 0; i < 20; i++) {
            long seed = base + i;
            try {
                run(seed);
            } catch (RuntimeException | AssertionError e) {
                throw new AssertionError("seed " + seed, e);
            }
        }
    }

    private static void run(long seed) {
        Random random = new Random(seed);
        LevelShape shape = new LevelShape(
                1 + random.nextInt(4), 500 + random.nextInt(4000), 2 + random.nextInt(5), 200 + random.nextInt(2000));
        MemVfs vfs = new MemVfs();
        List<Write> history = new ArrayList<>();
        TreeSet<Long> snapshots = new TreeSet<>();
        long seq = 0;
        boolean leveled = random.nextInt(3) > 0;
        CompactionPicker picker = leveled ? new LeveledPicker(shape) : new SizeTieredPicker(shape);
        try (Tree tree = new Tree(vfs, shape, picker)) {
            for (int round = 0; round < 60; round++) {
                List<Write> writes = randomWrites(random, seq);
                seq += writes.size();
                history.addAll(writes);
                tree.addTable(0, writes);
                if (random.nextInt(4) == 0) {
                    snapshots.add(seq);
                }
                if (snapshots.size() > 4 || (!snapshots.isEmpty() && random.nextInt(5) == 0)) {
                    snapshots.remove(List.copyOf(snapshots).get(random.nextInt(snapshots.size())));
                }
                long[] open = snapshots.stream().mapToLong(Long::longValue).toArray();
                tree.nowMillis = random.nextBoolean() ? Long.MAX_VALUE : 0;
                boolean more = true;
                while (more && random.nextInt(4) > 0) {
                    more = tree.start(open); // several side by side, which end in any order
                    while (!tree.running.isEmpty() && random.nextInt(3) > 0) {
                        tree.finish(random.nextInt(tree.running.size()));
                    }
                }
                check(tree, history, open, seq);
            }
            assertTrue(tree.runs.size() > 5, tree.runs.size() + " compactions");
            while (!tree.running.isEmpty()) {
                tree.finish(0);
            }
            settleWithoutSnapshots(tree, leveled);
            check(tree, history, new long[0], seq);
        }
        assertEquals(0, vfs.openFiles());
    }

    private static void settleWithoutSnapshots(Tree tree, boolean leveled) {
        tree.nowMillis = 0;
        int rounds = 0;
        while (tree.compactOnce(new long[0])) {
            assertTrue(++rounds < 1000, "compaction does not come to an end");
        }
        Version version = tree.versions.current();
        assertTrue(!leveled || Level0.depth(version) < 5);
    }

    private static List<Write> randomWrites(Random random, long seqBefore) {
        List<Write> writes = new ArrayList<>();
        int n = 1 + random.nextInt(40);
        for (int i = 0; i < n; i++) {
            long seq = seqBefore + i + 1;
            int dice = random.nextInt(10);
            String key = key(random.nextInt(KEYS));
            if (dice == 0) {
                int lo = random.nextInt(KEYS);
                writes.add(Write.deleteRange(key(lo), key(lo + 1 + random.nextInt(KEYS / 2)), seq));
            } else if (dice < 4) {
                writes.add(Write.delete(key, seq));
            } else {
                writes.add(Write.put(key, seq, "v" + seq + "x".repeat(random.nextInt(40))));
            }
        }
        return writes;
    }

    private static String key(int i) {
        return String.format("%04d", i) + "k".repeat(i % 5);
    }

    private static void check(Tree tree, List<Write> history, long[] snapshots, long newest) {
        assertEquals(model(history, newest), tree.read(newest));
        for (long snapshot : snapshots) {
            assertEquals(model(history, snapshot), tree.read(snapshot), "at snapshot " + snapshot);
        }
    }

    private static Map<String, String> model(List<Write> history, long snapshot) {
        TreeMap<String, String> state = new TreeMap<>();
        for (Write w : history) {
            if (w.seq() > snapshot) {
                break;
            } else if (w.hi() != null) {
                state.subMap(w.key(), w.hi()).clear();
            } else if (w.value().isEmpty()) {
                state.remove(w.key());
            } else {
                state.put(w.key(), w.value());
            }
        }
        return state;
    }
}

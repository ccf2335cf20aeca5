package org.mosslsm.kv.lsm.compact;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.mosslsm.kv.lsm.compact.FlushedTable.Flushed;
import org.mosslsm.kv.lsm.compact.Tree.Write;
import org.mosslsm.kv.lsm.entry.EntryCursor;
import org.mosslsm.kv.lsm.entry.FoundEntry;
import org.mosslsm.kv.lsm.entry.RangeTombstone;
import org.mosslsm.kv.lsm.entry.Stripes;
import org.mosslsm.kv.lsm.entry.Trailer;
import org.mosslsm.kv.lsm.iter.LevelCursor;
import org.mosslsm.kv.lsm.iter.LevelTombstones;
import org.mosslsm.kv.lsm.iter.MergingCursor;
import org.mosslsm.kv.lsm.iter.TombstoneMask;
import org.mosslsm.kv.lsm.iter.VisibleCursor;
import org.mosslsm.kv.lsm.memtable.MemTable;
import org.mosslsm.kv.lsm.table.BloomFilter;
import org.mosslsm.kv.lsm.table.TableOptions;
import org.mosslsm.kv.lsm.table.TableReader;
import org.mosslsm.kv.lsm.values.ValueOptions;
import org.mosslsm.kv.lsm.version.FileMeta;
import org.mosslsm.kv.lsm.version.Version;
import org.mosslsm.kv.lsm.version.VersionEdit;
import org.mosslsm.kv.testkit.MemVfs;

/**
 * Level 0 in stacks against a map: memtables are flushed in tables cut for what lies below, while merges of some stacks are begun
 * and end, and tables nobody sees anything of are dropped. What a snapshot sees never changes, and a source that comes first has
 * what is newest of a key: cursors that pass by range deletes table by table, and reads that stop at the first source that knows the
 * key, find what the map has. {@code -Dstacks.seed=} replays a round, {@code -Dstacks.rounds=} runs more of them.
 */
class StacksModelTest {
    private static final int KEYS = 400;

    @Test
    void everySourceOrderOfStacksIsTheModels() {
        long first = Long.getLong("stacks.seed", System.nanoTime());
        System.out.println("StacksModelTest: seed " + first);
        int rounds = Integer.getInteger("stacks.rounds", 6);
        int cut = 0;
        int most = 0;
        for (int i = 0; i < rounds; i++) {
            try {
                Round round = new Round(first + i);
                round.run();
                cut += round.cut;
                most = Math.max(most, round.mostStacks);
            } catch (RuntimeException | AssertionError e) {
                throw new AssertionError("-Dstacks.seed=" + (first + i) + " -Dstacks.rounds=1", e);
            }
        }
        assertTrue(cut > 0 && most > 1, cut + " flushes cut, " + most + " stacks");
    }

    /** One store of random shape, and what it should hold. */
    private static final class Round {
        private final Random random;
        private final LevelShape shape;
        private final Tree tree;
        private final List<Write> history = new ArrayList<>();
        private final TreeSet<Long> snapshots = new TreeSet<>();
        private long seq;
        private int cut;
        private int mostStacks;

        Round(long seed) {
            random = new Random(seed);
            shape = new LevelShape(
                    1 + random.nextInt(4),
                    500 + random.nextInt(4000),
                    2 + random.nextInt(5),
                    500 + random.nextInt(1500));
            tree = new Tree(new MemVfs(), shape);
        }

        void run() {
            try (tree) {
                for (int flush = 0; flush < 60; flush++) {
                    List<Write> writes = randomWrites();
                    Version below = tree.versions.acquire();
                    try {
                        long before = seq;
                        history.addAll(writes);
                        seq += writes.size();
                        changeSnapshots(before);
                        Flushed flushed = write(writes, below);
                        cut += flushed.tables().size() > 1 ? 1 : 0;
                        compact(before); // while it is being written
                        VersionEdit edit = new VersionEdit();
                        flushed.addTo(edit);
                        tree.versions.apply(edit);
                    } finally {
                        below.release();
                    }
                    check();
                    mostStacks = Math.max(
                            mostStacks, Level0.stacks(tree.versions.current()).size());
                    compact(seq);
                    check();
                }
                while (!tree.running.isEmpty()) {
                    tree.finish(0);
                }
                snapshots.clear();
                for (int left = 1000; tree.compactOnce(new long[0]); left--) {
                    assertTrue(left > 0, "compaction does not come to an end");
                }
                check();
            }
        }

        private void changeSnapshots(long before) {
            if (random.nextInt(4) == 0) {
                snapshots.add(random.nextBoolean() ? before : seq);
            }
            if (snapshots.size() > 4 || (!snapshots.isEmpty() && random.nextInt(5) == 0)) {
                snapshots.remove(List.copyOf(snapshots).get(random.nextInt(snapshots.size())));
            }
        }

        private long[] open(long newest) {
            return snapshots.headSet(newest, true).stream()
                    .mapToLong(Long::longValue)
                    .toArray();
        }

        private Flushed write(List<Write> writes, Version below) {
            MemTable table = new MemTable();
            for (Write w : writes) {
                byte[] key = Tree.bytes(w.key());
                if (w.hi() != null) {
                    table.addRange(new RangeTombstone(key, Tree.bytes(w.hi()), w.seq()));
                } else {
                    byte[] value = Tree.bytes(w.value());
                    table.add(Trailer.of(w.seq(), w.kind()), key, 0, key.length, value, 0, value.length);
                }
            }
            Stripes stripes = new Stripes(open(seq));
            return FlushedTable.write(
                    tree.vfs,
                    tree.versions::newFileNumber,
                    TableOptions.UPPER,
                    ValueOptions.OFF,
                    new FlushedTable.Source(table.cursor(), table.pointCount(), table.rangeTombstones(stripes)),
                    stripes,
                    below,
                    FlushCuts.of(below, shape));
        }

        /** Begins some merges, which end in any order, some of them later; all that is in tables is up to {@code newest}. */
        private void compact(long newest) {
            tree.nowMillis = random.nextInt(4) == 0 ? Long.MAX_VALUE : 0;
            boolean more = true;
            while (more && random.nextInt(3) > 0) {
                more = tree.start(open(newest));
                while (!tree.running.isEmpty() && random.nextInt(3) == 0) {
                    tree.finish(random.nextInt(tree.running.size()));
                }
            }
            if (random.nextInt(3) == 0) {
                dropDead(newest);
            }
        }

        private void dropDead(long newest) {
            VersionEdit edit = new VersionEdit();
            long oldest = snapshots.isEmpty() ? newest : Math.min(newest, snapshots.first());
            DeadTables.find(tree.versions.current(), tree.versions.tables(), oldest, file -> !tree.claims.holds(file))
                    .forEach(dead -> edit.remove(dead.level(), dead.file()));
            tree.versions.apply(edit);
        }

        private List<Write> randomWrites() {
            List<Write> writes = new ArrayList<>();
            int n = 1 + random.nextInt(80);
            int from = random.nextInt(3) == 0 ? random.nextInt(KEYS) : 0; // all keys, or some beside each other
            int among = from > 0 ? 1 + random.nextInt(40) : KEYS;
            int ranges = random.nextInt(3) == 0 ? 1 + random.nextInt(20) : 0;
            for (int i = 0; i < n; i++) {
                long at = seq + i + 1;
                int k = (from + random.nextInt(among)) % KEYS;
                int dice = random.nextInt(100);
                if (dice < ranges) {
                    int length = 1 + random.nextInt(random.nextBoolean() ? 8 : KEYS / 2);
                    writes.add(Write.deleteRange(key(k), key(k + length), at));
                } else if (dice < 30) {
                    writes.add(Write.delete(key(k), at));
                } else {
                    writes.add(Write.put(key(k), at, "v" + at + "x".repeat(random.nextInt(40))));
                }
            }
            return writes;
        }

        private static String key(int i) {
            return String.format("%04d", i) + "k".repeat(i % 5);
        }

        private void check() {
            List<Long> seen = new ArrayList<>(snapshots);
            seen.add(seq);
            Version version = tree.versions.acquire();
            try {
                for (long snapshot : seen) {
                    Map<String, String> expected = model(snapshot);
                    assertEquals(expected, walk(version, snapshot, true), "forward at " + snapshot);
                    assertEquals(expected, walk(version, snapshot, false), "backward at " + snapshot);
                    for (int i = 0; i < KEYS; i += 1 + random.nextInt(6)) {
                        assertEquals(expected.get(key(i)), get(version, key(i), snapshot), key(i) + " at " + snapshot);
                    }
                }
            } finally {
                version.release();
            }
        }

        private Map<String, String> model(long snapshot) {
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

        /** Runs of level 0, then levels, each in key order. */
        private static List<FileMeta[]> sources(Version version) {
            List<FileMeta[]> sources = new ArrayList<>(List.of(version.level0Runs()));
            for (int level = 1; level < Version.LEVELS; level++) {
                sources.add(version.array(level));
            }
            sources.removeIf(files -> files.length == 0);
            return sources;
        }

        private Map<String, String> walk(Version version, long snapshot, boolean forward) {
            List<FileMeta[]> sources = sources(version);
            EntryCursor[] cursors = new EntryCursor[sources.size()];
            long[] maxSeqs = new long[sources.size()];
            List<LevelTombstones> tombstones = new ArrayList<>();
            for (int i = 0; i < cursors.length; i++) {
                FileMeta[] files = sources.get(i);
                cursors[i] = new LevelCursor(tree.versions.tables(), files, 0, files.length, true);
                tombstones.add(new LevelTombstones(tree.versions.tables(), files, 0, files.length));
                for (FileMeta file : files) {
                    maxSeqs[i] = Math.max(maxSeqs[i], file.maxSeq());
                }
            }
            List<String> keys = new ArrayList<>();
            Map<String, String> seen = new TreeMap<>();
            TombstoneMask mask = TombstoneMask.of(tombstones, snapshot);
            try (VisibleCursor c =
                    new VisibleCursor(new MergingCursor(cursors, maxSeqs, 0), mask, snapshot, new byte[0], null)) {
                for (boolean on = forward ? c.seekFirst() : c.seekLast(); on; on = forward ? c.next() : c.prev()) {
                    String key = new String(c.keyArray(), 0, c.keyLength(), StandardCharsets.UTF_8);
                    keys.add(key);
                    seen.put(key, new String(c.valueArray(), c.valueOffset(), c.valueLength(), StandardCharsets.UTF_8));
                }
            }
            if (!forward) {
                Collections.reverse(keys);
            }
            assertEquals(List.copyOf(seen.keySet()), keys, "each key once, in order");
            return seen;
        }

        /** Asks one source after the other; what the first that knows the key says is taken. */
        private String get(Version version, String key, long snapshot) {
            byte[] bytes = Tree.bytes(key);
            FoundEntry found = new FoundEntry();
            for (FileMeta[] files : sources(version)) {
                FileMeta file = Version.find(files, bytes, 0, bytes.length);
                if (file == null) {
                    continue;
                }
                TableReader table = tree.versions.tables().reader(file);
                long tombstone = table.rangeTombstones().covering(bytes, 0, bytes.length, snapshot);
                boolean hit =
                        table.get(bytes, 0, bytes.length, BloomFilter.hash(bytes, 0, bytes.length), snapshot, found);
                if (hit && Trailer.seq(found.trailer()) >= tombstone) {
                    return Trailer.hasValue(found.trailer())
                            ? new String(
                                    found.valueArray(),
                                    found.valueOffset(),
                                    found.valueLength(),
                                    StandardCharsets.UTF_8)
                            : null;
                } else if (tombstone >= 0) {
                    return null;
                }
            }
            return null;
        }
    }
}

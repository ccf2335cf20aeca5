package org.mosslsm.kv.lsm.iter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.mosslsm.kv.lsm.entry.RangeTombstone;
import org.mosslsm.kv.lsm.entry.RangeTombstones;
import org.mosslsm.kv.lsm.entry.TombstoneSpan;
import org.mosslsm.kv.lsm.entry.Trailer;
import org.mosslsm.kv.lsm.table.BlockCache;
import org.mosslsm.kv.lsm.table.TableBuilder;
import org.mosslsm.kv.lsm.table.TableOptions;
import org.mosslsm.kv.lsm.version.FileMeta;
import org.mosslsm.kv.lsm.version.FileNames;
import org.mosslsm.kv.lsm.version.TableCache;
import org.mosslsm.kv.testkit.MemVfs;

/** The tombstones of the tables of a level are, key by key, the same as those of one table would be. */
class LevelTombstonesTest {
    private static final int KEYS = 256;

    private final MemVfs vfs = new MemVfs();
    private final TableCache tables = new TableCache(vfs, new BlockCache(1 << 20));
    private final List<RangeTombstone> all = new ArrayList<>();

    @Test
    void aLevelAnswersAsOneTableWould() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int round = 0; round < 60; round++) {
            all.clear();
            FileMeta[] files = level(random, round * 100L + 1);
            int from = random.nextInt(files.length);
            int end = from + 1 + random.nextInt(files.length - from);
            check(files, from, end, random, "seed " + seed + ", round " + round);
            for (FileMeta file : files) {
                tables.reader(file).close();
            }
        }
    }

    /** Tables one behind the other, some without tombstones, some with nothing else, some touching. */
    private FileMeta[] level(Random random, long firstNumber) {
        List<FileMeta> files = new ArrayList<>();
        int at = random.nextInt(4);
        while (at < KEYS - 20 && (files.isEmpty() || random.nextInt(6) > 0)) {
            int end = at + 2 + random.nextInt(16);
            long number = firstNumber + files.size();
            files.add(table(random, number, at, end));
            at = end + random.nextInt(3);
        }
        return files.toArray(FileMeta[]::new);
    }

    /** A table within {@code [at, end)}. */
    private FileMeta table(Random random, long number, int at, int end) {
        TreeMap<Integer, Long> points = new TreeMap<>();
        List<RangeTombstone> ranges = new ArrayList<>();
        int kind = random.nextInt(3);
        for (int i = random.nextInt(3) + 1; i > 0; i--) {
            if (kind != 0) {
                int lo = at + random.nextInt(end - at);
                int hi = lo + 1 + random.nextInt(end - lo);
                ranges.add(new RangeTombstone(key(lo), key(hi), 1L + random.nextInt(50)));
            }
            if (kind != 1) {
                points.put(at + random.nextInt(end - at), 1L + random.nextInt(50));
            }
        }
        all.addAll(ranges);
        try (TableBuilder builder = new TableBuilder(vfs, FileNames.table(number), number, TableOptions.UPPER)) {
            points.forEach((key, seq) -> builder.add(key(key), Trailer.of(seq, Trailer.PUT), key(0)));
            builder.setRangeTombstones(RangeTombstones.of(ranges));
            var properties = builder.finish();
            return FileMeta.of(number, builder.fileSize(), properties);
        }
    }

    private void check(FileMeta[] files, int from, int end, Random random, String what) {
        // Of the level only the tables that a cursor asks for; their tombstones lie within their bounds.
        List<RangeTombstone> within = new ArrayList<>(all);
        within.removeIf(t -> Arrays.stream(files, from, end).noneMatch(f -> f.covers(t.lo(), 0, t.lo().length)));
        RangeTombstones model = RangeTombstones.of(within);
        LevelTombstones level = new LevelTombstones(tables, files, from, end);
        long snapshot = random.nextInt(60);
        TombstoneSpan span = new TombstoneSpan();
        for (int k = 0; k < KEYS; k++) {
            byte[] key = key(k);
            level.locate(key, 0, key.length, snapshot, span);
            assertEquals(model.covering(key, 0, key.length, snapshot), span.seq(), what + ", key " + k);
            // What holds for the key holds for its whole span.
            for (int other = 0; other < KEYS; other++) {
                byte[] there = key(other);
                boolean inside = (span.lo() == null || Arrays.compareUnsigned(span.lo(), there) <= 0)
                        && (span.hi() == null || Arrays.compareUnsigned(there, span.hi()) < 0);
                assertTrue(inside || other != k, what + ", key " + k + " outside its own span");
                if (inside) {
                    assertEquals(
                            span.seq(),
                            model.covering(there, 0, there.length, snapshot),
                            what + ", key " + k + " and " + other);
                }
            }
            byte[] hi = random.nextInt(4) == 0 ? null : key(k + 1 + random.nextInt(20));
            assertEquals(model.anyNewer(key, hi, snapshot), level.anyNewer(key, hi, snapshot), what + ", from " + k);
        }
    }

    private static byte[] key(int i) {
        return new byte[] {3, (byte) (i >> 8), (byte) i};
    }
}

package org.mosslsm.kv.lsm.compact;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.mosslsm.kv.lsm.compact.CompactionPicker.Situation;
import org.mosslsm.kv.lsm.compact.CompactionRunner.Result;
import org.mosslsm.kv.lsm.entry.EntryCursor;
import org.mosslsm.kv.lsm.entry.RangeTombstone;
import org.mosslsm.kv.lsm.entry.RangeTombstones;
import org.mosslsm.kv.lsm.entry.Trailer;
import org.mosslsm.kv.lsm.iter.MergingCursor;
import org.mosslsm.kv.lsm.iter.TombstoneMask;
import org.mosslsm.kv.lsm.iter.VisibleCursor;
import org.mosslsm.kv.lsm.table.BlockCache;
import org.mosslsm.kv.lsm.table.TableBuilder;
import org.mosslsm.kv.lsm.table.TableOptions;
import org.mosslsm.kv.lsm.table.TableProperties;
import org.mosslsm.kv.lsm.values.ValueOptions;
import org.mosslsm.kv.lsm.version.FileMeta;
import org.mosslsm.kv.lsm.version.FileNames;
import org.mosslsm.kv.lsm.version.Version;
import org.mosslsm.kv.lsm.version.VersionEdit;
import org.mosslsm.kv.lsm.version.VersionSet;
import org.mosslsm.kv.vfs.Vfs;

/** A tree of tables without a store around it: tables are put in, compacted, and read. For one thread. */
final class Tree implements AutoCloseable {
    /** A write, as the model and the tables see it; {@code hi} for range deletes only. */
    record Write(String key, String hi, long seq, int kind, String value) {
        static Write put(String key, long seq, String value) {
            return new Write(key, null, seq, Trailer.PUT, value);
        }

        static Write delete(String key, long seq) {
            return new Write(key, null, seq, Trailer.DELETE, "");
        }

        static Write deleteRange(String lo, String hi, long seq) {
            return new Write(lo, hi, seq, Trailer.DELETE_RANGE, "");
        }
    }

    final Vfs vfs;
    final VersionSet versions;
    final CompactionPicker picker;
    final CompactionRunner runner;
    final List<Result> runs = new ArrayList<>();
    final List<Running> running = new ArrayList<>();
    final Claims claims = new Claims();

    /** The time the picker is told. */
    long nowMillis;

    /** A compaction that was run and not installed yet. */
    record Running(Compaction compaction, Result result) {}

    Tree(Vfs vfs, LevelShape shape) {
        this(vfs, shape, new LeveledPicker(shape));
    }

    Tree(Vfs vfs, LevelShape shape, CompactionPicker picker) {
        this.vfs = vfs;
        this.versions = VersionSet.open(vfs, new BlockCache(1 << 20));
        this.picker = picker;
        this.runner = new CompactionRunner(
                vfs,
                versions.tables(),
                versions::newFileNumber,
                level -> TableOptions.UPPER,
                shape,
                3,
                RateLimit.NONE,
                versions.values(),
                ValueOptions.OFF);
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** Puts a table of those writes into a level. */
    FileMeta addTable(int level, List<Write> writes) {
        long number = versions.newFileNumber();
        try (TableBuilder builder = new TableBuilder(vfs, FileNames.table(number), number, TableOptions.UPPER)) {
            List<Write> points = new ArrayList<>(writes);
            points.removeIf(w -> w.hi() != null);
            points.sort(Comparator.comparing((Write w) -> bytes(w.key()), Arrays::compareUnsigned)
                    .thenComparing(Write::seq, Comparator.reverseOrder()));
            points.forEach(w -> builder.add(bytes(w.key()), Trailer.of(w.seq(), w.kind()), bytes(w.value())));
            List<RangeTombstone> ranges = new ArrayList<>();
            writes.stream()
                    .filter(w -> w.hi() != null)
                    .forEach(w -> ranges.add(new RangeTombstone(bytes(w.key()), bytes(w.hi()), w.seq())));
            builder.setRangeTombstones(RangeTombstones.of(ranges));
            FileMeta file = finished(number, builder);
            versions.apply(new VersionEdit().add(level, file));
            return file;
        }
    }

    private static FileMeta finished(long number, TableBuilder builder) {
        TableProperties properties = builder.finish();
        return FileMeta.of(number, builder.fileSize(), properties);
    }

    /** Runs the compaction that is due beside those under way, if any. */
    boolean compactOnce(long[] snapshots) {
        boolean started = start(snapshots);
        if (started) {
            finish(running.size() - 1);
        }
        return started;
    }

    /** Runs what is due beside those under way, but does not install it yet; returns whether there was something. */
    boolean start(long[] snapshots) {
        Version version = versions.acquire();
        try {
            long oldest = snapshots.length == 0 ? Long.MAX_VALUE : snapshots[0];
            Optional<Compaction> due = picker.pick(new Situation(version, oldest, nowMillis, claims));
            due.ifPresent(compaction -> {
                claims.add(compaction);
                running.add(new Running(compaction, runner.run(compaction, version, snapshots, () -> false)));
            });
            return due.isPresent();
        } finally {
            version.release();
        }
    }

    /** Installs a compaction under way. */
    void finish(int i) {
        Running done = running.remove(i);
        install(done.result());
        claims.remove(done.compaction());
    }

    void install(Result result) {
        runs.add(result);
        versions.apply(result.edit());
    }

    /** What a reader at {@code snapshot} sees. */
    Map<String, String> read(long snapshot) {
        Version version = versions.acquire();
        try {
            List<EntryCursor> children = new ArrayList<>();
            List<RangeTombstones> tombstones = new ArrayList<>();
            for (FileMeta file : version.allFiles()) {
                children.add(versions.tables().reader(file).cursor(true));
                tombstones.add(versions.tables().reader(file).rangeTombstones());
            }
            Map<String, String> seen = new TreeMap<>();
            TombstoneMask mask = TombstoneMask.of(tombstones, snapshot);
            try (VisibleCursor c = new VisibleCursor(
                    new MergingCursor(children.toArray(EntryCursor[]::new)), mask, snapshot, new byte[0], null)) {
                for (boolean on = c.seekFirst(); on; on = c.next()) {
                    seen.put(
                            new String(c.keyArray(), 0, c.keyLength(), StandardCharsets.UTF_8),
                            new String(c.valueArray(), c.valueOffset(), c.valueLength(), StandardCharsets.UTF_8));
                }
            }
            return seen;
        } finally {
            version.release();
        }
    }

    /** Entries and range tombstones in all tables. */
    long stored() {
        return versions.current().allFiles().stream()
                .mapToLong(f -> f.entries() + f.rangeDeletes())
                .sum();
    }

    @Override
    public void close() {
        versions.close();
    }
}

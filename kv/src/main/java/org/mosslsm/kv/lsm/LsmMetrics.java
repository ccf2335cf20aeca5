package org.mosslsm.kv.lsm;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.mosslsm.kv.StoreMetrics;
import org.mosslsm.kv.StoreMetrics.Metric;
import org.mosslsm.kv.lsm.ReadState.LoggedMemTable;
import org.mosslsm.kv.lsm.WritePressure.Cause;
import org.mosslsm.kv.lsm.compact.LevelShape;
import org.mosslsm.kv.lsm.table.BlockCache;
import org.mosslsm.kv.lsm.version.ValueUse;
import org.mosslsm.kv.lsm.version.Version;

/**
 * Puts together what the store measures about itself.
 *
 * <pre>
 * flush.runs count, flush.bytes bytes, flush.time micros     memtables written to tables; an empty result counts as a run
 * compaction.running count                                   under way now
 * compaction.runs count, .time micros                        merges done; .time is summed over those side by side
 * compaction.read.bytes, .written.bytes bytes                write amplification = (flush.bytes + written) / user bytes
 * compaction.tables.moved, .tables.dropped count             without being read: to a deeper level, or deleted
 * compaction.debt.bytes bytes                                to be rewritten until all levels are in shape
 * level.0.depth count                                        tables of level 0 over one key, at most
 * write.stalled micros                                       writers were held back in all; and by cause:
 *   write.stalled.memtables                                    flushes do not keep up
 *   write.stalled.level0                                       level 0 is deep
 *   write.stalled.debt                                         the levels below are out of shape
 * write.stall.cause text, write.stall.since micros           what holds them back now, or none, and for how long
 * </pre>
 */
final class LsmMetrics {
    private LsmMetrics() {}

    private static String health(Health health) {
        return health.failed() ? "read-only" : health.shortage().whatOr("ok");
    }

    static StoreMetrics of(
            ReadState state,
            StoreReads reads,
            BlockCache cache,
            ActiveLog log,
            MemTableRotation rotation,
            WritePressure pressure,
            FlushJob flushJob,
            CompactionWork compaction) {
        List<Metric> all = new ArrayList<>();
        long memory = state.active().table().byteSize();
        for (LoggedMemTable full : state.immutables()) {
            memory += full.table().byteSize();
        }
        all.add(new Metric("health", "text", health(reads.health())));
        all.add(new Metric("version.visible", "count", reads.snapshots().visible()));
        all.add(new Metric("version.oldest.snapshot", "count", reads.snapshots().oldest()));
        all.add(new Metric("snapshots.leaked", "count", reads.snapshots().leaked()));
        all.add(new Metric("snapshots.open", "count", (long) reads.snapshots().count()));
        all.add(new Metric("snapshots.oldest.age", "millis", reads.snapshots().oldestMillis()));
        all.add(new Metric("cursors.leaked", "count", reads.states().cursors().leaked()));
        all.add(new Metric("cursors.open", "count", reads.states().cursors().count()));
        all.add(new Metric("memtable.bytes", "bytes", memory));
        all.add(new Metric(
                "memtable.immutable", "count", (long) state.immutables().size()));
        all.add(new Metric("memtable.rotations", "count", rotation.rotations()));
        addStalls(all, pressure);
        all.add(new Metric("log.syncs", "count", log.syncs()));
        all.add(new Metric("flush.runs", "count", flushJob.runs()));
        all.add(new Metric("flush.bytes", "bytes", flushJob.bytesWritten()));
        all.add(new Metric("flush.time", "micros", flushJob.micros()));
        all.add(new Metric("compaction.running", "count", (long) compaction.running()));
        all.add(new Metric("compaction.runs", "count", compaction.runs()));
        all.add(new Metric("compaction.time", "micros", compaction.micros()));
        all.add(new Metric("compaction.tables.moved", "count", compaction.moves()));
        all.add(new Metric("compaction.read.bytes", "bytes", compaction.bytesRead()));
        all.add(new Metric("compaction.written.bytes", "bytes", compaction.bytesWritten()));
        all.add(new Metric("compaction.tables.dropped", "count", compaction.tablesDropped()));
        all.add(new Metric("compaction.debt.bytes", "bytes", compaction.debtBytes()));
        all.add(new Metric("level.0.depth", "count", (long) LevelShape.level0Depth(state.version())));
        for (int level = 0; level < Version.LEVELS; level++) {
            all.add(new Metric("level." + level + ".tables", "count", (long)
                    state.version().array(level).length));
            all.add(new Metric(
                    "level." + level + ".bytes", "bytes", state.version().bytes(level)));
        }
        ValueUse values = state.version().values();
        all.add(new Metric("values.files", "count", (long) values.files().size()));
        all.add(new Metric("values.bytes", "bytes", values.bytes()));
        all.add(new Metric("values.garbage.bytes", "bytes", values.garbage()));
        all.add(new Metric("values.reads", "count", reads.values().reads()));
        all.add(new Metric("memory.bytes", "bytes", memory + cache.usedBytes() + cache.reservedBytes()));
        all.add(new Metric("tables.memory.bytes", "bytes", cache.reservedBytes()));
        all.add(new Metric("tables.memory.drops", "count", cache.partDrops()));
        all.add(new Metric("tables.filters.damaged", "count", cache.damagedFilters()));
        all.add(new Metric("cache.bytes", "bytes", cache.usedBytes()));
        all.add(new Metric("cache.misses", "count", cache.misses()));
        all.add(new Metric("cache.evictions", "count", cache.evictions()));
        return new StoreMetrics(all);
    }

    private static void addStalls(List<Metric> all, WritePressure pressure) {
        long sum = 0;
        for (Cause cause : Cause.values()) {
            long micros = pressure.waitedMicros(cause);
            all.add(new Metric("write.stalled." + cause.name().toLowerCase(Locale.ROOT), "micros", micros));
            sum += micros;
        }
        Cause now = pressure.cause();
        all.add(new Metric("write.stalled", "micros", sum));
        all.add(new Metric(
                "write.stall.cause", "text", now == null ? "none" : now.name().toLowerCase(Locale.ROOT)));
        all.add(new Metric("write.stall.since", "micros", pressure.sinceMicros()));
    }
}

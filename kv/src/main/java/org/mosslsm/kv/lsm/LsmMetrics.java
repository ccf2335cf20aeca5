package org.mosslsm.kv.lsm;

import java.util.ArrayList;
import java.util.List;
import org.mosslsm.kv.StoreMetrics;
import org.mosslsm.kv.StoreMetrics.Metric;
import org.mosslsm.kv.lsm.ReadState.LoggedMemTable;
import org.mosslsm.kv.lsm.table.BlockCache;
import org.mosslsm.kv.lsm.version.Version;

/** Puts together what the store measures about itself. */
final class LsmMetrics {
    private LsmMetrics() {}

    static StoreMetrics of(
            ReadState state,
            StoreReads reads,
            BlockCache cache,
            ActiveLog log,
            MemTableRotation rotation,
            FlushJob flushJob,
            CompactionWork compaction) {
        List<Metric> all = new ArrayList<>();
        long memory = state.active().table().byteSize();
        for (LoggedMemTable full : state.immutables()) {
            memory += full.table().byteSize();
        }
        all.add(new Metric("health", "text", reads.health().failed() ? "read-only" : "ok"));
        all.add(new Metric("version.visible", "count", reads.snapshots().visible()));
        all.add(new Metric("version.oldest.snapshot", "count", reads.snapshots().oldest()));
        all.add(new Metric("snapshots.open", "count", (long) reads.snapshots().count()));
        all.add(new Metric("memtable.bytes", "bytes", memory));
        all.add(new Metric(
                "memtable.immutable", "count", (long) state.immutables().size()));
        all.add(new Metric("memtable.rotations", "count", rotation.rotations()));
        all.add(new Metric("write.stalled", "micros", rotation.stalledMicros()));
        all.add(new Metric("log.syncs", "count", log.syncs()));
        all.add(new Metric("flush.bytes", "bytes", flushJob.bytesWritten()));
        all.add(new Metric("compaction.runs", "count", compaction.runs()));
        all.add(new Metric("compaction.read.bytes", "bytes", compaction.bytesRead()));
        all.add(new Metric("compaction.written.bytes", "bytes", compaction.bytesWritten()));
        all.add(new Metric("compaction.tables.dropped", "count", compaction.tablesDropped()));
        all.add(new Metric("compaction.debt.bytes", "bytes", compaction.debtBytes()));
        for (int level = 0; level < Version.LEVELS; level++) {
            all.add(new Metric("level." + level + ".tables", "count", (long)
                    state.version().array(level).length));
            all.add(new Metric(
                    "level." + level + ".bytes", "bytes", state.version().bytes(level)));
        }
        all.add(new Metric("cache.bytes", "bytes", cache.usedBytes()));
        all.add(new Metric("cache.misses", "count", cache.misses()));
        all.add(new Metric("cache.evictions", "count", cache.evictions()));
        return new StoreMetrics(all);
    }
}

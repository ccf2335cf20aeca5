package org.mosslsm.kv.lsm;

import java.util.TreeMap;

/**
 * The versions that open snapshots read, and up to where history is whole.
 *
 * <pre>
 * sequence numbers   ----------|---------------|-----------|------------>
 *                       oldest snapshot    floor        visible
 *                    below the floor only what a registered snapshot sees is kept;
 *                    from the floor on every version can still be read
 * </pre>
 *
 * <p>Invariants:
 *
 * <ol>
 *   <li>{@code visible} never sinks. All entries in tables are at most {@code visible}.
 *   <li>A compaction learns the snapshots through {@link #forCompaction}, after its inputs are in tables. A snapshot
 *       registered later reads at a version not below any entry of those inputs, and so sees of each key the newest of
 *       them, which every compaction keeps.
 * </ol>
 *
 * <p>Thread-safe; {@link #visible} is a plain volatile read.
 */
final class Snapshots {
    private final TreeMap<Long, Integer> open = new TreeMap<>();
    private long floor;
    private volatile long visible;

    /** All versions up to {@code recovered} are visible; older ones may have been reclaimed before. */
    Snapshots(long recovered) {
        this.visible = recovered;
        this.floor = recovered;
    }

    /** Newest committed version. */
    long visible() {
        return visible;
    }

    /** Makes the commits up to {@code seq} visible; called under the commit lock. */
    void publish(long seq) {
        assert seq >= visible : seq + " published after " + visible;
        visible = seq;
    }

    /** Registers a reader of the newest version, and returns that. */
    synchronized long register() {
        long seq = visible;
        open.merge(seq, 1, Integer::sum);
        return seq;
    }

    /**
     * Registers a reader of an earlier version.
     *
     * @throws IllegalArgumentException when it lies in the future or may have been reclaimed
     */
    synchronized void registerAt(long seq) {
        if (seq > visible) {
            throw new IllegalArgumentException("version " + seq + " is in the future; the newest is " + visible);
        }
        if (seq < floor && !open.containsKey(seq)) {
            throw new IllegalArgumentException(
                    "version " + seq + " may have been reclaimed; versions from " + floor + " on are there");
        }
        open.merge(seq, 1, Integer::sum);
    }

    /** Takes a reader off. */
    synchronized void release(long seq) {
        open.computeIfPresent(seq, (s, n) -> n == 1 ? null : n - 1);
    }

    /** Versions that must stay readable, ascending, without the newest, which always is. */
    synchronized long[] forCompaction() {
        floor = visible;
        return open.keySet().stream().mapToLong(Long::longValue).toArray();
    }

    /** The oldest version that anyone reads, or may come to read; from then on also nobody comes to read an older one. */
    synchronized long dropBelow() {
        floor = visible;
        return open.isEmpty() ? visible : open.firstKey();
    }

    /** Number of open snapshots. */
    synchronized int count() {
        return open.values().stream().mapToInt(Integer::intValue).sum();
    }

    /** Oldest version an open snapshot reads; the newest version where there is none. */
    synchronized long oldest() {
        return open.isEmpty() ? visible : open.firstKey();
    }
}

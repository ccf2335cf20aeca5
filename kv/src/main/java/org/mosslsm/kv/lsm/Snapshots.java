package org.mosslsm.kv.lsm;

import java.lang.ref.PhantomReference;
import java.lang.ref.ReferenceQueue;
import java.util.HashSet;
import java.util.Set;
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
 * <p>A snapshot that was never closed and is no more is found when the garbage collector has found it, and released; that is
 * counted and reported, because until then it kept history from being reclaimed.
 *
 * <p>Thread-safe; {@link #visible} is a plain volatile read.
 */
final class Snapshots {
    private static final System.Logger LOGGER = System.getLogger(Snapshots.class.getName());

    private final TreeMap<Long, Integer> open = new TreeMap<>();
    private final Set<Lease> leases = new HashSet<>();
    private final ReferenceQueue<LsmSnapshot> lost = new ReferenceQueue<>();
    private long leaked;
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

    /** Keeps a registered version for {@code snapshot}, until the lease is ended or the snapshot is lost. */
    synchronized Lease lease(long seq, LsmSnapshot snapshot) {
        reap();
        Lease lease = new Lease(seq, snapshot);
        leases.add(lease);
        return lease;
    }

    private void reap() {
        for (Object found = lost.poll(); found != null; found = lost.poll()) {
            Lease lease = (Lease) found;
            if (leases.contains(lease)) {
                leaked++;
                lease.end();
                LOGGER.log(
                        System.Logger.Level.WARNING,
                        "a snapshot of version {0} was not closed; it is released now",
                        Long.toString(lease.seq));
            }
        }
    }

    /** What an open snapshot holds. Ending it twice is harmless. */
    final class Lease extends PhantomReference<LsmSnapshot> {
        private final long seq;
        private final long openedNanos = System.nanoTime();

        private Lease(long seq, LsmSnapshot snapshot) {
            super(snapshot, lost);
            this.seq = seq;
        }

        /** Takes the reader off. */
        void end() {
            synchronized (Snapshots.this) {
                if (leases.remove(this)) {
                    open.computeIfPresent(seq, (s, n) -> n == 1 ? null : n - 1);
                }
            }
        }
    }

    /** Snapshots that were never closed and are no more, since the start. */
    synchronized long leaked() {
        reap();
        return leaked;
    }

    /** How long the snapshot is open that has been open longest, in milliseconds; 0 where there is none. */
    synchronized long oldestMillis() {
        long now = System.nanoTime();
        return leases.stream().mapToLong(l -> now - l.openedNanos).max().orElse(0) / 1_000_000;
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

package org.mosslsm.kv.lsm;

import java.lang.ref.PhantomReference;
import java.lang.ref.ReferenceQueue;
import java.util.Arrays;

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
 *   <li>{@code visible} never sinks. All entries in tables are at most {@code visible}, but for those of a bulk load that has
 *       just joined and is published next.
 *   <li>A compaction learns the snapshots through {@link #forCompaction}, after its inputs are in tables. A snapshot
 *       registered later reads at a version not below any entry of those inputs, and so sees of each key the newest of
 *       them, which every compaction keeps. Or it reads at the version that is visible then, if that is below what a bulk
 *       load brought: this one is named among the snapshots.
 * </ol>
 *
 * <p>A snapshot that was never closed and is no more is found when the garbage collector has found it, and released; that is
 * counted and reported, because until then it kept history from being reclaimed.
 *
 * <p>Thread-safe; {@link #visible} is a plain volatile read.
 */
final class Snapshots {
    private static final System.Logger LOGGER = System.getLogger(Snapshots.class.getName());

    private final ReferenceQueue<LsmSnapshot> lost = new ReferenceQueue<>();

    /** Ring of the leases there are, by version ascending; itself none. Guarded by the monitor, as all below. */
    private final Lease ring = new Lease(null, -1);

    private int open;
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

    /** Registers {@code snapshot} as a reader of the newest version, until the lease is ended or the snapshot is lost. */
    synchronized Lease lease(LsmSnapshot snapshot) {
        reap();
        return link(new Lease(snapshot, visible), ring.before); // there is no later one
    }

    /**
     * Registers a reader of an earlier version.
     *
     * @throws IllegalArgumentException when it lies in the future or may have been reclaimed
     */
    synchronized Lease lease(LsmSnapshot snapshot, long seq) {
        reap();
        if (seq > visible) {
            throw new IllegalArgumentException("version " + seq + " is in the future; the newest is " + visible);
        }
        Lease last = ring.before;
        while (last.seq > seq) {
            last = last.before;
        }
        if (seq < floor && last.seq != seq) {
            throw new IllegalArgumentException(
                    "version " + seq + " may have been reclaimed; versions from " + floor + " on are there");
        }
        return link(new Lease(snapshot, seq), last);
    }

    /** Whether all that came after {@code seq} can still be told: a snapshot keeps it, or nothing was reclaimed since. */
    synchronized boolean isWhole(long seq) {
        if (seq >= floor) {
            return true;
        }
        Lease lease = ring.after;
        while (lease != ring && lease.seq < seq) {
            lease = lease.after;
        }
        return lease != ring && lease.seq == seq;
    }

    private Lease link(Lease lease, Lease before) {
        lease.before = before;
        lease.after = before.after;
        before.after.before = lease;
        before.after = lease;
        open++;
        return lease;
    }

    private void reap() {
        for (Object found = lost.poll(); found != null; found = lost.poll()) {
            Lease lease = (Lease) found;
            if (lease.after != null) {
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

        /** Neighbours in the ring; null once the lease has ended. */
        private Lease before = this;

        private Lease after = this;

        private Lease(LsmSnapshot snapshot, long seq) {
            super(snapshot, lost);
            this.seq = seq;
        }

        /** The version it keeps. */
        long seq() {
            return seq;
        }

        /** Takes the reader off. */
        void end() {
            synchronized (Snapshots.this) {
                if (after != null) {
                    before.after = after;
                    after.before = before;
                    before = null;
                    after = null;
                    open--;
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
        long oldest = 0;
        for (Lease lease = ring.after; lease != ring; lease = lease.after) {
            oldest = Math.max(oldest, now - lease.openedNanos);
        }
        return oldest / 1_000_000;
    }

    /**
     * Versions that must stay readable, ascending, without the newest, which always is.
     *
     * @param newest greatest sequence number among the entries to be merged
     */
    synchronized long[] forCompaction(long newest) {
        floor = visible;
        long[] seqs = new long[open + 1];
        int n = 0;
        for (Lease lease = ring.after; lease != ring; lease = lease.after) {
            if (n == 0 || seqs[n - 1] != lease.seq) {
                seqs[n++] = lease.seq;
            }
        }
        if (newest > visible && (n == 0 || seqs[n - 1] != visible)) {
            seqs[n++] = visible;
        }
        return Arrays.copyOf(seqs, n);
    }

    /** The oldest version that anyone reads, or may come to read; from then on also nobody comes to read an older one. */
    synchronized long dropBelow() {
        floor = visible;
        return open == 0 ? visible : ring.after.seq;
    }

    /** The newest version below {@code seq} that an open snapshot reads; -1 where there is none. */
    synchronized long newestBelow(long seq) {
        Lease lease = ring.before;
        while (lease.seq >= seq) {
            lease = lease.before;
        }
        return lease.seq;
    }

    /** Number of open snapshots. */
    synchronized int count() {
        return open;
    }

    /** Oldest version an open snapshot reads; the newest version where there is none. */
    synchronized long oldest() {
        return open == 0 ? visible : ring.after.seq;
    }
}

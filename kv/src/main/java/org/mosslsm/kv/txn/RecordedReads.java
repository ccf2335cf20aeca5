package org.mosslsm.kv.txn;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.mosslsm.kv.KeyRange;

/**
 * What a transaction read and must find unchanged when it commits: ranges, scans that are still open, and the oldest
 * version among them, of whose snapshot it keeps a lease: what changed since is known only while that is open.
 *
 * <p>Thread safety: one thread at a time.
 */
final class RecordedReads {
    private ReadSet reads; // null until needed
    private SnapshotLease oldest;
    private Set<ScanExtent> openScans = Set.of(); // mutable once there is one: under SERIALIZABLE only
    private boolean ended;

    /** Records a read of the version that {@code lease} holds. */
    void add(KeyRange range, SnapshotLease lease) {
        if (reads == null) {
            reads = new ReadSet();
            oldest = lease.acquire();
        }
        reads.add(range, lease.version);
    }

    /** A scan begins: how far it reads is known when {@link #closed} is called, or at the commit. */
    void opened(ScanExtent scan) {
        if (openScans.isEmpty()) {
            openScans = new HashSet<>();
        }
        openScans.add(scan);
    }

    /** A scan is over: what it read joins the other reads. After the end of the transaction it does not matter. */
    void closed(ScanExtent scan, SnapshotLease lease) {
        if (!ended && openScans.remove(scan)) {
            add(scan.read(), lease);
        }
    }

    /** What must be unchanged, with the scans still open as far as they came. */
    List<KeyRange> ranges(SnapshotLease lease) {
        openScans.forEach(scan -> add(scan.read(), lease));
        return reads == null ? List.of() : reads.ranges();
    }

    /** The oldest version that was read; {@code Long.MAX_VALUE} for none. */
    long sinceVersion() {
        return reads == null ? Long.MAX_VALUE : reads.sinceVersion();
    }

    /** Ends the lease; nothing is recorded any more. */
    void end() {
        ended = true;
        if (oldest != null) {
            oldest.release();
            oldest = null;
        }
    }
}

package org.mosslsm.kv.txn;

import java.util.concurrent.ConcurrentHashMap;
import org.mosslsm.kv.KeyRange;

/**
 * The counts of all parts of a store, in memory only: a part is counted by a walk when somebody first asks after the store
 * was opened, so nothing of this is on disk or has to be recovered.
 *
 * <p>Thread-safe.
 */
final class PartCounts {
    private final CountedParts parts;
    private final ConcurrentHashMap<Long, PartCount> counts = new ConcurrentHashMap<>();

    /** Set before a commit that may change any part: from then on nobody counts but by walks. */
    private volatile boolean over;

    PartCounts(CountedParts parts) {
        this.parts = parts;
        this.over = parts == CountedParts.NONE;
    }

    CountedParts parts() {
        return parts;
    }

    /** The count of a part; null where there are none any more. */
    PartCount of(long part) {
        if (over) {
            return null;
        }
        PartCount count = counts.get(part);
        return count != null ? count : counts.computeIfAbsent(part, p -> new PartCount());
    }

    /** Somebody is about to write into the range past all transactions; the part it concerns, null where none is. */
    PartCount hold(KeyRange range) {
        long part = parts.partOf(range);
        if (part == CountedParts.SEVERAL) {
            over = true;
        }
        PartCount count = part < 0 ? null : of(part);
        if (count != null) {
            count.held();
        }
        return count;
    }

    /** What a commit has to tell: to be told before the store sees it, and once more when its outcome is known. */
    final class Report {
        private final Tally tally;
        private final PartCount[] touched;
        private final long[] tickets;
        private boolean told;

        private Report(Tally tally) {
            this.tally = tally;
            this.touched = new PartCount[tally.size()];
            this.tickets = new long[touched.length];
            for (int i = 0; i < touched.length; i++) {
                touched[i] = of(tally.part(i));
                tickets[i] = touched[i] == null ? 0 : touched[i].begin();
            }
        }

        void committed(long version) {
            told = true;
            for (int i = 0; i < touched.length; i++) {
                if (touched[i] != null && tally.delta(i) == Tally.UNCOUNTED) {
                    touched[i].overturned(tickets[i], version);
                } else if (touched[i] != null) {
                    touched[i].committed(tickets[i], version, tally.delta(i));
                }
            }
        }

        void refused() {
            told = true;
            for (int i = 0; i < touched.length; i++) {
                if (touched[i] != null) {
                    touched[i].refused(tickets[i]);
                }
            }
        }

        /** The end; where nothing was told the outcome is unknown. */
        void end() {
            for (int i = 0; !told && i < touched.length; i++) {
                if (touched[i] != null) {
                    touched[i].unknown(tickets[i]);
                }
            }
        }
    }

    /** A commit is about to begin. Null where it has nothing to tell. */
    Report begin(Tally tally) {
        if (tally.several()) {
            over = true;
        }
        return over || tally.isEmpty() ? null : new Report(tally);
    }
}

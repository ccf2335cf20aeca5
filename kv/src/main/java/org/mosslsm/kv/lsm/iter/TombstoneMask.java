package org.mosslsm.kv.lsm.iter;

import java.util.List;
import org.mosslsm.kv.lsm.entry.EntryOrder;
import org.mosslsm.kv.lsm.entry.TombstoneSource;
import org.mosslsm.kv.lsm.entry.TombstoneSpan;

/**
 * The range tombstones of all sources as one snapshot sees them, following a cursor: as long as keys stay in one span a
 * look costs two comparisons, and nothing at all where there are no tombstones. Nothing is put together beforehand: what
 * a cursor never comes to costs it nothing.
 *
 * <p>Invariant: {@code newest} is right for all keys of {@code [lo, hi)}; {@code strongest} is the span of the source that
 * it comes from, within which it hides whatever is older.
 *
 * <p>Thread safety: none; it belongs to one cursor.
 */
public final class TombstoneMask {
    /** Where there are no sources nothing is ever located, so that all may share this one. */
    private static final TombstoneMask NONE = new TombstoneMask(new TombstoneSource[0], 0);

    private final TombstoneSource[] sources;
    private final TombstoneSpan[] spans;
    private final long snapshot;

    private boolean located;
    private byte[] lo;
    private byte[] hi;
    private TombstoneSpan strongest;
    private long newest = -1;

    private TombstoneMask(TombstoneSource[] sources, long snapshot) {
        this.sources = sources;
        this.snapshot = snapshot;
        this.spans = new TombstoneSpan[sources.length];
        for (int i = 0; i < spans.length; i++) {
            spans[i] = new TombstoneSpan();
        }
    }

    /** The mask of {@code sources}, which it keeps, at {@code snapshot}. */
    public static TombstoneMask of(TombstoneSource[] sources, long snapshot) {
        return sources.length == 0 ? NONE : new TombstoneMask(sources, snapshot);
    }

    /** As above. */
    public static TombstoneMask of(List<? extends TombstoneSource> sources, long snapshot) {
        return of(sources.stream().filter(s -> !s.isEmpty()).toArray(TombstoneSource[]::new), snapshot);
    }

    /** Sequence number of the newest visible tombstone that covers the key; -1 where none does. */
    long covering(byte[] key, int offset, int length) {
        if (sources.length == 0) {
            return -1;
        }
        if (!located
                || (lo != null && compare(key, offset, length, lo) < 0)
                || (hi != null && compare(key, offset, length, hi) >= 0)) {
            locate(key, offset, length);
        }
        return newest;
    }

    private void locate(byte[] key, int offset, int length) {
        located = true;
        lo = null;
        hi = null;
        newest = -1;
        for (int i = 0; i < sources.length; i++) {
            TombstoneSpan span = spans[i];
            sources[i].locate(key, offset, length, snapshot, span);
            if (span.lo() != null && (lo == null || compare(span.lo(), 0, span.lo().length, lo) > 0)) {
                lo = span.lo();
            }
            if (span.hi() != null && (hi == null || compare(span.hi(), 0, span.hi().length, hi) < 0)) {
                hi = span.hi();
            }
            if (span.seq() > newest) {
                newest = span.seq();
                strongest = span;
            }
        }
    }

    /** First key from which on what {@link #covering} last said need not hold any more; null for none. */
    byte[] clearTo() {
        return hi;
    }

    /** Least key for which what {@link #covering} last said holds; null for none. */
    byte[] clearFrom() {
        return lo;
    }

    private static int compare(byte[] key, int offset, int length, byte[] bound) {
        return EntryOrder.compareKeys(key, offset, length, bound, 0, bound.length);
    }

    /** Where the tombstone that {@link #covering} last found begins to hide what is older. */
    byte[] start() {
        return strongest.lo();
    }

    /** Where the tombstone that {@link #covering} last found ceases to hide what is older. */
    byte[] end() {
        return strongest.hi();
    }
}

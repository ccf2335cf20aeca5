package org.mosslsm.kv.txn;

import java.util.function.LongConsumer;
import java.util.function.LongSupplier;
import org.mosslsm.kv.KeyRange;

/**
 * What one transaction knows of the number of entries in the {@link CountedParts}: what its own writes add and take away,
 * over what {@link PartCounts} says of its snapshot.
 *
 * <p>Thread safety: one thread at a time.
 */
final class OwnCounts {
    private final PartCounts shared;
    private final CountedParts parts;
    private Tally tally = new Tally();

    /** Whether the statement at hand has changed what is counted. */
    private boolean changedInStatement;

    OwnCounts(PartCounts shared) {
        this.shared = shared;
        this.parts = shared.parts();
    }

    /** What is known now, for who reads on as of now. */
    OwnCounts copy() {
        OwnCounts copy = new OwnCounts(shared);
        copy.restore(mark());
        copy.changedInStatement = changedInStatement;
        return copy;
    }

    void beginStatement() {
        changedInStatement = false;
    }

    /** What the writes so far change, for the commit. */
    Tally tally() {
        return tally;
    }

    /** What the writes so far change, to come back to; null for nothing. */
    Tally mark() {
        return tally.isEmpty() ? null : tally.copy();
    }

    /** Goes back to a mark. */
    void restore(Tally mark) {
        tally = mark == null ? new Tally() : mark.copy();
    }

    /** The part of the key gets {@code delta} more entries. */
    void changed(byte[] key, long delta) {
        long part = parts.partOf(key);
        if (part >= 0) {
            tally.add(part, delta);
            changedInStatement = true;
        }
    }

    /** An entry is written over: it may stand over a snapshot that does not show the key yet. */
    void replaced() {
        changedInStatement = true;
    }

    /** The part of the key changes, nobody knows by how much. */
    void uncounted(byte[] key) {
        uncounted(parts.partOf(key));
    }

    /** The parts that the range meets change, nobody knows by how much. */
    void uncounted(KeyRange range) {
        uncounted(parts.partOf(range));
    }

    private void uncounted(long part) {
        if (part != CountedParts.NO_PART) {
            tally.uncounted(part);
            changedInStatement = true;
        }
    }

    /** The keys of a part. */
    KeyRange range(long part) {
        return parts.range(part);
    }

    /**
     * How many entries of the part the transaction sees at {@code version}, own writes included.
     *
     * @param known told the part where the answer was known, and nothing was read for it
     * @param walk counts them one by one
     */
    long count(long part, long version, LongConsumer known, LongSupplier walk) {
        PartCount count = shared.of(part);
        long own = tally.of(part);
        // Writes of a statement under way stand over a snapshot that may be older than what they were checked against.
        if (count == null || own == Tally.UNCOUNTED || changedInStatement) {
            return walk.getAsLong();
        }
        long found = count.at(version);
        if (found != PartCount.UNKNOWN) {
            known.accept(part);
            return found + own;
        }
        return walk(count, version, own, walk);
    }

    private static long walk(PartCount shared, long version, long own, LongSupplier walk) {
        long count = PartCount.UNKNOWN;
        shared.walkBegins();
        try {
            count = walk.getAsLong();
            return count;
        } finally {
            shared.walkEnded(version, count < 0 ? count : count - own);
        }
    }
}

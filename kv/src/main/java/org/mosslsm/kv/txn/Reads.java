package org.mosslsm.kv.txn;

import java.util.List;
import java.util.function.LongSupplier;
import org.mosslsm.kv.Cursor;
import org.mosslsm.kv.KeyRange;
import org.mosslsm.kv.ScanHints;

/**
 * What a query reads in: a {@link Transaction}, as it is at each moment, or one as it was: {@link FrozenReads}.
 *
 * <p>Thread safety: one thread at a time.
 */
public interface Reads {
    /** The value under {@code key} or {@code null}: an own write, else as of the snapshot. Do not change the array. */
    byte[] get(byte[] key);

    /** As {@link #get} for each of {@code keys}, in their order, {@code null} where absent; cheaper than one by one. */
    List<byte[]> getAll(List<byte[]> keys);

    /**
     * A cursor over {@code range} that merges the snapshot with the writes of the transaction as they are now: writes
     * that follow, and rolling back, do not change what it delivers. It stays usable until closed, even when the
     * transaction ended. The caller closes it.
     */
    Cursor scan(KeyRange range, Cursor.Direction direction, ScanHints hints);

    /**
     * How many entries of one of the {@link CountedParts} it sees, own writes included: at once where the number is known.
     *
     * @param walk counts them one by one, in the same reads, where it is not: then the number is known from now on
     */
    long count(long part, LongSupplier walk);

    /**
     * How many entries of {@code range} it sees, own writes included: far cheaper than a scan where most of the range lies
     * in tables that nothing newer overlaps. Counts as a read of the whole range.
     *
     * @param pulse run now and then, so that a long count can be given up: what it throws ends the count
     */
    long count(KeyRange range, Runnable pulse);
}

package org.mosslsm.kv.lsm.compact;

import org.mosslsm.kv.lsm.entry.EntryCursor;
import org.mosslsm.kv.lsm.entry.EntryOrder;
import org.mosslsm.kv.lsm.entry.RangeTombstones;
import org.mosslsm.kv.lsm.entry.Stripes;
import org.mosslsm.kv.lsm.entry.Trailer;
import org.mosslsm.kv.lsm.version.Version;

/**
 * Which entries of a compaction somebody may still see. Asked for every entry of the merge, in order.
 *
 * <pre>
 * an entry goes    when a newer entry of its key lies in the same stripe;
 *                  when a newer range tombstone over its key lies in the same stripe;
 *                  when it is a delete in the oldest stripe and no deeper level may have its key
 * </pre>
 *
 * <p>Thread safety: none; it follows one merge.
 */
final class EntryFilter {
    private final Stripes stripes;
    private final RangeTombstones tombstones;
    private final Version version;
    private final int floor;

    /** Index of the tombstones' last bound that is not behind {@code key}: keys ascend, and it with them. */
    private int bound = -1;

    private byte[] key = new byte[64];
    private int keyLength = -1;

    /** Stripe of the newest entry met of {@code key} that no later one of the same stripe survives. */
    private int decidedStripe;

    /** Whether an entry of {@code key} was kept. */
    private boolean keptOfKey;

    /** Whether the entry kept last was the first kept of its key. */
    private boolean firstOfKey;

    /**
     * Of a merge in {@code version} that holds all there is of its keys down to the level {@code floor}.
     *
     * @param tombstones the range tombstones of all inputs
     * @param version null where it is not known what is below: deletes then stay
     */
    EntryFilter(Stripes stripes, RangeTombstones tombstones, Version version, int floor) {
        this.stripes = stripes;
        this.tombstones = tombstones;
        this.version = version;
        this.floor = floor;
    }

    /** Whether the entry the merge stands on must be kept. */
    boolean keeps(EntryCursor merge) {
        byte[] array = merge.keyArray();
        int offset = merge.keyOffset();
        int length = merge.keyLength();
        long trailer = merge.trailer();
        long seq = Trailer.seq(trailer);
        int stripe = stripes.of(seq);
        if (keyLength < 0 || !EntryOrder.sameKey(array, offset, length, key, 0, keyLength)) {
            remember(array, offset, length);
            keptOfKey = false;
        } else if (stripe == decidedStripe) {
            return false;
        }
        decidedStripe = stripe;
        if (!tombstones.isEmpty() && hiddenByTombstone(array, offset, length, seq, stripe)) {
            return false;
        }
        boolean idleDelete = Trailer.kind(trailer) == Trailer.DELETE
                && stripes.isOldest(seq)
                && version != null
                && !version.mayBeBelow(floor, array, offset, length);
        if (idleDelete) {
            return false;
        }
        firstOfKey = !keptOfKey;
        keptOfKey = true;
        return true;
    }

    /** Whether the entry kept last was the first of its key that was: only before such a one an output may end. */
    boolean firstOfKey() {
        return firstOfKey;
    }

    private boolean hiddenByTombstone(byte[] array, int offset, int length, long seq, int stripe) {
        // The newest that every reader of this stripe sees: if that one does not hide the entry, none does.
        while (bound + 1 < tombstones.boundCount() && startsBy(bound + 1, array, offset, length)) {
            bound++;
        }
        return tombstones.newest(bound, stripes.last(stripe)) > seq;
    }

    private boolean startsBy(int at, byte[] array, int offset, int length) {
        byte[] start = tombstones.bound(at);
        return EntryOrder.compareKeys(start, 0, start.length, array, offset, length) <= 0;
    }

    private void remember(byte[] array, int offset, int length) {
        if (key.length < length) {
            key = new byte[Math.max(length, 2 * key.length)];
        }
        System.arraycopy(array, offset, key, 0, length);
        keyLength = length;
    }
}

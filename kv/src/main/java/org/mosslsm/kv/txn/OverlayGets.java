package org.mosslsm.kv.txn;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.mosslsm.kv.Snapshot;

/**
 * Reads of single keys in a snapshot with the writes of a transaction over it.
 *
 * <pre>
 * written by the transaction?    its value, or none where it deleted the key; nothing was read
 * else                           recorded as read, then asked of the snapshot, many keys in one call
 * </pre>
 */
final class OverlayGets {
    private OverlayGets() {}

    /** What a reader is given for what the transaction wrote; null for a delete, and for null. */
    static byte[] valueOf(byte[] written) {
        return written == WriteSet.DELETED ? null : written;
    }

    /**
     * The values of keys, in their order.
     *
     * @param own the write of a key, {@link WriteSet#DELETED}, or null
     * @param record told the keys that are read in the snapshot
     */
    static List<byte[]> getAll(
            List<byte[]> keys, UnaryOperator<byte[]> own, Consumer<byte[]> record, Snapshot snapshot) {
        List<byte[]> values = new ArrayList<>(keys.size());
        List<byte[]> others = new ArrayList<>(keys.size());
        for (byte[] key : keys) {
            byte[] written = own.apply(key);
            values.add(valueOf(written));
            if (written == null) {
                record.accept(key);
                others.add(key);
            }
        }
        return others.isEmpty() ? values : fillIn(keys, values, others, snapshot.getAll(others));
    }

    /** Puts what the store knows of {@code others} into their places among {@code keys}. */
    private static List<byte[]> fillIn(
            List<byte[]> keys, List<byte[]> values, List<byte[]> others, List<byte[]> found) {
        if (others.size() == keys.size()) {
            return found;
        }
        int next = 0;
        for (int i = 0; i < keys.size() && next < others.size(); i++) {
            if (keys.get(i) == others.get(next)) {
                values.set(i, found.get(next++));
            }
        }
        return values;
    }
}

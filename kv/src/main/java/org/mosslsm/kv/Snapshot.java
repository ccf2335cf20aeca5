package org.mosslsm.kv;

import java.util.List;

/**
 * The store as it was at one version. Immutable and safe for use by any number of threads; holds back the reclaiming of
 * old versions until closed. Every method throws {@link StoreClosedException} after {@code close} of it or its store.
 */
public interface Snapshot extends AutoCloseable {
    /** Version of the newest commit it sees. */
    long version();

    /** A copy of the value under {@code key}, or {@code null} where there is none. */
    byte[] get(byte[] key);

    /** As {@link #get} for each of {@code keys}, in their order, {@code null} where absent; cheaper than one by one. */
    List<byte[]> getAll(List<byte[]> keys);

    /**
     * Where what is stored goes on: no key from {@code key} on and before the one returned has a value; {@code null} where
     * none follows at all. A short look, which may stop at a key that has no value itself; by default it finds out nothing
     * and returns {@code key}.
     */
    default byte[] emptyUntil(byte[] key) {
        return key;
    }

    /** A cursor over the entries of {@code range}. The caller closes it, before or after this snapshot. */
    Cursor scan(KeyRange range, Cursor.Direction direction, ScanHints hints);

    /**
     * How many entries of {@code range} it sees. A store may know of much of the range without reading it.
     *
     * @param pulse run now and then, so that a long count can be given up: what it throws ends the count
     */
    default long count(KeyRange range, Runnable pulse) {
        long count = 0;
        try (Cursor cursor = scan(range, Cursor.Direction.FORWARD, new ScanHints(0, true, true))) {
            for (EntryBatch batch = cursor.nextBatch(); batch != null; batch = cursor.nextBatch()) {
                count += batch.size();
                pulse.run();
            }
        }
        return count;
    }

    /** Lets go of the version; harmless when repeated. */
    @Override
    void close();
}

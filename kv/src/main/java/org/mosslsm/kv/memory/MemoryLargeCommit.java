package org.mosslsm.kv.memory;

import java.util.Arrays;
import org.mosslsm.kv.CommitRequest;
import org.mosslsm.kv.Store.LargeCommit;
import org.mosslsm.kv.WriteBatch;

/** Collects the entries of a large commit and commits them as any other. */
final class MemoryLargeCommit implements LargeCommit {
    private final MemoryStore store;
    private final WriteBatch entries = new WriteBatch();
    private byte[] last;
    private boolean finished;

    MemoryLargeCommit(MemoryStore store) {
        this.store = store;
    }

    @Override
    public void put(byte[] keys, int keyOffset, int keyLength, byte[] values, int valueOffset, int valueLength) {
        byte[] key = next(keys, keyOffset, keyLength);
        entries.put(key, Arrays.copyOfRange(values, valueOffset, valueOffset + valueLength));
    }

    @Override
    public void delete(byte[] keys, int keyOffset, int keyLength) {
        entries.delete(next(keys, keyOffset, keyLength));
    }

    private byte[] next(byte[] keys, int offset, int length) {
        checkUnfinished();
        byte[] key = Arrays.copyOfRange(keys, offset, offset + length);
        if (last != null && Arrays.compareUnsigned(key, last) <= 0) {
            throw new IllegalArgumentException("a key that is not greater than the one before");
        }
        last = key;
        return key;
    }

    @Override
    public long commit(CommitRequest request) {
        checkUnfinished();
        finished = true;
        WriteBatch all = new WriteBatch();
        Appender appender = new Appender(all);
        request.writes().forEach(new OnlyRanges(appender));
        entries.forEach(appender);
        return store.commit(new CommitRequest(
                request.id(),
                request.readVersion(),
                all,
                request.absent(),
                request.unchanged(),
                request.unchangedRanges(),
                request.durability()));
    }

    @Override
    public void close() {
        finished = true;
    }

    private void checkUnfinished() {
        if (finished) {
            throw new IllegalStateException("the commit was made or closed");
        }
    }

    /** Puts what it is shown behind another batch. */
    private record Appender(WriteBatch all) implements WriteBatch.Visitor {
        @Override
        public void put(byte[] array, int keyOffset, int keyLength, int valueOffset, int valueLength) {
            all.put(
                    Arrays.copyOfRange(array, keyOffset, keyOffset + keyLength),
                    Arrays.copyOfRange(array, valueOffset, valueOffset + valueLength));
        }

        @Override
        public void delete(byte[] array, int keyOffset, int keyLength) {
            all.delete(Arrays.copyOfRange(array, keyOffset, keyOffset + keyLength));
        }

        @Override
        public void deleteRange(byte[] array, int loOffset, int loLength, int hiOffset, int hiLength) {
            all.deleteRange(
                    Arrays.copyOfRange(array, loOffset, loOffset + loLength),
                    Arrays.copyOfRange(array, hiOffset, hiOffset + hiLength));
        }
    }

    /** Refuses what has to be an entry. */
    private record OnlyRanges(WriteBatch.Visitor next) implements WriteBatch.Visitor {
        @Override
        public void put(byte[] array, int keyOffset, int keyLength, int valueOffset, int valueLength) {
            throw new IllegalArgumentException("a large commit with a put beside its entries");
        }

        @Override
        public void delete(byte[] array, int keyOffset, int keyLength) {
            throw new IllegalArgumentException("a large commit with a delete beside its entries");
        }

        @Override
        public void deleteRange(byte[] array, int loOffset, int loLength, int hiOffset, int hiLength) {
            next.deleteRange(array, loOffset, loLength, hiOffset, hiLength);
        }
    }
}

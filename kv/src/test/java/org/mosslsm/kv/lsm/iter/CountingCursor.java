package org.mosslsm.kv.lsm.iter;

import org.mosslsm.kv.lsm.entry.EntryCursor;

/** Counts the single steps taken through another cursor: proves that what can be jumped over is not walked. */
final class CountingCursor extends EntryCursor {
    private final EntryCursor inner;
    private final int[] steps;

    CountingCursor(EntryCursor inner, int[] steps) {
        this.inner = inner;
        this.steps = steps;
    }

    @Override
    public boolean seekFirst() {
        return inner.seekFirst();
    }

    @Override
    public boolean seekLast() {
        return inner.seekLast();
    }

    @Override
    public boolean seek(byte[] key, int offset, int length, long trailer) {
        return inner.seek(key, offset, length, trailer);
    }

    @Override
    public boolean seekForPrev(byte[] key, int offset, int length, long trailer) {
        return inner.seekForPrev(key, offset, length, trailer);
    }

    @Override
    public boolean next() {
        steps[0]++;
        return inner.next();
    }

    @Override
    public boolean prev() {
        steps[0]++;
        return inner.prev();
    }

    @Override
    public boolean valid() {
        return inner.valid();
    }

    @Override
    public byte[] keyArray() {
        return inner.keyArray();
    }

    @Override
    public int keyOffset() {
        return inner.keyOffset();
    }

    @Override
    public int keyLength() {
        return inner.keyLength();
    }

    @Override
    public long trailer() {
        return inner.trailer();
    }

    @Override
    public byte[] valueArray() {
        return inner.valueArray();
    }

    @Override
    public int valueOffset() {
        return inner.valueOffset();
    }

    @Override
    public int valueLength() {
        return inner.valueLength();
    }

    @Override
    public void close() {
        inner.close();
    }
}

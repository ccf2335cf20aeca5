package org.mosslsm.kv.lsm.memtable;

import org.mosslsm.kv.lsm.entry.EntryCursor;

/** Walks the points of a memtable along the links of level 0. Never fails, holds nothing, allocates nothing. */
public final class MemTableCursor extends EntryCursor {
    private final Arena arena;
    private final SkipList points;
    private int node = SkipList.HEAD;
    private int position;
    private byte[] bytes;

    MemTableCursor(Arena arena, SkipList points) {
        this.arena = arena;
        this.points = points;
    }

    @Override
    public boolean seekFirst() {
        return stand(points.next(SkipList.HEAD));
    }

    @Override
    public boolean seekLast() {
        return stand(points.prev(SkipList.HEAD));
    }

    @Override
    public boolean seek(byte[] key, int offset, int length, long trailer) {
        return stand(points.findAtOrAfter(key, offset, length, trailer));
    }

    @Override
    public boolean seekForPrev(byte[] key, int offset, int length, long trailer) {
        return stand(points.findAtOrBefore(key, offset, length, trailer));
    }

    @Override
    public boolean next() {
        return stand(points.next(node));
    }

    @Override
    public boolean prev() {
        return stand(points.prev(node));
    }

    private boolean stand(int at) {
        node = at;
        if (at == SkipList.HEAD) {
            return false;
        }
        position = points.keyPosition(at);
        bytes = arena.bytes(position);
        return true;
    }

    @Override
    public boolean valid() {
        return node != SkipList.HEAD;
    }

    @Override
    public byte[] keyArray() {
        return bytes;
    }

    @Override
    public int keyOffset() {
        return position & Arena.BYTE_MASK;
    }

    @Override
    public int keyLength() {
        return points.keyLength(node);
    }

    @Override
    public long trailer() {
        return points.trailer(node);
    }

    @Override
    public byte[] valueArray() {
        return bytes;
    }

    @Override
    public int valueOffset() {
        return (position & Arena.BYTE_MASK) + points.keyLength(node);
    }

    @Override
    public int valueLength() {
        return points.valueLength(node);
    }

    @Override
    public void close() {
        node = SkipList.HEAD;
    }
}

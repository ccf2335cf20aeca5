package org.mosslsm.kv.txn;

import org.mosslsm.kv.KeyRange;
import org.mosslsm.kv.WriteBatch;

/**
 * What a transaction has written so far: the last write of each key, and the ranges it deleted.
 *
 * <p>Invariant: {@code entries} holds only writes made after the last deletion of a range that covers their key, so at
 * commit all deleted ranges come first and the entries after them.
 *
 * <p>Thread safety: one thread at a time; a {@link View} may be read by any thread it was handed to.
 */
final class WriteSet {
    /** The value of a deleted key, known by identity. */
    static final byte[] DELETED = new byte[0];

    private final WriteTree entries = new WriteTree();
    private final IntervalSet deleted = new IntervalSet();

    /** A state of the write set that will not change: a mark to come back to, or what a scan sees. */
    record View(WriteTree.State entries, WriteTree.State deleted) implements Mark {
        static final View EMPTY = new View(WriteTree.State.EMPTY, WriteTree.State.EMPTY);

        boolean isEmpty() {
            return entries.isEmpty() && deleted.isEmpty();
        }
    }

    /** What undoes the writes since the last {@link #mark}. */
    private final UndoLog undo = new UndoLog();

    boolean isEmpty() {
        return entries.isEmpty() && deleted.isEmpty();
    }

    long bytes() {
        return entries.bytes() + deleted.bytes();
    }

    View freeze() {
        return isEmpty() ? View.EMPTY : new View(entries.freeze(), deleted.freeze());
    }

    /** The present state, to be restored before the next call of this method and before an older state is. */
    Mark mark() {
        return undo.begin();
    }

    /** Goes back to a mark of either kind. */
    void restore(Mark mark) {
        if (mark instanceof UndoLog.Start start) {
            undo.run(start, this);
        } else {
            undo.end();
            restore((View) mark);
        }
    }

    void restore(View view) {
        entries.restore(view.entries());
        deleted.restore(view.deleted());
    }

    /** The value written under {@code key}, {@link #DELETED}, or {@code null} when the key was not written. */
    byte[] get(byte[] key) {
        byte[] own = entries.get(key);
        return own == null && deleted.contains(key) ? DELETED : own;
    }

    void put(byte[] key, byte[] value) {
        // An empty value must not be taken for the mark of a deleted key, even if a caller got hold of that very array.
        write(key, value == DELETED ? new byte[0] : value);
    }

    void delete(byte[] key) {
        write(key, DELETED);
    }

    private void write(byte[] key, byte[] value) {
        if (undo.takesMore(this)) {
            undo.add(key, entries.put(key, value));
        } else {
            entries.put(key, value);
        }
    }

    /** Makes {@code key} what it was before a write: {@code null} for not written. */
    void takeBack(byte[] key, byte[] before) {
        if (before == null) {
            entries.remove(key);
        } else {
            entries.put(key, before);
        }
    }

    void deleteRange(KeyRange range) {
        undo.closeBy(this);
        entries.removeRange(range.lo(), range.hiOrNull());
        deleted.add(range);
    }

    /** All writes, as the store takes them. */
    WriteBatch toBatch() {
        WriteBatch batch = new WriteBatch();
        for (KeyRange range : deleted.ranges()) {
            batch.deleteRange(range.lo(), range.hiOrNull());
        }
        TreeCursor cursor = new TreeCursor(entries.freeze());
        for (cursor.first(); cursor.valid(); cursor.next()) {
            if (cursor.value() == DELETED) {
                batch.delete(cursor.key());
            } else {
                batch.put(cursor.key(), cursor.value());
            }
        }
        return batch;
    }
}

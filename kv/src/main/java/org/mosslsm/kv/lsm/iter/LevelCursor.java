package org.mosslsm.kv.lsm.iter;

import java.util.Arrays;
import org.mosslsm.kv.EntryBatch;
import org.mosslsm.kv.lsm.entry.EntryCursor;
import org.mosslsm.kv.lsm.entry.KeyView;
import org.mosslsm.kv.lsm.entry.Trailer;
import org.mosslsm.kv.lsm.table.TableCursor;
import org.mosslsm.kv.lsm.table.TableReader;
import org.mosslsm.kv.lsm.version.FileMeta;
import org.mosslsm.kv.lsm.version.TableCache;

/**
 * Walks the tables of one level below 0, which do not overlap, as one source: one table is open at a time.
 *
 * <p>Invariant: while valid, {@code cursor} stands on an entry of {@code files[at]}. The files are kept open by whoever
 * holds the version they come from. Thread safety: none.
 */
public final class LevelCursor extends EntryCursor {
    private final TableCache tables;
    private final FileMeta[] files;
    private final boolean fillCache;
    private final int readAheadBytes;
    private final int from;
    private final int end;
    private int at = -1;
    private int opened = -1;
    private TableCursor cursor;
    private boolean passes;
    private boolean valid;

    /**
     * Over {@code files[from .. end)}, in key order, of which there is at least one; a reference on their version must be
     * held for as long as this is used.
     */
    public LevelCursor(TableCache tables, FileMeta[] files, int from, int end, boolean fillCache) {
        this(tables, files, from, end, fillCache, 0);
    }

    private LevelCursor(TableCache tables, FileMeta[] files, int from, int end, boolean fillCache, int readAheadBytes) {
        this.tables = tables;
        this.files = files;
        this.from = from;
        this.end = end;
        this.fillCache = fillCache;
        this.readAheadBytes = readAheadBytes;
    }

    /** As the constructor; reads so much at once, going forward, and leaves the cache alone: for compactions. */
    public static LevelCursor sequential(TableCache tables, FileMeta[] files, int readAheadBytes) {
        return new LevelCursor(tables, files, 0, files.length, false, readAheadBytes);
    }

    @Override
    public boolean seekFirst() {
        at = from;
        return stand(at < end && (open().seekFirst() || forwardTable()));
    }

    @Override
    public boolean seekLast() {
        at = end - 1;
        return stand(at >= from && (open().seekLast() || backwardTable()));
    }

    @Override
    public boolean seek(byte[] key, int offset, int length, long trailer) {
        at = FileMeta.firstNotBefore(files, from, end, key, offset, length);
        return stand(at < end && (open().seek(key, offset, length, trailer) || forwardTable()));
    }

    @Override
    public boolean seekForPrev(byte[] key, int offset, int length, long trailer) {
        at = FileMeta.firstNotBefore(files, from, end, key, offset, length);
        if (at == end || files[at].startsAfter(key, offset, length)) {
            at--; // the key lies in a gap: what is before it ends the table before
        }
        return stand(at >= from && (open().seekForPrev(key, offset, length, trailer) || backwardTable()));
    }

    @Override
    public boolean next() {
        return stand(cursor.next() || forwardTable());
    }

    @Override
    public boolean prev() {
        return stand(cursor.prev() || backwardTable());
    }

    @Override
    public void runForward(EntryBatch into, long snapshot, long hidden, KeyView limit, int most, boolean keysOnly) {
        cursor.runForward(into, snapshot, hidden, limit, most, keysOnly);
    }

    @Override
    public void runBackward(EntryBatch into, long snapshot, long hidden, KeyView limit, int most, boolean keysOnly) {
        cursor.runBackward(into, snapshot, hidden, limit, most, keysOnly);
    }

    @Override
    public long countForward(long snapshot, long hidden, KeyView limit) {
        long passed = cursor.countForward(snapshot, hidden, limit);
        stand(cursor.valid() || forwardTable());
        return passed;
    }

    @Override
    public void passOver(boolean on) {
        passes = on;
        if (cursor != null) {
            cursor.passOver(on);
        }
    }

    @Override
    public boolean isAmongOlder(long seq) {
        return files[at].maxSeq() < seq;
    }

    @Override
    public boolean passOlder(long seq, byte[] to, boolean forward) {
        int i = at;
        while (i >= from && i < end && isOnTheWay(files[i], to, forward)) {
            if (files[i].maxSeq() >= seq) {
                return i == at || enter(i, forward);
            }
            i += forward ? 1 : -1;
        }
        // Nothing has so great a trailer: backward, what is found is the last entry of an earlier key.
        return forward ? seek(to, 0, to.length, Trailer.FIRST) : seekForPrev(to, 0, to.length, Trailer.FIRST);
    }

    /** Whether something of the table is met before the key is passed. */
    private static boolean isOnTheWay(FileMeta file, byte[] to, boolean forward) {
        return forward ? Arrays.compareUnsigned(file.smallest(), to) < 0 : !file.endsBefore(to, 0, to.length);
    }

    private boolean enter(int table, boolean forward) {
        at = table;
        return stand(forward ? open().seekFirst() || forwardTable() : open().seekLast() || backwardTable());
    }

    private boolean stand(boolean on) {
        valid = on;
        return on;
    }

    /** Moves to the first entry of the next table that has one. */
    private boolean forwardTable() {
        while (++at < end) {
            if (open().seekFirst()) {
                return true;
            }
        }
        return false;
    }

    /** Moves to the last entry of the table before that has one. */
    private boolean backwardTable() {
        while (--at >= from) {
            if (open().seekLast()) {
                return true;
            }
        }
        return false;
    }

    private TableCursor open() {
        if (opened != at) {
            valid = false; // should opening fail
            if (cursor != null) {
                cursor.close();
            }
            opened = -1;
            TableReader table = tables.reader(files[at]);
            cursor = readAheadBytes > 0 ? table.sequentialCursor(readAheadBytes) : table.cursor(fillCache);
            cursor.passOver(passes);
            opened = at;
        }
        return cursor;
    }

    @Override
    public boolean valid() {
        return valid;
    }

    @Override
    public byte[] keyArray() {
        return cursor.keyArray();
    }

    @Override
    public int keyOffset() {
        return cursor.keyOffset();
    }

    @Override
    public int keyLength() {
        return cursor.keyLength();
    }

    @Override
    public long trailer() {
        return cursor.trailer();
    }

    @Override
    public byte[] valueArray() {
        return cursor.valueArray();
    }

    @Override
    public int valueOffset() {
        return cursor.valueOffset();
    }

    @Override
    public int valueLength() {
        return cursor.valueLength();
    }

    @Override
    public void close() {
        valid = false;
        if (cursor != null) {
            cursor.close();
        }
    }
}

// Rows and their index entries.
package org.mosslsm.sql.exec.dml;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.mosslsm.kv.Capabilities;
import org.mosslsm.kv.txn.ScratchMap;
import org.mosslsm.kv.txn.Transaction;
import org.mosslsm.sql.catalog.Index;
import org.mosslsm.sql.encode.IndexCodec;
import org.mosslsm.sql.encode.KeyWriter;
import org.mosslsm.sql.error.SqlException;
import org.mosslsm.sql.error.SqlState;
import org.mosslsm.sql.exec.AllClosed;
import org.mosslsm.sql.exec.spill.RowBytes;
import org.mosslsm.sql.exec.spill.RowList;
import org.mosslsm.sql.expr.Row;
import org.mosslsm.sql.expr.ValueRow;

/**
 * Writes rows with all their index entries, and keeps unique keys unique. Rows are full rows. The caller holds the locks
 * of the rows it takes away or replaces; this class locks the keys that rows take and give up.
 *
 * <p>An update that changes a unique key takes the old row away at once and puts the new one at {@link #flush}, so that
 * {@code SET k = k + 1} meets only keys that stay. One object an execution; not thread-safe.
 */
final class RowChanges implements AutoCloseable {
    /** A row that could not be written, because another has its key. */
    record Conflict(IndexCodec index, byte[] existingPrimaryKey) {}

    private static final byte[][] NONE = new byte[0][];

    private final Transaction tx;
    private final Capabilities limits;
    private final KeyWriter scratch = new KeyWriter();
    private final ChangeContext context;

    /** The rows that wait before the first flush, all of one table, and it; null where none does. They may be many. */
    private RowList first;

    private TableAccess firstTable;
    private boolean flushed;

    /**
     * Those after it: of each table a map from the primary key of the row that was taken away to the row. Mutable once
     * there is one, which is rare.
     */
    private Map<TableAccess, ScratchMap> waiting = Map.of();

    /** Whether a row is being written: a failure now may leave a part of it. */
    private boolean writing;

    RowChanges(ChangeContext context) {
        this.tx = context.transaction();
        this.context = context;
        this.limits = tx.capabilities();
    }

    /** Writes a new row; throws 23505 when its key is taken. */
    void insert(TableAccess t, Row row) {
        Conflict conflict = tryInsert(t, row, null);
        if (conflict != null) {
            throw Violations.duplicate(t.table, conflict.index().index(), row);
        }
    }

    /**
     * Writes a new row, unless a key of it is taken: then it answers which, having written nothing.
     *
     * @param first the index to look into before the others, so that its conflict is the one reported where the row has
     *     several; null where it does not matter
     */
    Conflict tryInsert(TableAccess t, Row row, Index first) {
        byte[] key = keyOf(t, t.primary, row);
        byte[][] entryKeys = t.secondary.isEmpty() ? NONE : new byte[t.secondary.size()][];
        for (int i = 0; i < entryKeys.length; i++) {
            IndexCodec index = t.secondary.get(i);
            entryKeys[i] = index.covers(row) ? keyOf(t, index, row) : null;
        }
        if (first != null && first.id() != t.primary.index().id()) {
            for (int i = 0; i < entryKeys.length; i++) {
                IndexCodec index = t.secondary.get(i);
                Conflict conflict = index.index().id() == first.id() ? taken(index, row, entryKeys[i]) : null;
                if (conflict != null) {
                    return conflict;
                }
            }
        }
        if (!t.table.hasRowId()) {
            tx.lock(key);
            if (tx.getLatest(key) != null) {
                return new Conflict(t.primary, key);
            }
        }
        for (int i = 0; i < entryKeys.length; i++) {
            Conflict conflict = taken(t.secondary.get(i), row, entryKeys[i]);
            if (conflict != null) {
                return conflict;
            }
        }
        byte[] value = valueOf(t, row);
        writing = true;
        tx.insert(key, value);
        for (int i = 0; i < entryKeys.length; i++) {
            if (entryKeys[i] != null) {
                tx.put(entryKeys[i], t.secondary.get(i).value(row, scratch));
            }
        }
        writing = false;
        context.execution().noteChanged(key);
        return null;
    }

    /**
     * Locks the row that has the key which {@code row} wants in a unique index, if one has: before its entry, as who deletes
     * it does. Who locked the entry first would wait for him, and he for it.
     */
    void lockHolder(TableAccess t, Row row, Index unique) {
        for (IndexCodec index : t.secondary) {
            if (index.index().id() == unique.id() && index.covers(row) && !index.hasNull(row)) {
                byte[] key = keyOf(t, index, row);
                byte[] entry = tx.getLatest(key);
                if (entry != null) {
                    tx.lock(index.primaryKey(key, 0, entry, 0, scratch));
                }
            }
        }
    }

    /** Whether an insert failed half-way. Whatever else fails was looked at before the first write. */
    boolean isWriting() {
        return writing;
    }

    /** The row that has the unique key which {@code row} wants, if one has; else the key is locked for {@code row}. */
    private Conflict taken(IndexCodec index, Row row, byte[] entryKey) {
        if (entryKey == null || !index.index().unique() || index.hasNull(row)) {
            return null;
        }
        tx.lock(entryKey);
        byte[] entry = tx.getLatest(entryKey);
        return entry == null ? null : new Conflict(index, index.primaryKey(entryKey, 0, entry, 0, scratch));
    }

    private byte[] keyOf(TableAccess t, IndexCodec index, Row row) {
        byte[] key = index.key(row, scratch);
        if (key.length > limits.maxKeyBytes()) {
            throw new SqlException(
                    SqlState.PROGRAM_LIMIT,
                    "a key of index \"" + index.index().name() + "\" of table \"" + t.table.name() + "\" takes "
                            + key.length + " bytes; at most " + limits.maxKeyBytes() + " are possible");
        }
        return key;
    }

    private byte[] valueOf(TableAccess t, Row row) {
        byte[] value = t.codec.rowValue(row, scratch);
        if (value.length > limits.maxValueBytes()) {
            throw new SqlException(
                    SqlState.PROGRAM_LIMIT,
                    "a row of table \"" + t.table.name() + "\" takes " + value.length + " bytes; at most "
                            + limits.maxValueBytes() + " are possible");
        }
        return value;
    }

    /** Takes a row away. */
    void delete(TableAccess t, Row row) {
        deleteEntries(t, row);
        byte[] key = t.primary.key(row, scratch);
        tx.remove(key);
        context.execution().noteChanged(key);
    }

    /** Takes away what leads to a row from the other indexes, and leaves the row itself to the caller. */
    void deleteEntries(TableAccess t, Row row) {
        for (IndexCodec index : t.secondary) {
            if (!index.covers(row)) {
                continue;
            }
            byte[] key = index.key(row, scratch);
            if (index.index().unique() && !index.hasNull(row)) {
                tx.lock(key);
            }
            tx.delete(key);
        }
    }

    /** Replaces a row. */
    void update(TableAccess t, Row before, ValueRow after) {
        if (t.sameUniqueKeys(before, after)) {
            rewrite(t, before, after);
        } else {
            byte[] key = t.primary.key(before, scratch);
            delete(t, before);
            wait(t, key, after);
        }
    }

    private void wait(TableAccess t, byte[] key, ValueRow row) {
        if (!flushed && (firstTable == null || firstTable == t)) {
            if (first == null) {
                first = new RowList(context.execution().workspace());
                firstTable = t;
            }
            first.add(row);
            return;
        }
        if (waiting.isEmpty()) {
            waiting = new LinkedHashMap<>();
        }
        waiting.computeIfAbsent(t, x -> context.scratchMap()).put(key, RowBytes.of(row));
    }

    /** The row that waits, since the first flush, in place of the one that had this primary key; null where none does. */
    ValueRow waitingFor(TableAccess t, byte[] key) {
        ScratchMap rows = waiting.isEmpty() ? null : waiting.get(t);
        byte[] row = rows == null ? null : rows.get(key);
        return row == null ? null : RowBytes.row(row, t.table.rowColumns().size());
    }

    /** Makes another row wait in place of the one that waits for this primary key. */
    void changeWaiting(TableAccess t, byte[] key, ValueRow after) {
        waiting.get(t).put(key, RowBytes.of(after));
    }

    /** Makes no row wait in place of the one that had this primary key: it is deleted after all. */
    void dropWaiting(TableAccess t, byte[] key) {
        waiting.get(t).remove(key);
    }

    private void rewrite(TableAccess t, Row before, Row after) {
        byte[] key = t.primary.key(after, scratch);
        tx.replace(key, valueOf(t, after));
        context.execution().noteChanged(key);
        for (IndexCodec index : t.secondary) {
            if (index.index().isPartial()) {
                rewritePartial(t, index, before, after);
            } else if (!index.sameEntry(before, after)) {
                byte[] oldKey = index.key(before, scratch);
                byte[] newKey = keyOf(t, index, after);
                if (!Arrays.equals(oldKey, newKey)) {
                    tx.delete(oldKey);
                }
                tx.put(newKey, index.value(after, scratch));
            }
        }
    }

    private void rewritePartial(TableAccess t, IndexCodec index, Row before, Row after) {
        byte[] oldKey = index.covers(before) ? index.key(before, scratch) : null;
        byte[] newKey = index.covers(after) ? keyOf(t, index, after) : null;
        if (oldKey != null && !Arrays.equals(oldKey, newKey)) {
            tx.delete(oldKey);
        }
        if (newKey != null) {
            tx.put(newKey, index.value(after, scratch));
        }
    }

    /** Puts the rows that wait for others to have given up their keys; throws 23505 when one is still taken. */
    void flush() {
        flushed = true;
        if (first != null) {
            for (ValueRow row = first.next(); row != null; row = first.next()) {
                insert(firstTable, row);
            }
            first.close();
            first = null;
        }
        if (waiting.isEmpty()) {
            return;
        }
        Map<TableAccess, ScratchMap> rows = waiting;
        waiting = Map.of();
        try {
            rows.forEach((t, of) -> of.forEach((key, row) -> {
                context.execution().checkCancelled();
                insert(t, RowBytes.row(row, t.table.rowColumns().size()));
            }));
        } finally {
            AllClosed.of(rows.values());
        }
    }

    /** Forgets the rows that wait, and their files. */
    @Override
    public void close() {
        if (first != null || !waiting.isEmpty()) { // in most statements nothing waits
            List<AutoCloseable> all = new ArrayList<>(waiting.values());
            if (first != null) {
                all.add(first);
                first = null;
            }
            waiting = Map.of();
            AllClosed.of(all);
        }
    }
}

// A foreign key, seen from the parent.
package org.mosslsm.sql.exec.dml;

import java.util.Optional;
import java.util.function.Consumer;
import org.mosslsm.kv.Cursor;
import org.mosslsm.kv.EntryBatch;
import org.mosslsm.kv.KeyRange;
import org.mosslsm.kv.ScanHints;
import org.mosslsm.kv.txn.Transaction;
import org.mosslsm.sql.catalog.ForeignKey;
import org.mosslsm.sql.catalog.Index;
import org.mosslsm.sql.catalog.Table;
import org.mosslsm.sql.encode.IndexCodec;
import org.mosslsm.sql.encode.KeyWriter;
import org.mosslsm.sql.expr.Row;

/** Finds the rows that refer to a row of the parent. Immutable. */
final class ChildLink {
    final ForeignKey key;
    final Table parent;
    final Table child;
    final int[] parentOrdinals;
    final int[] childOrdinals;
    private final boolean childIsPrimary;
    private final IndexCodec childIndex;
    private final IndexCodec parentIndex;
    /** Position, among the foreign key's columns, of each of the first columns of the child's index. */
    private final int[] order;

    private final KeyConversion conversion;

    ChildLink(Table parent, ForeignKey key, Table child) {
        this.key = key;
        this.parent = parent;
        this.child = child;
        this.parentOrdinals = parent.ordinals(key.parentColumnIds());
        this.childOrdinals = child.ordinals(key.columnIds());
        Index index = ForeignKeyRows.indexFor(child, key.columnIds())
                .orElseThrow(() -> new IllegalStateException(
                        "no index of table " + child.name() + " serves foreign key " + key.name()));
        this.childIndex = new IndexCodec(child, index);
        this.childIsPrimary = index.id() == child.primary().id();
        this.parentIndex =
                new IndexCodec(parent, parent.index(key.parentIndexId()).orElseThrow());
        this.order = index.columnIds().subList(0, key.columnIds().size()).stream()
                .mapToInt(c -> key.columnIds().indexOf(c))
                .toArray();
        this.conversion = KeyConversion.between(parent, key.parentColumnIds(), child, key.columnIds());
    }

    /** Whether rows of the child change with those of the parent, instead of keeping them. */
    boolean changesChildren() {
        return changesChildren(key.onDelete()) || changesChildren(key.onUpdate());
    }

    private static boolean changesChildren(ForeignKey.Action action) {
        return action != ForeignKey.Action.NO_ACTION && action != ForeignKey.Action.RESTRICT;
    }

    /** Whether the row can be referred to: no column of its key is NULL. */
    boolean canBeReferred(Row parentRow) {
        for (int ordinal : parentOrdinals) {
            if (parentRow.isNull(ordinal)) {
                return false;
            }
        }
        return true;
    }

    /** Whether both rows have the same key. */
    boolean sameKey(Row a, Row b) {
        return parentIndex.sameKey(a, b);
    }

    /** The parent row's key in the index that is referred to. */
    byte[] parentKey(Row parentRow, KeyWriter scratch) {
        return parentIndex.key(parentRow, scratch);
    }

    /** Where the child's index has the rows that refer to the parent row; empty when the child's type cannot. */
    Optional<KeyRange> range(Row parentRow, KeyWriter scratch) {
        return conversion.convert(parentRow, parentOrdinals).map(values -> {
            Object[] ordered = new Object[order.length];
            for (int i = 0; i < ordered.length; i++) {
                ordered[i] = values[order[i]];
            }
            return KeyRange.prefix(childIndex.prefixOf(ordered, scratch));
        });
    }

    /** Whether a row, read again, still refers to what the range stands for. */
    boolean refersIn(KeyRange range, Row childRow, KeyWriter scratch) {
        return range.contains(childIndex.key(childRow, scratch));
    }

    /** What column {@code i} of the foreign key must be for a child to refer to the parent row: ON UPDATE CASCADE. */
    Object childValue(Row parentRow, int i) {
        return conversion.assign(parentRow.get(parentOrdinals[i]), i);
    }

    /** Whether the transaction sees a child row in the range. */
    boolean hasChild(Transaction tx, KeyRange range) {
        try (Cursor cursor = tx.scan(range, Cursor.Direction.FORWARD, new ScanHints(1, true, true))) {
            return cursor.nextBatch() != null;
        }
    }

    /** Shows the primary key of each child row in the range, as the transaction sees them. */
    void childKeys(Transaction tx, KeyRange range, KeyWriter scratch, Consumer<byte[]> visit) {
        try (Cursor cursor = tx.scan(range, Cursor.Direction.FORWARD, new ScanHints(0, false, true))) {
            for (EntryBatch batch = cursor.nextBatch(); batch != null; batch = cursor.nextBatch()) {
                for (int i = 0; i < batch.size(); i++) {
                    visit.accept(
                            childIsPrimary
                                    ? batch.copyKey(i)
                                    : childIndex.primaryKey(
                                            batch.keys(),
                                            batch.keyOffset(i),
                                            batch.valueArray(i),
                                            batch.valueOffset(i),
                                            scratch));
                }
            }
        }
    }
}

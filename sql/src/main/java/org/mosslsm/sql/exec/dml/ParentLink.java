// A foreign key, seen from the child.
package org.mosslsm.sql.exec.dml;

import java.util.Optional;
import org.mosslsm.sql.catalog.ForeignKey;
import org.mosslsm.sql.catalog.Table;
import org.mosslsm.sql.encode.IndexCodec;
import org.mosslsm.sql.encode.KeyWriter;
import org.mosslsm.sql.expr.Row;

/** Finds the key of the parent that a row refers to. Immutable. */
final class ParentLink {
    final ForeignKey key;
    final Table child;
    final Table parent;
    private final int[] ordinals;
    private final IndexCodec parentIndex;
    private final KeyConversion conversion;

    ParentLink(Table child, ForeignKey key, Table parent) {
        this.key = key;
        this.child = child;
        this.parent = parent;
        this.ordinals = child.ordinals(key.columnIds());
        this.parentIndex = new IndexCodec(
                parent,
                parent.index(key.parentIndexId())
                        .orElseThrow(() -> new IllegalStateException(
                                "foreign key " + key.name() + " refers to an index that is gone")));
        this.conversion = KeyConversion.between(child, key.columnIds(), parent, key.parentColumnIds());
    }

    /** Whether the row refers to anything: no column is NULL. */
    boolean refers(Row row) {
        for (int ordinal : ordinals) {
            if (row.isNull(ordinal)) {
                return false;
            }
        }
        return true;
    }

    /** Whether both rows refer to the same. */
    boolean sameReference(Row a, Row b) {
        for (int ordinal : ordinals) {
            if (!java.util.Objects.deepEquals(a.get(ordinal), b.get(ordinal))) {
                return false;
            }
        }
        return true;
    }

    /** The key of the parent's index; empty when the parent's type cannot hold the value, so that no row has it. */
    Optional<byte[]> parentKey(Row row, KeyWriter scratch) {
        return conversion.convert(row, ordinals).map(values -> parentIndex.prefixOf(values, scratch));
    }

    /** Whether the row's own key is what it refers to. */
    boolean refersToItself(Row row) {
        if (child.id() != parent.id()) {
            return false;
        }
        int[] parentOrdinals = parent.ordinals(key.parentColumnIds());
        for (int i = 0; i < ordinals.length; i++) {
            if (!java.util.Objects.deepEquals(row.get(ordinals[i]), row.get(parentOrdinals[i]))) {
                return false;
            }
        }
        return true;
    }
}

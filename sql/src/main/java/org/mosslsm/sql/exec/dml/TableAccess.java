// What a statement needs to write to one table.
package org.mosslsm.sql.exec.dml;

import java.util.List;
import org.mosslsm.sql.catalog.Catalog;
import org.mosslsm.sql.catalog.Table;
import org.mosslsm.sql.encode.IndexCodec;
import org.mosslsm.sql.encode.TableCodec;
import org.mosslsm.sql.expr.Row;

/**
 * A table with its codecs and its references in both directions. Immutable; made once a catalog, see {@link
 * TableAccesses}.
 */
final class TableAccess {
    final Table table;
    final TableCodec codec;
    final IndexCodec primary;
    final List<IndexCodec> secondary;
    /** What rows of this table refer to. */
    final List<ParentLink> parents;
    /** What refers to rows of this table. */
    final List<ChildLink> children;

    TableAccess(Table table, Catalog catalog, TableExpressions expressions) {
        this.table = table;
        this.codec = PartialIndexes.codec(table, expressions);
        this.primary = codec.primary();
        this.secondary = codec.secondary();
        this.parents = table.foreignKeys().stream()
                .map(k -> new ParentLink(table, k, tableOf(catalog, k.parentTableId())))
                .toList();
        this.children = catalog.referencing(table.id()).stream()
                .map(k -> new ChildLink(table, k, tableOf(catalog, k.childTableId())))
                .toList();
    }

    static Table tableOf(Catalog catalog, int id) {
        return catalog.table(id).orElseThrow(() -> new IllegalStateException("the catalog has no table " + id));
    }

    /** Whether both rows agree in the primary key and in all unique keys. */
    boolean sameUniqueKeys(Row a, Row b) {
        if (!primary.sameKey(a, b)) {
            return false;
        }
        for (IndexCodec index : secondary) {
            boolean same = !index.index().unique() || (index.sameKey(a, b) && index.covers(a) == index.covers(b));
            if (!same) {
                return false;
            }
        }
        return true;
    }
}

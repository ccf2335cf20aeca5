// What a statement needs to write to one table.
package org.mosslsm.sql.exec.dml;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.mosslsm.sql.catalog.Catalog;
import org.mosslsm.sql.catalog.Table;
import org.mosslsm.sql.encode.IndexCodec;
import org.mosslsm.sql.encode.TableCodec;
import org.mosslsm.sql.expr.Row;

/**
 * A table with its codecs and its references in both directions. Immutable; made once a plan and shared by its
 * executions.
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

    private TableAccess(Table table, Catalog catalog, TableExpressions expressions) {
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

    private static Table tableOf(Catalog catalog, int id) {
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

    /** The accesses of one plan, by table. Thread-safe. */
    static final class Accesses {
        private final Catalog catalog;
        private final TableExpressions expressions;
        private final Map<Integer, TableAccess> byTable = new ConcurrentHashMap<>();

        Accesses(Catalog catalog, TableExpressions expressions) {
            this.catalog = catalog;
            this.expressions = expressions;
        }

        Catalog catalog() {
            return catalog;
        }

        TableAccess of(int tableId) {
            return byTable.computeIfAbsent(tableId, id -> new TableAccess(tableOf(catalog, id), catalog, expressions));
        }
    }
}

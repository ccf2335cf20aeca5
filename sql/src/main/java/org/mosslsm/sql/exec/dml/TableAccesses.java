// What statements need to write to the tables of a catalog.
package org.mosslsm.sql.exec.dml;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.mosslsm.sql.catalog.Catalog;

/**
 * The codecs and references of a catalog's tables, made when they are first asked for and shared by all statements that
 * are planned against it: making them for each took longer than binding it. Thread-safe.
 */
public final class TableAccesses {
    private final Catalog catalog;
    private final TableExpressions expressions;
    private final Map<Integer, TableAccess> byTable = new ConcurrentHashMap<>();

    /** Those of a catalog, whose conditions of indexes {@code expressions} reads. */
    public TableAccesses(Catalog catalog, TableExpressions expressions) {
        this.catalog = catalog;
        this.expressions = expressions;
    }

    /** The catalog. */
    public Catalog catalog() {
        return catalog;
    }

    TableAccess of(int tableId) {
        TableAccess known = byTable.get(tableId);
        return known != null
                ? known
                : byTable.computeIfAbsent(
                        tableId, id -> new TableAccess(TableAccess.tableOf(catalog, id), catalog, expressions));
    }
}

// The plan is out of date.
package org.mosslsm.sql.exec.dml;

/**
 * A table was altered between planning and locking it. The caller rolls the statement back, looks at the catalog again
 * and plans anew; nobody else sees this.
 */
public final class CatalogChangedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Names the table. */
    public CatalogChangedException(String table) {
        super(
                "table " + table + " was changed by another transaction while the statement was planned",
                null,
                false,
                false);
    }
}

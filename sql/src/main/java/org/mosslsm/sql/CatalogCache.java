// The newest catalog anybody saw.
package org.mosslsm.sql;

import java.util.Arrays;
import org.mosslsm.kv.txn.Transaction;
import org.mosslsm.sql.catalog.Catalog;
import org.mosslsm.sql.catalog.CatalogStore;

/**
 * Keeps the committed catalog, so that a statement pays one point read to know that it is still the one. Thread-safe: the
 * pair is replaced as a whole.
 */
final class CatalogCache {
    /** The bytes that name a version of the catalog, and the catalog they name. */
    private record Seen(byte[] head, Catalog catalog) {}

    private volatile Seen seen = new Seen(null, Catalog.empty());

    /** The catalog as the transaction sees it; it must not have changed the catalog itself. */
    Catalog of(Transaction tx) {
        byte[] head = tx.get(CatalogStore.versionKey());
        Seen last = seen;
        if (Arrays.equals(head, last.head())) {
            return last.catalog();
        }
        Catalog catalog = CatalogStore.load(tx);
        if (catalog.version() > last.catalog().version()) {
            seen = new Seen(head, catalog);
        }
        return catalog;
    }
}

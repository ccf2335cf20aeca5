// The newest catalog anybody saw.
package org.mosslsm.sql;

import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.mosslsm.kv.txn.Transaction;
import org.mosslsm.kv.txn.TransactionException;
import org.mosslsm.sql.catalog.Catalog;
import org.mosslsm.sql.catalog.CatalogStore;
import org.mosslsm.sql.catalog.KnownDescriptors;

/**
 * Keeps the committed catalog, so that a statement need not read it again; where every definition is committed through
 * this object, not even its version.
 *
 * <p>Invariants:
 *
 * <ol>
 *   <li>{@code seen} is what a snapshot of version {@code seen.from} shows, replaced as a whole.
 *   <li>A definition is committed while {@code committing} counts it; when it no longer does, {@code changed} is at least
 *       its version. So who has a snapshot, then sees {@code committing} at 0, and then reads {@code changed}, knows of
 *       every definition the snapshot shows; if {@code changed <= seen.from <= snapshot}, {@code seen} is its catalog.
 * </ol>
 *
 * <p>Thread-safe.
 */
final class CatalogCache {
    /** The bytes that name a version of the catalog, the catalog they name, and a snapshot that showed them. */
    private record Seen(byte[] head, Catalog catalog, long from) {}

    /** Whether definitions may also come from elsewhere, so that the version must be looked at each time. */
    private final boolean shared;

    private final AtomicInteger committing = new AtomicInteger();
    private final AtomicLong changed = new AtomicLong();
    private final KnownDescriptors descriptors = new KnownDescriptors();
    private volatile Seen seen = new Seen(null, Catalog.empty(), -1);

    /** An empty cache; {@code shared} when other processes change the catalog too. */
    CatalogCache(boolean shared) {
        this.shared = shared;
    }

    /** The catalog as the transaction sees it; it must not have changed the catalog itself. */
    Catalog of(Transaction tx) {
        long snapshot = tx.readVersion();
        Optional<Seen> known = known();
        if (known.isPresent() && known.get().from() <= snapshot) {
            return known.get().catalog();
        }
        byte[] head = tx.get(CatalogStore.versionKey());
        Seen last = seen;
        if (Arrays.equals(head, last.head())) {
            if (snapshot > last.from()) {
                seen = new Seen(head, last.catalog(), snapshot);
            }
            return last.catalog();
        }
        Catalog catalog = load(tx);
        if (catalog.version() > last.catalog().version()) {
            seen = new Seen(head, catalog, snapshot);
        }
        return catalog;
    }

    /** The catalog as the transaction sees it, which may have changed it. */
    Catalog load(Transaction tx) {
        return CatalogStore.load(tx, descriptors);
    }

    /** The committed catalog, where that is known without a look at the store. */
    Optional<Catalog> newest() {
        return known().map(Seen::catalog);
    }

    private Optional<Seen> known() {
        if (shared || committing.get() != 0) {
            return Optional.empty();
        }
        long newest = changed.get();
        Seen last = seen;
        return last.from() >= newest ? Optional.of(last) : Optional.empty();
    }

    /** Commits a transaction that changed the catalog. */
    void commit(Transaction tx) {
        committing.incrementAndGet();
        try {
            changed.accumulateAndGet(tx.commit(), Math::max);
        } catch (TransactionException | IllegalArgumentException e) {
            throw e; // refused, so nothing was changed
        } catch (RuntimeException | Error e) {
            changed.set(Long.MAX_VALUE); // nobody knows: from now on the store is asked each time
            throw e;
        } finally {
            committing.decrementAndGet();
        }
    }
}

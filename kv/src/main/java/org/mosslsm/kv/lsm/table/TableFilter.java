package org.mosslsm.kv.lsm.table;

import org.mosslsm.kv.CorruptionException;
import org.mosslsm.kv.KvIoException;

/**
 * Reads the filter of a table, and remembers what is wrong with it. It only says which keys need not be looked for, so that one
 * that is damaged, or that the device does not give, is no error: it is done without, and told of once.
 *
 * <p>Thread-safe under the monitor of its table.
 */
final class TableFilter {
    private static final System.Logger LOGGER = System.getLogger(TableFilter.class.getName());

    private final TableReader table;
    private final BlockCache cache;

    /** Null where nothing is wrong, as far as it is known. */
    private volatile CorruptionException damage;

    TableFilter(TableReader table, BlockCache cache) {
        this.table = table;
        this.cache = cache;
    }

    CorruptionException damage() {
        return damage;
    }

    /** The filter; one that lets all keys pass where the table was written without, or it is damaged. */
    BloomFilter read(TableFooter footer) {
        if (footer.filterLength() == 0) {
            return BloomFilter.ALL;
        }
        try {
            byte[] block = table.part(footer.filterOffset(), footer.filterLength());
            return BloomFilter.decode(block, table.name(), footer.filterOffset());
        } catch (CorruptionException e) {
            return without(e);
        } catch (KvIoException e) {
            if (KvIoException.isShortage(e)) {
                throw e;
            }
            return without(new CorruptionException(table.name(), footer.filterOffset(), e.getMessage()));
        }
    }

    private BloomFilter without(CorruptionException why) {
        if (damage == null) {
            damage = why;
            cache.countDamagedFilter();
            LOGGER.log(
                    System.Logger.Level.WARNING,
                    "a filter is damaged; its table is read without it, more slowly, until it is merged or repaired: {0}",
                    why.getMessage());
        }
        return BloomFilter.ALL;
    }
}

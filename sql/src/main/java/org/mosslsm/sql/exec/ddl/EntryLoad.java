// Entries for new indexes.
package org.mosslsm.sql.exec.ddl;

import java.util.List;
import org.mosslsm.kv.BulkLoad;
import org.mosslsm.kv.Capabilities;
import org.mosslsm.kv.txn.Transaction;
import org.mosslsm.sql.catalog.Index;
import org.mosslsm.sql.catalog.Table;
import org.mosslsm.sql.encode.IndexCodec;
import org.mosslsm.sql.encode.IndexKeys;
import org.mosslsm.sql.error.SqlException;
import org.mosslsm.sql.error.SqlState;
import org.mosslsm.sql.exec.dml.Violations;
import org.mosslsm.sql.exec.spill.EntrySorter;

/**
 * Takes the entries of new indexes of one table in any order, and puts them into their ranges in key order: few into the
 * transaction's writes, many past them into tables ({@link RangeBuilds}). Keeps unique indexes unique. Memory is that of
 * a sort for each index. Not thread-safe.
 */
final class EntryLoad implements AutoCloseable {
    /** As writes of the transaction so much is quickly committed; a bulk load flushes the memtable and syncs files. */
    static final long FEW_BYTES = 1 << 20;

    /** Entries between two looks at the cancel flag. */
    private static final int CANCEL_CHECK = 1024;

    private final DefinitionContext context;
    private final Table table;
    private final List<IndexCodec> codecs;
    private final EntrySorter[] sorters;
    private final Capabilities limits;
    private final BulkLoad[] loads; // null where there are few entries

    /** For indexes of {@code table}, which the catalog does not have yet. */
    EntryLoad(DefinitionContext context, Table table, List<IndexCodec> codecs) {
        this.context = context;
        this.table = table;
        this.codecs = codecs;
        this.limits = context.transaction().capabilities();
        this.loads = new BulkLoad[codecs.size()];
        this.sorters = codecs.stream()
                .map(c -> new EntrySorter(
                        context.execution().workspace(), c.prefix().length, context.execution()::checkCancelled))
                .toArray(EntrySorter[]::new);
    }

    /**
     * Adds an entry of the index at {@code i}.
     *
     * @throws SqlException 54000 when it is too large for the store
     */
    void add(int i, byte[] key, byte[] value) {
        if (key.length > limits.maxKeyBytes() || value.length > limits.maxValueBytes()) {
            throw new SqlException(
                    SqlState.PROGRAM_LIMIT,
                    "an entry of index \"" + codecs.get(i).index().name() + "\" of table \"" + table.name()
                            + "\" has a key of " + key.length + " and a value of " + value.length + " bytes; at most "
                            + limits.maxKeyBytes() + " and " + limits.maxValueBytes() + " are possible");
        }
        sorters[i].add(key, value);
        // Under the other isolations the transaction's snapshot would not show what came past its writes.
        if (loads[i] == null && sorters[i].byteSize() > FEW_BYTES && context.readCommitted()) {
            // Begun as early as that, the memtable is flushed while rows are still read.
            loads[i] = context.builds()
                    .begin(
                            context.transaction(),
                            IndexKeys.range(table, codecs.get(i).index()));
        }
    }

    /**
     * Puts all entries into their ranges.
     *
     * @throws SqlException 23505 when two entries of a unique index have one key
     */
    void finish() {
        boolean published = false;
        for (int i = 0; i < sorters.length; i++) {
            finish(i);
            published |= loads[i] != null;
        }
        if (published) {
            context.transaction().beginStatement(); // which sees them
            context.execution().checkCancelled();
        }
    }

    private void finish(int i) {
        Transaction tx = context.transaction();
        Index index = codecs.get(i).index();
        boolean unique = index.unique() || index.id() == table.primary().id();
        EntrySorter.Entries entries = sorters[i].sorted();
        byte[] last = new byte[0];
        for (long n = 1; entries.next(); n++) {
            if (n % CANCEL_CHECK == 0) {
                context.execution().checkCancelled();
            }
            if (unique) {
                if (entries.hasKey(last)) {
                    throw Violations.duplicate(table, index, codecs.get(i).keyColumns(last, table));
                }
                last = entries.copyKey();
            }
            if (loads[i] == null) {
                tx.put(unique ? last : entries.copyKey(), entries.copyValue());
            } else {
                byte[] array = entries.array();
                loads[i].add(
                        array,
                        entries.keyOffset(),
                        entries.keyLength(),
                        array,
                        entries.valueOffset(),
                        entries.valueLength());
            }
        }
        sorters[i].close();
        if (loads[i] != null) {
            context.execution().checkCancelled();
            loads[i].publish();
        }
    }

    @Override
    public void close() {
        for (int i = 0; i < sorters.length; i++) {
            sorters[i].close();
            if (loads[i] != null) {
                loads[i].close();
            }
        }
    }
}

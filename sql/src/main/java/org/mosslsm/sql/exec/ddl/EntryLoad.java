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
import org.mosslsm.sql.exec.spill.MergedEntries;
import org.mosslsm.sql.exec.spill.Workspace;

/**
 * Takes the entries of new indexes of one table in any order, and puts them into their ranges in key order: few into the
 * transaction's writes, many past them into tables ({@link RangeBuilds}). Keeps unique indexes unique. Memory is that of
 * a sort for each index.
 *
 * <p>Not thread-safe, but for {@link #addBeside} and one {@link #sort}, which one other thread may call while this one
 * adds: it touches what is {@code beside} and nothing else.
 */
final class EntryLoad implements AutoCloseable {
    /** As writes of the transaction so much is quickly committed; a bulk load flushes the memtable and syncs files. */
    static final long FEW_BYTES = 1 << 20;

    /** Entries between two looks at the cancel flag. */
    private static final int CANCEL_CHECK = 1024;

    private final DefinitionContext context;
    private final Capabilities limits;
    private final Table table;
    private final List<IndexCodec> codecs;
    private final EntrySorter[] sorters;
    private final BulkLoad[] loads; // null where there are few entries
    private final EntrySorter beside; // null where one thread adds

    /** For indexes of {@code table}, which the catalog does not have yet. */
    EntryLoad(DefinitionContext context, Table table, List<IndexCodec> codecs) {
        this(
                context,
                table,
                codecs,
                codecs.stream()
                        .map(c -> new EntrySorter(
                                context.execution().workspace(),
                                c.prefix().length,
                                context.execution()::checkCancelled))
                        .toArray(EntrySorter[]::new),
                null);
    }

    private EntryLoad(
            DefinitionContext context,
            Table table,
            List<IndexCodec> codecs,
            EntrySorter[] sorters,
            EntrySorter beside) {
        this.context = context;
        this.limits = context.transaction().capabilities();
        this.table = table;
        this.codecs = codecs;
        this.loads = new BulkLoad[codecs.size()];
        this.sorters = sorters;
        this.beside = beside;
    }

    /** For one index, to which another thread adds entries too; {@code check} is called by both. */
    static EntryLoad inHalves(DefinitionContext context, Table table, IndexCodec codec, Runnable check) {
        Workspace half = context.execution().workspace().half();
        int skip = codec.prefix().length;
        return new EntryLoad(
                context,
                table,
                List.of(codec),
                new EntrySorter[] {new EntrySorter(half, skip, check)},
                new EntrySorter(half, skip, check));
    }

    /**
     * Adds an entry of the index at {@code i}.
     *
     * @throws SqlException 54000 when it is too large for the store
     */
    void add(int i, byte[] key, byte[] value) {
        checkSize(i, key, value);
        sorters[i].add(key, value);
        if (sorters[i].byteSize() > FEW_BYTES) {
            beginLoad(i); // as early as that: the memtable is flushed while rows are still read
        }
    }

    /** As {@link #add} of the first index, by the other thread. */
    void addBeside(byte[] key, byte[] value) {
        checkSize(0, key, value);
        beside.add(key, value);
    }

    /** Does what can be done by each thread when it has added all: the one that calls {@link #add}, and the other. */
    void sort(boolean ofAdd) {
        (ofAdd ? sorters[0] : beside).sort();
    }

    private void checkSize(int i, byte[] key, byte[] value) {
        if (key.length > limits.maxKeyBytes() || value.length > limits.maxValueBytes()) {
            throw new SqlException(
                    SqlState.PROGRAM_LIMIT,
                    "an entry of index \"" + codecs.get(i).index().name() + "\" of table \"" + table.name()
                            + "\" has a key of " + key.length + " and a value of " + value.length + " bytes; at most "
                            + limits.maxKeyBytes() + " and " + limits.maxValueBytes() + " are possible");
        }
    }

    private void beginLoad(int i) {
        // Under the other isolations the transaction's snapshot would not show what came past its writes.
        if (loads[i] == null && context.readCommitted()) {
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
        EntrySorter.Entries entries = entries(i);
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
        closeSorters(i);
        if (loads[i] != null) {
            context.execution().checkCancelled();
            loads[i].publish();
        }
    }

    private EntrySorter.Entries entries(int i) {
        if (beside == null) {
            return sorters[i].sorted();
        }
        if (sorters[i].byteSize() + beside.byteSize() > FEW_BYTES) {
            beginLoad(i);
        }
        return new MergedEntries(sorters[i].sorted(), beside.sorted());
    }

    private void closeSorters(int i) {
        sorters[i].close();
        if (beside != null) {
            beside.close();
        }
    }

    @Override
    public void close() {
        for (int i = 0; i < sorters.length; i++) {
            closeSorters(i);
            if (loads[i] != null) {
                loads[i].close();
            }
        }
    }
}

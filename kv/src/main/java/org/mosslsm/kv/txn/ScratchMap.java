// Keys and values of one statement, too many for memory.
package org.mosslsm.kv.txn;

import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.mosslsm.kv.Store.ScratchFile;

/**
 * A map of byte keys that goes to scratch files where it outgrows its memory, made as the writes of a transaction are. For
 * what a statement must remember of the rows it has met. Arrays handed in must not be changed afterwards, those handed out
 * neither.
 *
 * <p>Errors: {@link org.mosslsm.kv.KvIoException} when there is no space for a file. Thread safety: one thread at a time.
 */
public final class ScratchMap implements AutoCloseable {
    /** Of the memory, what the filter of one file may take: so many neighbours are merged to one that few are there. */
    private static final int FILTER_SHARE = 4;

    private final WriteSet writes;
    private final long budgetBytes;
    private boolean empty = true;

    /**
     * An empty map.
     *
     * @param budgetBytes about what the entries in memory may take
     * @param files makes a file when it is asked to
     * @param mayGoOn asked now and then in long work; what it throws ends that, and the map is then good for closing only
     */
    public ScratchMap(long budgetBytes, Supplier<ScratchFile> files, Runnable mayGoOn) {
        this.writes = new WriteSet(files, budgetBytes / FILTER_SHARE, mayGoOn);
        this.budgetBytes = budgetBytes;
    }

    /** Whether nothing was put yet. */
    public boolean isEmpty() {
        return empty;
    }

    /** The value under {@code key}, or {@code null}. */
    public byte[] get(byte[] key) {
        byte[] value = empty ? null : writes.get(key);
        return value == WriteSet.DELETED ? null : value;
    }

    /** Puts a value in the place of what was there. */
    public void put(byte[] key, byte[] value) {
        empty = false;
        writes.put(key, value);
        if (writes.entryBytes() > budgetBytes) {
            writes.spill();
        }
    }

    /** Takes the key away; harmless where it is not there. */
    public void remove(byte[] key) {
        if (!empty) {
            writes.delete(key);
        }
    }

    /** Shows every entry in the order of the keys; not to be changed meanwhile. */
    public void forEach(BiConsumer<byte[], byte[]> visit) {
        WriteCursor cursor = writes.freeze().cursor();
        for (cursor.first(); cursor.valid(); cursor.next()) {
            if (cursor.value() != WriteSet.DELETED) {
                visit.accept(cursor.key(), cursor.value());
            }
        }
    }

    /** Deletes the files; harmless when repeated. */
    @Override
    public void close() {
        writes.close();
    }
}

package org.mosslsm.kv.lsm.version;

import java.io.IOException;
import java.util.function.Function;
import org.mosslsm.kv.CorruptionException;
import org.mosslsm.kv.KvIoException;
import org.mosslsm.kv.lsm.table.BlockCache;
import org.mosslsm.kv.lsm.table.TableClosedException;
import org.mosslsm.kv.lsm.table.TableReader;
import org.mosslsm.kv.vfs.Vfs;

/**
 * Opens tables when they are first read, and closes them when their files die. The reader of a table hangs on its {@link
 * FileMeta}, so that a lookup costs one volatile load.
 *
 * <p>Invariants: (1) a file has at most one open reader. (2) Once {@code dead} is set, which happens under the file's
 * monitor, no reader is opened any more.
 *
 * <p>Thread-safe.
 */
public final class TableCache {
    private static final System.Logger LOGGER = System.getLogger(TableCache.class.getName());

    private final Vfs vfs;
    private final BlockCache blocks;

    /** Opens tables of {@code vfs}, whose blocks share {@code blocks}. */
    public TableCache(Vfs vfs, BlockCache blocks) {
        this.vfs = vfs;
        this.blocks = blocks;
    }

    /** The cache of blocks the tables share. */
    public BlockCache blocks() {
        return blocks;
    }

    /**
     * The open table; opened if it is not yet.
     *
     * @throws TableClosedException when the file died: no version holds it any more
     * @throws CorruptionException when the file is not the table the manifest means
     */
    public TableReader reader(FileMeta file) {
        TableReader reader = file.reader;
        return reader != null ? reader : open(file);
    }

    /**
     * A figure of a table, for who only weighs what is worth doing: {@code unknown} where the table is damaged or cannot be read.
     * That is logged, once a table; whoever needs what the table holds is told.
     *
     * @throws KvIoException for want of descriptors, which passes
     */
    public <T> T weigh(FileMeta file, Function<TableReader, T> figure, T unknown) {
        if (file.unreadable && file.reader == null) {
            return unknown; // not tried at every look: a disk may take long to say no
        }
        try {
            return figure.apply(reader(file));
        } catch (KvIoException | CorruptionException e) {
            if (KvIoException.isShortage(e)) {
                throw e;
            }
            if (!file.unreadable) {
                file.unreadable = true;
                LOGGER.log(System.Logger.Level.WARNING, "the table {0} cannot be weighed: {1}", file.name(), e);
            }
            return unknown;
        }
    }

    private TableReader open(FileMeta file) {
        synchronized (file) {
            if (file.dead) {
                throw new TableClosedException(file.name());
            }
            if (file.reader == null) {
                TableReader reader = TableReader.open(vfs, file.name(), file.number(), file.maxSeq(), blocks);
                if (reader.fileSize() != file.size()) {
                    reader.close();
                    throw new CorruptionException(
                            file.name(),
                            -1,
                            "the file has " + reader.fileSize() + " bytes, the manifest says " + file.size());
                }
                file.reader = reader;
            }
            return file.reader;
        }
    }

    /** Closes the table for good, and deletes its file where that is possible: if not, the next open sweeps it up. */
    void delete(FileMeta file) {
        close(file);
        deleteIfPossible(vfs, file.name());
    }

    /** Closes the table for good. Never fails: the file was only read. */
    void close(FileMeta file) {
        TableReader reader;
        synchronized (file) {
            file.dead = true;
            reader = file.reader;
            file.reader = null;
        }
        if (reader != null) {
            try {
                reader.close();
            } catch (KvIoException e) {
                return;
            }
        }
    }

    /** Deletes a file that no manifest in force names: left over, it costs room and nothing else. */
    static void deleteIfPossible(Vfs vfs, String name) {
        try {
            vfs.delete(name);
        } catch (IOException e) {
            return;
        }
    }
}

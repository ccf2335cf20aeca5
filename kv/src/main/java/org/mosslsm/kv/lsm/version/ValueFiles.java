package org.mosslsm.kv.lsm.version;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.mosslsm.kv.CorruptionException;
import org.mosslsm.kv.KvIoException;
import org.mosslsm.kv.lsm.entry.FoundEntry;
import org.mosslsm.kv.lsm.table.TableClosedException;
import org.mosslsm.kv.lsm.table.ValuePointer;
import org.mosslsm.kv.lsm.values.ValueFileReader;
import org.mosslsm.kv.vfs.Vfs;

/**
 * Reads values that lie in value files. A file is opened when it is first read, and closed when it dies, as {@link
 * TableCache} does with tables; numbers are never given twice, so that one map serves all live versions.
 *
 * <p>Invariants: (1) {@code files} are exactly those of live versions. (2) A file has at most one open reader. (3) Once
 * {@code dead} is set, which happens under the meta data's monitor, no reader is opened any more.
 *
 * <p>Thread-safe.
 */
public final class ValueFiles {
    private final Vfs vfs;
    private final Map<Long, ValueFileMeta> files = new ConcurrentHashMap<>();
    private final LongAdder reads = new LongAdder();

    ValueFiles(Vfs vfs) {
        this.vfs = vfs;
    }

    /**
     * Reads the value an entry points to.
     *
     * @param entry holds a pointer, and the value on return; its trailer stays
     * @throws TableClosedException when the file died: no version holds it any more
     * @throws CorruptionException when it is not what was written
     */
    public void read(FoundEntry entry) {
        ValuePointer pointer = ValuePointer.decode(entry.valueArray(), entry.valueOffset(), entry.valueLength());
        reads.increment();
        reader(pointer.file()).read(pointer, entry);
    }

    /** Values read so far. */
    public long reads() {
        return reads.sum();
    }

    /** The open file of that number; errors as {@link #read}. */
    public ValueFileReader reader(long number) {
        ValueFileMeta file = files.get(number);
        if (file == null) {
            throw new TableClosedException(FileNames.values(number));
        }
        ValueFileReader reader = file.reader;
        return reader != null ? reader : open(file);
    }

    private ValueFileReader open(ValueFileMeta file) {
        synchronized (file) {
            if (file.dead) {
                throw new TableClosedException(file.name());
            }
            if (file.reader == null) {
                ValueFileReader reader = ValueFileReader.open(vfs, file.name(), file.number());
                if (reader.fileSize() != file.size()
                        || reader.values() != file.values()
                        || reader.valueBytes() != file.valueBytes()) {
                    reader.close();
                    throw new CorruptionException(
                            file.name(), -1, "the file is not the one the manifest means, " + file);
                }
                file.reader = reader;
            }
            return file.reader;
        }
    }

    /** A file joins the live versions. */
    void joined(ValueFileMeta file) {
        files.put(file.number(), file);
    }

    /** Closes the file for good, and deletes it where that is possible: if not, the next open sweeps it up. */
    void delete(ValueFileMeta file) {
        close(file);
        files.remove(file.number());
        TableCache.deleteIfPossible(vfs, file.name());
    }

    /** Closes all files for good. */
    void close() {
        files.values().forEach(ValueFiles::close);
    }

    private static void close(ValueFileMeta file) {
        ValueFileReader reader;
        synchronized (file) {
            file.dead = true;
            reader = file.reader;
            file.reader = null;
        }
        if (reader != null) {
            try {
                reader.close();
            } catch (KvIoException e) {
                return; // the file was only read
            }
        }
    }
}

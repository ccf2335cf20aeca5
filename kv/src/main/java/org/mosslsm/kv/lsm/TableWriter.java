package org.mosslsm.kv.lsm;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import org.mosslsm.kv.KvIoException;
import org.mosslsm.kv.lsm.entry.Trailer;
import org.mosslsm.kv.lsm.table.TableBuilder;
import org.mosslsm.kv.lsm.table.TableOptions;
import org.mosslsm.kv.vfs.OsVfs;
import org.mosslsm.kv.vfs.Vfs;

/**
 * Writes a table outside of any store, for {@link Lsm#ingest}: by another thread, another process, on another machine.
 *
 * <pre>
 * try (TableWriter writer = TableWriter.create(Path.of("orders.sst"), options)) {
 *     for (...) writer.add(key, value);      // ascending keys
 *     writer.finish();
 * }
 * </pre>
 *
 * <p>Errors: {@link KvIoException} when the disk refuses; the file is then worthless. Not thread-safe.
 */
public final class TableWriter implements AutoCloseable {
    /** Blocks of external tables are bound to this number, which no file of a store has. */
    static final long NUMBER = 0;

    private final TableBuilder builder;
    private final Vfs vfs;
    private final String name;
    private byte[] last;
    private boolean finished;

    private TableWriter(Vfs vfs, String name, LsmOptions options) {
        this.vfs = vfs;
        this.name = name;
        TableOptions usual = TableOptions.LOWER;
        this.builder = new TableBuilder(
                vfs,
                name,
                NUMBER,
                new TableOptions(
                        options.blockBytes(),
                        options.compression(),
                        usual.filterBitsPerKey(),
                        usual.restartInterval()));
    }

    /** Starts a table in a file, which loses what it holds; block size and compression are those of the options. */
    public static TableWriter create(Path file, LsmOptions options) {
        Path absolute = file.toAbsolutePath();
        return create(new OsVfs(absolute.getParent()), absolute.getFileName().toString(), options);
    }

    /** Starts a table in the file {@code name} of {@code vfs}. */
    static TableWriter create(Vfs vfs, String name, LsmOptions options) {
        return new TableWriter(vfs, name, options);
    }

    /**
     * Adds an entry; the arrays are copied.
     *
     * @throws IllegalArgumentException when the key is not greater than the one before, or key or value is too large
     */
    public void add(byte[] key, byte[] value) {
        if (finished) {
            throw new IllegalStateException("the table is finished");
        }
        if (last != null && Arrays.compareUnsigned(key, last) <= 0) {
            throw new IllegalArgumentException("a key that is not greater than the one before");
        }
        Limits.check(key, value);
        builder.add(key, Trailer.of(0, Trailer.PUT), value);
        last = key.clone();
    }

    /** Size of the file if it were finished now, in bytes, roughly: tables of tens of megabytes are a good size. */
    public long estimatedBytes() {
        return builder.estimatedBytes();
    }

    /**
     * Writes what is left; the table is durable on return.
     *
     * @throws IllegalStateException when nothing was added, or it is finished already
     */
    public void finish() {
        if (last == null) {
            throw new IllegalStateException("a table without entries");
        }
        builder.finish();
        finished = true;
        try {
            vfs.syncDir();
        } catch (IOException e) {
            throw new KvIoException("cannot write table " + name + ": " + e.getMessage(), e);
        }
    }

    /** Closes the file; without {@link #finish} before, it is worthless. Harmless when repeated. */
    @Override
    public void close() {
        builder.close();
    }
}

package org.mosslsm.kv.lsm;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.mosslsm.kv.CorruptionException;
import org.mosslsm.kv.KvIoException;
import org.mosslsm.kv.lsm.SortedTables.Loaded;
import org.mosslsm.kv.lsm.table.BlockCache;
import org.mosslsm.kv.lsm.table.TableProperties;
import org.mosslsm.kv.lsm.table.TableReader;
import org.mosslsm.kv.lsm.table.TableReseal;
import org.mosslsm.kv.lsm.version.FileNames;
import org.mosslsm.kv.vfs.OsVfs;
import org.mosslsm.kv.vfs.Vfs;
import org.mosslsm.kv.vfs.WritableFile;

/**
 * Takes tables written by {@link TableWriter} into the store.
 *
 * <pre>
 * open each             it must be an external table; they must not overlap each other
 * copy each             into the store's directory, every block verified and bound to its new number
 * install               {@link LoadedTables}: one sequence number, newer than all there is; one edit
 * </pre>
 *
 * A failure before the edit leaves nothing behind; a crash, or a close of the store meanwhile, leaves copies that the next open
 * sweeps up. The external files stay as they are.
 *
 * <p>Used once, by one thread.
 */
final class Ingest {
    private static final long CACHE_BYTES = 1 << 20;

    /** An external file. */
    record External(Vfs vfs, String name) {
        static External of(Path path) {
            Path file = path.toAbsolutePath();
            return new External(new OsVfs(file.getParent()), file.getFileName().toString());
        }
    }

    /** A copy that has its file, and nothing in it yet. */
    private record Begun(long number, WritableFile file) {}

    private final LooseTables loose;
    private final LoadedTables target;
    private final BlockCache cache = new BlockCache(CACHE_BYTES);
    private final List<TableReader> sources = new ArrayList<>();
    private final List<Loaded> copies = new ArrayList<>();

    Ingest(LooseTables loose, LoadedTables target) {
        this.loose = loose;
        this.target = target;
    }

    /** Ingests; returns the version that sees the entries. */
    long run(List<External> files) {
        try {
            for (External file : files) {
                sources.add(open(file));
            }
            checkApart();
            for (TableReader source : sources) {
                copy(source);
            }
            long version = target.ingest(copies);
            copies.clear(); // they belong to the store now
            return version;
        } catch (KvIoException | CorruptionException | IllegalArgumentException e) {
            throw e; // nothing has happened: the copies go
        } catch (RuntimeException | Error e) {
            copies.clear(); // perhaps the manifest names them: only the next open can tell
            throw e;
        } finally {
            sources.forEach(TableReader::close);
            copies.forEach(copy -> loose.delete(copy.number()));
        }
    }

    private TableReader open(External file) {
        TableReader table = TableReader.open(file.vfs(), file.name(), TableWriter.NUMBER, cache);
        TableProperties p = table.properties();
        if (p.isEmpty() || p.maxSeq() != 0 || p.rangeDeletes() != 0 || p.deletes() != 0) {
            table.close();
            throw new IllegalArgumentException(file.name() + " was not written by a TableWriter");
        }
        return table;
    }

    private void checkApart() {
        sources.sort(Comparator.comparing(t -> t.properties().smallest(), Arrays::compareUnsigned));
        for (int i = 1; i < sources.size(); i++) {
            TableReader before = sources.get(i - 1);
            TableReader table = sources.get(i);
            if (Arrays.compareUnsigned(
                            before.properties().largest(), table.properties().smallest())
                    >= 0) {
                throw new IllegalArgumentException(
                        "the tables " + before.name() + " and " + table.name() + " overlap each other");
            }
        }
    }

    private void copy(TableReader source) {
        Begun begun = loose.make(this::begin);
        try {
            TableReseal.Copy copy = TableReseal.copy(source, TableWriter.NUMBER, begun.file(), begun.number());
            copies.add(new Loaded(begun.number(), copy.size(), copy.properties()));
        } catch (RuntimeException | Error e) {
            loose.delete(begun.number());
            throw e;
        }
    }

    private Begun begin(long number) {
        String name = FileNames.table(number);
        boolean done = false;
        try {
            Begun begun = new Begun(number, loose.vfs().create(name));
            done = true;
            return begun;
        } catch (IOException e) {
            throw new KvIoException("cannot create table " + name + ": " + e.getMessage(), e);
        } finally {
            if (!done) {
                loose.delete(number); // the file may be there
            }
        }
    }
}

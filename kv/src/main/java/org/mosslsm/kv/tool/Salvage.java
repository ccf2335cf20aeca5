package org.mosslsm.kv.tool;

import java.util.function.Consumer;
import org.mosslsm.kv.CorruptionException;
import org.mosslsm.kv.StoreOpenException;
import org.mosslsm.kv.lsm.entry.Trailer;
import org.mosslsm.kv.lsm.table.BlockCache;
import org.mosslsm.kv.lsm.table.TableBuilder;
import org.mosslsm.kv.lsm.table.TableOptions;
import org.mosslsm.kv.lsm.table.TableProperties;
import org.mosslsm.kv.lsm.table.TableReader;
import org.mosslsm.kv.lsm.table.TableWalk;
import org.mosslsm.kv.lsm.table.ValuePointer;
import org.mosslsm.kv.lsm.version.FileMeta;
import org.mosslsm.kv.lsm.version.FileNames;
import org.mosslsm.kv.lsm.version.Manifests;
import org.mosslsm.kv.vfs.Vfs;

/**
 * Takes what can be read out of a damaged table: the entries of all blocks that match their checksums, and the range
 * tombstones. A table whose footer, index or properties are gone yields nothing. Stateless.
 */
final class Salvage {
    private Salvage() {}

    /** How much of a table is there. */
    enum State {
        /** All of it. */
        WHOLE,
        /** All but its filter: nothing is lost, since that can be made anew. */
        NO_FILTER,
        /** Less. */
        DAMAGED
    }

    /** Whether the table is what the manifest says, every block of it, and all it points to. */
    static State look(Vfs vfs, FileMeta file, BlockCache cache, SavedValues values) {
        try (TableReader table = TableReader.open(vfs, file.name(), file.number(), file.maxSeq(), cache)) {
            table.verify();
            boolean whole = table.fileSize() == file.size()
                    && Manifests.agree(file, table.properties())
                    && values.areWhole(file.values());
            return !whole ? State.DAMAGED : table.filterDamage() == null ? State.WHOLE : State.NO_FILTER;
        } catch (CorruptionException e) {
            return State.DAMAGED;
        }
    }

    /** Writes what can be read into a new table of that number; null where there is nothing. */
    static FileMeta table(
            Vfs vfs,
            FileMeta file,
            long number,
            BlockCache cache,
            SavedValues values,
            Consumer<CorruptionException> losses) {
        try (TableReader table = TableReader.open(vfs, file.name(), file.number(), file.maxSeq(), cache);
                TableBuilder builder =
                        new TableBuilder(vfs, FileNames.table(number), number, TableOptions.LOWER, values.copies())) {
            copy(table, builder, values, losses);
            builder.setRangeTombstones(table.rangeTombstones());
            TableProperties properties = builder.finish();
            return properties.isEmpty() ? null : FileMeta.of(number, builder.fileSize(), properties);
        } catch (CorruptionException e) {
            losses.accept(e);
            return null;
        } catch (StoreOpenException e) {
            losses.accept(new CorruptionException(file.name(), -1, e.getMessage()));
            return null;
        }
    }

    /** Copies entries that ascend; one that does not is of a block that only looks whole, and is lost. */
    private static void copy(
            TableReader table, TableBuilder builder, SavedValues saved, Consumer<CorruptionException> losses) {
        TableWalk.walk(table, new TableWalk.Visitor() {
            @Override
            public void entry(byte[] key, int at, int length, long trailer, byte[] values, int valueAt, int size) {
                try {
                    boolean lost = Trailer.kind(trailer) == Trailer.POINTER
                            && !saved.has(ValuePointer.decode(values, valueAt, size));
                    if (lost) {
                        return;
                    }
                    builder.add(key, at, length, trailer, values, valueAt, size);
                } catch (IllegalArgumentException e) {
                    losses.accept(new CorruptionException(
                            table.name(), -1, Text.entry(key, at, length, trailer) + ": " + e.getMessage()));
                }
            }

            @Override
            public void damaged(CorruptionException e) {
                losses.accept(e);
            }
        });
    }
}

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
 * tombstones. A table whose footer or index is gone yields nothing; nor does one without properties that was written at
 * sequence number 0, unless the manifest knows that it joined the store, and when. Stateless.
 */
final class Salvage {
    private Salvage() {}

    /** What keeps a table from being what the manifest says, every block of it, and all it points to; null where nothing does. */
    static String whatIsWrong(Vfs vfs, FileMeta file, BlockCache cache, SavedValues values) {
        try (TableReader table = TableReader.open(vfs, file.name(), file.number(), file.maxSeq(), cache)) {
            table.verify();
            if (table.fileSize() != file.size() || !Manifests.agree(file, table.properties())) {
                return "it is not what the manifest says";
            } else if (!values.areWhole(file.values())) {
                return "it points to value files that are not whole";
            }
            return table.filterDamage() == null ? null : filterDamage(table);
        } catch (CorruptionException e) {
            return e.getMessage();
        }
    }

    /** What to say of a table that is whole but for its filter. */
    static String filterDamage(TableReader table) {
        return "its filter is damaged, and nothing else: "
                + table.filterDamage().getMessage();
    }

    /**
     * Writes what can be read into a new table; null where there is nothing. Losses are what is told to {@code losses}, and no
     * more: where properties or filter alone are damaged there is none.
     *
     * @param maxSeq of the table, by the manifest; 0 where that is lost
     * @param number of the new table
     */
    static FileMeta table(
            Vfs vfs,
            String name,
            long maxSeq,
            long number,
            BlockCache cache,
            SavedValues values,
            Consumer<CorruptionException> losses) {
        try (TableReader table = TableReader.openDamaged(vfs, name, FileNames.number(name), maxSeq, cache);
                TableBuilder builder =
                        new TableBuilder(vfs, FileNames.table(number), number, TableOptions.LOWER, values.copies())) {
            CorruptionException undeleted = table.tombstonesDamage();
            if (undeleted != null) {
                losses.accept(new CorruptionException(
                        name,
                        undeleted.offset(),
                        "its range deletes are lost, and what they hid may show again: " + undeleted.getMessage()));
            }
            copy(table, builder, values, losses);
            builder.setRangeTombstones(table.rangeTombstones());
            TableProperties properties = builder.finish();
            return properties.isEmpty() ? null : FileMeta.of(number, builder.fileSize(), properties);
        } catch (CorruptionException e) {
            losses.accept(e);
            return null;
        } catch (StoreOpenException e) {
            losses.accept(new CorruptionException(name, -1, e.getMessage()));
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

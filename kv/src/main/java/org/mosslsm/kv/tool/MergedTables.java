package org.mosslsm.kv.tool;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.mosslsm.kv.CorruptionException;
import org.mosslsm.kv.StoreOpenException;
import org.mosslsm.kv.lsm.entry.EntryCursor;
import org.mosslsm.kv.lsm.entry.EntryOrder;
import org.mosslsm.kv.lsm.entry.RangeTombstone;
import org.mosslsm.kv.lsm.entry.RangeTombstones;
import org.mosslsm.kv.lsm.entry.Trailer;
import org.mosslsm.kv.lsm.iter.MergingCursor;
import org.mosslsm.kv.lsm.table.BlockCache;
import org.mosslsm.kv.lsm.table.TableBuilder;
import org.mosslsm.kv.lsm.table.TableOptions;
import org.mosslsm.kv.lsm.table.TableProperties;
import org.mosslsm.kv.lsm.table.TableReader;
import org.mosslsm.kv.lsm.table.ValuePointer;
import org.mosslsm.kv.lsm.version.FileMeta;
import org.mosslsm.kv.lsm.version.FileNames;
import org.mosslsm.kv.lsm.version.Version;
import org.mosslsm.kv.lsm.version.VersionEdit;
import org.mosslsm.kv.vfs.RandomFile;
import org.mosslsm.kv.vfs.Vfs;

/**
 * Merges tables whose places in the levels are lost into new ones for the deepest level. Every version and every
 * tombstone is kept, so that nothing depends on which table was above which.
 *
 * <pre>
 * each table       whole: as it is; damaged: what {@link Salvage} gets out of it
 * a loaded table   (bulk load, large commit, ingest) has entries at sequence number 0, and says what they got when it joined.
 *                  One that never joined is left out, and so is an empty file. One of an older release, whose number the
 *                  manifest alone knew, gets the one above all of the tables with lower file numbers
 * merge            into tables of {@code TABLE_BYTES}; the versions of a key stay together, range tombstones are cut
 * </pre>
 *
 * Downsides: a table that a compaction had replaced, and a crash kept from being deleted, takes part; a key whose delete the
 * compaction had dropped comes back. A crash between the notes in the tables of one large commit and the manifest leaves some
 * of them noted: they take part too, unless the store was opened since, which sweeps them up. What a large commit or an
 * ingest of an older release wrote over may be in a table with a higher number, and is then taken for newer.
 */
final class MergedTables {
    private static final long TABLE_BYTES = 32 << 20;
    private static final int READ_AHEAD = 64 << 10;
    private static final byte[] FIRST_KEY = {};

    private final Vfs vfs;
    private final BlockCache cache;
    private final LongSupplier numbers;
    private final SavedValues values;
    private final Consumer<CorruptionException> losses;
    private final List<TableReader> readers = new ArrayList<>();
    private final List<VersionEdit.Added> outputs = new ArrayList<>();
    private final List<String> neverJoined = new ArrayList<>();
    private final Map<String, String> mended = new TreeMap<>();
    private RangeTombstones tombstones = RangeTombstones.NONE;

    private TableBuilder builder;
    private long number;
    private byte[] spanStart = FIRST_KEY;

    MergedTables(
            Vfs vfs, BlockCache cache, LongSupplier numbers, SavedValues values, Consumer<CorruptionException> losses) {
        this.values = values;
        this.vfs = vfs;
        this.cache = cache;
        this.numbers = numbers;
        this.losses = losses;
    }

    /** Merges the tables, given by name in the order of their numbers. */
    List<VersionEdit.Added> run(List<String> tables) throws IOException {
        try {
            long newest = 0;
            List<RangeTombstone> all = new ArrayList<>();
            for (String name : tables) {
                TableReader reader = open(name, newest + 1);
                if (reader != null) {
                    readers.add(reader);
                    all.addAll(reader.rangeTombstones().fragments());
                    newest = Math.max(newest, newestSeq(reader.properties(), newest + 1));
                }
            }
            tombstones = RangeTombstones.of(all);
            merge();
            return outputs;
        } finally {
            readers.forEach(TableReader::close);
            if (builder != null) {
                builder.close();
            }
        }
    }

    /** Tables left out, since the load or commit that wrote them never came to its end. */
    List<String> neverJoined() {
        return neverJoined;
    }

    /** What was done with damaged tables, by name; what was lost of them is told apart. */
    Map<String, String> mended() {
        return mended;
    }

    private static long newestSeq(TableProperties p, long ofOldLoad) {
        if (!p.isLoaded()) {
            return p.maxSeq();
        }
        return p.joinedSeq() == TableProperties.UNSAID ? ofOldLoad : p.joinedSeq();
    }

    /** Opens a table, or what could be saved of it; null where that is nothing. */
    private TableReader open(String name, long seqOfLoad) throws IOException {
        if (isEmpty(name)) {
            neverJoined.add(name); // a load was broken off before its first byte, or emptied the table when it failed
            losses.accept(new CorruptionException(
                    name,
                    -1,
                    "is empty, as a load leaves it that was broken off; if anything else emptied it, it is lost"));
            return null;
        }
        TableReader reader = null;
        long maxSeq = 0;
        try {
            reader = TableReader.open(vfs, name, FileNames.number(name), seqOfLoad, cache);
            if (reader.properties().joinedSeq() == TableProperties.NOT_YET) {
                reader.close();
                neverJoined.add(name);
                return null;
            }
            maxSeq = newestSeq(reader.properties(), seqOfLoad);
            reader.verify();
            if (reader.filterDamage() != null) {
                mended.put(name, "read " + name + ", and " + Salvage.filterDamage(reader));
            }
            return reader;
        } catch (CorruptionException e) {
            if (reader != null) {
                reader.close();
            }
            return saved(name, maxSeq, e);
        } catch (StoreOpenException e) {
            losses.accept(new CorruptionException(name, -1, e.getMessage()));
            return null;
        }
    }

    private TableReader saved(String name, long maxSeq, CorruptionException damage) {
        FileMeta saved = Salvage.table(vfs, name, maxSeq, numbers.getAsLong(), cache, values, losses);
        if (saved == null) {
            return null;
        }
        mended.put(
                name,
                "saved " + saved.entries() + " entries of " + name + " into " + saved.name() + ": "
                        + damage.getMessage());
        return TableReader.open(vfs, saved.name(), saved.number(), cache);
    }

    private boolean isEmpty(String name) throws IOException {
        try (RandomFile file = vfs.openRead(name)) {
            return file.size() == 0;
        }
    }

    private void merge() {
        EntryCursor[] cursors = readers.stream()
                .map(reader -> reader.sequentialCursor(READ_AHEAD))
                .toArray(EntryCursor[]::new);
        byte[] key = null;
        long trailer = 0;
        try (MergingCursor merge = new MergingCursor(cursors)) {
            for (boolean on = merge.seekFirst(); on; on = merge.next()) {
                boolean same = key != null
                        && EntryOrder.sameKey(
                                key, 0, key.length, merge.keyArray(), merge.keyOffset(), merge.keyLength());
                if (same && Trailer.seq(trailer) == Trailer.seq(merge.trailer())) {
                    continue; // in an input and an output of one compaction
                }
                if (Trailer.kind(merge.trailer()) == Trailer.POINTER && !values.has(pointer(merge))) {
                    continue; // perhaps the table a compaction made of this one knows better
                }
                if (!same) {
                    key = Arrays.copyOfRange(
                            merge.keyArray(), merge.keyOffset(), merge.keyOffset() + merge.keyLength());
                    if (builder != null
                            && (builder.estimatedBytes() >= TABLE_BYTES || builder.indexBytes() >= TABLE_BYTES)) {
                        finishSpan(key);
                    }
                }
                trailer = merge.trailer();
                if (builder == null) {
                    begin();
                }
                builder.add(key, 0, key.length, trailer, merge.valueArray(), merge.valueOffset(), merge.valueLength());
            }
        }
        finishSpan(null);
    }

    private static ValuePointer pointer(MergingCursor merge) {
        return ValuePointer.decode(merge.valueArray(), merge.valueOffset(), merge.valueLength());
    }

    private void begin() {
        number = numbers.getAsLong();
        builder = new TableBuilder(vfs, FileNames.table(number), number, TableOptions.LOWER, values.copies());
    }

    /** Ends the output before {@code end}; null is behind all keys. */
    private void finishSpan(byte[] end) {
        RangeTombstones part = tombstones.within(spanStart, end);
        if (builder == null && part.isEmpty()) {
            return;
        }
        if (builder == null) {
            begin();
        }
        builder.setRangeTombstones(part);
        TableProperties properties = builder.finish();
        outputs.add(new VersionEdit.Added(Version.LEVELS - 1, FileMeta.of(number, builder.fileSize(), properties)));
        builder = null;
        spanStart = end;
    }
}

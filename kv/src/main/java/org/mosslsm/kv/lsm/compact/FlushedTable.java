package org.mosslsm.kv.lsm.compact;

import java.util.Optional;
import org.mosslsm.kv.lsm.entry.EntryCursor;
import org.mosslsm.kv.lsm.entry.RangeTombstones;
import org.mosslsm.kv.lsm.entry.Stripes;
import org.mosslsm.kv.lsm.table.TableBuilder;
import org.mosslsm.kv.lsm.table.TableOptions;
import org.mosslsm.kv.lsm.table.TableProperties;
import org.mosslsm.kv.lsm.version.FileMeta;
import org.mosslsm.kv.lsm.version.FileNames;
import org.mosslsm.kv.lsm.version.Version;
import org.mosslsm.kv.vfs.Vfs;

/**
 * Writes a full memtable to a table, without what nobody can see any more: versions overwritten within one stripe, and
 * deletes with nothing below them. So a key that came and went between two flushes leaves no trace.
 */
public final class FlushedTable {
    private FlushedTable() {}

    /**
     * Writes the table, synced but for its directory entry.
     *
     * @param points the memtable's entries
     * @param tombstones its range tombstones, cut for {@code stripes}
     * @param below all tables that are older; null where that is not known, and all deletes must stay
     * @return empty where nothing is left to write; there is no file then
     * @throws org.mosslsm.kv.KvIoException when the disk refuses; a file may be left over
     */
    public static Optional<FileMeta> write(
            Vfs vfs,
            long number,
            TableOptions options,
            EntryCursor points,
            RangeTombstones tombstones,
            Stripes stripes,
            Version below) {
        EntryFilter filter = new EntryFilter(stripes, tombstones, below, Version.ABOVE_ALL);
        RangeTombstones carried =
                below == null ? tombstones : TombstoneCull.carried(tombstones, stripes, below, Version.ABOVE_ALL);
        boolean more = nextKept(points, points.seekFirst(), filter);
        if (!more && carried.isEmpty()) {
            return Optional.empty();
        }
        try (TableBuilder builder = new TableBuilder(vfs, FileNames.table(number), number, options)) {
            while (more) {
                builder.add(
                        points.keyArray(),
                        points.keyOffset(),
                        points.keyLength(),
                        points.trailer(),
                        points.valueArray(),
                        points.valueOffset(),
                        points.valueLength());
                more = nextKept(points, points.next(), filter);
            }
            builder.setRangeTombstones(carried);
            TableProperties properties = builder.finish();
            return Optional.of(FileMeta.of(number, builder.fileSize(), properties));
        }
    }

    private static boolean nextKept(EntryCursor points, boolean on, EntryFilter filter) {
        boolean more = on;
        while (more && !filter.keeps(points)) {
            more = points.next();
        }
        return more;
    }
}

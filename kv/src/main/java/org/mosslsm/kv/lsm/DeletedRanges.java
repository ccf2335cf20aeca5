package org.mosslsm.kv.lsm;

import java.util.List;
import org.mosslsm.kv.lsm.entry.RangeTombstone;
import org.mosslsm.kv.lsm.entry.RangeTombstones;
import org.mosslsm.kv.lsm.table.TableBuilder;
import org.mosslsm.kv.lsm.table.TableOptions;
import org.mosslsm.kv.lsm.table.TableProperties;
import org.mosslsm.kv.lsm.version.FileMeta;
import org.mosslsm.kv.lsm.version.FileNames;

/**
 * Writes the ranges that a large commit deletes to a table of their own. It is small, and written when its sequence number
 * is known, under the commit lock: a number put over a table afterwards is put over its entries only.
 */
record DeletedRanges(LooseTables loose, TableOptions options) {
    /**
     * Writes the table, synced.
     *
     * @throws org.mosslsm.kv.KvIoException when the disk refuses; nothing is left then
     */
    FileMeta write(List<RangeTombstone> ranges, long seq) {
        return loose.make(number -> write(number, ranges, seq));
    }

    private FileMeta write(long number, List<RangeTombstone> ranges, long seq) {
        boolean done = false;
        try (TableBuilder builder = new TableBuilder(loose.vfs(), FileNames.table(number), number, options)) {
            builder.setRangeTombstones(RangeTombstones.of(ranges.stream()
                    .map(range -> new RangeTombstone(range.lo(), range.hi(), seq))
                    .toList()));
            TableProperties properties = builder.finish();
            FileMeta file = FileMeta.of(number, builder.fileSize(), properties);
            done = true;
            return file;
        } finally {
            if (!done) {
                loose.delete(number);
            }
        }
    }

    /** Deletes the table again; whether it is certain that nobody takes it for true any more, not even after a power loss. */
    boolean discard(FileMeta file) {
        boolean emptied = loose.empty(file.number());
        loose.delete(file.number());
        return emptied;
    }
}

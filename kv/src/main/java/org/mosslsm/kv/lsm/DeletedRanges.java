package org.mosslsm.kv.lsm;

import java.io.IOException;
import java.util.List;
import org.mosslsm.kv.lsm.entry.RangeTombstone;
import org.mosslsm.kv.lsm.entry.RangeTombstones;
import org.mosslsm.kv.lsm.table.TableBuilder;
import org.mosslsm.kv.lsm.table.TableOptions;
import org.mosslsm.kv.lsm.table.TableProperties;
import org.mosslsm.kv.lsm.version.FileMeta;
import org.mosslsm.kv.lsm.version.FileNames;
import org.mosslsm.kv.lsm.version.VersionSet;
import org.mosslsm.kv.vfs.Vfs;

/**
 * Writes the ranges that a large commit deletes to a table of their own. It is small, and written when its sequence number
 * is known, under the commit lock: a number put over a table afterwards is put over its entries only.
 */
record DeletedRanges(Vfs vfs, VersionSet versions, TableOptions options) {
    /**
     * Writes the table, synced.
     *
     * @throws org.mosslsm.kv.KvIoException when the disk refuses; nothing is left then
     */
    FileMeta write(List<RangeTombstone> ranges, long seq) {
        long number = versions.newFileNumber();
        boolean done = false;
        try (TableBuilder builder = new TableBuilder(vfs, FileNames.table(number), number, options)) {
            builder.setRangeTombstones(RangeTombstones.of(ranges.stream()
                    .map(range -> new RangeTombstone(range.lo(), range.hi(), seq))
                    .toList()));
            TableProperties properties = builder.finish();
            FileMeta file = FileMeta.of(number, builder.fileSize(), properties);
            done = true;
            return file;
        } finally {
            if (!done) {
                delete(number);
            }
        }
    }

    /** Deletes the table again. */
    void discard(FileMeta file) {
        delete(file.number());
    }

    private void delete(long number) {
        try {
            vfs.delete(FileNames.table(number));
        } catch (IOException e) {
            // It costs room until the next open sweeps it up, and nothing else.
        }
    }
}

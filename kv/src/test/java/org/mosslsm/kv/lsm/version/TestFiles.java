package org.mosslsm.kv.lsm.version;

import java.nio.charset.StandardCharsets;
import org.mosslsm.kv.lsm.entry.Trailer;
import org.mosslsm.kv.lsm.table.Compression;
import org.mosslsm.kv.lsm.table.TableBuilder;
import org.mosslsm.kv.lsm.table.TableOptions;
import org.mosslsm.kv.lsm.table.TableProperties;
import org.mosslsm.kv.vfs.Vfs;

/** Makes files of versions: with a table behind them, or only on paper. */
final class TestFiles {
    private TestFiles() {}

    /** Meta data of a table that does not exist. */
    static FileMeta paper(long number, String smallest, String largest, long maxSeq) {
        return paper(number, smallest, largest, false, maxSeq);
    }

    /** Meta data of a table that does not exist, which may end with a range tombstone. */
    static FileMeta paper(long number, String smallest, String largest, boolean exclusive, long maxSeq) {
        return FileMeta.of(
                number,
                1000 + number,
                new TableProperties(
                        10,
                        1,
                        0,
                        100,
                        200,
                        1,
                        1,
                        maxSeq,
                        key(smallest),
                        key(largest),
                        exclusive,
                        5,
                        Compression.NONE,
                        org.mosslsm.kv.lsm.table.ValueRefs.NONE,
                        TableProperties.UNSAID,
                        org.mosslsm.kv.lsm.table.BlockCounts.NONE));
    }

    /** Writes a table of two entries. */
    static FileMeta write(Vfs vfs, long number, String smallest, String largest, long seq) {
        try (TableBuilder builder = new TableBuilder(vfs, FileNames.table(number), number, TableOptions.UPPER)) {
            builder.add(key(smallest), Trailer.of(seq, Trailer.PUT), key("v"));
            if (!smallest.equals(largest)) {
                builder.add(key(largest), Trailer.of(seq, Trailer.PUT), key("v"));
            }
            TableProperties properties = builder.finish();
            return FileMeta.of(number, builder.fileSize(), properties);
        }
    }

    static byte[] key(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}

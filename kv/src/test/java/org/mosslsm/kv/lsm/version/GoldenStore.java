package org.mosslsm.kv.lsm.version;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.mosslsm.kv.WriteBatch;
import org.mosslsm.kv.lsm.entry.RangeTombstone;
import org.mosslsm.kv.lsm.entry.RangeTombstones;
import org.mosslsm.kv.lsm.entry.Trailer;
import org.mosslsm.kv.lsm.table.BlockCache;
import org.mosslsm.kv.lsm.table.Compression;
import org.mosslsm.kv.lsm.table.TableBuilder;
import org.mosslsm.kv.lsm.table.TableOptions;
import org.mosslsm.kv.lsm.table.TableProperties;
import org.mosslsm.kv.lsm.wal.LogWriter;
import org.mosslsm.kv.vfs.OsVfs;
import org.mosslsm.kv.vfs.Vfs;

/**
 * The golden files: a small store that shows every structure of the format, written once a format version and committed.
 * What it holds is said here in code, so that the test which reads the files needs no second description.
 *
 * <p>To write the files of a new format version, run {@code main} with the directory to fill; never run it over files that
 * are committed already.
 */
final class GoldenStore {
    /** Keys 0, 2, 4 ... of this many are in the deep table; every third of them has two versions. */
    static final int DEEP_KEYS = 300;

    /** Keys of the young table: 100, 101, ... */
    static final int YOUNG_KEYS = 40;

    static final long DEEP_SEQ = 1000;
    static final long YOUNG_SEQ = 5000;
    static final long LOG_SEQ = 6000;

    /** In the young table: deletes what the deep one holds of keys 10 to 50. */
    static final RangeTombstones TOMBSTONES = RangeTombstones.of(List.of(
            new RangeTombstone(key(10), key(50), YOUNG_SEQ + 100),
            new RangeTombstone(key(30), key(40), YOUNG_SEQ + 200)));

    private GoldenStore() {}

    /** Writes the store into an empty directory. */
    public static void main(String[] args) throws IOException {
        Path directory = Files.createDirectories(Path.of(args[0]));
        Vfs vfs = new OsVfs(directory);
        try (VersionSet set = VersionSet.open(vfs, new BlockCache(1 << 20))) {
            FileMeta deep = writeDeep(vfs, set.newFileNumber());
            set.apply(new VersionEdit().add(0, deep));
            FileMeta young = writeYoung(vfs, set.newFileNumber());
            long log = set.newFileNumber();
            writeLog(vfs, log);
            set.apply(
                    new VersionEdit().remove(0, deep).add(6, deep).add(0, young).logNumber(log));
        }
    }

    static byte[] key(int i) {
        return String.format(Locale.ROOT, "key/%06d", i).getBytes(StandardCharsets.UTF_8);
    }

    static byte[] value(int i, long seq) {
        return ("value " + i + " at " + seq + ", with some text that compresses, compresses, compresses")
                .getBytes(StandardCharsets.UTF_8);
    }

    /** Compressed, several blocks, two versions of some keys, deletes, no range tombstones. */
    private static FileMeta writeDeep(Vfs vfs, long number) {
        TableOptions options = new TableOptions(1024, Compression.LZ4, 10, 8);
        try (TableBuilder builder = new TableBuilder(vfs, FileNames.table(number), number, options)) {
            for (int i = 0; i < DEEP_KEYS; i += 2) {
                if (i % 3 == 0) {
                    long trailer = Trailer.of(DEEP_SEQ + 2L * i + 1, i % 4 == 0 ? Trailer.DELETE : Trailer.PUT);
                    builder.add(key(i), trailer, i % 4 == 0 ? new byte[0] : value(i, DEEP_SEQ + 2L * i + 1));
                }
                builder.add(key(i), Trailer.of(DEEP_SEQ + 2L * i, Trailer.PUT), value(i, DEEP_SEQ + 2L * i));
            }
            TableProperties properties = builder.finish();
            return FileMeta.of(number, builder.fileSize(), properties);
        }
    }

    /** Not compressed, one block, range tombstones. */
    private static FileMeta writeYoung(Vfs vfs, long number) {
        try (TableBuilder builder = new TableBuilder(vfs, FileNames.table(number), number, TableOptions.UPPER)) {
            for (int i = 100; i < 100 + YOUNG_KEYS; i++) {
                builder.add(key(i), Trailer.of(YOUNG_SEQ + i, Trailer.PUT), new byte[] {(byte) i});
            }
            builder.setRangeTombstones(TOMBSTONES);
            TableProperties properties = builder.finish();
            return FileMeta.of(number, builder.fileSize(), properties);
        }
    }

    /** Three commits; the second spans two blocks of the log. */
    private static void writeLog(Vfs vfs, long number) throws IOException {
        LogWriter log = LogWriter.create(vfs, FileNames.wal(number), number);
        for (WriteBatch batch : batches()) {
            log.append(batch.array(), 0, batch.byteSize());
        }
        log.finish();
    }

    /** The commits of the log, numbered. */
    static List<WriteBatch> batches() {
        WriteBatch first = new WriteBatch().put(key(500), value(500, LOG_SEQ)).delete(key(501));
        first.seal(LOG_SEQ);
        WriteBatch second = new WriteBatch().put(key(502), new byte[40_000]);
        second.seal(LOG_SEQ + 2);
        WriteBatch third = new WriteBatch().deleteRange(key(500), key(502)).put(new byte[0], new byte[0]);
        third.seal(LOG_SEQ + 3);
        return List.of(first, second, third);
    }
}

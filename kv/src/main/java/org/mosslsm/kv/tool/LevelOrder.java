package org.mosslsm.kv.tool;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.mosslsm.kv.CorruptionException;
import org.mosslsm.kv.lsm.entry.EntryOrder;
import org.mosslsm.kv.lsm.entry.Trailer;
import org.mosslsm.kv.lsm.table.BlockCache;
import org.mosslsm.kv.lsm.table.TableCursor;
import org.mosslsm.kv.lsm.table.TableReader;
import org.mosslsm.kv.lsm.version.VersionEdit;
import org.mosslsm.kv.vfs.Vfs;

/**
 * Checks what a read relies on when it stops at the first table that has its key: for every key, all entries of an
 * earlier table in the order of search are newer than those of a later one.
 *
 * <pre>
 * rank 0      newest table of level 0                a@90        c@88
 * rank 1      next table of level 0                  a@70   b@71
 * ...
 * rank n      the tables of level 1, and so on       a@12   b@80       c@3
 *                                                           ^ wrong: older above newer
 * </pre>
 *
 * All tables are walked together, in key order, each once.
 */
final class LevelOrder {
    private static final int READ_AHEAD = 64 << 10;

    /** One table on its way. */
    private static final class Source {
        final String name;
        final TableReader reader;
        final TableCursor cursor;

        Source(Vfs vfs, VersionEdit.Added added, BlockCache cache) {
            name = added.file().name();
            reader = TableReader.open(
                    vfs, name, added.file().number(), added.file().maxSeq(), cache);
            cursor = reader.sequentialCursor(READ_AHEAD);
            cursor.seekFirst();
        }

        void close() {
            cursor.close();
            reader.close();
        }
    }

    private final Vfs vfs;
    private final List<VersionEdit.Added> tables;
    private final BlockCache cache;
    private final Consumer<Finding> findings;

    /** @param tables in the order of search: level by level, level 0 newest first */
    LevelOrder(Vfs vfs, List<VersionEdit.Added> tables, BlockCache cache, Consumer<Finding> findings) {
        this.vfs = vfs;
        this.tables = tables;
        this.cache = cache;
        this.findings = findings;
    }

    void check() {
        List<Source> sources = new ArrayList<>();
        try {
            for (VersionEdit.Added added : tables) {
                sources.add(new Source(vfs, added, cache));
            }
            while (checkKey(sources)) {
                // on to the next key
            }
        } catch (CorruptionException e) {
            findings.accept(Finding.of(e));
        } finally {
            sources.forEach(Source::close);
        }
    }

    /** Checks the least key that any table stands on, and moves all behind it; false where there is none. */
    private boolean checkKey(List<Source> sources) {
        Source least = null;
        for (Source source : sources) {
            if (source.cursor.valid() && (least == null || compare(source.cursor, least.cursor) < 0)) {
                least = source;
            }
        }
        if (least == null) {
            return false;
        }
        byte[] key = Arrays.copyOfRange(
                least.cursor.keyArray(), least.cursor.keyOffset(), least.cursor.keyOffset() + least.cursor.keyLength());
        long bound = Long.MAX_VALUE; // all that comes must be older
        Source above = null;
        for (Source source : sources) {
            long oldest = bound;
            boolean first = true;
            for (TableCursor c = source.cursor; c.valid() && isAt(c, key); c.next()) {
                long seq = Trailer.seq(c.trailer());
                if (first && seq >= bound) {
                    findings.accept(new Finding(
                            source.name,
                            -1,
                            Text.bytes(key) + " is there with sequence number " + seq + ", and above it " + above.name
                                    + " has an older one, " + bound));
                }
                first = false;
                oldest = Math.min(oldest, seq);
            }
            if (oldest < bound) {
                bound = oldest;
                above = source;
            }
        }
        return true;
    }

    private static int compare(TableCursor a, TableCursor b) {
        return EntryOrder.compareKeys(
                a.keyArray(), a.keyOffset(), a.keyLength(), b.keyArray(), b.keyOffset(), b.keyLength());
    }

    private static boolean isAt(TableCursor c, byte[] key) {
        return EntryOrder.sameKey(c.keyArray(), c.keyOffset(), c.keyLength(), key, 0, key.length);
    }
}

package org.mosslsm.kv.lsm.compact;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.mosslsm.kv.lsm.entry.EntryCursor;
import org.mosslsm.kv.lsm.entry.EntryOrder;
import org.mosslsm.kv.lsm.version.FileMeta;
import org.mosslsm.kv.lsm.version.Version;

/**
 * Where a flush is cut into several tables, so that those of several flushes lie upon each other in stacks ({@link Level0}),
 * each of which can be merged for itself.
 *
 * <pre>
 * level 0   |  flush 2  |   flush 2     |
 *           |  flush 1  |   flush 1     |
 * below     |    A    |     B     |C| D |     at B and D, not at C: a part should not be small
 * </pre>
 *
 * <p>A cut that goes through no table of level 0 is firm: there two stacks end. It comes before others, because a table over a firm cut
 * makes one stack of two. Immutable.
 *
 * @param keys ascending; a table may end before each of them
 * @param tableBytes usual size of a table
 */
public record FlushCuts(List<byte[]> keys, long tableBytes) {
    /** One table. */
    public static final FlushCuts NONE = new FlushCuts(List.of(), Long.MAX_VALUE);

    /** A table that is cut off has so much of the usual size at least, and the rest too: one in so many bytes. */
    private static final int LEAST_TABLE = 16;

    /** What lies below a part that begins or ends at a firm cut, at least: one in so many bytes of a usual table. */
    private static final int LEAST_FIRM = 4;

    /** What lies below a part that begins or ends elsewhere, at least: one in so many bytes of a usual table. */
    private static final int LEAST_LOOSE = 2;

    /** Copies the list. */
    public FlushCuts {
        keys = List.copyOf(keys);
    }

    /** Cuts where tables of the level begin that level 0 is merged into. */
    public static FlushCuts of(Version version, LevelShape shape) {
        List<FileMeta> below = version.files(version.base());
        boolean[] firm = new boolean[below.size() + 1];
        firm[below.size()] = true;
        for (int i = 1; i < below.size(); i++) {
            firm[i] = isFirm(version.files(0), below.get(i).smallest());
        }
        List<byte[]> keys = new ArrayList<>();
        long since = 0;
        for (int i = 0; i < below.size(); i++) {
            boolean cut = i > 0
                    && (firm[i]
                            ? since >= shape.tableBytes() / LEAST_FIRM
                            : since >= shape.tableBytes() / LEAST_LOOSE
                                    && bytesToNextFirm(below, firm, i) >= shape.tableBytes() / LEAST_LOOSE);
            if (cut) {
                keys.add(below.get(i).smallest());
                since = 0;
            }
            since += below.get(i).size();
        }
        return new FlushCuts(keys, shape.tableBytes());
    }

    private static boolean isFirm(List<FileMeta> level0, byte[] key) {
        return level0.stream()
                .allMatch(f -> f.endsBefore(key, 0, key.length) || Arrays.compareUnsigned(f.smallest(), key) >= 0);
    }

    private static long bytesToNextFirm(List<FileMeta> below, boolean[] firm, int from) {
        long bytes = below.get(from).size();
        for (int i = from + 1; !firm[i]; i++) {
            bytes += below.get(i).size();
        }
        return bytes;
    }

    /** Begins to cut entries, of which there are {@code count}. */
    Cutter cutter(long count) {
        return new Cutter(count);
    }

    /** Goes along with a flush. Thread safety: none. */
    final class Cutter {
        private final long count;
        private int next;
        private long passed;

        /** Entries passed when the table at hand was begun. */
        private long begun;

        private Cutter(long count) {
            this.count = count;
        }

        /** An entry was met, whether or not it is written. */
        void pass() {
            passed++;
        }

        /** Whether the table at hand, of so many bytes, ends before the entry: one or more cuts lie between. */
        boolean endsBefore(EntryCursor points, long bytes) {
            boolean cut = false;
            while (next < keys.size() && isBy(keys.get(next), points)) {
                cut = true;
                next++;
            }
            double each = bytes / (double) Math.max(1, passed - begun);
            long least = tableBytes / LEAST_TABLE;
            if (!cut || bytes < least || (count - passed) * each < least) {
                return false;
            }
            begun = passed;
            return true;
        }

        private static boolean isBy(byte[] key, EntryCursor points) {
            return EntryOrder.compareKeys(key, 0, key.length, points.keyArray(), points.keyOffset(), points.keyLength())
                    <= 0;
        }
    }
}

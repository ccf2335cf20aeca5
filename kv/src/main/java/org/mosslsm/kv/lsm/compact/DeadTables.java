package org.mosslsm.kv.lsm.compact;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.mosslsm.kv.lsm.entry.RangeTombstones;
import org.mosslsm.kv.lsm.table.TableReader;
import org.mosslsm.kv.lsm.version.FileMeta;
import org.mosslsm.kv.lsm.version.TableCache;
import org.mosslsm.kv.lsm.version.Version;

/**
 * Finds tables that can be dropped unread, so that a range delete of whole tables costs what the number of files costs.
 *
 * <pre>
 * covered   the range tombstones of another table cover it from end to end
 * spent     it holds deletes only, and nothing that they could hide is left below it
 * </pre>
 *
 * <p>Dropping a covered table is sound, because (1) every reader reads at the oldest snapshot or later, and so sees the
 * tombstones; (2) they are newer than all the table holds, its deletes included, so that what those hide further down stays
 * hidden; (3) the tombstones themselves go only with a compaction below whose output nothing is left, and until then stay in
 * some table.
 */
public final class DeadTables {
    private DeadTables() {}

    /** A table nobody sees anything of, and its level. */
    public record Dead(int level, FileMeta file) {}

    /**
     * The tables that are covered or spent; those not that a table covers which cannot be read.
     *
     * @param oldestSnapshot the oldest version that anyone reads or can still come to read
     * @param free which tables may be taken
     */
    public static List<Dead> find(Version version, TableCache tables, long oldestSnapshot, Predicate<FileMeta> free) {
        List<Dead> found = new ArrayList<>();
        for (FileMeta source : version.allFiles()) {
            if (source.rangeDeletes() > 0 && source.minSeq() <= oldestSnapshot) {
                RangeTombstones tombstones = tables.weigh(source, TableReader::rangeTombstones, RangeTombstones.NONE);
                for (int level = 0; level < Version.LEVELS && tombstones.boundCount() > 0; level++) {
                    addDead(found, version, level, tombstones, oldestSnapshot, free);
                }
            }
        }
        for (int level = 0; level < Version.LEVELS; level++) {
            addSpent(found, version, level, oldestSnapshot, free);
        }
        return found.stream().distinct().toList();
    }

    private static void addDead(
            List<Dead> found,
            Version version,
            int level,
            RangeTombstones tombstones,
            long oldestSnapshot,
            Predicate<FileMeta> free) {
        FileMeta[] files = version.array(level);
        byte[] lo = tombstones.bound(0);
        byte[] hi = tombstones.bound(tombstones.boundCount() - 1);
        int first = level == 0 ? 0 : version.indexOf(level, lo, 0, lo.length);
        for (int i = first; i < files.length && (level == 0 || files[i].overlaps(lo, hi)); i++) {
            FileMeta file = files[i];
            boolean covered = tombstones.coversAll(
                    file.smallest(), file.largest(), !file.largestExclusive(), file.maxSeq(), oldestSnapshot);
            if (covered && free.test(file)) {
                found.add(new Dead(level, file));
            }
        }
    }

    private static void addSpent(
            List<Dead> found, Version version, int level, long oldestSnapshot, Predicate<FileMeta> free) {
        FileMeta[] files = version.array(level);
        for (int i = 0; i < files.length; i++) {
            FileMeta file = files[i];
            boolean onlyDeletes = file.entries() == file.deletes() && file.maxSeq() <= oldestSnapshot;
            if (onlyDeletes && free.test(file) && !anythingBelow(version, level, i)) {
                found.add(new Dead(level, file));
            }
        }
    }

    /** Whether older tables share keys with table {@code i} of the level. */
    private static boolean anythingBelow(Version version, int level, int i) {
        FileMeta[] files = version.array(level);
        for (int older = i + 1; level == 0 && older < files.length; older++) {
            if (files[older].overlaps(files[i])) {
                return true;
            }
        }
        Compaction.KeySpan span = Compaction.KeySpan.of(List.of(files[i]));
        return version.mayBeBelow(level, span.lo(), span.hi());
    }
}

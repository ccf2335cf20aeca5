package org.mosslsm.kv.lsm.compact;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.mosslsm.kv.lsm.entry.RangeTombstones;
import org.mosslsm.kv.lsm.table.TableReader;
import org.mosslsm.kv.lsm.version.FileMeta;
import org.mosslsm.kv.lsm.version.TableCache;
import org.mosslsm.kv.lsm.version.Version;

/**
 * How much of the tables range tombstones hide: what merging them down would free. Estimated from the indexes of the tables,
 * never too high but for tables whose bounds alone are known to lie in a range; parts of blocks are not counted.
 *
 * @param entries versions and deletes counted like entries
 * @param bytes of tables
 */
public record HiddenEntries(long entries, long bytes) {
    /** Nothing. */
    public static final HiddenEntries NONE = new HiddenEntries(0, 0);

    /**
     * What {@code tombstones} hide in tables that are older through and through, of level 0 and of the level it is merged into:
     * a merge frees nothing deeper down. Tables are opened for it; one that cannot be read counts nothing.
     */
    public static HiddenEntries by(RangeTombstones tombstones, Version version, TableCache tables) {
        long entries = 0;
        long bytes = 0;
        for (int i = 0; i + 1 < tombstones.boundCount(); i++) {
            if (tombstones.seqs(i).length == 0) {
                continue;
            }
            long seq = tombstones.seqs(i)[0];
            byte[] lo = tombstones.bound(i);
            byte[] hi = tombstones.bound(i + 1);
            for (int level = 0; level <= version.base(); level++) {
                FileMeta[] files = version.array(level);
                int first = level == 0 ? 0 : version.indexOf(level, lo, 0, lo.length);
                for (int f = first; f < files.length && (level == 0 || files[f].overlaps(lo, hi)); f++) {
                    FileMeta file = files[f];
                    if (file.maxSeq() < seq && file.overlaps(lo, hi)) {
                        long inside = bytesWithin(file, lo, hi, tables);
                        bytes += inside;
                        entries += (long) ((double) file.entries() * inside / file.size());
                    }
                }
            }
        }
        return new HiddenEntries(entries, bytes);
    }

    private static long bytesWithin(FileMeta file, byte[] lo, byte[] hi, TableCache tables) {
        boolean whole =
                Arrays.compareUnsigned(lo, file.smallest()) <= 0 && Arrays.compareUnsigned(file.largest(), hi) < 0;
        return whole ? file.size() : tables.weigh(file, table -> table.bytesWithin(lo, hi), 0L);
    }

    /** What the range tombstones in level 0 hide; of those tables only that {@code oldestSnapshot} sees all of. */
    public static HiddenEntries byLevel0(Version version, TableCache tables, long oldestSnapshot) {
        List<FileMeta> sources = version.files(0).stream()
                .filter(f -> f.rangeDeletes() > 0 && f.maxSeq() <= oldestSnapshot)
                .toList();
        if (sources.isEmpty()) {
            return NONE;
        }
        return by(tombstonesOf(sources, tables), version, tables);
    }

    /** The range tombstones of tables, but for those that cannot be read, as those of one. */
    public static RangeTombstones tombstonesOf(List<FileMeta> files, TableCache tables) {
        return union(
                files.stream().map(file -> tables.weigh(file, TableReader::rangeTombstones, RangeTombstones.NONE)));
    }

    /** Several sources' tombstones as those of one. */
    public static RangeTombstones union(Stream<RangeTombstones> sources) {
        return RangeTombstones.of(sources.flatMap(s -> s.fragments().stream()).toList());
    }
}

package org.mosslsm.kv.lsm.version;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/**
 * The tables of a store at one moment, level by level.
 *
 * <p>Invariants:
 *
 * <ol>
 *   <li>Level 0 is ordered newest first: by greatest sequence number, then by file number, descending. Its tables may
 *       overlap.
 *   <li>Every deeper level is ordered by key, and its tables do not overlap.
 *   <li>For one user key, entries of a lower level are newer than those of a deeper one; in level 0 those of an earlier
 *       table in the list.
 *   <li>The tables never change. The reference count starts at 1, the version set's own while the version is current;
 *       once it is 0 it stays 0, and files no other live version holds are deleted.
 * </ol>
 *
 * <p>Thread safety: immutable but for the atomic reference count. A point read may use the current version without a
 * reference: it then meets {@link org.mosslsm.kv.lsm.table.TableClosedException} when a table died meanwhile, and starts
 * over on the new current version. Cursors, compactions and checkpoints take a reference.
 */
public final class Version {
    /** The place above level 0, where memtables are: everything is below it. */
    public static final int ABOVE_ALL = -1;

    /** Levels 0 to 6. */
    public static final int LEVELS = 7;

    private static final FileMeta[] NONE = {};

    private static final Comparator<FileMeta> NEWEST_FIRST = Comparator.comparingLong(FileMeta::maxSeq)
            .thenComparingLong(FileMeta::number)
            .reversed();
    private static final Comparator<FileMeta> BY_KEY = (a, b) -> Arrays.compareUnsigned(a.smallest(), b.smallest());

    private final VersionSet owner;
    private final List<List<FileMeta>> levels;

    /** The same as {@link #levels}, for loops of point reads. */
    private final FileMeta[][] arrays;

    private final FileMeta[][] level0Runs;
    private final boolean hasRangeDeletes;
    private final ValueUse values;

    private final AtomicInteger references = new AtomicInteger(1);

    private Version(VersionSet owner, List<List<FileMeta>> levels, FileMeta[][] level0Runs, ValueUse values) {
        this.owner = owner;
        this.level0Runs = level0Runs;
        this.values = values;
        this.levels = levels;
        this.arrays = levels.stream().map(l -> l.toArray(FileMeta[]::new)).toArray(FileMeta[][]::new);
        this.hasRangeDeletes = levels.stream().flatMap(List::stream).anyMatch(f -> f.rangeDeletes() > 0);
    }

    static Version empty(VersionSet owner) {
        List<List<FileMeta>> none = new ArrayList<>();
        for (int level = 0; level < LEVELS; level++) {
            none.add(List.of());
        }
        return new Version(owner, List.copyOf(none), Level0Runs.NONE, ValueUse.NONE);
    }

    /**
     * The version after an edit.
     *
     * @throws IllegalStateException when the edit does not fit: it removes a table that is not there, adds one twice,
     *     tables of a level would overlap, or a table points to a value file that is not there
     */
    Version apply(VersionEdit edit) {
        List<List<FileMeta>> next = new ArrayList<>();
        for (int level = 0; level < LEVELS; level++) {
            next.add(touches(edit, level) ? applied(edit, level) : levels.get(level));
        }
        FileMeta[][] runs = touches(edit, 0) ? Level0Runs.of(next.get(0)) : level0Runs;
        return new Version(owner, List.copyOf(next), runs, valuesAfter(edit, next));
    }

    private ValueUse valuesAfter(VersionEdit edit, List<List<FileMeta>> next) {
        if (values.isEmpty() && edit.formatVersion() == VersionEdit.FIRST_VERSION) {
            return ValueUse.NONE;
        }
        Map<Long, ValueFileMeta> known = values.byNumber();
        edit.valueFiles().forEach(file -> known.put(file.number(), file));
        List<FileMeta> tables = new ArrayList<>();
        next.forEach(tables::addAll);
        return ValueUse.of(tables, known);
    }

    private static boolean touches(VersionEdit edit, int level) {
        return edit.removed().stream().anyMatch(r -> r.level() == level)
                || edit.added().stream().anyMatch(a -> a.level() == level);
    }

    private List<FileMeta> applied(VersionEdit edit, int level) {
        List<FileMeta> files = new ArrayList<>(levels.get(level));
        for (VersionEdit.Removed r : edit.removed()) {
            if (r.level() == level && !files.removeIf(f -> f.number() == r.number())) {
                throw new IllegalStateException(
                        FileNames.table(r.number()) + " is to leave level " + level + " but is not there");
            }
        }
        for (VersionEdit.Added a : edit.added()) {
            if (a.level() == level) {
                if (files.stream().anyMatch(f -> f.number() == a.file().number())) {
                    throw new IllegalStateException(a.file().name() + " is in level " + level + " already");
                }
                files.add(a.file());
            }
        }
        files.sort(level == 0 ? NEWEST_FIRST : BY_KEY);
        for (int i = 1; level > 0 && i < files.size(); i++) {
            if (files.get(i - 1).overlaps(files.get(i))) {
                throw new IllegalStateException(
                        "in level " + level + ", " + files.get(i - 1) + " overlaps " + files.get(i));
            }
        }
        return List.copyOf(files);
    }

    /** Tables of a level, in its order; an immutable list. */
    public List<FileMeta> files(int level) {
        return levels.get(level);
    }

    /** As {@link #files}, as an array that must not be changed: for the loops of point reads. */
    public FileMeta[] array(int level) {
        return arrays[level];
    }

    /**
     * The tables of level 0 as runs, in each of which keys ascend and no two tables overlap; of two tables that overlap, the
     * newer one is in an earlier run. The arrays must not be changed.
     */
    public FileMeta[][] level0Runs() {
        return level0Runs;
    }

    /** All tables, level by level. */
    public List<FileMeta> allFiles() {
        List<FileMeta> all = new ArrayList<>();
        levels.forEach(all::addAll);
        return all;
    }

    /** Whether any table has range tombstones. */
    public boolean hasRangeDeletes() {
        return hasRangeDeletes;
    }

    /** The value files, and what lives in them. */
    public ValueUse values() {
        return values;
    }

    /** Bytes of a level's files. */
    public long bytes(int level) {
        return levels.get(level).stream().mapToLong(FileMeta::size).sum();
    }

    /** The deepest level that has tables; 0 when there are none. */
    public int deepestLevel() {
        for (int level = LEVELS - 1; level > 0; level--) {
            if (arrays[level].length > 0) {
                return level;
            }
        }
        return 0;
    }

    /** The level that level 0 is merged into: the first one below it that has tables, else the last. */
    public int base() {
        int base = 1;
        while (base < LEVELS - 1 && arrays[base].length == 0) {
            base++;
        }
        return base;
    }

    /** Entries of level 0 and of the level it is merged into. */
    public long entriesToMerge() {
        return Stream.of(arrays[0], arrays[base()])
                .flatMap(Arrays::stream)
                .mapToLong(FileMeta::entries)
                .sum();
    }

    /** Index in a level below 0 of the first table that does not lie wholly before the key; the size where all do. */
    public int indexOf(int level, byte[] key, int offset, int length) {
        FileMeta[] files = arrays[level];
        return FileMeta.firstNotBefore(files, 0, files.length, key, offset, length);
    }

    /** The one table of a level below 0 whose bounds hold the key, or null. */
    public FileMeta find(int level, byte[] key, int offset, int length) {
        return find(arrays[level], key, offset, length);
    }

    /** The one table of several in key order, which do not overlap, whose bounds hold the key, or null. */
    public static FileMeta find(FileMeta[] files, byte[] key, int offset, int length) {
        int i = FileMeta.firstNotBefore(files, 0, files.length, key, offset, length);
        return i < files.length && !files[i].startsAfter(key, offset, length) ? files[i] : null;
    }

    /** Tables of a level with keys in {@code [lo, hi)}, in the level's order; {@code hi} null means without end. */
    public List<FileMeta> overlapping(int level, byte[] lo, byte[] hi) {
        return levels.get(level).stream().filter(f -> f.overlaps(lo, hi)).toList();
    }

    /** Tables of a level that share keys with {@code file}, in the level's order; itself too where it is in the level. */
    public List<FileMeta> overlapping(int level, FileMeta file) {
        return levels.get(level).stream().filter(f -> f.overlaps(file)).toList();
    }

    /** Bytes of the tables of a level below 0 that share keys with {@code file}. */
    public long overlappingBytes(int level, FileMeta file) {
        FileMeta[] files = arrays[level];
        long bytes = 0;
        for (int i = indexOf(level, file.smallest(), 0, file.smallest().length);
                i < files.length && files[i].overlaps(file);
                i++) {
            bytes += files[i].size();
        }
        return bytes;
    }

    /**
     * Whether some table of a level deeper than {@code level}, or of any for {@link #ABOVE_ALL}, may hold the key: if not, a
     * delete of it may be dropped.
     */
    public boolean mayBeBelow(int level, byte[] key, int offset, int length) {
        for (FileMeta file : level == ABOVE_ALL ? arrays[0] : NONE) {
            if (file.covers(key, offset, length)) {
                return true;
            }
        }
        for (int deeper = Math.max(0, level) + 1; deeper < LEVELS; deeper++) {
            if (find(deeper, key, offset, length) != null) {
                return true;
            }
        }
        return false;
    }

    /** Whether some table of a level deeper than {@code level}, or of any, has keys in {@code [lo, hi)}. */
    public boolean mayBeBelow(int level, byte[] lo, byte[] hi) {
        for (FileMeta file : level == ABOVE_ALL ? arrays[0] : NONE) {
            if (file.overlaps(lo, hi)) {
                return true;
            }
        }
        for (int deeper = Math.max(0, level) + 1; deeper < LEVELS; deeper++) {
            int i = indexOf(deeper, lo, 0, lo.length);
            if (i < arrays[deeper].length && arrays[deeper][i].overlaps(lo, hi)) {
                return true;
            }
        }
        return false;
    }

    /**
     * Takes a reference, which keeps the files of this version on disk and open until {@link #release}.
     *
     * @return false when the version is dead already; the caller then starts over with the current one
     */
    public boolean tryReference() {
        int count = references.get();
        while (count > 0) {
            if (references.compareAndSet(count, count + 1)) {
                return true;
            }
            count = references.get();
        }
        return false;
    }

    /** Gives a reference back; files nobody holds any more are deleted, in the calling thread. */
    public void release() {
        int left = references.decrementAndGet();
        assert left >= 0 : "version released once too often";
        if (left == 0 && owner != null) {
            owner.died(this);
        }
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("version");
        for (int level = 0; level < LEVELS; level++) {
            for (FileMeta file : arrays[level]) {
                text.append("\n  L").append(level).append(' ').append(file);
            }
        }
        return text.toString();
    }
}

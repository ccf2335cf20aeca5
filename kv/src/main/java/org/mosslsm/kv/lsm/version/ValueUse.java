package org.mosslsm.kv.lsm.version;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.mosslsm.kv.lsm.table.ValueRefs;

/**
 * The value files of a version, and how much of each lives: the sums of what the tables point to. So it is right whatever
 * became of tables: merged, moved, dropped unread.
 *
 * <p>Invariant: exactly the files that some table points to are here. Immutable.
 */
public final class ValueUse {
    static final ValueUse NONE = new ValueUse(new TreeMap<>());

    /**
     * A value file and what lives in it.
     *
     * @param file the file
     * @param values pointers to it
     * @param bytes bytes of the records pointed to
     */
    public record Used(ValueFileMeta file, long values, long bytes) {
        /** Bytes of records that nobody needs. */
        public long garbage() {
            return file.recordBytes() - bytes;
        }
    }

    /** Sorted by number. */
    private final Map<Long, Used> files;

    private ValueUse(Map<Long, Used> files) {
        this.files = files;
    }

    /**
     * The files of {@code known} that {@code tables} point to.
     *
     * @throws IllegalStateException when they point to a file that is not known, or to more than it has
     */
    static ValueUse of(Collection<FileMeta> tables, Map<Long, ValueFileMeta> known) {
        TreeMap<Long, long[]> sums = new TreeMap<>();
        for (FileMeta table : tables) {
            ValueRefs refs = table.values();
            for (int i = 0; i < refs.count(); i++) {
                long[] sum = sums.computeIfAbsent(refs.file(i), file -> new long[2]);
                sum[0] += refs.values(i);
                sum[1] += refs.bytes(i);
            }
        }
        if (sums.isEmpty()) {
            return NONE;
        }
        TreeMap<Long, Used> files = new TreeMap<>();
        sums.forEach((number, sum) -> {
            ValueFileMeta file = known.get(number);
            if (file == null) {
                throw new IllegalStateException("tables point to " + FileNames.values(number) + ", which is not there");
            }
            if (sum[0] > file.values() || sum[1] > file.recordBytes()) {
                throw new IllegalStateException(
                        "tables point to " + sum[0] + " values of " + sum[1] + " bytes in " + file);
            }
            files.put(number, new Used(file, sum[0], sum[1]));
        });
        return new ValueUse(files);
    }

    /** The files, by number. */
    Map<Long, ValueFileMeta> byNumber() {
        Map<Long, ValueFileMeta> metas = new TreeMap<>();
        files.forEach((number, used) -> metas.put(number, used.file()));
        return metas;
    }

    /** The files and what lives in them, by number. */
    public List<Used> files() {
        return List.copyOf(files.values());
    }

    /** The files alone, by number. */
    public List<ValueFileMeta> metas() {
        List<ValueFileMeta> metas = new ArrayList<>();
        files.values().forEach(used -> metas.add(used.file()));
        return metas;
    }

    /** What is used of the file of that number; null where it is none of these. */
    public Used of(long number) {
        return files.get(number);
    }

    /** Whether there are no value files. */
    public boolean isEmpty() {
        return files.isEmpty();
    }

    /** Bytes of all records, garbage included. */
    public long recordBytes() {
        return files.values().stream()
                .mapToLong(used -> used.file().recordBytes())
                .sum();
    }

    /** Bytes of the files, garbage included. */
    public long bytes() {
        return files.values().stream().mapToLong(used -> used.file().size()).sum();
    }

    /** Bytes of records that nobody needs. */
    public long garbage() {
        return files.values().stream().mapToLong(Used::garbage).sum();
    }
}

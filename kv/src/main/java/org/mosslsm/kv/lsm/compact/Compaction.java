package org.mosslsm.kv.lsm.compact;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.mosslsm.kv.lsm.version.FileMeta;
import org.mosslsm.kv.lsm.version.Version;

/**
 * A merge worth doing: tables of one level together with those of the level they go to that share keys with them.
 *
 * <p>Invariants: (1) No table of {@code level} that is not an input shares keys with an input; where level 0 is merged in
 * its place, none that is not an input is newer than one input and older than another. (2) All tables of {@code
 * outputLevel} that have keys between the least and the greatest key of the inputs are {@code overlapped}. So for every
 * key of the inputs all that is older lies in the inputs or deeper than {@code outputLevel}.
 *
 * @param level the level the inputs are in
 * @param outputLevel the level the outputs go to; deeper than {@code level}, or the same to rewrite tables where they are
 * @param inputs tables of {@code level}, at least one
 * @param overlapped tables of {@code outputLevel}, in key order
 * @param grandparents tables of the level below {@code outputLevel} that share keys with the merge, in key order
 * @param reason why, for the log and the figures
 */
public record Compaction(
        int level,
        int outputLevel,
        List<FileMeta> inputs,
        List<FileMeta> overlapped,
        List<FileMeta> grandparents,
        Reason reason) {
    /** Why tables are merged. */
    public enum Reason {
        /** Level 0 has too many tables. */
        LEVEL0_TABLES,
        /** A level is larger than it should be. */
        LEVEL_SIZE,
        /** Tables hold deletes that nothing needs any more. */
        DELETES,
        /** Many values in value files are garbage: what lives is copied out of the worst. */
        VALUE_GARBAGE,
        /** Scans walk over much of level 0, or of what it hides, in vain. */
        SCANS,
        /** Nothing was urgent, but deletes or overwritten versions have taken room for long. */
        AGE
    }

    /** Copies the lists. */
    public Compaction {
        if (inputs.isEmpty()) {
            throw new IllegalArgumentException("a compaction of nothing");
        }
        inputs = List.copyOf(inputs);
        overlapped = List.copyOf(overlapped);
        grandparents = List.copyOf(grandparents);
    }

    /** The merge of {@code inputs}, tables of {@code level}, with what they overlap in {@code outputLevel}. */
    static Compaction of(Version version, int level, int outputLevel, List<FileMeta> inputs, Reason reason) {
        KeySpan span = KeySpan.of(inputs);
        List<FileMeta> overlapped =
                outputLevel == level ? List.of() : version.overlapping(outputLevel, span.lo(), span.hi());
        List<FileMeta> all = new ArrayList<>(inputs);
        all.addAll(overlapped);
        KeySpan whole = KeySpan.of(all);
        List<FileMeta> grandparents = outputLevel + 1 < Version.LEVELS
                ? version.overlapping(outputLevel + 1, whole.lo(), whole.hi())
                : List.of();
        return new Compaction(level, outputLevel, inputs, overlapped, grandparents, reason);
    }

    /**
     * The level below which lies all that is older than what is merged, but for the inputs; tables of level 0 that are
     * merged in their place may have older ones beside them.
     */
    int floor() {
        return outputLevel == 0 ? Version.ABOVE_ALL : outputLevel;
    }

    /**
     * Whether in {@code now} a table lies in the output level, among the keys merged, that was not there before: one of a
     * bulk load, which found a gap between the inputs. What was written, and may reach over the gap, does not fit then.
     */
    public boolean isOvertaken(Version now) {
        if (outputLevel == 0) {
            return false; // where tables may overlap
        }
        KeySpan span = KeySpan.of(allInputs());
        return now.overlapping(outputLevel, span.lo(), span.hi()).stream()
                .anyMatch(file -> !overlapped.contains(file) && !inputs.contains(file));
    }

    /** All tables that are merged. */
    public List<FileMeta> allInputs() {
        List<FileMeta> all = new ArrayList<>(inputs);
        all.addAll(overlapped);
        return all;
    }

    /** Bytes of the tables that are merged. */
    public long inputBytes() {
        return inputs.stream().mapToLong(FileMeta::size).sum()
                + overlapped.stream().mapToLong(FileMeta::size).sum();
    }

    /**
     * Whether the one input could change its level as it is. Not so if it holds deletes that the merge would drop, nor if
     * it overlaps so much below that merging it further down would cost dear.
     */
    boolean isMovable(Version version, LevelShape shape) {
        if (inputs.size() != 1 || !overlapped.isEmpty() || level == outputLevel) {
            return false;
        }
        FileMeta file = inputs.get(0);
        KeySpan span = KeySpan.of(inputs);
        boolean deletes = file.deletes() > 0 || file.rangeDeletes() > 0;
        if (deletes && !version.mayBeBelow(outputLevel, span.lo(), span.hi())) {
            return false;
        }
        return grandparents.stream().mapToLong(FileMeta::size).sum()
                <= LevelShape.MAX_GRANDPARENT_OVERLAP * shape.tableBytes();
    }

    @Override
    public String toString() {
        return reason + ": L" + level + " " + names(inputs) + " with L" + outputLevel + " " + names(overlapped);
    }

    private static List<String> names(List<FileMeta> files) {
        return files.stream().map(FileMeta::name).toList();
    }

    /** The keys {@code [lo, hi)} from the least to the greatest of some tables. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record KeySpan(byte[] lo, byte[] hi) {
        static KeySpan of(List<FileMeta> files) {
            byte[] lo = null;
            byte[] hi = null;
            for (FileMeta file : files) {
                lo = lo == null || Arrays.compareUnsigned(file.smallest(), lo) < 0 ? file.smallest() : lo;
                byte[] end = end(file);
                hi = hi == null || Arrays.compareUnsigned(end, hi) > 0 ? end : hi;
            }
            return new KeySpan(lo, hi);
        }

        /** First key behind the table: that of an inclusive bound is the bound with a zero byte more. */
        private static byte[] end(FileMeta file) {
            byte[] largest = file.largest();
            return file.largestExclusive() ? largest : Arrays.copyOf(largest, largest.length + 1);
        }

        boolean meets(KeySpan other) {
            return Arrays.compareUnsigned(lo, other.hi) < 0 && Arrays.compareUnsigned(other.lo, hi) < 0;
        }

        boolean overlaps(FileMeta file) {
            return file.overlaps(lo, hi);
        }
    }
}

package org.mosslsm.kv.lsm.compact;

import java.util.List;
import java.util.Optional;
import org.mosslsm.kv.lsm.compact.Compaction.Reason;
import org.mosslsm.kv.lsm.compact.CompactionPicker.Situation;
import org.mosslsm.kv.lsm.version.FileMeta;
import org.mosslsm.kv.lsm.version.ValueUse;
import org.mosslsm.kv.lsm.version.ValueUse.Used;
import org.mosslsm.kv.lsm.version.Version;

/**
 * When what still lives in a value file is copied out of it, so that the rest gives its room back.
 *
 * <pre>
 * in passing      a compaction that meets a pointer into a file of which a quarter is garbage, or into one so small that
 *                 many of them would take more handles than they are worth, copies the value
 * on purpose      when a quarter of all value bytes is garbage, the tables that point to the worst file are rewritten where
 *                 they are, one after the other
 * </pre>
 *
 * A file that is a quarter garbage costs three bytes copied for one won; at steady state at most a third more room is taken
 * than the live values need, and nearer a sixth. Stateless.
 */
final class ValueGarbage {
    /** A file is worth copying from when one byte in so many is garbage. */
    private static final int DUE = 4;

    /** A file is small when it has less than one in so many of the bytes a file may have. */
    private static final int SMALL = 16;

    private ValueGarbage() {}

    /** Whether a compaction in {@code version} copies what it meets of the file of that number. */
    static boolean isWorthCopying(Version version, long number, long fileBytes) {
        Used used = version.values().of(number);
        if (used == null) {
            return false;
        }
        long bytes = used.file().recordBytes();
        return bytes < fileBytes / SMALL || isDue(used.garbage(), bytes);
    }

    /** The rewriting of a table that points to a file with much garbage, where there is much in all. */
    static Optional<Compaction> pick(Situation situation) {
        Version version = situation.version();
        if (!isDue(version.values())) {
            return Optional.empty();
        }
        Compaction best = null;
        double share = 0;
        for (int level = 0; level < Version.LEVELS; level++) {
            for (FileMeta file : version.files(level)) {
                double worst = worstShare(version.values(), file);
                if (worst > share) {
                    Compaction rewrite = Compaction.of(version, level, level, List.of(file), Reason.VALUE_GARBAGE);
                    if (situation.claims().allow(rewrite)) {
                        best = rewrite;
                        share = worst;
                    }
                }
            }
        }
        return Optional.ofNullable(best);
    }

    private static boolean isDue(ValueUse values) {
        return !values.isEmpty() && isDue(values.garbage(), values.recordBytes());
    }

    private static boolean isDue(long garbage, long bytes) {
        return garbage > 0 && garbage >= bytes / DUE;
    }

    /** The greatest share of garbage of the files due that {@code table} points to; 0 where it points to none. */
    private static double worstShare(ValueUse values, FileMeta table) {
        double worst = 0;
        for (int i = 0; i < table.values().count(); i++) {
            Used used = values.of(table.values().file(i));
            if (isDue(used.garbage(), used.file().recordBytes())) {
                worst = Math.max(worst, used.garbage() / (double) used.file().recordBytes());
            }
        }
        return worst;
    }
}

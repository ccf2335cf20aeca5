package org.mosslsm.kv.lsm.compact;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.mosslsm.kv.lsm.compact.Compaction.KeySpan;
import org.mosslsm.kv.lsm.compact.Compaction.Reason;
import org.mosslsm.kv.lsm.version.FileMeta;
import org.mosslsm.kv.lsm.version.Version;

/**
 * The leveled policy.
 *
 * <pre>
 * score   level 0: its tables / the number at which they are due;  others: its bytes / its target
 * pick    the level of the highest score, if that is 1 or more
 *           level 0: the oldest table with all that overlap it, and what overlaps those, and so on
 *           others: the table that costs least: fewest bytes overlapped below for each of its own,
 *             deletes counting more, because merging them down frees room
 *         else a table of deletes that hide nothing any more, to rewrite it in its place
 * </pre>
 *
 * <p>Immutable and thread-safe.
 */
public final class LeveledPicker implements CompactionPicker {
    /** A table is rewritten for its deletes when they are at least one in so many entries. */
    private static final int DELETES_DUE = 4;

    private final LevelShape shape;

    /** The policy for that shape. */
    public LeveledPicker(LevelShape shape) {
        this.shape = shape;
    }

    @Override
    public Optional<Compaction> pick(Version version, long oldestSnapshot) {
        LevelTargets targets = LevelTargets.of(version, shape);
        int level = mostUrgent(version, targets);
        if (level == 0) {
            return Optional.of(Compaction.of(
                    version, 0, targets.baseLevel(), oldestWithOverlapping(version), Reason.LEVEL0_TABLES));
        } else if (level > 0) {
            return Optional.of(
                    Compaction.of(version, level, level + 1, List.of(cheapest(version, level)), Reason.LEVEL_SIZE));
        }
        return idleDeletes(version, oldestSnapshot);
    }

    /** The level of the highest score, -1 where none is due. */
    private int mostUrgent(Version version, LevelTargets targets) {
        int urgent = -1;
        double highest = 1;
        for (int level = 0; level < Version.LEVELS - 1; level++) {
            double score = level == 0
                    ? version.files(0).size() / (double) shape.level0Tables()
                    : version.bytes(level) / (double) targets.target(level);
            // A level exactly at its target is due in level 0 only: there it is a count that was reached.
            if (level == 0 ? score >= highest : score > highest) {
                highest = score;
                urgent = level;
            }
        }
        return urgent;
    }

    /** The oldest table of level 0 and all tables there that are bound to it by overlapping, in the level's order. */
    private static List<FileMeta> oldestWithOverlapping(Version version) {
        List<FileMeta> all = version.files(0);
        List<FileMeta> chosen = new ArrayList<>(List.of(all.get(all.size() - 1)));
        int before;
        do {
            before = chosen.size();
            KeySpan span = KeySpan.of(chosen);
            chosen = new ArrayList<>(all.stream().filter(span::overlaps).toList());
        } while (chosen.size() > before);
        return chosen;
    }

    private static FileMeta cheapest(Version version, int level) {
        FileMeta cheapest = null;
        double least = Double.MAX_VALUE;
        for (FileMeta file : version.files(level)) {
            double below = version.overlapping(level + 1, file).stream()
                    .mapToLong(FileMeta::size)
                    .sum();
            double cost = below / weight(file);
            if (cheapest == null || cost < least) {
                cheapest = file;
                least = cost;
            }
        }
        return cheapest;
    }

    /** The file's size, twice as much again for the share of deletes in it; a range delete counts as all of them. */
    private static double weight(FileMeta file) {
        double deletes = file.rangeDeletes() > 0 ? 1 : file.deletes() / (double) Math.max(1, file.entries());
        return Math.max(1, file.size()) * (1 + 2 * deletes);
    }

    /** A table with many deletes that nobody sees through and that have nothing below them. */
    private static Optional<Compaction> idleDeletes(Version version, long oldestSnapshot) {
        for (int level = 1; level < Version.LEVELS; level++) {
            for (FileMeta file : version.files(level)) {
                boolean due = file.rangeDeletes() > 0 || file.deletes() * DELETES_DUE > file.entries();
                if (due && file.maxSeq() <= oldestSnapshot) {
                    KeySpan span = KeySpan.of(List.of(file));
                    if (!version.mayBeBelow(level, span.lo(), span.hi())) {
                        return Optional.of(Compaction.of(version, level, level, List.of(file), Reason.DELETES));
                    }
                }
            }
        }
        return Optional.empty();
    }

    @Override
    public long debtBytes(Version version) {
        LevelTargets targets = LevelTargets.of(version, shape);
        long debt = version.files(0).size() >= shape.level0Tables() ? version.bytes(0) : 0;
        for (int level = 1; level < Version.LEVELS - 1; level++) {
            long over = version.bytes(level) - targets.target(level);
            if (over > 0) {
                debt += over * (1 + shape.multiplier()); // each byte meets about ten below
            }
        }
        return debt;
    }
}

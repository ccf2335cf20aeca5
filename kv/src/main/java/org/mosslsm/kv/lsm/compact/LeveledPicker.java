package org.mosslsm.kv.lsm.compact;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.mosslsm.kv.lsm.compact.Compaction.KeySpan;
import org.mosslsm.kv.lsm.compact.Compaction.Reason;
import org.mosslsm.kv.lsm.version.FileMeta;
import org.mosslsm.kv.lsm.version.Version;

/**
 * The leveled policy.
 *
 * <pre>
 * score   level 0: how deep its tables lie upon each other, or its bytes, against what is allowed
 *         others: its bytes / its target
 * pick    a table of level 0 with nothing below it moves down, which costs nothing
 *         the level of the highest score, if that is 1 or more
 *           level 0: the oldest table with all that overlap it, and what overlaps those, and so on
 *           others: the table that costs least: fewest bytes overlapped below for each of its own,
 *             deletes counting more, because merging them down frees room
 *         level 0, full or not, when it is nearly all deletes
 *         a table that is half deletes: rewritten where it is if nothing is below it, else merged down
 *         a table that points to a value file with much garbage; see {@link ValueGarbage}
 *         level 0, when its range deletes hide a good part of what the merge would read
 *         level 0, where scans walked over much in vain
 *         with age: the rest of level 0, and tables with any deletes
 * </pre>
 *
 * <p>What meets a compaction under way is passed over for the next best. Immutable and thread-safe.
 */
public final class LeveledPicker implements CompactionPicker {
    /** A table with nothing below is rewritten for its deletes when they are at least one in so many entries. */
    private static final int IDLE_DELETES_DUE = 4;

    /** A table is merged down for its deletes when they are at least one in so many entries: each frees another one. */
    private static final int DELETES_DUE = 2;

    /** Level 0 is merged for its deletes when less than one in so many entries is not one: each frees another one below. */
    private static final int LEVEL0_OTHERS = 10;

    /** Level 0 is merged, full or not, when nothing came to it for so long and it is a good part of the store. */
    private static final long LEVEL0_MILLIS = 60_000;

    /** The part of the store that level 0 must be for that: one in so many bytes. */
    private static final int LEVEL0_PART = 10;

    /** Deletes go further down after so long however few they are, so that all room comes back in the end. */
    private static final long DELETES_MILLIS = 3_600_000;

    /** Level 0 is merged for its range deletes when with its other deletes they free one in so many entries read. */
    private static final int FREED_DUE = 4;

    /** Level 0 is merged for scans that passed over so many times as many entries as the merge would read. */
    private static final int SCANS_TIMES = 2;

    private final LevelShape shape;

    /** The policy for that shape. */
    public LeveledPicker(LevelShape shape) {
        this.shape = shape;
    }

    @Override
    public Optional<Compaction> pick(Situation situation) {
        Version version = situation.version();
        LevelTargets targets = LevelTargets.of(version, shape);
        return move(situation, targets)
                .or(() -> bySize(situation, targets))
                .or(() -> level0ByDeletes(situation, targets))
                .or(() -> byDeletes(situation))
                .or(() -> ValueGarbage.pick(situation))
                .or(() -> level0ByAge(situation, targets));
    }

    /** The oldest table of level 0 where nothing is in its way down to the base level, nor in it. */
    private Optional<Compaction> move(Situation situation, LevelTargets targets) {
        Version version = situation.version();
        List<FileMeta> files = version.files(0);
        if (files.isEmpty()) {
            return Optional.empty();
        }
        FileMeta oldest = files.get(files.size() - 1);
        for (int level = 0; level <= targets.baseLevel(); level++) {
            if (version.overlapping(level, oldest).size() > (level == 0 ? 1 : 0)) {
                return Optional.empty();
            }
        }
        return allowed(
                situation, Compaction.of(version, 0, targets.baseLevel(), List.of(oldest), Reason.LEVEL0_TABLES));
    }

    private Optional<Compaction> bySize(Situation situation, LevelTargets targets) {
        Version version = situation.version();
        List<Integer> due = new ArrayList<>();
        double[] scores = new double[Version.LEVELS];
        for (int level = 0; level < Version.LEVELS - 1; level++) {
            scores[level] = score(version, targets, level);
            // A level exactly at its target is due in level 0 only: there it is a count that was reached.
            if (level == 0 ? scores[level] >= 1 : scores[level] > 1) {
                due.add(level);
            }
        }
        due.sort(Comparator.comparingDouble(level -> -scores[level]));
        for (int level : due) {
            Optional<Compaction> picked =
                    level == 0 ? level0(situation, targets, Reason.LEVEL0_TABLES) : cheapest(situation, targets, level);
            if (picked.isPresent()) {
                return picked;
            }
        }
        return Optional.empty();
    }

    private double score(Version version, LevelTargets targets, int level) {
        if (level > 0) {
            return version.bytes(level) / (double) targets.target(level);
        }
        return Math.max(
                Level0.depth(version) / (double) shape.level0Tables(), version.bytes(0) / (2.0 * shape.baseBytes()));
    }

    /** The oldest table of level 0 and all tables there that are bound to it by overlapping, in the level's order. */
    private static Optional<Compaction> level0(Situation situation, LevelTargets targets, Reason reason) {
        Version version = situation.version();
        List<FileMeta> all = version.files(0);
        List<FileMeta> chosen = new ArrayList<>(List.of(all.get(all.size() - 1)));
        int before;
        do {
            before = chosen.size();
            KeySpan span = KeySpan.of(chosen);
            chosen = new ArrayList<>(all.stream().filter(span::overlaps).toList());
        } while (chosen.size() > before);
        return allowed(situation, Compaction.of(version, 0, targets.baseLevel(), chosen, reason));
    }

    private static Optional<Compaction> cheapest(Situation situation, LevelTargets targets, int level) {
        Version version = situation.version();
        // A level above the base has no target and is never due; below it each one goes to the next.
        int below = Math.max(level + 1, targets.baseLevel());
        List<FileMeta> files = new ArrayList<>(version.files(level));
        double[] costs = new double[files.size()];
        List<Integer> order = new ArrayList<>();
        for (int i = 0; i < costs.length; i++) {
            FileMeta file = files.get(i);
            costs[i] = version.overlappingBytes(below, file) / weight(file);
            order.add(i);
        }
        order.sort(Comparator.comparingDouble(i -> costs[i]));
        for (int i : order) {
            Optional<Compaction> picked =
                    allowed(situation, Compaction.of(version, level, below, List.of(files.get(i)), Reason.LEVEL_SIZE));
            if (picked.isPresent()) {
                return picked;
            }
        }
        return Optional.empty();
    }

    private static Optional<Compaction> allowed(Situation situation, Compaction compaction) {
        return situation.claims().allow(compaction) ? Optional.of(compaction) : Optional.empty();
    }

    /** The file's size, twice as much again for the share of deletes in it; a range delete counts as all of them. */
    private static double weight(FileMeta file) {
        double deletes = file.rangeDeletes() > 0 ? 1 : file.deletes() / (double) Math.max(1, file.entries());
        return Math.max(1, file.size()) * (1 + 2 * deletes);
    }

    /** What a mass delete leaves. */
    private static Optional<Compaction> level0ByDeletes(Situation situation, LevelTargets targets) {
        long entries = 0;
        long deletes = 0;
        for (FileMeta file : situation.version().files(0)) {
            entries += file.entries();
            deletes += file.maxSeq() <= situation.oldestSnapshot() ? file.deletes() : 0;
        }
        return (entries - deletes) * LEVEL0_OTHERS < entries
                ? level0(situation, targets, Reason.DELETES)
                : Optional.empty();
    }

    /** A table with many deletes, or old ones, that no snapshot needs. */
    private static Optional<Compaction> byDeletes(Situation situation) {
        Version version = situation.version();
        for (int level = 1; level < Version.LEVELS; level++) {
            for (FileMeta file : version.files(level)) {
                boolean any = file.deletes() > 0 || file.rangeDeletes() > 0;
                if (any && file.maxSeq() <= situation.oldestSnapshot()) {
                    Optional<Compaction> due = byDeletes(situation, level, file);
                    if (due.isPresent()) {
                        return due;
                    }
                }
            }
        }
        return Optional.empty();
    }

    private static Optional<Compaction> byDeletes(Situation situation, int level, FileMeta file) {
        Version version = situation.version();
        boolean old = situation.nowMillis() - file.createdMillis() >= DELETES_MILLIS;
        KeySpan span = KeySpan.of(List.of(file));
        if (!version.mayBeBelow(level, span.lo(), span.hi())) {
            boolean due = old || file.rangeDeletes() > 0 || file.deletes() * IDLE_DELETES_DUE > file.entries();
            return due
                    ? allowed(situation, Compaction.of(version, level, level, List.of(file), Reason.DELETES))
                    : Optional.empty();
        }
        boolean due = old || file.deletes() * DELETES_DUE > file.entries();
        return due && level + 1 < Version.LEVELS
                ? allowed(
                        situation,
                        Compaction.of(version, level, level + 1, List.of(file), old ? Reason.AGE : Reason.DELETES))
                : Optional.empty();
    }

    /** What is left in level 0 of a store that has come to rest. */
    private static Optional<Compaction> level0ByAge(Situation situation, LevelTargets targets) {
        Version version = situation.version();
        List<FileMeta> files = version.files(0);
        if (files.isEmpty() || situation.nowMillis() - files.get(0).createdMillis() < LEVEL0_MILLIS) {
            return Optional.empty();
        }
        long all = version.allFiles().stream().mapToLong(FileMeta::size).sum();
        return version.bytes(0) * LEVEL0_PART >= all ? level0(situation, targets, Reason.AGE) : Optional.empty();
    }

    @Override
    public Optional<Compaction> pickForScans(Situation situation, long entriesPassed) {
        if (situation.version().files(0).isEmpty()) {
            return Optional.empty();
        }
        return level0(situation, LevelTargets.of(situation.version(), shape), Reason.SCANS)
                .filter(c -> entriesPassed >= SCANS_TIMES * entries(c));
    }

    @Override
    public Optional<Compaction> pickForRangeDeletes(Situation situation, long entriesHidden) {
        if (entriesHidden == 0 || situation.version().files(0).isEmpty()) {
            return Optional.empty();
        }
        return level0(situation, LevelTargets.of(situation.version(), shape), Reason.DELETES)
                .filter(c -> FREED_DUE * (entriesHidden + deletes(c, situation.oldestSnapshot())) >= entries(c));
    }

    private static long deletes(Compaction compaction, long oldestSnapshot) {
        return compaction.inputs().stream()
                .filter(f -> f.maxSeq() <= oldestSnapshot)
                .mapToLong(FileMeta::deletes)
                .sum();
    }

    private static long entries(Compaction compaction) {
        return Stream.concat(compaction.inputs().stream(), compaction.overlapped().stream())
                .mapToLong(FileMeta::entries)
                .sum();
    }

    @Override
    public long debtBytes(Version version) {
        LevelTargets targets = LevelTargets.of(version, shape);
        // Level 0 from its first byte on, and with what it meets below: so that the figure has no steps.
        long base = version.bytes(targets.baseLevel());
        long level0 = version.bytes(0);
        long debt = level0 + Math.min(base, level0);
        for (int level = 1; level < Version.LEVELS - 1; level++) {
            long over = version.bytes(level) - targets.target(level);
            if (over > 0) {
                debt += over * (1 + shape.multiplier()); // each byte meets about ten below
            }
        }
        return debt;
    }
}

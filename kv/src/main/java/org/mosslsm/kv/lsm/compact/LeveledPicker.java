package org.mosslsm.kv.lsm.compact;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.mosslsm.kv.lsm.compact.Compaction.KeySpan;
import org.mosslsm.kv.lsm.compact.Compaction.Reason;
import org.mosslsm.kv.lsm.compact.Level0.Stack;
import org.mosslsm.kv.lsm.version.FileMeta;
import org.mosslsm.kv.lsm.version.Version;

/**
 * The leveled policy.
 *
 * <pre>
 * score   level 0: how deep its tables lie upon each other, at most or in the mean, or its bytes, against what is allowed
 *         others: its bytes / its target
 * pick    a table of level 0 with nothing below it moves down, which costs nothing
 *         the level of the highest score, if that is 1 or more
 *           level 0: the deepest of its stacks, each of which is bound together by overlapping ({@link Level0})
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

    /**
     * Level 0 is merged when its stacks are so much of their greatest depth deep in the mean: that of stacks which were merged
     * one after the other, and not all at the same time. So it takes less room, and each is merged at the same depth.
     */
    private static final double MEAN_DEPTH = 0.625;

    /** A stack is merged for the mean depth if it stands over no more of the level below: one in so many bytes. */
    private static final int SMALL_STACK = 2;

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
        List<Integer> due = new ArrayList<>();
        double[] scores = new double[Version.LEVELS];
        for (int level = 0; level < Version.LEVELS - 1; level++) {
            scores[level] = score(situation, targets, level);
            // A level exactly at its target is due in level 0 only: there it is a count that was reached.
            if (level == 0 ? scores[level] >= 1 : scores[level] > 1) {
                due.add(level);
            }
        }
        due.sort(Comparator.comparingDouble(level -> -scores[level]));
        for (int level : due) {
            Optional<Compaction> picked =
                    level == 0 ? level0ByDepth(situation, targets) : cheapest(situation, targets, level);
            if (picked.isPresent()) {
                return picked;
            }
        }
        return Optional.empty();
    }

    private double score(Situation situation, LevelTargets targets, int level) {
        return level == 0
                ? level0Score(situation.version(), targets, free(situation, targets))
                : situation.version().bytes(level) / (double) targets.target(level);
    }

    /** The stacks that can be merged now, the one with the oldest table first. */
    private static List<Stack> free(Situation situation, LevelTargets targets) {
        return Level0.stacks(situation.version()).stream()
                .filter(stack -> situation.claims().allow(merge(situation, targets, stack, Reason.LEVEL0_TABLES)))
                .toList();
    }

    private static Compaction merge(Situation situation, LevelTargets targets, Stack stack, Reason reason) {
        return Compaction.of(situation.version(), 0, targets.baseLevel(), stack.files(), reason);
    }

    private double level0Score(Version version, LevelTargets targets, List<Stack> free) {
        int deepest = 0;
        long bytes = 0;
        for (Stack stack : free) {
            deepest = Math.max(deepest, stack.depth());
            bytes += stack.files().stream().mapToLong(FileMeta::size).sum();
        }
        return Math.max(
                Math.max(deepest, meanDepth(version, targets, free, deepest) / MEAN_DEPTH)
                        / (double) shape.level0Tables(),
                bytes / (2.0 * shape.baseBytes()));
    }

    /** How deep stacks lie upon the base level in the mean, by its bytes; 0 where merging the deepest changes much of that. */
    private static double meanDepth(Version version, LevelTargets targets, List<Stack> stacks, int deepest) {
        long base = version.bytes(targets.baseLevel());
        double sum = 0;
        for (Stack stack : stacks) {
            long over = overlappedBytes(version, targets, stack);
            if (over == 0 || (stack.depth() == deepest && over * SMALL_STACK > base)) {
                continue;
            }
            sum += (double) stack.depth() * over;
        }
        return sum == 0 ? 0 : sum / base;
    }

    private static long overlappedBytes(Version version, LevelTargets targets, Stack stack) {
        KeySpan span = KeySpan.of(stack.files());
        return version.overlapping(targets.baseLevel(), span.lo(), span.hi()).stream()
                .mapToLong(FileMeta::size)
                .sum();
    }

    /** The deepest stack of level 0; of several the one with the oldest table. */
    private static Optional<Compaction> level0ByDepth(Situation situation, LevelTargets targets) {
        List<Stack> deepestFirst = new ArrayList<>(free(situation, targets));
        deepestFirst.sort(Comparator.comparingInt(stack -> -stack.depth()));
        return first(situation, targets, deepestFirst, Reason.LEVEL0_TABLES);
    }

    /** The stack of level 0 with the oldest table. */
    private static Optional<Compaction> level0ByAge(Situation situation, LevelTargets targets, Reason reason) {
        return first(situation, targets, free(situation, targets), reason);
    }

    private static Optional<Compaction> first(
            Situation situation, LevelTargets targets, List<Stack> free, Reason reason) {
        return free.stream().findFirst().map(stack -> merge(situation, targets, stack, reason));
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
                ? level0ByAge(situation, targets, Reason.DELETES)
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
        return version.bytes(0) * LEVEL0_PART >= all ? level0ByAge(situation, targets, Reason.AGE) : Optional.empty();
    }

    @Override
    public Optional<Compaction> pickForScans(Situation situation, long entriesPassed) {
        Version version = situation.version();
        LevelTargets targets = LevelTargets.of(version, shape);
        List<Stack> stacks = Level0.stacks(version);
        Merges merges = Merges.of(situation, targets, stacks);
        return entriesPassed >= SCANS_TIMES * merges.entries()
                ? level0ByAge(situation, targets, Reason.SCANS)
                : Optional.empty();
    }

    @Override
    public Optional<Compaction> pickForRangeDeletes(Situation situation, long entriesHidden) {
        if (entriesHidden == 0) {
            return Optional.empty();
        }
        LevelTargets targets = LevelTargets.of(situation.version(), shape);
        List<Stack> hiding = free(situation, targets).stream()
                .filter(stack -> stack.files().stream().anyMatch(f -> f.rangeDeletes() > 0))
                .toList();
        Merges merges = Merges.of(situation, targets, hiding);
        return FREED_DUE * (entriesHidden + merges.deletes()) >= merges.entries()
                ? first(situation, targets, hiding, Reason.DELETES)
                : Optional.empty();
    }

    /** The merges of several stacks: entries read, and deletes of level 0 that no snapshot needs. */
    private record Merges(long entries, long deletes) {
        static Merges of(Situation situation, LevelTargets targets, List<Stack> stacks) {
            long entries = 0;
            long deletes = 0;
            for (Stack stack : stacks) {
                Compaction merge = merge(situation, targets, stack, Reason.SCANS);
                for (FileMeta file : merge.allInputs()) {
                    entries += file.entries();
                }
                for (FileMeta file : merge.inputs()) {
                    deletes += file.maxSeq() <= situation.oldestSnapshot() ? file.deletes() : 0;
                }
            }
            return new Merges(entries, deletes);
        }
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

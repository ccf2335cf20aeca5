package org.mosslsm.kv.lsm.compact;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.mosslsm.kv.lsm.compact.Compaction.Reason;
import org.mosslsm.kv.lsm.version.FileMeta;
import org.mosslsm.kv.lsm.version.Version;

/**
 * The size-tiered policy: tables of similar size are merged into one larger, so that each entry is rewritten about once
 * every time the store grows fourfold. It writes much less than {@link LeveledPicker}, and reads and room pay for it: up to
 * a dozen tables a key, and up to twice the live data.
 *
 * <pre>
 * level 0     newest ... oldest     tables overlap; neighbours in age are merged into a larger one, in their place
 * last level                        what level 0 is merged into when it has grown to half of it
 * </pre>
 *
 * <p>Only neighbours in age are merged, so that the order of level 0 by age stays right. Immutable and thread-safe.
 */
public final class SizeTieredPicker implements CompactionPicker {
    private static final int LAST = Version.LEVELS - 1;

    /** Tables of similar size that make a merge worth it. */
    private final int width;

    /** Size below which tables count as equally small, in bytes. */
    private final long smallBytes;

    /** The policy for stores of that shape. */
    public SizeTieredPicker(LevelShape shape) {
        this.width = Math.max(2, shape.level0Tables());
        this.smallBytes = shape.tableBytes();
    }

    @Override
    public Optional<Compaction> pick(Situation situation) {
        return bySize(situation).or(() -> ValueGarbage.pick(situation));
    }

    private Optional<Compaction> bySize(Situation situation) {
        Version version = situation.version();
        List<FileMeta> upper = version.files(0);
        if (upper.isEmpty()) {
            return stranded(situation);
        }
        long lower = bytesBelow(version);
        if (upper.size() >= width && 2 * version.bytes(0) >= lower) {
            Compaction all = Compaction.of(version, 0, lowest(version), upper, Reason.LEVEL_SIZE);
            if (situation.claims().allow(all)) {
                return Optional.of(all);
            }
        }
        return similar(situation);
    }

    /** A run of {@code width} or more neighbours, none of which is larger than all the younger ones of the run together. */
    private Optional<Compaction> similar(Situation situation) {
        List<FileMeta> files = situation.version().files(0);
        for (int start = 0; start + width <= files.size(); start++) {
            List<FileMeta> run = new ArrayList<>(List.of(files.get(start)));
            long bytes = Math.max(smallBytes, files.get(start).size());
            int at = start + 1;
            while (at < files.size() && files.get(at).size() <= bytes) {
                run.add(files.get(at));
                bytes += files.get(at).size();
                at++;
            }
            if (run.size() >= width) {
                Compaction merge = Compaction.of(situation.version(), 0, 0, run, Reason.LEVEL0_TABLES);
                if (situation.claims().allow(merge)) {
                    return Optional.of(merge);
                }
            }
        }
        return Optional.empty();
    }

    /** A store that was leveled before keeps tables in between: they go down, one after the other. */
    private static Optional<Compaction> stranded(Situation situation) {
        Version version = situation.version();
        for (int level = LAST - 1; level > 0; level--) {
            if (!version.files(level).isEmpty()) {
                Compaction down = Compaction.of(
                        version, level, LAST, List.of(version.files(level).get(0)), Reason.LEVEL_SIZE);
                if (nothingBetween(version, level, down) && situation.claims().allow(down)) {
                    return Optional.of(down);
                }
            }
        }
        return Optional.empty();
    }

    private static boolean nothingBetween(Version version, int level, Compaction down) {
        Compaction.KeySpan span = Compaction.KeySpan.of(down.inputs());
        for (int between = level + 1; between < LAST; between++) {
            if (!version.overlapping(between, span.lo(), span.hi()).isEmpty()) {
                return false;
            }
        }
        return true;
    }

    /** The first level below 0 that holds something: nothing of level 0 may sink past it. */
    private static int lowest(Version version) {
        for (int level = 1; level < LAST; level++) {
            if (!version.files(level).isEmpty()) {
                return level;
            }
        }
        return LAST;
    }

    private static long bytesBelow(Version version) {
        long bytes = 0;
        for (int level = 1; level < Version.LEVELS; level++) {
            bytes += version.bytes(level);
        }
        return bytes;
    }

    @Override
    public long debtBytes(Version version) {
        int over = version.files(0).size() - width;
        return over <= 0 ? 0 : over * (version.bytes(0) / version.files(0).size());
    }
}

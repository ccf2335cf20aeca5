package org.mosslsm.kv.lsm.compact;

import java.util.Arrays;
import org.mosslsm.kv.lsm.version.Version;

/**
 * How large each level of a version should be, derived from the bottom: the last level is as large as it is, each one above
 * a tenth of the one below it. So the levels above the last never hold more than about a ninth of it, however large or
 * small the store is, and a small store has one level only.
 *
 * <pre>
 * level     0    1    2    3    4     5      6
 * bytes    ...   -    -    -   50   400   4000     base 64
 * target         -    -    -   40   400   4000     base level 4: level 0 is merged into it
 * </pre>
 *
 * <p>Immutable.
 */
final class LevelTargets {
    private static final int LAST = Version.LEVELS - 1;

    private final int baseLevel;
    private final long[] targets;

    private LevelTargets(int baseLevel, long[] targets) {
        this.baseLevel = baseLevel;
        this.targets = targets;
    }

    static LevelTargets of(Version version, LevelShape shape) {
        long largest = 0;
        int firstUsed = LAST;
        for (int level = LAST; level > 0; level--) {
            long bytes = version.bytes(level);
            largest = Math.max(largest, bytes);
            if (bytes > 0) {
                firstUsed = level;
            }
        }
        long size = largest;
        for (int level = LAST; level > firstUsed; level--) {
            size /= shape.multiplier();
        }
        int base = firstUsed;
        while (base > 1 && size > shape.baseBytes()) {
            base--;
            size /= shape.multiplier();
        }
        // A base that shrank below a tenth of what it may have is not forced down further: it would only be rewritten.
        size = Math.max(size, Math.max(1, shape.baseBytes() / shape.multiplier()));
        long[] targets = new long[Version.LEVELS];
        Arrays.fill(targets, Long.MAX_VALUE);
        for (int level = base; level < LAST; level++) {
            targets[level] = size;
            size = size > Long.MAX_VALUE / shape.multiplier() ? Long.MAX_VALUE : size * shape.multiplier();
        }
        return new LevelTargets(base, targets);
    }

    /** The level that level 0 is merged into. */
    int baseLevel() {
        return baseLevel;
    }

    /** Bytes the level should have at most; the last level, and those above the base, which are empty, may have any. */
    long target(int level) {
        return targets[level];
    }
}

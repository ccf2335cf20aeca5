package org.mosslsm.kv.lsm;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import org.mosslsm.kv.lsm.compact.LevelShape;
import org.mosslsm.kv.lsm.version.Version;

/**
 * How far behind the writers the background is, and how much slower they should go for that.
 *
 * <pre>
 * cause        no delay up to                       as slow as it gets at
 * MEMTABLES    one full memtable being written      two, and the active one full too: only then writers stop
 * LEVEL0       12 tables over a key in level 0      36
 * DEBT         64 memtables, or 1/4 of the store    four times that           bytes to be rewritten until all is in shape
 *
 * rate = 1 MB/s / pressure^2, the pressure being 0 to 1 between the two        0.1: 100 MB/s   0.3: 11 MB/s   1: 1 MB/s
 * </pre>
 *
 * <p>A rate, and not a stop: writers find the speed the background keeps up with, and what a commit waits stays in
 * proportion to what it writes. The pressure follows figures that change by one table at a time, so it does not jump.
 *
 * <p>Thread-safe: {@link #measured} is called by the background, {@link #on} and {@link #waited} under the commit lock, the
 * figures are read by any.
 */
final class WritePressure {
    /** What holds writers back. */
    enum Cause {
        /** Flushes do not keep up. */
        MEMTABLES,
        /** Level 0 has grown deep: each of its tables costs every read. */
        LEVEL0,
        /** Compaction is behind in the deeper levels. */
        DEBT
    }

    private static final int SOFT_DEPTH = 12;
    private static final int HARD_DEPTH = 36;
    private static final int SOFT_DEBT_MEMTABLES = 64;
    private static final int HARD_DEBT_FACTOR = 4;

    /** Slowest rate, in bytes a second: some progress is better than none. */
    private static final double SLOWEST = 1 << 20;

    private final long memtableBytes;
    private volatile double level0;
    private volatile double debt;

    private final Map<Cause, LongAdder> waitedNanos = new EnumMap<>(Cause.class);

    /** What writers are held back by, or null; with the time it began. Written under the commit lock. */
    private volatile Cause cause;

    private volatile long sinceNanos;

    WritePressure(long memtableBytes) {
        this.memtableBytes = memtableBytes;
        for (Cause each : Cause.values()) {
            waitedNanos.put(each, new LongAdder());
        }
    }

    /** The levels have changed. */
    void measured(Version version, long debtBytes) {
        long bytes = version.allFiles().stream().mapToLong(f -> f.size()).sum();
        double soft = Math.max((double) SOFT_DEBT_MEMTABLES * memtableBytes, bytes / 4.0);
        level0 = between(SOFT_DEPTH, LevelShape.level0Depth(version), HARD_DEPTH);
        debt = between(soft, (double) debtBytes, HARD_DEBT_FACTOR * soft);
    }

    private static double between(double soft, double now, double hard) {
        return Math.max(0, (now - soft) / (hard - soft));
    }

    /** The pressure on writers; sets the cause. */
    double on(ReadState state, int mostImmutables) {
        double memtables = state.immutables().size() < mostImmutables
                ? 0
                : (double) state.active().table().byteSize() / memtableBytes / 3; // at most 10 MB/s before the stop
        double most = Math.max(memtables, Math.max(level0, debt));
        setCause(most == 0 ? null : most == memtables ? Cause.MEMTABLES : most == level0 ? Cause.LEVEL0 : Cause.DEBT);
        return most;
    }

    private void setCause(Cause now) {
        if (now != cause) {
            if (cause == null) {
                sinceNanos = System.nanoTime();
            }
            cause = now;
        }
    }

    /** How long writing so much should take at that pressure, in nanoseconds. */
    static long delayNanos(long bytes, double pressure) {
        return (long) (bytes * pressure * pressure * 1e9 / SLOWEST);
    }

    /** Writers waited for the cause that {@link #on} found. */
    void waited(long nanos) {
        Cause why = cause;
        waitedNanos.get(why == null ? Cause.MEMTABLES : why).add(nanos);
    }

    /** What writers are held back by now, or null. */
    Cause cause() {
        return cause;
    }

    /** Since when they are, in microseconds; 0 where they are not. */
    long sinceMicros() {
        return cause == null ? 0 : (System.nanoTime() - sinceNanos) / 1000;
    }

    /** How long writers waited so far for that cause, in microseconds. */
    long waitedMicros(Cause why) {
        return waitedNanos.get(why).sum() / 1000;
    }
}

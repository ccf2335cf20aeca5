package org.mosslsm.kv.lsm.compact;

import java.util.Optional;
import org.mosslsm.kv.lsm.version.Version;

/**
 * Decides what to merge next. A pure function, and so tested without a store: {@link LeveledPicker} and {@link
 * SizeTieredPicker} stand behind it.
 *
 * <p>Thread-safe.
 */
public interface CompactionPicker {
    /**
     * What a picker looks at.
     *
     * @param version the tables
     * @param oldestSnapshot the oldest version that anyone reads; what was deleted later must stay
     * @param nowMillis the time, in milliseconds since 1970: some things become due with age
     * @param claims the compactions under way, which the one picked must not meet
     */
    record Situation(Version version, long oldestSnapshot, long nowMillis, Claims claims) {}

    /**
     * The most urgent compaction, if one is due. As long as each one picked is run and installed, picking comes to an end.
     */
    Optional<Compaction> pick(Situation situation);

    /**
     * A compaction worth doing for scans that passed over so many entries in vain; picked only where nothing else is due.
     * None where the policy has none.
     */
    default Optional<Compaction> pickForScans(Situation situation, long entriesPassed) {
        return Optional.empty();
    }

    /**
     * A compaction worth doing for the many entries that range tombstones of level 0 hide below it; picked only where
     * nothing else is due. None where the policy has none.
     */
    default Optional<Compaction> pickForRangeDeletes(Situation situation, long entriesHidden) {
        return Optional.empty();
    }

    /**
     * Bytes that will have to be rewritten until nothing is due, roughly: for backpressure and figures. It grows steadily
     * with what is written and shrinks with what is merged, without jumps.
     */
    long debtBytes(Version version);
}

package org.mosslsm.kv.lsm.compact;

import java.util.Optional;
import org.mosslsm.kv.lsm.version.Version;

/**
 * Decides what to merge next. A pure function, and so tested without a store; another policy than the leveled one (by
 * age, by size) stands behind the same call.
 *
 * <p>Thread-safe.
 */
public interface CompactionPicker {
    /**
     * The most urgent compaction of the version, if one is due. As long as each one picked is run and installed, picking
     * comes to an end.
     *
     * @param oldestSnapshot the oldest version that anyone reads; what was deleted later must stay
     */
    Optional<Compaction> pick(Version version, long oldestSnapshot);

    /** Bytes that will have to be rewritten until nothing is due, roughly: for backpressure and figures. */
    long debtBytes(Version version);
}

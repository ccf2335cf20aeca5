package org.mosslsm.kv;

/**
 * What a store can do and how large things may be. What it cannot give is refused by name above the seam, never
 * weakened in silence.
 *
 * @param maxKeyBytes largest key, in bytes
 * @param maxValueBytes largest value, in bytes
 * @param maxCommitBytes largest commit (keys plus values), in bytes
 * @param rangeValidation whether {@link CommitRequest#unchangedRanges()} is honoured, phantoms included
 * @param distributed whether other processes may commit to the same store, so that locks held in this process do not
 *     keep them out
 */
public record Capabilities(
        int maxKeyBytes, int maxValueBytes, long maxCommitBytes, boolean rangeValidation, boolean distributed) {}

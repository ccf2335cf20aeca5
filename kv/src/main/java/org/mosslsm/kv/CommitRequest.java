package org.mosslsm.kv;

import java.util.List;
import java.util.UUID;

/**
 * One atomic commit: writes, and what must hold for them to be applied.
 *
 * @param id identity of the commit, for {@link Store#status}
 * @param readVersion version of the snapshot the conditions refer to; meaningless where there are none
 * @param writes the writes, in order; a later one of the same key wins
 * @param absent keys that must not exist in the newest state (unique keys)
 * @param unchanged keys that must have no commit newer than {@code readVersion}; a delete counts as a commit
 * @param unchangedRanges ranges without any commit newer than {@code readVersion}, where the store can tell (see {@link
 *     Capabilities#rangeValidation()})
 * @param durability what the commit survives once it returned
 */
public record CommitRequest(
        UUID id,
        long readVersion,
        WriteBatch writes,
        List<byte[]> absent,
        List<byte[]> unchanged,
        List<KeyRange> unchangedRanges,
        Durability durability) {

    /** Freezes the lists. */
    public CommitRequest {
        absent = List.copyOf(absent);
        unchanged = List.copyOf(unchanged);
        unchangedRanges = List.copyOf(unchangedRanges);
    }

    /** Writes without conditions. */
    public static CommitRequest of(WriteBatch writes, Durability durability) {
        return new CommitRequest(UUID.randomUUID(), 0, writes, List.of(), List.of(), List.of(), durability);
    }
}

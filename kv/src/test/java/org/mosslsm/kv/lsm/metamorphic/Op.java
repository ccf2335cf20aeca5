package org.mosslsm.kv.lsm.metamorphic;

import java.util.List;
import java.util.SortedMap;
import org.mosslsm.kv.Cursor.Direction;
import org.mosslsm.kv.Durability;
import org.mosslsm.kv.testkit.CrashPolicy;
import org.mosslsm.kv.testkit.StoreModel;

/**
 * One operation of a list, with all its arguments: nothing is drawn while a list runs, so that any part of a list is a
 * list again. Snapshots stand in numbered slots; slot -1 is the newest state. Keys and values are texts up to U+00FF.
 */
sealed interface Op {
    /** The newest state. */
    int NEWEST = -1;

    /** Commits writes. */
    record Write(List<StoreModel.Write> writes, Durability durability) implements Op {}

    /** Commits writes through the conveniences, with the durability of the options. */
    record Convenient(StoreModel.Write write) implements Op {}

    /** Commits writes if conditions hold; null where there is no such condition. */
    record Conditional(
            int slot, List<StoreModel.Write> writes, String absent, String unchanged, String rangeLo, String rangeHi)
            implements Op {}

    /** Deletes a range durably; {@code hi} null is without end. */
    record DeleteRange(String lo, String hi) implements Op {}

    /** Takes a snapshot, instead of the one that stood in the slot. */
    record TakeSnapshot(int slot) implements Op {}

    /** Closes the snapshot in a slot. */
    record CloseSnapshot(int slot) implements Op {}

    /** Gets keys, one by one and all together. */
    record Get(int slot, List<String> keys) implements Op {}

    /** Walks a range, then seeks in it, reading one entry after each; {@code hi} null is without end. */
    record Scan(
            int slot, String lo, String hi, Direction direction, int limitHint, boolean keysOnly, List<String> seeks)
            implements Op {}

    /** Counts the entries of a range; {@code hi} null is without end. */
    record Count(int slot, String lo, String hi) implements Op {}

    /** Writes the memtable out. */
    record Flush() implements Op {}

    /** Compacts until nothing is due. */
    record Compact() implements Op {}

    /** Loads entries into a range past the log; publishes them, or not. */
    record Load(String lo, String hi, SortedMap<String, String> entries, boolean publish) implements Op {}

    /** Ingests an external table, over whatever there is. */
    record Ingest(SortedMap<String, String> entries) implements Op {}

    /** Closes and opens again. */
    record Reopen() implements Op {}

    /** Copies the store, compares the copy, goes on in the copy. */
    record MoveToCheckpoint() implements Op {}

    /**
     * Syncs, commits {@code after} without a sync, loses power, opens again: a first part of {@code after} is there. Then
     * commits the rest of it, so that the state does not depend on what was lost.
     */
    record Crash(CrashPolicy policy, long seed, List<List<StoreModel.Write>> after) implements Op {}
}

package org.mosslsm.kv.txn;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.mosslsm.kv.KeyRange;
import org.mosslsm.kv.Store;
import org.mosslsm.kv.Store.ScratchFile;
import org.mosslsm.kv.WriteBatch;

/**
 * What a transaction has written so far: the last write of each key, and the ranges it deleted.
 *
 * <pre>
 * entries     newest     in memory; spilled when they take too much
 * runs[n-1]      |       each in a scratch file, with the ranges deleted since it was written
 * ...            |       {@code FANOUT} neighbours that were merged equally often are merged to one
 * runs[0]     oldest
 * </pre>
 *
 * <p>Invariants:
 *
 * <ol>
 *   <li>{@code entries} holds only writes made after the last deletion of a range that covers their key; writes in a run
 *       that are older than such a deletion are covered by what the run has as {@code hidden}. So at commit all deleted
 *       ranges come first and the entries after them.
 *   <li>{@code held} are the runs of {@code runs} and those that a {@link #freezeForMark} may lead back to; each is held
 *       once. Those that undoing the statement at hand leads back to are held by {@link UndoLog}, no longer than that:
 *       else a transaction of many statements would keep every run it ever merged.
 * </ol>
 *
 * <p>Thread safety: one thread at a time; a {@link View} may be read by any thread it was handed to.
 */
final class WriteSet {
    /** The value of a deleted key, known by identity. */
    static final byte[] DELETED = new byte[0];

    /** So many runs are merged at once: reads look into up to so many of each size, and each write is written log times. */
    private static final int FANOUT = 8;

    private final Supplier<ScratchFile> files;
    private final long filterBytes;
    private final Runnable mayGoOn;
    private final WriteTree entries = new WriteTree();
    private IntervalSet deleted; // null until a range is deleted: most transactions delete none

    /** Makes all states of what is hidden in runs: a state can be changed by the tree that made it only. Null until needed. */
    private IntervalSet hidden;

    private List<Placed> runs = List.of();
    private Set<SpilledRun> held = Set.of(); // by identity once there is one

    /** A run, and the ranges deleted after it was written. */
    record Placed(SpilledRun run, WriteTree.State hidden) {}

    /** A state of the write set that will not change: a mark to come back to, or what a scan sees. */
    record View(WriteTree.State entries, WriteTree.State deleted, List<Placed> runs) implements Mark {
        static final View EMPTY = new View(WriteTree.State.EMPTY, WriteTree.State.EMPTY, List.of());

        /** As {@link WriteSet#get}, for who has called {@link #hold}. */
        byte[] get(byte[] key) {
            byte[] own = WriteTree.get(entries.root(), key);
            if (own == null && !runs.isEmpty()) {
                own = WriteSet.get(runs, key);
            }
            return own == null && IntervalSet.covers(deleted, key) ? DELETED : own;
        }

        /** A cursor over the entries, for who has called {@link #hold}. */
        WriteCursor cursor() {
            return runs.isEmpty() ? new TreeCursor(entries) : new MergedWrites(entries, runs);
        }

        void hold() {
            runs.forEach(placed -> placed.run().hold());
        }

        void letGo() {
            runs.forEach(placed -> placed.run().letGo());
        }
    }

    /** What undoes the writes since the last {@link #mark}. */
    private final UndoLog undo = new UndoLog();

    /**
     * No writes.
     *
     * @param files makes scratch files
     * @param filterBytes what the filter of one run may take
     * @param mayGoOn asked now and then while many writes are moved; throws when that is to be given up
     */
    WriteSet(Supplier<ScratchFile> files, long filterBytes, Runnable mayGoOn) {
        this.files = files;
        this.mayGoOn = mayGoOn;
        this.filterBytes = filterBytes;
    }

    boolean isEmpty() {
        return entries.isEmpty() && deletesNoRange() && runs.isEmpty();
    }

    boolean isSpilled() {
        return !runs.isEmpty();
    }

    /** Memory of the entries that are not spilled. */
    long entryBytes() {
        return entries.bytes();
    }

    /** Memory of the deleted ranges. */
    long rangeBytes() {
        return deleted == null ? 0 : deleted.bytes();
    }

    /** The present state, for a scan. */
    View freeze() {
        return isEmpty() ? View.EMPTY : new View(entries.freeze(), deletedNow(), runs);
    }

    private boolean deletesNoRange() {
        return deleted == null || deleted.isEmpty();
    }

    private WriteTree.State deletedNow() {
        return deleted == null ? WriteTree.State.EMPTY : deleted.freeze();
    }

    private IntervalSet deleted() {
        if (deleted == null) {
            deleted = new IntervalSet();
        }
        return deleted;
    }

    /** The present state, to come back to: its runs stay. */
    View freezeForMark() {
        runs.forEach(placed -> placed.run().marked = true);
        return freeze();
    }

    /** The present state, to be restored before the next call of this method and before an older state is. */
    Mark mark() {
        return undo.begin();
    }

    /** Goes back to a mark of either kind. */
    void restore(Mark mark) {
        if (mark instanceof UndoLog.Start start) {
            undo.run(start, this);
        } else {
            undo.end();
            restore((View) mark);
        }
    }

    void restore(View view) {
        entries.restore(view.entries());
        if (deleted != null) { // or the view has none either
            deleted.restore(view.deleted());
        }
        replaceRuns(view.runs());
    }

    /** The value written under {@code key}, {@link #DELETED}, or {@code null} when the key was not written. */
    byte[] get(byte[] key) {
        byte[] own = entries.get(key);
        if (own == null && !runs.isEmpty()) {
            own = get(runs, key);
        }
        return own == null && deleted != null && deleted.contains(key) ? DELETED : own;
    }

    private static byte[] get(List<Placed> runs, byte[] key) {
        for (int i = runs.size() - 1; i >= 0; i--) {
            byte[] own = runs.get(i).run().get(key);
            if (own != null) {
                return IntervalSet.covers(runs.get(i).hidden(), key) ? DELETED : own;
            }
        }
        return null;
    }

    /**
     * Writes the entries in memory to a run.
     *
     * @throws org.mosslsm.kv.KvIoException when the disk refuses; nothing is lost then
     */
    void spill() {
        if (entries.isEmpty()) {
            return;
        }
        undo.closeBy(this);
        SpilledRun run =
                SpilledRun.write(files, new TreeCursor(entries.freeze()), 0, entries.count(), filterBytes, mayGoOn);
        hold(run);
        List<Placed> more = new ArrayList<>(runs);
        more.add(new Placed(run, WriteTree.State.EMPTY));
        runs = List.copyOf(more);
        entries.restore(WriteTree.State.EMPTY);
        while (mergesNewest()) {
            // once more: the merged run may complete a row of its size
        }
    }

    private boolean mergesNewest() {
        int from = runs.size() - FANOUT;
        int level = runs.isEmpty() ? 0 : runs.get(runs.size() - 1).run().level;
        if (from < 0 || runs.get(from).run().level != level) {
            return false;
        }
        List<Placed> merged = runs.subList(from, runs.size());
        long most = merged.stream().mapToLong(placed -> placed.run().entries()).sum();
        WriteTree.State hiddenSince = runs.get(runs.size() - 1).hidden();
        SpilledRun run = SpilledRun.write(
                files, new MergedWrites(WriteTree.State.EMPTY, merged), level + 1, most, filterBytes, mayGoOn);
        List<Placed> fewer = new ArrayList<>(runs.subList(0, from));
        if (run != null) {
            hold(run);
            fewer.add(new Placed(run, hiddenSince));
        }
        replaceRuns(List.copyOf(fewer));
        return true;
    }

    private void replaceRuns(List<Placed> others) {
        Set<SpilledRun> stay = Collections.newSetFromMap(new IdentityHashMap<>());
        for (Placed placed : others) {
            stay.add(placed.run());
            if (hold(placed.run())) {
                placed.run().hold();
            }
        }
        List<Placed> before = runs;
        runs = others;
        for (Placed placed : before) {
            SpilledRun run = placed.run();
            if (!run.marked && !stay.contains(run)) {
                held.remove(run);
                run.letGo();
            }
        }
    }

    /** Whether it was not held before. */
    private boolean hold(SpilledRun run) {
        if (held.isEmpty()) {
            held = Collections.newSetFromMap(new IdentityHashMap<>());
        }
        return held.add(run);
    }

    /**
     * Lets go of the runs, at the end of the transaction: of all, whichever file cannot be deleted; what an Error breaks off
     * the next call goes on with.
     */
    void close() {
        undo.end();
        runs = List.of();
        RuntimeException failure = null;
        for (Iterator<SpilledRun> left = held.iterator(); left.hasNext(); ) {
            SpilledRun run = left.next();
            left.remove(); // first: whatever letting go throws, it is not let go of again
            try {
                run.letGo();
            } catch (RuntimeException e) {
                if (failure == null) {
                    failure = e;
                } else if (failure != e) {
                    failure.addSuppressed(e);
                }
            }
        }
        if (failure != null) {
            throw failure;
        }
    }

    void put(byte[] key, byte[] value) {
        // An empty value must not be taken for the mark of a deleted key, even if a caller got hold of that very array.
        write(key, value == DELETED ? new byte[0] : value);
    }

    void delete(byte[] key) {
        write(key, DELETED);
    }

    private void write(byte[] key, byte[] value) {
        if (undo.takesMore(this)) {
            undo.add(key, entries.put(key, value));
        } else {
            entries.put(key, value);
        }
    }

    /** Makes {@code key} what it was before a write: {@code null} for not written. */
    void takeBack(byte[] key, byte[] before) {
        if (before == null) {
            entries.remove(key);
        } else {
            entries.put(key, before);
        }
    }

    void deleteRange(KeyRange range) {
        undo.closeBy(this);
        entries.removeRange(range.lo(), range.hiOrNull());
        deleted().add(range);
        if (!runs.isEmpty()) {
            runs = runs.stream().map(placed -> hiding(placed, range)).toList();
        }
    }

    private Placed hiding(Placed placed, KeyRange range) {
        if (hidden == null) {
            hidden = new IntervalSet();
        }
        hidden.restore(placed.hidden());
        hidden.add(range);
        return new Placed(placed.run(), hidden.freeze());
    }

    /** The deleted ranges, as the store takes them. */
    WriteBatch rangesToBatch() {
        WriteBatch batch = new WriteBatch();
        addRanges(batch);
        return batch;
    }

    private void addRanges(WriteBatch batch) {
        if (deleted != null) {
            for (KeyRange range : deleted.ranges()) {
                batch.deleteRange(range.lo(), range.hiOrNull());
            }
        }
    }

    /** All writes, as the store takes them, of a write set that is not spilled. */
    WriteBatch toBatch() {
        WriteBatch batch = WriteBatch.withRoom(entries.count(), entries.payloadBytes());
        addRanges(batch);
        TreeCursor cursor = new TreeCursor(entries.freeze());
        for (cursor.first(); cursor.valid(); cursor.next()) {
            if (cursor.value() == DELETED) {
                batch.delete(cursor.key());
            } else {
                batch.put(cursor.key(), cursor.value());
            }
        }
        return batch;
    }

    /** Hands all entries over, in key order. */
    void sendTo(Store.LargeCommit commit) {
        WriteCursor cursor = freeze().cursor();
        int sent = 0;
        for (cursor.first(); cursor.valid(); cursor.next()) {
            if (sent++ % SpilledRun.ENTRIES_PER_LOOK == 0) {
                mayGoOn.run();
            }
            byte[] key = cursor.key();
            byte[] value = cursor.value();
            if (value == DELETED) {
                commit.delete(key, 0, key.length);
            } else {
                commit.put(key, 0, key.length, value, 0, value.length);
            }
        }
    }
}

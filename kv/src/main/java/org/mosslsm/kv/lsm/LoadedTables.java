package org.mosslsm.kv.lsm;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.mosslsm.kv.CommitRequest;
import org.mosslsm.kv.ConflictException;
import org.mosslsm.kv.KeyRange;
import org.mosslsm.kv.KvIoException;
import org.mosslsm.kv.lsm.SortedTables.Loaded;
import org.mosslsm.kv.lsm.entry.RangeTombstone;
import org.mosslsm.kv.lsm.table.TableOptions;
import org.mosslsm.kv.lsm.version.FileMeta;
import org.mosslsm.kv.lsm.version.Version;
import org.mosslsm.kv.lsm.version.VersionEdit;

/**
 * Makes the tables of a bulk load, or of a large commit, part of the store.
 *
 * <pre>
 * when a load begins: rotate              so that most of what must be flushed is, while the load goes on
 * flush                                   most of what the next flush would have to do
 * under the commit lock:
 *   was anything written into the range since the load began?    conflict; of a commit: do its conditions hold?
 *   flush again: the little that came meanwhile
 *   one sequence number for all entries, which each table notes in itself; {@link LooseTables#seal}
 *   one edit, durable: each table goes to the deepest level above which nothing overlaps it
 *   publish the number
 *   whatever fails: the number is never given again. A table that has it may still be in the directory, and a repair without
 *   a manifest would take it for as old as what got the number next
 * </pre>
 *
 * The flush under the lock keeps the tables a first part of the history (invariant 3 of {@link ReadState}), and no older
 * delete in a memtable can hide the newer entries in the tables below it (invariant 1).
 *
 * <p>Thread-safe.
 */
final class LoadedTables {
    private final StoreReads reads;
    private final CommitPath commits;
    private final MemTableRotation rotation;
    private final Runnable flush;
    private final LooseTables loose;
    private final TableOptions options;
    private final DeletedRanges deletedRanges;

    /** Installs into the store that {@code commits} writes and {@code flush} flushes; {@code options} are of the tables. */
    LoadedTables(
            StoreReads reads,
            CommitPath commits,
            MemTableRotation rotation,
            Runnable flush,
            LooseTables loose,
            TableOptions options) {
        this.reads = reads;
        this.commits = commits;
        this.rotation = rotation;
        this.flush = flush;
        this.loose = loose;
        this.options = options;
        this.deletedRanges = new DeletedRanges(loose, options);
    }

    /** A load begins. */
    void begin() {
        commits.exclusively(rotation::rotateIfRoom);
    }

    /** Tables to be filled; not known to the store until they are given to a method below. */
    SortedTables newTables() {
        loose.deleteLeft();
        return new SortedTables(loose, options);
    }

    /** The store closes: no load makes a file from now on. */
    void close() {
        try (loose) {
            loose.deleteLeft();
        }
    }

    /** Returns the version that sees the tables; until it returns they belong to the caller. */
    long publish(List<Loaded> tables, KeyRange range, long since) {
        flush.run();
        return commits.exclusively(lastSeq -> {
            if (reads.anyNewer(range, since)) {
                throw new ConflictException(ConflictException.Reason.RANGE_CHANGED, range.lo());
            }
            return install(tables, lastSeq);
        });
    }

    /** Takes external tables in; returns the version that sees them. Errors: those of {@link Lsm#ingest}. */
    long ingestFiles(List<Ingest.External> files) {
        return new Ingest(loose, this).run(files);
    }

    /** As {@link #publish}, over whatever the store holds: the tables are newer than all of it. */
    long ingest(List<Loaded> tables) {
        flush.run();
        return commits.exclusively(lastSeq -> tables.isEmpty() ? lastSeq : install(tables, lastSeq));
    }

    /**
     * As {@link #ingest}, of a commit: if its conditions hold, and with ranges to delete that are older than the tables. On
     * return, and where the outcome is open, the tables are no longer the caller's.
     */
    long commit(CommitRequest request, List<RangeTombstone> ranges, SortedTables tables) {
        List<Loaded> finished = tables.finish();
        flush.run();
        return commits.exclusively(lastSeq -> {
            commits.check(request);
            return finished.isEmpty() && ranges.isEmpty()
                    ? lastSeq
                    : commit(request, ranges, finished, tables, lastSeq);
        });
    }

    private long commit(
            CommitRequest request, List<RangeTombstone> ranges, List<Loaded> loaded, SortedTables tables, long lastSeq)
            throws IOException {
        rotation.awaitFlushed(rotation.rotateIfUsed(lastSeq));
        long seq = lastSeq + (ranges.isEmpty() || loaded.isEmpty() ? 1 : 2);
        return using(seq, () -> {
            loaded.forEach(table -> loose.seal(table, seq));
            Optional<FileMeta> deletes = deletes(ranges, loaded, lastSeq + 1);
            // First: whatever is thrown from here on, of memory that ran out say, the manifest may name them.
            tables.handOver();
            decide(request, deletes, loaded, tables, seq);
        });
    }

    /** What gives tables their sequence number, and may fail. */
    private interface Step {
        void run() throws IOException;
    }

    /**
     * Gives that number to the tables of a step, and returns it; where the step fails, nobody gets the number again. After
     * an IOException or an Error no number is given at all any more.
     */
    private long using(long seq, Step step) throws IOException {
        try {
            step.run();
        } catch (RuntimeException e) {
            reads.gaps().tablesJoined(); // first: the number is published, and the tables may be there
            commits.skip(seq);
            throw e;
        }
        return seq;
    }

    /** Last, since a repair without a manifest takes it for true: what it deletes was committed, and this may not be yet. */
    private Optional<FileMeta> deletes(List<RangeTombstone> ranges, List<Loaded> loaded, long seq) throws IOException {
        if (ranges.isEmpty()) {
            return Optional.empty();
        }
        if (!loaded.isEmpty()) {
            syncNames(); // or a power loss might leave the deletes without what was put
        }
        return Optional.of(deletedRanges.write(ranges, seq));
    }

    private void syncNames() throws IOException {
        try {
            loose.vfs().syncDir();
        } catch (IOException e) {
            if (KvIoException.isOutOfFiles(e)) { // then nothing was tried; after any other failure the store must end
                throw new KvIoException("cannot sync the directory of the store: " + e.getMessage(), e);
            }
            throw e;
        }
    }

    private void decide(
            CommitRequest request, Optional<FileMeta> deletes, List<Loaded> loaded, SortedTables tables, long seq) {
        try {
            commits.decide(request, () -> install(deletes, loaded, seq));
        } catch (KvIoException e) {
            // Else they stay beside the deletes, which must not be found without them; the next open sweeps all up.
            boolean alone = deletes.isEmpty() || deletedRanges.discard(deletes.get());
            if (alone) {
                tables.takeBack();
            }
            throw e;
        }
    }

    /** Under the commit lock. */
    private long install(List<Loaded> tables, long lastSeq) throws IOException {
        rotation.awaitFlushed(rotation.rotateIfUsed(lastSeq));
        long seq = lastSeq + 1;
        return using(seq, () -> {
            tables.forEach(table -> loose.seal(table, seq));
            install(Optional.empty(), tables, seq);
        });
    }

    private void install(Optional<FileMeta> deletes, List<Loaded> tables, long seq) {
        reads.states().installLoaded(now -> edit(deletes, tables, seq, now.version()), seq);
        commits.took(seq); // not before: a number that nothing has would be missed when the store is opened again
        reads.gaps().tablesJoined();
        reads.snapshots().publish(seq);
    }

    /** Tables over a deleted range must be above it, and its own table is in level 0. */
    private static VersionEdit edit(Optional<FileMeta> deletes, List<Loaded> tables, long seq, Version version) {
        VersionEdit edit = new VersionEdit().lastSequence(seq);
        deletes.ifPresent(file -> edit.add(0, file));
        for (Loaded table : tables) {
            FileMeta file = FileMeta.ofLoaded(table.number(), table.size(), table.properties(), seq);
            boolean above = deletes.isPresent() && deletes.get().overlaps(file);
            edit.add(above ? 0 : deepestLevel(file, version), file);
        }
        return edit;
    }

    private static int deepestLevel(FileMeta file, Version version) {
        int level = 0;
        while (level + 1 < Version.LEVELS
                && version.overlapping(level, file).isEmpty()
                && version.overlapping(level + 1, file).isEmpty()) {
            level++;
        }
        return level;
    }
}

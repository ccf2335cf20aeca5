package org.mosslsm.kv.lsm;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.mosslsm.kv.BulkLoad;
import org.mosslsm.kv.Capabilities;
import org.mosslsm.kv.CommitRequest;
import org.mosslsm.kv.Cursor;
import org.mosslsm.kv.KeyRange;
import org.mosslsm.kv.KvIoException;
import org.mosslsm.kv.ScanHints;
import org.mosslsm.kv.Snapshot;
import org.mosslsm.kv.Store;
import org.mosslsm.kv.StoreMetrics;
import org.mosslsm.kv.WriteBatch;
import org.mosslsm.kv.lsm.compact.LevelShape;
import org.mosslsm.kv.lsm.table.BlockCache;
import org.mosslsm.kv.lsm.table.Compression;
import org.mosslsm.kv.lsm.table.TableOptions;
import org.mosslsm.kv.lsm.values.ValueOptions;
import org.mosslsm.kv.lsm.version.Version;
import org.mosslsm.kv.lsm.version.VersionSet;
import org.mosslsm.kv.vfs.OsVfs;
import org.mosslsm.kv.vfs.Vfs;

/**
 * The embedded engine: an ordered, multi-version store in one directory.
 *
 * <pre>
 *   commit --> log (.wal)                                    {@link CommitPath}, {@link ActiveLog}
 *          \-> memtable --full--> immutable --flush--> level 0 --compaction--> levels 1 .. 6   (.sst)
 *   read   <-- all of these, newest first                    {@link PointReads}, {@link CursorSources}
 * </pre>
 *
 * <p>Opening creates the directory where it is missing, locks it, and replays the logs ({@link LogReplay}). A failure of
 * the disk while writing turns the store read-only ({@link Health}); reopening clears that.
 *
 * <p>Thread safety: as {@link Store} says. Closing while others work is safe: they get StoreClosedException.
 */
public final class Lsm implements Store {
    /** A value file ends with the size of a memtable, but at most with this, so that it is soon copied when it must be. */
    private static final long MAX_VALUE_FILE_BYTES = 64L << 20;

    private final String name;
    private final Vfs vfs;
    private final LsmOptions options;
    private final Closeable lock;
    private final Health health;
    private final VersionSet versions;
    private final BlockCache cache;
    private final Snapshots snapshots;
    private final ReadStates states;
    final StoreReads reads;
    private final ActiveLog log;
    private final MemTableRotation rotation;
    private final FlushJob flushJob;
    private final CompactionWork compaction;
    private final Upkeep upkeep;
    private final WritePressure pressure;
    private final IntervalSync intervalSync;
    final DeadRunScout scout;
    private final CommitPath commits;
    private final LoadedTables loads;
    private final Capabilities capabilities;
    private final ScratchRoom scratch;

    /** Held by a checkpoint: one at a time. */
    private final Object checkpoints = new Object();

    private final long idBase = UUID.randomUUID().getMostSignificantBits();
    private final AtomicLong idCounter = new AtomicLong();

    /** Opens the store in a directory of the operating system; errors as {@link #open(Vfs, LsmOptions)}. */
    public static Lsm open(Path directory, LsmOptions options) {
        return open(new OsVfs(directory), options);
    }

    /**
     * Opens the store in the directory of {@code vfs}.
     *
     * @throws org.mosslsm.kv.StoreOpenException MISSING, NOT_A_STORE, LOCKED or NEWER_FORMAT
     * @throws org.mosslsm.kv.CorruptionException when manifest or logs are damaged
     * @throws KvIoException when the disk refuses
     */
    public static Lsm open(Vfs vfs, LsmOptions options) {
        options.compression().checkAvailable();
        options.bottomCompression().checkAvailable();
        Closeable lock = StoreDirectory.lock(vfs, options.create());
        VersionSet versions = null;
        try {
            BlockCache cache = new BlockCache(options.cacheBytes());
            versions = VersionSet.open(vfs, cache);
            Lsm store = new Lsm(vfs, options, lock, versions, cache);
            store.start();
            return store;
        } catch (IOException e) {
            closeAfterFailure(versions, lock, e);
            throw new KvIoException("cannot open the store " + vfs.path() + ": " + e, e);
        } catch (RuntimeException | Error e) {
            closeAfterFailure(versions, lock, e);
            throw e;
        }
    }

    /** Starts the threads; without them there is no store. */
    private void start() {
        try {
            upkeep.start();
        } catch (Throwable t) { // no memory for a thread
            health.fail(t); // so that nothing more is written
            try {
                close();
            } catch (RuntimeException | Error e) {
                t.addSuppressed(e);
            }
            throw t;
        }
        upkeep.signal(); // what was recovered may have to be flushed
    }

    private static void closeAfterFailure(VersionSet versions, Closeable lock, Throwable cause) {
        try (lock) {
            if (versions != null) {
                versions.close();
            }
        } catch (IOException | RuntimeException e) {
            cause.addSuppressed(e);
        }
    }

    private Lsm(Vfs vfs, LsmOptions options, Closeable lock, VersionSet versions, BlockCache cache) throws IOException {
        this.vfs = vfs;
        this.options = options;
        this.lock = lock;
        this.versions = versions;
        this.cache = cache;
        this.name = vfs.path();
        // All levels alike: compressing a flush costs less than the room and the rewriting of what would not be.
        TableOptions written = tableOptions(TableOptions.LOWER, options.blockBytes(), options.compression());
        TableOptions bottom = tableOptions(TableOptions.LOWER, options.blockBytes(), options.bottomCompression());
        ValueOptions values = new ValueOptions(
                options.largeValueBytes(),
                options.compression(),
                Math.min(options.memtableBytes(), MAX_VALUE_FILE_BYTES));
        long firstLog = versions.newFileNumber();
        LogReplay.Recovered found = new LogReplay(vfs, versions, options, written, values).run(firstLog);
        long recovered = found.lastSeq();
        this.health = new Health(name);
        this.snapshots = new Snapshots(recovered);
        this.log = found.log() == null
                ? new ActiveLog(vfs, firstLog, recovered)
                : new ActiveLog(vfs, found.log(), recovered);
        this.states = new ReadStates(versions, found.active(), found.full());
        this.reads = new StoreReads(states, versions.tables(), versions.values(), snapshots, health);
        this.flushJob = new FlushJob(vfs, versions, reads, log, written, values, cutFor(options));
        this.pressure = new WritePressure(options.memtableBytes());
        this.compaction = new CompactionWork(
                vfs,
                versions,
                reads,
                options,
                pressure,
                level -> level == Version.LEVELS - 1 ? bottom : written,
                values);
        String threads = "mosslsm-" + name + "-";
        this.upkeep = new Upkeep(
                name,
                threads,
                options.compactionThreads(),
                reads,
                flushJob,
                compaction,
                new EarlyFlush(states, versions.tables(), reads.waste(), options.memtableBytes()),
                this::rotateIfNobodyCommits);
        reads.waste().whenMore(upkeep::signalCompactors);
        this.rotation = new MemTableRotation(options, versions, reads, log, pressure, upkeep::signal);
        this.intervalSync = new IntervalSync(threads + "sync", log, upkeep::failed);
        this.scout = new DeadRunScout(threads + "scout", reads);
        this.commits = new CommitPath(reads, log, rotation, intervalSync, scout);
        this.loads = new LoadedTables(
                reads, commits, rotation, this::awaitInTables, new LooseTables(vfs, versions), written);
        this.capabilities = Limits.capabilities();
        this.scratch = new ScratchRoom(vfs);
        scratch.sweep();
    }

    /** Flushes are cut for leveled merges only: tiered ones take the tables of level 0 for runs of one age each. */
    private static Optional<LevelShape> cutFor(LsmOptions options) {
        return options.compactionStyle() == LsmOptions.CompactionStyle.LEVELED
                ? Optional.of(LevelShape.forMemTables(options.memtableBytes()))
                : Optional.empty();
    }

    /** The usual way to write a table, but for block size and compression. */
    private static TableOptions tableOptions(TableOptions usual, int blockBytes, Compression compression) {
        return new TableOptions(
                Math.min(blockBytes, LsmOptions.MAX_BLOCK_BYTES),
                compression,
                usual.filterBitsPerKey(),
                usual.restartInterval());
    }

    private boolean rotateIfNobodyCommits() {
        return commits.tryExclusively(rotation::rotateIfRoom);
    }

    // Reads

    @Override
    public Capabilities capabilities() {
        health.checkOpen();
        return capabilities;
    }

    @Override
    public Snapshot snapshot() {
        health.checkOpen();
        return new LsmSnapshot(reads);
    }

    @Override
    public Snapshot snapshotAt(long version) {
        health.checkOpen();
        return new LsmSnapshot(reads, version);
    }

    /** A copy of the newest value of the key, or null. */
    public byte[] get(byte[] key) {
        health.checkOpen();
        return reads.points().getNewest(key, snapshots);
    }

    /**
     * Copies the newest value of the key to the start of {@code into}, for readers that allocate nothing.
     *
     * @return the length of the value, which is copied only where it fits; -1 where the key has none
     */
    public int get(byte[] key, byte[] into) {
        health.checkOpen();
        return reads.points().getNewest(key, snapshots, into);
    }

    /** A cursor over the newest committed state of the range; the caller closes it. */
    public Cursor cursor(KeyRange range, Cursor.Direction direction) {
        health.checkOpen();
        return new LsmCursor(reads, new LsmSnapshot(reads), true, range, direction, ScanHints.NONE);
    }

    @Override
    public CommitStatus status(UUID commitId) {
        health.checkOpen();
        return commits.status(commitId);
    }

    @Override
    public List<byte[]> splits(KeyRange range, int wanted) {
        return withState(state ->
                range.isEmpty() ? List.of() : new RangeFigures(state, versions.tables(), range).splits(wanted));
    }

    @Override
    public long approximateBytes(KeyRange range) {
        return withState(state -> range.isEmpty() ? 0L : new RangeFigures(state, versions.tables(), range).bytes());
    }

    private <T> T withState(Function<ReadState, T> question) {
        health.checkOpen();
        ReadState state = states.acquire();
        try {
            return question.apply(state);
        } finally {
            state.version().release();
        }
    }

    @Override
    public ScratchFile scratchFile() {
        health.checkOpen();
        return scratch.create();
    }

    @Override
    public StoreMetrics metrics() {
        health.checkOpen();
        return LsmMetrics.of(states.current(), reads, cache, log, rotation, pressure, flushJob, compaction);
    }

    // Writes

    @Override
    public long commit(CommitRequest request) {
        Limits.check(request.writes());
        return commits.commit(request);
    }

    /** Writes a batch atomically with the durability of the options; returns the version that sees it. */
    public long write(WriteBatch writes) {
        Limits.check(writes);
        return commits.commit(writes, options.durability());
    }

    /** Sets the value of a key, with the durability of the options. */
    public long put(byte[] key, byte[] value) {
        return write(WriteBatch.ofPut(key, value));
    }

    /** Deletes a key, with the durability of the options. */
    public long delete(byte[] key) {
        return write(WriteBatch.ofDelete(key));
    }

    /** Deletes the keys {@code [lo, hi)}, with the durability of the options. */
    public long deleteRange(byte[] lo, byte[] hi) {
        return write(new WriteBatch().deleteRange(lo, hi));
    }

    /** An identity that no other commit has; much cheaper than a random one. */
    UUID newCommitId() {
        return new UUID(idBase, idCounter.incrementAndGet());
    }

    @Override
    public void deleteRange(KeyRange range) {
        health.checkWritable();
        if (range.isEmpty()) {
            return;
        }
        RangeDelete.run(this, range);
    }

    @Override
    public BulkLoad bulkLoad(KeyRange range) {
        loads.begin();
        Snapshot start = LsmBulkLoad.start(this, range);
        return new LsmBulkLoad(loads, loads.newTables(), start, range);
    }

    @Override
    public LargeCommit largeCommit() {
        health.checkWritable();
        return new LsmLargeCommit(loads, loads.newTables(), health);
    }

    /**
     * Takes tables that {@link TableWriter} wrote into the store, all at once; returns the version that sees them. Their
     * entries are newer than all the store holds, and need not be apart from it. The files are copied, and stay.
     *
     * @throws IllegalArgumentException when two tables overlap, or one was not written by a TableWriter
     * @throws org.mosslsm.kv.CorruptionException when one is damaged
     * @throws KvIoException when one cannot be read or copied; nothing has happened then
     */
    public long ingest(Path... tables) {
        return ingest(Arrays.stream(tables).map(Ingest.External::of).toList());
    }

    long ingest(List<Ingest.External> tables) {
        health.checkWritable();
        return loads.ingestFiles(tables);
    }

    // Maintenance

    /** Writes everything in memory to tables; returns when it is there, and the logs it was in are deleted or kept for reuse. */
    public void flush() {
        awaitInTables();
        flushJob.awaitLogsDropped();
    }

    private void awaitInTables() {
        rotation.awaitFlushed(commits.exclusively(rotation::rotateIfUsed));
    }

    /**
     * Flushes, and returns when no level is larger than it should be, and the files that were merged are deleted, but for
     * those that a snapshot, a cursor or other work of the store still reads.
     */
    public void compact() {
        scout.rest(); // its snapshot would keep what it sees in the tables of the flush already
        flush();
        scout.rest();
        upkeep.awaitShape();
    }

    @Override
    public void checkpoint(String target) {
        flush();
        synchronized (checkpoints) {
            ReadState state = states.acquire();
            try {
                Checkpoint.write(
                        vfs, state, versions, Path.of(target).toAbsolutePath().toString());
            } finally {
                state.version().release();
            }
        }
    }

    @Override
    public void close() {
        if (!health.close()) {
            return;
        }
        Throwable failure = null;
        upkeep.stop();
        intervalSync.stop();
        scout.stop();
        try (lock) { // let go last: until then the files are ours
            closeFiles();
        } catch (IOException | RuntimeException e) {
            failure = e;
        }
        if (failure != null) {
            throw new KvIoException("closing the store " + name + " failed: " + failure.getMessage(), failure);
        }
    }

    private void closeFiles() throws IOException {
        try {
            commits.close(flushJob.closing(rotation, options.memtableBytes()));
        } finally {
            try {
                loads.close();
                scratch.close();
                states.close();
            } finally {
                versions.close();
            }
        }
    }

    @Override
    public String toString() {
        return "lsm(" + name + ")";
    }
}

package org.mosslsm.kv.lsm.version;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.mosslsm.kv.KvIoException;
import org.mosslsm.kv.StoreClosedException;
import org.mosslsm.kv.StoreReadOnlyException;
import org.mosslsm.kv.lsm.table.BlockCache;
import org.mosslsm.kv.lsm.wal.LogFullException;
import org.mosslsm.kv.vfs.Vfs;

/**
 * The versions of a store: the current one, those still read, and their record on disk.
 *
 * <pre>
 * apply(edit)          one at a time, under the lock `manifestLock`
 *   next = current.apply(edit)             refused here when it does not fit: nothing has happened then
 *   sync the directory                     so that the tables the edit adds are found after a crash
 *   append the edit to the manifest, sync  from here on the edit holds; a failure poisons
 *     or, when the manifest has grown,     write a new one that holds next, and swap CURRENT
 *   reference next's files, current = next, release the version before
 *     files no live version holds          closed and deleted, by whoever releases last
 * </pre>
 *
 * <p>Invariants:
 *
 * <ol>
 *   <li>The manifest in force, replayed, gives {@code current}; but for the time between its sync and the install.
 *   <li>A file's {@code versions} is the number of live versions (reference count above 0) that hold it; guarded by
 *       {@code fileLock}. A file is deleted once, when that drops to 0.
 *   <li>After a failure to write the manifest nothing is written any more: what it holds on disk is not known, so that
 *       neither the files the edit adds nor those it removes may be deleted before the store is opened again.
 * </ol>
 *
 * <p>Thread-safe. {@code fileLock} is taken inside {@code manifestLock}, never the other way round; no disk access under
 * {@code fileLock}.
 */
public final class VersionSet implements AutoCloseable {
    private final Vfs vfs;
    private final TableCache tables;
    private final ValueFiles values;
    private final AtomicLong nextFileNumber = new AtomicLong(1);
    private final Object manifestLock = new Object();
    private final Object fileLock = new Object();

    /** Files of live versions; guarded by fileLock. */
    private final Set<FileMeta> liveFiles = new HashSet<>();

    private volatile Version current;

    /** Guarded by manifestLock, as are the next three for writing. */
    private ManifestWriter manifest;

    private volatile long logNumber;
    private volatile long lastSequence;
    private volatile long closedSequence;

    /** The failure that poisoned the manifest, or null. */
    private volatile Throwable failure;

    private volatile boolean closed;

    VersionSet(Vfs vfs, BlockCache blocks) {
        this.vfs = vfs;
        this.tables = new TableCache(vfs, blocks);
        this.values = new ValueFiles(vfs);
        this.current = Version.empty(this);
    }

    /**
     * Opens the store in the directory of {@code vfs}, or starts a new one where the directory is empty. Writes a fresh
     * manifest and deletes what an earlier crash left over. The caller holds the directory's lock.
     *
     * @throws org.mosslsm.kv.StoreOpenException NOT_A_STORE when the directory is neither empty nor a store; NEWER_FORMAT
     * @throws org.mosslsm.kv.CorruptionException when the manifest is damaged other than by a torn end, or a table it
     *     names is missing
     * @throws KvIoException when the disk refuses
     */
    public static VersionSet open(Vfs vfs, BlockCache blocks) {
        return new Recovery(vfs, blocks).run();
    }

    /** The current version, without a reference: for point reads, which start over when it dies under them. */
    public Version current() {
        return current;
    }

    /** The current version with a reference, to be given back by {@link Version#release}. */
    public Version acquire() {
        while (true) {
            Version version = current;
            if (version.tryReference()) {
                return version;
            }
        }
    }

    /** Opens the tables of the versions. */
    public TableCache tables() {
        return tables;
    }

    /** Reads the values that tables point to. */
    public ValueFiles values() {
        return values;
    }

    /** A number no file has had. */
    public long newFileNumber() {
        return nextFileNumber.getAndIncrement();
    }

    /** Logs with a lower number are no longer needed. */
    public long logNumber() {
        return logNumber;
    }

    /** Greatest sequence number known to be in tables; logs may hold greater ones. */
    public long lastSequence() {
        return lastSequence;
    }

    /** At least this far tables and logs together go, since the store was closed so; 0 where it never was. */
    public long closedSequence() {
        return closedSequence;
    }

    /**
     * Notes that tables and logs hold all up to {@code sequence}, durably, so that the next open can tell a log that was cut
     * off afterwards from one that a crash tore. Writes nothing where the tables alone go so far, or the manifest says so
     * already; else it costs one sync.
     *
     * @throws KvIoException as for {@link #apply}, and {@link StoreReadOnlyException}; nothing but the note is missing then
     */
    public void closedAt(long sequence) {
        if (sequence > Math.max(lastSequence, closedSequence)) {
            apply(new VersionEdit().closedSequence(sequence));
        }
    }

    /** Size of the manifest in force, in bytes. */
    public long manifestBytes() {
        synchronized (manifestLock) {
            return manifest.size();
        }
    }

    /**
     * Makes the edit durable, then current. The tables it adds must be finished and synced; their directory entries are
     * synced here.
     *
     * @throws IllegalStateException when the edit does not fit the current version; nothing has happened then
     * @throws KvIoException when the device is full, or no more files may be opened; nothing has happened then
     * @throws StoreReadOnlyException when the manifest could not be written, now or earlier: whether the edit holds is
     *     known only after the store is opened again, and none of its files may be deleted before
     */
    public void apply(VersionEdit edit) {
        Version before;
        synchronized (manifestLock) {
            checkWritable();
            before = current;
            Version next = before.apply(edit);
            edit.nextFileNumber(nextFileNumber.get());
            try {
                if (!edit.added().isEmpty()) {
                    syncNames();
                }
                if (manifest.isFullFor(edit)) {
                    rollManifest(next, edit);
                } else {
                    manifest.append(edit);
                }
                count(edit);
                install(next);
            } catch (LogFullException e) {
                throw new KvIoException("the manifest cannot be written now: " + e.getMessage(), e);
            } catch (IOException e) {
                failure = e;
                throw readOnly();
            } catch (RuntimeException e) { // manifest and memory may differ now
                failure = e;
                throw readOnly();
            } catch (Error e) { // out of memory, say: likewise
                failure = e;
                throw e;
            }
        }
        before.release();
    }

    /**
     * Writes a manifest and CURRENT for a version into another directory, which already holds links to its tables: the
     * last step of a checkpoint.
     *
     * @param log logs with a lower number are not needed by the copy
     * @param sequence last sequence number of what the version holds; not this set's, which may have gone on
     */
    public void export(Version version, Vfs target, long log, long sequence) throws IOException {
        long number = newFileNumber();
        VersionEdit all =
                snapshot(version).logNumber(log).lastSequence(sequence).closedSequence(sequence);
        try (ManifestWriter writer = ManifestWriter.create(target, number, all.nextFileNumber(nextFileNumber.get()))) {
            target.syncDir();
            CurrentFile.replace(target, writer);
        }
    }

    /**
     * Closes the manifest and all tables; files no version needs stay until the next open. Harmless when repeated.
     */
    @Override
    public void close() {
        List<FileMeta> open;
        synchronized (manifestLock) {
            if (closed) {
                return;
            }
            closed = true;
            if (manifest != null) {
                try {
                    manifest.close();
                } catch (IOException e) {
                    failure = failure == null ? e : failure; // every edit was synced: nothing is lost
                }
            }
        }
        synchronized (fileLock) {
            open = new ArrayList<>(liveFiles);
        }
        open.forEach(tables::close);
        values.close();
    }

    /**
     * Deletes what is in the directory but not in force; for {@link Recovery}, before anyone else sees this object.
     *
     * <p>Without a sync of the directory: a name that a loss of power brings back is as little in force as before, and the
     * next open deletes it again. Nor does it get in the way of a file that was given its number since: who creates a file
     * replaces what has its name, and what a manifest names had its directory entry synced before.
     */
    void sweep(Set<String> names) {
        Set<String> needed = new HashSet<>();
        current.allFiles().forEach(f -> needed.add(f.name()));
        current.values().metas().forEach(f -> needed.add(f.name()));
        for (String name : names) {
            boolean orphan =
                    switch (FileNames.kind(name)) {
                        case TABLE, VALUES -> !needed.contains(name);
                        case MANIFEST -> !name.equals(manifest.name());
                        case TEMPORARY -> true;
                        case CURRENT, LOCK, WAL, FOREIGN -> false;
                    };
            if (orphan) {
                TableCache.deleteIfPossible(vfs, name);
            }
        }
    }

    /** Called by the last release of a version: forgets its files, and deletes those no other live version holds. */
    void died(Version version) {
        List<FileMeta> dead = new ArrayList<>();
        List<ValueFileMeta> deadValues = new ArrayList<>();
        synchronized (fileLock) {
            for (FileMeta file : version.allFiles()) {
                if (--file.versions == 0) {
                    liveFiles.remove(file);
                    dead.add(file);
                }
            }
            for (ValueFileMeta file : version.values().metas()) {
                if (--file.versions == 0) {
                    deadValues.add(file);
                }
            }
        }
        if (!closed) {
            dead.forEach(tables::delete);
            deadValues.forEach(values::delete);
        }
    }

    /** Name of the manifest in force. */
    public String manifestName() {
        synchronized (manifestLock) {
            return manifest.name();
        }
    }

    /** Takes over what a manifest said; for {@link Recovery}, before anyone else sees this object. */
    void recovered(Version version, long log, long sequence, long closedAt, long nextFile) {
        logNumber = log;
        lastSequence = sequence;
        closedSequence = closedAt;
        nextFileNumber.set(nextFile);
        install(version);
    }

    /** Starts a new manifest that holds the current version, and puts it in force. */
    void startManifest() throws IOException {
        synchronized (manifestLock) {
            rollManifest(current, new VersionEdit());
        }
    }

    /** Goes on with the manifest in force. */
    void resumeManifest(ManifestWriter inForce) {
        synchronized (manifestLock) {
            manifest = inForce;
        }
    }

    private void rollManifest(Version version, VersionEdit edit) throws IOException {
        long number = newFileNumber();
        VersionEdit all = snapshot(version)
                .logNumber(Math.max(logNumber, edit.logNumber()))
                .lastSequence(Math.max(lastSequence, edit.lastSequence()))
                .closedSequence(Math.max(closedSequence, edit.closedSequence()))
                .nextFileNumber(nextFileNumber.get());
        ManifestWriter before = manifest; // null at first
        // Opened before CURRENT is another, so that no descriptor is wanted then.
        try (Vfs.DirectorySync directory = openToSync()) {
            manifest = begin(number, all); // closed with this object, whatever happens from here on
            try (before) {
                directory.sync();
                CurrentFile.putInForce(vfs, directory);
            }
        }
        if (before != null) {
            TableCache.deleteIfPossible(vfs, before.name());
        }
    }

    private void syncNames() throws IOException {
        try (Vfs.DirectorySync directory = openToSync()) {
            directory.sync();
        }
    }

    private Vfs.DirectorySync openToSync() throws IOException {
        try {
            return vfs.openToSync();
        } catch (IOException e) {
            if (KvIoException.isOutOfFiles(e)) {
                throw new LogFullException(vfs.path(), e);
            }
            throw e;
        }
    }

    /**
     * Writes a manifest, and the CURRENT that will put it in force; where there is no space or no descriptor for both, there is
     * neither.
     */
    private ManifestWriter begin(long number, VersionEdit all) throws IOException {
        ManifestWriter fresh = null;
        try {
            fresh = ManifestWriter.create(vfs, number, all);
            CurrentFile.prepare(vfs, fresh);
            return fresh;
        } catch (IOException e) {
            if (fresh != null) {
                fresh.close();
            }
            if (KvIoException.isShortage(e)) {
                TableCache.deleteIfPossible(vfs, FileNames.CURRENT_TEMP);
                TableCache.deleteIfPossible(vfs, FileNames.manifest(number));
                throw new LogFullException(FileNames.manifest(number), e);
            }
            throw e;
        }
    }

    /** An edit that leads from nothing to the version. */
    private static VersionEdit snapshot(Version version) {
        VersionEdit all = new VersionEdit().startManifest();
        for (int level = 0; level < Version.LEVELS; level++) {
            for (FileMeta file : version.files(level)) {
                all.add(level, file);
            }
        }
        version.values().metas().forEach(all::add);
        return all;
    }

    private void count(VersionEdit edit) {
        logNumber = Math.max(logNumber, edit.logNumber());
        closedSequence = Math.max(closedSequence, edit.closedSequence());
        long sequence = Math.max(lastSequence, edit.lastSequence());
        for (VersionEdit.Added added : edit.added()) {
            sequence = Math.max(sequence, added.file().maxSeq());
        }
        lastSequence = sequence;
    }

    private void install(Version next) {
        synchronized (fileLock) {
            for (FileMeta file : next.allFiles()) {
                file.versions++;
                liveFiles.add(file);
            }
            for (ValueFileMeta file : next.values().metas()) {
                if (file.versions++ == 0) {
                    values.joined(file);
                }
            }
        }
        current = next;
    }

    private void checkWritable() {
        if (closed) {
            throw new StoreClosedException("the store");
        }
        if (failure != null) {
            throw readOnly();
        }
    }

    private StoreReadOnlyException readOnly() {
        return new StoreReadOnlyException(
                "the manifest could not be written (" + failure.getMessage()
                        + "); the store takes no more writes until it is opened again",
                failure);
    }
}

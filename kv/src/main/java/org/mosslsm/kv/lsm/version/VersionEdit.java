package org.mosslsm.kv.lsm.version;

import java.util.ArrayList;
import java.util.List;
import org.mosslsm.kv.StoreOpenException;
import org.mosslsm.kv.lsm.table.ByteReader;
import org.mosslsm.kv.lsm.table.ByteWriter;

/**
 * One step from a version to the next: what a flush or a compaction adds and takes away, and the counters. One record of
 * the manifest.
 *
 * <pre>
 * edit  := (tag:varint  field)*
 * field := 1 formatVersion:varint           first tag of a manifest's first record
 *        | 2 logNumber:varint               logs with a lower number are no longer needed
 *        | 3 nextFileNumber:varint          not used yet
 *        | 4 lastSequence:varint            at least all that the tables hold
 *        | 5 level:varint number:varint     table removed
 *        | 6 level:varint FileMeta          table added
 *        | 7 level:varint FileMeta          table added that points to value files      format version 2
 *        | 8 ValueFileMeta                  value file added                            format version 2
 *        | 9 closedSequence:varint          tables and logs hold at least all up to it  format version 3
 * </pre>
 *
 * A value file leaves when no table points to it any more, which needs no word here. Every manifest that is begun now has a
 * closedSequence, and so says format version 3; older ones are gone on with as they are until a close has one to say.
 *
 * <p>A tag that is not known is an error, because what it says may matter: it comes from a newer version or is damage.
 *
 * <p>Mutable while it is put together, by one thread.
 */
public final class VersionEdit {
    /** What is written where nothing of version 2 is needed. */
    static final int FIRST_VERSION = 1;

    /** What is needed where there are value files. */
    static final int WITH_VALUES = 2;

    /** What is needed where a close has left its word: the newest version known. */
    static final int WITH_CLOSE = 3;

    private static final int TAG_FORMAT = 1;
    private static final int TAG_LOG_NUMBER = 2;
    private static final int TAG_NEXT_FILE = 3;
    private static final int TAG_LAST_SEQUENCE = 4;
    private static final int TAG_REMOVED = 5;
    private static final int TAG_ADDED = 6;
    private static final int TAG_ADDED_POINTING = 7;
    private static final int TAG_VALUE_FILE = 8;
    private static final int TAG_CLOSED = 9;

    /** A table that joins a level. */
    public record Added(int level, FileMeta file) {}

    /** A table that leaves a level. */
    public record Removed(int level, long number) {}

    private static final long ABSENT = -1;

    private boolean startsManifest;
    private long logNumber = ABSENT;
    private long nextFileNumber = ABSENT;
    private long lastSequence = ABSENT;
    private long closedSequence = ABSENT;
    private final List<Added> added = new ArrayList<>();
    private final List<Removed> removed = new ArrayList<>();
    private final List<ValueFileMeta> valueFiles = new ArrayList<>();

    /** Adds a table to a level. */
    public VersionEdit add(int level, FileMeta file) {
        checkLevel(level);
        added.add(new Added(level, file));
        return this;
    }

    /** Takes a table from a level. */
    public VersionEdit remove(int level, FileMeta file) {
        checkLevel(level);
        removed.add(new Removed(level, file.number()));
        return this;
    }

    /** Adds a value file, for tables of this edit to point to. */
    public VersionEdit add(ValueFileMeta file) {
        valueFiles.add(file);
        return this;
    }

    /** Says that logs with a lower number are no longer needed, their writes being in tables. */
    public VersionEdit logNumber(long number) {
        logNumber = number;
        return this;
    }

    /** Notes the greatest sequence number the tables hold; never lowers it. */
    public VersionEdit lastSequence(long sequence) {
        lastSequence = Math.max(lastSequence, sequence);
        return this;
    }

    /** Says that tables and logs together hold all up to that sequence number, durably; never lowers it. */
    VersionEdit closedSequence(long sequence) {
        closedSequence = Math.max(closedSequence, sequence);
        return this;
    }

    /** Tables that join. */
    public List<Added> added() {
        return List.copyOf(added);
    }

    /** Tables that leave. */
    public List<Removed> removed() {
        return List.copyOf(removed);
    }

    /** Value files that join. */
    public List<ValueFileMeta> valueFiles() {
        return List.copyOf(valueFiles);
    }

    /** The least format version that has all the edit says. */
    int formatVersion() {
        if (closedSequence != ABSENT) {
            return WITH_CLOSE;
        }
        boolean pointing = added.stream().anyMatch(a -> !a.file().values().isEmpty());
        return pointing || !valueFiles.isEmpty() ? WITH_VALUES : FIRST_VERSION;
    }

    /** The log number, or -1 where the edit does not change it. */
    public long logNumber() {
        return logNumber;
    }

    /** The greatest sequence number, or -1 where the edit does not change it. */
    public long lastSequence() {
        return lastSequence;
    }

    /** What tables and logs together hold at least, or -1 where the edit does not change it. */
    public long closedSequence() {
        return closedSequence;
    }

    long nextFileNumber() {
        return nextFileNumber;
    }

    VersionEdit nextFileNumber(long number) {
        nextFileNumber = number;
        return this;
    }

    boolean startsManifest() {
        return startsManifest;
    }

    /** Marks the edit as a manifest's first record, which says its format. */
    VersionEdit startManifest() {
        startsManifest = true;
        return this;
    }

    byte[] encode() {
        ByteWriter out = new ByteWriter(256);
        if (startsManifest) {
            out.varint(TAG_FORMAT).varint(formatVersion());
        }
        counter(out, TAG_LOG_NUMBER, logNumber);
        counter(out, TAG_NEXT_FILE, nextFileNumber);
        counter(out, TAG_LAST_SEQUENCE, lastSequence);
        counter(out, TAG_CLOSED, closedSequence);
        for (Removed r : removed) {
            out.varint(TAG_REMOVED).varint(r.level()).varint(r.number());
        }
        for (Added a : added) {
            out.varint(a.file().values().isEmpty() ? TAG_ADDED : TAG_ADDED_POINTING);
            out.varint(a.level());
            a.file().encode(out);
        }
        for (ValueFileMeta file : valueFiles) {
            out.varint(TAG_VALUE_FILE);
            file.encode(out);
        }
        return out.toByteArray();
    }

    /**
     * Reads an edit.
     *
     * @throws org.mosslsm.kv.CorruptionException when the bytes are not an edit
     * @throws StoreOpenException NEWER_FORMAT when they are one of a newer version of the format
     */
    static VersionEdit decode(ByteReader in, String file) {
        VersionEdit edit = new VersionEdit();
        while (in.remaining() > 0) {
            long tag = in.varint();
            if (tag == TAG_FORMAT) {
                checkFormat(in, file);
                edit.startsManifest = true;
            } else if (tag == TAG_LOG_NUMBER) {
                edit.logNumber = in.number("a counter");
            } else if (tag == TAG_NEXT_FILE) {
                edit.nextFileNumber = in.number("a counter");
            } else if (tag == TAG_LAST_SEQUENCE) {
                edit.lastSequence = in.number("a counter");
            } else if (tag == TAG_CLOSED) {
                edit.closedSequence = in.number("a counter");
            } else if (tag == TAG_REMOVED) {
                edit.removed.add(new Removed(in.count(Version.LEVELS - 1, "the level"), in.number("a counter")));
            } else if (tag == TAG_ADDED || tag == TAG_ADDED_POINTING) {
                int level = in.count(Version.LEVELS - 1, "the level");
                edit.added.add(new Added(level, FileMeta.decode(in, tag == TAG_ADDED_POINTING)));
            } else if (tag == TAG_VALUE_FILE) {
                edit.valueFiles.add(ValueFileMeta.decode(in));
            } else {
                throw in.damage("version edit with the unknown tag " + Long.toUnsignedString(tag));
            }
        }
        return edit;
    }

    private static void counter(ByteWriter out, int tag, long value) {
        if (value != ABSENT) {
            out.varint(tag).varint(value);
        }
    }

    private static void checkFormat(ByteReader in, String file) {
        long version = in.varint();
        if (version > WITH_CLOSE) {
            throw newerFormat(file, version);
        } else if (version < FIRST_VERSION) {
            throw in.damage("the format version " + version);
        }
    }

    static StoreOpenException newerFormat(String file, long version) {
        return new StoreOpenException(
                StoreOpenException.Reason.NEWER_FORMAT,
                file + " has format version " + version + "; this release reads version " + WITH_CLOSE
                        + ". Open the store with the release that wrote it, or a newer one",
                null);
    }

    private static void checkLevel(int level) {
        if (level < 0 || level >= Version.LEVELS) {
            throw new IllegalArgumentException("level " + level + " is not in 0.." + (Version.LEVELS - 1));
        }
    }

    @Override
    public String toString() {
        return "edit{added " + added + ", removed " + removed + ", log " + logNumber + ", next file " + nextFileNumber
                + ", last sequence " + lastSequence
                + (closedSequence == ABSENT ? "" : ", closed at " + closedSequence)
                + (valueFiles.isEmpty() ? "" : ", value files " + valueFiles) + "}";
    }
}

package org.mosslsm.kv.lsm.wal;

import java.io.Closeable;
import java.io.IOException;
import java.util.Arrays;
import org.mosslsm.kv.KvIoException;
import org.mosslsm.kv.vfs.Vfs;
import org.mosslsm.kv.vfs.WritableFile;

/**
 * Writes a log.
 *
 * <pre>
 * append   into memory                       lost when the process dies
 * flush    handed to the operating system    lost when the power fails
 * sync     on the device
 * </pre>
 *
 * A flush that fails because the device is full is taken back, and may be tried again ({@link LogFullException}); so may an
 * append, which leaves no part of its record.
 *
 * <p>Invariants: (1) {@code buffer[0..filled)} belongs at offset {@code flushed} of the file. (2) {@code synced <= flushed};
 * a sync that saw bytes flushed which were taken back meanwhile says nothing of what it did. (3) After any other failure
 * nothing is written or synced any more: where the log ends is then known only to who reads it. (4) Where {@code
 * notedPage} is the page the log ends in, the buffer has room for the rest of its block: that was made before the fragment
 * with the whole head, and each byte added since took one of both.
 *
 * <p>Thread safety: append, flush, mark, end, rewind, finish and close by one thread at a time, as under a commit lock; sync
 * by any thread beside them, so that commits are gathered while the device works.
 */
public final class LogWriter implements Closeable {
    /** Two blocks: a fragment always fits once the buffer is drained, and most groups of commits are one write. */
    private static final int BUFFER_BYTES = 2 * LogFormat.BLOCK_BYTES;

    /** A store with a few writes should not take much more; and yet that is a hundred small commits. */
    private static final long LEAST_AHEAD = 16 << 10;

    /** Room ahead is half of what there is, so that it is made seldom; but a commit waits for it: about a millisecond. */
    private static final long MOST_AHEAD = 1 << 20;

    private final String name;
    private final WritableFile file;
    private final long number;
    private final LogFormat.Checksum checksum = new LogFormat.Checksum();
    private final byte[] buffer = new byte[BUFFER_BYTES];
    private int filled;
    private volatile long flushed;
    private volatile long synced;
    private volatile IOException failure;

    /** How often flushed bytes were taken back; guarded by this. */
    private long takenBack;

    private boolean growsAhead;
    private boolean mapsAhead;
    private boolean askedToMap;

    /** Where the log ended when it was opened again, in good order: with nothing behind that it need not be ended again. */
    private long cleanEnd = -1;

    /** Length of the file as far as this writer made it; at least {@code flushed}. */
    private long allocated;

    /** Whether the file may go on behind the log: by room made ahead, or by what a recycled file held. */
    private boolean mayBeLonger;

    /** Whether records may be SHORT. */
    private boolean shortens;

    /** The sequence number behind the batch appended last; -1 where that is not known. */
    private long nextSeq = -1;

    /** What the last fragment with a whole head says is synced, and the page it begins in; -1 for none. */
    private long noted;

    private long notedPage = -1;

    private LogWriter(String name, WritableFile file, long number) {
        this.name = name;
        this.file = file;
        this.number = number;
    }

    private LogWriter start(int version) throws IOException {
        shortens = version > LogFormat.FIRST_VERSION;
        byte[] start = LogFormat.startPayload(version);
        System.arraycopy(start, 0, buffer, LogFormat.HEAD_BYTES, start.length);
        addFragment(LogFormat.START, start.length);
        try {
            flush();
        } catch (IOException e) {
            close();
            throw e;
        }
        return this;
    }

    /**
     * Starts a log in a new file. Its name is durable only after {@link Vfs#syncDir}, which is left to the caller.
     *
     * @param number the log's number; its low 32 bits must differ from those of every log whose file may be recycled
     */
    public static LogWriter create(Vfs vfs, String name, long number) throws IOException {
        return new LogWriter(name, vfs.create(name), number).start(LogFormat.FIRST_VERSION);
    }

    /** As {@link #create}, for batches of writes: {@link #appendBatch}. */
    public static LogWriter createForBatches(Vfs vfs, String name, long number) throws IOException {
        return new LogWriter(name, vfs.create(name), number).start(LogFormat.VERSION);
    }

    /**
     * As {@link #createForBatches}, over the file {@code old} of a log that is no longer needed; the directory must be synced
     * before anything in the log is relied on.
     */
    public static LogWriter recycle(Vfs vfs, String old, String name, long number) throws IOException {
        LogWriter writer = new LogWriter(name, vfs.reuse(old, name), number);
        writer.mayBeLonger = true;
        return writer.start(LogFormat.VERSION);
    }

    /**
     * Goes on with a log behind its first {@code size} bytes, which its reader found good ({@link LogReader#goodBytes}) and
     * which are on the device.
     */
    public static LogWriter resume(Vfs vfs, String name, long number, long size) throws IOException {
        return resume(vfs, name, number, size, size);
    }

    /** As above, where only the first {@code synced} bytes are known to be on the device. */
    public static LogWriter resume(Vfs vfs, String name, long number, long size, long synced) throws IOException {
        LogWriter writer = new LogWriter(name, vfs.extend(name, size), number);
        writer.flushed = size;
        writer.synced = synced;
        return writer;
    }

    /**
     * Goes on with a log that {@link #finish} had ended, behind its {@code size} bytes, of which its reader knows the first
     * {@code synced} to be on the device. Nothing is written; if nothing is appended, not even by {@link #finish}.
     */
    public static LogWriter reopen(Vfs vfs, String name, long number, long size, long synced) throws IOException {
        LogWriter writer = resume(vfs, name, number, size, synced);
        writer.cleanEnd = size;
        return writer;
    }

    /**
     * From now on the file is kept longer than the log, by zeros that are really written: so that a sync changes nothing but
     * data, no size and no map of blocks, and its file system has no journal to commit. Costs room and a second write of
     * each byte; for a log that is synced often.
     */
    public void growAhead() {
        growsAhead = true;
        if (mapsAhead) {
            mapsAhead = false;
            file.mapAhead(false); // a page costs a fault after each sync
        }
    }

    /**
     * As above, and a flush is a copy into mapped memory where the file can do that ({@link WritableFile#mapAhead}); else
     * nothing changes. For a log that is never synced but grows; by the thread that appends, as often as it likes.
     *
     * @return whether it is mapped now
     */
    public boolean mapAhead() {
        if (!mapsAhead && !askedToMap && !growsAhead) {
            askedToMap = true;
            mapsAhead = file.mapAhead(true);
            growsAhead = mapsAhead;
        }
        return mapsAhead;
    }

    /** Adds a record; it may be empty. */
    public void append(byte[] payload, int offset, int length) throws IOException {
        checkUsable();
        checkSize(length);
        nextSeq = -1;
        long start = size();
        try {
            addRecord(payload, offset, length);
        } catch (LogFullException e) {
            rewind(start);
            throw e;
        }
    }

    /** Adds a batch of writes as one record, in short where that can be. */
    public void appendBatch(byte[] batch, int length) throws IOException {
        if (!shortens || length < BatchHead.BYTES) {
            append(batch, 0, length);
            return;
        }
        long seq = BatchHead.sequence(batch, 0);
        int count = BatchHead.count(batch, 0);
        if (count != 1 || seq != nextSeq || !addShort(batch, length)) {
            append(batch, 0, length);
        }
        nextSeq = seq + count;
    }

    /**
     * Adds a batch of one entry in short; false, and nothing is added, where no whole head of the page says what it leaves
     * out, or the block has no room. The buffer has the room that the block has (4): nothing is written.
     */
    private boolean addShort(byte[] batch, int length) throws IOException {
        checkUsable();
        int part = length - BatchHead.BYTES;
        int needed = LogFormat.SHORT_HEAD_BYTES + part;
        boolean saidFor = notedPage == size() / LogFormat.PAGE_BYTES && noted == synced;
        int left = leftInBlock();
        if (!saidFor || left < LogFormat.HEAD_BYTES || left < needed) {
            return false;
        }
        checkSize(length);
        System.arraycopy(batch, BatchHead.BYTES, buffer, filled + LogFormat.SHORT_HEAD_BYTES, part);
        LogFormat.putShortHead(buffer, filled, part, number, checksum, size());
        filled += needed;
        return true;
    }

    private void checkSize(int length) throws IOException {
        if (size() + length + (length / LogFormat.BLOCK_BYTES + 2L) * 2 * LogFormat.HEAD_BYTES > LogFormat.MAX_BYTES) {
            throw new IOException(name + ": a log of more than 4 GB");
        }
    }

    private void addRecord(byte[] payload, int offset, int length) throws IOException {
        int done = 0;
        boolean first = true; // not `done == 0`: the first fragment may be a head alone, at a block's end
        do {
            int room = roomForPayload();
            int part = Math.min(room, length - done);
            boolean last = done + part == length;
            System.arraycopy(payload, offset + done, buffer, filled + LogFormat.HEAD_BYTES, part);
            addFragment(type(first, last), part);
            done += part;
            first = false;
        } while (done < length);
    }

    private static int type(boolean first, boolean last) {
        if (first) {
            return last ? LogFormat.WHOLE : LogFormat.FIRST;
        }
        return last ? LogFormat.LAST : LogFormat.MIDDLE;
    }

    /** Ends the block where no head fits into it any more, makes room in the buffer, and says what fits into the block. */
    private int roomForPayload() throws IOException {
        int left = leftInBlock();
        if (left < LogFormat.HEAD_BYTES) {
            if (BUFFER_BYTES - filled < left) {
                drain();
            }
            Arrays.fill(buffer, filled, filled + left, (byte) 0);
            filled += left;
            left = LogFormat.BLOCK_BYTES;
        }
        if (BUFFER_BYTES - filled < left) {
            drain();
        }
        return left - LogFormat.HEAD_BYTES;
    }

    private int leftInBlock() {
        return LogFormat.BLOCK_BYTES - (int) (size() % LogFormat.BLOCK_BYTES);
    }

    private void addFragment(int type, int length) {
        noted = synced; // read once: another thread may raise it meanwhile
        notedPage = size() / LogFormat.PAGE_BYTES;
        LogFormat.putHead(buffer, filled, length, type, number, noted, checksum, size());
        filled += LogFormat.HEAD_BYTES + length;
    }

    /** Hands everything appended to the operating system. */
    public void flush() throws IOException {
        checkUsable();
        if (filled > 0) {
            drain();
        }
    }

    private void drain() throws IOException {
        try {
            if (growsAhead && flushed + filled > allocated) {
                allocated = flushed + filled + Math.max(LEAST_AHEAD, Math.min(MOST_AHEAD, flushed / 2));
                mayBeLonger = true;
                file.preallocate(allocated);
            }
            file.append(buffer, 0, filled);
        } catch (IOException e) {
            if (KvIoException.isDiskFull(e)) {
                truncate(flushed); // it may hold a part of what was to be written
                throw new LogFullException(name, e);
            }
            failure = e;
            throw e;
        }
        long end = flushed + filled; // this thread alone writes both
        filled = 0;
        flushed = end;
    }

    private void truncate(long end) throws IOException {
        try {
            file.truncate(end);
            allocated = end;
            mayBeLonger = false;
        } catch (IOException e) {
            failure = e;
            throw e;
        }
    }

    /**
     * Takes back, durably, what was appended since the log had {@code size} bytes, which must have been after a record.
     */
    public void rewind(long size) throws IOException {
        checkUsable();
        if (size < flushed) {
            truncate(size);
            takeBack(size);
        }
        filled = (int) (size - flushed);
        nextSeq = -1;
        notedPage = -1;
    }

    private synchronized void takeBack(long size) {
        takenBack++;
        flushed = size;
        synced = Math.min(synced, size);
    }

    /** Returns when all that was flushed before the call is on the device. May be called by any thread. */
    public void sync() throws IOException {
        checkUsable();
        long end;
        long before;
        synchronized (this) {
            end = flushed;
            before = takenBack;
            if (end == synced) {
                return;
            }
        }
        try {
            file.sync();
        } catch (IOException e) {
            failure = e;
            throw e;
        }
        raiseSynced(end, before);
    }

    /** Unless bytes were taken back since: others may stand in their place now, or none. The next sync says it then. */
    private synchronized void raiseSynced(long end, long before) {
        if (takenBack == before) {
            synced = Math.max(synced, end);
        }
    }

    /**
     * Notes in the log how much of it has been synced, so that a reader can tell damage to it from a torn tail, and flushes.
     * Every record carries the same note for those before it; this is for a log that may see no further record soon.
     */
    public void mark() throws IOException {
        try {
            addAndFlush(LogFormat.MARK);
        } catch (LogFullException e) {
            return; // it would have been good to have, no more
        }
    }

    private void addAndFlush(int type) throws IOException {
        checkUsable();
        long start = size();
        try {
            roomForPayload();
            addFragment(type, 0);
            flush();
        } catch (LogFullException e) {
            rewind(start);
            throw e;
        }
    }

    /**
     * Ends the log for its reader and flushes; nothing may be appended any more. Not synced yet: {@link #finishEnded} does
     * that, or {@link #close} gives it up, when its records are needed no more.
     *
     * @throws LogFullException when there is no space for that; the log may go on
     */
    public void end() throws IOException {
        addAndFlush(LogFormat.END);
    }

    /** Syncs a log that was ended, and closes. */
    public void finishEnded() throws IOException {
        try {
            sync();
        } finally {
            close();
        }
    }

    /** Syncs and marks everything, so that a reader finds the log, and the file with it, to be ended cleanly; then closes. */
    public void finish() throws IOException {
        if (size() == cleanEnd) {
            close();
            return;
        }
        try {
            flush();
            sync();
            mark();
            if (mayBeLonger) {
                truncate(flushed); // which syncs: nobody needs the room any more
            } else {
                sync();
            }
        } finally {
            close();
        }
    }

    /** Bytes of the log so far, those not flushed included. */
    public long size() {
        return flushed + filled;
    }

    /**
     * Whether a mark stands in the midst of the log, where it was closed before: to a reader who finds nothing whole behind it
     * the log then seems to be ended there.
     */
    public boolean isReopened() {
        return cleanEnd >= 0;
    }

    /** Whether the file may go on behind the log: by room made ahead, or by what a recycled file held. */
    public boolean mayBeLonger() {
        return mayBeLonger;
    }

    /** Bytes of the log known to be on the device. */
    public long synced() {
        return synced;
    }

    /** Name of the log's file. */
    public String name() {
        return name;
    }

    /** The log's number. */
    public long number() {
        return number;
    }

    private void checkUsable() throws IOException {
        IOException first = failure;
        if (first != null) {
            throw new IOException(name + " takes no more records, because an earlier write failed", first);
        }
    }

    /** Closes the file. What was not flushed is dropped, what was not synced is not; harmless when repeated. */
    @Override
    public void close() throws IOException {
        file.close();
    }
}

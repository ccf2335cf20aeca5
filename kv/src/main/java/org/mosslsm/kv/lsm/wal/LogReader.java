package org.mosslsm.kv.lsm.wal;

import java.io.Closeable;
import java.io.IOException;
import java.util.Arrays;
import org.mosslsm.kv.CorruptionException;
import org.mosslsm.kv.StoreOpenException;
import org.mosslsm.kv.vfs.RandomFile;
import org.mosslsm.kv.vfs.Vfs;

/**
 * Reads a log from its start to its end.
 *
 * <pre>
 * next   fragment by fragment, until a record is complete
 *          a fragment that is not good       look through all that follows for a good one of this log that says the place
 *            (damaged, zeros, or of another    had been synced
 *            log)                              there is one: CorruptionException, at the bad fragment
 *                                              there is none: the end; a record begun is dropped
 * </pre>
 *
 * <p>Nothing is allocated on the word of a length: records grow by fragments that have passed their checksums.
 *
 * <p>Thread safety: none.
 */
public final class LogReader implements Closeable {
    private final String name;
    private final RandomFile file;
    private final int number;
    private final LogFormat.Checksum checksum = new LogFormat.Checksum();

    /** The block being read, as far as the file has it. */
    private final byte[] block = new byte[LogFormat.BLOCK_BYTES];

    private long blockStart = -LogFormat.BLOCK_BYTES;
    private int blockLength;

    /** The next fragment's place in the block; at first in none. */
    private int at = LogFormat.BLOCK_BYTES;

    /** Version of the log's format; 0 before its START. */
    private int version;

    /** The sequence number behind the batch read last, which a SHORT record has; -1 where there is none. */
    private long nextSeq = -1;

    /** The batch of a SHORT record, with its head. */
    private byte[] batch = {};

    private boolean ended;
    private boolean endedCleanly;
    private boolean endedSynced;
    private long claimedSynced;
    private long goodBytes;

    private byte[] payload = {};
    private int payloadOffset;
    private int payloadLength;
    private long recordOffset;

    private LogReader(String name, RandomFile file, long number) {
        this.name = name;
        this.file = file;
        this.number = (int) number;
    }

    /** Opens a log; nothing is read yet. */
    public static LogReader open(Vfs vfs, String name, long number) throws IOException {
        return new LogReader(name, vfs.openRead(name), number);
    }

    /**
     * Moves to the next record; false at the end of the log.
     *
     * @throws CorruptionException where bytes that had been synced are damaged
     * @throws StoreOpenException NEWER_FORMAT
     */
    public boolean next() throws IOException {
        if (ended) {
            return false;
        }
        byte[] pieces = null; // fragments gathered so far, where the record has more than one
        int gathered = 0;
        while (true) {
            int fragment = nextFragment();
            if (fragment < 0) {
                ended = true;
                return false;
            }
            int type = LogFormat.type(block, fragment);
            int length = LogFormat.length(block, fragment);
            int body = fragment + headBytes(type);
            checkOrder(type, pieces != null, fragment);
            endedSynced = type == LogFormat.MARK && coversAllBefore(fragment);
            endedCleanly = endedSynced;
            if (type != LogFormat.FIRST && type != LogFormat.MIDDLE) {
                goodBytes = blockStart + at;
            }
            switch (type) {
                case LogFormat.START -> readStart(fragment);
                case LogFormat.MARK -> {}
                case LogFormat.END -> {
                    ended = true;
                    endedCleanly = true;
                    return false;
                }
                case LogFormat.WHOLE -> {
                    recordOffset = blockStart + fragment;
                    setPayload(block, body, length);
                    return true;
                }
                case LogFormat.SHORT -> {
                    recordOffset = blockStart + fragment;
                    setShort(fragment, body, length);
                    return true;
                }
                case LogFormat.FIRST -> {
                    recordOffset = blockStart + fragment;
                    pieces = Arrays.copyOfRange(block, body, body + Math.max(length, 1) * 2);
                    gathered = length;
                }
                default -> {
                    if (pieces.length - gathered < length) {
                        pieces = Arrays.copyOf(pieces, grown(pieces.length, gathered, length, fragment));
                    }
                    System.arraycopy(block, body, pieces, gathered, length);
                    gathered += length;
                    if (type == LogFormat.LAST) {
                        setPayload(pieces, 0, gathered);
                        return true;
                    }
                }
            }
        }
    }

    /** The payload's array; good until the next move. */
    public byte[] array() {
        return payload;
    }

    /** Where the payload starts in {@link #array}. */
    public int offset() {
        return payloadOffset;
    }

    /** Length of the payload, in bytes. */
    public int length() {
        return payloadLength;
    }

    /** Offset of the current record in the file; for messages. */
    public long recordOffset() {
        return recordOffset;
    }

    /** At the end: whether the log was finished, so that no record can be missing; else a crash may have torn it. */
    public boolean endedCleanly() {
        return endedCleanly;
    }

    /** At the end: whether the log was not only finished, but also all of it known to be on the device. */
    public boolean endedSynced() {
        return endedSynced;
    }

    /** Where the log ends with what was read so far: behind the last fragment that is no part of a record torn off. */
    public long goodBytes() {
        return goodBytes;
    }

    /** At the end: whether the file ends where the log does, so that nothing torn stands behind it. */
    public boolean endsWithFile() throws IOException {
        return file.size() == goodBytes;
    }

    /** How much of the log was on the device for sure, by what was read so far; 0 where no sync had returned yet. */
    public long claimedSynced() {
        return claimedSynced;
    }

    /** Damage that only shows in what the current record says. */
    public CorruptionException damage(String what) {
        return new CorruptionException(name, recordOffset, what);
    }

    /** Whether the fragment says that all before it is synced; before the first of a block may be zeros at the end of the last. */
    private boolean coversAllBefore(int fragment) {
        long zeros = fragment == 0 ? LogFormat.HEAD_BYTES - 1 : 0;
        return LogFormat.synced(block, fragment) + zeros >= blockStart + fragment;
    }

    private void setPayload(byte[] array, int offset, int length) {
        payload = array;
        payloadOffset = offset;
        payloadLength = length;
        nextSeq = length < BatchHead.BYTES
                ? -1
                : BatchHead.sequence(array, offset) + (BatchHead.count(array, offset) & 0xFFFF_FFFFL);
    }

    /** Puts its head back in front of a batch. */
    private void setShort(int fragment, int body, int length) {
        if (nextSeq < 0) {
            throw damageAt(fragment, "a short record behind none that has a sequence number");
        }
        int whole = BatchHead.BYTES + length;
        if (batch.length < whole) {
            batch = new byte[2 * whole];
        }
        BatchHead.putOne(batch, 0, nextSeq);
        System.arraycopy(block, body, batch, BatchHead.BYTES, length);
        setPayload(batch, 0, whole);
    }

    private int grown(int capacity, int gathered, int length, int fragment) {
        long needed = (long) gathered + length;
        if (needed > Integer.MAX_VALUE - 16) {
            throw damageAt(fragment, "a record of more than 2 GB");
        }
        return (int) Math.min(Integer.MAX_VALUE - 16, Math.max(needed, capacity * 2L));
    }

    private void readStart(int fragment) {
        int found = LogFormat.version(block, fragment + LogFormat.HEAD_BYTES, LogFormat.length(block, fragment));
        if (found > LogFormat.VERSION) {
            throw new StoreOpenException(
                    StoreOpenException.Reason.NEWER_FORMAT,
                    name + " has version " + found + " of the log format; this release reads versions up to "
                            + LogFormat.VERSION + ". Open the store with the release that wrote it, or a newer one",
                    null);
        } else if (found < LogFormat.FIRST_VERSION) {
            throw damageAt(fragment, "the start of something else than a log");
        }
        version = found;
    }

    /** Good fragments in an order no writer makes: a fragment between them is gone, or the writer was wrong. */
    private void checkOrder(int type, boolean inRecord, int fragment) {
        boolean fits =
                switch (type) {
                    case LogFormat.START -> version == 0;
                    case LogFormat.MIDDLE, LogFormat.LAST -> version > 0 && inRecord;
                    default -> version > 0 && !inRecord;
                };
        if (!fits) {
            throw damageAt(fragment, "a fragment of type " + type + " where none can be");
        }
    }

    private CorruptionException damageAt(int fragment, String what) {
        return new CorruptionException(name, blockStart + fragment, what);
    }

    // Fragments

    /** Place of the next good fragment in the block; -1 at the end of the log. */
    private int nextFragment() throws IOException {
        if (at + LogFormat.HEAD_BYTES > LogFormat.BLOCK_BYTES) {
            blockStart += LogFormat.BLOCK_BYTES;
            blockLength = read(blockStart, block);
            at = 0;
        }
        boolean isShort = isShort(block, at, blockLength, blockStart);
        if (!isShort && !isGood(block, at, blockLength, blockStart)) {
            checkNeverSynced(blockStart + at);
            return -1;
        }
        int fragment = at;
        if (!isShort) {
            claimedSynced = Math.max(claimedSynced, LogFormat.synced(block, fragment));
        }
        at += headBytes(LogFormat.type(block, fragment)) + LogFormat.length(block, fragment);
        return fragment;
    }

    private static int headBytes(int type) {
        return type == LogFormat.SHORT ? LogFormat.SHORT_HEAD_BYTES : LogFormat.HEAD_BYTES;
    }

    /** Whether there is a SHORT fragment of this log, unharmed. */
    private boolean isShort(byte[] bytes, int place, int limit, long start) {
        if (version <= LogFormat.FIRST_VERSION
                || place + LogFormat.SHORT_HEAD_BYTES > limit
                || LogFormat.type(bytes, place) != LogFormat.SHORT) {
            return false;
        }
        int length = LogFormat.length(bytes, place);
        return place + LogFormat.SHORT_HEAD_BYTES + length <= limit
                && checksum.ofShort(bytes, place, length, start + place, number) == LogFormat.crc(bytes, place);
    }

    /**
     * Whether there is a fragment of this log with a whole head, unharmed, at {@code place} of a block that begins at {@code
     * start}.
     */
    private boolean isGood(byte[] bytes, int place, int limit, long start) {
        if (place + LogFormat.HEAD_BYTES > limit) {
            return false;
        }
        int type = LogFormat.type(bytes, place);
        int length = LogFormat.length(bytes, place);
        return type >= LogFormat.START
                && type <= LogFormat.END
                && LogFormat.number(bytes, place) == number
                && place + LogFormat.HEAD_BYTES + length <= limit
                && checksum.of(bytes, place, length, start + place) == LogFormat.crc(bytes, place);
    }

    /** Goes through the rest of the file for a fragment that says {@code place} had been synced. */
    private void checkNeverSynced(long place) throws IOException {
        byte[] bytes = new byte[LogFormat.BLOCK_BYTES];
        long start = place - place % LogFormat.BLOCK_BYTES;
        int from = (int) (place - start);
        int length;
        while ((length = read(start, bytes)) > 0) {
            for (int i = from; i + LogFormat.HEAD_BYTES <= length; i += LogFormat.PLACES) {
                checkNeverSynced(place, bytes, i, length, start);
            }
            start += length;
            from = 0;
        }
    }

    /** As above, of the fragments that begin at {@code at} of a block or a few bytes behind that. */
    private void checkNeverSynced(long place, byte[] bytes, int at, int limit, long start) {
        long places = LogFormat.mayBegin(bytes, at, number);
        while (places != 0) {
            int i = at + Long.numberOfTrailingZeros(places) / Byte.SIZE;
            if (isGood(bytes, i, limit, start) && LogFormat.synced(bytes, i) > place) {
                throw new CorruptionException(
                        name, place, "a damaged log record, before records that were written after it was synced");
            }
            places &= places - 1;
        }
    }

    /** Fills {@code into} from the file; returns how far that went. */
    private int read(long from, byte[] into) throws IOException {
        int done = 0;
        while (done < into.length) {
            int n = file.read(from + done, into, done, into.length - done);
            if (n < 0) {
                break;
            }
            done += n;
        }
        return done;
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}

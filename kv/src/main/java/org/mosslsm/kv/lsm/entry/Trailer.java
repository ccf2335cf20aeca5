package org.mosslsm.kv.lsm.entry;

import org.mosslsm.kv.WriteBatch;

/**
 * Sequence number and kind of an entry in one {@code long}, which travels beside the user key and is never joined to it.
 *
 * <pre>
 * | sequence number: 56 bits | kind: 8 bits |
 * </pre>
 *
 * <p>The kinds are those of {@link WriteBatch}. A trailer is never negative in use: sequence numbers stay below 2^55, so
 * that trailers compare as signed longs.
 */
public final class Trailer {
    /** Kind of an entry with a value. */
    public static final int PUT = WriteBatch.PUT;

    /** Kind of a tombstone of one key. */
    public static final int DELETE = WriteBatch.DELETE;

    /** Kind of a range tombstone; never seen in an {@link EntryCursor}. */
    public static final int DELETE_RANGE = WriteBatch.DELETE_RANGE;

    /** Kind of an entry whose value lies in a value file: in the place of the value it has a pointer. Never in a log. */
    public static final int POINTER = 4;

    /** Greatest sequence number: 55 bits, so that a trailer's sign bit stays clear. */
    public static final long MAX_SEQ = (1L << 55) - 1;

    /** Greatest trailer: before every entry of its key. */
    public static final long FIRST = MAX_SEQ << 8 | 0xFF;

    /** Least trailer: behind every entry of its key. */
    public static final long LAST = 0;

    private Trailer() {}

    /** The trailer of an entry of that kind, written at {@code seq}. */
    public static long of(long seq, int kind) {
        assert seq >= 0 && seq <= MAX_SEQ : seq;
        return seq << 8 | kind;
    }

    /** Where to seek for the newest entry of a key that is visible at {@code seq}: before all entries written at it. */
    public static long seekTo(long seq) {
        return seq << 8 | 0xFF;
    }

    /** The sequence number. */
    public static long seq(long trailer) {
        return trailer >>> 8;
    }

    /** The kind: {@link #PUT}, {@link #DELETE} or {@link #POINTER}. */
    public static int kind(long trailer) {
        return (int) (trailer & 0xFF);
    }

    /** Whether the entry has a value, wherever that lies. */
    public static boolean hasValue(long trailer) {
        int kind = kind(trailer);
        return kind == PUT || kind == POINTER;
    }

    /** Whether the kind is one that an entry of a table may have. */
    public static boolean isPoint(int kind) {
        return kind == PUT || kind == DELETE || kind == POINTER;
    }
}

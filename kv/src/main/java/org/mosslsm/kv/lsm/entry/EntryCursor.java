package org.mosslsm.kv.lsm.entry;

import org.mosslsm.kv.EntryBatch;

/**
 * Walks sorted point entries (puts and deletes of single keys) of one source, in both directions: a memtable, a table, a
 * level, or the merge of several. Every version of a key is met; what a snapshot sees is decided above.
 *
 * <p>A fresh cursor is not positioned. Every move answers whether the cursor now stands on an entry. Once a move has left
 * the entries at either end only a seek positions it again. {@link #next} and {@link #prev} may follow each other in any
 * order. The key's view ({@link #keyArray} with its offset) is valid until the next move. The value's view stays
 * good for as long as it is referenced: the arrays values lie in are never written again, so that a batch of entries can
 * be handed out without copying values. All views are read-only.
 *
 * <p>Errors: moves throw {@link org.mosslsm.kv.CorruptionException} and {@link org.mosslsm.kv.KvIoException}; the cursor
 * is then not positioned. Thread safety: none; one thread at a time.
 */
public abstract class EntryCursor implements AutoCloseable {
    /** Moves to the first entry. */
    public abstract boolean seekFirst();

    /** Moves to the last entry. */
    public abstract boolean seekLast();

    /** Moves to the first entry that is not before (key, trailer) in {@link EntryOrder}. */
    public abstract boolean seek(byte[] key, int offset, int length, long trailer);

    /** Moves to the last entry that is not behind (key, trailer) in {@link EntryOrder}. */
    public abstract boolean seekForPrev(byte[] key, int offset, int length, long trailer);

    /** Moves one entry on; the cursor must be valid. */
    public abstract boolean next();

    /** Moves one entry back; the cursor must be valid. */
    public abstract boolean prev();

    /**
     * Goes on, many entries at a time, as long as there is nothing to decide: adds to {@code into} the entries behind the
     * current one, which must be the last in there, that a reader sees: of each key before {@code limit} the newest version
     * at {@code snapshot}, if that is a put. May stop at any entry, whatever comes next. The cursor then stands on the last
     * entry added.
     *
     * @param hidden what is older than this is not seen; -1 for none
     * @param limit first key beyond, null for none
     * @param most how many to add at most
     * @param keysOnly whether values are left out
     */
    public void runForward(EntryBatch into, long snapshot, long hidden, KeyView limit, int most, boolean keysOnly) {
        // where nothing is known of what comes next, every entry is decided upon
    }

    /**
     * As {@link #runForward}, backward: adds what is seen of the keys greater than {@code limit}, from the current entry on,
     * which must be the oldest version of its key. The cursor then stands on the oldest version of the first key that was
     * not decided, which there always is.
     */
    public void runBackward(EntryBatch into, long snapshot, long hidden, KeyView limit, int most, boolean keysOnly) {
        // as above
    }

    /**
     * Goes on over whole blocks of which it is known without a look how many keys they have, where nothing is to decide
     * about the entries, as {@link #runForward} says; the current one must be the last one decided. The cursor then stands
     * on the first entry behind them, if there is one.
     *
     * @return how many entries were passed, all of which a reader sees; 0 where the cursor did not move
     */
    public long countForward(long snapshot, long hidden, KeyView limit) {
        return 0;
    }

    /**
     * Whether {@link #passOlder} would move: the current entry and those around it are known, without a look at them, to be
     * older than {@code seq}.
     */
    public boolean isAmongOlder(long seq) {
        return false;
    }

    /**
     * Passes over entries as long as they are known, without a look at them, to be older than {@code seq}: forward over those
     * before {@code to}, else backward over those from {@code to} on, the current one being one of them.
     *
     * @return whether the cursor stands on an entry then
     */
    public boolean passOlder(long seq, byte[] to, boolean forward) {
        return valid();
    }

    /**
     * Whether what is read from now on is to be passed over: then it is not worth a place in a cache, and what follows it
     * will be read too.
     */
    public void passOver(boolean on) {
        // where nothing is read there is nothing to do otherwise
    }

    /** Whether the cursor stands on an entry; the accessors below may be called only then. */
    public abstract boolean valid();

    /** The array the user key lies in. */
    public abstract byte[] keyArray();

    /** Where the user key starts in {@link #keyArray}. */
    public abstract int keyOffset();

    /** Length of the user key, in bytes. */
    public abstract int keyLength();

    /** Sequence number and kind; see {@link Trailer}. */
    public abstract long trailer();

    /** The array the value lies in; for a delete any array, with length 0. */
    public abstract byte[] valueArray();

    /** Where the value starts in {@link #valueArray}. */
    public abstract int valueOffset();

    /** Length of the value, in bytes. */
    public abstract int valueLength();

    /** Lets go of what the cursor holds; harmless when repeated. */
    @Override
    public abstract void close();
}

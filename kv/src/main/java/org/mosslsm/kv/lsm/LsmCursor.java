package org.mosslsm.kv.lsm;

import java.util.Arrays;
import org.mosslsm.kv.Cursor;
import org.mosslsm.kv.EntryBatch;
import org.mosslsm.kv.KeyRange;
import org.mosslsm.kv.ScanHints;
import org.mosslsm.kv.StoreClosedException;
import org.mosslsm.kv.lsm.iter.VisibleCursor;
import org.mosslsm.kv.lsm.table.TableClosedException;

/**
 * Walks a range of a snapshot in batches that grow, so that a short look costs little and a long scan few calls.
 *
 * <p>Invariants: (1) a read state is referenced exactly while {@code state} is not null, which {@code cursor} needs; it is taken at the first batch,
 * and given back at the end of the range, after a failure, and by {@code close}. (2) Where {@code cursor} is null and
 * {@code place} is not, the next batch starts there: at the key sought, or behind the last one delivered.
 *
 * <p>Thread safety: none, one thread at a time; but store and snapshot may be closed by other threads meanwhile.
 */
public final class LsmCursor implements Cursor {
    private static final int FIRST_BATCH = 16;
    private static final int MAX_BATCH = 256;

    /** Values are views, so this bounds what a batch keeps from the garbage collector rather than what it copies. */
    private static final int BATCH_BYTES = 256 << 10;

    private final StoreReads reads;
    private final LsmSnapshot snapshot;
    private final boolean ownsSnapshot;
    private final KeyRange range;
    private final boolean forward;
    private final ScanHints hints;
    private final EntryBatch batch = new EntryBatch();

    private ReadState state;
    private VisibleCursor cursor;
    private int batchSize;

    /** Where to go on; null for the start of the range. */
    private byte[] place;

    /** Whether the entry at {@code place} itself was delivered already. */
    private boolean behindPlace;

    private boolean atEnd;
    private boolean closed;

    LsmCursor(
            StoreReads reads,
            LsmSnapshot snapshot,
            boolean ownsSnapshot,
            KeyRange range,
            Direction direction,
            ScanHints hints) {
        this.reads = reads;
        this.snapshot = snapshot;
        this.ownsSnapshot = ownsSnapshot;
        this.range = range;
        this.forward = direction == Direction.FORWARD;
        this.hints = hints;
        this.batchSize = hints.limit() > 0 ? Math.min(hints.limit(), MAX_BATCH) : FIRST_BATCH;
        this.atEnd = range.isEmpty();
    }

    @Override
    public EntryBatch nextBatch() {
        checkOpen();
        if (atEnd) {
            return null;
        }
        byte[] delivered = cursor == null ? null : Arrays.copyOf(cursor.keyArray(), cursor.keyLength());
        try {
            boolean on = cursor == null ? start() : advance();
            fill(on);
        } catch (TableClosedException e) {
            letGo();
            checkOpen(); // tables of a referenced version close with the store only
            StoreClosedException gone = new StoreClosedException("the store");
            gone.initCause(e);
            throw gone;
        } catch (RuntimeException | Error e) {
            rememberPlace(delivered); // the next call starts anew behind the last entry delivered
            throw e;
        }
        if (batch.size() == 0) {
            atEnd = true;
            letGo();
            return null;
        }
        batchSize = Math.min(MAX_BATCH, batchSize * 2);
        return batch;
    }

    private boolean start() {
        long epoch = reads.gaps().epoch();
        state = reads.states().acquire();
        cursor = reads.visible(state, range, snapshot.version(), hints.fillCache(), epoch);
        if (place == null) {
            return forward ? cursor.seekFirst() : cursor.seekLast();
        }
        boolean on = forward ? cursor.seek(place, 0, place.length) : cursor.seekForPrev(place, 0, place.length);
        boolean again =
                on && behindPlace && Arrays.equals(cursor.keyArray(), 0, cursor.keyLength(), place, 0, place.length);
        return again ? advance() : on;
    }

    /** Moves on from the last entry delivered. */
    private boolean advance() {
        if (!cursor.valid()) {
            return false;
        }
        return forward ? cursor.next() : cursor.prev();
    }

    private void fill(boolean first) {
        batch.clear();
        long bytes = 0;
        boolean on = first;
        while (on) {
            int valueLength = hints.keysOnly() ? 0 : cursor.valueLength();
            batch.add(cursor.keyArray(), 0, cursor.keyLength(), cursor.valueArray(), cursor.valueOffset(), valueLength);
            bytes += cursor.keyLength() + valueLength;
            if (batch.size() >= batchSize || bytes >= BATCH_BYTES) {
                break;
            }
            on = forward ? cursor.next() : cursor.prev();
        }
    }

    @Override
    public void seek(byte[] key) {
        checkOpen();
        if (range.isEmpty()) {
            return;
        }
        letGo();
        place = key.clone();
        behindPlace = false;
        atEnd = false;
    }

    private void rememberPlace(byte[] delivered) {
        letGo();
        if (delivered != null) {
            place = delivered;
            behindPlace = true;
        }
    }

    private void checkOpen() {
        if (closed) {
            throw new StoreClosedException("the cursor");
        }
        snapshot.checkOpen();
    }

    private void letGo() {
        VisibleCursor open = cursor;
        ReadState held = state; // without a cursor, where that could not be started
        cursor = null;
        state = null;
        try {
            if (open != null) {
                open.close();
            }
        } finally {
            if (held != null) {
                held.version().release();
            }
        }
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            letGo();
            if (ownsSnapshot) {
                snapshot.close();
            }
        }
    }
}

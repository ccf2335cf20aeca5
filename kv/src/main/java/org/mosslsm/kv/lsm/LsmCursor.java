package org.mosslsm.kv.lsm;

import java.lang.ref.Reference;
import java.util.Arrays;
import org.mosslsm.kv.Cursor;
import org.mosslsm.kv.EntryBatch;
import org.mosslsm.kv.KeyRange;
import org.mosslsm.kv.ScanHints;
import org.mosslsm.kv.StoreClosedException;
import org.mosslsm.kv.lsm.iter.VisibleCursor;
import org.mosslsm.kv.lsm.table.TableClosedException;
import org.mosslsm.kv.lsm.table.ValuePointer;

/**
 * Walks a range of a snapshot in batches that grow, so that a short look costs little and a long scan few calls.
 *
 * <p>Invariants: (1) {@code place} is where to go on when the pin holds no cursor: at the key sought, or behind the last
 * one delivered. (2) What is held between batches may be taken away at any time by {@link OpenCursors}; it is given back
 * at the end of the range, after a failure, and by {@code close}.
 *
 * <p>Thread safety: none, one thread at a time; but store and snapshot may be closed by other threads meanwhile.
 */
final class LsmCursor implements Cursor {
    private static final int FIRST_BATCH = 16;
    private static final int MAX_BATCH = 256;

    /** Entries there is room for at first: who expects many may still find few. */
    private static final int MOST_ROOM = 32;

    /** Values are views, so this bounds what a batch keeps from the garbage collector rather than what it copies. */
    private static final int BATCH_BYTES = 256 << 10;

    private static final byte[] NOWHERE = {};

    private final StoreReads reads;
    private final LsmSnapshot snapshot;
    private final boolean ownsSnapshot;
    private final KeyRange range;
    private final boolean forward;
    private final ScanHints hints;
    private final EntryBatch batch;

    private final OpenCursors.Pin pin;
    private int batchSize;

    /** Where to go on; length -1 for the start of the range. */
    private byte[] place = NOWHERE;

    private int placeLength = -1;

    /** Whether the entry at {@code place} itself was delivered already. */
    private boolean behindPlace;

    /** Whether {@code place} was sought since the last batch. */
    private boolean sought;

    /** Entries passed over in vain that were not told of yet. */
    private long passed;

    /** Whether entries that need no look are counted and left out of the batches. */
    private boolean counts;

    /** Entries counted so far. */
    private long counted;

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
        this.batchSize = firstBatch(hints);
        this.batch = new EntryBatch(Math.min(batchSize, MOST_ROOM));
        this.atEnd = range.isEmpty();
        this.pin = reads.states().cursors().open(this);
    }

    /**
     * Counts the entries of the range, from a fresh cursor that walks forward: those of whole blocks without a look.
     *
     * @param pulse run before each batch; what it throws ends the count
     */
    long count(Runnable pulse) {
        counts = true;
        while (true) {
            pulse.run();
            EntryBatch some = nextBatch();
            if (some == null) {
                return counted;
            }
            counted += some.size();
        }
    }

    private static int firstBatch(ScanHints hints) {
        return hints.limit() > 0 ? Math.min(hints.limit(), MAX_BATCH) : FIRST_BATCH;
    }

    @Override
    public EntryBatch nextBatch() {
        checkOpen();
        if (atEnd) {
            return null;
        }
        if (!sought && batch.size() > 0) {
            int last = batch.size() - 1;
            keepPlace(batch.keys(), batch.keyOffset(last), batch.keyLength(last), true);
        }
        pin.enter();
        try {
            pin.letGoIfOutdated(reads.states().current());
            boolean anew = pin.cursor() == null || sought;
            fill(anew ? start() : advance());
            sought = false;
            if (batch.size() == 0) {
                atEnd = true;
                pin.letGo();
                return null;
            }
        } catch (TableClosedException e) {
            pin.letGo();
            checkOpen(); // tables of a referenced version close with the store only
            StoreClosedException gone = new StoreClosedException("the store");
            gone.initCause(e);
            throw gone;
        } catch (RuntimeException | Error e) {
            pin.letGo();
            batch.clear(); // the next call starts anew from the place
            throw e;
        } finally {
            pin.leave();
            Reference.reachabilityFence(this); // a lost cursor's pin is let go of
        }
        batchSize = Math.min(MAX_BATCH, batchSize * 2);
        return batch;
    }

    private boolean start() {
        if (pin.cursor() == null) {
            long epoch = reads.gaps().epoch();
            ReadState state = reads.states().acquire();
            VisibleCursor made = null;
            try {
                made = reads.visible(state, range, snapshot.version(), hints.fillCache(), epoch);
                pin.hold(state, made);
            } finally {
                if (made == null) {
                    state.version().release();
                }
            }
        }
        VisibleCursor cursor = pin.cursor();
        if (placeLength < 0) {
            return forward ? cursor.seekFirst() : cursor.seekLast();
        }
        boolean on = forward ? cursor.seek(place, 0, placeLength) : cursor.seekForPrev(place, 0, placeLength);
        boolean again =
                on && behindPlace && Arrays.equals(cursor.keyArray(), 0, cursor.keyLength(), place, 0, placeLength);
        return again ? advance() : on;
    }

    /** Moves on from the last entry delivered. */
    private boolean advance() {
        VisibleCursor cursor = pin.cursor();
        return cursor.valid() && advance(cursor);
    }

    private boolean advance(VisibleCursor cursor) {
        if (counts) {
            long passed = cursor.countOn();
            if (passed > 0) {
                counted += passed;
                atEnd = !cursor.valid(); // and not behind the last batch, should its state be let go of
                return cursor.valid();
            }
        }
        return forward ? cursor.next() : cursor.prev();
    }

    private void fill(boolean first) {
        batch.clear();
        long bytes = 0;
        VisibleCursor cursor = pin.cursor();
        boolean on = first;
        while (on) {
            int from = batch.size();
            if (cursor.isPointer() && !hints.keysOnly()) {
                addLater(cursor);
            } else {
                int length = hints.keysOnly() ? 0 : cursor.valueLength();
                batch.add(cursor.keyArray(), 0, cursor.keyLength(), cursor.valueArray(), cursor.valueOffset(), length);
            }
            if (batch.size() < batchSize) {
                cursor.fill(batch, batchSize - batch.size(), hints.keysOnly());
            }
            for (int i = from; i < batch.size(); i++) {
                bytes += batch.keyLength(i) + batch.valueLength(i);
            }
            if (batch.size() >= batchSize || bytes >= BATCH_BYTES) {
                break;
            }
            on = advance(cursor);
        }
        passed += cursor.takePassed();
        if (passed >= ScanWaste.WORTH_TELLING) {
            reads.waste().add(passed);
            passed = 0;
        }
    }

    /** Adds an entry whose value lies in a value file. */
    private void addLater(VisibleCursor cursor) {
        byte[] key = Arrays.copyOf(cursor.keyArray(), cursor.keyLength());
        byte[] array = cursor.valueArray();
        int offset = cursor.valueOffset();
        int length = cursor.valueLength();
        int valueLength = ValuePointer.decode(array, offset, length).valueLength();
        batch.addLater(key, 0, key.length, valueLength, new LaterValue(reads, snapshot, key, array, offset, length));
    }

    @Override
    public void seek(byte[] key) {
        checkOpen();
        if (range.isEmpty()) {
            return;
        }
        keepPlace(key, 0, key.length, false);
        sought = true;
        atEnd = false;
        batchSize = firstBatch(hints);
    }

    private void keepPlace(byte[] key, int offset, int length, boolean behind) {
        if (place.length < length) {
            place = new byte[Math.max(length, 32)];
        }
        System.arraycopy(key, offset, place, 0, length);
        placeLength = length;
        behindPlace = behind;
    }

    private void checkOpen() {
        if (closed) {
            throw new StoreClosedException("the cursor");
        }
        snapshot.checkOpen();
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            pin.close();
            if (ownsSnapshot) {
                snapshot.close();
            }
        }
    }
}

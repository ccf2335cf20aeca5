package org.mosslsm.kv.txn;

import java.util.Arrays;
import java.util.List;
import org.mosslsm.kv.txn.WriteSet.Placed;

/**
 * A position in the writes of a transaction that has spilled: in memory and in runs, of each key the newest write alone,
 * and none that a range deleted later covers.
 *
 * <p>Goes on in the direction in which it was last positioned: {@code next} after {@link #first} and {@link #ceiling},
 * {@code prev} after {@link #last} and {@link #lower}.
 *
 * <p>Invariant: {@code order[0 .. live)} are the parts that stand on an entry, in the direction; of equal keys the newer
 * part first. The position is that of the first one.
 *
 * <p>Thread safety: one thread at a time.
 */
final class MergedWrites implements WriteCursor {
    private final Part[] parts; // newest first
    private final Part[] order;
    private int live;
    private boolean forward = true;

    private static final class Part {
        final int age;
        final WriteCursor cursor;
        final WriteTree.State hidden;

        Part(int age, WriteCursor cursor, WriteTree.State hidden) {
            this.age = age;
            this.cursor = cursor;
            this.hidden = hidden;
        }
    }

    /** Over runs, the oldest first, and newer entries in memory; the caller holds the runs. */
    MergedWrites(WriteTree.State entries, List<Placed> runs) {
        this.parts = new Part[runs.size() + 1];
        this.order = new Part[parts.length];
        parts[0] = new Part(0, new TreeCursor(entries), WriteTree.State.EMPTY);
        for (int i = 1; i < parts.length; i++) {
            Placed placed = runs.get(runs.size() - i);
            parts[i] = new Part(i, new RunCursor(placed.run()), placed.hidden());
        }
    }

    @Override
    public boolean valid() {
        return live > 0;
    }

    @Override
    public byte[] key() {
        return order[0].cursor.key();
    }

    @Override
    public byte[] value() {
        return order[0].cursor.value();
    }

    @Override
    public void leave() {
        live = 0;
    }

    @Override
    public void first() {
        for (Part part : parts) {
            part.cursor.first();
        }
        arrange(true);
    }

    @Override
    public void last() {
        for (Part part : parts) {
            part.cursor.last();
        }
        arrange(false);
    }

    @Override
    public void ceiling(byte[] key) {
        for (Part part : parts) {
            part.cursor.ceiling(key);
        }
        arrange(true);
    }

    @Override
    public void lower(byte[] key) {
        for (Part part : parts) {
            part.cursor.lower(key);
        }
        arrange(false);
    }

    private void arrange(boolean towardsEnd) {
        forward = towardsEnd;
        live = 0;
        for (Part part : parts) {
            if (part.cursor.valid()) {
                order[live++] = part;
            }
        }
        Arrays.sort(order, 0, live, this::compare);
        skipHidden();
    }

    private int compare(Part a, Part b) {
        int byKey = Arrays.compareUnsigned(a.cursor.key(), b.cursor.key());
        return byKey == 0 ? Integer.compare(a.age, b.age) : forward ? byKey : -byKey;
    }

    @Override
    public void next() {
        assert forward;
        leaveKey();
        skipHidden();
    }

    @Override
    public void prev() {
        assert !forward;
        leaveKey();
        skipHidden();
    }

    private void skipHidden() {
        while (live > 0 && IntervalSet.covers(order[0].hidden, key())) {
            leaveKey(); // what older parts have of the key is hidden all the more
        }
    }

    private void leaveKey() {
        byte[] key = key();
        do {
            advanceFirst();
        } while (live > 0 && Arrays.equals(key, key()));
    }

    private void advanceFirst() {
        Part part = order[0];
        if (forward) {
            part.cursor.next();
        } else {
            part.cursor.prev();
        }
        int place = 0;
        if (part.cursor.valid()) {
            while (place + 1 < live && compare(order[place + 1], part) < 0) {
                order[place] = order[place + 1];
                place++;
            }
            order[place] = part;
        } else {
            live--;
            System.arraycopy(order, 1, order, 0, live);
        }
    }
}

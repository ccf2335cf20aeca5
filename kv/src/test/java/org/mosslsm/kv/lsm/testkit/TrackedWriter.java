package org.mosslsm.kv.lsm.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Random;
import java.util.TreeMap;
import org.mosslsm.kv.CommitRequest;
import org.mosslsm.kv.Cursor;
import org.mosslsm.kv.Cursor.Direction;
import org.mosslsm.kv.Durability;
import org.mosslsm.kv.EntryBatch;
import org.mosslsm.kv.KeyRange;
import org.mosslsm.kv.ScanHints;
import org.mosslsm.kv.Snapshot;
import org.mosslsm.kv.StoreReadOnlyException;
import org.mosslsm.kv.WriteBatch;
import org.mosslsm.kv.lsm.Lsm;

/**
 * Writes random batches into a store and keeps, for every version, what the store must then hold, and which versions were
 * acknowledged with which durability. One thread writes; any may ask what was acknowledged.
 */
public final class TrackedWriter {
    private static final int KEYS = 60;

    private final Random random;
    private final TreeMap<Long, TreeMap<String, String>> states = new TreeMap<>();
    private volatile long synced;
    private volatile long handedOver;
    private long last;
    private int written;

    /** A writer into a store that holds nothing. */
    public TrackedWriter(Random random) {
        this.random = random;
        states.put(0L, new TreeMap<>());
    }

    /** Newest version acknowledged with SYNC: survives a power loss. */
    public long synced() {
        return synced;
    }

    /** Newest version acknowledged with SYNC or PROCESS: survives the death of the process. */
    public long handedOver() {
        return handedOver;
    }

    /** Commits one random batch; lets pass what the store throws. */
    public void commit(Lsm store) {
        Durability durability =
                List.of(Durability.SYNC, Durability.PROCESS, Durability.NONE).get(random.nextInt(3));
        commit(store, durability);
    }

    /** Commits one random batch with that durability. */
    public void commit(Lsm store, Durability durability) {
        WriteBatch batch = new WriteBatch();
        TreeMap<String, String> next = new TreeMap<>(states.lastEntry().getValue());
        for (int n = 1 + random.nextInt(5); n > 0; n--) {
            write(batch, next);
        }
        long version = last + batch.count();
        synchronized (states) {
            states.put(version, next); // before the attempt: a crash may find it in the log
        }
        try {
            assertEquals(version, store.commit(CommitRequest.of(batch, durability)));
        } catch (StoreReadOnlyException e) {
            if (version
                    > last) { // a batch of empty ranges only has the version of the commit before it, which happened
                synchronized (states) {
                    states.remove(version); // certainly not
                }
            }
            throw e;
        }
        last = version;
        if (durability.kind() == Durability.Kind.SYNC) {
            synced = version;
        }
        if (durability.kind() != Durability.Kind.NONE) {
            handedOver = version;
        }
    }

    private void write(WriteBatch batch, NavigableMap<String, String> state) {
        String key = key();
        int dice = random.nextInt(20);
        if (dice < 13) {
            String value = "v" + ++written + "x".repeat(random.nextInt(60));
            batch.put(bytes(key), bytes(value));
            state.put(key, value);
        } else if (dice < 19) {
            batch.delete(bytes(key));
            state.remove(key);
        } else {
            String hi = key();
            batch.deleteRange(bytes(key), bytes(hi));
            if (key.compareTo(hi) < 0) {
                state.subMap(key, hi).clear();
            }
        }
    }

    private String key() {
        return "key" + (100 + random.nextInt(KEYS));
    }

    /**
     * Checks that the store holds exactly what it held at some version of at least {@code least}, and shows that version;
     * from then on that is where this writer goes on.
     */
    public void check(Lsm store, long least) {
        try (Snapshot snapshot = store.snapshot()) {
            long version = snapshot.version();
            assertTrue(version >= least, () -> "version " + version + " was found, " + least + " was acknowledged");
            NavigableMap<String, String> expected;
            synchronized (states) {
                expected = states.get(version);
            }
            assertTrue(
                    expected != null,
                    () -> "version " + version + " is not that of a commit; near are " + states.floorKey(version)
                            + " and " + states.ceilingKey(version));
            assertEquals(List.copyOf(expected.entrySet()), read(snapshot, Direction.FORWARD));
            List<Map.Entry<String, String>> back = new ArrayList<>(read(snapshot, Direction.BACKWARD));
            Collections.reverse(back);
            assertEquals(List.copyOf(expected.entrySet()), back);
            for (int i = 100; i < 100 + KEYS; i++) {
                byte[] value = snapshot.get(bytes("key" + i));
                assertEquals(expected.get("key" + i), value == null ? null : text(value));
            }
        }
    }

    /** As {@link #check}; then forgets what came after the version found, which is lost. */
    public void checkAndGoOn(Lsm store, long least) {
        check(store, least);
        try (Snapshot snapshot = store.snapshot()) {
            synchronized (states) {
                last = snapshot.version();
                states.tailMap(last, false).clear();
            }
            synced = Math.min(synced, last);
            handedOver = Math.min(handedOver, last);
        }
    }

    private static List<Map.Entry<String, String>> read(Snapshot snapshot, Direction direction) {
        List<Map.Entry<String, String>> all = new ArrayList<>();
        try (Cursor cursor = snapshot.scan(KeyRange.all(), direction, ScanHints.NONE)) {
            for (EntryBatch batch = cursor.nextBatch(); batch != null; batch = cursor.nextBatch()) {
                for (int i = 0; i < batch.size(); i++) {
                    all.add(Map.entry(text(batch.copyKey(i)), text(batch.copyValue(i))));
                }
            }
        }
        return all;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.US_ASCII);
    }
}

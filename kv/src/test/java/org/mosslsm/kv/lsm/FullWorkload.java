package org.mosslsm.kv.lsm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.mosslsm.kv.BulkLoad;
import org.mosslsm.kv.CommitRequest;
import org.mosslsm.kv.Cursor;
import org.mosslsm.kv.Durability;
import org.mosslsm.kv.EntryBatch;
import org.mosslsm.kv.KeyRange;
import org.mosslsm.kv.WriteBatch;
import org.mosslsm.kv.testkit.MemVfs;
import org.mosslsm.kv.tool.Verify;
import org.mosslsm.kv.tool.VerifyReport;
import org.mosslsm.kv.vfs.Vfs;

/**
 * A fixed run through all that changes a disk: commits, flush, compaction, range deletes, bulk loads, ingests,
 * checkpoints, closing and opening, so that manifests roll and logs are recycled. It knows what the store holds after each
 * step, which steps were acknowledged, and how to tell a store that holds the state after some step from any other.
 *
 * <p>Thread safety: one thread runs it; the counts may be read by any.
 */
final class FullWorkload {
    /** Small enough that steps flush and compact by themselves. */
    static LsmOptions.Builder options() {
        return LsmOptions.builder().memtableBytes(4 << 10).blockBytes(1 << 10).cacheBytes(64 << 10);
    }

    private static final String COUNTER = "step";

    private interface Step {
        void run(Lsm store);
    }

    private final List<Step> steps = new ArrayList<>();
    private final List<Map<String, String>> states = new ArrayList<>();
    private final TreeMap<String, String> state = new TreeMap<>();
    private final MemVfs root;
    private final LsmOptions options;
    private int checkpoints;
    private volatile int started;
    private volatile int acknowledged;

    /**
     * A run.
     *
     * @param root the disk itself, for the files that are ingested: they are written unwatched
     * @param options how stores are opened
     */
    FullWorkload(MemVfs root, LsmOptions options) {
        this.root = root;
        this.options = options;
        states.add(Map.of());
        for (int round = 0; round < 3; round++) {
            for (int i = 0; i < 14; i++) {
                commit(i);
            }
            load(round);
            add(Lsm::flush);
            ingest(round);
            commit(90);
            checkpoint(round);
            deleteRange(round);
            add(Lsm::compact);
            commit(91);
        }
    }

    // Steps

    /** A step that changes nothing that is read. */
    private void add(Step step) {
        steps.add(step);
        states.add(Map.copyOf(state));
    }

    private void commit(int i) {
        WriteBatch batch = new WriteBatch();
        String number = Integer.toString(steps.size() + 1);
        put(batch, COUNTER, number);
        put(batch, "k" + (10 + i * 7 % 30), "of " + number + " ".repeat(i * 31 % 400));
        put(batch, "m" + (10 + i * 5 % 30), "and " + number);
        if (i % 3 == 0) {
            batch.delete(bytes("k" + (10 + i)));
            state.remove("k" + (10 + i));
        }
        if (i % 5 == 4) {
            batch.deleteRange(bytes("m20"), bytes("m2" + i % 10));
            state.subMap("m20", "m2" + i % 10).clear();
        }
        add(store -> store.commit(CommitRequest.of(batch, Durability.SYNC)));
    }

    private void put(WriteBatch batch, String key, String value) {
        batch.put(bytes(key), bytes(value));
        state.put(key, value);
    }

    private void load(int round) {
        Map<String, String> entries = entries("load" + round + "/", 40);
        state.putAll(entries);
        add(store -> {
            try (BulkLoad load = store.bulkLoad(KeyRange.prefix(bytes("load" + round)))) {
                entries.forEach((key, value) -> load.add(bytes(key), bytes(value)));
                load.publish();
            }
        });
    }

    private void ingest(int round) {
        Map<String, String> entries = entries("k2", 5 + round); // into the midst of what is there
        state.putAll(entries);
        add(store -> {
            MemVfs outside = (MemVfs) root.child("/outside");
            outside.createDirectory();
            try (TableWriter writer = TableWriter.create(outside, "t" + round, options)) {
                entries.forEach((key, value) -> writer.add(bytes(key), bytes(value)));
                writer.finish();
            }
            store.ingest(List.of(new Ingest.External(outside, "t" + round)));
        });
    }

    /** In the order of their keys. */
    private static Map<String, String> entries(String prefix, int count) {
        TreeMap<String, String> entries = new TreeMap<>();
        for (int i = 0; i < count; i++) {
            entries.put(prefix + (100 + i), "external " + i + ".".repeat(60));
        }
        return entries;
    }

    private void checkpoint(int round) {
        add(store -> store.checkpoint("/copy" + round + "." + ++checkpoints));
    }

    private void deleteRange(int round) {
        String lo = "load" + round + "/110";
        state.subMap(lo, "load" + round + "0").clear();
        add(store -> store.deleteRange(KeyRange.of(bytes(lo), bytes("load" + round + "0"))));
    }

    // Running

    /** Runs all steps, closing and opening the store half-way. */
    void run(Vfs vfs) {
        int half = steps.size() / 2;
        try (Lsm store = Lsm.open(vfs, options)) {
            run(store, 0, half);
        }
        try (Lsm store = Lsm.open(vfs, options)) {
            run(store, half, steps.size());
        }
    }

    private void run(Lsm store, int from, int to) {
        for (int i = from; i < to; i++) {
            started = i + 1;
            steps.get(i).run(store);
            acknowledged = i + 1;
        }
    }

    int started() {
        return started;
    }

    int acknowledged() {
        return acknowledged;
    }

    int steps() {
        return steps.size();
    }

    // Checking

    /** Opens and closes the store, which must hold the state after one of those steps, and be sound. */
    void check(Vfs disk, int atLeast, int atMost) {
        try (Lsm store = Lsm.open(disk, options)) {
            Map<String, String> found = read(store);
            boolean fits = false;
            for (int i = atLeast; i <= atMost && !fits; i++) {
                fits = states.get(i).equals(found);
            }
            assertTrue(
                    fits,
                    () -> "not a state after steps " + atLeast + " to " + atMost + ": " + found + "\nbut after "
                            + atLeast + ": " + states.get(atLeast));
            for (Map.Entry<String, String> e : found.entrySet()) {
                assertEquals(e.getValue(), new String(store.get(bytes(e.getKey())), StandardCharsets.US_ASCII));
            }
        }
        VerifyReport report = Verify.store(disk);
        assertTrue(report.ok(), report::toString);
    }

    private static Map<String, String> read(Lsm store) {
        Map<String, String> found = new TreeMap<>();
        try (Cursor cursor = store.cursor(KeyRange.all(), Cursor.Direction.FORWARD)) {
            for (EntryBatch batch = cursor.nextBatch(); batch != null; batch = cursor.nextBatch()) {
                for (int i = 0; i < batch.size(); i++) {
                    found.put(
                            new String(batch.copyKey(i), StandardCharsets.US_ASCII),
                            new String(batch.copyValue(i), StandardCharsets.US_ASCII));
                }
            }
        }
        return found;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}

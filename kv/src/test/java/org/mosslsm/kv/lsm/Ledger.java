package org.mosslsm.kv.lsm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.mosslsm.kv.CommitRequest;
import org.mosslsm.kv.Cursor;
import org.mosslsm.kv.Durability;
import org.mosslsm.kv.EntryBatch;
import org.mosslsm.kv.KeyRange;
import org.mosslsm.kv.WriteBatch;
import org.mosslsm.kv.tool.Verify;
import org.mosslsm.kv.tool.VerifyReport;
import org.mosslsm.kv.vfs.Vfs;

/**
 * A fixed sequence of numbered transactions, and what the store holds after each: so that a store found after a crash can
 * be told to hold whole transactions, the first so many of them, and not too few.
 *
 * <p>Thread safety: one thread writes; the figures may be read by any.
 */
final class Ledger {
    /** Small enough that the workload flushes and compacts many times. */
    static final LsmOptions OPTIONS = LsmOptions.builder()
            .memtableBytes(4 << 10)
            .blockBytes(1 << 10)
            .cacheBytes(256 << 10)
            .build();

    /** The same, with half of the values in value files. */
    static final LsmOptions LARGE_VALUES = LsmOptions.builder()
            .memtableBytes(4 << 10)
            .blockBytes(1 << 10)
            .cacheBytes(256 << 10)
            .largeValueBytes(150)
            .build();

    private static final String COUNTER = "ledger";

    /** What the store holds after the first {@code i} transactions. */
    private final List<Map<String, String>> states = new ArrayList<>();

    private final List<WriteBatch> batches = new ArrayList<>();

    private volatile int started;
    private volatile int handedOver;
    private volatile int synced;

    private final LsmOptions options;

    Ledger(int transactions) {
        this(transactions, OPTIONS);
    }

    /** @param options with which stores are opened to be verified */
    Ledger(int transactions, LsmOptions options) {
        this.options = options;
        TreeMap<String, String> state = new TreeMap<>();
        states.add(Map.copyOf(state));
        for (int i = 1; i <= transactions; i++) {
            WriteBatch batch = new WriteBatch();
            put(state, batch, COUNTER, Integer.toString(i));
            put(state, batch, account(i * 7), "left of " + i + " ".repeat(100 + i * 37 % 300));
            put(state, batch, account(i * 5 + 1), "right of " + i + "-".repeat(i * 61 % 200));
            if (i % 4 == 0) {
                state.remove(account(i));
                batch.delete(bytes(account(i)));
            }
            if (i % 9 == 0) {
                String lo = account(i);
                String hi = lo + "~";
                state.subMap(lo.substring(0, lo.length() - 1), hi).clear();
                batch.deleteRange(bytes(lo.substring(0, lo.length() - 1)), bytes(hi));
                put(state, batch, lo, "after the deluge " + i);
            }
            states.add(Map.copyOf(state));
            batches.add(batch);
        }
    }

    private static void put(Map<String, String> state, WriteBatch batch, String key, String value) {
        state.put(key, value);
        batch.put(bytes(key), bytes(value));
    }

    private static String account(int i) {
        return "account-" + i % 23;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** Most transactions ask for a sync; some only for the operating system's word, some for nothing. */
    private static Durability durability(int i) {
        return switch (i % 7) {
            case 2 -> Durability.PROCESS;
            case 4, 5 -> Durability.NONE;
            default -> Durability.SYNC;
        };
    }

    /** Runs the transactions {@code from .. to}, noting what was acknowledged. */
    void run(Lsm store, int from, int to) {
        for (int i = from; i <= to; i++) {
            started = i;
            Durability durability = durability(i);
            store.commit(CommitRequest.of(batches.get(i - 1), durability));
            if (durability.kind() != Durability.Kind.NONE) {
                handedOver = i;
            }
            if (durability.kind() == Durability.Kind.SYNC) {
                synced = i;
            }
            if (i % 17 == 0) {
                store.flush();
            }
        }
    }

    /** An orderly close of the store syncs everything that was started. */
    void closed() {
        handedOver = started;
        synced = started;
    }

    int started() {
        return started;
    }

    int handedOver() {
        return handedOver;
    }

    int synced() {
        return synced;
    }

    int transactions() {
        return batches.size();
    }

    /** Opens the store, and insists that it holds exactly the first so many transactions; returns how many. */
    int verify(Vfs disk, int atLeast, int atMost) {
        int count = verifyReads(disk, atLeast, atMost);
        VerifyReport report = Verify.store(disk); // order, bounds, levels: every store that was opened and closed
        assertTrue(report.ok(), report::toString);
        return count;
    }

    /** As above, without a look at what reads do not meet. */
    int verifyReads(Vfs disk, int atLeast, int atMost) {
        try (Lsm store = Lsm.open(disk, options)) {
            return verify(store, atLeast, atMost);
        }
    }

    /** As above, of an open store. */
    int verify(Lsm store, int atLeast, int atMost) {
        Map<String, String> found = read(store);
        int count = Integer.parseInt(found.getOrDefault(COUNTER, "0"));
        assertTrue(
                count >= atLeast && count <= atMost,
                () -> count + " transactions found, expected " + atLeast + " to " + atMost);
        assertEquals(states.get(count), found, () -> "after " + count + " transactions");
        for (String key : states.get(count).keySet()) {
            assertEquals(states.get(count).get(key), new String(store.get(bytes(key)), StandardCharsets.UTF_8));
        }
        return count;
    }

    private static Map<String, String> read(Lsm store) {
        Map<String, String> found = new TreeMap<>();
        try (Cursor cursor = store.cursor(KeyRange.all(), Cursor.Direction.FORWARD)) {
            for (EntryBatch batch = cursor.nextBatch(); batch != null; batch = cursor.nextBatch()) {
                for (int i = 0; i < batch.size(); i++) {
                    found.put(
                            new String(batch.copyKey(i), StandardCharsets.UTF_8),
                            new String(batch.copyValue(i), StandardCharsets.UTF_8));
                }
            }
        }
        return found;
    }
}

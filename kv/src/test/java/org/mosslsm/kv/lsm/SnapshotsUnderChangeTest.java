package org.mosslsm.kv.lsm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.mosslsm.kv.Cursor;
import org.mosslsm.kv.Cursor.Direction;
import org.mosslsm.kv.Durability;
import org.mosslsm.kv.EntryBatch;
import org.mosslsm.kv.KeyRange;
import org.mosslsm.kv.ScanHints;
import org.mosslsm.kv.Snapshot;
import org.mosslsm.kv.WriteBatch;
import org.mosslsm.kv.lsm.LsmOptions.CompactionStyle;
import org.mosslsm.kv.testkit.MemVfs;
import org.mosslsm.kv.tool.Verify;
import org.mosslsm.kv.tool.VerifyReport;

/**
 * Whatever moves underneath - flushes, compactions in parts, tables dropped unread, bulk loads, values copied from file to
 * file - each snapshot shows the state after one commit, when it is taken and for as long as it is held.
 */
@Timeout(value = 600, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SnapshotsUnderChangeTest {
    private static final int KEYS = 150;
    private static final int OPERATIONS = Integer.getInteger("ops", 800);

    private final long seed = Long.getLong("seed", System.nanoTime());
    private final MemVfs disk = new MemVfs();

    /** What the store holds after the commit of that version. */
    private final NavigableMap<Long, Map<String, String>> states = new ConcurrentSkipListMap<>();

    /** How many snapshots were checked; the second half of the changes does not begin before one was. */
    private final AtomicInteger looks = new AtomicInteger();

    private volatile boolean over;

    @Test
    void leveled() throws Exception {
        run(CompactionStyle.LEVELED, 0);
    }

    @Test
    void leveledWithValuesApart() throws Exception {
        run(CompactionStyle.LEVELED, 100);
    }

    @Test
    void tieredWithValuesApart() throws Exception {
        run(CompactionStyle.TIERED, 100);
    }

    private void run(CompactionStyle style, int largeValueBytes) throws Exception {
        LsmOptions options = LsmOptions.builder()
                .durability(Durability.NONE)
                .memtableBytes(4 << 10)
                .blockBytes(1 << 10)
                .cacheBytes(64 << 10)
                .compactionStyle(style)
                .compactionThreads(2)
                .subcompactions(2)
                .largeValueBytes(largeValueBytes)
                .build();
        ExecutorService threads = Executors.newFixedThreadPool(2);
        try (Lsm store = Lsm.open(disk, options)) {
            try (Snapshot empty = store.snapshot()) {
                states.put(empty.version(), Map.of());
            }
            List<Future<?>> readers = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                Random random = new Random(seed + i + 1);
                readers.add(threads.submit(() -> read(store, random)));
            }
            try {
                write(store, options, readers);
            } finally {
                over = true;
            }
            for (Future<?> reader : readers) {
                reader.get();
            }
        } finally {
            threads.shutdown();
        }
        VerifyReport report = Verify.store(disk);
        assertTrue(report.ok(), () -> "seed " + seed + ": " + report);
    }

    private void write(Lsm store, LsmOptions options, List<Future<?>> readers) {
        Random random = new Random(seed);
        TreeMap<String, String> state = new TreeMap<>();
        for (int i = 0; i < OPERATIONS; i++) {
            if (i == OPERATIONS / 2) {
                awaitLook(readers);
            }
            int dice = random.nextInt(100);
            long version;
            if (dice < 3) {
                TreeMap<String, String> table = new TreeMap<>();
                int from = random.nextInt(KEYS);
                for (int k = from; k < Math.min(KEYS, from + 20); k += 1 + random.nextInt(3)) {
                    table.put(key(k), value(random, i));
                }
                state.putAll(table);
                version = ExternalTables.ingest(store, disk, table, options);
            } else {
                WriteBatch batch = new WriteBatch();
                for (int n = 1 + random.nextInt(4); n > 0; n--) {
                    write(batch, state, random, i);
                }
                version = store.write(batch);
            }
            states.put(version, Map.copyOf(state));
        }
    }

    /** Returns when a reader has had a turn, so that what it holds is looked at again after more changes; or has failed. */
    private void awaitLook(List<Future<?>> readers) {
        while (looks.get() == 0 && readers.stream().noneMatch(Future::isDone)) {
            Thread.onSpinWait();
        }
    }

    private static void write(WriteBatch batch, NavigableMap<String, String> state, Random random, int i) {
        int k = random.nextInt(KEYS);
        int dice = random.nextInt(20);
        if (dice == 0) {
            String lo = key(k);
            String hi = key(k + 1 + random.nextInt(40));
            batch.deleteRange(bytes(lo), bytes(hi));
            state.subMap(lo, hi).clear();
        } else if (dice < 5) {
            batch.delete(bytes(key(k)));
            state.remove(key(k));
        } else {
            String value = value(random, i);
            batch.put(bytes(key(k)), bytes(value));
            state.put(key(k), value);
        }
    }

    private void read(Lsm store, Random random) {
        while (!over) {
            try (Snapshot snapshot = store.snapshot()) {
                long version = snapshot.version();
                while (!over && states.lastKey() < version) {
                    Thread.onSpinWait(); // the writer is about to say what it wrote
                }
                if (states.lastKey() < version) {
                    return; // the writer has failed, and never said
                }
                Map<String, String> expected = states.get(version);
                assertNotNull(expected, () -> "seed " + seed + ": version " + version + " is not that of a commit");
                check(snapshot, expected, random);
                looks.incrementAndGet();
                long until = version + random.nextInt(200);
                while (!over && states.lastKey() < until) {
                    Thread.onSpinWait();
                }
                check(snapshot, expected, random);
            }
        }
    }

    private void check(Snapshot snapshot, Map<String, String> expected, Random random) {
        String where = "seed " + seed + ", version " + snapshot.version();
        Direction direction = random.nextBoolean() ? Direction.FORWARD : Direction.BACKWARD;
        Map<String, String> found = new TreeMap<>();
        try (Cursor cursor = snapshot.scan(KeyRange.all(), direction, ScanHints.NONE)) {
            for (EntryBatch batch = cursor.nextBatch(); batch != null; batch = cursor.nextBatch()) {
                for (int i = 0; i < batch.size(); i++) {
                    assertNull(found.put(text(batch.copyKey(i)), text(batch.copyValue(i))), where);
                }
            }
        }
        assertEquals(new TreeMap<>(expected), found, where + ", " + direction);
        for (int n = 0; n < 10; n++) {
            String key = key(random.nextInt(KEYS));
            byte[] value = snapshot.get(bytes(key));
            assertEquals(expected.get(key), value == null ? null : text(value), where + ", " + key);
        }
    }

    private static String key(int i) {
        return "k" + (1000 + i);
    }

    private static String value(Random random, int i) {
        return i + "." + "x".repeat(random.nextInt(200));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }
}

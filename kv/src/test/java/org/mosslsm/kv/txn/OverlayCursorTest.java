package org.mosslsm.kv.txn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mosslsm.kv.CommitRequest;
import org.mosslsm.kv.Cursor;
import org.mosslsm.kv.Cursor.Direction;
import org.mosslsm.kv.Durability;
import org.mosslsm.kv.EntryBatch;
import org.mosslsm.kv.KeyRange;
import org.mosslsm.kv.ScanHints;
import org.mosslsm.kv.Store;
import org.mosslsm.kv.WriteBatch;
import org.mosslsm.kv.lsm.Lsm;
import org.mosslsm.kv.lsm.LsmOptions;
import org.mosslsm.kv.memory.MemoryStore;
import org.mosslsm.kv.testkit.MemVfs;

/** Own writes over a snapshot: what a transaction's scan delivers, against a TreeMap. */
class OverlayCursorTest {
    @Test
    void ownWritesAreMergedInBothDirections() {
        try (Store store = storeOf("a", "c", "e", "g")) {
            try (Transaction txn = new Transactions(store).begin()) {
                txn.put(key("b"), key("own"));
                txn.put(key("c"), key("own"));
                txn.delete(key("e"));
                txn.delete(key("x"));
                txn.put(key("z"), key("own"));
                List<String> expected = List.of("a=0", "b=own", "c=own", "g=0", "z=own");
                assertEquals(expected, scan(txn, KeyRange.all(), Direction.FORWARD));
                List<String> reversed = new ArrayList<>(expected);
                Collections.reverse(reversed);
                assertEquals(reversed, scan(txn, KeyRange.all(), Direction.BACKWARD));
                KeyRange part = KeyRange.of(key("b"), key("g"));
                assertEquals(List.of("b=own", "c=own"), scan(txn, part, Direction.FORWARD));
                assertEquals(List.of("c=own", "b=own"), scan(txn, part, Direction.BACKWARD));
            }
        }
    }

    @Test
    void batchesOfTheStoreGoUpAsTheyAreWhereNothingWasWritten() {
        try (Store store = storeOf("a", "b", "c")) {
            try (Transaction txn = new Transactions(store).begin()) {
                txn.put(key("x"), key("own"));
                txn.deleteRange(KeyRange.of(key("d"), key("f")));
                byte[] value = new byte[] {1};
                txn.put(key("xx"), value);
                try (Cursor cursor = txn.scan(KeyRange.all(), Direction.FORWARD, ScanHints.NONE)) {
                    assertEquals(3, cursor.nextBatch().size());
                    EntryBatch own = cursor.nextBatch();
                    assertEquals(2, own.size());
                    assertSame(value, own.valueArray(1));
                }
            }
        }
    }

    @Test
    void scanSeesTheWritesOfItsCreationOnly() {
        try (Store store = storeOf("a", "b", "c")) {
            try (Transaction txn = new Transactions(store).begin()) {
                txn.put(key("b"), key("1"));
                Mark mark = txn.mark();
                try (Cursor cursor = txn.scan(KeyRange.all(), Direction.FORWARD, ScanHints.NONE)) {
                    txn.put(key("b"), key("2"));
                    txn.put(key("d"), key("2"));
                    txn.deleteRange(KeyRange.of(key("a"), key("c")));
                    txn.rollbackTo(mark);
                    txn.commit();
                    assertEquals(List.of("a=0", "b=1", "c=0"), drain(cursor));
                }
            }
        }
    }

    @Test
    void randomWriteSetsMatchATreeMap() {
        randomWriteSets(150, MemoryStore::new, Long.MAX_VALUE);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 300, 3_000, 30_000})
    void randomWriteSetsThatSpillMatchATreeMap(long writeBytes) throws IOException {
        randomWriteSets(writeBytes == 0 ? 15 : 50, MemoryStore::new, writeBytes);
        MemVfs disk = new MemVfs();
        randomWriteSets(1, () -> Lsm.open(disk, LsmOptions.defaults()), writeBytes);
        assertTrue(
                !disk.child("tmp").directoryExists() || disk.child("tmp").list().isEmpty(), "files are left behind");
    }

    private static void randomWriteSets(int rounds, Supplier<Store> stores, long writeBytes) {
        long seed = Long.getLong("overlay.seed", System.nanoTime());
        System.out.println("OverlayCursorTest.random " + writeBytes + " -Doverlay.seed=" + seed);
        Random random = new Random(seed);
        for (int round = 0; round < rounds; round++) {
            int keys = random.nextBoolean() ? 30 : 3_000;
            try (Store store = stores.get()) {
                TreeMap<String, String> model = new TreeMap<>();
                WriteBatch base = new WriteBatch();
                for (int i = 0; i < keys; i++) {
                    if (random.nextInt(3) > 0) {
                        base.put(key(name(i)), key("0"));
                        model.put(name(i), "0");
                    }
                }
                store.commit(CommitRequest.of(base, Durability.NONE));
                try (Transaction txn = new Transactions(store, writeBytes).begin()) {
                    runTransaction(txn, model, keys, random, "seed " + seed + " round " + round);
                    txn.commit();
                }
                try (Transaction after = new Transactions(store).begin()) {
                    check(after, model, keys, random, "seed " + seed + " round " + round + " after commit");
                }
            }
        }
    }

    private static void runTransaction(
            Transaction txn, NavigableMap<String, String> model, int keys, Random random, String name) {
        List<Mark> marks = new ArrayList<>();
        List<Map<String, String>> models = new ArrayList<>();
        for (int step = 0; step < 60; step++) {
            int dice = random.nextInt(22);
            String key = name(random.nextInt(keys));
            if (dice >= 20) {
                runStatement(txn, model, keys, random);
            } else if (dice < 8) {
                txn.put(key(key), key("s" + step));
                model.put(key, "s" + step);
            } else if (dice < 12) {
                txn.delete(key(key));
                model.remove(key);
            } else if (dice < 15) {
                String to = name(random.nextInt(keys));
                txn.deleteRange(KeyRange.of(key(key), key(to)));
                if (key.compareTo(to) < 0) {
                    model.subMap(key, to).clear();
                }
            } else if (dice < 17) {
                marks.add(txn.mark());
                models.add(new TreeMap<>(model));
            } else if (dice < 18 && !marks.isEmpty()) {
                int i = random.nextInt(marks.size());
                txn.rollbackTo(marks.get(i));
                model.clear();
                model.putAll(models.get(i));
            } else {
                check(txn, model, keys, random, name + " step " + step);
            }
        }
    }

    /** Some writes that are undone, or not; few enough to be remembered one by one, or more. */
    private static void runStatement(Transaction txn, NavigableMap<String, String> model, int keys, Random random) {
        Mark start = txn.statementMark();
        Map<String, String> before = new TreeMap<>(model);
        int writes = random.nextInt(random.nextBoolean() ? 5 : 3 * UndoLog.MOST);
        for (int i = 0; i < writes; i++) {
            String key = name(random.nextInt(keys));
            int dice = random.nextInt(200);
            if (dice == 0) {
                String to = name(random.nextInt(keys));
                txn.deleteRange(KeyRange.of(key(key), key(to)));
                if (key.compareTo(to) < 0) {
                    model.subMap(key, to).clear();
                }
            } else if (dice < 70) {
                txn.delete(key(key));
                model.remove(key);
            } else {
                txn.put(key(key), key("w" + i));
                model.put(key, "w" + i);
            }
        }
        for (int undos = random.nextInt(3); undos > 0; undos--) {
            txn.rollbackTo(start);
            model.clear();
            model.putAll(before);
            txn.put(key(name(0)), key("again"));
            model.put(name(0), "again");
        }
    }

    @Test
    void manyOwnWritesAreCountedAsFewAre() {
        try (Store store = storeOf("k00001x", "z");
                Transaction txn = new Transactions(store).begin()) {
            txn.deleteRange(KeyRange.of(key("k00001"), key("k00002")));
            int own = OverlayCount.MOST_LOOKED_UP - 10;
            for (int i = 0; i < own; i++) {
                txn.put(key(name(i)), key("1"));
            }
            try (FrozenReads before = txn.freeze()) {
                for (int more = 0; more < 20; more++) {
                    assertEquals(own + more + 1, txn.count(KeyRange.all(), () -> {}), "with " + (own + more));
                    txn.put(key(name(own + more)), key("1"));
                }
                assertEquals(own + 1, before.count(KeyRange.all(), () -> {}));
            }
            assertEquals(0, txn.count(KeyRange.of(key("k00001"), key("k00001")), () -> {}));
            for (int i = 0; i < own; i++) {
                txn.delete(key(name(i)));
            }
            assertEquals(21, txn.count(KeyRange.all(), () -> {}));
        }
    }

    @Test
    void aCountIsGivenUpByItsPulse() {
        try (Store store = storeOf("a", "b")) {
            Transactions transactions = new Transactions(store);
            try (Transaction txn = transactions.begin()) {
                for (int writes : new int[] {0, 1, 2 * OverlayCount.MOST_LOOKED_UP}) {
                    for (int i = 0; i < writes; i++) {
                        txn.put(key(name(i)), key("1"));
                    }
                    IllegalStateException thrown = assertThrows(
                            IllegalStateException.class,
                            () -> txn.count(KeyRange.all(), () -> {
                                throw new IllegalStateException("enough");
                            }));
                    assertEquals("enough", thrown.getMessage());
                }
            }
            assertEquals(0, store.metrics().number("memory.snapshots").orElseThrow(), "a snapshot is left");
        }
    }

    @Test
    void theMarkOfAStatementEndsWithTheNext() {
        try (Store store = storeOf("a");
                Transaction txn = new Transactions(store).begin()) {
            Mark savepoint = txn.mark();
            Mark first = txn.statementMark();
            txn.put(key("a"), key("1"));
            Mark second = txn.statementMark();
            assertThrows(IllegalStateException.class, () -> txn.rollbackTo(first));
            txn.delete(key("a"));
            txn.rollbackTo(second);
            assertEquals("1", text(txn.get(key("a"))));
            txn.rollbackTo(savepoint);
            assertThrows(IllegalStateException.class, () -> txn.rollbackTo(second));
            assertEquals("0", text(txn.get(key("a"))));
        }
    }

    private static void check(
            Transaction txn, NavigableMap<String, String> model, int keys, Random random, String name) {
        String lo = name(random.nextInt(keys));
        String hi = name(random.nextInt(keys));
        List<byte[]> asked = new ArrayList<>();
        List<String> answers = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            String key = name(random.nextInt(keys));
            assertEquals(model.get(key), text(txn.get(key(key))), name);
            asked.add(key(key));
            answers.add(model.get(key));
        }
        assertEquals(
                answers.toString(),
                txn.getAll(asked).stream().map(OverlayCursorTest::text).toList().toString(),
                name);
        assertEquals(model.size(), txn.count(KeyRange.all(), () -> {}), name);
        for (Direction direction : Direction.values()) {
            assertEquals(expected(model, direction), scan(txn, KeyRange.all(), direction), name);
            if (lo.compareTo(hi) <= 0) {
                NavigableMap<String, String> part = model.subMap(lo, true, hi, false);
                KeyRange range = KeyRange.of(key(lo), key(hi));
                assertEquals(part.size(), txn.count(range, () -> {}), name);
                assertEquals(expected(part, direction), scan(txn, range, direction), name);
                checkSeeks(txn, part, range, direction, keys, random, name);
            }
        }
    }

    private static void checkSeeks(
            Transaction txn,
            NavigableMap<String, String> part,
            KeyRange range,
            Direction direction,
            int keys,
            Random random,
            String name) {
        try (Cursor cursor = txn.scan(range, direction, new ScanHints(random.nextInt(3), false, true))) {
            for (int i = 0; i < 4; i++) {
                String to = name(random.nextInt(keys));
                cursor.seek(key(to));
                String next = direction == Direction.FORWARD ? part.ceilingKey(to) : part.floorKey(to);
                EntryBatch batch = cursor.nextBatch();
                assertEquals(next, batch == null ? null : text(batch.copyKey(0)), name + " seek " + to);
                if (random.nextBoolean()) {
                    cursor.nextBatch();
                }
            }
        }
    }

    private static List<String> expected(NavigableMap<String, String> model, Direction direction) {
        List<String> entries = new ArrayList<>();
        (direction == Direction.FORWARD ? model : model.descendingMap())
                .forEach((key, value) -> entries.add(key + "=" + value));
        return entries;
    }

    private static List<String> scan(Transaction txn, KeyRange range, Direction direction) {
        try (Cursor cursor = txn.scan(range, direction, ScanHints.NONE)) {
            return drain(cursor);
        }
    }

    private static List<String> drain(Cursor cursor) {
        List<String> entries = new ArrayList<>();
        for (EntryBatch batch = cursor.nextBatch(); batch != null; batch = cursor.nextBatch()) {
            for (int i = 0; i < batch.size(); i++) {
                entries.add(text(batch.copyKey(i)) + "=" + text(batch.copyValue(i)));
            }
        }
        return entries;
    }

    private static Store storeOf(String... keys) {
        Store store = new MemoryStore();
        WriteBatch batch = new WriteBatch();
        for (String key : keys) {
            batch.put(key(key), key("0"));
        }
        store.commit(CommitRequest.of(batch, Durability.NONE));
        return store;
    }

    private static String name(int i) {
        return String.format("k%04d", i);
    }

    private static byte[] key(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String text(byte[] bytes) {
        return bytes == null ? null : new String(bytes, StandardCharsets.UTF_8);
    }
}

package org.mosslsm.kv.testkit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.mosslsm.kv.Cursor;
import org.mosslsm.kv.Cursor.Direction;
import org.mosslsm.kv.EntryBatch;
import org.mosslsm.kv.KeyRange;
import org.mosslsm.kv.ScanHints;
import org.mosslsm.kv.Snapshot;
import org.mosslsm.kv.StoreClosedException;
import org.mosslsm.kv.WriteBatch;

/** What every store answers to reads: order, bounds, directions, seeks, snapshots. Part of {@link StoreConformance}. */
public abstract class StoreReadConformance extends StoreFixture {
    @Test
    void emptyStoreHasNothing() {
        try (Snapshot snapshot = store.snapshot()) {
            assertNull(snapshot.get(key("a")));
            assertEquals(List.of(), scan(snapshot, KeyRange.all(), Direction.FORWARD));
            assertEquals(List.of(), scan(snapshot, KeyRange.all(), Direction.BACKWARD));
        }
    }

    @Test
    void keysAreOrderedAsUnsignedBytes() {
        put("\u0080", "4", "b", "3", "\u00ff\u00ff", "6", "", "0", "a", "1", "\u00ff", "5", "a\u0000", "2");

        List<String> expected = List.of("=0", "a=1", "a\u0000=2", "b=3", "\u0080=4", "\u00ff=5", "\u00ff\u00ff=6");
        assertEquals(expected, all());
        List<String> reversed = new ArrayList<>(expected);
        Collections.reverse(reversed);
        try (Snapshot snapshot = store.snapshot()) {
            assertEquals(reversed, scan(snapshot, KeyRange.all(), Direction.BACKWARD));
        }
    }

    @Test
    void rangesIncludeTheLowerBoundAndExcludeTheUpper() {
        put("a", "1", "b", "2", "c", "3", "d", "4");
        try (Snapshot snapshot = store.snapshot()) {
            assertEquals(List.of("b=2", "c=3"), scan(snapshot, range("b", "d"), Direction.FORWARD));
            assertEquals(List.of("c=3", "b=2"), scan(snapshot, range("b", "d"), Direction.BACKWARD));
            assertEquals(List.of("c=3"), scan(snapshot, range("bb", "cc"), Direction.FORWARD));
            assertEquals(List.of("c=3"), scan(snapshot, range("bb", "cc"), Direction.BACKWARD));
            assertEquals(List.of("c=3", "d=4"), scan(snapshot, KeyRange.from(key("c")), Direction.FORWARD));
            assertEquals(List.of("d=4", "c=3"), scan(snapshot, KeyRange.from(key("c")), Direction.BACKWARD));
            assertEquals(List.of("b=2"), scan(snapshot, KeyRange.point(key("b")), Direction.FORWARD));
            assertEquals(List.of("b=2"), scan(snapshot, KeyRange.prefix(key("b")), Direction.BACKWARD));
            for (Direction direction : Direction.values()) {
                assertEquals(List.of(), scan(snapshot, range("c", "c"), direction));
                assertEquals(List.of(), scan(snapshot, range("d", "a"), direction));
                assertEquals(List.of(), scan(snapshot, range("x", "z"), direction));
                assertEquals(List.of(), scan(snapshot, range("A", "B"), direction));
            }
        }
    }

    @Test
    void seekMovesEitherWayWithinTheRange() {
        put("a", "1", "c", "3", "e", "5", "g", "7");
        try (Snapshot snapshot = store.snapshot();
                Cursor cursor = snapshot.scan(range("b", "g"), Direction.FORWARD, ScanHints.NONE)) {
            cursor.seek(key("d"));
            assertEquals(List.of("e=5"), drain(cursor));
            cursor.seek(key("c"));
            assertEquals(List.of("c=3", "e=5"), drain(cursor));
            cursor.seek(key(""));
            assertEquals(List.of("c=3", "e=5"), drain(cursor));
            cursor.seek(key("f"));
            assertNull(cursor.nextBatch());
            cursor.seek(key("z"));
            assertNull(cursor.nextBatch());
            cursor.seek(key("e"));
            assertEquals(List.of("e=5"), drain(cursor));
        }
    }

    @Test
    void seekBackwardStopsAtOrBeforeTheKey() {
        put("a", "1", "c", "3", "e", "5", "g", "7");
        try (Snapshot snapshot = store.snapshot();
                Cursor cursor = snapshot.scan(range("b", "g"), Direction.BACKWARD, ScanHints.NONE)) {
            cursor.seek(key("d"));
            assertEquals(List.of("c=3"), drain(cursor));
            cursor.seek(key("e"));
            assertEquals(List.of("e=5", "c=3"), drain(cursor));
            cursor.seek(key("g"));
            assertEquals(List.of("e=5", "c=3"), drain(cursor));
            cursor.seek(key("z"));
            assertEquals(List.of("e=5", "c=3"), drain(cursor));
            cursor.seek(key("b"));
            assertNull(cursor.nextBatch());
            cursor.seek(key("a"));
            assertNull(cursor.nextBatch());
        }
    }

    @Test
    void seekInTheMiddleOfABatchGoesOnFromThere() {
        fill(1_000);
        try (Snapshot snapshot = store.snapshot();
                Cursor cursor = snapshot.scan(KeyRange.all(), Direction.FORWARD, ScanHints.NONE)) {
            assertEquals("k00000", text(cursor.nextBatch().copyKey(0)));
            cursor.seek(key("k00900"));
            assertEquals(100, drain(cursor).size());
            cursor.seek(key("k00001"));
            assertEquals("k00001", text(cursor.nextBatch().copyKey(0)));
        }
    }

    @Test
    void exhaustedCursorStaysExhausted() {
        put("a", "1");
        for (Direction direction : Direction.values()) {
            try (Snapshot snapshot = store.snapshot();
                    Cursor cursor = snapshot.scan(KeyRange.all(), direction, ScanHints.NONE)) {
                assertEquals(List.of("a=1"), drain(cursor));
                assertNull(cursor.nextBatch());
                assertNull(cursor.nextBatch());
            }
        }
    }

    @Test
    void manyEntriesComeInOrderInBatches() {
        int entries = 10_000;
        fill(entries);
        List<String> forward = all();
        assertEquals(entries, forward.size());
        for (int i = 0; i < entries; i++) {
            assertEquals(String.format("k%05d=v%d", i, i), forward.get(i));
        }
        try (Snapshot snapshot = store.snapshot()) {
            List<String> backward = scan(snapshot, KeyRange.all(), Direction.BACKWARD);
            Collections.reverse(backward);
            assertEquals(forward, backward);
        }
    }

    @Test
    void hintsDoNotChangeResults() {
        fill(600);
        try (Snapshot snapshot = store.snapshot()) {
            for (int limit : new int[] {1, 7, 600, 100_000}) {
                for (Direction direction : Direction.values()) {
                    ScanHints hints = new ScanHints(limit, false, false);
                    try (Cursor cursor = snapshot.scan(KeyRange.all(), direction, hints)) {
                        assertEquals(scan(snapshot, KeyRange.all(), direction), drain(cursor));
                    }
                }
            }
            try (Cursor cursor =
                    snapshot.scan(range("k00100", "k00105"), Direction.FORWARD, new ScanHints(0, true, true))) {
                List<String> keys = new ArrayList<>();
                for (EntryBatch batch = cursor.nextBatch(); batch != null; batch = cursor.nextBatch()) {
                    for (int i = 0; i < batch.size(); i++) {
                        keys.add(text(batch.copyKey(i)));
                    }
                }
                assertEquals(List.of("k00100", "k00101", "k00102", "k00103", "k00104"), keys);
            }
        }
    }

    @Test
    void getAllAnswersInOrderOfTheKeysAsked() {
        put("a", "1", "b", "2", "c", "");
        try (Snapshot snapshot = store.snapshot()) {
            List<byte[]> values = snapshot.getAll(List.of(key("c"), key("x"), key("a"), key("b"), key("a")));
            List<String> texts = values.stream().map(StoreFixture::text).toList().stream()
                    .map(String::valueOf)
                    .toList();
            assertEquals(List.of("", "null", "1", "2", "1"), texts);
            assertEquals(List.of(), snapshot.getAll(List.of()));
        }
    }

    @Test
    void emptyKeysAndValuesAreOrdinary() {
        put("", "", "a", "");
        assertEquals("", get(""));
        assertEquals("", get("a"));
        assertEquals(List.of("=", "a="), all());
        delete("");
        assertNull(get(""));
        assertEquals(List.of("a="), all());
    }

    @Test
    void keysThatArePrefixesOfEachOtherAreKeptApart() {
        put("a", "1", "aa", "2", "aaa", "3");
        delete("aa");
        assertEquals(List.of("a=1", "aaa=3"), all());
        assertEquals("1", get("a"));
        assertNull(get("aa"));
        assertEquals("3", get("aaa"));
    }

    @Test
    void arraysFromGetBelongToTheCaller() {
        put("a", "1");
        try (Snapshot snapshot = store.snapshot()) {
            byte[] mine = snapshot.get(key("a"));
            mine[0] = '9';
            assertArrayEquals(key("1"), snapshot.get(key("a")));
            assertNotSame(mine, snapshot.get(key("a")));
        }
    }

    @Test
    void snapshotIsNotTouchedByLaterCommits() {
        put("a", "1", "b", "1", "c", "1");
        try (Snapshot old = store.snapshot()) {
            put("a", "2", "d", "2");
            delete("b");
            commit(batch().deleteRange(key("c"), key("cc")));

            List<String> expected = List.of("a=1", "b=1", "c=1");
            assertEquals(expected, scan(old, KeyRange.all(), Direction.FORWARD));
            assertEquals(List.of("c=1", "b=1", "a=1"), scan(old, KeyRange.all(), Direction.BACKWARD));
            assertEquals("1", text(old.get(key("c"))));
            assertNull(old.get(key("d")));
            assertEquals(List.of("a=2", "d=2"), all());
        }
    }

    @Test
    void cursorIsNotTouchedByLaterCommits() {
        fill(2_000);
        for (Direction direction : Direction.values()) {
            try (Snapshot snapshot = store.snapshot();
                    Cursor cursor = snapshot.scan(KeyRange.all(), direction, ScanHints.NONE)) {
                int seen = cursor.nextBatch().size();
                commit(batch().deleteRange(key("k"), key("l")));
                put("k00500x", "new");
                assertEquals(2_000, seen + drain(cursor).size());
            }
            fill(2_000);
            delete("k00500x");
        }
    }

    @Test
    void versionsGrowAndASnapshotSeesTheCommitThatReturned() {
        try (Snapshot before = store.snapshot()) {
            long first = put("a", "1");
            long second = put("a", "2");
            assertTrue(before.version() < first);
            assertTrue(first < second);
            try (Snapshot after = store.snapshot()) {
                assertTrue(after.version() >= second);
                assertEquals("2", text(after.get(key("a"))));
            }
        }
    }

    @Test
    void snapshotAtAnOpenVersionSeesThatVersion() {
        long first = put("a", "1");
        try (Snapshot held = store.snapshotAt(first)) {
            put("a", "2");
            try (Snapshot again = store.snapshotAt(first)) {
                assertEquals(first, again.version());
                assertEquals("1", text(again.get(key("a"))));
                assertEquals("1", text(held.get(key("a"))));
            }
        }
    }

    @Test
    void snapshotAtTheFutureIsRefused() {
        long version = put("a", "1");
        assertThrows(IllegalArgumentException.class, () -> store.snapshotAt(version + 1_000));
    }

    @Test
    void closedObjectsSayThatTheyAreClosed() {
        put("a", "1");
        Snapshot snapshot = store.snapshot();
        Cursor orphan = snapshot.scan(KeyRange.all(), Direction.FORWARD, ScanHints.NONE);
        Cursor cursor = snapshot.scan(KeyRange.all(), Direction.FORWARD, ScanHints.NONE);
        cursor.close();
        cursor.close();
        assertThrows(StoreClosedException.class, cursor::nextBatch);
        assertThrows(StoreClosedException.class, () -> cursor.seek(key("a")));

        snapshot.close();
        snapshot.close();
        assertThrows(StoreClosedException.class, () -> snapshot.get(key("a")));
        assertThrows(StoreClosedException.class, () -> snapshot.getAll(List.of(key("a"))));
        assertThrows(
                StoreClosedException.class, () -> snapshot.scan(KeyRange.all(), Direction.FORWARD, ScanHints.NONE));
        assertThrows(StoreClosedException.class, orphan::nextBatch);
        orphan.close();
    }

    @Test
    void closedStoreSaysSo() {
        put("a", "1");
        Snapshot snapshot = store.snapshot();
        Cursor cursor = snapshot.scan(KeyRange.all(), Direction.BACKWARD, ScanHints.NONE);
        store.close();
        store.close();
        assertThrows(StoreClosedException.class, () -> snapshot.get(key("a")));
        assertThrows(StoreClosedException.class, cursor::nextBatch);
        assertThrows(StoreClosedException.class, store::snapshot);
        assertThrows(StoreClosedException.class, () -> put("b", "2"));
        assertThrows(StoreClosedException.class, () -> store.deleteRange(range("a", "b")));
        cursor.close();
        snapshot.close();
    }

    @Test
    void splitsLieInsideTheRangeInAscendingOrder() {
        fill(5_000);
        KeyRange range = range("k01000", "k04000");
        for (int wanted : new int[] {1, 2, 4, 16}) {
            List<byte[]> splits = store.splits(range, wanted);
            assertTrue(
                    splits.size() < wanted, splits.size() + " splits where fewer than " + wanted + " were asked for");
            byte[] before = range.lo();
            for (byte[] split : splits) {
                assertTrue(range.contains(split));
                assertTrue(Arrays.compareUnsigned(before, split) < 0);
                before = split;
            }
        }
    }

    @Test
    void approximateBytesIsNeverNegativeAndSmallForAnEmptyRange() {
        fill(5_000);
        assertTrue(store.approximateBytes(KeyRange.all()) >= 0);
        assertEquals(0, store.approximateBytes(range("x", "x")));
        assertFalse(store.approximateBytes(range("k00000", "k00001")) > 1L << 30);
    }

    /** Commits k00000=v0, k00001=v1 ... */
    protected void fill(int entries) {
        WriteBatch batch = batch();
        for (int i = 0; i < entries; i++) {
            batch.put(key(String.format("k%05d", i)), key("v" + i));
        }
        commit(batch);
    }
}

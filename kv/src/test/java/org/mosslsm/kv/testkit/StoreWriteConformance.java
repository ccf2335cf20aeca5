package org.mosslsm.kv.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.mosslsm.kv.BulkLoad;
import org.mosslsm.kv.CommitRequest;
import org.mosslsm.kv.ConflictException;
import org.mosslsm.kv.Durability;
import org.mosslsm.kv.KeyRange;
import org.mosslsm.kv.Snapshot;
import org.mosslsm.kv.Store;
import org.mosslsm.kv.Store.CommitStatus;
import org.mosslsm.kv.WriteBatch;

/** What every store makes of writes: batches, range deletes, conditions, loads. Part of {@link StoreConformance}. */
public abstract class StoreWriteConformance extends StoreReadConformance {
    @Test
    void laterWritesOfABatchWin() {
        put("z", "0");
        commit(batch().put(key("a"), key("1"))
                .put(key("a"), key("2"))
                .put(key("b"), key("1"))
                .delete(key("b"))
                .delete(key("c"))
                .put(key("c"), key("3"))
                .delete(key("z"))
                .delete(key("z")));
        assertEquals(List.of("a=2", "c=3"), all());
    }

    @Test
    void rangeDeleteHidesWhatCameBeforeItAndNothingElse() {
        put("a", "1", "b", "1", "c", "1", "d", "1");
        commit(batch().deleteRange(key("b"), key("d")));
        assertEquals(List.of("a=1", "d=1"), all());
        assertNull(get("b"));
        put("c", "2");
        assertEquals(List.of("a=1", "c=2", "d=1"), all());
        assertEquals("2", get("c"));
    }

    @Test
    void rangeDeleteInABatchHidesEarlierPutsOfTheBatchOnly() {
        put("b", "0", "e", "0");
        commit(batch().put(key("a"), key("1"))
                .put(key("b"), key("1"))
                .deleteRange(key("b"), key("e"))
                .put(key("c"), key("2"))
                .put(key("d"), key("2"))
                .delete(key("d")));
        assertEquals(List.of("a=1", "c=2", "e=0"), all());
    }

    @Test
    void overlappingRangeDeletesAddUp() {
        fill(100);
        commit(batch().deleteRange(key("k00010"), key("k00050")));
        commit(batch().deleteRange(key("k00040"), key("k00060")).deleteRange(key("k00005"), key("k00011")));
        put("k00045", "again");
        commit(batch().deleteRange(key("k00090"), key("k00099")));
        assertEquals(100 - 55 - 9 + 1, all().size());
        assertEquals("again", get("k00045"));
        assertNull(get("k00044"));
        assertEquals("v60", get("k00060"));
        assertEquals("v99", get("k00099"));
    }

    @Test
    void emptyAndInvertedRangeDeletesDoNothing() {
        put("a", "1", "b", "1");
        commit(batch().deleteRange(key("a"), key("a")));
        commit(batch().deleteRange(key("c"), key("a")));
        assertEquals(List.of("a=1", "b=1"), all());
    }

    @Test
    void storeDeleteRangeTakesUnboundedRanges() {
        put("", "0", "a", "1", "b", "2", "\u00ff\u00ff\u00ff", "3");
        store.deleteRange(range("a", "b"));
        assertEquals(List.of("=0", "b=2", "\u00ff\u00ff\u00ff=3"), all());
        store.deleteRange(KeyRange.from(key("b")));
        assertEquals(List.of("=0"), all());
        put("x", "9");
        store.deleteRange(KeyRange.all());
        assertEquals(List.of(), all());
        put("x", "10");
        assertEquals(List.of("x=10"), all());
    }

    @Test
    void emptyCommitChangesNothingAndSeesTheNewest() {
        long version = put("a", "1");
        long empty = commit(batch());
        assertTrue(empty >= version);
        assertEquals(List.of("a=1"), all());
    }

    @Test
    void everyDurabilityIsAccepted() {
        Durability[] all = {Durability.SYNC, Durability.PROCESS, Durability.interval(50), Durability.NONE};
        for (Durability durability : all) {
            String key = durability.toString();
            store.commit(CommitRequest.of(batch().put(key(key), key("1")), durability));
            assertEquals("1", get(key));
        }
    }

    @Test
    void absentKeyIsRefusedWhenItExists() {
        put("a", "1");
        CommitRequest both = request(0, batch().put(key("b"), key("1")), List.of(key("b"), key("a")), null, null);
        assertConflict(ConflictException.Reason.KEY_EXISTS, "a", both);
        assertEquals(List.of("a=1"), all());

        delete("a");
        store.commit(request(0, batch().put(key("a"), key("2")), List.of(key("a")), null, null));
        assertEquals("2", get("a"));
        commit(batch().deleteRange(key("a"), key("b")));
        store.commit(request(0, batch().put(key("a"), key("3")), List.of(key("a")), null, null));
        assertEquals("3", get("a"));
    }

    @Test
    void unchangedKeyIsRefusedAfterAPut() {
        put("a", "1", "b", "1");
        try (Snapshot snapshot = store.snapshot()) {
            store.commit(request(snapshot.version(), batch().put(key("x"), key("1")), null, List.of(key("a")), null));
            put("a", "2");
            store.commit(request(snapshot.version(), batch().put(key("x"), key("2")), null, List.of(key("b")), null));
            assertConflict(
                    ConflictException.Reason.KEY_CHANGED,
                    "a",
                    request(
                            snapshot.version(),
                            batch().put(key("x"), key("3")),
                            null,
                            List.of(key("b"), key("a")),
                            null));
            assertEquals("2", get("x"));
        }
    }

    @Test
    void unchangedKeyIsRefusedAfterADeleteAndARangeDelete() {
        put("a", "1", "b", "1", "c", "1");
        try (Snapshot snapshot = store.snapshot()) {
            delete("a");
            commit(batch().deleteRange(key("b"), key("c")));
            for (String key : List.of("a", "b")) {
                assertConflict(
                        ConflictException.Reason.KEY_CHANGED,
                        key,
                        request(snapshot.version(), batch().put(key("x"), key("1")), null, List.of(key(key)), null));
            }
            store.commit(request(snapshot.version(), batch().put(key("x"), key("1")), null, List.of(key("c")), null));
        }
    }

    @Test
    void unchangedKeyThatNeverExistedIsRefusedAfterAnInsert() {
        try (Snapshot snapshot = store.snapshot()) {
            store.commit(request(snapshot.version(), batch().put(key("x"), key("1")), null, List.of(key("n")), null));
            put("n", "1");
            delete("n");
            assertConflict(
                    ConflictException.Reason.KEY_CHANGED,
                    "n",
                    request(snapshot.version(), batch().put(key("x"), key("2")), null, List.of(key("n")), null));
        }
    }

    @Test
    void unchangedRangeIsRefusedAfterAnyChangeInIt() {
        assumeTrue(store.capabilities().rangeValidation(), "the store does not validate ranges");
        put("a", "1", "c", "1", "e", "1");
        try (Snapshot snapshot = store.snapshot()) {
            put("a", "2", "e", "2");
            store.commit(request(snapshot.version(), batch(), null, null, List.of(range("b", "e"), range("f", "f"))));
            put("d", "phantom");
            assertRangeConflict(snapshot, range("b", "e"));
            assertRangeConflict(snapshot, KeyRange.from(key("d")));
            store.commit(request(snapshot.version(), batch(), null, null, List.of(range("b", "d"))));
            delete("c");
            assertRangeConflict(snapshot, range("b", "d"));
            assertRangeConflict(snapshot, KeyRange.all());
        }
        try (Snapshot snapshot = store.snapshot()) {
            commit(batch().deleteRange(key("A"), key("b")));
            assertRangeConflict(snapshot, range("a", "c"));
            store.commit(request(snapshot.version(), batch(), null, null, List.of(range("b", "z"))));
        }
    }

    @Test
    void refusedCommitHasNoEffectAtAll() {
        put("a", "1");
        try (Snapshot before = store.snapshot()) {
            Map<String, String> contents = contents(before);
            WriteBatch writes = batch().put(key("b"), key("1")).delete(key("a")).deleteRange(key(""), key("z"));
            assertThrows(
                    ConflictException.class, () -> store.commit(request(0, writes, List.of(key("a")), null, null)));
            try (Snapshot after = store.snapshot()) {
                assertEquals(contents, contents(after));
            }
        }
    }

    @Test
    void statusTellsWhatBecameOfACommit() {
        CommitRequest good = CommitRequest.of(batch().put(key("a"), key("1")), Durability.SYNC);
        store.commit(good);
        assertEquals(CommitStatus.COMMITTED, store.status(good.id()));
        CommitRequest bad = request(0, batch().put(key("a"), key("2")), List.of(key("a")), null, null);
        assertThrows(ConflictException.class, () -> store.commit(bad));
        assertNotEquals(CommitStatus.COMMITTED, store.status(bad.id()));
        assertNotEquals(CommitStatus.COMMITTED, store.status(UUID.randomUUID()));
    }

    @Test
    void tooLargeKeysAndValuesAreRefusedWhole() {
        int maxKey = store.capabilities().maxKeyBytes();
        assumeTrue(maxKey < 1 << 24, "the largest key is too large for a test");
        byte[] longest = new byte[maxKey];
        commit(batch().put(longest, key("1")));
        try (Snapshot snapshot = store.snapshot()) {
            assertEquals("1", text(snapshot.get(longest)));
        }
        WriteBatch tooLong = batch().put(key("a"), key("1")).put(new byte[maxKey + 1], key("1"));
        assertThrows(IllegalArgumentException.class, () -> commit(tooLong));
        assertNull(get("a"));
        int maxValue = store.capabilities().maxValueBytes();
        if (maxValue < 1 << 25) {
            WriteBatch tooLarge = batch().put(key("a"), new byte[maxValue + 1]);
            assertThrows(IllegalArgumentException.class, () -> commit(tooLarge));
            assertNull(get("a"));
        }
    }

    @Test
    void largeValuesRoundTrip() {
        byte[] large = new byte[3 << 20];
        new java.util.Random(7).nextBytes(large);
        commit(batch().put(key("b"), large).put(key("a"), key("1")).put(key("c"), key("3")));
        try (Snapshot snapshot = store.snapshot()) {
            assertTrue(java.util.Arrays.equals(large, snapshot.get(key("b"))));
            assertEquals(
                    3,
                    scan(snapshot, KeyRange.all(), org.mosslsm.kv.Cursor.Direction.BACKWARD)
                            .size());
        }
    }

    @Test
    void bulkLoadIsInvisibleUntilPublished() {
        put("a", "1", "z", "1");
        try (Snapshot before = store.snapshot();
                BulkLoad load = store.bulkLoad(range("b", "y"))) {
            for (int i = 0; i < 1_000; i++) {
                load.add(key(String.format("k%05d", i)), key("v" + i));
            }
            assertEquals(List.of("a=1", "z=1"), all());
            long version = load.publish();
            assertTrue(version > before.version());
            assertEquals(1_002, all().size());
            assertEquals("v500", get("k00500"));
            assertEquals(2, contents(before).size());
        }
        put("k00500", "later");
        assertEquals("later", get("k00500"));
    }

    @Test
    void bulkLoadThatIsClosedLeavesNothing() {
        try (BulkLoad load = store.bulkLoad(KeyRange.all())) {
            load.add(key("a"), key("1"));
        }
        assertEquals(List.of(), all());
    }

    @Test
    void bulkLoadRefusesKeysOutOfOrderOrRange() {
        try (BulkLoad load = store.bulkLoad(range("b", "d"))) {
            load.add(key("b"), key("1"));
            assertThrows(IllegalArgumentException.class, () -> load.add(key("b"), key("2")));
            assertThrows(IllegalArgumentException.class, () -> load.add(key("a"), key("2")));
            assertThrows(IllegalArgumentException.class, () -> load.add(key("d"), key("2")));
            load.add(key("c"), key("3"));
            load.publish();
        }
        assertEquals(List.of("b=1", "c=3"), all());
    }

    @Test
    void bulkLoadIntoAUsedRangeIsRefused() {
        put("c", "1");
        assertThrows(RuntimeException.class, () -> {
            try (BulkLoad load = store.bulkLoad(range("b", "d"))) {
                load.add(key("bb"), key("1"));
                load.publish();
            }
        });
        assertEquals(List.of("c=1"), all());
    }

    @Test
    void largeCommitIsInvisibleUntilItIsMade() {
        put("a", "1", "k00007", "1", "k00008", "1", "z", "1");
        delete("k00003");
        try (Snapshot before = store.snapshot();
                Store.LargeCommit large = store.largeCommit()) {
            for (int i = 0; i < 1_000; i++) {
                byte[] key = key(String.format("k%05d", i));
                if (i == 7) {
                    large.delete(key, 0, key.length);
                } else {
                    large.put(key, 0, key.length, key("v" + i), 0, key("v" + i).length);
                }
            }
            assertEquals(4, all().size());
            long version = large.commit(CommitRequest.of(new WriteBatch(), Durability.NONE));
            assertTrue(version > before.version());
            assertEquals(1_001, all().size());
            assertEquals(null, get("k00007"));
            assertEquals("v8", get("k00008"));
            assertEquals(4, contents(before).size());
            assertThrows(
                    IllegalStateException.class,
                    () -> large.commit(CommitRequest.of(new WriteBatch(), Durability.NONE)));
        }
        put("k00500", "later");
        assertEquals("later", get("k00500"));
    }

    @Test
    void largeCommitDeletesRangesBeforeItsEntries() {
        fill(500);
        try (Snapshot before = store.snapshot();
                Store.LargeCommit large = store.largeCommit()) {
            byte[] key = key("k00250");
            large.put(key, 0, key.length, key, 0, key.length);
            WriteBatch ranges = new WriteBatch().deleteRange(key("k"), key("k00400"));
            large.commit(CommitRequest.of(ranges, Durability.SYNC));
            assertEquals(500, contents(before).size());
        }
        assertEquals("k00250", get("k00250"));
        assertEquals(null, get("k00251"));
        assertEquals(101, all().size());
        put("k00251", "later");
        assertEquals(102, all().size());
    }

    @Test
    void largeCommitKeepsItsConditions() {
        put("a", "1");
        long before;
        try (Snapshot snapshot = store.snapshot()) {
            before = snapshot.version();
        }
        put("a", "2");
        for (int condition = 0; condition < 3; condition++) {
            CommitRequest request = new CommitRequest(
                    UUID.randomUUID(),
                    before,
                    new WriteBatch(),
                    condition == 0 ? List.of(key("a")) : List.of(),
                    condition == 1 ? List.of(key("a")) : List.of(),
                    condition == 2 ? List.of(range("a", "b")) : List.of(),
                    Durability.NONE);
            try (Store.LargeCommit large = store.largeCommit()) {
                large.put(key("b"), 0, 1, key("1"), 0, 1);
                assertThrows(ConflictException.class, () -> large.commit(request));
            }
            assertEquals(CommitStatus.ABORTED, store.status(request.id()));
        }
        assertEquals(List.of("a=2"), all());
    }

    @Test
    void largeCommitRefusesKeysOutOfOrderAndOtherWrites() {
        try (Store.LargeCommit large = store.largeCommit()) {
            large.put(key("b"), 0, 1, key("1"), 0, 1);
            assertThrows(IllegalArgumentException.class, () -> large.delete(key("b"), 0, 1));
            assertThrows(IllegalArgumentException.class, () -> large.put(key("a"), 0, 1, key("1"), 0, 1));
            CommitRequest put = CommitRequest.of(new WriteBatch().put(key("c"), key("1")), Durability.NONE);
            assertThrows(IllegalArgumentException.class, () -> large.commit(put));
        }
        assertEquals(List.of(), all());
    }

    @Test
    void checkpointHoldsTheNewestStateAndLivesByItself() throws Exception {
        String target = checkpointTarget();
        assumeTrue(target != null, "the store makes no checkpoints");
        fill(500);
        delete("k00100");
        commit(batch().deleteRange(key("k00200"), key("k00300")));
        List<String> expected = all();
        store.checkpoint(target);
        put("later", "1");
        try (Store copy = openCheckpoint(target);
                Snapshot snapshot = copy.snapshot()) {
            assertEquals(expected, scan(snapshot, KeyRange.all(), org.mosslsm.kv.Cursor.Direction.FORWARD));
            copy.commit(CommitRequest.of(batch().put(key("copy"), key("1")), Durability.SYNC));
        }
        assertNull(get("copy"));
        assertThrows(RuntimeException.class, () -> {
            store.checkpoint(target);
            store.checkpoint(target);
        });
    }

    @Test
    void committedDataSurvivesReopening() throws Exception {
        fill(300);
        delete("k00007");
        commit(batch().deleteRange(key("k00100"), key("k00200")).put(key("k00150"), key("new")));
        List<String> expected = all();
        Store again = reopen();
        assumeTrue(again != null, "nothing survives a close of this store");
        store = again;
        assertEquals(expected, all());
        long version = put("more", "1");
        assertTrue(version > 0);
        assertEquals(expected.size() + 1, all().size());
    }

    @Test
    void versionsGoOnGrowingAfterReopening() throws Exception {
        long version = put("a", "1");
        Store again = reopen();
        assumeTrue(again != null, "nothing survives a close of this store");
        store = again;
        assertTrue(put("a", "2") > version);
        assertEquals("2", get("a"));
    }

    @Test
    void metricsHaveUniqueNamesAndValues() {
        put("a", "1");
        List<String> names =
                store.metrics().metrics().stream().map(m -> m.name()).toList();
        assertEquals(names.stream().distinct().toList(), names);
        store.metrics().metrics().forEach(m -> assertNotNull(m.value(), m.name()));
    }

    private void assertConflict(ConflictException.Reason reason, String key, CommitRequest request) {
        ConflictException e = assertThrows(ConflictException.class, () -> store.commit(request));
        assertEquals(reason, e.reason());
        assertEquals(key, text(e.key()));
    }

    private void assertRangeConflict(Snapshot since, KeyRange range) {
        CommitRequest request = request(since.version(), batch().put(key("w"), key("1")), null, null, List.of(range));
        ConflictException e = assertThrows(ConflictException.class, () -> store.commit(request), range.toString());
        assertEquals(ConflictException.Reason.RANGE_CHANGED, e.reason());
        assertNull(get("w"));
    }
}

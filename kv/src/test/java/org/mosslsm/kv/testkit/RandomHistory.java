package org.mosslsm.kv.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.Random;
import org.mosslsm.kv.CommitRequest;
import org.mosslsm.kv.ConflictException;
import org.mosslsm.kv.Cursor;
import org.mosslsm.kv.Cursor.Direction;
import org.mosslsm.kv.Durability;
import org.mosslsm.kv.EntryBatch;
import org.mosslsm.kv.KeyRange;
import org.mosslsm.kv.ScanHints;
import org.mosslsm.kv.Snapshot;
import org.mosslsm.kv.Store;
import org.mosslsm.kv.WriteBatch;

/**
 * One random history of commits, snapshots, reads, disturbances and reopenings, checked against {@link StoreModel} at
 * every step. Keys are few and short, so that everything meets everything.
 */
final class RandomHistory {
    private static final int STEPS = 400;
    private static final char[] LETTERS = {'a', 'b', 'c', '\u0000', '\u00ff'};

    private final StoreFixture fixture;
    private final Random random;
    private final StoreModel model = new StoreModel();
    private final List<Snapshot> snapshots = new ArrayList<>();
    private int written;

    RandomHistory(StoreFixture fixture, long seed) {
        this.fixture = fixture;
        this.random = new Random(seed);
    }

    void run() throws Exception {
        for (int step = 0; step < STEPS; step++) {
            int dice = random.nextInt(100);
            if (dice < 45) {
                commit();
            } else if (dice < 60) {
                commitWithConditions();
            } else if (dice < 70) {
                snapshots.add(fixture.store.snapshot());
            } else if (dice < 76 && !snapshots.isEmpty()) {
                snapshots.remove(random.nextInt(snapshots.size())).close();
            } else if (dice < 80) {
                fixture.disturb();
            } else if (dice < 81) {
                reopen();
            } else if (snapshots.isEmpty() || random.nextInt(3) == 0) {
                try (Snapshot newest = fixture.store.snapshot()) {
                    check(newest, model.newest());
                }
            } else {
                Snapshot old = snapshots.get(random.nextInt(snapshots.size()));
                check(old, model.at(old.version()));
            }
        }
        for (Snapshot old : snapshots) {
            check(old, model.at(old.version()));
            old.close();
        }
    }

    private void commit() {
        List<StoreModel.Write> writes = randomWrites();
        model.commit(fixture.store.commit(CommitRequest.of(encode(writes), randomDurability())), writes);
    }

    private void commitWithConditions() {
        if (snapshots.isEmpty()) {
            return;
        }
        long since = snapshots.get(random.nextInt(snapshots.size())).version();
        String absent = random.nextBoolean() ? randomKey() : null;
        String unchanged = random.nextBoolean() ? randomKey() : null;
        String lo = randomKey();
        String hi = randomKey();
        boolean ranged = fixture.store.capabilities().rangeValidation() && random.nextBoolean();
        boolean must = (absent != null && model.newest().containsKey(absent))
                || (unchanged != null && model.mustConflict(unchanged, unchanged + '\u0000', since))
                || (ranged && lo.compareTo(hi) < 0 && model.mustConflict(lo, hi, since));
        boolean may = must
                || (unchanged != null && model.mayConflict(unchanged, unchanged + '\u0000', since))
                || (ranged && lo.compareTo(hi) < 0 && model.mayConflict(lo, hi, since));
        List<StoreModel.Write> writes = randomWrites();
        CommitRequest request = StoreFixture.request(
                since,
                encode(writes),
                absent == null ? null : List.of(StoreFixture.key(absent)),
                unchanged == null ? null : List.of(StoreFixture.key(unchanged)),
                ranged ? List.of(StoreFixture.range(lo, hi)) : null);
        try {
            long version = fixture.store.commit(request);
            assertFalse(must, "a commit went through though a condition does not hold");
            model.commit(version, writes);
        } catch (ConflictException e) {
            assertTrue(may, () -> "a commit was refused though all conditions hold: " + e.getMessage());
        }
    }

    private void reopen() throws Exception {
        snapshots.forEach(Snapshot::close);
        Store again = fixture.reopen();
        if (again != null) {
            snapshots.clear();
            fixture.store = again;
        } else {
            snapshots.clear();
        }
    }

    private void check(Snapshot snapshot, NavigableMap<String, String> expected) {
        for (Direction direction : Direction.values()) {
            assertEquals(
                    StoreModel.scan(expected, "", null, direction),
                    StoreFixture.scan(snapshot, KeyRange.all(), direction));
            String lo = randomKey();
            String hi = randomKey();
            assertEquals(
                    StoreModel.scan(expected, lo, hi, direction),
                    StoreFixture.scan(snapshot, StoreFixture.range(lo, hi), direction));
            assertEquals(
                    StoreModel.scan(expected, lo, hi, direction).size(),
                    snapshot.count(StoreFixture.range(lo, hi), () -> {}));
            checkSeeks(snapshot, expected, lo, hi, direction);
        }
        List<byte[]> keys = new ArrayList<>();
        List<String> values = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            String key = randomKey();
            keys.add(StoreFixture.key(key));
            values.add(expected.get(key));
            assertEquals(expected.get(key), StoreFixture.text(snapshot.get(StoreFixture.key(key))));
        }
        assertEquals(
                values.toString(),
                snapshot.getAll(keys).stream().map(StoreFixture::text).toList().toString());
    }

    private void checkSeeks(
            Snapshot snapshot, NavigableMap<String, String> expected, String lo, String hi, Direction direction) {
        if (lo.compareTo(hi) >= 0) {
            return;
        }
        ScanHints hints = new ScanHints(random.nextInt(4), false, random.nextBoolean());
        try (Cursor cursor = snapshot.scan(StoreFixture.range(lo, hi), direction, hints)) {
            for (int i = 0; i < 4; i++) {
                String to = randomKey();
                cursor.seek(StoreFixture.key(to));
                String next = direction == Direction.FORWARD
                        ? firstOrNull(StoreModel.scan(expected, to.compareTo(lo) < 0 ? lo : to, hi, direction))
                        : firstOrNull(
                                StoreModel.scan(expected, lo, to.compareTo(hi) >= 0 ? hi : to + '\u0000', direction));
                EntryBatch batch = cursor.nextBatch();
                String found = batch == null
                        ? null
                        : StoreFixture.text(batch.copyKey(0)) + "=" + StoreFixture.text(batch.copyValue(0));
                assertEquals(next, found, () -> direction + " seek to " + to + " in [" + lo + ", " + hi + ")");
            }
        }
    }

    private static String firstOrNull(List<String> list) {
        return list.isEmpty() ? null : list.get(0);
    }

    private List<StoreModel.Write> randomWrites() {
        List<StoreModel.Write> writes = new ArrayList<>();
        for (int n = random.nextInt(6); n >= 0; n--) {
            int dice = random.nextInt(10);
            if (dice < 6) {
                writes.add(new StoreModel.Put(randomKey(), "v" + ++written));
            } else if (dice < 9) {
                writes.add(new StoreModel.Delete(randomKey()));
            } else {
                writes.add(new StoreModel.DeleteRange(randomKey(), randomKey()));
            }
        }
        return writes;
    }

    private static WriteBatch encode(List<StoreModel.Write> writes) {
        WriteBatch batch = new WriteBatch();
        for (StoreModel.Write write : writes) {
            if (write instanceof StoreModel.Put put) {
                batch.put(StoreFixture.key(put.key()), StoreFixture.key(put.value()));
            } else if (write instanceof StoreModel.Delete delete) {
                batch.delete(StoreFixture.key(delete.key()));
            } else if (write instanceof StoreModel.DeleteRange range) {
                batch.deleteRange(StoreFixture.key(range.lo()), StoreFixture.key(range.hi()));
            }
        }
        return batch;
    }

    private String randomKey() {
        int length = random.nextInt(4);
        StringBuilder key = new StringBuilder();
        for (int i = 0; i < length; i++) {
            key.append(LETTERS[random.nextInt(LETTERS.length)]);
        }
        return key.toString();
    }

    private Durability randomDurability() {
        return random.nextInt(20) == 0 ? Durability.SYNC : Durability.NONE;
    }
}

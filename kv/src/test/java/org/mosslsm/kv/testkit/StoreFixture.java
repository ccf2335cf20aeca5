package org.mosslsm.kv.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.mosslsm.kv.CommitRequest;
import org.mosslsm.kv.Cursor;
import org.mosslsm.kv.Cursor.Direction;
import org.mosslsm.kv.Durability;
import org.mosslsm.kv.EntryBatch;
import org.mosslsm.kv.KeyRange;
import org.mosslsm.kv.ScanHints;
import org.mosslsm.kv.Snapshot;
import org.mosslsm.kv.Store;
import org.mosslsm.kv.WriteBatch;

/** A store under test and short words for what the conformance tests do with it. Keys and values are written as text. */
public abstract class StoreFixture {
    /** The store of the running test. */
    protected Store store;

    /** Opens a store that holds nothing. */
    protected abstract Store open() throws Exception;

    /** Closes {@link #store} and opens the same location again; {@code null} where nothing survives a close. */
    protected Store reopen() throws Exception {
        return null;
    }

    /** A location for a checkpoint that does not exist yet; {@code null} where the store makes none. */
    protected String checkpointTarget() throws Exception {
        return null;
    }

    /** Opens what {@code checkpoint(target)} made. */
    protected Store openCheckpoint(String target) throws Exception {
        throw new AssertionError("override together with checkpointTarget");
    }

    /** Called after every test, with the store closed: a chance to check what it left on the disk. */
    protected void checkClosed() throws Exception {}

    /** Called now and then in random tests: a chance to flush, compact or move things. Must not change what is read. */
    protected void disturb() throws Exception {}

    @BeforeEach
    void openStore() throws Exception {
        store = open();
    }

    @AfterEach
    void closeStore() throws Exception {
        store.close();
        checkClosed();
    }

    protected static byte[] key(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    protected static String text(byte[] bytes) {
        return bytes == null ? null : new String(bytes, StandardCharsets.ISO_8859_1);
    }

    protected static KeyRange range(String lo, String hi) {
        return KeyRange.of(key(lo), key(hi));
    }

    protected static WriteBatch batch() {
        return new WriteBatch();
    }

    /** Commits puts, given as key, value, key, value ... */
    protected long put(String... keysAndValues) {
        WriteBatch batch = batch();
        for (int i = 0; i < keysAndValues.length; i += 2) {
            batch.put(key(keysAndValues[i]), key(keysAndValues[i + 1]));
        }
        return commit(batch);
    }

    protected long delete(String key) {
        return commit(batch().delete(key(key)));
    }

    protected long commit(WriteBatch batch) {
        return store.commit(CommitRequest.of(batch, Durability.NONE));
    }

    /** A request with conditions; {@code null} lists are empty. */
    protected static CommitRequest request(
            long readVersion, WriteBatch batch, List<byte[]> absent, List<byte[]> unchanged, List<KeyRange> ranges) {
        return new CommitRequest(
                UUID.randomUUID(),
                readVersion,
                batch,
                absent == null ? List.of() : absent,
                unchanged == null ? List.of() : unchanged,
                ranges == null ? List.of() : ranges,
                Durability.NONE);
    }

    /** The newest value of a key, or {@code null}. */
    protected String get(String key) {
        try (Snapshot snapshot = store.snapshot()) {
            return text(snapshot.get(key(key)));
        }
    }

    /** All that is left in a cursor, in its order, as "key=value". */
    protected static List<String> drain(Cursor cursor) {
        List<String> entries = new ArrayList<>();
        for (EntryBatch batch = cursor.nextBatch(); batch != null; batch = cursor.nextBatch()) {
            assertEquals(true, batch.size() > 0, "a batch holds at least one entry");
            for (int i = 0; i < batch.size(); i++) {
                entries.add(text(batch.copyKey(i)) + "=" + text(batch.copyValue(i)));
            }
        }
        return entries;
    }

    protected static List<String> scan(Snapshot snapshot, KeyRange range, Direction direction) {
        try (Cursor cursor = snapshot.scan(range, direction, ScanHints.NONE)) {
            return drain(cursor);
        }
    }

    /** The newest entries of a range, ascending. */
    protected List<String> scan(KeyRange range) {
        try (Snapshot snapshot = store.snapshot()) {
            return scan(snapshot, range, Direction.FORWARD);
        }
    }

    /** All of the newest entries, ascending. */
    protected List<String> all() {
        return scan(KeyRange.all());
    }

    /** All entries of a snapshot as a map, in order. */
    protected static Map<String, String> contents(Snapshot snapshot) {
        Map<String, String> map = new LinkedHashMap<>();
        for (String entry : scan(snapshot, KeyRange.all(), Direction.FORWARD)) {
            int equals = entry.indexOf('=');
            map.put(entry.substring(0, equals), entry.substring(equals + 1));
        }
        return map;
    }
}

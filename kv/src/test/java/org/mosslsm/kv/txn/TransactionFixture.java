package org.mosslsm.kv.txn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.function.Executable;
import org.mosslsm.kv.CommitRequest;
import org.mosslsm.kv.Cursor;
import org.mosslsm.kv.Cursor.Direction;
import org.mosslsm.kv.Durability;
import org.mosslsm.kv.EntryBatch;
import org.mosslsm.kv.KeyRange;
import org.mosslsm.kv.ScanHints;
import org.mosslsm.kv.WriteBatch;
import org.mosslsm.kv.memory.MemoryStore;
import org.mosslsm.kv.txn.TransactionException.Kind;

/** A store in memory with transactions, and short words for what the tests do with them. Leaves nothing behind. */
abstract class TransactionFixture {
    final MemoryStore store = new MemoryStore();
    final Transactions transactions = new Transactions(store);

    @AfterEach
    void closeStore() {
        assertEquals(0, transactions.lockedKeys(), "a test left locks behind");
        assertEquals(0, store.metrics().number("memory.snapshots").orElseThrow(), "a test left snapshots behind");
        store.close();
    }

    Transaction begin() {
        return transactions.begin();
    }

    Transaction begin(Isolation isolation) {
        return transactions.begin(isolation, Durability.NONE);
    }

    /** Commits through another transaction, as another session would. */
    long put(String... keysAndValues) {
        try (Transaction txn = begin()) {
            for (int i = 0; i < keysAndValues.length; i += 2) {
                txn.put(key(keysAndValues[i]), key(keysAndValues[i + 1]));
            }
            return txn.commit();
        }
    }

    void commit(WriteBatch batch) {
        long version = store.commit(CommitRequest.of(batch, Durability.NONE));
        assertTrue(version > 0);
        put("unrelated", "1"); // so that the transactions know of a commit
    }

    String newest(String key) {
        try (Transaction txn = begin()) {
            return get(txn, key);
        }
    }

    static String get(Reads reads, String key) {
        return text(reads.get(key(key)));
    }

    static List<String> scan(Reads reads) {
        return rest(reads.scan(KeyRange.of(key("a"), key("l")), Direction.FORWARD, ScanHints.NONE));
    }

    /** What a cursor still delivers; it is closed then. */
    static List<String> rest(Cursor cursor) {
        List<String> entries = new java.util.ArrayList<>();
        try (cursor) {
            for (EntryBatch batch = cursor.nextBatch(); batch != null; batch = cursor.nextBatch()) {
                for (int i = 0; i < batch.size(); i++) {
                    entries.add(text(batch.copyKey(i)) + "=" + text(batch.copyValue(i)));
                }
            }
        }
        return entries;
    }

    static TransactionException assertKind(Kind kind, Executable job) {
        TransactionException e = assertThrows(TransactionException.class, job);
        assertEquals(kind, e.kind(), e.getMessage());
        return e;
    }

    static byte[] key(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    static String text(byte[] bytes) {
        return bytes == null ? null : new String(bytes, StandardCharsets.UTF_8);
    }
}

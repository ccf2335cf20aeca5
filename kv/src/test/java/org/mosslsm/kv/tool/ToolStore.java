package org.mosslsm.kv.tool;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.mosslsm.kv.BulkLoad;
import org.mosslsm.kv.Cursor;
import org.mosslsm.kv.EntryBatch;
import org.mosslsm.kv.KeyRange;
import org.mosslsm.kv.lsm.Lsm;
import org.mosslsm.kv.lsm.LsmOptions;
import org.mosslsm.kv.testkit.MemVfs;

/** A store with tables in several levels, a bulk load, range tombstones and a log: something for tools to work on. */
final class ToolStore {
    static final LsmOptions OPTIONS = LsmOptions.builder()
            .memtableBytes(8 << 10)
            .blockBytes(1 << 10)
            .cacheBytes(256 << 10)
            .build();

    private final Random random = new Random(42);
    final MemVfs disk;
    final TreeMap<String, String> content = new TreeMap<>();

    /** Writes the store; {@code closed} false leaves it as the death of the process does, with a log. */
    ToolStore(boolean closed) {
        MemVfs first = new MemVfs();
        try (Lsm store = Lsm.open(first, OPTIONS)) {
            for (int round = 0; round < 6; round++) {
                for (int i = 0; i < 100; i++) {
                    put(store, "key" + (1000 + i * 7 % 300), "round " + round + " of " + i + noise(i));
                }
                delete(store, "key" + (1000 + round * 14));
                deleteRange(store, "key" + (1100 + 10 * round), "key" + (1105 + 10 * round));
                store.flush();
            }
            store.compact();
            try (BulkLoad load = store.bulkLoad(KeyRange.prefix(bytes("load")))) {
                for (int i = 0; i < 50; i++) {
                    load.add(bytes("load" + (100 + i)), bytes("loaded " + i));
                    content.put("load" + (100 + i), "loaded " + i);
                }
                load.publish();
            }
            delete(store, "load110");
            put(store, "key1001", "the last but one");
            store.compact(); // and nothing is being written any more: no table is half there in a copy of the disk
            put(store, "key1002", "in the log");
            deleteRange(store, "load120", "load125");
            disk = closed ? first : first.killClone();
        }
    }

    /** Text that does not compress, so that tables have many blocks. */
    private String noise(int length) {
        return random.ints(length, ' ', '~')
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, (a, b) -> {})
                .toString();
    }

    private void put(Lsm store, String key, String value) {
        store.put(bytes(key), bytes(value));
        content.put(key, value);
    }

    private void delete(Lsm store, String key) {
        store.delete(bytes(key));
        content.remove(key);
    }

    private void deleteRange(Lsm store, String lo, String hi) {
        store.deleteRange(bytes(lo), bytes(hi));
        content.subMap(lo, hi).clear();
    }

    /** What a store holds. */
    static Map<String, String> read(MemVfs disk) {
        Map<String, String> found = new TreeMap<>();
        try (Lsm store = Lsm.open(disk, OPTIONS);
                Cursor cursor = store.cursor(KeyRange.all(), Cursor.Direction.FORWARD)) {
            for (EntryBatch batch = cursor.nextBatch(); batch != null; batch = cursor.nextBatch()) {
                for (int i = 0; i < batch.size(); i++) {
                    found.put(text(batch.copyKey(i)), text(batch.copyValue(i)));
                }
            }
        }
        return found;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.US_ASCII);
    }
}

package org.mosslsm.kv.txn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Iterator;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mosslsm.kv.memory.MemoryStore;

/** A run in a file gives each key what was written under it, and nothing for others. */
class SpilledRunTest {
    /** Over a map; goes forward, which is all that writing a run asks for. */
    private static final class MapCursor implements WriteCursor {
        private final NavigableMap<byte[], byte[]> map;
        private Iterator<Map.Entry<byte[], byte[]>> rest;
        private Map.Entry<byte[], byte[]> at;

        MapCursor(NavigableMap<byte[], byte[]> map) {
            this.map = map;
        }

        @Override
        public boolean valid() {
            return at != null;
        }

        @Override
        public byte[] key() {
            return at.getKey();
        }

        @Override
        public byte[] value() {
            return at.getValue();
        }

        @Override
        public void first() {
            rest = map.entrySet().iterator();
            next();
        }

        @Override
        public void next() {
            at = rest.hasNext() ? rest.next() : null;
        }

        @Override
        public void leave() {
            throw new UnsupportedOperationException();
        }

        @Override
        public void last() {
            throw new UnsupportedOperationException();
        }

        @Override
        public void ceiling(byte[] key) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void lower(byte[] key) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void prev() {
            throw new UnsupportedOperationException();
        }
    }

    private final Random random = new Random(11);

    private byte[] key() {
        byte[] key = new byte[random.nextInt(6)];
        for (int i = 0; i < key.length; i++) {
            key[i] = (byte) (random.nextInt(8) * 36);
        }
        return key;
    }

    /** Entries about the distance of marks, and in one block or in many; with a filter and without one. */
    @ParameterizedTest
    @ValueSource(ints = {1, 15, 16, 17, 32, 33, 500, 5_000})
    void eachKeyHasItsValue(int count) {
        TreeMap<byte[], byte[]> model = new TreeMap<>(Arrays::compareUnsigned);
        while (model.size() < count) {
            int kind = random.nextInt(100);
            int length = kind == 0 ? random.nextInt(40_000) : random.nextInt(100);
            byte[] value = new byte[length];
            random.nextBytes(value);
            model.put(key(), kind < 20 ? WriteSet.DELETED : value);
        }
        try (MemoryStore store = new MemoryStore()) {
            for (long filterBytes : new long[] {0, 1 << 16}) {
                SpilledRun run = SpilledRun.write(
                        store::scratchFile, new MapCursor(model), 0, model.size(), filterBytes, () -> {});
                assertTrue(count < 500 || run.blocks() > 1, "one block");
                for (int i = 0; i < 20_000; i++) {
                    check(run, model, key());
                }
                run.letGo();
            }
        }
    }

    private static void check(SpilledRun run, Map<byte[], byte[]> model, byte[] key) {
        byte[] expected = model.get(key);
        byte[] found = run.get(key);
        if (expected == null || expected == WriteSet.DELETED) {
            assertSame(expected, found, () -> Arrays.toString(key));
        } else {
            assertArrayEquals(expected, found, () -> Arrays.toString(key));
        }
    }
}

package org.mosslsm.kv.txn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.Iterator;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.mosslsm.kv.Store;
import org.mosslsm.kv.Store.ScratchFile;
import org.mosslsm.kv.memory.MemoryStore;

/** A map in scratch files is a map. */
class ScratchMapTest {
    private final long seed = Long.getLong("scratch.seed", System.nanoTime());

    @Test
    void doesWhatATreeMapDoes() {
        Random random = new Random(seed);
        AtomicInteger open = new AtomicInteger();
        AtomicInteger made = new AtomicInteger();
        try (Store store = new MemoryStore();
                ScratchMap map = new ScratchMap(4_000, () -> counted(store.scratchFile(), open, made), () -> {})) {
            TreeMap<Integer, byte[]> model = new TreeMap<>();
            assertTrue(map.isEmpty());
            for (int i = 0; i < 20_000; i++) {
                int n = random.nextInt(5_000);
                byte[] key = ByteBuffer.allocate(4).putInt(n).array();
                switch (random.nextInt(4)) {
                    case 0 -> {
                        map.remove(key);
                        model.remove(n);
                    }
                    case 1 -> assertArrayEquals(model.get(n), map.get(key), () -> "seed " + seed + ", key " + n);
                    default -> {
                        byte[] value = new byte[random.nextInt(20)];
                        random.nextBytes(value);
                        map.put(key, value);
                        model.put(n, value);
                    }
                }
            }
            Iterator<Map.Entry<Integer, byte[]>> expected = model.entrySet().iterator();
            map.forEach((key, value) -> {
                Map.Entry<Integer, byte[]> next = expected.next();
                assertEquals(next.getKey(), ByteBuffer.wrap(key).getInt(), () -> "seed " + seed);
                assertArrayEquals(next.getValue(), value, () -> "seed " + seed);
            });
            assertTrue(!expected.hasNext(), () -> "seed " + seed);
            assertTrue(made.get() > 10, "it did not outgrow its memory");
            assertNull(map.get(new byte[0]));
        }
        assertEquals(0, open.get(), "files left open");
    }

    private static ScratchFile counted(ScratchFile file, AtomicInteger open, AtomicInteger made) {
        open.incrementAndGet();
        made.incrementAndGet();
        return new ScratchFile() {
            private boolean closed;

            @Override
            public void append(byte[] bytes, int offset, int length) {
                file.append(bytes, offset, length);
            }

            @Override
            public void read(long position, byte[] into, int offset, int length) {
                file.read(position, into, offset, length);
            }

            @Override
            public long size() {
                return file.size();
            }

            @Override
            public void close() {
                if (!closed) {
                    closed = true;
                    open.decrementAndGet();
                }
                file.close();
            }
        };
    }
}

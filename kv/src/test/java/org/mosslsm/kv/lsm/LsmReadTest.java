package org.mosslsm.kv.lsm;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.mosslsm.kv.Durability;
import org.mosslsm.kv.Snapshot;
import org.mosslsm.kv.testkit.MemVfs;

/** The forms of a point read beside the plain one, from memory and from tables. */
class LsmReadTest {
    private final Lsm store = Lsm.open(new MemVfs(), LsmOptions.defaults());

    @AfterEach
    void close() {
        store.close();
    }

    @Test
    void copiesTheValueIntoTheCallersBufferWhereItFits() {
        store.put(bytes("a"), bytes("one"));
        store.put(bytes("b"), bytes(""));
        for (int round = 0; round < 2; round++) {
            byte[] buffer = bytes("-----");
            assertEquals(3, store.get(bytes("a"), buffer));
            assertArrayEquals(bytes("one--"), buffer);
            assertEquals(0, store.get(bytes("b"), buffer));
            assertEquals(-1, store.get(bytes("c"), buffer));
            byte[] small = bytes("xy");
            assertEquals(3, store.get(bytes("a"), small));
            assertArrayEquals(bytes("xy"), small);
            store.flush();
        }
    }

    @Test
    void answersManyKeysInTheirOrderAsEachAlone() {
        for (int i = 0; i < 100; i += 2) {
            store.put(bytes("k" + i), bytes("v" + i));
        }
        store.flush();
        store.delete(bytes("k8"));
        try (Snapshot snapshot = store.snapshot()) {
            store.put(bytes("k4"), bytes("later"));
            List<byte[]> keys = List.of(bytes("k96"), bytes("k4"), bytes("k5"), bytes("k8"), bytes("k4"));
            List<byte[]> values = snapshot.getAll(keys);
            assertArrayEquals(bytes("v96"), values.get(0));
            assertArrayEquals(bytes("v4"), values.get(1));
            assertNull(values.get(2));
            assertNull(values.get(3));
            assertArrayEquals(bytes("v4"), values.get(4));
            assertEquals(5, values.size());
            assertEquals(List.of(), snapshot.getAll(List.of()));
        }
    }

    /** Keys in memtables and in tables of several levels, some of them deleted: nothing the snapshot sees lies before the end. */
    @Test
    void nothingHasAValueBeforeTheEndOfAnEmptyPlace() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int step = 0; step < 6; step++) {
            for (int i = 0; i < 15; i++) {
                byte[] key = bytes(String.format("k%03d", random.nextInt(300)));
                if (random.nextInt(3) == 0) {
                    store.delete(key);
                } else {
                    store.put(key, key);
                }
            }
            try (Snapshot snapshot = store.snapshot()) {
                store.put(bytes(String.format("k%03d", random.nextInt(300))), bytes("later"));
                int empty = 0;
                for (int from = 0; from < 300; from++) {
                    byte[] until = snapshot.emptyUntil(bytes(String.format("k%03d", from)));
                    String end = until == null ? "l" : new String(until, UTF_8);
                    for (int i = from; i < 300 && String.format("k%03d", i).compareTo(end) < 0; i++) {
                        empty++;
                        assertNull(snapshot.get(bytes(String.format("k%03d", i))), "seed " + seed + ", key " + i);
                    }
                }
                assertTrue(empty > 0, "some place is empty");
                assertNull(snapshot.emptyUntil(bytes("l")));
            }
            if (step % 2 == 1) {
                store.flush();
            }
            if (step == 3) {
                store.compact();
            }
        }
    }

    /** The first entry fills its slab of the memtable to the last byte, the second one has no bytes at all. */
    @Test
    void aDeleteOfTheEmptyKeyFollowsAFullSlab() {
        MemVfs disk = new MemVfs();
        LsmOptions options = LsmOptions.builder()
                .memtableBytes(1 << 20)
                .durability(Durability.PROCESS)
                .build();
        byte[] key = bytes("8 bytes.");
        byte[] value = new byte[(1 << 18) - key.length];
        try (Lsm writer = Lsm.open(disk, options)) {
            writer.put(key, value);
            writer.delete(new byte[0]);
            assertArrayEquals(value, writer.get(key));
            assertNull(writer.get(new byte[0]));
        }
        try (Lsm reader = Lsm.open(disk, options)) {
            assertArrayEquals(value, reader.get(key));
            assertNull(reader.get(new byte[0]));
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }
}

package org.mosslsm.kv.lsm;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.List;
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

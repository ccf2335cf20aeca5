package org.mosslsm.kv;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** A batch keeps the entries it is given, grows with them, and is filled again. */
class EntryBatchTest {
    @Test
    void entriesAreKeptInOrderPastEveryGrowth() {
        EntryBatch batch = new EntryBatch();
        for (int i = 0; i < 1_000; i++) {
            byte[] key = bytes("key-" + i);
            byte[] value = bytes("v" + i);
            batch.add(key, 0, key.length, value, 0, value.length);
        }
        assertEquals(1_000, batch.size());
        for (int i = 0; i < 1_000; i++) {
            assertArrayEquals(bytes("key-" + i), batch.copyKey(i));
            assertArrayEquals(bytes("v" + i), batch.copyValue(i));
            assertEquals(("key-" + i).length(), batch.keyLength(i));
        }
    }

    @Test
    void keysAreCopiedAndValuesAreViews() {
        EntryBatch batch = new EntryBatch();
        byte[] key = bytes("xabx");
        byte[] value = bytes("y12y");
        batch.add(key, 1, 2, value, 1, 2);
        key[1] = 'z';
        value[1] = '9';
        assertArrayEquals(bytes("ab"), batch.copyKey(0));
        assertArrayEquals(bytes("92"), batch.copyValue(0));
        assertSame(value, batch.valueArray(0));
        assertEquals(1, batch.valueOffset(0));
        assertEquals(2, batch.valueLength(0));
    }

    @Test
    void keyLargerThanTheBatchsRoomFits() {
        EntryBatch batch = new EntryBatch();
        byte[] large = new byte[10_000];
        batch.add(bytes("a"), 0, 1, large, 0, 0);
        batch.add(large, 0, large.length, large, 0, large.length);
        assertArrayEquals(large, batch.copyKey(1));
        assertArrayEquals(bytes("a"), batch.copyKey(0));
    }

    @Test
    void clearedBatchIsRefilledFromTheStart() {
        EntryBatch batch = new EntryBatch();
        batch.add(bytes("abc"), 0, 3, bytes("1"), 0, 1);
        batch.clear();
        assertEquals(0, batch.size());
        batch.add(bytes("de"), 0, 2, bytes(""), 0, 0);
        assertArrayEquals(bytes("de"), batch.copyKey(0));
        assertEquals(0, batch.keyOffset(0));
        assertArrayEquals(bytes(""), batch.copyValue(0));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}

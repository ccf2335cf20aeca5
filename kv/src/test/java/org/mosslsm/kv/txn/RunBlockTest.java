package org.mosslsm.kv.txn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** A block of a spilled run gives its entries, or none of them. */
class RunBlockTest {
    private static final byte[] ENTRIES = {1, 'a', 2, 'x', 1, 'b', 0};

    private final RunBlock block = new RunBlock();

    private void fill(int number, byte[] entries) {
        byte[] bytes = Arrays.copyOf(entries, entries.length + 8);
        int length = RunBlock.putMarks(bytes, entries.length, new int[] {0}, 1);
        block.fill(number, length, into -> System.arraycopy(bytes, 0, into, 0, length));
    }

    @Test
    void entriesAreFoundAndTakenApart() {
        fill(3, ENTRIES);
        assertArrayEquals(new byte[] {'x'}, block.find(new byte[] {'a'}));
        assertEquals(WriteSet.DELETED, block.find(new byte[] {'b'}));
        block.takeApart();
        assertEquals(2, block.size());
        assertEquals(3, block.number());
        assertArrayEquals(new byte[] {'b'}, block.key(1));
        assertEquals(WriteSet.DELETED, block.value(1));
    }

    /** Else the next look would take the entries up to there for all of them; memory may run out too. */
    @Test
    void whatCouldNotBeTakenApartIsNotThere() {
        byte[] damaged = {1, 'a', 2, 'x', -1, -1, -1, -1, 3, 'b', 0};
        fill(3, damaged);
        assertThrows(IndexOutOfBoundsException.class, block::takeApart);
        assertEquals(-1, block.number());
        fill(3, ENTRIES);
        block.takeApart();
        assertEquals(2, block.size());
    }
}

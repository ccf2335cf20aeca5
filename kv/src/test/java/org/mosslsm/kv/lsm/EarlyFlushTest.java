package org.mosslsm.kv.lsm;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import org.mosslsm.kv.Durability;
import org.mosslsm.kv.testkit.MemVfs;

/** Asked beside a store whose memtable is so large that it flushes nothing early by itself. */
class EarlyFlushTest {
    private static final LsmOptions OPTIONS =
            LsmOptions.builder().durability(Durability.NONE).build();

    private static byte[] key(int i) {
        return ByteBuffer.allocate(4).putInt(i).array();
    }

    private static EarlyFlush beside(Lsm store) {
        return new EarlyFlush(store.reads.states(), store.reads.tables(), store.reads.waste(), 16 << 10);
    }

    private static void fill(Lsm store, int keys) {
        for (int i = 0; i < keys; i++) {
            store.put(key(i), new byte[50]);
        }
        store.compact();
    }

    @Test
    void whatHidesMuchIsWorthItUntilItIsFlushedHoweverOftenOneAsks() {
        try (Lsm store = Lsm.open(new MemVfs(), OPTIONS)) {
            fill(store, 3000);
            EarlyFlush flush = beside(store);
            assertFalse(flush.isWorthIt(), "nothing is hidden");
            store.deleteRange(key(500), key(2000));
            assertTrue(flush.isWorthIt());
            assertTrue(flush.isWorthIt(), "who wanted to flush it found a commit under way");
            store.flush();
            assertFalse(flush.isWorthIt(), "it is flushed");
        }
    }

    @Test
    void whatIsHiddenAlreadyIsNoReason() {
        try (Lsm store = Lsm.open(new MemVfs(), OPTIONS)) {
            fill(store, 3000);
            EarlyFlush flush = beside(store);
            store.deleteRange(key(1400), key(1600));
            assertFalse(flush.isWorthIt(), "one in fifteen");
            store.flush();
            store.deleteRange(key(1400), key(1700));
            assertFalse(flush.isWorthIt(), "one in thirty more");
            store.deleteRange(key(1400), key(2400));
            assertTrue(flush.isWorthIt(), "more than a quarter more");
        }
    }
}

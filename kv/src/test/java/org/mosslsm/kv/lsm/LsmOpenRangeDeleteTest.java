package org.mosslsm.kv.lsm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.mosslsm.kv.CommitRequest;
import org.mosslsm.kv.Durability;
import org.mosslsm.kv.KeyRange;
import org.mosslsm.kv.WriteBatch;
import org.mosslsm.kv.testkit.MemVfs;
import org.mosslsm.kv.tool.Verify;
import org.mosslsm.kv.tool.VerifyReport;

/** Deletes of ranges without an upper bound. */
@Timeout(value = 600, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class LsmOpenRangeDeleteTest {
    private static final LsmOptions FAST =
            LsmOptions.builder().durability(Durability.NONE).build();

    private static byte[] key(int i) {
        return ByteBuffer.allocate(4).putInt(i).array();
    }

    /** Each commit behind the last key is a conflict for the delete, and there is always one. */
    @Test
    void endsThoughOthersAppendAllTheTime() throws Exception {
        AtomicInteger next = new AtomicInteger(1000);
        AtomicBoolean over = new AtomicBoolean();
        ExecutorService threads = Executors.newFixedThreadPool(3);
        try (Lsm store = Lsm.open(new MemVfs(), FAST)) {
            store.put(key(1), key(1));
            List<Future<?>> appenders = new ArrayList<>();
            for (int t = 0; t < 3; t++) {
                appenders.add(threads.submit(() -> {
                    while (!over.get()) {
                        int i = next.incrementAndGet();
                        store.put(key(i), key(i));
                    }
                }));
            }
            while (next.get() == 1000) {
                Thread.onSpinWait(); // until somebody appends
            }
            for (int i = 0; i < 20; i++) {
                store.deleteRange(KeyRange.all());
                assertNull(store.get(key(1)));
            }
            over.set(true);
            for (Future<?> appender : appenders) {
                appender.get();
            }
            store.put(key(1), key(2));
            assertArrayEquals(key(2), store.get(key(1)));
        } finally {
            over.set(true);
            threads.shutdown();
        }
        assertTrue(next.get() > 1000);
    }

    @Test
    void endBehindTheGreatestKeyThereCanBeIsKeptAsAnyOther() {
        byte[] greatest = new byte[Limits.MAX_KEY_BYTES];
        Arrays.fill(greatest, (byte) 0xFF);
        byte[] end = Arrays.copyOf(greatest, greatest.length + 1);
        MemVfs disk = new MemVfs();
        try (Lsm store = Lsm.open(disk, FAST)) {
            store.put(key(1), key(1));
            store.put(greatest, key(2));
            store.flush();
            store.commit(CommitRequest.of(new WriteBatch().deleteRange(key(1), end), Durability.SYNC));
            store.put(key(3), key(3));
            assertNull(store.get(greatest));
        }
        for (int round = 0; round < 2; round++) { // from the log, then from tables
            try (Lsm store = Lsm.open(disk, FAST)) {
                assertNull(store.get(key(1)));
                assertNull(store.get(greatest));
                assertNotNull(store.get(key(3)));
                store.flush();
                store.compact();
            }
        }
        VerifyReport verified = Verify.store(disk);
        assertTrue(verified.ok(), verified::toString);
    }
}

package org.mosslsm.kv.lsm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.mosslsm.kv.Durability;
import org.mosslsm.kv.UnknownOutcomeException;

/** Commits of threads that have hardly any stack left: each happens or does not, and the others go on. */
@Timeout(120)
class DeepStackTest {
    private static final int STACK_BYTES = 256 << 10;
    private static final int ROUNDS = 400;
    private static final byte[] VALUE = new byte[50];

    @TempDir
    Path directory;

    private Lsm store;
    private int keys;

    private static byte[] key(int i) {
        return ByteBuffer.allocate(4).putInt(i).array();
    }

    private static void descend(int calls, Runnable end) {
        if (calls == 0) {
            end.run();
        } else {
            descend(calls - 1, end);
        }
    }

    /** Puts the next key so many calls down; returns what was thrown, or null. */
    private Throwable putBelow(int calls) throws InterruptedException {
        byte[] key = key(++keys);
        Throwable[] thrown = new Throwable[1];
        Runnable put = () -> store.put(key, VALUE);
        Thread thread = new Thread(
                null,
                () -> {
                    try {
                        descend(calls, put);
                    } catch (Throwable t) {
                        thrown[0] = t;
                    }
                },
                "deep",
                STACK_BYTES);
        thread.start();
        thread.join();
        return thrown[0];
    }

    private int deepest() throws InterruptedException {
        int least = 1;
        int most = STACK_BYTES / 16;
        while (least + 1 < most) {
            int middle = (least + most) / 2;
            if (putBelow(middle) == null) {
                least = middle;
            } else {
                most = middle;
            }
        }
        return least;
    }

    @ParameterizedTest
    @EnumSource(
            value = Durability.Kind.class,
            names = {"PROCESS", "SYNC"})
    void whoHasNoStackLeftDoesNotCommit(Durability.Kind kind) throws InterruptedException {
        LsmOptions options = LsmOptions.builder()
                .durability(kind == Durability.Kind.SYNC ? Durability.SYNC : Durability.PROCESS)
                .build();
        List<Integer> acknowledged = new ArrayList<>();
        List<Integer> refused = new ArrayList<>();
        int unknown = 0;
        store = Lsm.open(directory, options);
        try {
            int calls = deepest();
            for (int round = 0; round < ROUNDS; round++) {
                Throwable thrown = putBelow(calls);
                if (thrown == null) {
                    acknowledged.add(keys);
                    calls += 1 + calls / (20 + round % 80); // frames become smaller when they are compiled
                } else {
                    calls -= 1 + calls / (50 + round % 50);
                }
                if (thrown instanceof UnknownOutcomeException) { // who needs more than anybody foresaw
                    unknown++;
                    store.close();
                    store = Lsm.open(directory, options);
                } else if (thrown != null) {
                    assertInstanceOf(StackOverflowError.class, thrown);
                    refused.add(keys);
                }
                store.put(key(++keys), VALUE);
                acknowledged.add(keys);
            }
        } finally {
            store.close();
        }
        assertFalse(refused.isEmpty());
        assertTrue(unknown <= refused.size() / 10, unknown + " unknown");
        assertTrue(acknowledged.size() > ROUNDS, "others always can, and a few of these");
        try (Lsm again = Lsm.open(directory, options)) {
            acknowledged.forEach(k -> assertArrayEquals(VALUE, again.get(key(k)), () -> "key " + k));
            assertEquals(
                    0, refused.stream().filter(k -> again.get(key(k)) != null).count(), "refused, and there");
        }
    }
}

package org.mosslsm.it.engine;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicReference;
import org.mosslsm.kv.Cursor;
import org.mosslsm.kv.EntryBatch;
import org.mosslsm.kv.KeyRange;
import org.mosslsm.kv.lsm.Lsm;
import org.mosslsm.kv.lsm.LsmOptions;

/**
 * The child of {@link LargeValuesHeapTest}. A value says which write of which key it is, and follows from that, so that each
 * one read is known to be whole; {@code written} has the newest write of each key that is acknowledged, a negative one where
 * it was deleted by that write. One thread writes, one gets and scans.
 */
final class LargeValuesHeapWriter {
    private static final int KEYS = 6000;

    /** The defaults for this heap, but for the values and for syncs, which are not what is tested. */
    private static final Map<String, String> OPTIONS =
            Map.of("largeValueBytes", "1k", "durability", "process", "compactionThreads", "2");

    private static final int WRITES_PER_LOOK = 20;

    private final AtomicIntegerArray written = new AtomicIntegerArray(KEYS);
    private final AtomicReference<Throwable> failure = new AtomicReference<>();
    private final Random random;
    private volatile boolean done;

    private LargeValuesHeapWriter(long seed) {
        this.random = new Random(seed);
    }

    public static void main(String[] args) throws Exception {
        new LargeValuesHeapWriter(Long.parseLong(args[2])).run(Path.of(args[0]), Integer.parseInt(args[1]));
    }

    private void run(Path directory, int megabytes) throws Exception {
        try (Lsm store = Lsm.open(directory, LsmOptions.parse(OPTIONS))) {
            Thread reader = new Thread(() -> readAllTheTime(store), "reader");
            reader.start();
            write(store, (long) megabytes << 20);
            done = true;
            reader.join();
            System.out.println("written " + megabytes + " MB");
            store.flush();
            say(number(store, "values.reads") > 0, "values are read from their files");
            say(number(store, "compaction.runs") > 0, "tables were merged");
            store.compact();
            long stored = number(store, "values.bytes");
            say(stored < (long) megabytes << 20, "garbage of values was collected");
            say(liveBytes() > Runtime.getRuntime().maxMemory(), "more lives than the heap holds");
            if (failure.get() != null) {
                throw new IllegalStateException("a read failed", failure.get());
            }
            System.out.println("read while written ok");
            scan(store);
            checkBudget(store);
            System.out.println("read at the end ok");
        }
        try (Lsm store = Lsm.open(directory, LsmOptions.parse(OPTIONS))) {
            scan(store);
            checkBudget(store);
            System.out.println("reopened ok");
        }
    }

    private void write(Lsm store, long bytes) {
        long sum = 0;
        for (int n = 1; sum < bytes && failure.get() == null; n++) {
            int key = random.nextInt(KEYS);
            if (n % 50 == 0) {
                store.delete(key(key));
                written.set(key, -n);
            } else {
                byte[] value = value(key, n);
                store.put(key(key), value);
                written.set(key, n);
                sum += value.length;
            }
            if (n % WRITES_PER_LOOK == 0) {
                checkBudget(store);
            }
        }
    }

    private static void checkBudget(Lsm store) {
        long used = number(store, "memory.bytes");
        long budget = LsmOptions.parse(OPTIONS).memoryBytes();
        if (used > budget) {
            throw new IllegalStateException(used + " bytes of memory are used of " + budget);
        }
    }

    private void readAllTheTime(Lsm store) {
        Random chosen = new Random(1);
        try {
            while (!done) {
                for (int i = 0; i < 300 && !done; i++) {
                    int key = chosen.nextInt(KEYS);
                    int before = written.get(key);
                    check(key, store.get(key(key)), before);
                }
                scan(store);
            }
        } catch (Throwable t) {
            failure.set(t);
        }
    }

    /** Reads all that is there, and misses nothing that was there before. */
    private void scan(Lsm store) {
        int[] before = new int[KEYS];
        for (int key = 0; key < KEYS; key++) {
            before[key] = written.get(key);
        }
        int next = 0;
        try (Cursor cursor = store.cursor(KeyRange.all(), Cursor.Direction.FORWARD)) {
            for (EntryBatch batch = cursor.nextBatch(); batch != null; batch = cursor.nextBatch()) {
                for (int i = 0; i < batch.size(); i++) {
                    int key = ByteBuffer.wrap(batch.copyKey(i)).getInt();
                    for (; next < key; next++) {
                        check(next, null, before[next]);
                    }
                    check(key, batch.copyValue(i), before[key]);
                    next = key + 1;
                }
            }
        }
        for (; next < KEYS; next++) {
            check(next, null, before[next]);
        }
    }

    /** A value is the one that was the newest when the read began, or a newer one, whole; nothing only where it was deleted. */
    private void check(int key, byte[] value, int before) {
        if (value == null) {
            // Between the two looks it may have been deleted and put again.
            if (before > 0 && written.get(key) == before) {
                throw new IllegalStateException("write " + before + " of key " + key + " is gone");
            }
            return;
        }
        int n = ByteBuffer.wrap(value).getInt();
        if (n < Math.abs(before)) {
            throw new IllegalStateException("write " + n + " of key " + key + " instead of " + before);
        }
        if (!Arrays.equals(value, value(key, n))) {
            throw new IllegalStateException("write " + n + " of key " + key + " is not whole");
        }
    }

    private long liveBytes() {
        long sum = 0;
        for (int key = 0; key < KEYS; key++) {
            sum += written.get(key) > 0 ? value(key, written.get(key)).length : 0;
        }
        return sum;
    }

    private static void say(boolean holds, String what) {
        System.out.println(holds ? what : "not so: " + what);
    }

    private static long number(Lsm store, String name) {
        return store.metrics().number(name).orElseThrow();
    }

    private static byte[] key(int key) {
        return ByteBuffer.allocate(4).putInt(key).array();
    }

    /** Half of it can be compressed; sizes from 100 bytes on both sides of the threshold, one in a hundred of 1 to 2 MB. */
    private static byte[] value(int key, int n) {
        Random bytes = new Random(((long) key << 32 | n) * 0x9E3779B97F4A7C15L);
        int size = bytes.nextInt(100) == 0
                ? (1 << 20) + bytes.nextInt(1 << 20)
                : 100 + bytes.nextInt(1 << bytes.nextInt(18));
        byte[] value = new byte[size];
        byte[] noise = new byte[size / 2];
        bytes.nextBytes(noise);
        System.arraycopy(noise, 0, value, value.length - noise.length, noise.length);
        ByteBuffer.wrap(value).putInt(n);
        return value;
    }
}

package org.mosslsm.sql.exec.spill;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.mosslsm.kv.KvIoException;
import org.mosslsm.kv.Store;
import org.mosslsm.kv.Store.ScratchFile;
import org.mosslsm.kv.memory.MemoryStore;

/** Whatever the keys and the memory, entries come out in the order of their keys, all of them, with their values. */
class EntrySorterTest {
    private record Entry(byte[] key, byte[] value) {}

    /** Keys of one shape, all with {@code skip} bytes in common and none a prefix of another. */
    private static byte[] key(Random random, int shape, int skip) {
        int length =
                switch (shape) {
                    case 0 -> 4;
                    case 1 -> 8;
                    case 2 -> 1 + random.nextInt(20);
                    case 3 -> 400;
                    case 4 -> 30;
                    default -> shape; // of one length
                };
        byte[] key = new byte[skip + length];
        for (int i = 0; i < length; i++) {
            boolean plain = shape == 3 ? i < 390 : shape >= 4 && i < (shape == 4 ? 17 : shape - 6) + random.nextInt(2);
            key[skip + i] = plain ? (byte) 'p' : (byte) (1 + random.nextInt(shape == 2 ? 3 : 254));
        }
        if (shape == 2) { // ends with a zero, and has no other
            key[key.length - 1] = 0;
        }
        return key;
    }

    @Test
    void entriesComeOutInOrder() {
        long seed = Long.getLong("sorter.seed", System.nanoTime());
        System.out.println("EntrySorterTest -Dsorter.seed=" + seed);
        Random random = new Random(seed);
        for (int round = 0; round < 240; round++) {
            String name = "seed " + seed + " round " + round;
            int skip = random.nextInt(4);
            int shape = random.nextInt(20);
            int valueLength = random.nextInt(16) - 4; // of any length where it is less than 0
            int misfits = random.nextInt(3) == 0 ? 300 : Integer.MAX_VALUE;
            int count = random.nextInt(random.nextBoolean() ? 60 : 4_000);
            long budget = random.nextInt(3) == 0 ? Long.MAX_VALUE : 2_000L << random.nextInt(10);
            List<Entry> entries = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                boolean any = valueLength < 0 || random.nextInt(misfits) == 0;
                byte[] value = new byte[!any ? valueLength : random.nextInt(100) == 0 ? 70_000 : random.nextInt(12)];
                random.nextBytes(value);
                entries.add(new Entry(key(random, shape, skip), value));
            }
            if (random.nextInt(4) == 0) {
                entries.sort((a, b) -> Arrays.compareUnsigned(a.key(), b.key()));
            }
            check(entries, budget, skip, name);
        }
    }

    private static void check(List<Entry> entries, long budget, int skip, String name) {
        try (Store store = new MemoryStore();
                EntrySorter sorter = new EntrySorter(new Workspace(budget, store::scratchFile), skip, () -> {})) {
            entries.forEach(e -> sorter.add(e.key(), e.value()));
            assertEquals(entries.size(), sorter.count(), name);
            List<Entry> expected = new ArrayList<>(entries);
            expected.sort((a, b) -> {
                int order = Arrays.compareUnsigned(a.key(), b.key());
                return order != 0 ? order : Arrays.compare(a.value(), b.value());
            });
            List<Entry> found = new ArrayList<>();
            EntrySorter.Entries sorted = sorter.sorted();
            while (sorted.next()) {
                found.add(new Entry(sorted.copyKey(), sorted.copyValue()));
            }
            assertFalse(sorted.next(), name);
            assertEquals(expected.size(), found.size(), name);
            for (int i = 1; i < found.size(); i++) {
                assertTrue(
                        Arrays.compareUnsigned(
                                        found.get(i - 1).key(), found.get(i).key())
                                <= 0,
                        name);
            }
            found.sort((a, b) -> { // values of equal keys come in any order
                int order = Arrays.compareUnsigned(a.key(), b.key());
                return order != 0 ? order : Arrays.compare(a.value(), b.value());
            });
            for (int i = 0; i < found.size(); i++) {
                assertArrayEquals(expected.get(i).key(), found.get(i).key(), name);
                assertArrayEquals(expected.get(i).value(), found.get(i).value(), name);
            }
        }
    }

    @Test
    void manyEqualKeysOfManyBytesAreSortedToo() {
        List<Entry> entries = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            byte[] key = new byte[60_000];
            key[59_999] = (byte) (i % 7);
            entries.add(new Entry(key, new byte[] {(byte) i}));
        }
        check(entries, Long.MAX_VALUE, 0, "equal");
        check(entries, 1 << 20, 0, "equal, spilled");
    }

    @Test
    void sortingEndsWhenItIsCancelled() {
        boolean[] cancelled = new boolean[1];
        Runnable check = () -> {
            if (cancelled[0]) {
                throw new IllegalStateException("cancelled");
            }
        };
        for (long budget : new long[] {Long.MAX_VALUE, 200_000}) {
            cancelled[0] = false;
            Random random = new Random(7);
            try (Store store = new MemoryStore();
                    EntrySorter sorter = new EntrySorter(new Workspace(budget, store::scratchFile), 0, check)) {
                for (int i = 0; i < 10_000; i++) {
                    sorter.add(key(random, 1, 0), new byte[3]);
                }
                cancelled[0] = true;
                assertThrows(IllegalStateException.class, sorter::sorted);
            }
        }
    }

    @Test
    void aDiskThatIsFullIsReported() {
        Workspace full = new Workspace(4_000, () -> new ScratchFile() {
            @Override
            public void append(byte[] bytes, int offset, int length) {
                throw new KvIoException("no space left on device", null);
            }

            @Override
            public void read(long position, byte[] into, int offset, int length) {
                throw new AssertionError("nothing was written");
            }

            @Override
            public long size() {
                return 0;
            }

            @Override
            public void close() {}
        });
        try (EntrySorter sorter = new EntrySorter(full, 0, () -> {})) {
            assertThrows(KvIoException.class, () -> {
                for (int i = 0; i < 1_000; i++) {
                    sorter.add(new byte[] {(byte) (i >> 8), (byte) i}, new byte[10]);
                }
            });
        }
    }
}

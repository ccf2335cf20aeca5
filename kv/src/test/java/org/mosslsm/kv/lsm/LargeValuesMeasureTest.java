package org.mosslsm.kv.lsm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Locale;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.mosslsm.kv.Cursor;
import org.mosslsm.kv.Cursor.Direction;
import org.mosslsm.kv.Durability;
import org.mosslsm.kv.EntryBatch;
import org.mosslsm.kv.KeyRange;

/**
 * What keeping values apart costs and saves, by size of the value. {@code -Dvalues.measure=true} runs it, {@code
 * -Dvalues.mb=} says how much data lives (default 128), {@code -Dvalues.sizes=} which sizes.
 */
@EnabledIfSystemProperty(named = "values.measure", matches = "true")
class LargeValuesMeasureTest {
    private static final int READS = 20_000;

    private final Random random = new Random(1);

    @TempDir
    Path directory;

    @Test
    void measure() throws IOException {
        System.out.printf(
                Locale.ROOT,
                "%8s %8s %10s %10s %10s %10s %10s %10s%n",
                "value",
                "apart",
                "put us",
                "write_amp",
                "churn_amp",
                "space_amp",
                "get us",
                "scan us");
        for (String size : System.getProperty("values.sizes", "512,1024,2048,4096,16384,65536")
                .split(",", -1)) {
            for (boolean apart : new boolean[] {false, true, false, true}) {
                measure(Integer.parseInt(size), apart);
            }
        }
    }

    /** Half random, half zero, so that it compresses to half. */
    private byte[] value(int size) {
        byte[] value = new byte[size];
        byte[] noise = new byte[size / 2];
        random.nextBytes(noise);
        System.arraycopy(noise, 0, value, 0, noise.length);
        return value;
    }

    private static byte[] key(long i) {
        return ByteBuffer.allocate(16)
                .putLong(i * 0x9E3779B97F4A7C15L)
                .putLong(i)
                .array();
    }

    private void measure(int size, boolean apart) throws IOException {
        Path store = directory.resolve("store");
        LsmOptions options = LsmOptions.builder()
                .durability(Durability.PROCESS)
                .memtableBytes(8 << 20)
                .cacheBytes(32 << 20)
                .largeValueBytes(apart ? size : 0)
                .build();
        int keys = (int) ((Long.getLong("values.mb", 128) << 20) / size);
        try (Lsm lsm = Lsm.open(store, options)) {
            long start = System.nanoTime();
            long churn = 0;
            int puts = 4 * keys;
            for (int i = 0; i < puts; i++) {
                lsm.put(key(i < keys ? i : random.nextInt(keys)), value(size));
                if (i % (puts / 40) == 0 && i > 2 * keys) {
                    churn = Math.max(churn, bytes(store, ".sst") + bytes(store, ".val"));
                }
            }
            lsm.compact();
            double putMicros = (System.nanoTime() - start) / 1e3 / puts;
            double live = (double) keys * (size / 2 + 16); // half of each value is zeros
            double written = number(lsm, "flush.bytes") + number(lsm, "compaction.written.bytes");
            long after = bytes(store, ".sst") + bytes(store, ".val");
            double get = 0;
            for (int round = 0; round < 2; round++) {
                start = System.nanoTime();
                for (int i = 0; i < READS; i++) {
                    assertEquals(size, lsm.get(key(random.nextInt(keys))).length);
                }
                get = (System.nanoTime() - start) / 1e3 / READS;
            }
            start = System.nanoTime();
            assertEquals(keys, scan(lsm));
            double scan = (System.nanoTime() - start) / 1e3 / keys;
            System.out.printf(
                    Locale.ROOT,
                    "%8d %8s %10.1f %10.2f %10.2f %10.2f %10.2f %10.2f%n",
                    size,
                    apart ? "yes" : "no",
                    putMicros,
                    written / (live / keys * puts),
                    churn / live,
                    after / live,
                    get,
                    scan);
            assertTrue(after < 3 * live, "space");
        }
        delete(store);
    }

    private static int scan(Lsm lsm) {
        int entries = 0;
        long sum = 0;
        try (Cursor cursor = lsm.cursor(KeyRange.all(), Direction.FORWARD)) {
            for (EntryBatch batch = cursor.nextBatch(); batch != null; batch = cursor.nextBatch()) {
                for (int i = 0; i < batch.size(); i++) {
                    sum += batch.valueArray(i)[batch.valueOffset(i)];
                }
                entries += batch.size();
            }
        }
        assertTrue(sum != 1);
        return entries;
    }

    private static double number(Lsm lsm, String name) {
        return lsm.metrics().number(name).orElseThrow();
    }

    private static long bytes(Path store, String suffix) throws IOException {
        try (Stream<Path> files = Files.list(store)) {
            return files.filter(file -> file.toString().endsWith(suffix))
                    .mapToLong(file -> file.toFile().length())
                    .sum();
        }
    }

    private static void delete(Path store) throws IOException {
        try (Stream<Path> files = Files.walk(store)) {
            files.sorted(Comparator.reverseOrder()).forEach(file -> {
                try {
                    Files.delete(file);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        }
    }
}

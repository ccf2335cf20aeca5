package org.mosslsm.it.bench.kv;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.mosslsm.it.bench.BenchArgs;
import org.mosslsm.it.bench.BenchRun;
import org.mosslsm.it.bench.Rounds;
import org.mosslsm.it.bench.Timed;

/** One engine, one group of rows, in a JVM of its own: a store, its entries. Its main is the child of {@link KvBench}. */
final class KvRun extends BenchRun {
    static final long WRITE_BUFFER = 64L << 20;

    /** Names and defaults of the arguments, as {@code docs/benchmarks.md} explains them. */
    static final Map<String, String> DEFAULTS = defaults(Map.of(
            "n", "2000000",
            "engines", "moss,rocksdb",
            "fillseconds", "20",
            "warmup", "1.5",
            "cache", "512",
            "csv", "target/bench-kv.csv"));

    final String engine;

    KvRun(String engine, Path directory, BenchArgs args) {
        super(directory, args, KvBench.ROWS);
        this.engine = engine;
    }

    /** Arguments: engine, group, directory, then name=value. */
    public static void main(String[] words) throws Exception {
        BenchArgs args = BenchArgs.parse(DEFAULTS, List.of(words).subList(3, words.length));
        KvRun run = new KvRun(words[0], Path.of(words[2]), args);
        run.warmUp();
        KvBench.GROUPS.get(words[1]).run(run);
    }

    /** Memory for blocks or pages, in bytes. */
    long cacheBytes() {
        return args.number("cache") << 20;
    }

    Path directory(String name) {
        return directory.resolve(name);
    }

    KvEngine open(String name) throws Exception {
        return open(name, false, cacheBytes());
    }

    KvEngine open(String name, boolean sync, long cacheBytes) throws Exception {
        return KvEngines.open(engine, new KvEngine.Settings(directory(name), sync, WRITE_BUFFER, cacheBytes));
    }

    Entries entries(long seed) {
        return new Entries(n, seed);
    }

    /** Writes keys {@code from .. n-1} of the random order (or in order), not measured, in batches of 1,000. */
    void complete(KvEngine store, long from, boolean shuffled) throws Exception {
        Entries entries = entries(99);
        long i = from;
        while (i < n) {
            int size = (int) Math.min(1000, n - i);
            byte[][] keys = new byte[size][];
            byte[][] values = new byte[size][];
            for (int j = 0; j < size; j++, i++) {
                keys[j] = Entries.write(new byte[Entries.KEY_BYTES], shuffled ? entries.shuffled(i) : i, '0');
                values[j] = entries.value(new byte[Entries.VALUE_BYTES]);
            }
            store.putAll(keys, values);
        }
    }

    /** An operation that writes random existing keys. */
    Timed.Operation overwrites(KvEngine store, long seed) {
        Entries entries = entries(seed);
        SplittableRandom random = new SplittableRandom(seed);
        return i -> {
            store.put(entries.key(random.nextLong(n)), entries.value());
            return 1;
        };
    }

    /** An operation that reads random existing keys. */
    Timed.Operation gets(KvEngine.Reader reader, long seed) {
        Entries entries = entries(seed);
        SplittableRandom random = new SplittableRandom(seed);
        return i -> {
            if (reader.get(entries.key(random.nextLong(n))) == null) {
                throw new AssertionError(engine + " has lost the key "
                        + new String(entries.key(0), java.nio.charset.StandardCharsets.US_ASCII));
            }
            return 1;
        };
    }

    /** Lets the compiler see every kind of operation on a small store, unmeasured. */
    private void warmUp() throws Exception {
        long until = System.nanoTime() + (long) (args.decimal("warmup") * 1e9);
        if (until <= System.nanoTime()) {
            return;
        }
        Entries entries = new Entries(50_000, 7);
        try (KvEngine store = open("warmup");
                KvEngine.Reader reader = store.reader()) {
            for (long i = 0; System.nanoTime() < until; i++) {
                long k = entries.shuffled(i % 50_000);
                store.put(entries.key(k), entries.value());
                reader.get(entries.key(entries.shuffled((i * 7) % 50_000)));
                if (i % 16 == 0) {
                    reader.walk(entries.key(k), 50, i % 32 == 0);
                    store.delete(entries.key(k));
                    reader.firstKey();
                }
            }
            store.settle();
        }
        Rounds.delete(directory("warmup"));
    }
}

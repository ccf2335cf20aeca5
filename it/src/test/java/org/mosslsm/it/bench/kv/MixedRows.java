package org.mosslsm.it.bench.kv;

import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import org.mosslsm.it.bench.Figure;
import org.mosslsm.it.bench.Timed;

/** Reads and writes of a full store at the same time, and deletes in random order. */
final class MixedRows {
    private MixedRows() {}

    static void run(KvRun run, KvEngine store) throws Exception {
        for (int threads : new int[] {1, 2, 4}) {
            String row = "mixed_" + threads + "t";
            if (run.wants(row)) {
                Timed.run(row, threads, Long.MAX_VALUE, run.seconds, thread -> half(run, store, 20 + thread));
            }
        }
        if (run.wants("readwhilewriting") || run.wants("writewhilereading")) {
            readWhileWriting(run, store);
        }
        if (run.wants("deleterandom")) {
            Entries entries = run.entries(0);
            Timed.run("deleterandom", run.n, run.fillSeconds, i -> {
                store.delete(entries.key(entries.shuffled(i)));
                return 1;
            });
        }
    }

    /** Each operation is a get or a put of a random key. The reader ends with the process. */
    private static Timed.Operation half(KvRun run, KvEngine store, long seed) throws Exception {
        ThreadLocal<Timed.Operation> gets = ThreadLocal.withInitial(() -> {
            try {
                return run.gets(store.reader(), seed); // a reader belongs to the thread that makes it
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
        Timed.Operation puts = run.overwrites(store, seed);
        SplittableRandom random = new SplittableRandom(seed);
        return i -> random.nextBoolean() ? puts.run(i) : gets.get().run(i);
    }

    private static void readWhileWriting(KvRun run, KvEngine store) throws Exception {
        AtomicBoolean stop = new AtomicBoolean();
        long[] written = new long[1];
        Timed.Operation puts = run.overwrites(store, 31);
        Thread writer = new Thread(
                () -> {
                    try {
                        while (!stop.get()) {
                            written[0] += puts.run(0);
                        }
                    } catch (Exception e) {
                        throw new IllegalStateException(e);
                    }
                },
                "writer");
        long start = System.nanoTime();
        writer.start();
        try (KvEngine.Reader reader = store.reader()) {
            Timed.run("readwhilewriting", Long.MAX_VALUE, run.seconds, run.gets(reader, 32));
        } finally {
            stop.set(true);
            writer.join();
        }
        Figure.of("writewhilereading", Figure.PER_SECOND, written[0] * 1e9 / (System.nanoTime() - start))
                .print();
    }
}

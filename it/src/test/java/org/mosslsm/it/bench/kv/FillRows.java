package org.mosslsm.it.bench.kv;

import java.util.List;
import org.mosslsm.it.bench.Timed;

/** Writes into empty stores: in key order, in batches, and synced. */
final class FillRows {
    static final List<String> ROWS = List.of("fillseq", "fillbatch100", "fillsync", "fillsync_4t");

    private static final int BATCH = 100;

    private FillRows() {}

    static void run(KvRun run) throws Exception {
        if (run.wants("fillseq")) {
            try (KvEngine store = run.open("seq")) {
                Entries entries = run.entries(1);
                Timed.run("fillseq", run.n, run.fillSeconds, i -> {
                    store.put(entries.key(i), entries.value());
                    return 1;
                });
            }
        }
        if (run.wants("fillbatch100")) {
            try (KvEngine store = run.open("batch")) {
                batches(run, store);
            }
        }
        synced(run, "fillsync", 1);
        synced(run, "fillsync_4t", 4);
    }

    private static void batches(KvRun run, KvEngine store) throws Exception {
        Entries entries = run.entries(2);
        byte[][] keys = new byte[BATCH][Entries.KEY_BYTES];
        byte[][] values = new byte[BATCH][Entries.VALUE_BYTES];
        Timed.run("fillbatch100", Math.max(1, run.n / BATCH), run.fillSeconds, i -> {
            for (int j = 0; j < BATCH; j++) {
                Entries.write(keys[j], entries.shuffled((i * BATCH + j) % run.n), '0');
                entries.value(values[j]);
            }
            store.putAll(keys, values);
            return BATCH;
        });
    }

    private static void synced(KvRun run, String row, int threads) throws Exception {
        if (!run.wants(row)) {
            return;
        }
        try (KvEngine store = run.open(row, true, run.cacheBytes())) {
            Timed.run(row, threads, Long.MAX_VALUE, run.seconds, thread -> {
                Entries entries = run.entries(thread);
                return i -> {
                    store.put(entries.key(entries.shuffled((i * threads + thread) % run.n)), entries.value());
                    return 1;
                };
            });
        }
    }
}

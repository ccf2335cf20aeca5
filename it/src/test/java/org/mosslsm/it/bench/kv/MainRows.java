package org.mosslsm.it.bench.kv;

import java.util.List;
import java.util.SplittableRandom;
import org.mosslsm.it.bench.Disk;
import org.mosslsm.it.bench.Figure;
import org.mosslsm.it.bench.Timed;

/**
 * The life of one store: filled in random order, overwritten, left to finish its compactions, read in every way (first with
 * a cache that holds all of two million entries, then with one of a tenth of the data), read and written at once, and deleted from.
 */
final class MainRows {
    static final List<String> WRITES =
            List.of("fillrandom", "fillrandom_settled", "overwrite", "write_amp", "space_amp");
    static final List<String> READS = List.of(
            "readrandom", "readmissing", "seek_next10", "seek_next100", "readseq", "readreverse", "readrandom_cache10");
    static final List<String> BOTH =
            List.of("mixed_1t", "mixed_2t", "mixed_4t", "readwhilewriting", "writewhilereading", "deleterandom");

    private MainRows() {}

    static void run(KvRun run) throws Exception {
        try (KvEngine store = run.open("main")) {
            writes(run, store);
        }
        if (run.wants("space_amp")) {
            double live = (double) run.n * Entries.ENTRY_BYTES;
            Figure.of("space_amp", "x", Disk.used(run.directory("main")) / live).print();
        }
        try (KvEngine store = run.open("main")) {
            reads(run, store);
            seeks(run, store);
            walks(run, store);
        }
        if (run.wants("readrandom_cache10")) {
            long cache = Math.max(1 << 20, run.n * Entries.ENTRY_BYTES / 10);
            try (KvEngine store = run.open("main", false, cache);
                    KvEngine.Reader reader = store.reader()) {
                Timed.run("readrandom_cache10", Long.MAX_VALUE, run.seconds, run.gets(reader, 13));
            }
        }
        if (run.wantsAnyOf(BOTH)) {
            try (KvEngine store = run.open("main")) {
                MixedRows.run(run, store);
            }
        }
    }

    private static void writes(KvRun run, KvEngine store) throws Exception {
        long writtenBefore = Disk.written();
        long puts = run.n;
        if (run.wants("fillrandom") || run.wants("fillrandom_settled") || run.wants("write_amp")) {
            Entries entries = run.entries(3);
            long start = System.nanoTime();
            long done = Timed.run("fillrandom", run.n, run.fillSeconds, i -> {
                store.put(entries.key(entries.shuffled(i)), entries.value());
                return 1;
            });
            if (run.wants("fillrandom_settled") && done == run.n) {
                store.settle();
                double seconds = (System.nanoTime() - start) / 1e9;
                Figure.of("fillrandom_settled", Figure.PER_SECOND, done / seconds)
                        .print();
            }
            run.complete(store, done, true);
        } else {
            run.complete(store, 0, true);
        }
        if (run.wants("overwrite") || run.wants("write_amp") || run.wants("space_amp")) {
            puts += Timed.run("overwrite", 2 * run.n, run.fillSeconds, run.overwrites(store, 5));
        }
        store.settle();
        if (run.wants("write_amp") && writtenBefore >= 0) {
            double user = (double) puts * Entries.ENTRY_BYTES;
            Figure.of("write_amp", "x", (Disk.written() - writtenBefore) / user).print();
        }
    }

    private static void reads(KvRun run, KvEngine store) throws Exception {
        try (KvEngine.Reader reader = store.reader()) {
            if (run.wants("readrandom")) {
                warmCache(run, reader);
                Timed.run("readrandom", Long.MAX_VALUE, run.seconds, run.gets(reader, 11));
            }
            if (run.wants("readmissing")) {
                Entries entries = run.entries(0);
                SplittableRandom random = new SplittableRandom(12);
                Timed.run("readmissing", Long.MAX_VALUE, run.seconds, i -> {
                    if (reader.get(entries.missingKey(random.nextLong(run.n))) != null) {
                        throw new AssertionError("a key that was never written");
                    }
                    return 1;
                });
            }
        }
    }

    /** Reads everything once, so that the hot row measures the cache and not its filling. */
    private static void warmCache(KvRun run, KvEngine.Reader reader) throws Exception {
        Entries entries = run.entries(0);
        long until = System.nanoTime() + (long) (run.fillSeconds * 1e9);
        for (long i = 0; i < run.n && System.nanoTime() < until; i += 16) {
            reader.get(entries.key(i));
        }
    }

    private static void seeks(KvRun run, KvEngine store) throws Exception {
        try (KvEngine.Reader reader = store.reader()) {
            for (int next : new int[] {10, 100}) {
                if (run.wants("seek_next" + next)) {
                    Entries entries = run.entries(0);
                    SplittableRandom random = new SplittableRandom(14);
                    long last = Math.max(1, run.n - next);
                    Timed.run("seek_next" + next, Long.MAX_VALUE, run.seconds, i -> {
                        if (reader.walk(entries.key(random.nextLong(last)), next, false) != next) {
                            throw new AssertionError("a walk ended early");
                        }
                        return 1;
                    });
                }
            }
        }
    }

    private static void walks(KvRun run, KvEngine store) throws Exception {
        try (KvEngine.Reader reader = store.reader()) {
            walk(run, reader, "readseq", false);
            walk(run, reader, "readreverse", true);
        }
    }

    private static void walk(KvRun run, KvEngine.Reader reader, String row, boolean backward) throws Exception {
        int limit = (int) Math.min(run.n, 5_000_000);
        if (run.wants(row) && reader.walk(null, 1, backward) == 1) {
            Timed.run(row, Long.MAX_VALUE, run.seconds, i -> {
                long seen = reader.walk(null, limit, backward);
                if (seen != limit) {
                    throw new AssertionError("a walk of " + seen + " instead of " + limit);
                }
                return seen;
            });
        }
    }
}

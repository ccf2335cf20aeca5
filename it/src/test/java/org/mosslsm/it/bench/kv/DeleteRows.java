package org.mosslsm.it.bench.kv;

import java.util.List;
import org.mosslsm.it.bench.Timed;

/**
 * What deletes leave behind: nine tenths of a store deleted in key order, then at once (no wait for compaction) the first
 * key, a walk over what is left, and a queue that pushes at one end and pops at the other.
 */
final class DeleteRows {
    static final List<String> ROWS = List.of("deleteseq", "firstkey_massdeleted", "readseq_massdeleted", "queue");

    private DeleteRows() {}

    static void run(KvRun run) throws Exception {
        try (KvEngine store = run.open("mass")) {
            run.complete(store, 0, false);
            store.settle();
            Entries entries = run.entries(4);
            long doomed = run.n / 10 * 9;
            long deleted = Timed.run("deleteseq", doomed, run.fillSeconds, i -> {
                store.delete(entries.key(i));
                return 1;
            });
            for (long i = deleted; i < doomed; i++) {
                store.delete(entries.key(i));
            }
            try (KvEngine.Reader reader = store.reader()) {
                reads(run, reader, doomed);
                if (run.wants("queue")) {
                    queue(run, store, reader);
                }
            }
        }
    }

    private static void reads(KvRun run, KvEngine.Reader reader, long doomed) throws Exception {
        if (run.wants("firstkey_massdeleted")) {
            Timed.run("firstkey_massdeleted", Long.MAX_VALUE, run.seconds, i -> {
                if (reader.firstKey() == null) {
                    throw new AssertionError("no key is left");
                }
                return 1;
            });
        }
        if (run.wants("readseq_massdeleted")) {
            Timed.run("readseq_massdeleted", Long.MAX_VALUE, run.seconds, i -> {
                long seen = reader.walk(null, Integer.MAX_VALUE, false);
                if (seen != run.n - doomed) {
                    throw new AssertionError(seen + " keys are left instead of " + (run.n - doomed));
                }
                return seen;
            });
        }
    }

    /** One operation is a push, a look at the first key and its removal. */
    private static void queue(KvRun run, KvEngine store, KvEngine.Reader reader) throws Exception {
        Entries entries = run.entries(6);
        Timed.run("queue", run.n, run.seconds, i -> {
            store.put(entries.key(run.n + i), entries.value());
            byte[] first = reader.firstKey();
            if (reader.get(first) == null) {
                throw new AssertionError("the first key has no value");
            }
            store.delete(first);
            return 1;
        });
    }
}

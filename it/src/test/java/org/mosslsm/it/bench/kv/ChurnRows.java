package org.mosslsm.it.bench.kv;

import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.mosslsm.it.bench.Disk;
import org.mosslsm.it.bench.Figure;
import org.mosslsm.it.bench.Timed;

/** What a store that is full, and overwritten at full speed in random order, takes on the disk at most meanwhile. */
final class ChurnRows {
    static final List<String> ROWS = List.of("space_churn");

    private static final long LOOK_EVERY_MILLIS = 200;

    private ChurnRows() {}

    static void run(KvRun run) throws Exception {
        try (KvEngine store = run.open("churn")) {
            run.complete(store, 0, true);
            store.settle();
            Peak peak = new Peak(run);
            Thread watcher = new Thread(peak, "peak of the disk");
            watcher.start();
            try {
                overwrite(run, store);
            } finally {
                peak.over.set(true);
                watcher.join();
            }
            double live = (double) run.n * Entries.ENTRY_BYTES;
            Figure.of("space_churn", "x", peak.bytes() / live).print();
        }
    }

    private static void overwrite(KvRun run, KvEngine store) throws Exception {
        Timed.Operation put = run.overwrites(store, 5);
        long deadline = System.nanoTime() + (long) (run.fillSeconds * 1e9);
        for (long i = 0; i < 4 * run.n && System.nanoTime() < deadline; i++) {
            put.run(i);
        }
    }

    /** Looks at the size of the store again and again; a look that fails, as when a file vanishes beneath it, ends the run. */
    private static final class Peak implements Runnable {
        private final AtomicBoolean over = new AtomicBoolean();
        private final KvRun run;
        private long most;
        private Exception failure;

        Peak(KvRun run) {
            this.run = run;
        }

        @Override
        public void run() {
            try {
                do {
                    most = Math.max(most, Disk.used(run.directory("churn")));
                    Thread.sleep(LOOK_EVERY_MILLIS);
                } while (!over.get());
            } catch (Exception e) {
                failure = e;
            }
        }

        /** The largest size seen, in bytes; after the thread has ended. */
        long bytes() throws Exception {
            if (failure != null) {
                throw failure;
            }
            return most;
        }
    }
}

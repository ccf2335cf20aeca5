package org.mosslsm.it.bench.kv;

import java.util.List;
import org.mosslsm.it.bench.Disk;
import org.mosslsm.it.bench.Figure;
import org.mosslsm.it.bench.Timed;

/** What a full store takes on the disk at most while as many random keys as it has, and again as many, are overwritten. */
final class ChurnRows {
    static final List<String> ROWS = List.of("space_churn");

    private static final long LOOK_EVERY_MILLIS = 200;

    /** Who has not overwritten them all after so many times {@code fillseconds} gets no figure. */
    private static final int MOST_FILLS = 10;

    private ChurnRows() {}

    static void run(KvRun run) throws Exception {
        try (KvEngine store = run.open("churn")) {
            run.complete(store, 0, true);
            store.settle();
            Peak peak = new Peak(run);
            Thread watcher = new Thread(peak, "peak of the disk");
            watcher.start();
            boolean all;
            try {
                all = overwrite(run, store);
            } finally {
                peak.over = true;
                watcher.join();
            }
            if (all) {
                double live = (double) run.n * Entries.ENTRY_BYTES;
                Figure.of("space_churn", "x", peak.bytes() / live).print();
            }
        }
    }

    /** Whether it came to its end in time. */
    private static boolean overwrite(KvRun run, KvEngine store) throws Exception {
        Timed.Operation put = run.overwrites(store, 5);
        long deadline = System.nanoTime() + (long) (MOST_FILLS * run.fillSeconds * 1e9);
        for (long i = 0; i < 2 * run.n; i++) {
            if (System.nanoTime() >= deadline) {
                return false;
            }
            put.run(i);
        }
        return true;
    }

    /** Looks at the size of the store again and again, and once when all is over. What goes wrong is told then. */
    private static final class Peak implements Runnable {
        private final KvRun run;
        private volatile boolean over;
        private long most;
        private Exception failure;

        Peak(KvRun run) {
            this.run = run;
        }

        @Override
        public void run() {
            try {
                while (!over) {
                    look();
                    Thread.sleep(LOOK_EVERY_MILLIS); // between looks, not for something
                }
                look();
            } catch (Exception e) {
                failure = e;
            }
        }

        private void look() throws Exception {
            most = Math.max(most, Disk.used(run.directory("churn")));
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

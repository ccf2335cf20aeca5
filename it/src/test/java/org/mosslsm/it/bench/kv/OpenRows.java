package org.mosslsm.it.bench.kv;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.mosslsm.it.bench.Figure;
import org.mosslsm.it.testkit.ChildJvm;

/**
 * Time from opening to the first value: of a store that was closed, and of one whose process was killed with a full log
 * (300,000 entries, 35 MB, all still in the memtable).
 */
final class OpenRows {
    static final List<String> ROWS = List.of("open_clean", "open_after_kill");

    private static final long LOGGED = 300_000;

    private OpenRows() {}

    static void run(KvRun run) throws Exception {
        if (run.wants("open_clean")) {
            try (KvEngine store = run.open("main")) {
                run.complete(store, 0, true);
                store.settle();
            }
            List<Double> times = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                times.add(openMillis(run, "main"));
            }
            Collections.sort(times);
            Figure.of("open_clean", "ms", times.get(2)).print();
        }
        if (run.wants("open_after_kill")) {
            List<String> words = List.of(
                    run.engine,
                    run.directory("killed").toString(),
                    "" + Math.min(run.n, LOGGED),
                    "" + run.cacheBytes());
            try (ChildJvm writer = ChildJvm.start(Writer.class.getName(), KvBench.jvmOptions(run.args), words)) {
                String line = writer.readLine();
                while (line != null && !line.equals("written")) {
                    System.out.println(line);
                    line = writer.readLine();
                }
                writer.kill();
            }
            Figure.of("open_after_kill", "ms", openMillis(run, "killed")).print();
        }
    }

    private static double openMillis(KvRun run, String name) throws Exception {
        long start = System.nanoTime();
        try (KvEngine store = run.open(name);
                KvEngine.Reader reader = store.reader()) {
            if (reader.get(run.entries(0).key(0)) == null && !run.engine.equals("mvstore")) {
                throw new AssertionError("the first key is gone"); // MVStore loses what its timer had not written
            }
            return (System.nanoTime() - start) / 1e6;
        }
    }

    /** The process that is killed: engine, directory, number of entries, bytes of cache. */
    static final class Writer {
        private Writer() {}

        public static void main(String[] words) throws Exception {
            KvEngine.Settings settings = new KvEngine.Settings(
                    java.nio.file.Path.of(words[1]), false, KvRun.WRITE_BUFFER, Long.parseLong(words[3]));
            KvEngine store = KvEngines.open(words[0], settings); // never closed
            long count = Long.parseLong(words[2]);
            Entries entries = new Entries(count, 8);
            for (long i = 0; i < count; i++) {
                store.put(entries.key(entries.shuffled(i)), entries.value());
            }
            System.out.println("written");
            System.in.read(); // until the kill
        }
    }
}

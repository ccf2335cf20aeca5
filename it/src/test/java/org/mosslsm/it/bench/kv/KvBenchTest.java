package org.mosslsm.it.bench.kv;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mosslsm.it.bench.BenchArgs;

/** The harness works: every row gives a figure. How large it is, no test looks at. */
class KvBenchTest {
    @TempDir
    Path directory;

    @Test
    void everyRowGivesAFigure() throws Exception {
        Path csv = directory.resolve("kv.csv");
        List<String> words = List.of(
                "n=1000",
                "rounds=1",
                "engines=moss",
                "seconds=0.02",
                "warmup=0",
                "cache=16",
                "heap=256m",
                "dir=" + directory,
                "csv=" + csv);

        String table = KvBench.run(BenchArgs.parse(KvRun.DEFAULTS, words)).markdown();

        List<String> measured = Files.readAllLines(csv).stream()
                .skip(1)
                .map(line -> line.split(",", -1)[2])
                .collect(Collectors.toList());
        assertEquals(KvBench.ROWS, measured, table);
        assertTrue(table.contains("| fillseq | /s |"), table);
    }

    @Test
    void theRandomOrderMeetsEachKeyOnce() {
        for (int n : new int[] {1, 2, 3, 1000, 4096, 5001}) {
            Entries entries = new Entries(n, 1);
            boolean[] met = new boolean[n];
            for (int i = 0; i < n; i++) {
                int k = (int) entries.shuffled(i);
                assertTrue(!met[k], k + " twice of " + n);
                met[k] = true;
            }
        }
    }
}

package org.mosslsm.it.bench.sql;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mosslsm.it.bench.BenchArgs;

/** The harness works: every row gives a figure. How large it is, no test looks at. */
class SqlBenchTest {
    @TempDir
    Path directory;

    @Test
    void everyRowGivesAFigure() throws Exception {
        Path csv = directory.resolve("sql.csv");
        List<String> words = List.of(
                "n=1000",
                "rounds=1",
                "engines=moss",
                "seconds=0.02",
                "warmup=0",
                "heap=256m",
                "cache=16",
                "dir=" + directory,
                "csv=" + csv);

        String table = SqlBench.run(BenchArgs.parse(SqlRun.DEFAULTS, words)).markdown();

        TreeSet<String> measured = Files.readAllLines(csv).stream()
                .skip(1)
                .map(line -> line.split(",", -1)[2])
                .collect(Collectors.toCollection(TreeSet::new));
        assertEquals(new TreeSet<>(SqlBench.ROWS), measured, table);
        assertTrue(table.contains("| insert_batch_seq | /s |"), table);
    }
}

package org.mosslsm.it.bench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.mosslsm.it.testkit.ChildJvm;

/**
 * The first side-by-side benchmark: the same work on MossLSM and on H2, each run in a JVM of its own, the engines in
 * turn, medians of the runs, and the ratio MossLSM / H2 of the medians. Arguments: rows (default 200000), rounds
 * (default 3). {@code docs/benchmarks.md} has the command and the results.
 */
public final class SqlBench {
    private SqlBench() {}

    /** Runs the rounds and prints a Markdown table. */
    public static void main(String[] args) throws Exception {
        int rows = args.length > 0 ? Integer.parseInt(args[0]) : 200_000;
        int rounds = args.length > 1 ? Integer.parseInt(args[1]) : 3;
        List<String> engines = List.of("mosslsm", "h2");
        Map<String, Map<String, List<Double>>> results = new LinkedHashMap<>();
        for (int round = 0; round < rounds; round++) {
            for (String engine : engines) {
                run(engine, rows, results);
            }
        }
        System.out.printf(Locale.ROOT, "%n%d rows, %d rounds, medians, per second%n%n", rows, rounds);
        System.out.println("| workload | mosslsm | h2 | ratio |");
        System.out.println("|---|---|---|---|");
        results.forEach((workload, byEngine) -> {
            double ours = median(byEngine.get("mosslsm"));
            double theirs = median(byEngine.get("h2"));
            System.out.printf(Locale.ROOT, "| %s | %,.0f | %,.0f | %.2f |%n", workload, ours, theirs, ours / theirs);
        });
    }

    private static void run(String engine, int rows, Map<String, Map<String, List<Double>>> results) throws Exception {
        Path directory = Files.createTempDirectory("mosslsm-bench");
        try (ChildJvm child = ChildJvm.start(
                SqlBenchRun.class.getName(),
                List.of("-Xmx1g", "-da"),
                List.of(engine, directory.toString(), "" + rows))) {
            for (String line : child.readAll()) {
                String[] words = line.split("\t", -1);
                if (words.length != 2 || !words[1].matches("[0-9.E]+")) {
                    System.out.println(engine + ": " + line);
                    continue;
                }
                double perSecond = Double.parseDouble(words[1]);
                System.out.printf(Locale.ROOT, "%s %s %,.0f/s%n", engine, words[0], perSecond);
                results.computeIfAbsent(words[0], w -> new LinkedHashMap<>())
                        .computeIfAbsent(engine, e -> new ArrayList<>())
                        .add(perSecond);
            }
        } finally {
            try (Stream<Path> files = Files.walk(directory)) {
                files.sorted(Comparator.reverseOrder()).forEach(f -> f.toFile().delete());
            }
        }
    }

    private static double median(List<Double> values) {
        if (values == null || values.isEmpty()) {
            return Double.NaN;
        }
        List<Double> sorted = values.stream().sorted().toList();
        return sorted.get(sorted.size() / 2);
    }
}

package org.mosslsm.it.slt;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * Runs sqllogictest files and prints what came of each: {@code -Dslt.dir=} a file or a folder, each file on an empty
 * database. {@code -Dslt.url=} replaces the database, {@code {dir}} in it by an empty folder; {@code -Dslt.show=} is how
 * many failures of a file are printed (default 10). The exit code is 1 when anything failed that {@link SltExceptions} does
 * not excuse.
 */
public final class SltMain {
    private static final String DEFAULT_URL = "jdbc:mosslsm:{dir}?durability=process";

    private SltMain() {}

    /** Takes the path as its argument, or from {@code -Dslt.dir=}. */
    public static void main(String[] args) throws Exception {
        String path = args.length > 0 ? args[0] : System.getProperty("slt.dir");
        if (path == null) {
            System.err.println("say which files: -Dslt.dir=<file or folder>");
            System.exit(2);
        }
        System.exit(runAll(Path.of(path)) ? 0 : 1);
    }

    /** Runs every {@code .test} file below {@code path}; whether all records passed. */
    static boolean runAll(Path path) throws IOException, SQLException {
        List<Path> files;
        try (Stream<Path> found = Files.walk(path)) {
            files = found.filter(f -> f.toString().endsWith(".test")).sorted().toList();
        }
        int passed = 0;
        int failed = 0;
        int skipped = 0;
        int excused = 0;
        for (Path file : files) {
            SltRunner.Outcome outcome = run(file);
            passed += outcome.passed();
            failed += outcome.failures().size();
            skipped += outcome.skipped();
            excused += outcome.excused();
        }
        int run = passed + failed + excused;
        System.out.printf(
                "%d files: %d passed, %d failed, %d excused, %d skipped (%.3f %% of %d passed)%n",
                files.size(), passed, failed, excused, skipped, 100.0 * passed / Math.max(1, run), run);
        return failed == 0 && passed > 0;
    }

    /** Runs one file on an empty database of its own, and prints what came of it. */
    static SltRunner.Outcome run(Path file) throws IOException, SQLException {
        Path directory = Files.createTempDirectory("mosslsm-slt");
        try {
            String url = System.getProperty("slt.url", DEFAULT_URL)
                    .replace("{dir}", directory.resolve("db").toString());
            long start = System.nanoTime();
            SltRunner.Outcome outcome;
            try (Connection connection = DriverManager.getConnection(url)) {
                outcome = SltRunner.run(file, connection).excusing(file, SltExceptions.load());
            }
            System.out.printf("%s: %s in %.1f s%n", file, outcome, (System.nanoTime() - start) / 1e9);
            outcome.failures().stream()
                    .limit(Integer.getInteger("slt.show", 10))
                    .forEach(System.out::println);
            return outcome;
        } finally {
            delete(directory);
        }
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> paths = Files.walk(directory)) {
            paths.sorted(Comparator.reverseOrder()).forEach(path -> {
                try {
                    Files.delete(path);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        }
    }
}

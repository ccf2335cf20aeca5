package org.mosslsm.it.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.mosslsm.it.testkit.ChildJvm;

/**
 * Runs every engine in turn, group of rows by group of rows and round by round, each in a JVM of its own and in a
 * directory of its own, and collects what they print. Interleaved so that a busy minute of the machine hits all engines.
 */
public final class Rounds {
    private final Class<?> child;
    private final BenchArgs args;
    private final List<String> engines;
    private final Results results;

    /** One benchmark; {@code child} has the main that runs one engine: engine, group, directory, then the arguments. */
    public Rounds(Class<?> child, BenchArgs args, List<String> engines, Results results) {
        this.child = child;
        this.args = args;
        this.engines = engines;
        this.results = results;
    }

    /** A set of rows that share a JVM, and the options of that JVM. */
    public record Group(String name, List<String> jvmOptions) {}

    /** Runs all; says what it does on standard output. */
    public void run(int rounds, List<Group> groups) throws IOException, InterruptedException {
        for (int round = 1; round <= rounds; round++) {
            for (Group group : groups) {
                for (int e = 0; e < engines.size(); e++) {
                    // Another engine begins in every round, so that none always follows the same neighbour.
                    one(round, group, engines.get((e + round - 1) % engines.size()));
                }
            }
        }
    }

    private void one(int round, Group group, String engine) throws IOException, InterruptedException {
        Path parent = Path.of(args.text("dir"));
        Files.createDirectories(parent);
        Path directory = Files.createTempDirectory(parent, "bench-" + engine + "-");
        List<String> words = new ArrayList<>(List.of(engine, group.name(), directory.toString()));
        words.addAll(args.words());
        try (ChildJvm jvm = ChildJvm.start(child.getName(), group.jvmOptions(), words)) {
            for (String line = jvm.readLine(); line != null; line = jvm.readLine()) {
                Optional<Figure> figure = Figure.read(line);
                figure.ifPresent(f -> results.add(round, engine, f));
                System.out.println("round " + round + " " + engine + ": "
                        + figure.map(Figure::toString).orElse(line));
            }
            int exit = jvm.waitFor(60);
            if (exit != 0) {
                System.out.println("round " + round + " " + engine + " " + group.name() + ": exit code " + exit);
            }
        } finally {
            delete(directory);
        }
    }

    /** Deletes a directory with all that is in it. */
    public static void delete(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            files.sorted(Comparator.reverseOrder()).forEach(f -> f.toFile().delete());
        }
    }
}

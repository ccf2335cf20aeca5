package org.mosslsm.it.bench.sql;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.mosslsm.it.bench.BenchArgs;
import org.mosslsm.it.bench.Results;
import org.mosslsm.it.bench.Rounds;

/**
 * The SQL benchmark: arguments {@code name=value} as {@link SqlRun#DEFAULTS} has them; prints the Markdown of {@code
 * docs/benchmarks.md}, which also has the command, and writes a CSV.
 */
public final class SqlBench {
    /** The rows of a group. */
    interface Work {
        /** Runs the rows that are wanted. */
        void run(SqlRun run) throws Exception;
    }

    /** A group of rows, each in JVMs of its own; {@code heap} empty: that of the arguments. */
    record Group(Work work, List<String> rows, boolean warm, String heap) {}

    /** Groups by name. */
    static final Map<String, Group> GROUPS = new LinkedHashMap<>();

    /** Every row. */
    static final List<String> ROWS = new ArrayList<>();

    static {
        List<String> main = new ArrayList<>(MainRows.OPEN);
        main.addAll(PointRows.ROWS);
        main.addAll(ScanRows.ROWS);
        main.addAll(ChangeRows.ROWS);
        GROUPS.put("load", new Group(LoadRows::run, LoadRows.ROWS, true, ""));
        GROUPS.put("main", new Group(MainRows::run, main, true, ""));
        GROUPS.put("stream", new Group(MainRows::stream, MainRows.STREAM, false, "64m"));
        GROUPS.values().forEach(group -> ROWS.addAll(group.rows()));
    }

    private SqlBench() {}

    /** Runs the rounds. */
    public static void main(String[] words) throws Exception {
        System.out.println(run(BenchArgs.parse(SqlRun.DEFAULTS, List.of(words))).markdown());
    }

    static Results run(BenchArgs args) throws Exception {
        List<String> engines = args.list("engines", SqlEngine.names());
        List<String> rows = args.list("rows", ROWS);
        List<Rounds.Group> groups = new ArrayList<>();
        GROUPS.forEach((name, group) -> {
            if (group.rows().stream().anyMatch(rows::contains)) {
                groups.add(new Rounds.Group(name, jvmOptions(args, group.heap())));
            }
        });
        Results results = new Results(engines, "sqlite");
        new Rounds(SqlRun.class, args, engines, results).run((int) args.number("rounds"), groups);
        results.writeCsv(Path.of(args.text("csv")));
        return results;
    }

    private static List<String> jvmOptions(BenchArgs args, String heap) {
        List<String> options = new ArrayList<>(List.of("-Xmx" + (heap.isEmpty() ? args.text("heap") : heap), "-da"));
        if (!args.text("jvm").isEmpty()) {
            options.addAll(List.of(args.text("jvm").split(",", -1)));
        }
        return options;
    }
}

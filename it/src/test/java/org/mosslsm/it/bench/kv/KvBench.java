package org.mosslsm.it.bench.kv;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.mosslsm.it.bench.BenchArgs;
import org.mosslsm.it.bench.Results;
import org.mosslsm.it.bench.Rounds;

/**
 * The key-value benchmark: arguments {@code name=value} as {@link KvRun#DEFAULTS} has them; prints the Markdown of {@code
 * docs/benchmarks.md}, which also has the command, and writes a CSV.
 */
public final class KvBench {
    /** One group of rows. */
    interface Group {
        /** Runs the rows that are wanted. */
        void run(KvRun run) throws Exception;
    }

    /** Groups by name; each runs in JVMs of its own. */
    static final Map<String, Group> GROUPS = new LinkedHashMap<>();

    private static final Map<String, List<String>> ROWS_OF = new LinkedHashMap<>();

    /** Every row. */
    static final List<String> ROWS = new ArrayList<>();

    static {
        group("fill", FillRows::run, List.of(FillRows.ROWS));
        group("main", MainRows::run, List.of(MainRows.WRITES, MainRows.READS, MainRows.BOTH));
        group("churn", ChurnRows::run, List.of(ChurnRows.ROWS));
        group("delete", DeleteRows::run, List.of(DeleteRows.ROWS));
        group("open", OpenRows::run, List.of(OpenRows.ROWS));
    }

    private static void group(String name, Group group, List<List<String>> rows) {
        GROUPS.put(name, group);
        List<String> all = new ArrayList<>();
        rows.forEach(all::addAll);
        ROWS_OF.put(name, all);
        ROWS.addAll(all);
    }

    private KvBench() {}

    /** Runs the rounds. */
    public static void main(String[] words) throws Exception {
        BenchArgs args = BenchArgs.parse(KvRun.DEFAULTS, List.of(words));
        System.out.println(run(args).markdown());
    }

    static Results run(BenchArgs args) throws Exception {
        List<String> engines = args.list("engines", KvEngines.NAMES);
        List<String> rows = args.list("rows", ROWS);
        List<Rounds.Group> groups = new ArrayList<>();
        ROWS_OF.forEach((name, own) -> {
            if (own.stream().anyMatch(rows::contains)) {
                groups.add(new Rounds.Group(name, jvmOptions(args)));
            }
        });
        Results results = new Results(engines, "rocksdb");
        new Rounds(KvRun.class, args, engines, results).run((int) args.number("rounds"), groups);
        results.writeCsv(Path.of(args.text("csv")));
        return results;
    }

    static List<String> jvmOptions(BenchArgs args) {
        List<String> options = new ArrayList<>(List.of("-Xmx" + args.text("heap"), "-da"));
        // LMDB's Java side looks into direct buffers.
        options.addAll(
                List.of("--add-opens=java.base/java.nio=ALL-UNNAMED", "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED"));
        if (!args.text("jvm").isEmpty()) {
            options.addAll(List.of(args.text("jvm").split(",")));
        }
        return options;
    }
}

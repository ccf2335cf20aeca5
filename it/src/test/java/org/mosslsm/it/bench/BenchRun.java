package org.mosslsm.it.bench;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** One engine, one group of rows, in a JVM of its own: what the runs of both harnesses share. */
public abstract class BenchRun {
    public final BenchArgs args;
    public final long n;
    public final double seconds;
    public final double fillSeconds;
    protected final Path directory;
    private final List<String> rows;

    /**
     * @param directory where the stores of this run live
     * @param known all rows of the harness, for {@code rows=all}
     */
    protected BenchRun(Path directory, BenchArgs args, List<String> known) {
        this.directory = directory;
        this.args = args;
        this.n = args.number("n");
        this.seconds = args.decimal("seconds");
        this.fillSeconds = args.decimal("fillseconds");
        this.rows = args.list("rows", known);
    }

    /** The arguments every harness has, with its own defaults for some and its own arguments besides. */
    protected static Map<String, String> defaults(Map<String, String> own) {
        Map<String, String> all = new LinkedHashMap<>();
        all.put("rounds", "3");
        all.put("rows", "all");
        all.put("seconds", "3");
        all.put("heap", "2g");
        all.put("jvm", "");
        all.put("dir", System.getProperty("java.io.tmpdir"));
        all.putAll(own);
        return all;
    }

    /** Whether a row was asked for. */
    public boolean wants(String row) {
        return rows.contains(row);
    }

    /** Whether one of some rows was asked for. */
    public final boolean wantsAnyOf(List<String> some) {
        return some.stream().anyMatch(this::wants);
    }
}

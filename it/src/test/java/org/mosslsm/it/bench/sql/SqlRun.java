package org.mosslsm.it.bench.sql;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import org.mosslsm.it.bench.BenchArgs;
import org.mosslsm.it.bench.BenchRun;
import org.mosslsm.it.bench.Rounds;

/** One engine, one group of rows, in a JVM of its own: a database, connections, rows counted. Its main is the child of {@link SqlBench}. */
final class SqlRun extends BenchRun {
    /** Names and defaults of the arguments, as {@code docs/benchmarks.md} explains them. */
    static final Map<String, String> DEFAULTS = defaults(Map.of(
            "n", "1000000",
            "engines", "moss,h2,sqlite",
            "fillseconds", "15",
            "warmup", "2",
            "cache", "256",
            "csv", "target/bench-sql.csv"));

    final SqlEngine engine;

    SqlRun(String engine, Path directory, BenchArgs args) {
        super(directory, args, SqlBench.ROWS);
        this.engine = SqlEngine.of(engine);
    }

    /** Arguments: engine, group, directory, then name=value. */
    public static void main(String[] words) throws Exception {
        BenchArgs args = BenchArgs.parse(DEFAULTS, List.of(words).subList(3, words.length));
        SqlRun run = new SqlRun(words[0], Path.of(words[2]), args);
        SqlBench.Group group = SqlBench.GROUPS.get(words[1]);
        if (group.warm() && !run.engine.scansOnly()) {
            run.warmUp();
        }
        group.work().run(run);
    }

    /** Whether a row was asked for and the engine takes part in it. */
    @Override
    public boolean wants(String row) {
        return super.wants(row) && (!engine.scansOnly() || ScanRows.ROWS.contains(row));
    }

    Path database(String name) throws java.io.IOException {
        return Files.createDirectories(directory.resolve(name));
    }

    /** Connects to a database of this run, with the cache of the arguments. */
    Connection connect(String name, boolean strict) throws SQLException, java.io.IOException {
        return engine.connect(database(name), strict, (int) args.number("cache"));
    }

    /** Runs a query, reads every column of every row; returns the number of rows. */
    static long drain(PreparedStatement select) throws SQLException {
        try (ResultSet rs = select.executeQuery()) {
            return drain(rs);
        }
    }

    /** As {@link #drain(PreparedStatement)}, for text. */
    static long query(Connection c, String sql) throws SQLException {
        try (Statement statement = c.createStatement();
                ResultSet rs = statement.executeQuery(sql)) {
            return drain(rs);
        }
    }

    private static long drain(ResultSet rs) throws SQLException {
        int columns = rs.getMetaData().getColumnCount();
        long count = 0;
        while (rs.next()) {
            for (int i = 1; i <= columns; i++) {
                if (rs.getObject(i) == null) {
                    throw new SQLException("an unexpected NULL in column " + i);
                }
            }
            count++;
        }
        return count;
    }

    static void expect(long rows, long expected, String what) throws SQLException {
        if (rows != expected) {
            throw new SQLException(what + ": " + rows + " rows instead of " + expected);
        }
    }

    /** Lets the compiler see every kind of statement on a small database, unmeasured. */
    private void warmUp() throws Exception {
        long start = System.nanoTime();
        long nanos = (long) (args.decimal("warmup") * 1e9);
        if (nanos <= 0) {
            return;
        }
        BenchArgs small =
                BenchArgs.parse(DEFAULTS, List.of("n=5000", "seconds=" + nanos / 25e9, "fillseconds=" + nanos / 25e9));
        SqlRun tiny = new SqlRun(engine.text(), directory.resolve("warmup"), small);
        java.io.PrintStream out = System.out;
        System.setOut(new java.io.PrintStream(java.io.OutputStream.nullOutputStream()));
        try {
            do {
                MainRows.run(tiny);
                Rounds.delete(directory.resolve("warmup"));
            } while (System.nanoTime() - start < nanos / 2);
        } finally {
            System.setOut(out);
        }
    }
}

package org.mosslsm.it.bench.sql;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.util.List;
import org.mosslsm.it.bench.Figure;
import org.mosslsm.it.bench.Timed;

/** Inserts into new tables, in transactions of 1,000 rows and one by one, and an index made afterwards. */
final class LoadRows {
    static final List<String> ROWS = List.of(
            "insert_batch_seq",
            "create_index",
            "insert_batch_random",
            "insert_batch_2idx",
            "insert_autocommit",
            "insert_autocommit_sync");

    private LoadRows() {}

    static void run(SqlRun run) throws Exception {
        if (run.wants("insert_batch_seq") || run.wants("create_index")) {
            try (Connection c = run.connect("seq", false)) {
                long done = batches(run, c, "insert_batch_seq", false);
                if (run.wants("create_index")) {
                    new Rows(run.n).fill(c, "t", done, run.n, false);
                    long start = System.nanoTime();
                    Rows.execute(c, "CREATE INDEX t_k ON t (k)");
                    Figure.of("create_index", Figure.PER_SECOND, run.n * 1e9 / (System.nanoTime() - start))
                            .print();
                }
            }
            run.engine.shutDown(run.database("seq"));
        }
        if (run.wants("insert_batch_random")) {
            try (Connection c = run.connect("random", false)) {
                batches(run, c, "insert_batch_random", true);
            }
            run.engine.shutDown(run.database("random"));
        }
        if (run.wants("insert_batch_2idx")) {
            try (Connection c = run.connect("indexed", false)) {
                Rows.create(c, run.engine, "t");
                Rows.execute(c, "CREATE INDEX t_k ON t (k)");
                Rows.execute(c, "CREATE INDEX t_g_amt ON t (g, amt)");
                measure(run, c, "insert_batch_2idx", false);
            }
            run.engine.shutDown(run.database("indexed"));
        }
        autocommit(run, "insert_autocommit", false);
        autocommit(run, "insert_autocommit_sync", true);
    }

    private static long batches(SqlRun run, Connection c, String row, boolean shuffled) throws Exception {
        Rows.create(c, run.engine, "t");
        return run.wants(row) ? measure(run, c, row, shuffled) : 0;
    }

    private static long measure(SqlRun run, Connection c, String row, boolean shuffled) throws Exception {
        Rows rows = new Rows(run.n);
        c.setAutoCommit(false);
        try (PreparedStatement insert = Rows.insert(c, "t")) {
            return Timed.run(row, (run.n + 999) / 1000, run.fillSeconds, i -> {
                long from = i * 1000;
                return rows.batch(c, insert, from, Math.min(run.n, from + 1000), shuffled);
            });
        } finally {
            c.setAutoCommit(true);
        }
    }

    private static void autocommit(SqlRun run, String row, boolean strict) throws Exception {
        if (!run.wants(row)) {
            return;
        }
        String after = strict ? run.engine.afterStrictCommit() : null;
        try (Connection c = run.connect(row, strict)) {
            Rows.create(c, run.engine, "t");
            Rows rows = new Rows(run.n);
            try (PreparedStatement insert = Rows.insert(c, "t")) {
                Timed.run(row, Long.MAX_VALUE, run.seconds, i -> {
                    rows.bind(insert, i);
                    insert.executeUpdate();
                    if (after != null) {
                        Rows.execute(c, after);
                    }
                    return 1;
                });
            }
        }
        run.engine.shutDown(run.database(row));
    }
}

package org.mosslsm.it.bench.sql;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.util.List;
import java.util.SplittableRandom;
import org.mosslsm.it.bench.Timed;

/** Queries that touch a few rows: by key, by an index, and a join of two keys. */
final class PointRows {
    static final List<String> ROWS =
            List.of("select_pk_prepared", "select_pk_literal", "range100_pk", "range100_secondary", "join_selective");

    private PointRows() {}

    static void run(SqlRun run, Connection c) throws Exception {
        SplittableRandom random = new SplittableRandom(1);
        if (run.wants("select_pk_prepared")) {
            one(run, c, "select_pk_prepared", "SELECT s, amt FROM t WHERE id = ?");
        }
        if (run.wants("select_pk_literal")) {
            Timed.run("select_pk_literal", Long.MAX_VALUE, run.seconds, i -> {
                long id = random.nextLong(run.n);
                SqlRun.expect(SqlRun.query(c, "SELECT s, amt FROM t WHERE id = " + id), 1, "a key");
                return 1;
            });
        }
        if (run.wants("range100_pk")) {
            range(run, c, "range100_pk", "SELECT k, s FROM t WHERE id >= ? AND id < ?");
        }
        if (run.wants("range100_secondary")) {
            range(run, c, "range100_secondary", "SELECT s, amt FROM t WHERE k >= ? AND k < ?");
        }
        if (run.wants("join_selective")) {
            one(run, c, "join_selective", "SELECT t.s, u.name FROM t JOIN u ON u.id = t.g WHERE t.id = ?");
        }
    }

    private static void one(SqlRun run, Connection c, String row, String sql) throws Exception {
        SplittableRandom random = new SplittableRandom(2);
        try (PreparedStatement select = c.prepareStatement(sql)) {
            Timed.run(row, Long.MAX_VALUE, run.seconds, i -> {
                select.setLong(1, random.nextLong(run.n));
                SqlRun.expect(SqlRun.drain(select), 1, row);
                return 1;
            });
        }
    }

    private static void range(SqlRun run, Connection c, String row, String sql) throws Exception {
        SplittableRandom random = new SplittableRandom(3);
        try (PreparedStatement select = c.prepareStatement(sql)) {
            Timed.run(row, Long.MAX_VALUE, run.seconds, i -> {
                int from = (int) random.nextLong(run.n - 100);
                select.setInt(1, from);
                select.setInt(2, from + 100);
                SqlRun.expect(SqlRun.drain(select), 100, row);
                return 1;
            });
        }
    }
}

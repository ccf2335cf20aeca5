package org.mosslsm.it.bench.sql;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.mosslsm.it.bench.Timed;

/** Queries over the whole table; every one has another literal (no row has a negative k), so that no cache of results answers. */
final class ScanRows {
    static final List<String> ROWS = List.of(
            "count_star",
            "scan_filter_sum",
            "scan_like",
            "group_by_1000",
            "order_by_limit10",
            "join_full_group",
            "stream_rows");

    /** A query text for a number. */
    private interface Text {
        String of(long i);
    }

    private ScanRows() {}

    static void run(SqlRun run, Connection c) throws Exception {
        scan(run, c, "count_star", 1, i -> "SELECT COUNT(*) FROM t");
        scan(run, c, "scan_filter_sum", 1, i -> filterSum(i));
        scan(
                run,
                c,
                "scan_like",
                1,
                i -> "SELECT COUNT(*) FROM t WHERE s LIKE '%" + Long.toString(1000 + i, 36) + "%'");
        long groups = Math.min(1000, run.n);
        scan(
                run,
                c,
                "group_by_1000",
                groups,
                i -> "SELECT g, COUNT(*), SUM(amt) FROM t WHERE k <> -" + (i + 1) + " GROUP BY g");
        scan(
                run,
                c,
                "order_by_limit10",
                10,
                i -> "SELECT id, s FROM t WHERE g <> " + i % 1000 + " ORDER BY amt DESC, id " + run.engine.limit(10));
        scan(
                run,
                c,
                "join_full_group",
                10,
                i -> "SELECT u.region, SUM(t.amt) FROM t JOIN u ON u.id = t.g WHERE t.k <> -" + (i + 1)
                        + " GROUP BY u.region");
        if (run.wants("stream_rows")) {
            stream(run, c, "stream_rows");
        }
    }

    static String filterSum(long i) {
        return "SELECT SUM(amt) FROM t WHERE g < " + (400 + i % 100) + " AND k <> -" + (i + 1);
    }

    private static void scan(SqlRun run, Connection c, String row, long rows, Text text) throws Exception {
        if (run.wants(row)) {
            Timed.run(row, Long.MAX_VALUE, run.seconds, i -> {
                SqlRun.expect(SqlRun.query(c, text.of(i)), rows, row);
                return 1;
            });
        }
    }

    /** Rows per second of reading the whole table as an application would: typed getters, forward only. */
    static void stream(SqlRun run, Connection c, String row) throws Exception {
        c.setAutoCommit(false);
        try {
            Timed.run(row, Long.MAX_VALUE, run.seconds, i -> {
                SqlRun.expect(readAll(c), run.n, row);
                return run.n;
            });
        } finally {
            c.commit();
            c.setAutoCommit(true);
        }
    }

    private static long readAll(Connection c) throws SQLException {
        try (Statement statement = c.createStatement()) {
            statement.setFetchSize(1000);
            try (ResultSet rs = statement.executeQuery("SELECT id, k, g, amt, s FROM t")) {
                long count = 0;
                while (rs.next()) {
                    if (rs.getLong(1) < 0
                            || rs.getInt(2) < 0
                            || rs.getInt(3) < 0
                            || rs.getBigDecimal(4) == null
                            || rs.getString(5) == null) {
                        throw new SQLException("an unexpected value");
                    }
                    count++;
                }
                return count;
            }
        }
    }
}

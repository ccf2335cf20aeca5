package org.mosslsm.it.bench.sql;

import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.mosslsm.it.bench.Timed;

/** Changes of a full table, alone and beside readers, and the scan of what deletes have left. */
final class ChangeRows {
    static final List<String> ROWS = List.of(
            "update_pk_autocommit",
            "update_pk_tx100",
            "upsert_tx100",
            "mixed_1c",
            "mixed_2c",
            "mixed_4c",
            "delete_ranges",
            "scan_after_delete");

    private static final String UPDATE = "UPDATE t SET amt = amt + 1 WHERE id = ?";
    private static final int RANGE = 1000;

    private ChangeRows() {}

    static void run(SqlRun run, Connection c) throws Exception {
        if (run.wants("update_pk_autocommit")) {
            updates(run, c, "update_pk_autocommit", 1);
        }
        if (run.wants("update_pk_tx100")) {
            updates(run, c, "update_pk_tx100", 100);
        }
        if (run.wants("upsert_tx100")) {
            upserts(run, c);
        }
        for (int connections : new int[] {1, 2, 4}) {
            String row = "mixed_" + connections + "c";
            if (run.wants(row)) {
                mixed(run, row, connections);
            }
        }
        if (run.wants("delete_ranges")) {
            deletes(run, c);
        }
        if (run.wants("scan_after_delete")) {
            Timed.run("scan_after_delete", Long.MAX_VALUE, run.seconds, i -> {
                SqlRun.expect(SqlRun.query(c, ScanRows.filterSum(i)), 1, "scan_after_delete");
                return 1;
            });
        }
    }

    private static void updates(SqlRun run, Connection c, String row, int perTransaction) throws Exception {
        SplittableRandom random = new SplittableRandom(4);
        c.setAutoCommit(perTransaction == 1);
        try (PreparedStatement update = c.prepareStatement(UPDATE)) {
            Timed.run(row, Long.MAX_VALUE, run.seconds, i -> {
                update.setLong(1, random.nextLong(run.n));
                SqlRun.expect(update.executeUpdate(), 1, row);
                commitAt(c, i, perTransaction);
                return 1;
            });
        } finally {
            endTransaction(c);
        }
    }

    private static void commitAt(Connection c, long i, int perTransaction) throws SQLException {
        if (perTransaction > 1 && (i + 1) % perTransaction == 0) {
            c.commit();
        }
    }

    private static void endTransaction(Connection c) throws SQLException {
        if (!c.getAutoCommit()) {
            c.commit();
            c.setAutoCommit(true);
        }
    }

    /** Half of the keys exist, half are new. */
    private static void upserts(SqlRun run, Connection c) throws Exception {
        SplittableRandom random = new SplittableRandom(5);
        Rows rows = new Rows(run.n);
        String upsert = run.engine.upsert();
        c.setAutoCommit(false);
        try (PreparedStatement insert = upsert == null ? Rows.insert(c, "t") : c.prepareStatement(upsert);
                PreparedStatement update = c.prepareStatement("UPDATE t SET amt = ? WHERE id = ?")) {
            Timed.run("upsert_tx100", Long.MAX_VALUE, run.seconds, i -> {
                long id = i % 2 == 0 ? random.nextLong(run.n) : run.n + i;
                boolean done = false;
                if (upsert == null) {
                    update.setBigDecimal(1, BigDecimal.valueOf(i % 1000));
                    update.setLong(2, id);
                    done = update.executeUpdate() == 1;
                }
                if (!done) {
                    rows.bind(insert, id);
                    insert.executeUpdate();
                }
                commitAt(c, i, 100);
                return 1;
            });
        } finally {
            endTransaction(c);
        }
    }

    private static void mixed(SqlRun run, String row, int connections) throws Exception {
        List<Connection> all = new ArrayList<>();
        try {
            Timed.run(row, connections, Long.MAX_VALUE, run.seconds, thread -> {
                Connection c = run.connect("main", false);
                all.add(c);
                PreparedStatement select = c.prepareStatement("SELECT s, amt FROM t WHERE id = ?");
                PreparedStatement update = c.prepareStatement(UPDATE);
                SplittableRandom random = new SplittableRandom(thread);
                return i -> {
                    long id = random.nextLong(run.n);
                    if (random.nextBoolean()) {
                        select.setLong(1, id);
                        SqlRun.expect(SqlRun.drain(select), 1, row);
                    } else {
                        update.setLong(1, id);
                        untilDone(update);
                    }
                    return 1;
                };
            });
        } finally {
            for (Connection c : all) {
                c.close(); // with its statements
            }
        }
    }

    /** Where two connections change one row at a time, one may be refused (class 40) and tries again. */
    private static void untilDone(PreparedStatement update) throws SQLException {
        while (true) {
            try {
                SqlRun.expect(update.executeUpdate(), 1, "an update");
                return;
            } catch (SQLException e) {
                if (e.getSQLState() == null || !e.getSQLState().startsWith("40")) {
                    throw e;
                }
            }
        }
    }

    /** Every second range of 1,000 keys, of fewer in a small table, in random order; rows per second. */
    private static void deletes(SqlRun run, Connection c) throws Exception {
        long range = Math.min(RANGE, run.n / 2);
        long ranges = run.n / (2 * range);
        Rows rows = new Rows(ranges);
        try (PreparedStatement delete = c.prepareStatement("DELETE FROM t WHERE id >= ? AND id < ?")) {
            Timed.run("delete_ranges", ranges, run.fillSeconds, i -> {
                long from = rows.shuffled(i) * 2 * range;
                delete.setLong(1, from);
                delete.setLong(2, from + range);
                long deleted = delete.executeUpdate();
                SqlRun.expect(deleted, range, "a delete");
                return deleted;
            });
        }
    }
}

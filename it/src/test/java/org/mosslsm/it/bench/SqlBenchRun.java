package org.mosslsm.it.bench;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Random;

/**
 * One engine, one run: loads a table of about 120 bytes a row and reads it; prints {@code workload TAB operations per
 * second}. Durability is equal: both hand every commit to the operating system before it returns and sync none of them
 * (MossLSM {@code durability=process}; H2 with {@code WRITE_DELAY=0}).
 */
final class SqlBenchRun {
    private static final int BATCH = 1000;

    private final Connection connection;
    private final boolean h2;
    private final int rows;
    private final Random random = new Random(42);

    private SqlBenchRun(Connection connection, boolean h2, int rows) {
        this.connection = connection;
        this.h2 = h2;
        this.rows = rows;
    }

    public static void main(String[] args) throws Exception {
        boolean h2 = args[0].equals("h2");
        int rows = Integer.parseInt(args[2]);
        String url = h2
                ? "jdbc:h2:" + args[1] + "/db;CACHE_SIZE=262144;WRITE_DELAY=0"
                : "jdbc:mosslsm:" + args[1] + "/db?durability=process";
        try (Connection connection = DriverManager.getConnection(url)) {
            new SqlBenchRun(connection, h2, rows).run();
        }
    }

    private void run() throws SQLException {
        execute("CREATE TABLE t (id BIGINT PRIMARY KEY, k INTEGER NOT NULL, g INTEGER NOT NULL,"
                + " amt DECIMAL(12,2), s VARCHAR(100))");
        report("insert_batch_seq_rows", rows, () -> insertBatches(0, rows));
        execute("CREATE INDEX t_k ON t (k)");
        report("insert_batch_indexed_rows", rows / 4, () -> insertBatches(rows, rows / 4));
        int autocommits = 5000;
        report("insert_autocommit", autocommits, () -> autocommit(2L * rows, autocommits));
        selectByKey(20_000); // warm-up, not reported
        int reads = 50_000;
        report("select_pk_prepared", reads, () -> selectByKey(reads));
        report("select_index_prepared", reads / 5, () -> selectByIndex(reads / 5));
        report("range_100_pk", reads / 10, () -> range(reads / 10));
        scan();
        report("scan_all_rows", rows + rows / 4 + autocommits, this::scan);
        report("scan_filter_sum_rows", rows + rows / 4 + autocommits, this::filterSum);
        report("group_by_rows", rows + rows / 4 + autocommits, this::groupBy);
        report("update_pk_autocommit", autocommits, () -> update(autocommits));
        report(
                "delete_range_rows",
                rows / 4,
                () -> execute("DELETE FROM t WHERE id >= " + rows + " AND id < " + 2L * rows));
    }

    /** A piece of work that may fail as JDBC does. */
    private interface Work {
        void run() throws SQLException;
    }

    private static void report(String workload, int operations, Work work) throws SQLException {
        long start = System.nanoTime();
        work.run();
        double seconds = (System.nanoTime() - start) / 1e9;
        System.out.println(workload + "\t" + operations / seconds);
    }

    private void execute(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private PreparedStatement insert() throws SQLException {
        return connection.prepareStatement("INSERT INTO t (id, k, g, amt, s) VALUES (?, ?, ?, ?, ?)");
    }

    private void bind(PreparedStatement insert, long id) throws SQLException {
        insert.setLong(1, id);
        insert.setInt(2, random.nextInt());
        insert.setInt(3, (int) (id % 1000));
        insert.setBigDecimal(4, java.math.BigDecimal.valueOf(random.nextInt(1_000_000), 2));
        insert.setString(5, Long.toString(random.nextLong(), 36).repeat(40).substring(0, 80));
    }

    private void insertBatches(long first, int count) throws SQLException {
        connection.setAutoCommit(false);
        try (PreparedStatement insert = insert()) {
            for (int i = 0; i < count; i++) {
                bind(insert, first + i);
                insert.addBatch();
                if ((i + 1) % BATCH == 0) {
                    insert.executeBatch();
                    connection.commit();
                }
            }
            insert.executeBatch();
            connection.commit();
        }
        connection.setAutoCommit(true);
    }

    private void autocommit(long first, int count) throws SQLException {
        try (PreparedStatement insert = insert()) {
            for (int i = 0; i < count; i++) {
                bind(insert, first + i);
                insert.executeUpdate();
            }
        }
    }

    private void selectByKey(int count) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement("SELECT s, amt FROM t WHERE id = ?")) {
            for (int i = 0; i < count; i++) {
                select.setLong(1, random.nextInt(rows));
                try (ResultSet rs = select.executeQuery()) {
                    if (!rs.next() || rs.getString(1) == null) {
                        throw new SQLException("a row is missing");
                    }
                }
            }
        }
    }

    private void selectByIndex(int count) throws SQLException {
        try (PreparedStatement select =
                connection.prepareStatement("SELECT s FROM t WHERE k >= ? ORDER BY k LIMIT 10")) {
            for (int i = 0; i < count; i++) {
                select.setInt(1, random.nextInt());
                drain(select);
            }
        }
    }

    private void range(int count) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement("SELECT k, s FROM t WHERE id >= ? AND id < ?")) {
            for (int i = 0; i < count; i++) {
                long from = random.nextInt(rows - 100);
                select.setLong(1, from);
                select.setLong(2, from + 100);
                drain(select);
            }
        }
    }

    private static void drain(PreparedStatement select) throws SQLException {
        try (ResultSet rs = select.executeQuery()) {
            while (rs.next()) {
                if (rs.getObject(1) == null) {
                    throw new SQLException("an unexpected NULL");
                }
            }
        }
    }

    private void scan() throws SQLException {
        query("SELECT id, k, g, amt, s FROM t");
    }

    private void filterSum() throws SQLException {
        query("SELECT SUM(amt) FROM t WHERE g < " + (400 + random.nextInt(100)));
    }

    private void groupBy() throws SQLException {
        query("SELECT g, COUNT(*), SUM(k) FROM t WHERE g >= " + random.nextInt(3) + " GROUP BY g");
    }

    private void query(String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rs = statement.executeQuery(sql)) {
            int columns = rs.getMetaData().getColumnCount();
            long seen = 0;
            while (rs.next()) {
                for (int c = 1; c <= columns; c++) {
                    seen += rs.getObject(c) == null ? 0 : 1;
                }
            }
            if (seen == 0) {
                throw new SQLException("no rows: " + sql);
            }
        }
    }

    private void update(int count) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement("UPDATE t SET amt = amt + 1 WHERE id = ?")) {
            for (int i = 0; i < count; i++) {
                update.setLong(1, random.nextInt(rows));
                if (update.executeUpdate() != 1) {
                    throw new SQLException("a row is missing (h2: " + h2 + ")");
                }
            }
        }
    }
}

package org.mosslsm.it.bench.sql;

import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Random;
import org.mosslsm.it.bench.Shuffle;

/**
 * The tables of the benchmark and what is in them. Row {@code id} of {@code t} (about 120 bytes) follows from its id: k is
 * a permutation of the ids (so a range of k has a known size), g has 1,000 values, s 80 letters. Not thread-safe.
 */
final class Rows {
    private static final int BATCH = 1000;

    private final Random random = new Random(42);
    private final Shuffle order;
    private final long n;

    /** Rows of a table whose ids begin with 0 .. n-1. */
    Rows(long n) {
        this.n = n;
        this.order = new Shuffle(n);
    }

    long shuffled(long i) {
        return order.at(i);
    }

    static void create(Connection c, SqlEngine engine, String table) throws SQLException {
        execute(
                c,
                "CREATE TABLE " + table + " (id " + engine.keyType() + " PRIMARY KEY, k INTEGER NOT NULL,"
                        + " g INTEGER NOT NULL, amt DECIMAL(12,2) NOT NULL, s VARCHAR(100) NOT NULL)");
    }

    static PreparedStatement insert(Connection c, String table) throws SQLException {
        return c.prepareStatement("INSERT INTO " + table + " (id, k, g, amt, s) VALUES (?, ?, ?, ?, ?)");
    }

    /** Sets the five columns of row {@code id}. */
    void bind(PreparedStatement insert, long id) throws SQLException {
        insert.setLong(1, id);
        insert.setInt(2, (int) (id < n ? order.at(id) : id));
        insert.setInt(3, (int) (id % 1000));
        insert.setBigDecimal(4, BigDecimal.valueOf(random.nextInt(1_000_000), 2));
        insert.setString(
                5,
                Long.toString(random.nextLong() >>> 1 | 1L << 62, 36).repeat(7).substring(0, 80));
    }

    /** Inserts rows {@code from .. to-1} in batches of 1,000, one transaction each; in key order or shuffled. */
    void fill(Connection c, String table, long from, long to, boolean shuffled) throws SQLException {
        c.setAutoCommit(false);
        try (PreparedStatement insert = insert(c, table)) {
            for (long i = from; i < to; i += BATCH) {
                batch(c, insert, i, Math.min(to, i + BATCH), shuffled);
            }
        }
        c.setAutoCommit(true);
    }

    /** One such batch; returns its size. */
    long batch(Connection c, PreparedStatement insert, long from, long to, boolean shuffled) throws SQLException {
        for (long i = from; i < to; i++) {
            bind(insert, shuffled ? order.at(i) : i);
            insert.addBatch();
        }
        insert.executeBatch();
        c.commit();
        return to - from;
    }

    /** Table {@code t} with n rows and an index on k, and table {@code u} with a row for each g; not measured. */
    void build(Connection c, SqlEngine engine) throws SQLException {
        create(c, engine, "t");
        if (engine.scansOnly()) {
            execute(
                    c,
                    "INSERT INTO t SELECT i, CAST(i AS INTEGER), CAST(i % 1000 AS INTEGER),"
                            + " CAST((hash(i) % 1000000) / 100.0 AS DECIMAL(12,2)),"
                            + " substr(md5(CAST(i AS VARCHAR)) || md5(CAST(i + 1 AS VARCHAR))"
                            + " || md5(CAST(i + 2 AS VARCHAR)), 1, 80) FROM range(" + n + ") r(i)");
        } else {
            fill(c, "t", 0, n, false);
            execute(c, "CREATE INDEX t_k ON t (k)");
        }
        execute(
                c,
                "CREATE TABLE u (id " + engine.keyType() + " PRIMARY KEY, region INTEGER NOT NULL, name VARCHAR(40))");
        try (PreparedStatement insert = c.prepareStatement("INSERT INTO u (id, region, name) VALUES (?, ?, ?)")) {
            for (int g = 0; g < 1000; g++) {
                insert.setLong(1, g);
                insert.setInt(2, g % 10);
                insert.setString(3, "name of group " + g);
                insert.addBatch();
            }
            insert.executeBatch();
        }
    }

    static void execute(Connection c, String sql) throws SQLException {
        try (Statement statement = c.createStatement()) {
            statement.execute(sql);
        }
    }
}

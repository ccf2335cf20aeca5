package org.mosslsm.it.bench.sql;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Properties;

/** How each engine is reached and what of its dialect differs. Settings and durability: {@code docs/benchmarks.md}. */
enum SqlEngine {
    MOSS {
        @Override
        String url(Path directory, boolean strict, int cacheMegabytes) {
            return "jdbc:mosslsm:" + directory.resolve("db") + "?durability=" + (strict ? "sync" : "process")
                    + (cacheMegabytes == 0 ? "" : "&cacheBytes=" + cacheMegabytes + "m");
        }

        @Override
        String upsert() {
            return ON_CONFLICT;
        }
    },

    /** WRITE_DELAY=0 writes at each commit; the strict form forces the file after it, as H2 itself never does. */
    H2 {
        @Override
        String url(Path directory, boolean strict, int cacheMegabytes) {
            return h2(directory, cacheMegabytes) + ";WRITE_DELAY=0";
        }

        @Override
        String upsert() {
            return "MERGE INTO t (id, k, g, amt, s) KEY (id) VALUES (?, ?, ?, ?, ?)";
        }

        @Override
        String afterStrictCommit() {
            return "CHECKPOINT SYNC";
        }
    },

    /** As it comes: commits of the last half second are in memory alone and are lost when the process is killed. */
    H2_DEFAULT {
        @Override
        String url(Path directory, boolean strict, int cacheMegabytes) {
            return h2(directory, cacheMegabytes);
        }

        @Override
        String upsert() {
            return H2.upsert();
        }

        @Override
        String afterStrictCommit() {
            return H2.afterStrictCommit();
        }
    },

    SQLITE {
        @Override
        String url(Path directory, boolean strict, int cacheMegabytes) {
            return "jdbc:sqlite:" + directory.resolve("db.sqlite");
        }

        @Override
        Properties properties(boolean strict, int cacheMegabytes) {
            Properties properties = new Properties();
            properties.setProperty("journal_mode", "WAL");
            properties.setProperty("synchronous", strict ? "FULL" : "NORMAL");
            properties.setProperty("busy_timeout", "30000");
            if (cacheMegabytes > 0) {
                properties.setProperty("cache_size", "-" + (cacheMegabytes << 10));
            }
            return properties;
        }

        @Override
        String keyType() {
            return "INTEGER"; // the word that makes the key the rowid
        }

        @Override
        String upsert() {
            return ON_CONFLICT;
        }
    },

    /** It syncs its log at every commit, whatever is asked. */
    DERBY {
        @Override
        String url(Path directory, boolean strict, int cacheMegabytes) {
            System.setProperty("derby.storage.pageCacheSize", "" + Math.max(1000, cacheMegabytes << 8));
            System.setProperty(
                    "derby.stream.error.file",
                    directory.resolveSibling("derby.log").toString());
            return "jdbc:derby:" + directory.resolve("db") + ";create=true";
        }

        @Override
        String limit(int rows) {
            return "FETCH FIRST " + rows + " ROWS ONLY";
        }

        @Override
        void shutDown(Path directory) throws SQLException {
            try {
                DriverManager.getConnection("jdbc:derby:" + directory.resolve("db") + ";shutdown=true")
                        .close();
            } catch (SQLException e) {
                if (!e.getSQLState().equals("08006")) { // how it says that it has shut down
                    throw e;
                }
            }
        }
    },

    /** Not strict it writes its log every half second and loses that much when killed. */
    HSQLDB {
        @Override
        String url(Path directory, boolean strict, int cacheMegabytes) {
            return "jdbc:hsqldb:file:" + directory.resolve("db") + ";shutdown=true;hsqldb.tx=mvcc"
                    + ";hsqldb.default_table_type=cached;hsqldb.cache_rows=1000000"
                    + ";hsqldb.cache_size=" + Math.max(4096, cacheMegabytes << 10)
                    + (strict ? ";hsqldb.write_delay=false" : ";hsqldb.write_delay_millis=500");
        }

        @Override
        String upsert() {
            return "MERGE INTO t USING (VALUES (CAST(? AS BIGINT), CAST(? AS INTEGER), CAST(? AS INTEGER),"
                    + " CAST(? AS DECIMAL(12,2)), CAST(? AS VARCHAR(100)))) AS v (id, k, g, amt, s) ON t.id = v.id"
                    + " WHEN MATCHED THEN UPDATE SET t.amt = v.amt"
                    + " WHEN NOT MATCHED THEN INSERT VALUES v.id, v.k, v.g, v.amt, v.s";
        }
    },

    /** Columns instead of rows: no rival for a row store, but the horizon of what a scan can be. Scans only. */
    DUCKDB {
        @Override
        String url(Path directory, boolean strict, int cacheMegabytes) {
            return "jdbc:duckdb:" + directory.resolve("db.duckdb");
        }

        @Override
        Properties properties(boolean strict, int cacheMegabytes) {
            Properties properties = new Properties();
            properties.setProperty("memory_limit", "1GB");
            properties.setProperty("jdbc_stream_results", "true");
            return properties;
        }

        @Override
        boolean scansOnly() {
            return true;
        }
    };

    private static final String ON_CONFLICT = "INSERT INTO t (id, k, g, amt, s) VALUES (?, ?, ?, ?, ?)"
            + " ON CONFLICT (id) DO UPDATE SET amt = EXCLUDED.amt";

    private static String h2(Path directory, int cacheMegabytes) {
        return "jdbc:h2:" + directory.resolve("db")
                + ";OPTIMIZE_REUSE_RESULTS=0" // the same query again is run again
                + (cacheMegabytes == 0 ? "" : ";CACHE_SIZE=" + (cacheMegabytes << 10));
    }

    /** The names that arguments and tables use. */
    static List<String> names() {
        return Arrays.stream(values()).map(SqlEngine::text).toList();
    }

    String text() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    static SqlEngine of(String text) {
        return valueOf(text.toUpperCase(Locale.ROOT).replace('-', '_'));
    }

    /** Connects; creates the database where it is missing. {@code cacheMegabytes} 0 leaves the cache at its default. */
    final Connection connect(Path directory, boolean strict, int cacheMegabytes) throws SQLException {
        return DriverManager.getConnection(url(directory, strict, cacheMegabytes), properties(strict, cacheMegabytes));
    }

    abstract String url(Path directory, boolean strict, int cacheMegabytes);

    Properties properties(boolean strict, int cacheMegabytes) {
        return new Properties();
    }

    /** Closes the database after the last connection, where that is not the same. */
    void shutDown(Path directory) throws SQLException {}

    String keyType() {
        return "BIGINT";
    }

    String limit(int rows) {
        return "LIMIT " + rows;
    }

    /** An upsert of (id, k, g, amt, s) that sets amt where the row exists; null: an update, then an insert. */
    String upsert() {
        return null;
    }

    /** What makes a commit durable where no setting does; null: the setting does. */
    String afterStrictCommit() {
        return null;
    }

    boolean scansOnly() {
        return false;
    }
}

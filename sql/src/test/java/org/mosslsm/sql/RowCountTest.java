package org.mosslsm.sql;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.mosslsm.sql.error.SqlException;

/** COUNT(*) of a table, which is known and not counted, against a count of its rows by a filter that all pass. */
@Timeout(120)
class RowCountTest {
    private static final String[] TABLES = {"parent", "child", "log"};

    @TempDir
    Path directory;

    private static long count(Session session, String sql) {
        try (RowCursor rows = session.prepare(sql).execute(List.of()).rows().orElseThrow()) {
            assertTrue(rows.next());
            return (Long) rows.row().get(0);
        }
    }

    private static void run(Session session, String sql) {
        session.prepare(sql).execute(List.of()).rows().ifPresent(RowCursor::close);
    }

    /** Both counts in one statement, so of one snapshot. */
    private static void check(Session session, String table) {
        String sql = "SELECT a.n - b.n FROM (SELECT COUNT(*) n FROM " + table + ") a, (SELECT COUNT(*) n FROM " + table
                + " WHERE id + 0 = id) b";
        assertEquals(0, count(session, sql), table);
    }

    private Database open() {
        String location = directory.resolve("db").toString();
        return Database.open(location, Map.of("durability", "process", "memtableBytes", "65536"));
    }

    private static void create(Session session) {
        run(session, "CREATE TABLE parent (id INT PRIMARY KEY, v INT)");
        run(session, "CREATE UNIQUE INDEX ON parent (v)");
        run(session, "CREATE TABLE child (id INT PRIMARY KEY, p INT REFERENCES parent ON DELETE CASCADE)");
        run(session, "CREATE INDEX ON child (p)");
        run(session, "CREATE TABLE log (id INT, t VARCHAR(20))");
    }

    @Test
    void theCountIsThatOfTheRowsWhateverRuns() throws Exception {
        long seed = Long.getLong("rowcount.seed", System.nanoTime());
        System.out.println("RowCountTest -Drowcount.seed=" + seed);
        AtomicInteger done = new AtomicInteger();
        try (Database database = open()) {
            create(database.connect());
            ExecutorService threads = Executors.newFixedThreadPool(3);
            try {
                List<Future<?>> jobs = new ArrayList<>();
                for (int thread = 0; thread < 3; thread++) {
                    Random random = new Random(seed + thread);
                    jobs.add(threads.submit(() -> work(database, random, done)));
                }
                for (Future<?> job : jobs) {
                    job.get();
                }
            } finally {
                threads.shutdownNow();
            }
            for (String table : TABLES) {
                check(database.connect(), table);
            }
        }
        assertTrue(done.get() > 0);
        try (Database database = open()) {
            Session session = database.connect();
            for (String table : TABLES) {
                check(session, table);
                long before = count(session, "SELECT COUNT(*) FROM " + table);
                run(session, "INSERT INTO " + table + " (id) VALUES (99999)");
                assertEquals(before + 1, count(session, "SELECT COUNT(*) FROM " + table));
            }
        }
    }

    private static void work(Database database, Random random, AtomicInteger done) {
        try (Session session = database.connect()) {
            for (int i = 0; i < 150; i++) {
                boolean transaction = random.nextBoolean();
                try {
                    run(session, "SET lock_timeout = 100");
                    if (transaction) {
                        run(session, "BEGIN ISOLATION LEVEL " + pick(random, "READ COMMITTED", "REPEATABLE READ"));
                    }
                    int statements = transaction ? 1 + random.nextInt(4) : 1;
                    for (int s = 0; s < statements; s++) {
                        check(session, pick(random, TABLES));
                        statement(session, random);
                        check(session, pick(random, TABLES));
                    }
                    if (transaction) {
                        run(session, pick(random, "COMMIT", "COMMIT", "ROLLBACK"));
                    }
                    done.incrementAndGet();
                } catch (SqlException e) {
                    // Locks, conflicts and duplicates are part of it; what was counted until then was right.
                    if (!List.of("40001", "HYT00", "23505", "23503").contains(e.sqlState())) {
                        throw e;
                    }
                    if (transaction) {
                        run(session, "ROLLBACK");
                    }
                }
            }
        }
    }

    private static void statement(Session session, Random random) {
        int a = random.nextInt(40);
        int b = random.nextInt(40);
        int dice = random.nextInt(100);
        if (dice < 20) {
            run(
                    session,
                    "INSERT INTO parent VALUES (" + a + ", " + b + "), (" + b + ", " + (a + 100)
                            + ") ON CONFLICT DO NOTHING");
        } else if (dice < 30) {
            run(
                    session,
                    "INSERT INTO parent VALUES (" + a + ", " + b
                            + ") ON CONFLICT (id) DO UPDATE SET v = parent.v + 1000");
        } else if (dice < 45) {
            run(session, "INSERT INTO child SELECT " + (a * 40 + b) + ", id FROM parent WHERE id = " + a);
        } else if (dice < 50) {
            run(session, "INSERT INTO log SELECT COUNT(*), 'x' FROM child");
        } else if (dice < 55) {
            run(session, "INSERT INTO log SELECT id, 'y' FROM parent WHERE id < " + a);
        } else if (dice < 65) {
            run(session, "DELETE FROM parent WHERE id = " + a);
        } else if (dice < 70) {
            run(session, "DELETE FROM parent USING child WHERE parent.id = child.p AND child.id < " + a);
        } else if (dice < 75) {
            run(session, "DELETE FROM child WHERE id BETWEEN " + a + " AND " + (a + 2 * b));
        } else if (dice < 85) {
            run(session, "UPDATE parent SET id = id + 1 WHERE id > " + (a + 10));
        } else if (dice < 90) {
            run(session, "UPDATE child SET p = " + b + " WHERE id < " + a);
        } else if (dice < 93) {
            run(session, "DELETE FROM log");
        } else if (dice < 95) {
            run(session, "TRUNCATE TABLE log");
        } else if (dice < 97) {
            run(session, "ALTER TABLE log ALTER COLUMN id TYPE " + pick(random, "INTEGER", "BIGINT"));
        } else {
            run(session, "DELETE FROM log WHERE id > " + a);
        }
    }

    private static String pick(Random random, String... of) {
        return of[random.nextInt(of.length)];
    }

    @Test
    void aRewriteByABulkLoadThatIsRolledBackIsForgotten() {
        try (Database database = open()) {
            Session session = database.connect();
            create(session);
            String text = "x".repeat(20);
            run(session, "INSERT INTO parent VALUES (1, 1)");
            for (int i = 0; i < 16; i++) {
                run(
                        session,
                        i == 0
                                ? "INSERT INTO log VALUES (1, '" + text + "')"
                                : "INSERT INTO log SELECT id + " + (1 << (i - 1)) + ", t FROM log");
            }
            for (String end : List.of("ROLLBACK", "COMMIT")) {
                run(session, "BEGIN");
                run(session, "ALTER TABLE log ADD PRIMARY KEY (id)");
                assertEquals(1 << 15, count(session, "SELECT COUNT(*) FROM log"));
                check(session, "log");
                run(session, end);
                assertEquals(1 << 15, count(session, "SELECT COUNT(*) FROM log"));
                // Takes the numbers of indexes that were given back.
                run(session, "CREATE TABLE other_" + end + " (id INT PRIMARY KEY, t INT UNIQUE)");
                run(session, "INSERT INTO other_" + end + " VALUES (1, 1)");
                assertEquals(1, count(session, "SELECT COUNT(*) FROM other_" + end));
            }
            run(session, "DELETE FROM log WHERE id = 1");
            check(session, "log");
        }
    }

    @Test
    void aSavepointRolledBackTakesItsRowsOutOfTheCount() {
        try (Database database = open()) {
            Session session = database.connect();
            create(session);
            run(session, "BEGIN");
            run(session, "INSERT INTO log VALUES (1, 'a')");
            run(session, "SAVEPOINT s");
            run(session, "INSERT INTO log VALUES (2, 'b'), (3, 'c')");
            assertEquals(3, count(session, "SELECT COUNT(*) FROM log"));
            run(session, "ROLLBACK TO s");
            assertEquals(1, count(session, "SELECT COUNT(*) FROM log"));
            assertEquals(0, count(database.connect(), "SELECT COUNT(*) FROM log"));
            run(session, "COMMIT");
            assertEquals(1, count(database.connect(), "SELECT COUNT(*) FROM log"));
        }
    }

    @Test
    void aSnapshotThatStaysSeesItsOwnCount() {
        try (Database database = open()) {
            Session old = database.connect();
            create(old);
            run(old, "INSERT INTO log VALUES (1, 'a')");
            run(old, "BEGIN ISOLATION LEVEL REPEATABLE READ");
            assertEquals(1, count(old, "SELECT COUNT(*) FROM log"));
            Session other = database.connect();
            for (int i = 0; i < 1500; i++) {
                run(other, "INSERT INTO log VALUES (2, 'b')");
            }
            assertEquals(1501, count(other, "SELECT COUNT(*) FROM log"));
            assertEquals(1, count(old, "SELECT COUNT(*) FROM log"));
            run(old, "COMMIT");
            assertEquals(1501, count(old, "SELECT COUNT(*) FROM log"));
        }
    }
}

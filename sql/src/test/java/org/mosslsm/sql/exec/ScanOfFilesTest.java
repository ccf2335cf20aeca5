package org.mosslsm.sql.exec;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mosslsm.sql.Database;
import org.mosslsm.sql.Outcome;
import org.mosslsm.sql.RowCursor;
import org.mosslsm.sql.Session;

/** Scans over the engine itself, whose cursors fill one batch again and again, each time with more or fewer entries. */
class ScanOfFilesTest {
    @TempDir
    Path directory;

    @Test
    void everyRowIsSeenOnceBeforeAndAfterReopening() {
        try (Database database = open()) {
            Session session = database.connect();
            run(session, "CREATE TABLE t (id INT PRIMARY KEY, x INT, s TEXT)");
            run(
                    session,
                    "INSERT INTO t SELECT i, CASE WHEN i % 7 > 0 THEN -i END, repeat('x', i % 90)"
                            + " FROM generate_series(1, 3503) AS g (i)");
            check(session);
        }
        try (Database database = open()) {
            check(database.connect());
        }
    }

    private Database open() {
        return Database.open(directory.resolve("db").toString(), Map.of("durability", "none"));
    }

    private static void check(Session session) {
        assertEquals(List.of("[3503, 3003]"), run(session, "SELECT count(*), count(x) FROM t"));
        assertEquals(List.of("[3503, 6137256]"), run(session, "SELECT count(s), sum(id) FROM t"));
        assertEquals(List.of("[3502, 6137255]"), run(session, "SELECT count(s), sum(id) FROM t WHERE id + 0 > 1"));
        assertEquals(List.of("[3003]"), run(session, "SELECT count(*) FROM t WHERE x < 0"));
        assertEquals(
                List.of("[3503]", "[3502]", "[3501]"), run(session, "SELECT id FROM t ORDER BY id + 0 DESC LIMIT 3"));
        assertEquals(
                List.of("[-3489]", "[-3488]"), run(session, "SELECT x FROM t WHERE id + 0 < 3490 ORDER BY x LIMIT 2"));
        assertEquals(
                List.of("[x]", "[]"),
                run(session, "SELECT s FROM t WHERE id + 0 < 3000 AND length(s) < 2 ORDER BY x, s LIMIT 2"));
        assertEquals(List.of("[3501]", "[3502]", "[3503]"), run(session, "SELECT id FROM t WHERE id + 0 > 3500"));
    }

    private static List<String> run(Session session, String sql) {
        List<String> lines = new ArrayList<>();
        Outcome outcome = session.prepare(sql).execute(List.of());
        outcome.rows().ifPresent(rows -> {
            try (RowCursor cursor = rows) {
                while (cursor.next()) {
                    lines.add(Arrays.toString(cursor.row().toArray()));
                }
            }
        });
        return lines;
    }
}

package org.mosslsm.sql;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mosslsm.sql.error.SqlException;
import org.mosslsm.sql.expr.Row;

/** Statements that remember much of the rows they change do the same in little memory as in much, and leave no file. */
class ChangesInLittleMemoryTest {
    /** Some twenty times what 64 kB hold. */
    private static final int ROWS = 6_000;

    @TempDir
    Path directory;

    private Database database;
    private Session session;

    /** What the script says with that much memory: the answers, and the tables in the end. */
    private List<String> run(String memory, List<String> script) throws IOException {
        List<String> said = new ArrayList<>();
        Path at = directory.resolve(memory);
        database = Database.open(at.toString(), Map.of("durability", "none"));
        session = database.connect();
        execute("SET work_mem = '" + memory + "'");
        for (String sql : script) {
            said.add(sql);
            said.addAll(execute(sql.replace(":n", "" + ROWS)));
            assertEquals(List.of(), left(at), () -> "files left by " + sql);
        }
        session.close();
        database.close();
        return said;
    }

    private static List<Path> left(Path at) throws IOException {
        if (!Files.isDirectory(at.resolve("tmp"))) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(at.resolve("tmp"))) {
            return files.toList();
        }
    }

    private List<String> execute(String sql) {
        List<String> rows = new ArrayList<>();
        try {
            Outcome outcome = session.prepare(sql).execute(List.of());
            rows.add(outcome.updateCount() + " rows");
            outcome.generatedKeys().ifPresent(RowCursor::close);
            outcome.rows().ifPresent(cursor -> {
                while (cursor.next()) {
                    rows.add(text(cursor.row()));
                }
                cursor.close();
            });
        } catch (SqlException e) {
            rows.add(e.sqlState() + " " + e.getMessage());
        }
        return rows;
    }

    private static String text(Row row) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < row.size(); i++) {
            text.append(i == 0 ? "" : "|").append(row.get(i));
        }
        return text.toString();
    }

    private void same(String... script) throws IOException {
        assertEquals(run("1GB", List.of(script)), run("64kB", List.of(script)));
    }

    @Test
    void returningAndLockedRows() throws IOException {
        same(
                "CREATE TABLE t (id INTEGER PRIMARY KEY, s TEXT)",
                "INSERT INTO t SELECT n, 'a row of some length ' || n FROM generate_series(1, :n) AS g (n) RETURNING id, s",
                "SELECT * FROM t ORDER BY id FOR UPDATE",
                "UPDATE t SET s = s || '!' RETURNING *",
                "DELETE FROM t WHERE id > 10 RETURNING s, id");
    }

    @Test
    void rowsThatAJoinDeliversTwice() throws IOException {
        String[] fill = {
            "CREATE TABLE t (id INTEGER PRIMARY KEY, n INTEGER)",
            "CREATE TABLE u (k INTEGER, n INTEGER)",
            "INSERT INTO t SELECT n, 0 FROM generate_series(1, :n) AS g (n)",
            "INSERT INTO u SELECT n % :n + 1, n FROM generate_series(1, 2 * :n) AS g (n)",
            "UPDATE t SET n = t.n + 1 FROM u WHERE u.k = t.id",
            "SELECT n, COUNT(*) FROM t GROUP BY n",
            "DELETE FROM t USING u WHERE u.k = t.id AND t.id % 2 = 0",
            "SELECT COUNT(*), SUM(id) FROM t"
        };
        same(fill);
    }

    @Test
    void conflictsOfOneStatement() throws IOException {
        same(
                "CREATE TABLE t (id INTEGER PRIMARY KEY, n INTEGER)",
                "INSERT INTO t SELECT n, 0 FROM generate_series(1, :n) AS g (n)",
                "INSERT INTO t SELECT n, 1 FROM generate_series(1, 2 * :n) AS g (n)"
                        + " ON CONFLICT (id) DO UPDATE SET n = t.n + 5",
                "SELECT n, COUNT(*) FROM t GROUP BY n ORDER BY n",
                "INSERT INTO t SELECT n % 2500, 1 FROM generate_series(1, :n) AS g (n)"
                        + " ON CONFLICT (id) DO UPDATE SET n = t.n + 5",
                "SELECT n, COUNT(*) FROM t GROUP BY n ORDER BY n");
    }

    @Test
    void childrenOfManyParents() throws IOException {
        same(
                "CREATE TABLE p (id INTEGER PRIMARY KEY, k INTEGER UNIQUE)",
                "CREATE TABLE c (p INTEGER REFERENCES p ON DELETE CASCADE ON UPDATE CASCADE, n INTEGER,"
                        + " k INTEGER DEFAULT 1 REFERENCES p (k) ON DELETE SET DEFAULT ON UPDATE CASCADE, PRIMARY KEY (p, n))",
                "CREATE TABLE d (p INTEGER, n INTEGER, s TEXT, PRIMARY KEY (p, n),"
                        + " FOREIGN KEY (p, n) REFERENCES c ON DELETE SET NULL ON UPDATE CASCADE)",
                "INSERT INTO p SELECT n, n FROM generate_series(1, :n) AS g (n)",
                "INSERT INTO c SELECT n, 1, n FROM generate_series(1, :n) AS g (n)",
                "INSERT INTO c SELECT 1, n, 1 FROM generate_series(2, :n) AS g (n)",
                "INSERT INTO d SELECT p, n, 'child of ' || p FROM c",
                "UPDATE p SET id = id + 1, k = k + 1",
                "SELECT COUNT(*), SUM(p), SUM(n), SUM(k) FROM c",
                "SELECT COUNT(*), SUM(p), SUM(n) FROM d",
                "DELETE FROM p WHERE id > 3000",
                "DELETE FROM d WHERE p > 3000",
                "DELETE FROM p WHERE id > 3000",
                "SELECT COUNT(*), SUM(p), SUM(n), SUM(k) FROM c",
                "CHECK DATABASE");
    }

    @Test
    void rowsThatReferToLaterOnes() throws IOException {
        same(
                "CREATE TABLE t (id INTEGER PRIMARY KEY, next INTEGER REFERENCES t)",
                "INSERT INTO t SELECT n, n + 1 FROM generate_series(1, :n) AS g (n)",
                "INSERT INTO t SELECT n, CASE WHEN n < :n THEN n + 1 END FROM generate_series(1, :n) AS g (n)",
                "DELETE FROM t WHERE id < :n",
                "DELETE FROM t WHERE id > 1",
                "SELECT COUNT(*) FROM t",
                "DELETE FROM t");
    }

    @Test
    void aResultThatIsNotReadLeavesNoFile() throws IOException {
        Path at = directory.resolve("unread");
        try (Database opened = Database.open(at.toString(), Map.of("durability", "none"));
                Session of = opened.connect()) {
            of.prepare("SET work_mem = '64kB'").execute(List.of());
            of.prepare("CREATE TABLE t (id INTEGER GENERATED ALWAYS AS IDENTITY PRIMARY KEY, s TEXT)")
                    .execute(List.of());
            PreparedSql insert = of.prepare(
                    "INSERT INTO t (s) SELECT 'a row of some length ' || n FROM generate_series(1, 9000) AS g (n)");
            Outcome outcome = insert.execute(List.of(), new RunOptions(0, List.of("id")));
            RowCursor keys = outcome.generatedKeys().orElseThrow();
            assertEquals(true, keys.next());
            keys.close();
            assertEquals(false, keys.next());
            PreparedSql failing = of.prepare("UPDATE t SET s = CAST(1 / (8990 - id) AS TEXT) RETURNING *");
            assertThrows(SqlException.class, () -> failing.execute(List.of()));
            assertEquals(List.of(), left(at));
        }
    }
}

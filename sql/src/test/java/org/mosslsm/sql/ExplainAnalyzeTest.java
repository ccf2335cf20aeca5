package org.mosslsm.sql;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** EXPLAIN ANALYZE runs the statement and says of each node what it did. */
class ExplainAnalyzeTest {
    private Database database;
    private Session session;

    @BeforeEach
    void open() {
        database = Database.open("mem:" + getClass().getSimpleName() + System.nanoTime(), Map.of());
        session = database.connect();
        run("CREATE TABLE a (id INT PRIMARY KEY, x INT)");
        run("CREATE TABLE b (id INT PRIMARY KEY, a INT)");
        run("CREATE INDEX b_a ON b (a)");
        run("INSERT INTO a VALUES (1, 10), (2, 20), (3, 30)");
        run("INSERT INTO b VALUES (1, 1), (2, 1), (3, 2)");
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void nodesSayHowManyRowsTheyGaveInHowManyLoops() {
        List<String> lines = run("EXPLAIN ANALYZE SELECT b.id FROM a JOIN b ON b.a = a.id WHERE a.id = 1");
        String plan = String.join("\n", lines);
        assertTrue(plan.matches("(?s)project b.id \\(rows 2, expected \\d+; [0-9.]+ ms\\)\n.*"), plan);
        assertTrue(plan.contains("(rows 1, expected 1; "), plan);
        assertTrue(lines.get(lines.size() - 1).startsWith("total: 2 rows, "), plan);
    }

    @Test
    void loopsOfALookupAreCounted() {
        run("CREATE TABLE c (id INT PRIMARY KEY)");
        run("INSERT INTO c VALUES (1), (2)");
        String plan = String.join("\n", run("EXPLAIN ANALYZE SELECT (SELECT x FROM a WHERE a.id = c.id) FROM c"));
        assertTrue(plan.contains("in 2 loops, expected 1 each"), plan);
    }

    @Test
    void whatWasNotNeededNeverRan() {
        String plan = String.join("\n", run("EXPLAIN ANALYZE SELECT x FROM a LIMIT 0"));
        assertTrue(plan.contains("total: 0 rows"), plan);
    }

    @Test
    void aChangeIsMade() {
        List<String> lines = run("EXPLAIN ANALYZE DELETE FROM b WHERE a = 1");
        assertTrue(lines.get(lines.size() - 1).startsWith("total: 2 rows"), lines.toString());
        assertEquals(List.of("1"), run("SELECT count(*) FROM b"));
    }

    @Test
    void memoryAndFilesOfEachNodeAreShown() throws Exception {
        run("SET work_mem = '1MB'");
        String sorted =
                " SELECT i, 'some text to be sorted ' || i AS s FROM generate_series(1, 20000) AS g (i) ORDER BY s";
        String sort = run("EXPLAIN ANALYZE" + sorted).get(0);
        assertTrue(
                sort.matches("sort s \\(rows 20000, .* ms; \\d+ kB held; [1-9]\\d* rows, \\d+ kB in \\d+ files?\\)"),
                sort);
        String text = String.join("\n", run("EXPLAIN (ANALYZE, FORMAT JSON)" + sorted));
        JsonNode plan = new ObjectMapper().readTree(text).path("plan");
        assertTrue(plan.path("heldBytes").asLong() > 500_000, text);
        assertTrue(plan.path("heldBytes").asLong() < 1_500_000, text);
        assertTrue(plan.path("spilledRows").asLong() >= 20_000, text);
        assertTrue(plan.path("spilledBytes").asLong() > 500_000, text);
        assertTrue(plan.path("spilledFiles").asLong() >= 1, text);
        assertEquals(0, plan.path("inputs").get(0).path("heldBytes").asLong(), text);

        String join = String.join("\n", run("EXPLAIN ANALYZE SELECT * FROM a JOIN b ON a.x = b.id + 0"));
        assertTrue(join.matches("(?s).*hash join [^\n]* ms; 1 kB held\\).*"), join);
    }

    @Test
    void jsonHoldsTheSameFigures() throws Exception {
        String text = String.join("\n", run("EXPLAIN (ANALYZE, FORMAT JSON) SELECT count(*), max(x) FROM a"));
        JsonNode plan = new ObjectMapper().readTree(text).path("plan");
        assertEquals(1, plan.path("rows").asInt(), text);
        JsonNode scan = plan;
        while (scan.has("inputs")) {
            scan = scan.path("inputs").get(0);
        }
        assertEquals("index scan", scan.path("node").asText(), text);
        assertEquals(3, scan.path("rows").asInt(), text);
        assertEquals(1, scan.path("loops").asInt(), text);
        assertTrue(scan.path("millis").isNumber(), text);
        assertTrue(scan.path("expectedRows").asLong() >= 1, text);
    }

    @Test
    void jsonShowsTheChangesOfWith() throws Exception {
        String text = String.join("\n", run("""
                EXPLAIN (ANALYZE, FORMAT JSON)
                WITH d AS (DELETE FROM b WHERE a = 1 RETURNING id), i AS (INSERT INTO a SELECT id + 100, 0 FROM d)
                SELECT id FROM d"""));
        JsonNode root = new ObjectMapper().readTree(text);
        assertEquals("rows of with d", root.path("plan").path("text").asText(), text);
        assertEquals(2, root.path("plan").path("rows").asInt(), text);
        assertTrue(root.path("plan").path("inputs").isMissingNode(), text);
        assertEquals(2, root.path("with").size(), text);
        JsonNode deleted = root.path("with").get(0);
        assertEquals("d", deleted.path("name").asText(), text);
        assertEquals("delete from b", deleted.path("statement").asText(), text);
        assertEquals(2, deleted.path("plan").path("rows").asInt(), text);
        JsonNode inserted = root.path("with").get(1);
        assertEquals("insert into a", inserted.path("statement").asText(), text);
        JsonNode last = inserted.path("plan");
        while (last.has("inputs")) {
            last = last.path("inputs").get(0);
        }
        assertEquals("rows of with d", last.path("text").asText(), text);
    }

    private List<String> run(String sql) {
        List<String> lines = new ArrayList<>();
        Outcome outcome = session.prepare(sql).execute(List.of());
        outcome.rows().ifPresent(rows -> {
            try (RowCursor cursor = rows) {
                while (cursor.next()) {
                    lines.add(String.valueOf(cursor.row().get(0)));
                }
            }
        });
        return lines;
    }
}

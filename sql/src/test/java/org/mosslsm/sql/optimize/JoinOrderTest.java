package org.mosslsm.sql.optimize;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.mosslsm.sql.testkit.SqlWorld;

/** Orders of joins: many small tables joined by equalities, in whatever order the statement names them. */
class JoinOrderTest {
    private static final int TABLES = 64;
    private static final int ROWS = 10;

    private static final long SEED = Long.getLong("seed", new Random().nextLong());
    private static final SqlWorld WORLD = new SqlWorld();
    private static final int[][] B = new int[TABLES + 1][ROWS + 1];

    @BeforeAll
    static void makeTables() {
        Random random = new Random(SEED);
        for (int t = 1; t <= TABLES; t++) {
            WORLD.run("CREATE TABLE t" + t + " (a" + t + " INTEGER PRIMARY KEY, b" + t + " INTEGER, x" + t + " TEXT)");
            List<String> rows = new ArrayList<>();
            List<Integer> partners = new ArrayList<>();
            for (int i = 1; i <= ROWS; i++) {
                partners.add(i);
            }
            Collections.shuffle(partners, random);
            for (int i = 1; i <= ROWS; i++) {
                B[t][i] = partners.get(i - 1);
                rows.add("(" + i + ", " + B[t][i] + ", 'table " + t + " row " + i + "')");
            }
            WORLD.run("INSERT INTO t" + t + " VALUES " + String.join(", ", rows));
        }
    }

    /** A chain: one row is given, each table leads to the next. */
    @Test
    void longChainsOfCommaJoinsFollowTheirEqualities() {
        Random random = new Random(SEED);
        for (int n : new int[] {4, 7, 10, 11, 20, 40, 64}) {
            List<Integer> chain = new ArrayList<>();
            for (int t = 1; t <= TABLES; t++) {
                chain.add(t);
            }
            Collections.shuffle(chain, random);
            chain = chain.subList(0, n);
            int row = 1 + random.nextInt(ROWS);
            List<String> terms = new ArrayList<>(List.of("a" + chain.get(0) + " = " + row));
            List<String> expected = new ArrayList<>(List.of("table " + chain.get(0) + " row " + row));
            for (int i = 1; i < n; i++) {
                int from = chain.get(i - 1);
                int to = chain.get(i);
                terms.add(random.nextBoolean() ? "b" + from + " = a" + to : "a" + to + " = b" + from);
                row = B[from][row];
                expected.add("table " + to + " row " + row);
            }
            Collections.shuffle(terms, random);
            List<Integer> from = new ArrayList<>(chain);
            Collections.shuffle(from, random);
            String sql = "SELECT x" + join(chain, ", x") + " FROM t" + join(from, ", t") + " WHERE "
                    + String.join(" AND ", terms);
            assertEquals(List.of(String.join("|", expected)), WORLD.texts(sql), () -> "seed " + SEED + ": " + sql);
            List<String> plan = WORLD.explain(sql);
            assertFalse(String.join("\n", plan).contains("nested loop"), () -> "seed " + SEED + "\n" + plan);
        }
    }

    /** A star: the middle has a key of each of the others. */
    @Test
    void starsOfTenBeginWhereFewRowsAre() {
        List<String> columns = new ArrayList<>(List.of("id INTEGER PRIMARY KEY"));
        List<String> values = new ArrayList<>();
        List<String> terms = new ArrayList<>(List.of("a9 = 3"));
        for (int i = 1; i <= 9; i++) {
            columns.add("k" + i + " INTEGER");
            values.add(String.valueOf(i));
            terms.add("k" + i + " = a" + i);
        }
        SqlWorld world = WORLD;
        world.run("CREATE TABLE fact (" + String.join(", ", columns) + ")");
        world.run("CREATE INDEX fact_k9 ON fact (k9)");
        world.run("INSERT INTO fact VALUES (1, 1, 2, 3, 4, 5, 6, 7, 8, 3), (2, " + String.join(", ", values) + ")");
        world.statistics(table -> table.name().equals("fact") ? 1_000_000 : 10);
        String sql = "SELECT fact.id, x1, x9 FROM t1, t2, t3, t4, t5, fact, t6, t7, t8, t9 WHERE "
                + String.join(" AND ", terms);
        assertEquals(List.of("1|table 1 row 1|table 9 row 3"), world.texts(sql));
        List<String> plan = world.explain(sql);
        assertTrue(
                plan.stream().anyMatch(l -> l.strip().startsWith("scan fact (fact_k9) k9=[3]")),
                () -> String.join("\n", plan));
        world.statistics(Statistics.unknown());
    }

    private static String join(List<Integer> numbers, String separator) {
        return String.join(separator, numbers.stream().map(String::valueOf).toList());
    }
}

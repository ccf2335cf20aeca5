package org.mosslsm.it.compare;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Random tables, views, changes and queries give the same on SQLite, whose driver is on the class path with {@code
 * -Pbench-sql}; without it there is nothing to compare with. {@code -Dcompare.seed=} repeats one round, {@code
 * -Dcompare.rounds=} runs more; what differs is shrunk to the fewest steps that still differ.
 */
class SqliteCompareTest {
    private static final String SQLITE = "jdbc:sqlite::memory:";

    private static final int PARTS = 40;

    /** Smaller scripts tried at the most. */
    private static final int SHRINKS = 600;

    @TempDir
    Path directory;

    private int databases;

    @Test
    void randomStatementsGiveTheSameOnSqlite() {
        assumeTrue(DriverManager.drivers().anyMatch(d -> d.getClass().getName().startsWith("org.sqlite.")));
        Long fixed = Long.getLong("compare.seed");
        int rounds = fixed != null ? 1 : Integer.getInteger("compare.rounds", 8);
        long first = fixed != null ? fixed : System.nanoTime();
        for (int round = 0; round < rounds; round++) {
            long seed = first + round;
            System.out.println("SqliteCompareTest -Dcompare.seed=" + seed);
            Script drawn = draw(new Random(seed));
            assertTrue(drawn.queries() > 300);
            String found = difference(drawn);
            if (found != null) {
                // What SQLite does not take at all is the script's fault, and needs no rows to be seen.
                Script smallest = found.startsWith(Script.REFUSED)
                        ? new Script(List.of())
                        : Shrinking.shrunk(drawn, this::differs, SHRINKS);
                fail((smallest.steps().isEmpty() ? found : difference(smallest)) + "\n-- after\n" + smallest);
            }
        }
    }

    private static Script draw(Random random) {
        SqliteSql sql = new SqliteSql(random);
        List<Script.Step> steps = new ArrayList<>();
        sql.definitions().forEach(d -> steps.add(Script.Step.of(Script.Kind.DEFINE, d)));
        for (int part = 0; part < PARTS; part++) {
            for (int i = random.nextInt(5); i >= 0; i--) {
                boolean returning = random.nextInt(4) == 0;
                steps.add(
                        Script.Step.of(returning ? Script.Kind.RETURNING : Script.Kind.CHANGE, sql.change(returning)));
            }
            for (int i = 0; i < 8; i++) {
                steps.add(new Script.Step(Script.Kind.QUERY, sql.query()));
            }
            steps.add(new Script.Step(Script.Kind.QUERY, sql.everything()));
        }
        return new Script(steps);
    }

    private boolean differs(Script script) {
        // SQLite takes a view of tables that are not there.
        if (script.steps().stream()
                        .filter(s -> s.query().sql().startsWith("CREATE TABLE "))
                        .count()
                < 3) {
            return false;
        }
        String found = difference(script);
        return found != null && !found.startsWith(Script.REFUSED);
    }

    /** What differs on databases made for this alone; an error of one engine that stops the script does, too. */
    private String difference(Script script) {
        String url = "jdbc:mosslsm:" + directory.resolve("db" + databases++) + "?durability=none";
        try (Engine moss = new Engine(DriverManager.getConnection(url), false);
                Engine sqlite = new Engine(open(), false)) {
            return script.difference(moss, sqlite);
        } catch (SQLException e) {
            return e.toString();
        }
    }

    private static Connection open() throws SQLException {
        Connection sqlite = DriverManager.getConnection(SQLITE);
        try (Statement statement = sqlite.createStatement()) {
            statement.execute("PRAGMA case_sensitive_like = ON");
        }
        return sqlite;
    }
}

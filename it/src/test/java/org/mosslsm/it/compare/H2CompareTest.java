package org.mosslsm.it.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Random tables, changes, transactions and queries give the same on H2. {@code -Dcompare.seed=} repeats one round,
 * {@code -Dcompare.rounds=} runs more; what differs is shrunk to the fewest steps that still differ.
 */
class H2CompareTest {
    private static final String H2 = "jdbc:h2:mem:;MODE=PostgreSQL;DATABASE_TO_LOWER=TRUE;DEFAULT_NULL_ORDERING=HIGH";

    private static final String MOSS = System.getProperty("compare.url", "jdbc:mosslsm:{dir}?durability=process");

    /** Smaller scripts tried at the most. */
    private static final int SHRINKS = 400;

    @TempDir
    Path directory;

    private int databases;

    @Test
    void randomStatementsGiveTheSameOnH2() throws SQLException {
        Long fixed = Long.getLong("compare.seed");
        int rounds = fixed != null ? 1 : Integer.getInteger("compare.rounds", 8);
        long first = fixed != null ? fixed : System.nanoTime();
        for (int round = 0; round < rounds; round++) {
            long seed = first + round;
            System.out.println("H2CompareTest -Dcompare.seed=" + seed);
            Script drawn = Script.draw(new Random(seed));
            assertTrue(drawn.queries() > 300);
            String found = difference(drawn);
            if (found != null) {
                System.out.println("to be shrunk: " + found);
                // What H2 does not take at all is the script's fault, and needs no rows to be seen.
                Script smallest = found.startsWith(Script.REFUSED)
                        ? new Script(List.of())
                        : Shrinking.shrunk(drawn, this::differs, SHRINKS);
                fail((smallest.steps().isEmpty() ? found : difference(smallest)) + "\n-- after\n" + smallest);
            }
        }
    }

    private boolean differs(Script script) {
        String found = difference(script);
        return found != null && !found.startsWith(Script.REFUSED);
    }

    /** What differs on databases made for this alone; an error of one engine that stops the script does, too. */
    private String difference(Script script) {
        String url = MOSS.replace("{dir}", directory.resolve("db" + databases++).toString());
        try (Engine moss = open(url);
                Engine h2 = open(H2)) {
            return script.difference(moss, h2);
        } catch (SQLException e) {
            return e.toString();
        }
    }

    private static Engine open(String url) throws SQLException {
        return new Engine(DriverManager.getConnection(url));
    }

    @Test
    void aScriptIsShrunkToTheStepsThatMatter() {
        Script script = Script.draw(new Random(1));
        List<Script.Step> guilty = List.of(script.steps().get(7), script.steps().get(90));
        Script smallest = Shrinking.shrunk(script, s -> s.steps().containsAll(guilty), 10_000);
        assertEquals(guilty, smallest.steps());
    }
}

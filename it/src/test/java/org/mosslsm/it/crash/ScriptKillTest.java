package org.mosslsm.it.crash;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mosslsm.it.testkit.ChildJvm;
import org.mosslsm.it.testkit.MossJar;
import org.mosslsm.it.testkit.SharedData;

/**
 * The shell is killed in the middle of loading a real script; after reopening, the tables hold whole statements only: the
 * rows of the first so many INSERT statements of the script, and nothing of the others.
 */
class ScriptKillTest {
    private static final Pattern INSERT = Pattern.compile("^INSERT INTO (\\w+) ");
    private static final Pattern ROW = Pattern.compile("^ {4}\\(");

    @Test
    void aKilledLoadLeavesWholeStatements(@TempDir Path directory) throws Exception {
        assumeTrue(MossJar.isPackaged(), "the driver is not packaged in this run: use mvn verify");
        Path script = SharedData.require("chinook/Chinook_PostgreSql.sql");
        List<Map<String, Integer>> states = statesAfterEachInsert(script);
        long seed = Long.getLong("kill.seed", System.nanoTime());
        System.out.println("ScriptKillTest: seed " + seed);
        Random random = new Random(seed);
        long full = load(directory.resolve("whole"), script, Long.MAX_VALUE);
        assertEquals(states.get(states.size() - 1), counts(directory.resolve("whole")));
        int partial = 0;
        for (int round = 0; round < 5; round++) {
            Path target = directory.resolve("round" + round);
            long killAfter = full / 4 + (long) (random.nextDouble() * full * 3 / 4);
            load(target, script, killAfter);
            if (!Files.exists(target)) {
                continue; // killed before it had opened the directory
            }
            Map<String, Integer> found = counts(target);
            assertTrue(states.contains(found), "round " + round + ", seed " + seed + ": half a statement: " + found);
            partial += found.equals(states.get(states.size() - 1)) ? 0 : 1;
        }
        assertTrue(partial > 0, "no round was killed before the end; seed " + seed);
    }

    /** Runs the script and kills it after so many nanoseconds; the nanoseconds it ran. */
    private static long load(Path target, Path script, long killAfterNanos) throws Exception {
        long start = System.nanoTime();
        try (ChildJvm shell = MossJar.shell(target.toString(), "-f", script.toString())) {
            if (killAfterNanos == Long.MAX_VALUE) {
                List<String> output = shell.readAll();
                assertEquals(0, shell.waitFor(300), String.join("\n", output));
            } else {
                shell.killAfter(killAfterNanos);
            }
        }
        return System.nanoTime() - start;
    }

    /** Rows per table before the first INSERT and after each. */
    private static List<Map<String, Integer>> statesAfterEachInsert(Path script) throws Exception {
        List<Map<String, Integer>> states = new ArrayList<>();
        Map<String, Integer> state = new TreeMap<>();
        String table = null;
        for (String line : Files.readAllLines(script)) {
            Matcher insert = INSERT.matcher(line);
            if (insert.find()) {
                states.add(new TreeMap<>(state));
                table = insert.group(1);
            } else if (ROW.matcher(line).find() && table != null) {
                state.merge(table, 1, Integer::sum);
            }
        }
        states.add(state);
        return states;
    }

    /** Rows per table, tables without rows left out. */
    private static Map<String, Integer> counts(Path directory) throws SQLException {
        Map<String, Integer> counts = new HashMap<>();
        try (Connection connection = DriverManager.getConnection("jdbc:mosslsm:" + directory);
                Statement statement = connection.createStatement()) {
            List<String> tables = new ArrayList<>();
            try (ResultSet rs = connection.getMetaData().getTables(null, "public", "%", new String[] {"TABLE"})) {
                while (rs.next()) {
                    tables.add(rs.getString("TABLE_NAME"));
                }
            }
            for (String table : tables) {
                // Whole rows, every column: COUNT(*) would be answered from an index.
                try (ResultSet rs = statement.executeQuery("SELECT * FROM " + table)) {
                    int columns = rs.getMetaData().getColumnCount();
                    while (rs.next()) {
                        for (int c = 1; c <= columns; c++) {
                            rs.getObject(c);
                        }
                        counts.merge(table, 1, Integer::sum);
                    }
                }
            }
        }
        return counts;
    }
}

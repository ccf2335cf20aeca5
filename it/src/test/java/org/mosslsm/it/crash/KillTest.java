package org.mosslsm.it.crash;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mosslsm.it.testkit.ChildJvm;

/**
 * A child JVM writes and is killed at a random moment, again and again in one directory: after each kill every
 * acknowledged transaction is there, and every transaction is there whole or not at all. {@code -Dkill.rounds} (default
 * 20) and {@code -Dkill.seed} replay or lengthen it.
 */
class KillTest {
    private static final int THREADS = 2;

    @Test
    void acknowledgedTransactionsSurviveTheKill(@TempDir Path directory) throws Exception {
        // A memtable this small is flushed and compacted while the child writes, so that kills hit those, too.
        Path database = directory.resolve("db");
        killRounds(database, "?memtableBytes=65536");
        assertTrue(database.toFile().list((d, name) -> name.endsWith(".sst")).length > 0, "nothing was flushed");
    }

    @Test
    void acknowledgedTransactionsSurviveTheKillWithoutSync(@TempDir Path directory) throws Exception {
        killRounds(directory.resolve("db"), "?durability=process");
    }

    private static void killRounds(Path directory, String options) throws Exception {
        int rounds = Integer.getInteger("kill.rounds", 20);
        long seed = Long.getLong("kill.seed", System.nanoTime());
        System.out.println("KillTest: " + rounds + " rounds" + options + ", seed " + seed);
        Random random = new Random(seed);
        String url = "jdbc:mosslsm:" + directory + options;
        Map<Integer, Integer> acknowledged = new HashMap<>();
        for (int round = 0; round < rounds; round++) {
            int total = runAndKill(url, 1 + random.nextInt(600), acknowledged);
            assertTrue(total > 0, "round " + round + " of seed " + seed + ": the child acknowledged nothing");
            check(url, acknowledged, "round " + round + " of seed " + seed);
        }
    }

    /** Lets a child write until that many acknowledgements were read, kills it, and reads what it still had to say. */
    private static int runAndKill(String url, int acknowledgements, Map<Integer, Integer> acknowledged)
            throws Exception {
        int seen = 0;
        try (ChildJvm child =
                ChildJvm.start(KillWriter.class.getName(), List.of("-Xmx256m"), List.of(url, "" + THREADS))) {
            for (String line = child.readLine(); line != null; line = child.readLine()) {
                String[] words = line.split(" ", -1);
                if (!words[0].equals("ack") || words.length != 3) {
                    throw new AssertionError("the child said: " + line + "\n" + String.join("\n", child.readAll()));
                }
                acknowledged.merge(Integer.parseInt(words[1]), Integer.parseInt(words[2]), Math::max);
                if (++seen == acknowledgements) {
                    child.kill();
                }
            }
        }
        return seen;
    }

    private static void check(String url, Map<Integer, Integer> acknowledged, String where) throws Exception {
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement()) {
            for (int t = 0; t < THREADS; t++) {
                TreeMap<Integer, Integer> sides = new TreeMap<>();
                try (ResultSet rs = statement.executeQuery(
                        "SELECT n, COUNT(*), SUM(amount) FROM ledger WHERE t = " + t + " GROUP BY n ORDER BY n")) {
                    while (rs.next()) {
                        sides.put(rs.getInt(1), rs.getInt(2));
                        assertEquals(2, rs.getInt(2), where + ": half of transaction " + t + "/" + rs.getInt(1));
                        assertEquals(0, rs.getLong(3), where + ": wrong amounts in " + t + "/" + rs.getInt(1));
                    }
                }
                int newest = sides.isEmpty() ? 0 : sides.lastKey();
                int acked = acknowledged.getOrDefault(t, 0);
                assertTrue(newest >= acked, where + ": thread " + t + " lost " + (newest + 1) + ".." + acked);
                assertTrue(newest <= acked + 1, where + ": thread " + t + " has " + newest + " after ack " + acked);
                for (int n = 1; n <= newest; n++) {
                    boolean deleted = n % 4 == 2 && n + 2 <= newest;
                    assertEquals(!deleted, sides.containsKey(n), where + ": transaction " + t + "/" + n);
                }
                acknowledged.put(t, newest);
            }
            // Asking for memo needs the rows; amount alone is answered from the index.
            Set<String> rows = new TreeSet<>();
            try (ResultSet rs = statement.executeQuery("SELECT t, n, side, amount, memo FROM ledger")) {
                while (rs.next()) {
                    rows.add(rs.getInt(1) + "/" + rs.getInt(2) + "/" + rs.getInt(3) + "/" + rs.getLong(4));
                    assertEquals(KillWriter.memo(rs.getInt(2)), rs.getString(5), where + ": a row's text");
                }
            }
            Set<String> entries = new TreeSet<>();
            try (ResultSet rs = statement.executeQuery(
                    "SELECT t, n, side, amount FROM ledger WHERE amount > -1000000000 ORDER BY amount")) {
                while (rs.next()) {
                    entries.add(rs.getInt(1) + "/" + rs.getInt(2) + "/" + rs.getInt(3) + "/" + rs.getLong(4));
                }
            }
            assertEquals(rows, entries, where + ": index and table differ");
        }
    }
}

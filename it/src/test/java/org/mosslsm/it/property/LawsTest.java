package org.mosslsm.it.property;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every {@link Law} holds on random tables of every type. {@code -Dlaws.seed=} repeats one round, {@code -Dlaws.rounds=}
 * runs more; a broken law is shrunk to the smallest case that still breaks it.
 */
class LawsTest {
    private static final int CASES = 40;

    /** Smaller cases tried at the most. */
    private static final int SHRINKS = 1_500;

    @TempDir
    Path directory;

    private int databases;

    @Test
    void everyLawHolds() throws SQLException {
        Long fixed = Long.getLong("laws.seed");
        int rounds = fixed != null ? 1 : Integer.getInteger("laws.rounds", 12);
        long first = fixed != null ? fixed : System.nanoTime();
        long held = 0;
        for (int round = 0; round < rounds; round++) {
            long seed = first + round;
            System.out.println("LawsTest -Dlaws.seed=" + seed);
            held += hold(new Random(seed));
        }
        assertTrue(held >= (long) rounds * CASES * Law.values().length);
        System.out.println("LawsTest: " + held + " laws held");
    }

    private long hold(Random random) throws SQLException {
        Tables tables = Tables.draw(random);
        long held = 0;
        try (Connection indexed = open(tables, true);
                Connection bare = open(tables, false)) {
            for (int i = 0; i < CASES; i++) {
                Case drawn = Case.draw(tables, random);
                for (Law law : Law.values()) {
                    if (broken(law, indexed, bare, drawn) != null) {
                        Case smallest = shrunk(law, drawn);
                        fail(law + ": " + brokenAnew(law, smallest) + "\n" + smallest);
                    }
                    held++;
                }
            }
        }
        return held;
    }

    private static String broken(Law law, Connection indexed, Connection bare, Case drawn) {
        try {
            return law.broken(indexed, bare, drawn);
        } catch (SQLException | RuntimeException e) {
            return e.toString();
        }
    }

    /** The smallest case found that breaks the law in the same way: by a wrong answer, or by an error of one state. */
    private Case shrunk(Law law, Case drawn) {
        Case smallest = drawn;
        String kind = kind(brokenAnew(law, drawn));
        int tries = 0;
        boolean smaller = true;
        while (smaller && tries < SHRINKS) {
            smaller = false;
            for (Case candidate : smallest.smaller()) {
                if (tries++ < SHRINKS && kind(brokenAnew(law, candidate)).equals(kind)) {
                    smallest = candidate;
                    smaller = true;
                    break;
                }
            }
        }
        return smallest;
    }

    private static String kind(String broken) {
        return broken == null
                ? "held"
                : broken.contains("Exception") ? broken.substring(0, Math.min(60, broken.length())) : "wrong";
    }

    /** As {@link #broken}, on databases made for this alone. */
    private String brokenAnew(Law law, Case drawn) {
        try (Connection indexed = open(drawn.tables(), true);
                Connection bare = open(drawn.tables(), false)) {
            return broken(law, indexed, bare, drawn);
        } catch (SQLException e) {
            return e.toString();
        }
    }

    private Connection open(Tables tables, boolean indexed) throws SQLException {
        Connection connection = DriverManager.getConnection(
                "jdbc:mosslsm:" + directory.resolve("db" + databases++) + "?durability=none&memtableBytes=64k");
        try (Statement statement = connection.createStatement()) {
            for (String sql : tables.create()) {
                statement.execute(sql);
            }
            for (String sql : tables.indexes()) {
                if (indexed || !Tables.nameOfUnique(sql).isEmpty()) { // which decides on the rows, too
                    statement.execute(sql);
                }
            }
            for (String sql : tables.rows()) {
                statement.execute(sql);
            }
            for (String sql : tables.indexes()) {
                if (!indexed && !Tables.nameOfUnique(sql).isEmpty()) {
                    statement.execute("DROP INDEX " + Tables.nameOfUnique(sql));
                }
            }
            return connection;
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
    }

    @Test
    void aCaseIsShrunkToWhatMatters() {
        Tables tables =
                new Tables(List.of(), List.of("i"), List.of("r0", "r1", "r2", "r3"), List.of(List.of(), List.of()));
        Term where = Term.of(
                Kind.BOOLEAN, "({0} AND {1})", Term.of(Kind.BOOLEAN, "guilty"), Term.of(Kind.BOOLEAN, "innocent"));
        Case smallest = new Case(tables, "", Term.constant(Kind.BOOLEAN, true), where, 0);
        boolean smaller = true;
        while (smaller) {
            smaller = false;
            for (Case candidate : smallest.smaller()) {
                if (candidate.tables().rows().contains("r2")
                        && candidate.where().literal().contains("guilty")) {
                    smallest = candidate;
                    smaller = true;
                    break;
                }
            }
        }
        assertEquals(List.of("r2"), smallest.tables().rows());
        assertEquals(List.of(), smallest.tables().indexes());
        assertEquals("guilty", smallest.where().literal());
    }
}

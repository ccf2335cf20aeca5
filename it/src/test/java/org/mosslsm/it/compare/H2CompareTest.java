package org.mosslsm.it.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Random tables, changes, transactions and queries give the same on H2. {@code -Dcompare.seed=} repeats one round,
 * {@code -Dcompare.rounds=} runs more.
 */
class H2CompareTest {
    private static final String H2 = "jdbc:h2:mem:;MODE=PostgreSQL;DATABASE_TO_LOWER=TRUE;DEFAULT_NULL_ORDERING=HIGH";

    private static final String MOSS = System.getProperty("compare.url", "jdbc:mosslsm:{dir}?durability=process");

    @Test
    void randomStatementsGiveTheSameOnH2(@TempDir Path directory) throws Exception {
        Long fixed = Long.getLong("compare.seed");
        int rounds = fixed != null ? 1 : Integer.getInteger("compare.rounds", 8);
        long first = fixed != null ? fixed : System.nanoTime();
        for (int round = 0; round < rounds; round++) {
            long seed = first + round;
            System.out.println("H2CompareTest -Dcompare.seed=" + seed);
            try (Engine moss = open(MOSS.replace(
                            "{dir}", directory.resolve("db" + round).toString()));
                    Engine h2 = open(H2)) {
                new Round(moss, h2, new Random(seed)).run();
            }
        }
    }

    private static Engine open(String url) throws SQLException {
        return new Engine(DriverManager.getConnection(url));
    }

    /** One pair of databases. */
    private static final class Round {
        private final Engine moss;
        private final Engine h2;
        private final Random random;
        private final List<TableShape> tables;
        private final RandomSql sql;
        private int compared;
        private int refused;

        Round(Engine moss, Engine h2, Random random) {
            this.moss = moss;
            this.h2 = h2;
            this.random = random;
            this.tables = List.of(
                    TableShape.draw("t0", random), TableShape.draw("t1", random), TableShape.draw("t2", random));
            this.sql = new RandomSql(random, tables);
        }

        void run() throws SQLException {
            for (TableShape table : tables) {
                change(table.create());
                table.indexes().forEach(this::change);
            }
            assertEquals(0, refused, "tables and indexes must be accepted");
            for (int step = 0; step < 60; step++) {
                if (random.nextInt(4) == 0) {
                    transaction();
                } else {
                    changes(1 + random.nextInt(5));
                }
                for (int i = 0; i < 6; i++) {
                    compare(sql.query());
                }
                compare(sql.everything(tables.get(random.nextInt(tables.size()))));
            }
            for (TableShape table : tables) {
                compare(sql.everything(table));
            }
            assertTrue(compared > 300);
        }

        private void changes(int count) {
            for (int i = 0; i < count; i++) {
                change(sql.change());
            }
        }

        /** Changes, a savepoint, more changes, and then some way to go on. */
        private void transaction() throws SQLException {
            moss.connection().setAutoCommit(false);
            h2.connection().setAutoCommit(false);
            changes(1 + random.nextInt(3));
            Savepoint mossPoint = moss.connection().setSavepoint("p");
            Savepoint h2Point = h2.connection().setSavepoint("p");
            changes(1 + random.nextInt(3));
            compare(sql.query());
            if (random.nextBoolean()) {
                moss.connection().rollback(mossPoint);
                h2.connection().rollback(h2Point);
                compare(sql.everything(tables.get(random.nextInt(tables.size()))));
                changes(1);
            }
            if (random.nextBoolean()) {
                moss.connection().commit();
                h2.connection().commit();
            } else {
                moss.connection().rollback();
                h2.connection().rollback();
            }
            moss.connection().setAutoCommit(true);
            h2.connection().setAutoCommit(true);
        }

        private void change(String statement) {
            String expected = h2.change(statement);
            assertEquals(expected, moss.change(statement), statement);
            refused += expected.startsWith("refused") ? 1 : 0;
        }

        private void compare(RandomSql.Query query) {
            List<String> expected = h2.query(query);
            assertFalse(
                    expected.size() == 1 && expected.get(0).startsWith("refused"),
                    () -> "H2 refuses a drawn query: " + query.sql() + " " + expected);
            assertEquals(expected, moss.query(query), () -> query.sql() + "\n" + moss.explain(query.sql()));
            compared++;
        }
    }
}

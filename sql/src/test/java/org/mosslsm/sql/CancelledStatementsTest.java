// Every kind of statement can be cancelled, wherever it is.
package org.mosslsm.sql;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.mosslsm.kv.Store;
import org.mosslsm.kv.StoreProvider;
import org.mosslsm.sql.LongStatements.Kind;
import org.mosslsm.sql.error.SqlException;

/**
 * A statement asks again and again whether it was cancelled. It is run once to count how often, then again and cancelled at
 * some of these looks: it fails with 57014, nothing of it remains, and its transaction goes on, in which the same statement
 * answers what it did before. CHECK DATABASE finds nothing after that. What a cancel takes is the time between two looks; the
 * longest, in processor time, is printed. Statements of hostile size are run by {@code -Dcancel.rows=150000 -Dcancel.scale=1
 * -Dcancel.url=folder}.
 */
class CancelledStatementsTest {
    private static final int ROWS = Integer.getInteger("cancel.rows", 2_000);
    private static final double SCALE = Double.parseDouble(System.getProperty("cancel.scale", "0.02"));
    private static final int CANCELS = 3;

    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
    private static Database database;
    private static Session session;

    private final long seed = Long.getLong("cancel.seed", System.nanoTime());
    private final Random random = new Random(seed);
    private static int runs;

    @BeforeAll
    static void create() {
        database = Database.open(System.getProperty("cancel.url", "mem:cancelled"), Map.of());
        session = database.connect();
        LongStatements.create(session, ROWS, SCALE);
        session.setAutoCommit(false);
    }

    @AfterAll
    static void close() {
        database.close();
    }

    static Stream<Kind> kinds() {
        return LongStatements.all(SCALE).stream();
    }

    /** Counts the looks, and says yes from one of them on. */
    private static final class Looks implements BooleanSupplier {
        private final long cancelAt;
        private long count;
        private long last = THREADS.getCurrentThreadCpuTime();
        private long longest;

        /** Rows, or rows changed. */
        private long answered;

        Looks(long cancelAt) {
            this.cancelAt = cancelAt;
        }

        @Override
        public boolean getAsBoolean() {
            long now = THREADS.getCurrentThreadCpuTime();
            longest = Math.max(longest, now - last);
            last = now;
            return ++count >= cancelAt;
        }
    }

    private static long run(String sql, BooleanSupplier cancelled) {
        RunOptions options = new RunOptions(0, List.of(), cancelled);
        Outcome outcome = session.prepare(sql, options).execute(List.of(), options);
        if (outcome.rows().isEmpty()) {
            return outcome.updateCount();
        }
        try (RowCursor rows = outcome.rows().get()) {
            long count = 0;
            while (rows.next()) {
                count++;
            }
            return count;
        }
    }

    private static void prepare(Kind kind) {
        kind.before().forEach(sql -> run(sql, () -> false));
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void stopsAtAnyLookAndLeavesNothingBehind(Kind kind) {
        Looks first = complete(kind); // may have more to plan, and classes to load
        Looks all = complete(kind);
        System.out.printf(
                Locale.ROOT,
                "%s: %d looks, at most %.1f ms of processor time from one to the next%n",
                kind,
                all.count,
                Math.min(first.longest, all.longest) / 1e6);
        for (int i = 0; i < CANCELS; i++) {
            long at = 1L + random.nextInt((int) Math.min(all.count - 1, Integer.MAX_VALUE));
            String message = kind + ", cancelled at look " + at + " of " + all.count + ", seed " + seed;
            prepare(kind);
            String before = state();

            SqlException e = assertThrows(SqlException.class, () -> run(anew(kind), new Looks(at)), message);

            assertEquals("57014", e.sqlState(), () -> message + ": " + e.getMessage());
            assertTrue(session.inTransaction(), message);
            assertEquals(before, state(), message);
            if (i == 0) {
                assertEquals(all.answered, run(anew(kind), () -> false), () -> "again after " + message);
            }
            session.rollback();
        }
        assertEquals(0, run("CHECK DATABASE", () -> false), () -> kind + ", seed " + seed);
        session.rollback();
    }

    private Looks complete(Kind kind) {
        prepare(kind);
        Looks looks = new Looks(Long.MAX_VALUE);
        looks.answered = run(anew(kind), looks);
        looks.getAsBoolean();
        session.rollback();
        return looks;
    }

    /** Another text, that there is no plan of yet. */
    private String anew(Kind kind) {
        return kind.sql() + " -- " + ++runs;
    }

    /** What the tables hold that statements change, and which tables there are. */
    private static String state() {
        StringBuilder state = new StringBuilder();
        for (String sql : List.of(
                "SELECT COUNT(*) || ', ' || SUM(id) || ', ' || SUM(b) || ', ' || SUM(length(s)) FROM t",
                "SELECT COUNT(*) || ', ' || SUM(p) FROM child",
                "SELECT COUNT(*) || ', ' || SUM(id) FROM parent",
                "SELECT COUNT(*) FROM empty",
                "SELECT COUNT(*) FROM information_schema.columns",
                "SELECT COUNT(*) FROM information_schema.table_constraints")) {
            try (RowCursor rows = session.prepare(sql)
                    .execute(List.of(), RunOptions.PLAIN)
                    .rows()
                    .orElseThrow()) {
                assertTrue(rows.next());
                state.append(rows.row().get(0)).append("; ");
            }
        }
        return state.toString();
    }

    @Test
    void aCommitCancelledBeforeItBeginsLeavesTheTransactionOpen() {
        run("UPDATE t SET b = b + 1", () -> false);
        String changed = state();

        SqlException e = assertThrows(SqlException.class, () -> run("COMMIT", () -> true));

        assertEquals("57014", e.sqlState());
        assertEquals(changed, state());
        session.rollback();
    }

    @Test
    void aCommitOfManyRowsAsksUntilItsEnd(@TempDir Path directory) {
        Store store = StoreProvider.openStore(directory.toString(), Map.of());
        try (Database large = Database.open(store, 1 << 14);
                Session own = large.connect()) {
            own.prepare("CREATE TABLE m (id INTEGER PRIMARY KEY)").execute(List.of());
            own.setAutoCommit(false);
            String insert = "INSERT INTO m SELECT * FROM generate_series(1, 20000)";
            Looks all = new Looks(Long.MAX_VALUE);
            own.prepare(insert).execute(List.of());
            own.prepare("COMMIT").execute(List.of(), new RunOptions(0, List.of(), all));
            own.prepare("DELETE FROM m").execute(List.of());
            own.commit();
            assertTrue(all.count > 2, () -> all.count + " looks");
            own.prepare(insert).execute(List.of());

            RunOptions late = new RunOptions(0, List.of(), new Looks(all.count));
            SqlException e =
                    assertThrows(SqlException.class, () -> own.prepare("COMMIT").execute(List.of(), late));

            assertEquals("the statement was cancelled", e.getMessage());
            assertEquals("57014", e.sqlState());
            assertEquals(false, own.inTransaction());
            try (RowCursor rows =
                    own.prepare("SELECT * FROM m").execute(List.of()).rows().orElseThrow()) {
                assertEquals(false, rows.next());
            }
            own.prepare(insert).execute(List.of());
            own.setStatementTimeoutMillis(1);
            e = assertThrows(SqlException.class, own::commit);
            assertEquals("57014", e.sqlState());
            assertTrue(e.getMessage().contains("longer than its timeout of 1 ms"), e.getMessage());
            assertEquals(false, own.inTransaction());
        }
    }

    /** Says yes inside a class. */
    private static BooleanSupplier in(String type) {
        return () -> StackWalker.getInstance()
                .walk(frames -> frames.anyMatch(f -> f.getClassName().endsWith("." + type)));
    }

    @Test
    void aBatchIsCancelledWhileItIsPlannedAnew() {
        PreparedSql insert = session.prepare("INSERT INTO empty (id) VALUES (?)");
        run("CREATE INDEX anew ON empty (id)", () -> false);
        RunOptions options = new RunOptions(0, List.of(), in("StatementCompiler"));

        BatchOutcome outcome =
                insert.executeBatch(List.of(List.of(1L), List.of(2L)), options).orElseThrow();

        assertEquals("57014", outcome.failure().orElseThrow().sqlState());
        session.rollback();
    }

    @Test
    void aCancelReachesABinderOfManyRelations() {
        String sql = "SELECT " + "(SELECT COUNT(*) FROM empty), ".repeat(300) + "1";

        SqlException e = assertThrows(SqlException.class, () -> run(sql, in("Expansion")));

        assertEquals("57014", e.sqlState());
        session.rollback();
    }

    @Test
    void aCancelWhileAViewIsBoundSaysNothingOfTheView() {
        run("CREATE VIEW v AS SELECT id, b + 1 AS b FROM t WHERE id IN (" + "1, ".repeat(2_000) + "2)", () -> false);

        SqlException e = assertThrows(SqlException.class, () -> run("SELECT * FROM v", in("BindContext")));

        assertEquals("57014", e.sqlState());
        assertEquals("the statement was cancelled", e.getMessage());
        session.rollback();
    }
}

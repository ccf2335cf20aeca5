package org.mosslsm.sql;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.management.ManagementFactory;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.mosslsm.sql.error.SqlException;

/** Statements of one row by its whole key, the commonest there are: what they answer, and that they cost little. */
class PointStatementTest {
    private Database database;
    private Session session;

    @BeforeEach
    void fill() {
        database = Database.open("mem:points-" + System.nanoTime(), Map.of());
        session = database.connect();
        run("CREATE TABLE t (a SMALLINT, b VARCHAR(10), n INTEGER, PRIMARY KEY (a, b))");
        run("CREATE TABLE d (id DECIMAL(6, 2) PRIMARY KEY, n INTEGER)");
        run("INSERT INTO t VALUES (1, 'x', 10), (1, 'y', 20), (2, 'x', 0)");
        run("INSERT INTO d VALUES (1.50, 1), (2, 2)");
    }

    @AfterEach
    void close() {
        session.close();
        database.close();
    }

    private Outcome run(String sql, Object... parameters) {
        return session.prepare(sql).execute(Arrays.asList(parameters));
    }

    private String rows(String sql, Object... parameters) {
        StringBuilder text = new StringBuilder();
        try (RowCursor rows = run(sql, parameters).rows().orElseThrow()) {
            while (rows.next()) {
                for (int i = 0; i < rows.row().size(); i++) {
                    text.append(rows.row().get(i)).append(i + 1 < rows.row().size() ? "," : ";");
                }
            }
            assertFalse(rows.next());
        }
        return text.toString();
    }

    @Test
    void findsTheRowOfTheKeyAndNoOther() {
        assertEquals("20,y;", rows("SELECT n, b FROM t WHERE a = ? AND b = ?", 1L, "y"));
        assertEquals("", rows("SELECT n, b FROM t WHERE a = ? AND b = ?", 1L, "z"));
        assertEquals("2;", rows("SELECT n FROM d WHERE id = ?", new BigDecimal("2.000")));
    }

    @Test
    void aValueThatTheColumnCannotHoldIsNoKey() {
        assertEquals("", rows("SELECT n FROM t WHERE a = ? AND b = ?", null, "x"));
        assertEquals("", rows("SELECT n FROM t WHERE a = CAST(? AS BIGINT) AND b = 'x'", 65_537L));
        assertEquals("", rows("SELECT n FROM t WHERE a = CAST(? AS DECIMAL(9, 2)) AND b = 'x'", new BigDecimal("1.5")));
        assertEquals(
                "10;", rows("SELECT n FROM t WHERE a = CAST(? AS DECIMAL(9, 2)) AND b = 'x'", new BigDecimal("1.0")));
        assertEquals("", rows("SELECT n FROM d WHERE id = CAST(? AS DECIMAL(9, 4))", new BigDecimal("1.5001")));
    }

    @Test
    void otherConditionsAreAskedOfTheRow() {
        assertEquals("x;", rows("SELECT b FROM t WHERE a = 1 AND b = 'x' AND n > 5"));
        assertEquals("", rows("SELECT b FROM t WHERE a = 2 AND b = 'x' AND n > 5"));
        assertThrows(SqlException.class, () -> rows("SELECT b FROM t WHERE a = 2 AND b = 'x' AND 1 / n > 5"));
        assertEquals("", rows("SELECT b FROM t WHERE a = 3 AND b = 'x' AND 1 / n > 5"), "no row, nothing to divide");
    }

    @Test
    void theRowIsThatOfTheStartWhateverComesLater() {
        session.setAutoCommit(false);
        try (RowCursor rows =
                run("SELECT n FROM t WHERE a = 1 AND b = 'x'").rows().orElseThrow()) {
            run("UPDATE t SET n = 11 WHERE a = 1 AND b = 'x'");
            run("INSERT INTO t VALUES (1, 'z', 30)");
            assertTrue(rows.next());
            assertEquals(10L, rows.row().get(0));
            assertFalse(rows.next());
        }
        assertEquals("11;", rows("SELECT n FROM t WHERE a = 1 AND b = 'x'"));
        session.rollback();
    }

    @Test
    void eachRowOfAJoinLooksForItsOwn() {
        assertEquals("1.50,10;2.00,0;", rows("SELECT d.id, t.n FROM d JOIN t ON t.a = d.n AND t.b = 'x' ORDER BY 1"));
    }

    /** Interpreted code makes every object that is written down, compiled code fewer: the bound holds for both. */
    @Test
    void makesFewObjects() {
        PreparedSql prepared = session.prepare("SELECT n FROM t WHERE a = ? AND b = ?");
        long least = Long.MAX_VALUE;
        for (int batch = 0; batch < 5; batch++) {
            long before = allocatedBytes();
            for (int i = 0; i < 1000; i++) {
                try (RowCursor rows = prepared.execute(List.of(1L, "x")).rows().orElseThrow()) {
                    assertTrue(rows.next());
                }
            }
            least = Math.min(least, (allocatedBytes() - before) / 1000);
        }
        assertTrue(least < 2300, least + " bytes");
    }

    private static long allocatedBytes() {
        return ((com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean())
                .getThreadAllocatedBytes(Thread.currentThread().getId());
    }
}

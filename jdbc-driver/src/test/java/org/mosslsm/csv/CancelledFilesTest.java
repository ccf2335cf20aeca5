// Imports and exports can be cancelled.
package org.mosslsm.csv;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.Reader;
import java.io.StringReader;
import java.io.StringWriter;
import java.io.Writer;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class CancelledFilesTest {
    private Connection connection;

    @BeforeEach
    void open() throws SQLException {
        connection = DriverManager.getConnection("jdbc:mosslsm:mem:" + UUID.randomUUID());
        execute("CREATE TABLE t (id INT PRIMARY KEY, s TEXT)");
    }

    @AfterEach
    void close() throws SQLException {
        connection.close();
    }

    private void execute(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private long count(String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            assertTrue(rows.next());
            return rows.getLong(1);
        }
    }

    /** A file without an end, which does something after so many reads. */
    private static final class Endless extends Reader {
        private final String line;
        private final int reads;
        private final Runnable then;
        private int done;
        private int id;
        private String rest = "id,s\n";

        Endless(String line, int reads, Runnable then) {
            this.line = line;
            this.reads = reads;
            this.then = then;
        }

        @Override
        public int read(char[] buffer, int offset, int length) {
            if (++done == reads) {
                then.run();
            }
            if (rest.isEmpty()) {
                rest = line.replace("#", String.valueOf(++id));
            }
            int n = Math.min(length, rest.length());
            rest.getChars(0, n, buffer, offset);
            rest = rest.substring(n);
            return n;
        }

        @Override
        public void close() {
            // nothing is open
        }
    }

    private static void assertCancelled(SQLException e) {
        assertEquals("57014", e.getSQLState(), e::getMessage);
    }

    @Test
    void anImportThatIsCancelledLeavesNothing() throws Exception {
        TableImport rows = new TableImport(connection, "t");

        SQLException e = assertThrows(SQLException.class, () -> rows.run(new Endless("#,x\n", 1_000, rows::cancel)));

        assertCancelled(e);
        assertTrue(connection.getAutoCommit());
        assertEquals(0, count("SELECT COUNT(*) FROM t"));
        assertEquals(1, rows.run(new StringReader("id,s\n1,x\n"))); // the cancel was for the one before
    }

    @Test
    void aCancelBeforeTheRunBeginsIsNotLost() throws Exception {
        TableImport in = new TableImport(connection, "t");
        TableExport out = new TableExport(connection, "TABLE t");
        in.cancel();
        out.cancel();

        assertCancelled(assertThrows(SQLException.class, () -> in.run(new StringReader("id,s\n1,x\n"))));
        assertCancelled(assertThrows(SQLException.class, () -> out.run(new StringWriter())));

        assertEquals(0, count("SELECT COUNT(*) FROM t"));
        assertEquals(1, in.run(new StringReader("id,s\n1,x\n")));
        assertEquals(1, out.run(new StringWriter()));
    }

    @Test
    void noLineIsBlamedForWhatIsWrongWithNone() throws Exception {
        try (Connection other =
                DriverManager.getConnection(connection.getMetaData().getURL())) {
            other.setAutoCommit(false);
            try (Statement statement = other.createStatement()) {
                statement.execute("INSERT INTO t VALUES (1, 'locked')");
            }
            execute("SET lock_timeout = 1");
            StringBuilder many = new StringBuilder("id,s\n");
            for (int i = 1; i <= 64; i++) {
                many.append(i).append(",x\n");
            }
            for (String file : List.of("id,s\n1,x\n", many.toString())) {
                SQLException e = assertThrows(
                        SQLException.class, () -> new TableImport(connection, "t").run(new StringReader(file)));

                assertEquals("HYT00", e.getSQLState(), e::getMessage);
                assertFalse(e.getMessage().contains("line"), e::getMessage);
            }
            other.rollback();
        }
    }

    @Test
    void anImportInATransactionUndoesItselfAlone() throws Exception {
        connection.setAutoCommit(false);
        execute("INSERT INTO t VALUES (-1, 'before')");
        TableImport rows = new TableImport(connection, "t");

        assertCancelled(assertThrows(SQLException.class, () -> rows.run(new Endless("#,x\n", 500, rows::cancel))));

        assertEquals(1, count("SELECT COUNT(*) FROM t"));
        connection.commit();
    }

    @Test
    void whatWasCommittedInPiecesStays() throws Exception {
        TableImport rows = new TableImport(connection, "t").commitEvery(100);

        assertCancelled(assertThrows(SQLException.class, () -> rows.run(new Endless("#,x\n", 450, rows::cancel))));

        assertEquals(400, count("SELECT COUNT(*) FROM t"));
    }

    @Test
    void aValueWithoutAnEndIsReadNoFurther() throws Exception {
        TableImport rows = new TableImport(connection, "t");

        assertCancelled(
                assertThrows(SQLException.class, () -> rows.run(new Endless("x".repeat(1_000), 3_000, rows::cancel))));

        assertEquals(0, count("SELECT COUNT(*) FROM t"));
    }

    private static boolean isIn(String code, Thread thread) {
        return Arrays.stream(thread.getStackTrace())
                .anyMatch(frame -> frame.getClassName().startsWith(code));
    }

    /** A thread also waits for other things, for a class to be loaded or a file to be synced: where it waits tells. */
    private static boolean waitsForLock(Thread thread) {
        Thread.State state = thread.getState();
        return (state == Thread.State.TIMED_WAITING || state == Thread.State.WAITING)
                && isIn("org.mosslsm.kv.txn.LockTable", thread);
    }

    /** Starts the thread, cancels once when it is where it should be, and waits for its end. */
    private static void cancelWhen(Predicate<Thread> there, Thread thread, Runnable cancel)
            throws InterruptedException {
        thread.start();
        while (!there.test(thread)) {
            assertNotEquals(Thread.State.TERMINATED, thread.getState(), "it ended before");
            Thread.onSpinWait();
        }
        cancel.run();
        thread.join();
    }

    @Test
    void aStatementOfAnImportIsCancelled() throws Exception {
        try (Connection other =
                DriverManager.getConnection(connection.getMetaData().getURL())) {
            other.setAutoCommit(false);
            try (Statement statement = other.createStatement()) {
                statement.execute("SET lock_timeout = 1000000");
                statement.execute("INSERT INTO t VALUES (1, 'locked')");
            }
            execute("SET lock_timeout = 1000000");
            TableImport rows = new TableImport(connection, "t");
            SQLException[] thrown = {null};
            Thread thread = new Thread(() -> thrown[0] =
                    assertThrows(SQLException.class, () -> rows.run(new StringReader("id,s\n1,waits for the lock\n"))));

            cancelWhen(CancelledFilesTest::waitsForLock, thread, rows::cancel);

            assertCancelled(thrown[0]);
            other.rollback();
        }
        assertEquals(0, count("SELECT COUNT(*) FROM t"));
    }

    @Test
    void anExportIsCancelledWhileItsQueryGivesNoRow() throws Exception {
        TableExport rows =
                new TableExport(connection, "SELECT i FROM generate_series(1, 1000000000000) AS g (i) WHERE i < 0");
        SQLException[] thrown = {null};
        Thread thread =
                new Thread(() -> thrown[0] = assertThrows(SQLException.class, () -> rows.run(new StringWriter())));

        cancelWhen(t -> isIn("org.mosslsm.sql.exec.SeriesOperator$Run", t), thread, rows::cancel);

        assertCancelled(thrown[0]);
        assertEquals(0, count("SELECT COUNT(*) FROM t"));
    }

    @Test
    void anExportIsCancelledWhileItWrites() {
        TableExport[] rows = {null};
        Writer file = new Writer() {
            private int writes;

            @Override
            public void write(char[] buffer, int offset, int length) throws IOException {
                if (++writes == 10) {
                    rows[0].cancel();
                }
            }

            @Override
            public void flush() {
                // nothing is kept
            }

            @Override
            public void close() {
                // nothing is open
            }
        };
        rows[0] = new TableExport(connection, "SELECT i FROM generate_series(1, 1000000000000) AS g (i)")
                .format(CsvFormat.TEXT);

        assertCancelled(assertThrows(SQLException.class, () -> rows[0].run(file)));
    }
}

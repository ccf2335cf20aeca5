package org.mosslsm.it.isolation;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;

/** Connections to one database in memory, each with a thread of its own for statements that wait. */
final class Sessions implements AutoCloseable {
    private static final String URL = System.getProperty("isolation.url", "jdbc:mosslsm:mem:isolation");

    private final List<Session> open = new ArrayList<>();
    private final ExecutorService threads = Executors.newCachedThreadPool();

    /** One connection in a transaction, or in autocommit for {@link #setup}. */
    final class Session {
        private final Connection connection;

        Session(Connection connection) {
            this.connection = connection;
        }

        int update(String sql) throws SQLException {
            try (Statement statement = connection.createStatement()) {
                return statement.executeUpdate(sql);
            }
        }

        /** Runs the update in another thread: it may have to wait for other transactions. */
        Future<Integer> updateLater(String sql) {
            return threads.submit(() -> update(sql));
        }

        /** Runs the query in another thread, and comes back when that waits for another transaction's lock. */
        Future<String> queryThatWaits(String sql) throws InterruptedException {
            CountDownLatch begun = new CountDownLatch(1);
            AtomicReference<Thread> thread = new AtomicReference<>();
            Future<String> result = threads.submit(() -> {
                thread.set(Thread.currentThread());
                begun.countDown();
                return query(sql);
            });
            begun.await();
            while (!result.isDone() && !waitsForLock(thread.get())) {
                Thread.onSpinWait();
            }
            return result;
        }

        /** A thread also waits for other things, for a class to be loaded or a file to be synced: where it waits tells. */
        private static boolean waitsForLock(Thread thread) {
            return thread.getState() == Thread.State.TIMED_WAITING
                    && Arrays.stream(thread.getStackTrace())
                            .anyMatch(frame -> frame.getClassName().equals("org.mosslsm.kv.txn.LockTable"));
        }

        /** The rows, values separated by blanks, rows by commas. */
        String query(String sql) throws SQLException {
            try (Statement statement = connection.createStatement();
                    ResultSet rs = statement.executeQuery(sql)) {
                List<String> rows = new ArrayList<>();
                while (rs.next()) {
                    StringBuilder row = new StringBuilder(rs.getString(1));
                    for (int c = 2; c <= rs.getMetaData().getColumnCount(); c++) {
                        row.append(' ').append(rs.getString(c));
                    }
                    rows.add(row.toString());
                }
                return String.join(",", rows);
            }
        }

        void commit() throws SQLException {
            connection.commit();
        }

        void rollback() throws SQLException {
            connection.rollback();
        }
    }

    /** A connection in autocommit, on which the tables are made. */
    Session setup(String... statements) throws SQLException {
        Session session = connect();
        for (String statement : statements) {
            session.update(statement);
        }
        return session;
    }

    /** A connection with a transaction of this isolation ({@link Connection} constant). */
    Session begin(int isolation) throws SQLException {
        Session session = connect();
        session.connection.setTransactionIsolation(isolation);
        session.connection.setAutoCommit(false);
        return session;
    }

    private Session connect() throws SQLException {
        Session session = new Session(DriverManager.getConnection(URL));
        open.add(session);
        return session;
    }

    @Override
    public void close() throws SQLException {
        for (Session session : open) {
            if (!session.connection.getAutoCommit()) {
                session.connection.rollback();
            }
        }
        threads.shutdown();
        for (Session session : open) {
            session.connection.close();
        }
    }
}

package org.mosslsm.it.crash;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.Statement;

/**
 * The child of {@link KillTest}: writes transactions until it is killed, and says so after each commit.
 *
 * <p>Thread {@code t} writes transaction {@code n = 1, 2, ...} as two rows {@code (t, n, 0, +x)} and {@code (t, n, 1, -x)};
 * an odd one as a single statement in autocommit, an even one as two statements in a transaction; every fourth one also
 * deletes transaction {@code n - 2}. After the commit returned it prints {@code ack t n}.
 */
final class KillWriter {
    static final String CREATE = "CREATE TABLE IF NOT EXISTS ledger (t INTEGER NOT NULL, n INTEGER NOT NULL,"
            + " side INTEGER NOT NULL, amount BIGINT NOT NULL, memo VARCHAR(200), PRIMARY KEY (t, n, side))";

    private KillWriter() {}

    public static void main(String[] args) throws Exception {
        String url = args[0];
        int threads = Integer.parseInt(args[1]);
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement()) {
            statement.execute(CREATE);
            statement.execute("CREATE INDEX IF NOT EXISTS ledger_amount ON ledger (amount)");
            Thread[] writers = new Thread[threads];
            for (int t = 0; t < threads; t++) {
                int thread = t;
                writers[t] = new Thread(() -> write(url, thread), "writer-" + t);
                writers[t].start();
            }
            for (Thread writer : writers) {
                writer.join();
            }
        }
    }

    private static void write(String url, int t) {
        try (Connection connection = DriverManager.getConnection(url)) {
            int n = newest(connection, t) + 1;
            try (PreparedStatement both = connection.prepareStatement(
                            "INSERT INTO ledger (t, n, side, amount, memo) VALUES (?, ?, 0, ?, ?), (?, ?, 1, ?, ?)");
                    PreparedStatement one = connection.prepareStatement("INSERT INTO ledger VALUES (?, ?, ?, ?, ?)");
                    PreparedStatement delete =
                            connection.prepareStatement("DELETE FROM ledger WHERE t = ? AND n = ?")) {
                while (true) {
                    transaction(connection, both, one, delete, t, n);
                    synchronized (System.out) {
                        System.out.println("ack " + t + " " + n);
                        System.out.flush();
                    }
                    n++;
                }
            }
        } catch (Exception e) {
            e.printStackTrace(System.out);
            System.exit(1);
        }
    }

    private static void transaction(
            Connection connection,
            PreparedStatement both,
            PreparedStatement one,
            PreparedStatement delete,
            int t,
            int n)
            throws Exception {
        long amount = 1000L * t + n;
        String memo = memo(n);
        if (n % 2 == 1) {
            both.setInt(1, t);
            both.setInt(2, n);
            both.setLong(3, amount);
            both.setString(4, memo);
            both.setInt(5, t);
            both.setInt(6, n);
            both.setLong(7, -amount);
            both.setString(8, memo);
            both.executeUpdate();
            return;
        }
        connection.setAutoCommit(false);
        for (int side = 0; side < 2; side++) {
            one.setInt(1, t);
            one.setInt(2, n);
            one.setInt(3, side);
            one.setLong(4, side == 0 ? amount : -amount);
            one.setString(5, memo);
            one.executeUpdate();
        }
        if (n % 4 == 0) {
            delete.setInt(1, t);
            delete.setInt(2, n - 2);
            delete.executeUpdate();
        }
        connection.commit();
        connection.setAutoCommit(true);
    }

    /** What the rows of transaction {@code n} say. */
    static String memo(int n) {
        return "transaction " + n + " " + "x".repeat(n % 100);
    }

    private static int newest(Connection connection, int t) throws Exception {
        try (PreparedStatement max = connection.prepareStatement("SELECT MAX(n) FROM ledger WHERE t = ?")) {
            max.setInt(1, t);
            try (ResultSet rs = max.executeQuery()) {
                rs.next();
                return rs.getInt(1);
            }
        }
    }
}

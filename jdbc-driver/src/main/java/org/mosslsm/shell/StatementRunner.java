// Runs statements and prints what comes of them.
package org.mosslsm.shell;

import java.io.IOException;
import java.io.PrintStream;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.sql.Statement;
import java.util.Locale;

/**
 * Runs statements on one connection and prints results, counts and notices. One thread at a time; {@link #cancel} any
 * thread.
 */
final class StatementRunner {
    private final Connection connection;
    private final PrintStream out;
    private final PrintStream err;
    private final boolean quiet;
    private ResultFormat format;
    private boolean timing;
    private volatile Cancellable running = () -> {};

    /** What can be made to end. */
    interface Cancellable {
        void cancel() throws SQLException;
    }

    /** What takes long, of so many rows. */
    interface Work {
        long run() throws SQLException, IOException;
    }

    StatementRunner(Connection connection, Arguments arguments, PrintStream out, PrintStream err) {
        this.connection = connection;
        this.out = out;
        this.err = err;
        this.format = arguments.format();
        this.timing = arguments.timing();
        this.quiet = arguments.quiet();
    }

    Connection connection() {
        return connection;
    }

    PrintStream out() {
        return out;
    }

    void setFormat(ResultFormat format) {
        this.format = format;
    }

    void setTiming(boolean timing) {
        this.timing = timing;
    }

    /**
     * Runs one statement.
     *
     * @param counts whether the number of changed rows is told, as to someone who typed the statement
     * @return rows changed; 0 for queries
     */
    long run(String sql, boolean counts) throws SQLException {
        long start = System.nanoTime();
        long changed = 0;
        try (Statement statement = connection.createStatement()) {
            running = statement::cancel;
            boolean rows = statement.execute(sql);
            warnings(statement.getWarnings());
            if (rows) {
                print(statement.getResultSet());
            } else {
                changed = Math.max(0, statement.getLargeUpdateCount());
                if (counts && format == ResultFormat.TABLE) {
                    out.println(told(sql, changed));
                }
            }
        } finally {
            running = () -> {};
            out.flush();
        }
        if (timing) {
            err.printf(Locale.ROOT, "Time: %.3f ms%n", (System.nanoTime() - start) / 1e6);
        }
        return changed;
    }

    /** Prints the rows of a result and closes it. */
    void print(ResultSet result) throws SQLException {
        try (result) {
            format.print(result, out);
        } finally {
            out.flush();
        }
    }

    /** Does what is no single statement, in the reach of {@link #cancel}; rows read or written. */
    long run(Cancellable what, Work work) throws SQLException, IOException {
        running = what;
        try {
            return work.run();
        } finally {
            running = () -> {};
        }
    }

    /** Makes what runs now fail; harmless when nothing does. */
    void cancel() {
        try {
            running.cancel();
        } catch (SQLException e) {
            // It ended in the meantime: nothing is left to cancel.
        }
    }

    void notice(String text) {
        if (!quiet) {
            err.println(text);
        }
    }

    private void warnings(SQLWarning warning) {
        for (SQLWarning next = warning; next != null; next = next.getNextWarning()) {
            notice("notice: " + next.getMessage());
        }
    }

    private static String told(String sql, long changed) {
        return switch (firstWord(sql)) {
            case "INSERT", "UPDATE", "DELETE" -> changed + (changed == 1 ? " row" : " rows");
            default -> "ok";
        };
    }

    /** The first word, in upper case; empty where the text begins with something else. */
    static String firstWord(String sql) {
        int end = 0;
        while (end < sql.length() && Character.isLetter(sql.charAt(end))) {
            end++;
        }
        return sql.substring(0, end).toUpperCase(Locale.ROOT);
    }
}

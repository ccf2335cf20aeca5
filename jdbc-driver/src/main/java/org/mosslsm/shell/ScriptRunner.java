// Runs scripts.
package org.mosslsm.shell;

import java.io.IOException;
import java.io.PrintStream;
import java.io.Reader;
import java.sql.SQLException;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.mosslsm.csv.TableImport;

/**
 * Runs a script statement by statement.
 *
 * <p>INSERTs outside an explicit transaction are grouped: they run in one transaction that is committed every {@code
 * commitEvery} statements, before any other statement, and at the end, so that a load of many small INSERTs does not pay
 * for a commit each. A kill therefore loses at most the INSERTs since the last commit, each of them whole; an error
 * commits those before it. A commit that fails is an error of its own, told at the first of its INSERTs: it ends the script as
 * any other, or, where the script is to go on, the statement that it stood before runs all the same.
 */
final class ScriptRunner {
    /** How often progress is told of a long run. */
    private static final long PROGRESS_NANOS = 5_000_000_000L;

    private static final Pattern PLACED = Pattern.compile("line (\\d+):(\\d+): (.*)", Pattern.DOTALL);

    private final StatementRunner runner;
    private final Commands commands;
    private final Arguments arguments;
    private final PrintStream err;
    private ScriptSplitter splitter;
    /** Whether the script is in a transaction it began itself; empty where that is to be asked. */
    private Optional<Boolean> begun = Optional.empty();

    private int grouped;
    /** Line of the first of them, and the rows they changed. */
    private int groupLine;

    private long groupChanged;
    private long statements;
    private long changed;
    private int errors;
    private long nextProgress;

    ScriptRunner(StatementRunner runner, Arguments arguments, PrintStream err) {
        this.runner = runner;
        this.commands = new Commands(runner);
        this.arguments = arguments;
        this.err = err;
    }

    /**
     * Runs all statements, or those up to the first error.
     *
     * @param name of the script in messages; empty for statements of the command line
     * @param size in bytes, for progress; 0 when unknown
     * @return whether all went well
     */
    boolean run(Reader script, String name, long size) throws IOException {
        long start = System.nanoTime();
        statements = 0;
        changed = 0;
        errors = 0;
        nextProgress = start + PROGRESS_NANOS;
        splitter = new ScriptSplitter(script);
        boolean goOn = true;
        for (Optional<ScriptSplitter.Item> item = splitter.next(); goOn && item.isPresent(); item = splitter.next()) {
            goOn = step(item.get(), name) || arguments.keepGoing();
            progress(name, splitter.characters(), size, start);
            goOn &= !commands.quit();
        }
        finish(name);
        if (!name.isEmpty()) {
            runner.notice(String.format(
                    Locale.ROOT,
                    "%s: %,d statements, %,d rows changed, %s%.1f s",
                    name,
                    statements,
                    changed,
                    errors == 0 ? "" : errors + (errors == 1 ? " error, " : " errors, "),
                    (System.nanoTime() - start) / 1e9));
        }
        return errors == 0;
    }

    private boolean step(ScriptSplitter.Item item, String name) throws IOException {
        int before = errors;
        try {
            switch (item.kind()) {
                case BACKSLASH -> runner.notice(place(name, item.line()) + "skipped, psql's: " + item.text());
                case DOT -> {
                    if (endGroup(name)) {
                        begun = Optional.empty();
                        commands.run(item.text());
                    }
                }
                case STATEMENT -> statement(item, name);
            }
        } catch (SQLException e) {
            report(e, item, name);
            endGroup(name);
        }
        return errors == before;
    }

    private void statement(ScriptSplitter.Item item, String name) throws SQLException, IOException {
        String sql = item.text();
        Optional<CopyStatement> copy = CopyStatement.of(sql);
        if (copy.isPresent()) {
            if (endGroup(name)) {
                statements++;
                changed += copy(copy.get());
            }
            return;
        }
        if (isAboutDatabases(sql)) {
            runner.notice(place(name, item.line()) + "skipped, a database is a directory here: " + sql);
            return;
        }
        String word = StatementRunner.firstWord(sql);
        if (word.equals("INSERT") && arguments.commitEvery() > 1 && !hasBegun()) {
            statements++;
            insert(item, name);
        } else if (endGroup(name)) {
            statements++;
            if (!word.equals("INSERT")) {
                begun = Optional.empty();
            }
            changed += runner.run(sql, name.isEmpty());
        }
    }

    private void insert(ScriptSplitter.Item item, String name) throws SQLException {
        if (grouped == 0) {
            runner.connection().setAutoCommit(false);
            groupLine = item.line();
            groupChanged = 0;
        }
        grouped++;
        groupChanged += runner.run(item.text(), name.isEmpty());
        if (grouped >= arguments.commitEvery()) {
            endGroup(name);
        }
    }

    /** Words do not tell: BEGIN stands behind a comment, COMMIT AND CHAIN begins another. */
    private boolean hasBegun() throws SQLException {
        if (begun.isEmpty()) {
            begun = Optional.of(grouped == 0 && TableImport.isInTransaction(runner.connection()));
        }
        return begun.get();
    }

    private long copy(CopyStatement copy) throws SQLException, IOException {
        if (!copy.in()) {
            return copy.write(runner.connection(), runner.out());
        }
        try (Reader data = splitter.data()) {
            return copy.read(runner.connection(), data);
        }
    }

    private static final Pattern DATABASES =
            Pattern.compile("^(CREATE|DROP|ALTER)\\s+DATABASE\\b", Pattern.CASE_INSENSITIVE);

    private static boolean isAboutDatabases(String sql) {
        return DATABASES.matcher(sql).find();
    }

    /** Commits the INSERTs of the group, and tells where that failed; whether the script goes on. */
    private boolean endGroup(String name) {
        if (grouped == 0) {
            return true;
        }
        int inserts = grouped;
        grouped = 0;
        try {
            runner.connection().setAutoCommit(true);
            changed += groupChanged;
            return true;
        } catch (SQLException e) {
            ungroup(e);
            errors++;
            runner.out().flush();
            err.println(place(name, groupLine) + "ERROR " + e.getSQLState() + ": " + e.getMessage()
                    + "\n  in: the commit of "
                    + (inserts == 1 ? "this INSERT" : inserts + " INSERTs, of which this is the first"));
            return arguments.keepGoing();
        }
    }

    /** After a commit that failed: what follows is no part of the group. */
    private void ungroup(SQLException failure) {
        try {
            runner.connection().rollback();
        } catch (SQLException e) {
            failure.addSuppressed(e);
        }
        try {
            runner.connection().setAutoCommit(true);
        } catch (SQLException e) {
            failure.addSuppressed(e);
        }
    }

    private void finish(String name) {
        endGroup(name);
        try {
            begun = Optional.empty();
            if (hasBegun()) {
                begun = Optional.empty();
                runner.run("ROLLBACK", false);
                runner.notice((name.isEmpty() ? "" : name + ": ")
                        + "the script ended inside a transaction, which was rolled back: COMMIT is missing");
            }
        } catch (SQLException e) {
            errors++;
            err.println(place(name, 0) + "ERROR " + e.getSQLState() + ": " + e.getMessage());
        }
    }

    // ---------------------------------------------------------------------------------------- messages

    /** {@code script.sql:12:5: ERROR 42601: expected ...}: the place in the script, not in the statement. */
    private void report(SQLException e, ScriptSplitter.Item item, String name) {
        errors++;
        String message = String.valueOf(e.getMessage());
        String where = place(name, item.line());
        Matcher placed = PLACED.matcher(message);
        if (placed.matches()) {
            int line = Integer.parseInt(placed.group(1));
            int column = Integer.parseInt(placed.group(2));
            int inScript = line == 1 ? item.column() + column - 1 : column;
            where = name.isEmpty()
                    ? (item.line() + line - 1) + ":" + inScript + ": "
                    : name + ":" + (item.line() + line - 1) + ":" + inScript + ": ";
            message = placed.group(3);
        } else if (!name.isEmpty()) {
            message += "\n  in: " + beginning(item.text());
        }
        runner.out().flush();
        err.println(where + "ERROR " + e.getSQLState() + ": " + message);
    }

    private static String place(String name, int line) {
        return name.isEmpty() ? "" : line == 0 ? name + ": " : name + ":" + line + ": ";
    }

    private static String beginning(String sql) {
        String line = sql.replaceAll("\\s+", " ");
        return line.length() <= 100 ? line : line.substring(0, 97) + "...";
    }

    private void progress(String name, long characters, long size, long start) {
        long now = System.nanoTime();
        if (now < nextProgress || name.isEmpty()) {
            return;
        }
        nextProgress = now + PROGRESS_NANOS;
        String share = size > 0 ? ", " + Math.min(99, characters * 100 / size) + " %" : "";
        runner.notice(String.format(
                Locale.ROOT, "%s: %,d statements%s, %d s", name, statements, share, (now - start) / 1_000_000_000L));
    }
}

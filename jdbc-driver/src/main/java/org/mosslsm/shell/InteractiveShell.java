// The shell on a terminal.
package org.mosslsm.shell;

import java.io.IOException;
import java.io.PrintStream;
import java.io.StringReader;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jline.reader.Candidate;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.ParsedLine;
import org.jline.reader.UserInterruptException;
import org.jline.terminal.Terminal;

/**
 * The shell on a terminal: lines are gathered up to a semicolon; Ctrl-C cancels the statement that runs, or drops the
 * line; history is kept in {@code ~/.mosslsm_history}; Tab completes names of tables and the words of statements.
 */
final class InteractiveShell {
    private static final String PROMPT = "moss> ";
    private static final String CONTINUED = "  ... ";
    private static final List<String> WORDS = List.of(
            "SELECT",
            "FROM",
            "WHERE",
            "GROUP BY",
            "ORDER BY",
            "HAVING",
            "LIMIT",
            "INSERT INTO",
            "VALUES",
            "UPDATE",
            "SET",
            "DELETE FROM",
            "CREATE TABLE",
            "CREATE INDEX",
            "DROP TABLE",
            "ALTER TABLE",
            "JOIN",
            "LEFT JOIN",
            "BEGIN",
            "COMMIT",
            "ROLLBACK",
            "EXPLAIN",
            ".help",
            ".tables",
            ".schema",
            ".mode",
            ".timing",
            ".quit");

    private final StatementRunner runner;
    private final Commands commands;
    private final PrintStream err;

    InteractiveShell(StatementRunner runner, PrintStream err) {
        this.runner = runner;
        this.commands = new Commands(runner);
        this.err = err;
    }

    void run() throws IOException {
        try (Terminal terminal = Terminals.open()) {
            LineReader reader = LineReaderBuilder.builder()
                    .terminal(terminal)
                    .appName("mosslsm")
                    .completer((r, line, candidates) -> complete(line, candidates))
                    .variable(LineReader.HISTORY_FILE, Path.of(System.getProperty("user.home"), ".mosslsm_history"))
                    // The exclamation mark is an operator, not a history event.
                    .option(LineReader.Option.DISABLE_EVENT_EXPANSION, true)
                    .build();
            terminal.handle(Terminal.Signal.INT, signal -> runner.cancel());
            runner.out().println("MossLSM. Statements end with a semicolon; .help lists the shell's commands.");
            runner.out().flush();
            StringBuilder pending = new StringBuilder();
            while (!commands.quit()) {
                try {
                    pending.append(reader.readLine(pending.length() == 0 ? PROMPT : CONTINUED))
                            .append('\n');
                    runComplete(pending);
                } catch (UserInterruptException e) {
                    pending.setLength(0);
                } catch (EndOfFileException e) {
                    return;
                }
            }
        }
    }

    /** Runs the statements that are complete; what follows them stays. */
    private void runComplete(StringBuilder pending) throws IOException {
        ScriptSplitter splitter = new ScriptSplitter(new StringReader(pending.toString()));
        long done = 0;
        for (Optional<ScriptSplitter.Item> item = splitter.next(); item.isPresent(); item = splitter.next()) {
            if (!item.get().terminated()) {
                pending.delete(0, (int) done);
                return;
            }
            execute(item.get());
            done = splitter.characters();
        }
        pending.setLength(0);
    }

    private void execute(ScriptSplitter.Item item) {
        try {
            switch (item.kind()) {
                case DOT -> commands.run(item.text());
                case BACKSLASH -> err.println("that is psql's; .help lists the shell's commands");
                case STATEMENT -> runner.run(item.text(), true);
            }
        } catch (SQLException e) {
            runner.out().flush();
            err.println("ERROR " + e.getSQLState() + ": " + e.getMessage());
        }
    }

    private void complete(ParsedLine line, List<Candidate> candidates) {
        String word = line.word();
        for (String candidate : WORDS) {
            if (candidate.regionMatches(true, 0, word, 0, word.length())) {
                boolean lower = !word.isEmpty() && word.equals(word.toLowerCase(Locale.ROOT));
                candidates.add(new Candidate(lower ? candidate.toLowerCase(Locale.ROOT) : candidate));
            }
        }
        for (String table : tables(word)) {
            candidates.add(new Candidate(table));
        }
    }

    private List<String> tables(String prefix) {
        List<String> names = new ArrayList<>();
        try (ResultSet tables = runner.connection().getMetaData().getTables(null, null, "%", null)) {
            while (tables.next()) {
                if (tables.getString("TABLE_NAME").startsWith(prefix)) {
                    names.add(tables.getString("TABLE_NAME"));
                }
            }
        } catch (SQLException e) {
            names.clear(); // no completion is better than an error while typing
        }
        return names;
    }
}

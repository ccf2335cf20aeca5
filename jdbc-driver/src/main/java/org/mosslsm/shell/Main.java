// Where `java -jar mosslsm.jar` begins.
package org.mosslsm.shell;

import java.io.BufferedOutputStream;
import java.io.BufferedReader;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.Reader;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/** The program {@code mosslsm}: reads its arguments, connects, runs scripts, statements or the interactive shell. */
public final class Main {
    private static final int DONE = 0;
    private static final int STATEMENT_FAILED = 1;
    private static final int WRONG_ARGUMENTS = 2;
    private static final int CANNOT_OPEN = 3;

    private Main() {}

    /** Runs and exits with 0, or 1 when a statement failed, 2 for wrong arguments, 3 when something cannot be opened. */
    public static void main(String[] args) {
        // UTF-8 whatever the locale says, and a buffer: a million rows are a million lines.
        PrintStream out = new PrintStream(
                new BufferedOutputStream(new FileOutputStream(FileDescriptor.out), 1 << 16),
                false,
                StandardCharsets.UTF_8);
        PrintStream err = new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8);
        int code = run(List.of(args), out, err);
        out.flush();
        System.exit(code);
    }

    /** The program without its exit; the exit code. */
    static int run(List<String> args, PrintStream out, PrintStream err) {
        Arguments arguments;
        try {
            Optional<Arguments> parsed = Arguments.parse(args);
            if (parsed.isEmpty()) {
                out.print(Arguments.USAGE);
                return DONE;
            }
            arguments = parsed.get();
        } catch (Arguments.UsageException e) {
            err.println("mosslsm: " + e.getMessage());
            err.print(Arguments.USAGE);
            return WRONG_ARGUMENTS;
        }
        Connection connection;
        try {
            connection = DriverManager.getConnection(arguments.url());
        } catch (SQLException e) {
            err.println("ERROR " + e.getSQLState() + ": " + e.getMessage());
            return CANNOT_OPEN;
        }
        try (connection) {
            return run(arguments, new StatementRunner(connection, arguments, out, err), err);
        } catch (SQLException e) {
            err.println("ERROR " + e.getSQLState() + ": " + e.getMessage());
            return STATEMENT_FAILED;
        } catch (IOException e) {
            err.println("mosslsm: cannot read: " + e.getMessage());
            return CANNOT_OPEN;
        }
    }

    private static int run(Arguments arguments, StatementRunner runner, PrintStream err) throws IOException {
        if (arguments.tasks().isEmpty()) {
            if (Terminals.isInteractive()) {
                new InteractiveShell(runner, err).run();
                return DONE;
            }
            return script(arguments, runner, "-", err);
        }
        int code = DONE;
        for (Arguments.Task task : arguments.tasks()) {
            int ended = task.script()
                    ? script(arguments, runner, task.value(), err)
                    : exitCode(new ScriptRunner(runner, arguments, err).run(new StringReader(task.value()), "", 0));
            code = Math.max(code, ended);
            if (ended != DONE && !arguments.keepGoing()) {
                return code;
            }
        }
        return code;
    }

    private static int script(Arguments arguments, StatementRunner runner, String file, PrintStream err)
            throws IOException {
        ScriptRunner scripts = new ScriptRunner(runner, arguments, err);
        if (file.equals("-")) {
            Reader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
            return exitCode(scripts.run(in, "stdin", 0));
        }
        Path path = Path.of(file);
        if (!Files.isReadable(path) || Files.isDirectory(path)) {
            err.println("mosslsm: cannot read the script " + path.toAbsolutePath());
            return CANNOT_OPEN;
        }
        try (Reader in = Files.newBufferedReader(path)) {
            return exitCode(scripts.run(in, path.toString(), Files.size(path)));
        }
    }

    private static int exitCode(boolean allWentWell) {
        return allWentWell ? DONE : STATEMENT_FAILED;
    }
}

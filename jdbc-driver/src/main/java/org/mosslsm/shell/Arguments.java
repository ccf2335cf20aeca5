// What the command line asks for.
package org.mosslsm.shell;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The command line, read.
 *
 * @param url of the database
 * @param tasks scripts and statements, in order; none for the interactive shell
 * @param format how results are printed
 * @param commitEvery INSERT statements of a script that are committed together
 * @param keepGoing whether errors do not end a script
 * @param timing whether each statement's time is printed
 * @param quiet whether notices and summaries are left out
 */
record Arguments(
        String url,
        List<Task> tasks,
        ResultFormat format,
        int commitEvery,
        boolean keepGoing,
        boolean timing,
        boolean quiet) {
    /** INSERTs committed together: enough that a commit costs little, few enough that a kill loses little. */
    static final int DEFAULT_COMMIT_EVERY = 1_000;

    static final String USAGE = """
            usage: java -jar mosslsm.jar <directory | jdbc:mosslsm:...> [options]

            Without -f or -c: an interactive shell on a terminal, else statements from standard input.

              -f <script.sql>     run a script (- for standard input); may be repeated, in order with -c
              -c <SQL>            run statements
              --table             print results as aligned tables (default)
              --csv               print results as CSV with a header line; NULL is printed as NULL
              --json              print results as JSON, one object a row
              --commit-every <n>  INSERTs of a script outside BEGIN are committed together, n at a time (default 1000)
                                  and before any other statement; 1 commits each by itself
              --keep-going        go on after an error; the exit code still tells
              --timing            print how long each statement took
              --quiet             print no notices and no summary
              --help              print this

            exit codes: 0 done, 1 a statement failed, 2 wrong arguments, 3 the database or a script cannot be opened
            """;

    /** Something to run: a script by name, or statements given on the command line. */
    record Task(boolean script, String value) {}

    /** The arguments make no sense; the message says why. */
    static final class UsageException extends Exception {
        private static final long serialVersionUID = 1L;

        UsageException(String message) {
            super(message);
        }
    }

    /** Reads the command line; empty when help was asked for. */
    static Optional<Arguments> parse(List<String> args) throws UsageException {
        Optional<String> url = Optional.empty();
        List<Task> tasks = new ArrayList<>();
        ResultFormat format = ResultFormat.TABLE;
        int commitEvery = DEFAULT_COMMIT_EVERY;
        boolean keepGoing = false;
        boolean timing = false;
        boolean quiet = false;
        for (int i = 0; i < args.size(); i++) {
            String arg = args.get(i);
            switch (arg) {
                case "-f", "--file" -> tasks.add(new Task(true, value(args, ++i)));
                case "-c", "--command" -> tasks.add(new Task(false, value(args, ++i)));
                case "--table" -> format = ResultFormat.TABLE;
                case "--csv" -> format = ResultFormat.CSV;
                case "--json" -> format = ResultFormat.JSON;
                case "--commit-every" -> commitEvery = positive(value(args, ++i));
                case "--keep-going" -> keepGoing = true;
                case "--timing" -> timing = true;
                case "--quiet", "-q" -> quiet = true;
                case "--help", "-h", "-?" -> {
                    return Optional.empty();
                }
                default -> {
                    if (arg.startsWith("-") && arg.length() > 1) {
                        throw new UsageException("unknown option " + arg);
                    } else if (url.isPresent()) {
                        throw new UsageException("one database only, but '" + arg + "' is a second");
                    }
                    url = Optional.of(url(arg));
                }
            }
        }
        if (url.isEmpty()) {
            throw new UsageException("which database? Give a directory, for example ./data");
        }
        return Optional.of(new Arguments(url.get(), tasks, format, commitEvery, keepGoing, timing, quiet));
    }

    private static String value(List<String> args, int i) throws UsageException {
        if (i >= args.size()) {
            throw new UsageException(args.get(i - 1) + " needs a value");
        }
        return args.get(i);
    }

    private static int positive(String value) throws UsageException {
        try {
            int number = Integer.parseInt(value);
            if (number > 0) {
                return number;
            }
        } catch (NumberFormatException e) {
            // Reported below, together with zero and less.
        }
        throw new UsageException("--commit-every needs a number from 1 on, not '" + value + "'");
    }

    private static String url(String place) {
        return place.startsWith("jdbc:") ? place : "jdbc:mosslsm:" + place;
    }
}

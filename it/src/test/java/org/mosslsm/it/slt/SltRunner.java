package org.mosslsm.it.slt;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Runs the records of one sqllogictest file on one connection, which must be of an empty database.
 *
 * <p>Thread safety: one thread, one run.
 */
final class SltRunner {
    /** Our name in {@code skipif} and {@code onlyif}. */
    static final String ENGINE = "mosslsm";

    /** Values shown of a wrong result. */
    private static final int SHOWN_VALUES = 20;

    private final Connection connection;
    private final Map<String, String> labels = new HashMap<>();
    private final List<Failure> failures = new ArrayList<>();
    private int passed;
    private int skipped;

    /** A record that did not go as expected. */
    record Failure(int line, String sql, String problem) {
        @Override
        public String toString() {
            return "line " + line + ": " + problem + "\n    " + sql.replace("\n", "\n    ");
        }
    }

    /**
     * What came of a file.
     *
     * @param excused how many records were answered otherwise on purpose; they are in no other figure
     */
    record Outcome(int passed, int skipped, int excused, List<Failure> failures) {
        Outcome {
            failures = List.copyOf(failures);
        }

        /** The same without the failures that are meant. */
        Outcome excusing(Path file, SltExceptions exceptions) {
            List<Failure> left = failures.stream()
                    .filter(f -> exceptions.reason(file, f) == null)
                    .toList();
            return new Outcome(passed, skipped, failures.size() - left.size(), left);
        }

        boolean isClean() {
            return failures.isEmpty() && passed > 0;
        }

        @Override
        public String toString() {
            return passed + " passed, " + failures.size() + " failed, " + excused + " excused, " + skipped + " skipped";
        }
    }

    private SltRunner(Connection connection) {
        this.connection = connection;
    }

    static Outcome run(Path file, Connection connection) throws IOException {
        return run(Files.readAllLines(file, StandardCharsets.ISO_8859_1), connection);
    }

    static Outcome run(List<String> lines, Connection connection) {
        SltRunner runner = new SltRunner(connection);
        for (SltRecord record : SltParser.parse(ENGINE, lines)) {
            if (record instanceof SltRecord.Halt) {
                break;
            } else if (record instanceof SltRecord.Skipped) {
                runner.skipped++;
            } else if (record instanceof SltRecord.Statement statement) {
                runner.note(statement.line(), statement.sql(), runner.problem(statement));
            } else if (record instanceof SltRecord.Query query) {
                runner.note(query.line(), query.sql(), runner.problem(query));
            }
        }
        return new Outcome(runner.passed, runner.skipped, 0, runner.failures);
    }

    private void note(int line, String sql, String problem) {
        if (problem == null) {
            passed++;
        } else {
            failures.add(new Failure(line, sql, problem));
        }
    }

    /** What went wrong, or {@code null}. */
    private String problem(SltRecord.Statement record) {
        try (Statement statement = connection.createStatement()) {
            statement.execute(record.sql());
            return record.mustWork() ? null : "worked, though an error is expected";
        } catch (SQLException e) {
            return record.mustWork() ? describe(e) : null;
        } catch (RuntimeException | StackOverflowError e) {
            return "not an SQLException: " + e;
        }
    }

    private String problem(SltRecord.Query record) {
        List<String> values;
        try (Statement statement = connection.createStatement();
                ResultSet rs = statement.executeQuery(record.sql())) {
            values = record.sort().apply(SltResult.rows(rs, record.types()));
        } catch (SQLException e) {
            return describe(e);
        } catch (RuntimeException | StackOverflowError e) {
            return "not an SQLException: " + e;
        }
        String hash = SltResult.hashLine(values);
        boolean hashed =
                record.expected().size() == 1 && record.expected().get(0).contains(" values hashing to ");
        boolean same = hashed
                ? record.expected().get(0).equals(hash)
                : record.expected().equals(values);
        if (!same) {
            return "wrong result: expected " + shown(record.expected()) + ", found " + (hashed ? hash + " " : "")
                    + shown(values);
        }
        String before = record.label().isEmpty() ? null : labels.putIfAbsent(record.label(), hash);
        return before == null || before.equals(hash)
                ? null
                : "another result than the query before of the label " + record.label();
    }

    private static String describe(SQLException e) {
        return "SQLSTATE " + e.getSQLState() + ": " + e.getMessage();
    }

    private static String shown(List<String> values) {
        return values.size() <= SHOWN_VALUES
                ? values.toString()
                : values.subList(0, SHOWN_VALUES) + "... (" + values.size() + ")";
    }
}

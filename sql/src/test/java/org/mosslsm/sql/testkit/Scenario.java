package org.mosslsm.sql.testkit;

import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.mosslsm.sql.Database;
import org.mosslsm.sql.Outcome;
import org.mosslsm.sql.PreparedSql;
import org.mosslsm.sql.ResultColumn;
import org.mosslsm.sql.RowCursor;
import org.mosslsm.sql.Session;
import org.mosslsm.sql.StatementKind;
import org.mosslsm.sql.error.SqlException;
import org.mosslsm.sql.expr.Row;
import org.mosslsm.sql.type.ValueText;

/**
 * Runs a scenario: a file of statements, each followed by what it answers.
 *
 * <pre>
 * # a comment; blank lines separate
 * > SELECT a, b          a statement; more lines of it begin with > too
 * > FROM t
 * a | b                  rows: names of the columns, then the values
 * 1 | NULL
 *
 * b> UPDATE t SET a = 2  the statement of another session, named by what stands before the >
 * 1 row                  INSERT, UPDATE, DELETE
 *
 * > CREATE TABLE t (a INT)
 * error 42P07: ...       the first line of the message
 *
 * > @reopen              opens the database again: every session ends, all is read from the store
 * ok
 * </pre>
 */
public final class Scenario implements AutoCloseable {
    private static final Pattern STATEMENT = Pattern.compile("([a-z]*)> ?(.*)");

    private final String location;
    private Database database;
    private final Map<String, Session> sessions = new TreeMap<>();

    /** A scenario on a store that outlives its databases. */
    public Scenario(String location) {
        this.location = location;
        this.database = Database.open(location, Map.of());
    }

    /** The lines of the file with the answers as they are now; equal to {@code lines} when all is as expected. */
    public List<String> run(List<String> lines) {
        List<String> actual = new ArrayList<>();
        int i = 0;
        while (i < lines.size()) {
            Matcher m = STATEMENT.matcher(lines.get(i));
            if (!m.matches()) {
                actual.add(lines.get(i++));
                continue;
            }
            String session = m.group(1);
            StringBuilder sql = new StringBuilder();
            while (m.matches()) {
                sql.append(sql.length() == 0 ? "" : "\n").append(m.group(2));
                actual.add(lines.get(i++));
                m = STATEMENT.matcher(i < lines.size() ? lines.get(i) : "");
            }
            while (i < lines.size() && !lines.get(i).isBlank()) {
                i++;
            }
            actual.addAll(answer(session, sql.toString()));
        }
        return actual;
    }

    @Override
    public void close() {
        database.close();
    }

    private List<String> answer(String name, String sql) {
        try {
            if (sql.equals("@reopen")) {
                sessions.clear();
                database.close();
                database = Database.open(location, Map.of());
                return List.of("ok");
            }
            Session session = sessions.computeIfAbsent(name, n -> {
                Session fresh = database.connect();
                fresh.setZone(ZoneOffset.UTC);
                return fresh;
            });
            PreparedSql prepared = session.prepare(sql);
            return answer(prepared, prepared.execute(List.of()));
        } catch (SqlException e) {
            return List.of("error " + e.sqlState() + ": "
                    + e.getMessage().lines().findFirst().orElse(""));
        }
    }

    private static List<String> answer(PreparedSql prepared, Outcome outcome) {
        List<String> lines = new ArrayList<>();
        outcome.notices().forEach(n -> lines.add("notice: " + n));
        if (outcome.rows().isPresent()) {
            try (RowCursor rows = outcome.rows().get()) {
                lines.addAll(table(prepared.columns(), rows));
            }
        } else if (isChange(prepared.kind())) {
            lines.add(outcome.updateCount() == 1 ? "1 row" : outcome.updateCount() + " rows");
        } else {
            lines.add("ok");
        }
        return lines;
    }

    private static boolean isChange(StatementKind kind) {
        return kind == StatementKind.INSERT || kind == StatementKind.UPDATE || kind == StatementKind.DELETE;
    }

    private static List<String> table(List<ResultColumn> columns, RowCursor rows) {
        List<String> lines = new ArrayList<>();
        lines.add(String.join(" | ", columns.stream().map(ResultColumn::label).toList()));
        while (rows.next()) {
            Row row = rows.row();
            List<String> values = new ArrayList<>();
            for (int i = 0; i < columns.size(); i++) {
                values.add(text(row.get(i), columns.get(i)));
            }
            lines.add(String.join(" | ", values));
        }
        if (lines.size() == 1) {
            lines.add("(no rows)");
        }
        return lines;
    }

    private static String text(Object value, ResultColumn column) {
        if (value == null) {
            return "NULL";
        }
        // What EXPLAIN ANALYZE measures differs from run to run.
        String text = ValueText.format(value, column.type(), ZoneOffset.UTC)
                .replace("\n", "\\n")
                .replaceAll("\\d+\\.\\d+ ms", "(some) ms");
        return text.isEmpty() ? "''" : text;
    }
}

// The shell's own commands.
package org.mosslsm.shell;

import java.io.IOException;
import java.io.PrintStream;
import java.io.Reader;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.sql.DatabaseMetaData;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.mosslsm.csv.TableExport;
import org.mosslsm.csv.TableImport;

/** The shell's own commands: lines that begin with a dot. */
final class Commands {
    static final String HELP = """
            Statements end with a semicolon. The shell's own commands:
              .tables [pattern]      tables and views; % and _ match as in LIKE
              .schema [table]        columns, keys and indexes
              .import FILE TABLE     reads a CSV file with a header line into a table
              .export FILE TABLE     writes a table, or a query, into a CSV file with a header line
              .mode table|csv|json   how results are printed
              .timing on|off         whether to print how long statements take
              .help                  this
              .quit                  leave (also Ctrl-D)
            """;

    private final StatementRunner runner;
    private final PrintStream out;
    private boolean quit;

    Commands(StatementRunner runner) {
        this.runner = runner;
        this.out = runner.out();
    }

    /** Whether {@code .quit} was given. */
    boolean quit() {
        return quit;
    }

    /** Runs a line that begins with a dot. */
    void run(String line) throws SQLException {
        String[] words = line.replaceAll(";\\s*$", "").trim().split("\\s+", -1);
        String argument = words.length > 1 ? words[1] : "";
        switch (words[0].toLowerCase(Locale.ROOT)) {
            case ".help" -> out.print(HELP);
            case ".quit", ".exit" -> quit = true;
            case ".tables" -> tables(argument.isEmpty() ? "%" : argument);
            case ".schema" -> schema(argument.isEmpty() ? "%" : argument);
            case ".import" -> importFile(line);
            case ".export" -> exportFile(line);
            case ".mode" -> mode(argument);
            case ".timing" -> runner.setTiming(!argument.equalsIgnoreCase("off"));
            default -> throw new SQLException("unknown command " + words[0] + "; .help lists them", "42601");
        }
        out.flush();
    }

    /** {@code .import FILE TABLE}; the file's name in quotes where it has blanks. */
    private void importFile(String line) throws SQLException {
        String[] words = fileAndRest(line, ".import FILE TABLE");
        long start = System.nanoTime();
        try (Reader file = Files.newBufferedReader(Path.of(words[0]))) {
            TableImport into = new TableImport(runner.connection(), words[1]);
            told(runner.run(into::cancel, () -> into.run(file)), "read from", words[0], start);
        } catch (IOException | InvalidPathException e) {
            throw new SQLException("cannot read " + words[0] + ": " + e, "58030", e);
        }
    }

    /** {@code .export FILE TABLE} or {@code .export FILE SELECT ...}. */
    private void exportFile(String line) throws SQLException {
        String[] words = fileAndRest(line, ".export FILE TABLE, or .export FILE SELECT ...");
        boolean query = words[1].matches("(?is)(SELECT|VALUES|WITH|TABLE)\\b.*|\\(.*");
        String sql = query ? words[1] : "SELECT * FROM " + words[1];
        long start = System.nanoTime();
        try (Writer file = Files.newBufferedWriter(Path.of(words[0]))) {
            TableExport from = new TableExport(runner.connection(), sql);
            told(runner.run(from::cancel, () -> from.run(file)), "written to", words[0], start);
        } catch (IOException | InvalidPathException e) {
            throw new SQLException("cannot write " + words[0] + ": " + e, "58030", e);
        }
    }

    private void told(long rows, String what, String file, long start) {
        runner.notice(String.format(
                Locale.ROOT, "%,d rows %s %s, %.1f s", rows, what, file, (System.nanoTime() - start) / 1e9));
    }

    private static String[] fileAndRest(String line, String usage) throws SQLException {
        Matcher m = FILE_AND_REST.matcher(line);
        if (!m.matches()) {
            throw new SQLException("usage: " + usage, "42601");
        }
        return new String[] {m.group(1) == null ? m.group(2) : m.group(1), m.group(3)};
    }

    private static final Pattern FILE_AND_REST =
            Pattern.compile("\\S+\\s+(?:['\"]([^'\"]+)['\"]|(\\S+))\\s+(.*?)\\s*;?\\s*", Pattern.DOTALL);

    private void mode(String name) throws SQLException {
        switch (name.toLowerCase(Locale.ROOT)) {
            case "table" -> runner.setFormat(ResultFormat.TABLE);
            case "csv" -> runner.setFormat(ResultFormat.CSV);
            case "json" -> runner.setFormat(ResultFormat.JSON);
            default -> throw new SQLException("the modes are table, csv and json", "42601");
        }
    }

    private void tables(String pattern) throws SQLException {
        try (ResultSet tables = runner.connection().getMetaData().getTables(null, null, pattern, null)) {
            while (tables.next()) {
                boolean plain = tables.getString("TABLE_TYPE").equals("TABLE");
                out.println(tables.getString("TABLE_SCHEM") + "." + tables.getString("TABLE_NAME")
                        + (plain ? "" : " (" + tables.getString("TABLE_TYPE").toLowerCase(Locale.ROOT) + ")"));
            }
        }
    }

    private void schema(String pattern) throws SQLException {
        DatabaseMetaData meta = runner.connection().getMetaData();
        try (ResultSet tables = meta.getTables(null, null, pattern, null)) {
            while (tables.next()) {
                String schema = tables.getString("TABLE_SCHEM");
                String table = tables.getString("TABLE_NAME");
                out.println(schema + "." + table);
                columns(meta, schema, table);
                keys(meta, schema, table);
                indexes(meta, schema, table);
            }
        }
    }

    private void columns(DatabaseMetaData meta, String schema, String table) throws SQLException {
        try (ResultSet columns = meta.getColumns(null, schema, table, "%")) {
            while (columns.next()) {
                // An underscore in the table's name is a pattern: others may match.
                if (columns.getString("TABLE_NAME").equals(table)) {
                    String preset = columns.getString("COLUMN_DEF");
                    out.println("    " + columns.getString("COLUMN_NAME") + " " + type(columns)
                            + (columns.getInt("NULLABLE") == DatabaseMetaData.columnNoNulls ? " NOT NULL" : "")
                            + (preset == null ? "" : " DEFAULT " + preset));
                }
            }
        }
    }

    private static String type(ResultSet column) throws SQLException {
        String name = column.getString("TYPE_NAME");
        int size = column.getInt("COLUMN_SIZE");
        return switch (name.toUpperCase(Locale.ROOT)) {
            case "VARCHAR", "CHAR", "VARBINARY", "BINARY" ->
                size > 0 && size < Integer.MAX_VALUE ? name + "(" + size + ")" : name;
            case "DECIMAL", "NUMERIC" -> name + "(" + size + "," + column.getInt("DECIMAL_DIGITS") + ")";
            default -> name;
        };
    }

    private void keys(DatabaseMetaData meta, String schema, String table) throws SQLException {
        try (ResultSet keys = meta.getImportedKeys(null, schema, table)) {
            while (keys.next()) {
                out.println("    foreign key " + keys.getString("FK_NAME") + ": " + keys.getString("FKCOLUMN_NAME")
                        + " -> " + keys.getString("PKTABLE_NAME") + "." + keys.getString("PKCOLUMN_NAME"));
            }
        }
    }

    private void indexes(DatabaseMetaData meta, String schema, String table) throws SQLException {
        String open = "";
        try (ResultSet index = meta.getIndexInfo(null, schema, table, false, true)) {
            while (index.next()) {
                if (index.getShort("TYPE") == DatabaseMetaData.tableIndexStatistic) {
                    continue;
                }
                String name = index.getString("INDEX_NAME");
                String column =
                        index.getString("COLUMN_NAME") + ("D".equals(index.getString("ASC_OR_DESC")) ? " DESC" : "");
                if (name.equals(open)) {
                    out.print(", " + column);
                } else {
                    out.print(open.isEmpty() ? "" : ")\n");
                    out.print("    " + (index.getBoolean("NON_UNIQUE") ? "index " : "unique index ") + name + " ("
                            + column);
                    open = name;
                }
            }
        }
        out.print(open.isEmpty() ? "" : ")\n");
    }
}

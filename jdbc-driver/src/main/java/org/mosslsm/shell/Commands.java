// The shell's own commands.
package org.mosslsm.shell;

import java.io.PrintStream;
import java.sql.DatabaseMetaData;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Locale;

/** The shell's own commands: lines that begin with a dot. */
final class Commands {
    static final String HELP = """
            Statements end with a semicolon. The shell's own commands:
              .tables [pattern]      tables and views; % and _ match as in LIKE
              .schema [table]        columns, keys and indexes
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
            case ".mode" -> mode(argument);
            case ".timing" -> runner.setTiming(!argument.equalsIgnoreCase("off"));
            default -> throw new SQLException("unknown command " + words[0] + "; .help lists them", "42601");
        }
        out.flush();
    }

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

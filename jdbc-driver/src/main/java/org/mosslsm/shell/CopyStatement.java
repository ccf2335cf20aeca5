// COPY.
package org.mosslsm.shell;

import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.mosslsm.csv.CsvFormat;
import org.mosslsm.csv.TableExport;
import org.mosslsm.csv.TableImport;

/**
 * {@code COPY table (columns) FROM stdin} and {@code COPY table | (query) TO stdout}, as scripts of pg_dump have them: the
 * data stands in the script, up to a line {@code \\.}. The shell runs them, because SQL itself opens no files.
 *
 * @param in FROM stdin, or TO stdout
 * @param relation the table, or the query in parentheses
 * @param columns of a table; all where empty
 * @param options as written
 */
record CopyStatement(boolean in, String relation, List<String> columns, String options) {
    private static final String NAME = "(?:\"(?:[^\"]|\"\")+\"|[\\w$]+)";

    private static final Pattern COPY = Pattern.compile(
            "COPY\\s+(?:(?<table>" + NAME + "(?:\\." + NAME
                    + ")*)\\s*(?:\\((?<columns>[^)]*)\\))?|(?<query>\\(.*\\)))\\s*"
                    + "(?<direction>FROM\\s+STDIN|TO\\s+STDOUT)(?<options>.*)",
            Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

    private static final Pattern OPTION =
            Pattern.compile("(?i)\\G[\\s,(]*(?:WITH\\b[\\s(]*)?(FORMAT\\s+\\w+|CSV|HEADER(?:\\s+(?:TRUE|FALSE|ON|OFF))?"
                    + "|(?:DELIMITER|NULL)(?:\\s+AS)?\\s+E?'(?:[^']|'')*')[\\s)]*");

    /** What the statement is, if it is a COPY. */
    static Optional<CopyStatement> of(String sql) {
        Matcher m = COPY.matcher(sql);
        if (!m.matches()) {
            return Optional.empty();
        }
        boolean in = m.group("direction").toUpperCase(Locale.ROOT).startsWith("FROM");
        List<String> columns = m.group("columns") == null
                ? List.of()
                : Stream.of(m.group("columns").split(",", -1))
                        .map(String::strip)
                        .toList();
        String relation = m.group("query") == null ? m.group("table") : m.group("query");
        return Optional.of(
                new CopyStatement(in, relation, columns, m.group("options").strip()));
    }

    private CsvFormat format() throws SQLException {
        CsvFormat format = CsvFormat.TEXT;
        Matcher m = OPTION.matcher(options);
        int end = 0;
        Optional<String> nullText = Optional.empty();
        Optional<Character> delimiter = Optional.empty();
        boolean header = false;
        while (end < options.length()) {
            if (!m.find()) {
                throw new SQLException("COPY does not know the option: " + options.substring(end), "42601");
            }
            end = m.end();
            String option = m.group(1);
            String word = option.toUpperCase(Locale.ROOT);
            if (word.equals("CSV") || word.matches("FORMAT\\s+CSV")) {
                format = CsvFormat.CSV;
            } else if (word.startsWith("HEADER")) {
                header = !word.matches("HEADER\\s+(FALSE|OFF)");
            } else if (word.startsWith("DELIMITER") && text(option).length() == 1) {
                delimiter = Optional.of(text(option).charAt(0));
            } else if (word.startsWith("NULL")) {
                nullText = Optional.of(text(option));
            } else if (!word.matches("FORMAT\\s+TEXT")) {
                throw new SQLException("COPY knows the formats text and csv, and delimiters of one character", "42601");
            }
        }
        format = format.withHeader(header);
        format = delimiter.isPresent() ? format.withDelimiter(delimiter.get()) : format;
        return nullText.isPresent() ? format.withNullText(nullText.get()) : format;
    }

    private static String text(String option) {
        String quoted =
                option.substring(option.indexOf('\'') + 1, option.length() - 1).replace("''", "'");
        return quoted.equals("\\t") ? "\t" : quoted;
    }

    /** Reads the data into the table; rows read. */
    long read(Connection connection, Reader data) throws SQLException, IOException {
        if (relation.startsWith("(")) {
            throw new SQLException("COPY ... FROM stdin needs a table", "42601");
        }
        TableImport into = new TableImport(connection, relation).format(format());
        return (columns.isEmpty() ? into : into.columns(columns)).run(data);
    }

    /** Writes the rows; how many. */
    long write(Connection connection, PrintStream out) throws SQLException, IOException {
        String query = relation.startsWith("(")
                ? relation
                : columns.isEmpty()
                        ? "SELECT * FROM " + relation
                        : "SELECT " + String.join(", ", columns) + " FROM " + relation;
        PrintWriter writer = new PrintWriter(new java.io.OutputStreamWriter(out, StandardCharsets.UTF_8));
        TableExport.run(connection, query, format(), writer);
        return 0;
    }
}

package org.mosslsm.it.slt;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** Reads the records of a sqllogictest file as one engine sees them. */
final class SltParser {
    private static final Pattern BLANKS = Pattern.compile("\\s+");

    private final String engine;
    private final List<String> lines;
    private int at;

    private SltParser(String engine, List<String> lines) {
        this.engine = engine;
        this.lines = lines;
    }

    /** The records in order; those for other engines are {@link SltRecord.Skipped}. */
    static List<SltRecord> parse(String engine, List<String> lines) {
        SltParser parser = new SltParser(engine, lines);
        List<SltRecord> records = new ArrayList<>();
        while (parser.skipToRecord()) {
            SltRecord record = parser.next();
            if (record != null) {
                records.add(record);
            }
        }
        return records;
    }

    private boolean skipToRecord() {
        while (at < lines.size() && (isBlank() || lines.get(at).startsWith("#"))) {
            at++;
        }
        return at < lines.size();
    }

    /** The record at hand, or {@code null} for a line that only sets something up. */
    private SltRecord next() {
        int line = at + 1;
        boolean skipped = false;
        String[] words = words();
        while (words[0].equals("skipif") || words[0].equals("onlyif")) {
            skipped |= words[0].equals("skipif") == words[1].equals(engine);
            at++;
            words = words();
        }
        at++;
        SltRecord record =
                switch (words[0]) {
                    case "statement" -> statement(line, words);
                    case "query" -> query(line, words);
                    case "halt" -> new SltRecord.Halt(line);
                    case "hash-threshold" -> null; // expectations say themselves whether they are hashed
                    default -> throw new IllegalArgumentException("line " + at + ": unknown record " + words[0]);
                };
        return skipped && record != null ? new SltRecord.Skipped(line) : record;
    }

    private String[] words() {
        if (at == lines.size()) {
            throw new IllegalArgumentException("line " + at + ": the file ends within a record");
        }
        String line = lines.get(at);
        int comment = line.indexOf('#');
        return BLANKS.split((comment < 0 ? line : line.substring(0, comment)).trim());
    }

    private SltRecord statement(int line, String[] words) {
        boolean mustWork =
                switch (words.length > 1 ? words[1] : "") {
                    case "ok" -> true;
                    case "error" -> false;
                    default -> throw new IllegalArgumentException("line " + line + ": statement ok|error expected");
                };
        return new SltRecord.Statement(line, mustWork, sql());
    }

    private SltRecord query(int line, String[] words) {
        String types = words.length > 1 ? words[1] : "";
        if (!types.matches("[ITR]+")) {
            throw new IllegalArgumentException("line " + line + ": column types expected, found '" + types + "'");
        }
        SltSort sort = words.length > 2 ? SltSort.valueOf(words[2].toUpperCase(Locale.ROOT)) : SltSort.NOSORT;
        String label = words.length > 3 ? words[3] : "";
        String sql = sql();
        List<String> expected = new ArrayList<>();
        if (at < lines.size() && lines.get(at).equals("----")) {
            at++;
            while (at < lines.size() && !isBlank()) {
                expected.add(lines.get(at++));
            }
        }
        return new SltRecord.Query(line, types, sort, label, sql, expected);
    }

    private String sql() {
        StringBuilder sql = new StringBuilder();
        while (at < lines.size() && !isBlank() && !lines.get(at).equals("----")) {
            sql.append(lines.get(at++)).append('\n');
        }
        return sql.toString().stripTrailing();
    }

    private boolean isBlank() {
        return lines.get(at).isBlank();
    }
}

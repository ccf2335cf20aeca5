package org.mosslsm.jdbc;

import java.sql.SQLException;
import java.util.Locale;
import org.mosslsm.sql.error.SqlState;

/**
 * JDBC's escape syntax, JDBC 4.3 section 13.4, turned into SQL: {@code {d '..'}}, {@code {t '..'}}, {@code {ts '..'}},
 * {@code {fn f(..)}}, {@code {oj ..}}, {@code {escape '.'}}, {@code {limit ..}}, {@code {call f(..)}} and
 * {@code {? = call f(..)}}, whose first {@code ?} is no parameter of the SQL. Outside string literals, quoted
 * identifiers, comments and dollar quotes only; a statement without a brace is handed back as it is.
 */
final class Escapes {
    private final String sql;
    private final StringBuilder out;
    private int at;
    private boolean returns;

    private Escapes(String sql) {
        this.sql = sql;
        this.out = new StringBuilder(sql.length() + 16);
    }

    /**
     * A text without escapes.
     *
     * @param sql what the engine understands
     * @param returns whether a {@code {? = call f(..)}} was in it
     */
    record Translated(String sql, boolean returns) {}

    static Translated translated(String sql) throws SQLException {
        if (sql.indexOf('{') < 0) {
            return new Translated(sql, false);
        }
        Escapes escapes = new Escapes(sql);
        escapes.copy(false);
        return new Translated(escapes.out.toString(), escapes.returns);
    }

    /** Copies to the end of the text, or to the brace that ends the escape. */
    private void copy(boolean inEscape) throws SQLException {
        while (at < sql.length()) {
            char c = sql.charAt(at);
            switch (c) {
                case '\'', '"' -> quoted(c, c == '\'' && followsEscapePrefix());
                case '-' -> lineComment();
                case '/' -> blockComment();
                case '$' -> dollarQuoted();
                case '{' -> escape();
                case '}' -> {
                    at++;
                    if (inEscape) {
                        return;
                    }
                    out.append(c);
                }
                default -> {
                    out.append(c);
                    at++;
                }
            }
        }
        if (inEscape) {
            throw Errors.of(SqlState.SYNTAX_ERROR, "a JDBC escape has no closing brace");
        }
    }

    /** Copies up to {@code end}, or to the end of the text: what is unclosed is the parser's business. */
    private void copyTo(int end) {
        int to = Math.min(end, sql.length());
        out.append(sql, at, to);
        at = to;
    }

    /** Whether the quote to come opens an {@code E'...'} string, in which a backslash escapes. */
    private boolean followsEscapePrefix() {
        boolean prefix = at > 0 && Character.toLowerCase(sql.charAt(at - 1)) == 'e';
        return prefix && (at == 1 || !isNamePart(sql.charAt(at - 2)));
    }

    private void quoted(char quote, boolean backslash) {
        int end = at + 1;
        while (end < sql.length() && sql.charAt(end) != quote) {
            end += backslash && sql.charAt(end) == '\\' ? 2 : 1;
        }
        copyTo(end + 1);
    }

    private void lineComment() {
        if (sql.startsWith("--", at)) {
            int end = sql.indexOf('\n', at);
            copyTo(end < 0 ? sql.length() : end);
        } else {
            copyTo(at + 1);
        }
    }

    private void blockComment() {
        int end = at + 1;
        if (sql.startsWith("/*", at)) {
            int depth = 1;
            end = at + 2;
            while (depth > 0 && end < sql.length()) {
                boolean opens = sql.startsWith("/*", end);
                boolean closes = !opens && sql.startsWith("*/", end);
                depth += opens ? 1 : closes ? -1 : 0;
                end += opens || closes ? 2 : 1;
            }
        }
        copyTo(end);
    }

    /** {@code $tag$ ... $tag$}, where that is what the dollar begins. */
    private void dollarQuoted() {
        int end = at + 1;
        while (end < sql.length() && isNamePart(sql.charAt(end)) && sql.charAt(end) != '$') {
            end++;
        }
        boolean inName = at > 0 && isNamePart(sql.charAt(at - 1));
        if (inName || end == sql.length() || sql.charAt(end) != '$') {
            copyTo(at + 1);
            return;
        }
        String tag = sql.substring(at, end + 1);
        int close = sql.indexOf(tag, end + 1);
        copyTo(close < 0 ? sql.length() : close + tag.length());
    }

    private static boolean isNamePart(char c) {
        return Character.isLetterOrDigit(c) || c == '_' || c == '$';
    }

    private void escape() throws SQLException {
        at++;
        skipBlanks();
        int start = at;
        while (at < sql.length() && Character.isLetter(sql.charAt(at))) {
            at++;
        }
        String word = sql.substring(start, at).toLowerCase(Locale.ROOT);
        skipBlanks();
        switch (word) {
            case "d" -> out.append("DATE ");
            case "t" -> out.append("TIME ");
            case "ts" -> out.append("TIMESTAMP ");
            case "escape" -> out.append("ESCAPE ");
            case "limit" -> out.append("LIMIT ");
            case "fn" -> function();
            case "oj" -> {}
            case "call" -> call();
            case "" -> returningCall();
            default -> throw Errors.of(SqlState.SYNTAX_ERROR, "unknown JDBC escape {" + word + " ...}");
        }
        copy(true);
    }

    /** There are functions only: a call is a query of one row. Its parentheses may be left out. */
    private void call() throws SQLException {
        out.append("SELECT ");
        int start = out.length();
        copy(true);
        if (out.indexOf("(", start) < 0) {
            out.append("()");
        }
        at--; // what ends the call ends the escape
    }

    private void returningCall() throws SQLException {
        int start = at;
        boolean call = take("?") && take("=") && take("call");
        if (!call) {
            throw Errors.of(SqlState.SYNTAX_ERROR, "unknown JDBC escape {" + sql.substring(start, at) + " ...}");
        }
        returns = true;
        call();
    }

    private boolean take(String word) {
        boolean there = sql.regionMatches(true, at, word, 0, word.length());
        at += there ? word.length() : 0;
        skipBlanks();
        return there;
    }

    /** Names of JDBC's functions that SQL calls otherwise. */
    private void function() {
        int start = at;
        while (at < sql.length() && (Character.isLetterOrDigit(sql.charAt(at)) || sql.charAt(at) == '_')) {
            at++;
        }
        String name = sql.substring(start, at);
        out.append(
                switch (name.toLowerCase(Locale.ROOT)) {
                    case "ucase" -> "upper";
                    case "lcase" -> "lower";
                    case "ifnull" -> "coalesce";
                    case "log" -> "ln";
                    case "rand" -> "random";
                    case "truncate" -> "trunc";
                    case "char" -> "chr";
                    case "curdate" -> niladic("current_date");
                    case "curtime" -> niladic("current_time");
                    case "now" -> niladic("current_timestamp");
                    default -> name;
                });
    }

    /** Drops the parentheses that JDBC writes and the standard does not. */
    private String niladic(String name) {
        int open = at;
        skipBlanks();
        if (at < sql.length() && sql.charAt(at) == '(') {
            int close = sql.indexOf(')', at);
            at = close < 0 ? open : close + 1;
        } else {
            at = open;
        }
        return name;
    }

    private void skipBlanks() {
        while (at < sql.length() && Character.isWhitespace(sql.charAt(at))) {
            at++;
        }
    }
}

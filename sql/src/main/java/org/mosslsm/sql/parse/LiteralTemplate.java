// A statement with its literals taken out.
package org.mosslsm.sql.parse;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A short statement of one table, as applications write it that put values into the text, with a parameter in the place
 * of each value: {@code UPDATE t SET a = 5 WHERE id = 'x'} is {@code UPDATE t SET a = ? WHERE id = ?} and 5, 'x'. So a
 * plan made once serves every value.
 *
 * <p>This is a scan for the commonest shapes, not a parser: whatever it is not sure of, it leaves alone. A value is taken
 * out where its place alone gives a parameter the type that the literal has or is assigned to: after {@code name =} in
 * WHERE, up to AND, OR, a parenthesis or the next clause; after {@code name =} in SET, up to a comma or the next clause;
 * as an element of the one row of an INSERT's VALUES. Other whole numbers of other clauses (LIMIT 10) stay in the text.
 *
 * @param text the statement with a question mark for each value
 * @param values whole numbers of at most 9 digits as Long, strings, and decimals of VALUES and SET as BigDecimal
 */
public record LiteralTemplate(String text, List<Object> values) {
    /** Longer statements are not of the kind that comes again with other values. */
    private static final int MAX_CHARACTERS = 2_000;

    private static final int MAX_VALUES = 64;
    /** Digits of a whole number that is an INTEGER for certain. */
    private static final int MAX_DIGITS = 9;

    /** Words that end a condition. */
    private static final Set<String> AFTER_CONDITION =
            Set.of("and", "or", "group", "order", "limit", "offset", "fetch", "returning");
    /** Words after which nothing here is sure: more queries than one, or values whose place decides otherwise. */
    private static final Set<String> UNSURE = Set.of(
            "select",
            "with",
            "case",
            "conflict",
            "union",
            "intersect",
            "except",
            "default",
            "overriding",
            "interval",
            "having",
            "using",
            "join");

    /** The words that mean something here, by their length. */
    private static final String[][] WORDS = byLength(Stream.of(
                    AFTER_CONDITION.stream(),
                    UNSURE.stream(),
                    Stream.of("insert", "update", "delete", "where", "set", "values", "from"))
            .flatMap(s -> s)
            .toList());

    private static String[][] byLength(List<String> words) {
        int longest = words.stream().mapToInt(String::length).max().orElse(0);
        return IntStream.rangeClosed(0, longest)
                .mapToObj(n -> words.stream().filter(w -> w.length() == n).toArray(String[]::new))
                .toArray(String[][]::new);
    }

    /** What stands for all words that mean nothing here. */
    private static final String NAME = "";

    private enum Clause {
        OTHER,
        SET,
        WHERE,
        VALUES
    }

    private enum Kind {
        START,
        WORD,
        NUMBER,
        STRING,
        EQUALS,
        COMMA,
        OPEN,
        CLOSE,
        OTHER,
        END
    }

    /** Freezes the values. */
    public LiteralTemplate {
        values = List.copyOf(values);
    }

    /** The template of a statement; empty where it is none of the shapes. */
    public static Optional<LiteralTemplate> of(String sql) {
        if (sql.length() > MAX_CHARACTERS) {
            return Optional.empty();
        }
        Scan scan = new Scan(sql);
        return scan.run() && !scan.values.isEmpty()
                ? Optional.of(new LiteralTemplate(scan.out.toString(), scan.values))
                : Optional.empty();
    }

    /** One pass over the text. */
    private static final class Scan {
        private final String sql;
        private final StringBuilder out;
        private final List<Object> values = new ArrayList<>();
        private int at;
        /** The present token, and the two before it. */
        private Kind kind = Kind.START;

        private Kind before = Kind.START;
        private Kind beforeThat = Kind.START;
        private int start;
        private String word = "";
        private boolean whole;
        private boolean negative;
        private String first = "";
        private Clause clause = Clause.OTHER;
        private int depth;
        /** A value that is taken out if the token after it allows: where the statement is copied up to, and the value. */
        private Object pending;

        private int copied;
        private int pendingStart;
        private int pendingEnd;

        Scan(String sql) {
            this.sql = sql;
            this.out = new StringBuilder(sql.length());
        }

        /** Whether the statement was understood. */
        boolean run() {
            while (true) {
                beforeThat = before;
                before = kind;
                if (!token() || (pending != null && !settle())) {
                    return false;
                }
                if (kind == Kind.END) {
                    out.append(sql, copied, sql.length());
                    return depth == 0 && values.size() <= MAX_VALUES;
                }
                if (!understood()) {
                    return false;
                }
            }
        }

        private boolean understood() {
            switch (kind) {
                case WORD -> {
                    return word();
                }
                case NUMBER, STRING -> {
                    return value();
                }
                case OPEN -> depth++;
                case CLOSE -> depth--;
                case COMMA -> {
                    // More than one row of VALUES: every number of rows would be a template of its own.
                    return clause != Clause.VALUES || depth > 0;
                }
                default -> {
                    // nothing to note
                }
            }
            return depth >= 0;
        }

        private boolean word() {
            if (first.isEmpty()) {
                first = word;
                return word.equals("select") || word.equals("insert") || word.equals("update") || word.equals("delete");
            }
            if (UNSURE.contains(word)) {
                return false;
            }
            if (depth == 0) {
                switch (word) {
                    case "where" -> clause = Clause.WHERE;
                    case "set" -> clause = first.equals("update") ? Clause.SET : clause;
                    case "values" -> {
                        if (!first.equals("insert") || clause == Clause.VALUES) {
                            return false;
                        }
                        clause = Clause.VALUES;
                    }
                    case "from", "group", "order", "limit", "offset", "fetch", "returning" -> clause = Clause.OTHER;
                    default -> {
                        // a name, or a word that changes nothing
                    }
                }
            }
            return true;
        }

        /** A literal: taken out if what follows allows, or left where it stands. */
        private boolean value() {
            boolean afterName = before == Kind.EQUALS && beforeThat == Kind.WORD;
            boolean place =
                    switch (clause) {
                        case WHERE -> afterName && (kind == Kind.STRING || whole);
                        case SET -> afterName && depth == 0;
                        case VALUES -> depth == 1 && (before == Kind.OPEN || before == Kind.COMMA);
                        case OTHER -> false;
                    };
            if (!place) {
                return clause == Clause.OTHER && whole && kind == Kind.NUMBER;
            }
            pending = kind == Kind.STRING ? string() : number();
            pendingStart = start;
            pendingEnd = at;
            return pending != null;
        }

        /** Looks at the token after a value. */
        private boolean settle() {
            boolean ends =
                    switch (clause) {
                        case WHERE ->
                            kind == Kind.END
                                    || kind == Kind.CLOSE
                                    || (kind == Kind.WORD && AFTER_CONDITION.contains(word));
                        case SET ->
                            kind == Kind.END
                                    || kind == Kind.COMMA
                                    || (kind == Kind.WORD && (word.equals("where") || word.equals("returning")));
                        case VALUES -> kind == Kind.COMMA || kind == Kind.CLOSE;
                        case OTHER -> false;
                    };
            if (ends) {
                values.add(pending);
                out.append(sql, copied, pendingStart).append('?');
                copied = pendingEnd;
                pending = null;
            }
            return ends;
        }

        private Object string() {
            String body = sql.substring(start + 1, at - 1);
            return body.indexOf('\'') < 0 ? body : body.replace("''", "'");
        }

        private Object number() {
            String digits = sql.substring(negative ? start + 1 : start, at).strip();
            if (whole) {
                long v = Long.parseLong(digits);
                return negative ? -v : v;
            }
            BigDecimal v = new BigDecimal(digits);
            return negative ? v.negate() : v;
        }

        // ---- tokens

        /** Reads the next token; false where it is one that is not sure. */
        private boolean token() {
            while (at < sql.length() && isSpace(sql.charAt(at))) {
                at++;
            }
            start = at;
            if (at == sql.length()) {
                kind = Kind.END;
                return true;
            }
            char c = sql.charAt(at);
            if (isLetter(c)) {
                return name();
            }
            if (isDigit(c)) {
                return digits(false);
            }
            at++;
            switch (c) {
                case '\'' -> {
                    kind = Kind.STRING;
                    return quoted('\'');
                }
                case '"' -> {
                    kind = Kind.WORD;
                    word = "\"";
                    return quoted('"');
                }
                case '=' -> kind = Kind.EQUALS;
                case ',' -> kind = Kind.COMMA;
                case '(' -> kind = Kind.OPEN;
                case ')' -> kind = Kind.CLOSE;
                case '-' -> {
                    boolean sign = before == Kind.EQUALS || before == Kind.COMMA || before == Kind.OPEN;
                    return sign && at < sql.length() && isDigit(sql.charAt(at)) && digits(true);
                }
                case '.', '<', '>', '+', '*' -> kind = Kind.OTHER;
                case ';' -> {
                    kind = Kind.END;
                    return sql.substring(at).isBlank();
                }
                default -> {
                    return false; // parameters, dollar quotes, comments, what is not ASCII
                }
            }
            // Of operators of two characters only <= >= <> are known, and none that begins or ends with =.
            boolean glued = kind == Kind.EQUALS && start > 0 && "<>=!".indexOf(sql.charAt(start - 1)) >= 0;
            kind = glued ? Kind.OTHER : kind;
            return true;
        }

        private boolean name() {
            do {
                at++;
            } while (at < sql.length() && (isLetter(sql.charAt(at)) || isDigit(sql.charAt(at))));
            kind = Kind.WORD;
            word = known();
            // A letter glued to a quotation is a prefix; what is not ASCII may go on with the name.
            return at == sql.length() || !(sql.charAt(at) == '\'' || sql.charAt(at) == '$' || sql.charAt(at) >= 0x80);
        }

        private String known() {
            int length = at - start;
            if (length < WORDS.length) {
                for (String known : WORDS[length]) {
                    if (sql.regionMatches(true, start, known, 0, length)) {
                        return known;
                    }
                }
            }
            return NAME;
        }

        private boolean digits(boolean signed) {
            negative = signed;
            int from = at;
            while (at < sql.length() && isDigit(sql.charAt(at))) {
                at++;
            }
            whole = true;
            if (at < sql.length() && sql.charAt(at) == '.') {
                whole = false;
                do {
                    at++;
                } while (at < sql.length() && isDigit(sql.charAt(at)));
            }
            kind = Kind.NUMBER;
            // An exponent, or a name glued to the number, is not for here.
            boolean glued = at < sql.length() && (isLetter(sql.charAt(at)) || sql.charAt(at) >= 0x80);
            return !glued && at - from <= (whole ? MAX_DIGITS : 2 * MAX_DIGITS);
        }

        private boolean quoted(char quote) {
            for (; at < sql.length(); at++) {
                char c = sql.charAt(at);
                if (c == quote) {
                    if (at + 1 == sql.length() || sql.charAt(at + 1) != quote) {
                        at++;
                        return true;
                    }
                    at++;
                } else if (c == 0 || Character.isSurrogate(c)) {
                    return false;
                }
            }
            return false;
        }

        private static boolean isSpace(char c) {
            return c == ' ' || c == '\n' || c == '\t' || c == '\r';
        }

        private static boolean isDigit(char c) {
            return c >= '0' && c <= '9';
        }

        private static boolean isLetter(char c) {
            return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
        }
    }
}

package org.mosslsm.sql.expr;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.mosslsm.sql.error.SqlException;
import org.mosslsm.sql.error.SqlState;

/**
 * A regular expression, as PostgreSQL and SQL's SIMILAR TO write them. Java's engine matches it, which tries alternatives one
 * after another, so that a trap such as {@code (a|a)*b} takes twice as long for each character more: a match that takes
 * suspiciously long goes on as a {@link LinearProgram}, in time proportional to the string. Patterns that are not for that
 * (back references, lookaround) are given up after a second or two, and more for a long string. Every match can be cancelled.
 * Safe for threads; the latest are kept compiled.
 */
final class RegularExpression {
    private static final int KEPT = 64;

    /** Characters of a pattern: compiling one asks nothing, and patterns are kept; none that is written is near it. */
    private static final int LONGEST = 1 << 16;

    private static final Map<String, RegularExpression> LATEST = new LinkedHashMap<>(KEPT, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, RegularExpression> eldest) {
            return size() > KEPT;
        }
    };

    /** Only a newline ends a line. */
    private static final int LINES = Pattern.MULTILINE | Pattern.UNIX_LINES;

    /** A longer string is not looked through to find that it is of ASCII alone. */
    private static final int SHORT = 1 << 16;

    private final Pattern pattern;

    /** For strings of ASCII: Java's own words and blanks, which it is faster with. */
    private final Pattern asciiPattern;

    private final int groups;
    private volatile boolean trap;

    /** Null until it is asked for. */
    private volatile Optional<LinearProgram> linear;

    private volatile Optional<LinearProgram> linearPlaces;

    private RegularExpression(Pattern pattern) {
        this.pattern = pattern;
        String ascii = RegexEscapes.forAscii(pattern.pattern());
        this.asciiPattern = ascii.equals(pattern.pattern()) ? pattern : Pattern.compile(ascii, pattern.flags());
        this.groups = pattern.matcher("").groupCount();
    }

    /**
     * PostgreSQL's pattern; flags: i ignores case, n and m let ^ and $ stand at lines, which . and [^x] do not leave, s the
     * opposite, x passes over white space and comments outside of sets, c respects case, g is the caller's.
     *
     * @throws SqlException 2201B for what is no pattern, 22023 for an unknown flag
     */
    static RegularExpression of(String pattern, String flags) {
        return kept("r" + flags + '\0' + pattern, () -> {
            int set = flags(flags);
            String java = javaOf(pattern, (set & Pattern.MULTILINE) != 0, (set & Pattern.COMMENTS) != 0);
            return compile(java, set & ~Pattern.COMMENTS);
        });
    }

    /**
     * SQL's pattern, which must match the whole string: as of LIKE, with | * + ? {m,n} ( ) and [ ] besides.
     *
     * @param escape one character, or empty for none
     */
    static RegularExpression similar(String pattern, String escape) {
        return kept(
                "s" + escape + '\0' + pattern, () -> compile(similarToJava(pattern, escape, false), Pattern.DOTALL));
    }

    /**
     * As {@link #similar}, with a group for what stands between two {@code escape"}: what comes before them matches as
     * little as it can (SQL:2016 6.30). Without them the group is everything, with one of them all that comes after.
     */
    static RegularExpression similarPart(String pattern, String escape) {
        return kept("p" + escape + '\0' + pattern, () -> {
            List<String> parts = parts(pattern, escape);
            StringBuilder java = new StringBuilder();
            for (int i = 0; i < parts.size(); i++) {
                boolean before = i == 0 && parts.size() > 1;
                boolean wanted = i == 1 || parts.size() == 1;
                java.append(wanted ? "(" : "(?:")
                        .append(similarToJava(parts.get(i), escape, before))
                        .append(')');
            }
            return compile(java.toString(), Pattern.DOTALL);
        });
    }

    private static List<String> parts(String pattern, String escape) {
        List<String> parts = new ArrayList<>();
        int from = 0;
        for (int i = 0; !escape.isEmpty() && i < pattern.length(); i++) {
            if (pattern.startsWith(escape, i)) {
                i += escape.length();
                if (i < pattern.length() && pattern.charAt(i) == '"') {
                    parts.add(pattern.substring(from, i - escape.length()));
                    from = i + 1;
                }
            }
        }
        parts.add(pattern.substring(from));
        if (parts.size() > 3) {
            throw new SqlException(
                    SqlState.INVALID_USE_OF_ESCAPE,
                    "the pattern has more than two of " + escape + "\" between its parts");
        }
        return parts;
    }

    private static RegularExpression kept(String key, Supplier<RegularExpression> make) {
        if (key.length() > LONGEST) {
            throw new SqlException(
                    SqlState.TOO_COMPLEX, "a regular expression of more than " + LONGEST + " characters is too long");
        }
        synchronized (LATEST) {
            RegularExpression known = LATEST.get(key);
            if (known != null) {
                return known;
            }
        }
        RegularExpression made = make.get();
        synchronized (LATEST) {
            LATEST.put(key, made);
        }
        return made;
    }

    private static RegularExpression compile(String javaPattern, int flags) {
        try {
            return new RegularExpression(Pattern.compile(javaPattern, flags));
        } catch (PatternSyntaxException e) {
            throw invalid(e.getDescription(), e);
        } catch (StackOverflowError e) {
            throw new SqlException(SqlState.TOO_COMPLEX, "the regular expression is nested too deeply", e);
        }
    }

    static SqlException invalid(String why, Throwable cause) {
        return new SqlException("2201B", "invalid regular expression: " + why, cause);
    }

    private static int flags(String flags) {
        int set = Pattern.DOTALL;
        for (int i = 0; i < flags.length(); i++) {
            char flag = flags.charAt(i);
            switch (flag) {
                case 'i' -> set |= Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE;
                case 'c' -> set &= ~Pattern.CASE_INSENSITIVE;
                case 'n', 'm' -> set = (set | LINES) & ~Pattern.DOTALL;
                case 's' -> set = (set | Pattern.DOTALL) & ~LINES;
                case 'x' -> set |= Pattern.COMMENTS;
                case 'g' -> {}
                default ->
                    throw new SqlException(
                            SqlState.INVALID_PARAMETER_VALUE, "\"" + flag + "\" is no flag of a regular expression");
            }
        }
        return set;
    }

    /**
     * Java's spelling: [[:alpha:]] is \p{IsAlphabetic}, and a bracket in a set stands for itself; \m \M \y are word ends. What Java
     * knows and PostgreSQL does not (\Q, \p, possessive quantifiers, named groups) is no pattern.
     *
     * @param lines whether lines count
     * @param spaced whether blanks and comments do not
     */
    private static String javaOf(String p, boolean lines, boolean spaced) {
        StringBuilder out = new StringBuilder(p.length() + 8);
        boolean quantified = false;
        for (int i = 0; i < p.length(); i++) {
            char c = p.charAt(i);
            if (spaced && Character.isWhitespace(c)) {
                continue;
            }
            if (spaced && c == '#') {
                int end = p.indexOf('\n', i);
                i = end < 0 ? p.length() : end;
                continue;
            }
            boolean after = quantified;
            quantified = false;
            if (c == '\\' && i + 1 < p.length()) {
                RegexEscapes.write(p.charAt(++i), out);
            } else if (p.startsWith("[[:<:]]", i) || p.startsWith("[[:>:]]", i)) {
                RegexEscapes.write(p.charAt(i + 3) == '<' ? 'm' : 'M', out);
                i += 6;
            } else if (c == '[') {
                i = set(p, i, lines, out);
            } else if (c == '^' && lines) {
                out.append(RegexEscapes.LINE_START);
            } else if (c == '$' && !lines) {
                out.append("\\z"); // Java's $ also stands before a newline at the end
            } else if (c == '{' && !isDigit(p, i + 1)) {
                out.append("\\{");
            } else if (c == '*' || c == '+' || c == '{') {
                if (after) {
                    throw invalid("nothing to repeat", null);
                }
                quantified = true;
                i = quantifier(p, i, out);
            } else if (p.startsWith("(?<", i) && !p.startsWith("(?<=", i) && !p.startsWith("(?<!", i)) {
                throw invalid("groups have no names", null);
            } else {
                quantified = c == '?' && !after; // the second one says "as few as can be"
                out.append(c);
            }
        }
        return out.toString();
    }

    private static boolean isDigit(String p, int at) {
        return at < p.length() && p.charAt(at) >= '0' && p.charAt(at) <= '9';
    }

    /** Copies a quantifier; the place of its last character. */
    private static int quantifier(String p, int at, StringBuilder out) {
        int end = p.charAt(at) == '{' ? p.indexOf('}', at) : at;
        if (end < 0) {
            throw invalid("braces {} not balanced", null);
        }
        if (out.length() == 0) {
            throw invalid("nothing to repeat", null);
        }
        out.append(p, at, end + 1);
        return end;
    }

    /** Copies the set that begins at {@code at}; the place of its last character. */
    private static int set(String p, int at, boolean lines, StringBuilder out) {
        int i = at + 1;
        out.append('[');
        boolean others = i < p.length() && p.charAt(i) == '^';
        if (others) {
            out.append('^');
            i++;
        }
        for (boolean first = true; i < p.length() && (first || p.charAt(i) != ']'); i++, first = false) {
            char c = p.charAt(i);
            if (p.startsWith("[=", i) || p.startsWith("[.", i)) {
                throw invalid("collating elements are not supported", null);
            }
            int end = p.startsWith("[:", i) ? p.indexOf(":]", i) : -1;
            if (end > 0) {
                out.append(RegexEscapes.named(p.substring(i + 2, end)));
                i = end + 1;
                requireNoRange(p, i + 1);
            } else if (c == '\\' && i + 1 < p.length()) {
                RegexEscapes.writeInSet(p.charAt(++i), out);
                if ("wWsSdD".indexOf(p.charAt(i)) >= 0) {
                    requireNoRange(p, i + 1);
                }
            } else if (c == '[' || c == ']' || c == '&') {
                out.append('\\').append(c);
            } else {
                out.append(c);
            }
        }
        if (i >= p.length()) {
            throw invalid("brackets [] not balanced", null);
        }
        out.append(lines && others ? "\n]" : "]");
        return i;
    }

    /** Behind a set within a set a hyphen is none of a range. */
    private static void requireNoRange(String p, int at) {
        if (p.startsWith("-", at) && !p.startsWith("]", at + 1)) {
            throw invalid("a range has a character at each end", null);
        }
    }

    /** @param least whether what repeats does so as seldom as it can */
    private static String similarToJava(String p, String escape, boolean least) {
        if (Strings.length(escape) > 1) {
            throw new SqlException(
                    SqlState.INVALID_ESCAPE_CHARACTER, "escape must be one character or empty, not \"" + escape + "\"");
        }
        StringBuilder out = new StringBuilder(p.length() + 8);
        for (int i = 0; i < p.length(); i++) {
            char c = p.charAt(i);
            if (!escape.isEmpty() && p.startsWith(escape, i)) {
                i += escape.length();
                if (i >= p.length()) {
                    throw new SqlException(
                            SqlState.INVALID_ESCAPE_SEQUENCE, "the pattern must not end with the escape character");
                }
                int literal = p.codePointAt(i);
                out.append(Pattern.quote(Character.toString(literal)));
                i += Character.charCount(literal) - 1;
            } else if (c == '[') {
                i = set(p, i, false, out);
            } else {
                switch (c) {
                    case '%' -> out.append(least ? ".*?" : ".*");
                    case '_' -> out.append('.');
                    case '(' -> out.append("(?:");
                    case '|', '{', ')' -> out.append(c);
                    case '*', '+', '?', '}' -> out.append(c).append(least ? "?" : "");
                    case '.', '^', '$', '\\', ']' -> out.append('\\').append(c);
                    default -> out.append(c);
                }
            }
        }
        return out.toString();
    }

    /**
     * The matches in {@code s}; they can be cancelled.
     *
     * @param places whether it will be asked where they are, not only whether there is one
     */
    RegexMatch match(String s, EvalContext context, boolean places) {
        return new RegexMatch(this, s, context, places);
    }

    /** The pattern that Java's engine matches any string with. */
    Pattern pattern() {
        return pattern;
    }

    /** The fastest of those that match {@code s} as {@link #pattern()} does. */
    Pattern pattern(String s) {
        return asciiPattern != pattern && s.length() <= SHORT && isAscii(s) ? asciiPattern : pattern;
    }

    private static boolean isAscii(String s) {
        for (int i = 0; i < s.length(); i++) {
            if (s.charAt(i) >= 0x80) {
                return false;
            }
        }
        return true;
    }

    int groups() {
        return groups;
    }

    /** Whether Java's engine took too long for a string, so that the linear one is asked at once. */
    boolean knownTrap() {
        return trap;
    }

    void setKnownTrap() {
        trap = true;
    }

    /** Whether only the linear engine's yes or no is to be had: something that may be empty is repeated. */
    boolean emptyRounds() {
        return linear(true).isEmpty() && linear(false).isPresent();
    }

    /** The program of the linear engine, or empty if the pattern is not for it. */
    Optional<LinearProgram> linear(boolean places) {
        Optional<LinearProgram> program = places ? linearPlaces : linear;
        if (program == null) {
            program = LinearProgram.of(pattern, places);
            if (places) {
                linearPlaces = program;
            } else {
                linear = program;
            }
        }
        return program;
    }
}

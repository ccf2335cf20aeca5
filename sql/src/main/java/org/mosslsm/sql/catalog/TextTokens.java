// The tokens of SQL that the catalog keeps as text.
package org.mosslsm.sql.catalog;

import java.util.ArrayList;
import java.util.List;
import org.mosslsm.sql.type.UnicodeEscapes;
import org.mosslsm.sql.type.Words;

/**
 * Takes a text that was parsed before apart, as the grammar's lexer does, as far as names and strings go: words, names in
 * quotes, strings of every spelling, and single characters; comments and blanks are passed over. Used by one thread.
 */
public final class TextTokens {
    /** What a token is; a string whose value is not read here (bytes, control characters) is OTHER. */
    public enum Kind {
        WORD,
        QUOTED,
        STRING,
        OTHER
    }

    /**
     * A token from {@code from} to before {@code to}.
     *
     * @param text a word in lower case, the value of a string, a name in quotes without Unicode escapes; else as it is written
     */
    public record Token(Kind kind, String text, int from, int to) {
        /** Whether it is that word, which is in lower case. */
        public boolean isWord(String word) {
            return kind == Kind.WORD && text.equals(word);
        }

        /** Whether it is that character. */
        public boolean isSymbol(char symbol) {
            return kind == Kind.OTHER && text.length() == 1 && text.charAt(0) == symbol;
        }
    }

    /** First and last of the characters beyond ASCII that a name has: NAME_START of the lexer. */
    private static final String NAME_CHARACTERS = "\u00AA\u00AA\u00B5\u00B5\u00BA\u00BA\u00C0\u1FFF\u2070\u218F"
            + "\u2C00\u2FEF\u3001\uD7FF\uF900\uFDCF\uFDF0\uFEFE\uFF00\uFFFD";

    /** SPACE of the lexer, as those are. */
    private static final String BLANKS =
            "\t\r  \u00A0\u00A0\u2000\u200B\u2028\u2029\u202F\u202F\u205F\u205F" + "\u3000\u3000\uFEFF\uFEFF";

    private final String text;
    private final List<Token> tokens = new ArrayList<>();
    private int at;

    private TextTokens(String text) {
        this.text = text;
    }

    /** The tokens of a text in their order. */
    public static List<Token> of(String text) {
        TextTokens t = new TextTokens(text);
        while (t.at < text.length()) {
            t.next();
        }
        return t.tokens;
    }

    private void next() {
        char c = text.charAt(at);
        if (isIn(BLANKS, c)) {
            at++;
        } else if (text.startsWith("--", at)) {
            while (at < text.length() && text.charAt(at) != '\n' && text.charAt(at) != '\r') {
                at++;
            }
        } else if (text.startsWith("/*", at)) {
            comment();
        } else if (c == '"') {
            add(Kind.QUOTED, text.substring(at, quoted(at, false)));
        } else if (c == '\'') {
            string(0);
        } else if ("eEnNxXbB".indexOf(c) >= 0 && text.startsWith("'", at + 1)) {
            string(1);
        } else if (text.regionMatches(true, at, "u&'", 0, 3) || text.regionMatches(true, at, "u&\"", 0, 3)) {
            unicode();
        } else if (c == '$' && tagEnd() > 0) {
            dollar(tagEnd());
        } else if (isWordPart(c)) {
            int end = at + 1;
            while (end < text.length() && (isWordPart(text.charAt(end)) || text.charAt(end) == '$')) {
                end++;
            }
            tokens.add(new Token(Kind.WORD, Words.lower(text.substring(at, end)), at, end));
            at = end;
        } else {
            add(Kind.OTHER, String.valueOf(c));
        }
    }

    private void add(Kind kind, String written) {
        tokens.add(new Token(kind, written, at, at + written.length()));
        at += written.length();
    }

    private static boolean isIn(String ranges, char c) {
        for (int i = 0; i < ranges.length(); i += 2) {
            if (c >= ranges.charAt(i) && c <= ranges.charAt(i + 1)) {
                return true;
            }
        }
        return false;
    }

    /** Digits too: a number is a word here. */
    private static boolean isWordPart(char c) {
        return c < 0x80
                ? (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_'
                : Character.isSurrogate(c) || isIn(NAME_CHARACTERS, c);
    }

    private void comment() {
        int depth = 0;
        do {
            int step = 2;
            if (text.startsWith("/*", at)) {
                depth++;
            } else if (text.startsWith("*/", at)) {
                depth--;
            } else {
                step = 1;
            }
            at += step;
        } while (depth > 0 && at < text.length());
    }

    /** Past the closing quote of what is opened at {@code from}, or the end. */
    private int quoted(int from, boolean backslash) {
        char quote = text.charAt(from);
        int i = from + 1;
        while (i < text.length()) {
            char c = text.charAt(i);
            boolean twice = c == quote && i + 1 < text.length() && text.charAt(i + 1) == quote;
            if (c == quote && !twice) {
                return i + 1;
            }
            i += twice || (backslash && c == '\\') ? 2 : 1;
        }
        return text.length();
    }

    private void string(int prefix) {
        int from = at;
        char kind = prefix == 0 ? 'n' : Character.toLowerCase(text.charAt(at));
        String body = body(at + prefix, kind == 'e');
        String value =
                switch (kind) {
                    case 'n' -> body.replace("''", "'");
                    case 'e' -> unescaped(body);
                    default -> null;
                };
        tokens.add(
                value == null
                        ? new Token(Kind.OTHER, text.substring(from, at), from, at)
                        : new Token(Kind.STRING, value, from, at));
    }

    /** Takes a string and those that go on with it on later lines; what is between its quotes, theirs being left out. */
    private String body(int from, boolean backslash) {
        StringBuilder body = new StringBuilder();
        for (int open = from; open >= 0; open = backslash ? -1 : nextPart()) {
            at = quoted(open, backslash);
            body.append(text, open + 1, Math.max(open + 1, at - 1));
        }
        return body.toString();
    }

    private int nextPart() {
        int next = pastBlanks(at);
        boolean newline = text.substring(at, next).chars().anyMatch(c -> c == '\n' || c == '\r');
        return newline && text.startsWith("'", next) ? next : -1;
    }

    /** The first place from {@code i} on that is no blank and in no comment to the end of a line. */
    private int pastBlanks(int i) {
        while (i < text.length()) {
            if (text.startsWith("--", i)) {
                while (i < text.length() && text.charAt(i) != '\n' && text.charAt(i) != '\r') {
                    i++;
                }
            } else if (text.charAt(i) == ' ' || (text.charAt(i) >= '\t' && text.charAt(i) <= '\r')) {
                i++;
            } else {
                break;
            }
        }
        return i;
    }

    /** A string or a name with Unicode escapes, and UESCAPE with its string; the name is written without them. */
    private void unicode() {
        int from = at;
        boolean name = text.charAt(at + 2) == '"';
        String written;
        if (name) {
            at = quoted(at + 2, false);
            written = text.substring(from, at);
        } else {
            written = "U&'" + body(at + 2, false) + "'";
        }
        int next = pastBlanks(at);
        int open = text.regionMatches(true, next, "uescape", 0, 7) ? pastBlanks(next + 7) : text.length();
        if (text.startsWith("'", open)) {
            at = quoted(open, false);
            written += " " + text.substring(open, at);
        }
        String value = UnicodeEscapes.read(written);
        tokens.add(
                name
                        ? new Token(Kind.QUOTED, "\"" + value.replace("\"", "\"\"") + "\"", from, at)
                        : new Token(Kind.STRING, value, from, at));
    }

    /** The value of a string with backslashes before characters that stand for themselves; null of others. */
    private static String unescaped(String body) {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < body.length(); i++) {
            char c = body.charAt(i);
            if (c == '\\' && i + 1 < body.length()) {
                c = body.charAt(++i);
                if (Character.isLetterOrDigit(c)) {
                    return null;
                }
            } else if (c == '\'') {
                i++;
            }
            out.append(c);
        }
        return out.toString();
    }

    /** Past the tag of a dollar quote that begins here; 0 where none does. */
    private int tagEnd() {
        int end = at + 1;
        while (end < text.length() && isWordPart(text.charAt(end))) {
            end++;
        }
        boolean number = end > at + 1 && Character.isDigit(text.charAt(at + 1));
        return end < text.length() && text.charAt(end) == '$' && !number ? end + 1 : 0;
    }

    private void dollar(int bodyFrom) {
        String tag = text.substring(at, bodyFrom);
        int close = text.indexOf(tag, bodyFrom);
        int bodyTo = close < 0 ? text.length() : close;
        int end = Math.min(text.length(), bodyTo + tag.length());
        tokens.add(new Token(Kind.STRING, text.substring(bodyFrom, bodyTo), at, end));
        at = end;
    }
}

// Renaming a column or a table in the text of a check or of an index's condition.
package org.mosslsm.sql.exec.ddl;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Replaces a name in an expression kept as text. Strings are left alone, and so are words that are no column where they
 * stand: names of functions, which a parenthesis follows, of types ({@code DATE '2020-01-01'}, {@code AS date},
 * {@code ::date}) and of fields ({@code EXTRACT(year FROM ...)}). It knows words, not grammar: the caller compares what
 * the texts mean.
 */
final class NameInText {
    private final List<String> tokens;

    private NameInText(String text) {
        this.tokens = tokens(text);
    }

    /** The text with another name for a column of its table. */
    static String replace(String text, String from, String to) {
        NameInText t = new NameInText(text);
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < t.tokens.size(); i++) {
            out.append(t.isName(i, from) && t.isColumn(i) ? quote(to) : t.tokens.get(i));
        }
        return out.toString();
    }

    /** The text with another name for its table, where it qualifies columns. */
    static String replaceTable(String text, String from, String to) {
        NameInText t = new NameInText(text);
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < t.tokens.size(); i++) {
            out.append(t.isName(i, from) && t.isTable(i) ? quote(to) : t.tokens.get(i));
        }
        return out.toString();
    }

    private boolean isName(int i, String name) {
        String token = tokens.get(i);
        return token.charAt(0) == '"'
                ? token.equals(quote(name))
                : token.toLowerCase(Locale.ROOT).equals(name);
    }

    private boolean isColumn(int i) {
        String after = at(i, 1);
        if (after.equals(".")) {
            return false;
        }
        boolean type = after.startsWith("'") || at(i, -1).equals("as") || (at(i, -1) + at(i, -2)).equals("::");
        boolean field = at(i, -1).equals("(") && at(i, -2).equals("extract");
        return tokens.get(i).charAt(0) == '"' || !(after.equals("(") || type || field);
    }

    private boolean isTable(int i) {
        return at(i, 1).equals(".") && !at(i, 3).equals(".");
    }

    /** The token so many places from another one, without spaces, in lower case; empty where there is none. */
    private String at(int i, int distance) {
        int step = Integer.signum(distance);
        int left = Math.abs(distance);
        for (int k = i + step; k >= 0 && k < tokens.size(); k += step) {
            String token = tokens.get(k);
            if (!token.isBlank() && --left == 0) {
                return token.toLowerCase(Locale.ROOT);
            }
        }
        return "";
    }

    /** Words, quotations, and single characters of anything else. */
    private static List<String> tokens(String text) {
        List<String> tokens = new ArrayList<>();
        int end;
        for (int i = 0; i < text.length(); i = end) {
            char c = text.charAt(i);
            end = i + 1;
            if (c == '\'' || c == '"') {
                end = endOfQuoted(text, i);
            } else if (Character.isUnicodeIdentifierStart(c) || c == '_') {
                while (end < text.length()
                        && (Character.isUnicodeIdentifierPart(text.charAt(end)) || text.charAt(end) == '$')) {
                    end++;
                }
            }
            tokens.add(text.substring(i, end));
        }
        return tokens;
    }

    private static int endOfQuoted(String text, int start) {
        char quote = text.charAt(start);
        int i = start + 1;
        while (i < text.length()) {
            if (text.charAt(i) == quote) {
                if (i + 1 < text.length() && text.charAt(i + 1) == quote) {
                    i++;
                } else {
                    return i + 1;
                }
            }
            i++;
        }
        return text.length();
    }

    private static String quote(String name) {
        return '"' + name.replace("\"", "\"\"") + '"';
    }
}

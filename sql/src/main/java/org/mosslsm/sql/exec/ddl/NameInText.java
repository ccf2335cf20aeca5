// Renaming a column in the text of a check.
package org.mosslsm.sql.exec.ddl;

import java.util.Locale;

/**
 * Replaces a column's name in an expression kept as text. Strings are left alone, and so are names of functions, which a
 * parenthesis follows.
 */
final class NameInText {
    private NameInText() {}

    static String replace(String text, String from, String to) {
        StringBuilder out = new StringBuilder();
        int i = 0;
        while (i < text.length()) {
            char c = text.charAt(i);
            int end;
            if (c == '\'' || c == '"') {
                end = endOfQuoted(text, i);
                String part = text.substring(i, end);
                out.append(part.equals(quote(from)) ? quote(to) : part);
            } else if (Character.isUnicodeIdentifierStart(c) || c == '_') {
                end = i + 1;
                while (end < text.length()
                        && (Character.isUnicodeIdentifierPart(text.charAt(end)) || text.charAt(end) == '$')) {
                    end++;
                }
                String word = text.substring(i, end);
                boolean call = text.substring(end).stripLeading().startsWith("(");
                boolean meant = word.toLowerCase(Locale.ROOT).equals(from) && !call;
                out.append(meant ? quote(to) : word);
            } else {
                end = i + 1;
                out.append(c);
            }
            i = end;
        }
        return out.toString();
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

// Names in texts.
package org.mosslsm.sql.catalog;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.mosslsm.sql.type.Words;

/**
 * Names as functions and settings take them in a text ({@code nextval('"App".seq')}, the search_path), and show them: in
 * quotes as they stand, else in lower case.
 */
public final class NameText {
    private NameText() {}

    /** The name, in quotes where it would not be read as it stands. */
    public static String quoted(String name) {
        return name.matches("[a-z_][a-z0-9_]*") ? name : '"' + name.replace("\"", "\"\"") + '"';
    }

    /** The names with commas between them, so that {@link #split} finds the same. */
    public static String list(List<String> names) {
        return names.stream().map(NameText::quoted).collect(Collectors.joining(", "));
    }

    /** The names between the separators, none in a text of blanks; empty where a name or a quote is missing. */
    public static Optional<List<String>> split(String text, char separator) {
        List<String> names = new ArrayList<>(2);
        int at = pastBlanks(text, 0);
        while (at < text.length()) {
            boolean quoted = text.charAt(at) == '"';
            int end = quoted ? closingQuote(text, at + 1) : endOfWord(text, at, separator);
            if (end <= at) {
                return Optional.empty();
            }
            names.add(
                    quoted ? text.substring(at + 1, end).replace("\"\"", "\"") : Words.lower(text.substring(at, end)));
            at = pastBlanks(text, quoted ? end + 1 : end);
            if (at == text.length()) {
                break;
            }
            int next = pastBlanks(text, at + 1);
            if (text.charAt(at) != separator || next == text.length()) {
                return Optional.empty();
            }
            at = next;
        }
        return Optional.of(names);
    }

    private static int closingQuote(String text, int from) {
        int quote = text.indexOf('"', from);
        while (quote >= 0 && text.startsWith("\"", quote + 1)) {
            quote = text.indexOf('"', quote + 2);
        }
        return quote;
    }

    private static int endOfWord(String text, int from, char separator) {
        int at = from;
        while (at < text.length() && text.charAt(at) != separator && !isBlank(text.charAt(at))) {
            at++;
        }
        return at;
    }

    private static int pastBlanks(String text, int from) {
        int at = from;
        while (at < text.length() && isBlank(text.charAt(at))) {
            at++;
        }
        return at;
    }

    private static boolean isBlank(char c) {
        return c == ' ' || (c >= '\t' && c <= '\r');
    }
}

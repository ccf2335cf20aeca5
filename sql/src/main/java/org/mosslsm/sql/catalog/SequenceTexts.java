// Sequences in the texts of defaults.
package org.mosslsm.sql.catalog;

import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The sequences that a default draws from, which is kept as text: {@code nextval('app.s')}. A default made today names them
 * with their schemas; one of an older database may not. A name that is no literal is nobody's to find, as in PostgreSQL.
 */
public final class SequenceTexts {
    private static final Pattern CALL = Pattern.compile(
            "(?i)\\bnextval\\s*\\(\\s*'((?:[^']|'')*)'|\\bnext\\s+value\\s+for\\s+((?:\"(?:[^\"]|\"\")*\"|[\\w$.])+)");

    private SequenceTexts() {}

    /** The name of the sequence that a default draws from first, as it is written. */
    public static Optional<String> name(String text) {
        Matcher calls = CALL.matcher(text);
        return calls.find() ? Optional.of(name(calls)) : Optional.empty();
    }

    private static String name(MatchResult call) {
        return call.group(1) == null ? call.group(2) : call.group(1).replace("''", "'");
    }

    /** The text with other names of its sequences; {@code to} gives none for what stays as it is. */
    public static String replace(String text, Function<String, Optional<String>> to) {
        return CALL.matcher(text)
                .replaceAll(call -> Matcher.quoteReplacement(to.apply(name(call))
                        .map(n -> "nextval('" + n.replace("'", "''") + "'" + (call.group(1) == null ? ")" : ""))
                        .orElse(call.group())));
    }

    /** Whether a default draws from a sequence. */
    public static boolean drawsFrom(String text, Sequence sequence) {
        Matcher calls = CALL.matcher(text);
        while (calls.find()) {
            if (means(name(calls), sequence)) {
                return true;
            }
        }
        return false;
    }

    /** Whether a name in a text, with its schema or without, is that of a sequence. */
    public static boolean means(String name, Sequence sequence) {
        String folded = folded(name);
        return folded.equals(sequence.name()) || folded.equals(sequence.schema() + "." + sequence.name());
    }

    /** The name of a sequence with its schema, as texts have it. */
    public static String qualified(Sequence sequence) {
        return NameText.quoted(sequence.schema()) + "." + NameText.quoted(sequence.name());
    }

    /** A name as the catalog has it: in lower case but in quotes. */
    private static String folded(String name) {
        StringBuilder out = new StringBuilder();
        boolean quoted = false;
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (c == '"') {
                quoted = !quoted;
            } else {
                out.append(quoted ? String.valueOf(c) : String.valueOf(c).toLowerCase(Locale.ROOT));
            }
        }
        return out.toString();
    }
}

// Sequences in the texts of defaults.
package org.mosslsm.sql.catalog;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * The sequences that a default names, which is kept as text: {@code nextval('app.s')}. A default made today names them with
 * their schemas; one of an older database may not. A name that is no literal is nobody's to find, as in PostgreSQL.
 */
public final class SequenceTexts {
    private static final Set<String> FUNCTIONS = Set.of("nextval", "currval", "setval");

    private SequenceTexts() {}

    /**
     * A place that names a sequence: up to the end of its name.
     *
     * @param function null of {@code NEXT VALUE FOR}
     */
    private record Call(int from, int to, String function, String name) {
        boolean draws() {
            return function == null || function.equals("nextval");
        }

        String with(String other) {
            String quoted = "('" + other.replace("'", "''") + "'";
            return function == null ? "nextval" + quoted + ")" : function + quoted;
        }
    }

    /** Whether a function takes the name of a sequence first. */
    public static boolean takesName(String function) {
        return FUNCTIONS.contains(function);
    }

    /** The sequence that the default of a column of {@code table} draws from first, if it is there. */
    public static Optional<Sequence> drawnFrom(String text, Table table, Catalog catalog) {
        return calls(text).stream().filter(Call::draws).findFirst().flatMap(call -> find(call.name(), table, catalog));
    }

    /** The text with other names of its sequences; {@code to} gives none for what stays as it is. */
    public static String replace(String text, Function<String, Optional<String>> to) {
        StringBuilder out = new StringBuilder();
        int done = 0;
        for (Call call : calls(text)) {
            Optional<String> other = to.apply(call.name());
            if (other.isPresent()) {
                out.append(text, done, call.from()).append(call.with(other.get()));
                done = call.to();
            }
        }
        return out.append(text, done, text.length()).toString();
    }

    /** Whether the default of a column of {@code table} names a sequence. */
    public static boolean uses(String text, Sequence sequence, Table table, Catalog catalog) {
        return calls(text).stream().anyMatch(call -> means(call.name(), sequence, table, catalog));
    }

    /**
     * Whether a name in a default of a column of {@code table} is that of a sequence. One without a schema, of an older
     * database, is looked for in the table's schema, then in {@code public}.
     */
    public static boolean means(String name, Sequence sequence, Table table, Catalog catalog) {
        return find(name, table, catalog).filter(s -> s.id() == sequence.id()).isPresent();
    }

    private static Optional<Sequence> find(String name, Table table, Catalog catalog) {
        List<String> parts = NameText.split(name, '.').orElse(List.of());
        return switch (parts.size()) {
            case 1 ->
                catalog.sequence(table.schema(), parts.get(0))
                        .or(() -> catalog.sequence(Catalog.DEFAULT_SCHEMA, parts.get(0)));
            case 2 -> catalog.sequence(parts.get(0), parts.get(1));
            default -> Optional.empty();
        };
    }

    /** The name of a sequence with its schema, as texts have it. */
    public static String qualified(Sequence sequence) {
        return NameText.quoted(sequence.schema()) + "." + NameText.quoted(sequence.name());
    }

    private static List<Call> calls(String text) {
        List<TextTokens.Token> tokens = TextTokens.of(text);
        List<Call> calls = new ArrayList<>();
        for (int i = 0; i < tokens.size(); i++) {
            boolean next = isWord(tokens, i, "next") && isWord(tokens, i + 1, "value") && isWord(tokens, i + 2, "for");
            if (next && isName(tokens, i + 3)) {
                int last = i + 3;
                StringBuilder name = new StringBuilder(tokens.get(last).text());
                while (isSymbol(tokens, last + 1, '.') && isName(tokens, last + 2)) {
                    last += 2;
                    name.append('.').append(tokens.get(last).text());
                }
                calls.add(new Call(tokens.get(i).from(), tokens.get(last).to(), null, name.toString()));
                i = last;
            } else if (tokens.get(i).kind() == TextTokens.Kind.WORD
                    && takesName(tokens.get(i).text())
                    && isSymbol(tokens, i + 1, '(')
                    && is(tokens, i + 2, TextTokens.Kind.STRING)) {
                TextTokens.Token name = tokens.get(i + 2);
                calls.add(
                        new Call(tokens.get(i).from(), name.to(), tokens.get(i).text(), name.text()));
            }
        }
        return calls;
    }

    private static boolean is(List<TextTokens.Token> tokens, int at, TextTokens.Kind kind) {
        return at < tokens.size() && tokens.get(at).kind() == kind;
    }

    private static boolean isWord(List<TextTokens.Token> tokens, int at, String word) {
        return at < tokens.size() && tokens.get(at).isWord(word);
    }

    private static boolean isName(List<TextTokens.Token> tokens, int at) {
        return is(tokens, at, TextTokens.Kind.WORD) || is(tokens, at, TextTokens.Kind.QUOTED);
    }

    private static boolean isSymbol(List<TextTokens.Token> tokens, int at, char symbol) {
        return at < tokens.size() && tokens.get(at).isSymbol(symbol);
    }
}

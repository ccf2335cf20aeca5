// Renaming a column or a table in the text of a check or of an index's condition.
package org.mosslsm.sql.exec.ddl;

import java.util.List;
import java.util.function.IntPredicate;
import org.mosslsm.sql.catalog.TextTokens;
import org.mosslsm.sql.catalog.TextTokens.Kind;
import org.mosslsm.sql.catalog.TextTokens.Token;

/**
 * Replaces a name in an expression kept as text. Strings and comments are left alone, and so are words that are no column
 * where they stand: names of functions, which a parenthesis follows, of types ({@code DATE '2020-01-01'}, {@code AS date},
 * {@code ::date}) and of fields ({@code EXTRACT(year FROM ...)}). It knows words, not grammar: the caller compares what
 * the texts mean.
 */
final class NameInText {
    private static final Token NONE = new Token(Kind.OTHER, "", 0, 0);

    private final String text;
    private final List<Token> tokens;

    private NameInText(String text) {
        this.text = text;
        this.tokens = TextTokens.of(text);
    }

    /** The text with another name for a column of its table. */
    static String replace(String text, String from, String to) {
        NameInText t = new NameInText(text);
        return t.replace(i -> t.isName(i, from) && t.isColumn(i), to);
    }

    /** The text with another name for its table, where it qualifies columns. */
    static String replaceTable(String text, String from, String to) {
        NameInText t = new NameInText(text);
        return t.replace(i -> t.isName(i, from) && t.isTable(i), to);
    }

    private String replace(IntPredicate meant, String to) {
        StringBuilder out = new StringBuilder();
        int done = 0;
        for (int i = 0; i < tokens.size(); i++) {
            if (meant.test(i)) {
                out.append(text, done, tokens.get(i).from()).append(quote(to));
                done = tokens.get(i).to();
            }
        }
        return out.append(text, done, text.length()).toString();
    }

    private boolean isName(int i, String name) {
        Token token = tokens.get(i);
        return token.kind() == Kind.QUOTED ? token.text().equals(quote(name)) : token.isWord(name);
    }

    private boolean isColumn(int i) {
        if (at(i + 1).isSymbol('.')) {
            return false;
        }
        boolean type = at(i + 1).kind() == Kind.STRING || at(i - 1).isWord("as") || (isColon(i - 1) && isColon(i - 2));
        boolean field = at(i - 1).isSymbol('(') && at(i - 2).isWord("extract");
        return at(i).kind() == Kind.QUOTED || !(at(i + 1).isSymbol('(') || type || field);
    }

    private boolean isColon(int i) {
        return at(i).isSymbol(':');
    }

    private boolean isTable(int i) {
        return at(i + 1).isSymbol('.') && !at(i + 3).isSymbol('.');
    }

    private Token at(int i) {
        return i >= 0 && i < tokens.size() ? tokens.get(i) : NONE;
    }

    private static String quote(String name) {
        return '"' + name.replace("\"", "\"\"") + '"';
    }
}

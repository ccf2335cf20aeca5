// The text of an array, as PostgreSQL writes it.
package org.mosslsm.sql.parse;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.mosslsm.sql.error.SqlException;
import org.mosslsm.sql.error.SqlState;

/** Reads {@code {1, 2, "a b", NULL}}: the elements as texts, empty for NULL. Arrays of arrays are refused. */
final class ArrayText {
    private final String text;
    private int at;

    private ArrayText(String text) {
        this.text = text;
    }

    /**
     * The elements.
     *
     * @throws SqlException 22P02 when it is not the text of an array
     */
    static List<Optional<String>> elements(String text) {
        return new ArrayText(text.strip()).read();
    }

    private List<Optional<String>> read() {
        List<Optional<String>> elements = new ArrayList<>();
        require('{');
        skipBlanks();
        if (peek() == '}') {
            at++;
        } else {
            do {
                elements.add(element());
            } while (follows(','));
            require('}');
        }
        if (at != text.length()) {
            throw malformed();
        }
        return elements;
    }

    private Optional<String> element() {
        skipBlanks();
        if (peek() == '{') {
            throw SqlException.notSupported("an array of arrays");
        }
        boolean quoted = peek() == '"';
        at += quoted ? 1 : 0;
        StringBuilder element = new StringBuilder();
        boolean literal = quoted; // or with a backslash in it: then it is no NULL
        int kept = 0; // blanks behind this are not part of it
        while (quoted ? peek() != '"' : ",}\"{".indexOf(peek()) < 0) {
            boolean escaped = peek() == '\\';
            at += escaped ? 1 : 0;
            literal |= escaped;
            element.append(peek());
            kept = escaped || quoted || !Character.isWhitespace(peek()) ? element.length() : kept;
            at++;
        }
        at += quoted ? 1 : 0;
        skipBlanks();
        element.setLength(kept);
        if (!quoted && element.length() == 0) {
            throw malformed();
        }
        return literal || !element.toString().equalsIgnoreCase("null")
                ? Optional.of(element.toString())
                : Optional.empty();
    }

    private boolean follows(char c) {
        if (peek() != c) {
            return false;
        }
        at++;
        return true;
    }

    private void require(char c) {
        if (!follows(c)) {
            throw malformed();
        }
    }

    private char peek() {
        if (at == text.length()) {
            throw malformed();
        }
        return text.charAt(at);
    }

    private void skipBlanks() {
        while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
            at++;
        }
    }

    private SqlException malformed() {
        return new SqlException(
                SqlState.INVALID_TEXT_REPRESENTATION,
                "malformed array: \"" + (text.length() > 100 ? text.substring(0, 100) + "..." : text)
                        + "\"; one is written '{1, 2}'");
    }
}

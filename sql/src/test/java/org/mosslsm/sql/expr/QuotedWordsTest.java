// quote_ident quotes the words that are no names.
package org.mosslsm.sql.expr;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.antlr.v4.runtime.Vocabulary;
import org.junit.jupiter.api.Test;
import org.mosslsm.grammar.MossSqlLexer;
import org.mosslsm.sql.parse.SqlParser;

class QuotedWordsTest {
    /** The keywords of the grammar, in lower case. */
    private static List<String> keywords() {
        Vocabulary vocabulary = MossSqlLexer.VOCABULARY;
        List<String> words = new ArrayList<>();
        for (int i = 1; i <= vocabulary.getMaxTokenType(); i++) {
            String literal = vocabulary.getLiteralName(i);
            if (literal != null && literal.matches("'[A-Z_]+'")) {
                words.add(literal.substring(1, literal.length() - 1).toLowerCase(Locale.ROOT));
            }
        }
        return words;
    }

    @Test
    void whatItGivesIsANameWhereverOneStands() {
        List<String> words = keywords();
        assertTrue(words.size() > 200, () -> words.size() + " keywords");
        int quoted = 0;
        for (String word : words) {
            String name = QuoteFunctions.identifier(word);
            quoted += name.equals(word) ? 0 : 1;
            for (String sql : List.of(
                    "CREATE TABLE # (# INT NOT NULL, b INT)",
                    "SELECT a AS #, #.# FROM s.# WHERE # = 1",
                    "SELECT a # FROM t #")) {
                boolean bare = sql.contains("a #"); // where a word may go on with what stands before it
                if (!bare || !name.equals(word)) {
                    String text = sql.replace("#", name);
                    assertDoesNotThrow(() -> SqlParser.parseStatement(text), text);
                }
            }
        }
        assertTrue(quoted > 80, quoted + " quoted");
    }

    @Test
    void wordsOfPostgresAreQuotedToo() {
        for (String word :
                List.of("analyse", "float", "freeze", "variadic", "coalesce", "position", "user", "offset")) {
            assertEquals('"' + word + '"', QuoteFunctions.identifier(word));
        }
        for (String word : List.of("year", "name", "value", "type", "key", "date", "text", "abc")) {
            assertEquals(word, QuoteFunctions.identifier(word));
        }
    }
}

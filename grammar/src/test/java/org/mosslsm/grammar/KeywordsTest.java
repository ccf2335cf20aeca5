// Every keyword is a name or reserved, and which it is does not change by accident.
package org.mosslsm.grammar;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.antlr.v4.runtime.BaseErrorListener;
import org.antlr.v4.runtime.CharStreams;
import org.antlr.v4.runtime.CommonTokenStream;
import org.antlr.v4.runtime.RecognitionException;
import org.antlr.v4.runtime.Recognizer;
import org.antlr.v4.runtime.Vocabulary;
import org.junit.jupiter.api.Test;

class KeywordsTest {
    private static final Set<String> RESERVED =
            Set.of(("ALL AND ANY AS ASYMMETRIC BETWEEN BOTH CASE CAST CHECK COLLATE COLUMN CONSTRAINT CREATE CROSS "
                            + "CURRENT_CATALOG CURRENT_DATE CURRENT_SCHEMA CURRENT_TIME CURRENT_TIMESTAMP CURRENT_USER "
                            + "DEFAULT DISTINCT ELSE END EXCEPT EXISTS FALSE FOR FOREIGN FROM FULL GROUP HAVING ILIKE "
                            + "IN INNER INTERSECT INTO IS JOIN LATERAL LEADING LEFT LIKE LOCALTIME LOCALTIMESTAMP "
                            + "NATURAL NOT NULL ON ONLY OR ORDER OUTER PRIMARY REFERENCES RIGHT SELECT SESSION_USER "
                            + "SOME SYMMETRIC TABLE THEN TO TRAILING TRUE UNION UNIQUE USING VALUES WHEN WHERE WITH")
                    .split(" ", -1));

    @Test
    void theReservedWordsAreThese() {
        Set<String> refused = new TreeSet<>();
        for (String word : keywords()) {
            if (!parses("SELECT " + word + " FROM t")) {
                refused.add(word);
            }
        }
        // These are values without parentheses or literals, so they parse as an expression but not as a name.
        refused.addAll(Set.of(
                "CURRENT_CATALOG",
                "CURRENT_DATE",
                "CURRENT_SCHEMA",
                "CURRENT_TIME",
                "CURRENT_TIMESTAMP",
                "CURRENT_USER",
                "SESSION_USER",
                "LOCALTIME",
                "LOCALTIMESTAMP",
                "NULL",
                "TRUE",
                "FALSE"));
        assertEquals(new TreeSet<>(RESERVED), refused);
    }

    @Test
    void onlyReservedWordsCannotNameColumnsAndTables() {
        for (String word : keywords()) {
            if (RESERVED.contains(word)) {
                // NOT NULL: LIKE INT alone is what another table's columns are copied by.
                assertEquals(false, parses("CREATE TABLE t (" + word + " INT NOT NULL)"), word);
                continue;
            }
            for (String sql : List.of(
                    "CREATE TABLE " + word + " (" + word + " INT PRIMARY KEY, b INT)",
                    "SELECT a AS x, " + word + "." + word + " FROM s." + word + " WHERE " + word + " = 1",
                    "INSERT INTO " + word + " (" + word + ") VALUES (1)",
                    "UPDATE t SET " + word + " = " + word + " + 1 WHERE " + word + " IS NULL",
                    "ALTER TABLE t DROP COLUMN " + word,
                    "CREATE INDEX ON t (" + word + ", b)",
                    "SELECT 1 FROM t ORDER BY " + word + " DESC")) {
                assertEquals(true, parses(sql), sql);
            }
        }
    }

    @Test
    void everyKeywordIsALabelAfterAs() {
        for (String word : keywords()) {
            assertEquals(true, parses("SELECT a AS " + word.toLowerCase(Locale.ROOT) + " FROM t"), word);
        }
    }

    private static List<String> keywords() {
        Vocabulary vocabulary = MossSqlLexer.VOCABULARY;
        List<String> words = new ArrayList<>();
        for (int type = 1; type <= vocabulary.getMaxTokenType(); type++) {
            String literal = vocabulary.getLiteralName(type);
            if (literal != null && literal.matches("'[A-Z_]+'")) {
                words.add(literal.substring(1, literal.length() - 1));
            }
        }
        return words;
    }

    private static boolean parses(String sql) {
        MossSqlParser parser = new MossSqlParser(new CommonTokenStream(new MossSqlLexer(CharStreams.fromString(sql))));
        boolean[] failed = {false};
        parser.removeErrorListeners();
        parser.addErrorListener(new BaseErrorListener() {
            @Override
            public void syntaxError(
                    Recognizer<?, ?> recognizer,
                    Object symbol,
                    int line,
                    int column,
                    String message,
                    RecognitionException e) {
                failed[0] = true;
            }
        });
        parser.singleStatement();
        return !failed[0];
    }
}

// The corpus of golden statements parses, and nothing in it can be read in two ways.
package org.mosslsm.grammar;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.stream.Stream;
import org.antlr.v4.runtime.BaseErrorListener;
import org.antlr.v4.runtime.CharStreams;
import org.antlr.v4.runtime.CommonTokenStream;
import org.antlr.v4.runtime.Parser;
import org.antlr.v4.runtime.RecognitionException;
import org.antlr.v4.runtime.Recognizer;
import org.antlr.v4.runtime.atn.ATNConfigSet;
import org.antlr.v4.runtime.atn.PredictionMode;
import org.antlr.v4.runtime.dfa.DFA;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class GoldenStatementsTest {

    static Stream<String> goldenStatements() {
        return Stream.of("queries.sql", "changes.sql", "definitions.sql", "session.sql")
                .flatMap(file -> paragraphs(file).stream());
    }

    @ParameterizedTest
    @MethodSource("goldenStatements")
    void parsesInExactlyOneWay(String sql) {
        MossSqlParser parser = new MossSqlParser(new CommonTokenStream(new MossSqlLexer(CharStreams.fromString(sql))));
        Complaints complaints = new Complaints();
        parser.removeErrorListeners();
        parser.addErrorListener(complaints);
        parser.getInterpreter().setPredictionMode(PredictionMode.LL_EXACT_AMBIG_DETECTION);
        parser.singleStatement();
        assertEquals(List.of(), complaints.found, sql);
    }

    @ParameterizedTest
    @MethodSource("goldenStatements")
    void parsesInTheFastPredictionModeAlone(String sql) {
        MossSqlParser parser = new MossSqlParser(new CommonTokenStream(new MossSqlLexer(CharStreams.fromString(sql))));
        Complaints complaints = new Complaints();
        parser.removeErrorListeners();
        parser.addErrorListener(complaints);
        parser.getInterpreter().setPredictionMode(PredictionMode.SLL);
        parser.singleStatement();
        assertEquals(List.of(), complaints.found, sql);
    }

    private static List<String> paragraphs(String file) {
        try (InputStream in = GoldenStatementsTest.class.getResourceAsStream(file)) {
            List<String> found = new ArrayList<>();
            for (String paragraph : new String(in.readAllBytes(), StandardCharsets.UTF_8).split("\n\n+", -1)) {
                if (!paragraph.startsWith("--")) {
                    found.add(paragraph.strip());
                }
            }
            assertTrue(found.size() > 10, file);
            return found;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static final class Complaints extends BaseErrorListener {
        final List<String> found = new ArrayList<>();

        @Override
        public void syntaxError(
                Recognizer<?, ?> recognizer,
                Object symbol,
                int line,
                int column,
                String message,
                RecognitionException e) {
            found.add(line + ":" + column + " " + message);
        }

        @Override
        public void reportAmbiguity(
                Parser parser, DFA dfa, int start, int stop, boolean exact, BitSet alternatives, ATNConfigSet configs) {
            String rule = parser.getRuleNames()[dfa.atnStartState.ruleIndex];
            found.add("rule " + rule + " reads \""
                    + parser.getTokenStream()
                            .getText(
                                    parser.getTokenStream().get(start),
                                    parser.getTokenStream().get(stop))
                    + "\" by alternatives " + alternatives);
        }
    }
}

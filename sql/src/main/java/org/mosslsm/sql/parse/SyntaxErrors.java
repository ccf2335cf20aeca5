// Syntax errors that say what was expected.
package org.mosslsm.sql.parse;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.antlr.v4.runtime.NoViableAltException;
import org.antlr.v4.runtime.RecognitionException;
import org.antlr.v4.runtime.RuleContext;
import org.antlr.v4.runtime.Token;
import org.antlr.v4.runtime.TokenStream;
import org.antlr.v4.runtime.Vocabulary;
import org.antlr.v4.runtime.atn.ATN;
import org.antlr.v4.runtime.atn.ATNConfig;
import org.antlr.v4.runtime.misc.IntervalSet;
import org.mosslsm.grammar.MossSqlLexer;
import org.mosslsm.grammar.MossSqlParser;
import org.mosslsm.sql.error.SqlException;

/**
 * Turns the parser's failures into messages: {@code expected a column name, found 'FROM'}. What the parser could have
 * read there is a set of up to 200 tokens; what begins an expression, an operator or a name is said in these words, and
 * only what is left by its spelling.
 */
final class SyntaxErrors {
    /** More than this many spellings tell nobody anything. */
    private static final int MAX_SPELLED = 6;

    private static final IntervalSet OPERATORS = new IntervalSet(
            MossSqlParser.AND,
            MossSqlParser.OR,
            MossSqlParser.IS,
            MossSqlParser.NOT,
            MossSqlParser.BETWEEN,
            MossSqlParser.IN,
            MossSqlParser.LIKE,
            MossSqlParser.ILIKE,
            MossSqlParser.SIMILAR,
            MossSqlParser.EQ,
            MossSqlParser.NEQ,
            MossSqlParser.LT,
            MossSqlParser.LTE,
            MossSqlParser.GT,
            MossSqlParser.GTE,
            MossSqlParser.PLUS,
            MossSqlParser.MINUS,
            MossSqlParser.STAR,
            MossSqlParser.SLASH,
            MossSqlParser.PERCENT,
            MossSqlParser.CONCAT,
            MossSqlParser.CARET,
            MossSqlParser.AMPERSAND,
            MossSqlParser.PIPE,
            MossSqlParser.HASH,
            MossSqlParser.SHIFT_LEFT,
            MossSqlParser.SHIFT_RIGHT,
            MossSqlParser.TILDE,
            MossSqlParser.NOT_TILDE,
            MossSqlParser.TILDE_STAR,
            MossSqlParser.NOT_TILDE_STAR,
            MossSqlParser.LIKE_OP,
            MossSqlParser.NOT_LIKE_OP,
            MossSqlParser.ILIKE_OP,
            MossSqlParser.NOT_ILIKE_OP,
            MossSqlParser.CAST_TO,
            MossSqlParser.AT,
            MossSqlParser.DOT,
            MossSqlParser.LPAREN,
            MossSqlParser.ESCAPE);

    private static final IntervalSet SELECT_WORDS =
            new IntervalSet(MossSqlParser.ALL, MossSqlParser.DISTINCT, MossSqlParser.FROM);

    /** What an alias without AS most often was meant to be. */
    private static final List<String> CLAUSES = List.of(
            "FROM", "WHERE", "GROUP", "HAVING", "ORDER", "LIMIT", "OFFSET", "UNION", "JOIN", "VALUES", "RETURNING");

    private SyntaxErrors() {}

    /** An error of the builders' own: 42601 at a token. */
    static SqlException at(Token token, String message) {
        return SqlException.syntax(message, token.getLine(), token.getCharPositionInLine() + 1);
    }

    /** A token the lexer could not finish or begin. */
    static SqlException unreadable(Token token) {
        String text = token.getText();
        return at(
                token,
                switch (token.getType()) {
                    case MossSqlLexer.BAD_NUMBER ->
                        "'" + shortened(text) + "' is neither a number nor a name: names do not begin with a digit";
                    case MossSqlLexer.UNTERMINATED -> unterminated(text);
                    default ->
                        "unexpected character '" + text + "' (U+"
                                + String.format(Locale.ROOT, "%04X", text.codePointAt(0)) + ")";
                });
    }

    private static String unterminated(String text) {
        if (text.startsWith("/*")) {
            return "the comment that begins here has no end: */ is missing";
        } else if (text.startsWith("\"") || text.regionMatches(true, 0, "u&\"", 0, 3)) {
            return "the quoted name that begins here has no end: \" is missing";
        } else if (text.startsWith("$")) {
            return "the string that begins here has no end: " + text.substring(0, text.indexOf('$', 1) + 1)
                    + " is missing";
        }
        return "the string that begins here has no end: ' is missing";
    }

    static SqlException of(RecognitionException e, MossSqlParser parser) {
        Token found = e.getOffendingToken();
        IntervalSet expected = expected(e, parser);
        String message = "expected " + described(expected, e, parser) + ", found " + quoted(found)
                + suggestion(found, expected, parser.getTokenStream());
        return at(found, message);
    }

    /** For a decision that failed some tokens in: what its last possibilities could have gone on with. */
    private static IntervalSet expected(RecognitionException e, MossSqlParser parser) {
        if (e instanceof NoViableAltException viable && viable.getDeadEndConfigs() != null) {
            IntervalSet all = new IntervalSet();
            for (ATNConfig config : viable.getDeadEndConfigs()) {
                all.addAll(parser.getATN().nextTokens(config.state));
            }
            all.remove(Token.EPSILON);
            if (!all.isNil()) {
                return all;
            }
        }
        return e.getExpectedTokens();
    }

    private static String described(IntervalSet expected, RecognitionException e, MossSqlParser parser) {
        List<String> parts = new ArrayList<>();
        IntervalSet left = new IntervalSet(expected);
        if (contains(expected, MossSqlParser.SELECT, MossSqlParser.INSERT, MossSqlParser.CREATE)) {
            return "a statement";
        } else if (contains(expected, MossSqlParser.INTEGER, MossSqlParser.IDENTIFIER, MossSqlParser.CASE)) {
            parts.add("an expression");
            left = left.subtract(first(parser, MossSqlParser.RULE_expression));
            if (contains(left, MossSqlParser.STAR, MossSqlParser.DISTINCT)) {
                // Of what may stand after SELECT, nobody misses these.
                left = left.subtract(SELECT_WORDS);
            }
        } else if (expected.contains(MossSqlParser.IDENTIFIER)) {
            boolean alias = contains(expected, MossSqlParser.AS);
            parts.add(alias ? "an alias" : nameOf(e));
            left = left.subtract(first(parser, MossSqlParser.RULE_identifier));
        }
        if (contains(expected, MossSqlParser.EQ, MossSqlParser.CONCAT)) {
            parts.add("an operator");
            left = left.subtract(OPERATORS);
        }
        Vocabulary vocabulary = parser.getVocabulary();
        List<Integer> tokens = new ArrayList<>(left.toList());
        // Symbols and the end come before keywords: they are what is missing most often.
        tokens.sort(Comparator.comparing(token -> token != Token.EOF && isKeyword(token)));
        for (int token : tokens.subList(0, Math.min(tokens.size(), MAX_SPELLED))) {
            parts.add(spelled(token, vocabulary));
        }
        if (tokens.size() > MAX_SPELLED) {
            parts.set(parts.size() - 1, "other keywords");
        }
        int last = parts.size() - 1;
        return last <= 0
                ? String.join("", parts)
                : String.join(", ", parts.subList(0, last)) + " or " + parts.get(last);
    }

    private static boolean contains(IntervalSet set, int... tokens) {
        for (int token : tokens) {
            if (!set.contains(token)) {
                return false;
            }
        }
        return true;
    }

    private static IntervalSet first(MossSqlParser parser, int rule) {
        ATN atn = parser.getATN();
        return atn.nextTokens(atn.ruleToStartState[rule]);
    }

    /** What kind of name the rule that failed is about. */
    private static String nameOf(RecognitionException e) {
        RuleContext context = e.getCtx();
        for (int i = 0; i < 3 && context != null; i++, context = context.getParent()) {
            switch (context.getRuleIndex()) {
                case MossSqlParser.RULE_columnName, MossSqlParser.RULE_columnList, MossSqlParser.RULE_assignment -> {
                    return "a column name";
                }
                case MossSqlParser.RULE_tableName, MossSqlParser.RULE_relationPrimary -> {
                    return "a table name";
                }
                case MossSqlParser.RULE_typeName -> {
                    return "a data type";
                }
                default -> {}
            }
        }
        return "a name";
    }

    private static String spelled(int token, Vocabulary vocabulary) {
        if (token == Token.EOF) {
            return "the end of the statement";
        }
        String literal = vocabulary.getLiteralName(token);
        if (literal != null) {
            return isKeyword(token) ? literal.substring(1, literal.length() - 1) : literal;
        }
        return switch (token) {
            case MossSqlParser.STRING -> "a string";
            case MossSqlParser.INTEGER, MossSqlParser.DECIMAL -> "a number";
            default ->
                vocabulary.getSymbolicName(token).toLowerCase(Locale.ROOT).replace('_', ' ');
        };
    }

    private static boolean isKeyword(int token) {
        String literal = MossSqlParser.VOCABULARY.getLiteralName(token);
        return literal != null && Character.isLetter(literal.charAt(1));
    }

    private static String quoted(Token token) {
        return token.getType() == Token.EOF ? "the end of the statement" : "'" + shortened(token.getText()) + "'";
    }

    private static String shortened(String text) {
        String line = text.lines().findFirst().orElse("");
        return line.length() > 40 ? line.substring(0, 37) + "..." : line;
    }

    // ---------------------------------------------------------------------------------------- did you mean

    /**
     * The keyword that differs from the word found, or from the word before it that was taken for an alias, by a slip of
     * the fingers; empty if there is none.
     */
    private static String suggestion(Token found, IntervalSet expected, TokenStream tokens) {
        List<String> keywords = new ArrayList<>(CLAUSES);
        for (int token : expected.toList()) {
            if (token > 0 && isKeyword(token)) {
                String literal = MossSqlParser.VOCABULARY.getLiteralName(token);
                keywords.add(literal.substring(1, literal.length() - 1));
            }
        }
        String meant = nearest(found, keywords);
        if (!meant.isEmpty()) {
            return " (did you mean " + meant + "?)";
        }
        Token before = found.getTokenIndex() > 0 ? tokens.get(found.getTokenIndex() - 1) : found;
        meant = nearest(before, CLAUSES);
        return meant.isEmpty() ? "" : " (did you mean " + meant + " instead of '" + shortened(before.getText()) + "'?)";
    }

    private static String nearest(Token word, List<String> keywords) {
        if (word.getType() != MossSqlParser.IDENTIFIER || word.getText().length() < 3) {
            return "";
        }
        String text = word.getText().toUpperCase(Locale.ROOT);
        String best = "";
        int bestDistance = text.length() < 5 ? 2 : 3;
        for (String keyword : keywords) {
            int distance = keyword.length() < 3 ? bestDistance : distance(text, keyword);
            if (distance < bestDistance) {
                best = keyword;
                bestDistance = distance;
            }
        }
        return best;
    }

    /** Insertions, deletions, substitutions and swaps of neighbours. */
    private static int distance(String a, String b) {
        int[][] d = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) {
                if (i == 0 || j == 0) {
                    d[i][j] = i + j;
                    continue;
                }
                int substitution = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
                d[i][j] = Math.min(Math.min(d[i - 1][j], d[i][j - 1]) + 1, d[i - 1][j - 1] + substitution);
                boolean swap =
                        i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1);
                if (swap) {
                    d[i][j] = Math.min(d[i][j], d[i - 2][j - 2] + 1);
                }
            }
        }
        return d[a.length()][b.length()];
    }
}

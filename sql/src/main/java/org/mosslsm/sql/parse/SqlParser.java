// The door of the parser: text in, syntax tree out.
package org.mosslsm.sql.parse;

import java.util.Arrays;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.antlr.v4.runtime.BailErrorStrategy;
import org.antlr.v4.runtime.CommonTokenStream;
import org.antlr.v4.runtime.ParserRuleContext;
import org.antlr.v4.runtime.RecognitionException;
import org.antlr.v4.runtime.Token;
import org.antlr.v4.runtime.atn.PredictionMode;
import org.antlr.v4.runtime.misc.ParseCancellationException;
import org.mosslsm.grammar.MossSqlLexer;
import org.mosslsm.grammar.MossSqlParser;
import org.mosslsm.sql.ast.Expression;
import org.mosslsm.sql.ast.Query;
import org.mosslsm.sql.ast.Statement;
import org.mosslsm.sql.error.SqlException;
import org.mosslsm.sql.error.SqlState;

/**
 * Parses one statement, query or expression. Stateless: any thread may call it.
 *
 * <p>Outline: characters are checked, tokens made and scanned for what cannot be read and for nesting (so that the
 * recursive parser below never meets a text it would overflow on); the parser runs with SLL prediction and, only if
 * that fails, again with full LL, which is right in every case and whose error is the one reported; then {@link
 * AstBuilder} makes the tree. Time is linear in the text.
 *
 * <p>Every failure is an {@link SqlException}: 42601 for syntax, 54001 for nesting beyond {@link #MAX_NESTING} or chains
 * of arithmetic or set operators beyond {@link #MAX_DEPTH}, 54000 for size, 22021 for text that is not Unicode.
 */
public final class SqlParser {
    /**
     * Parentheses and CASE inside each other, and joins that wait for their ON. In a cold or instrumented JVM, whose frames
     * are large, about 450 use up the stack that threads have by default; half of that leaves room for the caller's own.
     */
    public static final int MAX_NESTING = 250;

    /**
     * Depth of the tree. Chains of AND, OR, NOT, signs, lists and CASE branches add nothing to it; each operator of a
     * chain of {@code +} or UNION adds one. Bounds the recursion of every later stage.
     */
    public static final int MAX_DEPTH = 1_000;

    /** Characters of a statement: 64 Mi. */
    public static final int MAX_CHARACTERS = 64 << 20;

    /**
     * Tokens of a statement: one costs about 100 bytes while it is parsed, and up to 1,000 with its tree, which only rows
     * of VALUES do without.
     */
    public static final int MAX_TOKENS = 2_000_000;

    private SqlParser() {}

    /** One statement, with or without semicolons after it. */
    public static Statement parseStatement(String sql) {
        return parse(sql, MossSqlParser::singleStatement, (ast, context) -> ast.statement(context.statement()));
    }

    /** A query alone, as views keep it. */
    public static Query parseQuery(String sql) {
        return parse(
                sql, MossSqlParser::singleQuery, (ast, context) -> ast.queries().query(context.query()));
    }

    /** An expression alone, as defaults and checks are kept. */
    public static Expression parseExpression(String sql) {
        return parse(sql, MossSqlParser::singleExpression, (ast, context) -> ast.expressions()
                .of(context.expression()));
    }

    private static <C extends ParserRuleContext, T> T parse(
            String sql, Function<MossSqlParser, C> entry, BiFunction<AstBuilder, C, T> build) {
        try {
            checkCharacters(sql);
            CommonTokenStream tokens = tokens(sql);
            AstBuilder ast = new AstBuilder(parameterTokens(tokens));
            return build.apply(ast, contextTree(tokens, entry, ast));
        } catch (SqlException e) {
            throw e.inText(sql);
        } catch (StackOverflowError e) {
            throw new SqlException(SqlState.TOO_COMPLEX, "the statement nests too deeply for this thread's stack");
        }
    }

    private static void checkCharacters(String sql) {
        if (sql.length() > MAX_CHARACTERS) {
            throw new SqlException(
                    SqlState.PROGRAM_LIMIT,
                    "the statement has " + sql.length() + " characters, more than " + MAX_CHARACTERS
                            + ": use parameters for large values, and several statements for many rows");
        }
        for (int i = 0; i < sql.length(); i++) {
            char c = sql.charAt(i);
            if (Character.isSurrogate(c)) {
                boolean pair = Character.isHighSurrogate(c)
                        && i + 1 < sql.length()
                        && Character.isLowSurrogate(sql.charAt(i + 1));
                if (!pair) {
                    throw new SqlException(
                            SqlState.INVALID_CHARACTER,
                            "the statement is not valid Unicode: half a surrogate pair at character " + (i + 1));
                }
                i++;
            }
        }
    }

    private static CommonTokenStream tokens(String sql) {
        MossSqlLexer lexer = new MossSqlLexer(AskingStreams.characters(sql));
        lexer.removeErrorListeners();
        CommonTokenStream tokens = AskingStreams.tokens(lexer);
        tokens.fill();
        if (tokens.size() > MAX_TOKENS) {
            throw new SqlException(
                    SqlState.PROGRAM_LIMIT,
                    "the statement has " + tokens.size() + " tokens, more than " + MAX_TOKENS
                            + ": split it, or use a prepared statement with batches");
        }
        int nesting = 0;
        // Joins that wait for their ON, about: any other ON (DISTINCT ON, ON CONFLICT) counts as one. So most that nest
        // too deeply get a nicer message; what gets past it ends where the stack does, with the same SQLSTATE.
        int joins = 0;
        boolean withoutOn = false;
        for (int i = 0; i < tokens.size(); i++) {
            Token token = tokens.get(i);
            switch (token.getType()) {
                case MossSqlLexer.LPAREN, MossSqlLexer.CASE -> nesting++;
                case MossSqlLexer.RPAREN, MossSqlLexer.END -> nesting--;
                case MossSqlLexer.CROSS, MossSqlLexer.NATURAL -> withoutOn = true;
                case MossSqlLexer.JOIN -> {
                    joins += withoutOn ? 0 : 1;
                    withoutOn = false;
                }
                case MossSqlLexer.ON, MossSqlLexer.USING -> joins = Math.max(0, joins - 1);
                case MossSqlLexer.BAD_NUMBER, MossSqlLexer.UNTERMINATED, MossSqlLexer.UNKNOWN_CHARACTER ->
                    throw SyntaxErrors.unreadable(token);
                default -> {}
            }
            if (nesting + joins > MAX_NESTING) {
                throw new SqlException(
                        SqlState.TOO_COMPLEX,
                        "parentheses, CASE and joins nest more than " + MAX_NESTING + " deep",
                        token.getLine(),
                        token.getCharPositionInLine() + 1);
            }
        }
        return tokens;
    }

    private static int[] parameterTokens(CommonTokenStream tokens) {
        int[] indexes = new int[8];
        int count = 0;
        for (int i = 0; i < tokens.size(); i++) {
            if (tokens.get(i).getType() == MossSqlLexer.QUESTION) {
                indexes = count == indexes.length ? Arrays.copyOf(indexes, 2 * count) : indexes;
                indexes[count++] = i;
            }
        }
        return Arrays.copyOf(indexes, count);
    }

    private static <C extends ParserRuleContext> C contextTree(
            CommonTokenStream tokens, Function<MossSqlParser, C> entry, AstBuilder ast) {
        MossSqlParser parser = new MossSqlParser(tokens);
        parser.onValuesRow = ast.queries()::buildRow;
        parser.removeErrorListeners();
        parser.setErrorHandler(new BailErrorStrategy());
        parser.getInterpreter().setPredictionMode(PredictionMode.SLL);
        try {
            return entry.apply(parser);
        } catch (ParseCancellationException mayBeSllOnly) {
            tokens.seek(0);
            parser.reset();
            parser.getInterpreter().setPredictionMode(PredictionMode.LL);
            try {
                return entry.apply(parser);
            } catch (ParseCancellationException e) {
                throw SyntaxErrors.of((RecognitionException) e.getCause(), parser);
            }
        }
    }
}

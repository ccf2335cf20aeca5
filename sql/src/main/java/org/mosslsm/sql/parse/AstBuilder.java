// What the builders of the syntax tree share.
package org.mosslsm.sql.parse;

import java.util.Arrays;
import org.antlr.v4.runtime.ParserRuleContext;
import org.antlr.v4.runtime.Token;
import org.antlr.v4.runtime.misc.Interval;
import org.mosslsm.grammar.MossSqlParser.ExpressionContext;
import org.mosslsm.grammar.MossSqlParser.StatementContext;
import org.mosslsm.sql.ast.SourceExpression;
import org.mosslsm.sql.ast.Statement;
import org.mosslsm.sql.error.Cancellation;
import org.mosslsm.sql.error.SqlException;
import org.mosslsm.sql.error.SqlState;

/**
 * Makes the syntax tree of one statement; used once. The builders of the families stand beside it and reach each other
 * through it; the depth of the tree is counted here, and parameters get their numbers.
 */
final class AstBuilder {
    private final ExpressionBuilder expressions = new ExpressionBuilder(this);
    private final QueryBuilder queries = new QueryBuilder(this);
    /** Indexes of the {@code ?} tokens, ascending: parameters count in the order of the text, not of building. */
    private final int[] parameterTokens;

    private int depth;
    private int entered;

    AstBuilder(int[] parameterTokens) {
        this.parameterTokens = parameterTokens;
    }

    ExpressionBuilder expressions() {
        return expressions;
    }

    QueryBuilder queries() {
        return queries;
    }

    Statement statement(StatementContext context) {
        return context.accept(new StatementBuilder(this));
    }

    /** Which parameter a {@code ?} is, from 0. */
    int parameter(Token token) {
        return Arrays.binarySearch(parameterTokens, token.getTokenIndex());
    }

    /** Counts levels of the tree down; refuses what later stages could not recurse through. */
    void enter(int levels, Token at) {
        if ((++entered & Cancellation.MASK) == 0) {
            Cancellation.ask();
        }
        depth += levels;
        if (depth > SqlParser.MAX_DEPTH) {
            throw new SqlException(
                    SqlState.TOO_COMPLEX,
                    "the statement is more than " + SqlParser.MAX_DEPTH + " operators deep",
                    at.getLine(),
                    at.getCharPositionInLine() + 1);
        }
    }

    /** Undoes {@link #enter}. */
    void leave(int levels) {
        depth -= levels;
    }

    SourceExpression source(ExpressionContext context) {
        return new SourceExpression(expressions.of(context), text(context));
    }

    /** The statement's text from the context's first token to its last. */
    static String text(ParserRuleContext context) {
        return context.getStart()
                .getInputStream()
                .getText(Interval.of(
                        context.getStart().getStartIndex(), context.getStop().getStopIndex()));
    }
}

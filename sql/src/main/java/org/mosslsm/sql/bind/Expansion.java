// How much more than its text a statement stands for.
package org.mosslsm.sql.bind;

import org.mosslsm.sql.error.Cancellation;
import org.mosslsm.sql.error.SqlException;
import org.mosslsm.sql.error.SqlState;
import org.mosslsm.sql.expr.ScalarExpr;
import org.mosslsm.sql.plan.LogicalTrees;

/**
 * Counts what one statement grows to by what is bound anew for each of its uses: WITH queries and views, and operands that
 * stand in more than one place of what a BETWEEN, a CASE or a NULLIF means. A chain of forty, each of which uses the one
 * before it twice, is a line of text and more than fits into any memory. What stands in the text once is not counted: the
 * parser bounds that.
 *
 * <p>One statement, one thread.
 */
final class Expansion {
    /** Relations within WITH queries and views: many times those of the largest piles of views; bound in about a second. */
    static final int MAX_RELATIONS = 100_000;

    /**
     * Expressions within them, columns of their relations, and parts of operands that were repeated: twice the tokens that a
     * text may have, so that the longest list may stand in a WITH query and be used again. Some hundreds of megabytes.
     */
    static final int MAX_EXPRESSIONS = 4_000_000;

    private int depth;
    private int relations;
    private long expressions;
    private int looks;

    /** What is bound until {@link #leave} comes from a WITH query or a view. */
    void enter() {
        depth++;
    }

    void leave() {
        depth--;
    }

    /**
     * A relation of so many columns is bound.
     *
     * @throws SqlException 54001 when it is one too many
     */
    void relation(int columns) {
        if (depth > 0) {
            if (++relations > MAX_RELATIONS) {
                throw tooComplex("its WITH queries and views come to more than " + MAX_RELATIONS + " relations");
            }
            expressions(columns);
        }
        look();
    }

    /**
     * An expression is bound.
     *
     * @throws SqlException 54001 when it is one too many
     */
    void expression() {
        if (depth > 0) {
            expressions(1);
        }
    }

    /**
     * An expression that may have operands of its syntax in it more than once.
     *
     * @throws SqlException 54001 when all of these have too many parts
     */
    ScalarExpr repeating(ScalarExpr e) {
        LogicalTrees.walkExpression(e, part -> expressions(1));
        return e;
    }

    private void look() {
        if ((++looks & Cancellation.MASK) == 0) {
            Cancellation.ask();
        }
    }

    private void expressions(int more) {
        look();
        expressions += more;
        if (expressions > MAX_EXPRESSIONS) {
            throw tooComplex("what it repeats comes to more than " + MAX_EXPRESSIONS + " expressions");
        }
    }

    private static SqlException tooComplex(String why) {
        return new SqlException(SqlState.TOO_COMPLEX, "statement too complex: " + why);
    }
}

package org.mosslsm.sql.expr;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.mosslsm.sql.type.SqlType;

/** Walks mean the same near the root, where they are calls, and below, where they are a stack of their own. */
class ExprTreesTest {
    private static final int DEPTH = 100_000;

    private static ScalarExpr column(int i) {
        return new ScalarExpr.ColumnRef(i, SqlType.BOOLEAN);
    }

    /** {@code $0 AND ($1 AND ($2 AND ...))} of {@code depth} levels; a level has one column and a level. */
    private static ScalarExpr nested(int depth) {
        ScalarExpr e = column(depth);
        for (int i = depth - 1; i >= 0; i--) {
            e = new ScalarExpr.And(List.of(column(i), e));
        }
        return e;
    }

    private static List<Integer> columns(ScalarExpr e) {
        List<Integer> seen = new ArrayList<>();
        ExprTrees.walk(e, n -> {
            if (n instanceof ScalarExpr.ColumnRef c) {
                seen.add(c.index());
            }
        });
        return seen;
    }

    @Test
    void everyNodeIsSeenFromLeftToRight() {
        for (int depth : new int[] {0, 1, 11, 12, 13, 14, 40, DEPTH}) {
            List<Integer> seen = columns(nested(depth));
            assertEquals(depth + 1, seen.size());
            for (int i = 0; i <= depth; i++) {
                assertEquals(i, seen.get(i));
            }
        }
    }

    @Test
    void aNodeIsFoundAtAnyDepth() {
        for (int depth : new int[] {0, 1, 11, 12, 13, 14, 40, DEPTH}) {
            ScalarExpr e = nested(depth);
            for (int wanted : new int[] {0, depth / 2, depth}) {
                assertTrue(
                        ExprTrees.anyMatch(e, n -> n instanceof ScalarExpr.ColumnRef c && c.index() == wanted),
                        () -> wanted + " of " + depth);
            }
            assertFalse(ExprTrees.anyMatch(e, n -> n instanceof ScalarExpr.ColumnRef c && c.index() > depth));
        }
    }

    @Test
    void whatDoesNotChangeStaysTheSameObject() {
        for (int depth : new int[] {0, 1, 11, 12, 13, 14, 40, DEPTH}) {
            ScalarExpr e = nested(depth);
            assertSame(e, ExprTrees.transform(e, n -> n));
            ScalarExpr moved =
                    ExprTrees.transform(e, n -> n instanceof ScalarExpr.ColumnRef c ? column(c.index() + 5) : n);
            List<Integer> seen = columns(moved);
            assertEquals(depth + 1, seen.size());
            assertEquals(5, seen.get(0));
            assertEquals(depth + 5, seen.get(depth));
            if (depth > 0) {
                ScalarExpr other = ExprTrees.transform(e, n -> n.equals(column(0)) ? column(7) : n);
                assertEquals(column(7), other.children().get(0));
                assertSame(e.children().get(1), other.children().get(1));
            }
        }
    }

    @Test
    void childrenAreRewrittenBeforeTheirParent() {
        for (int depth : new int[] {1, 11, 12, 13, 14, 40}) {
            List<ScalarExpr> order = new ArrayList<>();
            ScalarExpr e = nested(depth);
            ExprTrees.transform(e, n -> {
                assertTrue(order.containsAll(n.children()));
                order.add(n);
                return n;
            });
            assertEquals(2 * depth + 1, order.size());
            assertSame(e, order.get(order.size() - 1));
        }
    }
}

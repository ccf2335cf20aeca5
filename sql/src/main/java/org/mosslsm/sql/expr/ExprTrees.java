package org.mosslsm.sql.expr;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/**
 * Walks and rewrites expression trees with a stack on the heap, so that a tree of any depth is safe. The insides of
 * subqueries are not entered; their outer expressions are.
 */
public final class ExprTrees {
    private ExprTrees() {}

    /** A node on the way: which of its children are done, and what they became. */
    private static final class Frame {
        final ScalarExpr node;
        final List<ScalarExpr> children;
        final List<ScalarExpr> done;
        boolean changed;

        Frame(ScalarExpr node) {
            this.node = node;
            this.children = node.children();
            this.done = new ArrayList<>(children.size());
        }
    }

    /** Calls {@code visit} for every node, parents before children, from left to right. */
    public static void walk(ScalarExpr root, Consumer<? super ScalarExpr> visit) {
        if (root instanceof ScalarExpr.Leaf) {
            visit.accept(root);
            return;
        }
        Deque<ScalarExpr> pending = new ArrayDeque<>();
        pending.push(root);
        while (!pending.isEmpty()) {
            ScalarExpr e = pending.pop();
            visit.accept(e);
            List<ScalarExpr> children = e.children();
            for (int i = children.size() - 1; i >= 0; i--) {
                pending.push(children.get(i));
            }
        }
    }

    /** Whether any node satisfies {@code test}. */
    public static boolean anyMatch(ScalarExpr root, Predicate<? super ScalarExpr> test) {
        if (root instanceof ScalarExpr.Leaf) {
            return test.test(root);
        }
        Deque<ScalarExpr> pending = new ArrayDeque<>();
        pending.push(root);
        while (!pending.isEmpty()) {
            ScalarExpr e = pending.pop();
            if (test.test(e)) {
                return true;
            }
            e.children().forEach(pending::push);
        }
        return false;
    }

    /**
     * Rewrites from the leaves up: {@code rewrite} sees each node with its children already rewritten, and returns the
     * node itself or what stands for it. Unchanged subtrees stay the same objects.
     */
    public static ScalarExpr transform(ScalarExpr root, UnaryOperator<ScalarExpr> rewrite) {
        if (root instanceof ScalarExpr.Leaf) {
            return rewrite.apply(root);
        }
        Deque<Frame> stack = new ArrayDeque<>();
        stack.push(new Frame(root));
        while (true) {
            Frame top = stack.peek();
            if (top.done.size() < top.children.size()) {
                ScalarExpr next = top.children.get(top.done.size());
                if (next instanceof ScalarExpr.Leaf) {
                    ScalarExpr leaf = rewrite.apply(next);
                    top.done.add(leaf);
                    top.changed |= leaf != next;
                    continue;
                }
                stack.push(new Frame(next));
                continue;
            }
            stack.pop();
            ScalarExpr result = rewrite.apply(top.changed ? top.node.withChildren(top.done) : top.node);
            Frame parent = stack.peek();
            if (parent == null) {
                return result;
            }
            parent.done.add(result);
            parent.changed |= result != top.node;
        }
    }
}

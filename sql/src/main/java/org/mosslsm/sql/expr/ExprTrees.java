package org.mosslsm.sql.expr;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.mosslsm.sql.error.Cancellation;

/**
 * Walks and rewrites expression trees, so that a tree of any depth is safe: what lies deeper than a few nodes by a stack on
 * the heap, and the rest, which is nearly all there ever is, by calls, which make no objects. The insides of subqueries are
 * not entered; their outer expressions are.
 */
public final class ExprTrees {
    /** So many levels are walked by calls. */
    private static final int SHALLOW = 12;

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
        walk(root, visit, SHALLOW);
    }

    private static void walk(ScalarExpr e, Consumer<? super ScalarExpr> visit, int levels) {
        if (levels == 0) {
            walkDeep(e, visit);
            return;
        }
        visit.accept(e);
        if (e instanceof ScalarExpr.Compare c) { // the most frequent by far: without a list
            walk(c.left(), visit, levels - 1);
            walk(c.right(), visit, levels - 1);
        } else if (!(e instanceof ScalarExpr.Leaf)) {
            List<ScalarExpr> children = e.children();
            for (int i = 0; i < children.size(); i++) {
                askAmongMany(i);
                walk(children.get(i), visit, levels - 1);
            }
        }
    }

    private static void walkDeep(ScalarExpr root, Consumer<? super ScalarExpr> visit) {
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

    /** A walk that takes long has a node of many children: the others need not ask whether they were cancelled. */
    private static void askAmongMany(int child) {
        if ((child & Cancellation.MASK) == Cancellation.MASK) {
            Cancellation.ask();
        }
    }

    /** Whether any node satisfies {@code test}. */
    public static boolean anyMatch(ScalarExpr root, Predicate<? super ScalarExpr> test) {
        return anyMatch(root, test, SHALLOW);
    }

    private static boolean anyMatch(ScalarExpr e, Predicate<? super ScalarExpr> test, int levels) {
        if (levels == 0) {
            return anyMatchDeep(e, test);
        }
        if (test.test(e)) {
            return true;
        }
        if (e instanceof ScalarExpr.Compare c) {
            return anyMatch(c.left(), test, levels - 1) || anyMatch(c.right(), test, levels - 1);
        }
        if (!(e instanceof ScalarExpr.Leaf)) {
            List<ScalarExpr> children = e.children();
            for (int i = 0; i < children.size(); i++) {
                askAmongMany(i);
                if (anyMatch(children.get(i), test, levels - 1)) {
                    return true;
                }
            }
        }
        return false;
    }

    private static boolean anyMatchDeep(ScalarExpr root, Predicate<? super ScalarExpr> test) {
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
        return transform(root, rewrite, SHALLOW);
    }

    private static ScalarExpr transform(ScalarExpr e, UnaryOperator<ScalarExpr> rewrite, int levels) {
        if (e instanceof ScalarExpr.Leaf) {
            return rewrite.apply(e);
        }
        if (levels == 0) {
            return transformDeep(e, rewrite);
        }
        if (e instanceof ScalarExpr.Compare c) {
            ScalarExpr left = transform(c.left(), rewrite, levels - 1);
            ScalarExpr right = transform(c.right(), rewrite, levels - 1);
            boolean same = left == c.left() && right == c.right();
            return rewrite.apply(same ? c : new ScalarExpr.Compare(c.op(), left, right));
        }
        List<ScalarExpr> children = e.children();
        List<ScalarExpr> done = children; // a copy from the first that changes
        for (int i = 0; i < children.size(); i++) {
            askAmongMany(i);
            ScalarExpr child = children.get(i);
            ScalarExpr now = transform(child, rewrite, levels - 1);
            if (now != child) {
                done = done == children ? new ArrayList<>(children) : done;
                done.set(i, now);
            }
        }
        return rewrite.apply(done == children ? e : e.withChildren(done));
    }

    private static ScalarExpr transformDeep(ScalarExpr root, UnaryOperator<ScalarExpr> rewrite) {
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

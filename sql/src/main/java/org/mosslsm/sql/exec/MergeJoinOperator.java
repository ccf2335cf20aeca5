// Joins two inputs that are sorted by the same keys.
package org.mosslsm.sql.exec;

import java.util.Comparator;
import java.util.List;
import org.mosslsm.sql.exec.spill.RowList;
import org.mosslsm.sql.expr.Evaluator;
import org.mosslsm.sql.expr.Row;
import org.mosslsm.sql.expr.ScalarExpr;
import org.mosslsm.sql.plan.JoinKind;
import org.mosslsm.sql.plan.PhysicalPlan;
import org.mosslsm.sql.type.ValueOrder;

/**
 * Walks over both inputs at once. Right rows of equal keys are a group, kept while left rows of these keys come:
 *
 * <pre>
 * left    3  5  5  8                 group   right rows of one key, in a file where they outgrow the memory
 * right   1  3  3  5  9              next    the right row behind the group, not looked at yet
 * </pre>
 *
 * A row with a NULL among its keys is in no group and matches nothing, so that it does not matter where NULLs are sorted.
 */
final class MergeJoinOperator extends Operator {
    private final JoinKind kind;
    private final Operator left;
    private final Operator right;
    private final int leftWidth;
    private final int rightWidth;
    private final Evaluator[] leftKeys;
    private final Evaluator[] rightKeys;
    private final Comparator<Object>[] orders;
    private final Evaluator condition;
    private final boolean readsNothing;
    /** Whether all that is asked of the right is which keys it has. */
    private final boolean keysOnly;

    MergeJoinOperator(PhysicalPlan.MergeJoin plan, Operator left, Operator right) {
        if (plan.kind() == JoinKind.NOT_IN) {
            throw new IllegalArgumentException("NOT IN must know of all NULLs before the first row");
        }
        this.kind = plan.kind();
        this.left = left;
        this.right = right;
        this.leftWidth = plan.left().width();
        this.rightWidth = plan.right().width();
        this.leftKeys = compile(plan.leftKeys());
        this.rightKeys = compile(plan.rightKeys());
        this.orders = orders(plan);
        this.condition = compile(plan.condition());
        this.readsNothing = readNothing(plan.condition().stream().toList());
        this.keysOnly = kind.leftOnly() && condition == null;
    }

    @SuppressWarnings({"unchecked", "rawtypes"}) // an array of comparators of objects
    private static Comparator<Object>[] orders(PhysicalPlan.MergeJoin plan) {
        List<ScalarExpr> keys = plan.leftKeys();
        Comparator<Object>[] orders = new Comparator[keys.size()];
        for (int i = 0; i < orders.length; i++) {
            Comparator<Object> order = ValueOrder.of(keys.get(i).type());
            orders[i] = plan.descending().get(i) ? order.reversed() : order;
        }
        return orders;
    }

    @Override
    public RowEnumerator open(ExecutionContext context) {
        return new Run(context);
    }

    private final class Run extends RowEnumerator {
        /** Pairs of equal keys may be many that do not match otherwise. */
        private static final int CANCEL_CHECK_MASK = 0xFF;

        private final RowEnumerator lefts;
        private final RowEnumerator rights;
        private final JoinedRow pair = new JoinedRow(leftWidth, rightWidth, condition);

        private Row leftRow;
        private Object[] leftKey = new Object[leftKeys.length];
        private boolean hasLeftKey;
        private boolean leftDone;
        private boolean matched;
        /** Whether it is known if the left row has the keys of the group, and whether it has. */
        private boolean isPlaced;

        private boolean inGroup;

        private final RowList group;
        private Object[] groupKey = new Object[rightKeys.length];
        private boolean hasGroup;
        /** Not for a row with a NULL, which is a group of its own where right rows are kept. */
        private boolean groupHasKey;

        private RightSide rightSide = new RightSide();
        /** Whether rows of the group without a match are being given. */
        private boolean isFinishing;

        private Object[] nextKey = new Object[rightKeys.length];
        private boolean nextIsKnown;
        private boolean hasNext;
        private boolean nextHasKey;
        private int met;

        Run(ExecutionContext context) {
            super(context);
            this.lefts = own(left.open(context));
            this.rights = own(right.open(context));
            this.group = own(new RowList(context.workspace()));
        }

        @Override
        public boolean isSettled() {
            return readsNothing && lefts.isSettled() && rights.isSettled();
        }

        @Override
        protected Row advance() {
            while (true) {
                if (isFinishing) {
                    Row unmatched = rightSide.nextUnmatched(this::groupRow, group.size(), pair);
                    if (unmatched != null) {
                        return unmatched;
                    }
                    isFinishing = false;
                    hasGroup = false;
                }
                if (leftRow == null && !leftDone) {
                    nextLeft();
                }
                if (leftDone) {
                    if (!kind.keepsRight() || (!hasGroup && !nextGroup())) {
                        return null;
                    }
                    finishGroup();
                    continue;
                }
                if (!isPlaced && !place()) {
                    continue;
                }
                Row found = inGroup ? nextMatch() : null;
                if (found != null) {
                    return found;
                }
                Row row = leftRow;
                leftRow = null;
                if (!matched && kind.isAnti()) {
                    return row;
                }
                if (!matched && kind.keepsLeft()) {
                    pair.setLeft(row);
                    pair.clearRight();
                    return pair.pair();
                }
            }
        }

        private void nextLeft() {
            boolean needsMatch = kind == JoinKind.INNER || kind == JoinKind.SEMI;
            boolean rightIsOver = nextIsKnown && !hasNext && !hasGroup;
            if ((needsMatch && rightIsOver) || !lefts.moveNext()) {
                leftDone = true;
                return;
            }
            leftRow = lefts.current();
            hasLeftKey = fill(leftKey, leftKeys, leftRow);
            matched = false;
            isPlaced = false;
            inGroup = false;
        }

        private boolean fill(Object[] key, Evaluator[] evaluators, Row row) {
            for (int i = 0; i < key.length; i++) {
                key[i] = evaluators[i].eval(row, context);
                if (key[i] == null) {
                    return false;
                }
            }
            return true;
        }

        private int compare(Object[] a, Object[] b) {
            for (int i = 0; i < a.length; i++) {
                int c = orders[i].compare(a[i], b[i]);
                if (c != 0) {
                    return c;
                }
            }
            return 0;
        }

        // ---- groups

        /** Takes one step to the group with the keys of the left row; true when it is there, or when there is none. */
        private boolean place() {
            boolean comparable = hasLeftKey && hasGroup;
            int order = comparable ? (groupHasKey ? compare(groupKey, leftKey) : -1) : 1;
            if (order < 0) {
                finishGroup();
                return false;
            }
            if (hasLeftKey && !hasGroup && nextGroup()) {
                return false;
            }
            isPlaced = true;
            inGroup = order == 0;
            if (inGroup && !keysOnly) {
                pair.setLeft(leftRow);
                group.rewind();
            }
            return true;
        }

        private void finishGroup() {
            isFinishing = kind.keepsRight();
            hasGroup = isFinishing;
            group.rewind();
        }

        /** The row of a number, which rises from call to call. */
        private Row groupRow(int number) {
            group.skipTo(number);
            return group.next();
        }

        private boolean nextGroup() {
            while (!kind.keepsRight() && peek() && compare(nextKey, leftKey) < 0) {
                nextIsKnown = false; // nobody will ask for it
            }
            if (!peek()) {
                return false;
            }
            group.clear();
            rightSide = new RightSide();
            hasGroup = true;
            groupHasKey = nextHasKey;
            Object[] key = groupKey;
            groupKey = nextKey;
            nextKey = key;
            do {
                if (!keysOnly) {
                    group.add(rights.current().copy());
                }
                nextIsKnown = false;
            } while (groupHasKey && peek() && nextHasKey && compare(nextKey, groupKey) == 0);
            assert !groupHasKey || !hasNext || !nextHasKey || compare(nextKey, groupKey) > 0
                    : "the right is not sorted";
            return true;
        }

        /** Whether there is a right row behind the group. */
        private boolean peek() {
            while (!nextIsKnown) {
                hasNext = rights.moveNext();
                nextHasKey = hasNext && fill(nextKey, rightKeys, rights.current());
                nextIsKnown = !hasNext || nextHasKey || kind.keepsRight();
            }
            return hasNext;
        }

        private Row nextMatch() {
            if (keysOnly) {
                boolean first = !matched;
                matched = true;
                return first && kind == JoinKind.SEMI ? leftRow : null;
            }
            while (true) {
                int i = group.position();
                Row right = group.next();
                if (right == null) {
                    return null;
                }
                if ((++met & CANCEL_CHECK_MASK) == 0) {
                    context.checkCancelled();
                }
                pair.setRight(right);
                if (pair.matches(context)) {
                    boolean first = !matched;
                    matched = true;
                    if (kind.leftOnly()) {
                        inGroup = false;
                        return kind == JoinKind.SEMI && first ? leftRow : null;
                    }
                    if (kind.keepsRight()) {
                        rightSide.matched(i);
                    }
                    return pair.pair();
                }
            }
        }
    }
}

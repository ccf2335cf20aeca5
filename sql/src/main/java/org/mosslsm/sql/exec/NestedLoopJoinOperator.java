package org.mosslsm.sql.exec;

import org.mosslsm.sql.exec.spill.RowList;
import org.mosslsm.sql.expr.Evaluator;
import org.mosslsm.sql.expr.Row;
import org.mosslsm.sql.plan.JoinKind;
import org.mosslsm.sql.plan.PhysicalPlan;

/** Compares every left row with every right row; the right ones are kept, in a file where they outgrow the memory. */
final class NestedLoopJoinOperator extends Operator {
    private final JoinKind kind;
    private final Operator left;
    private final Operator right;
    private final int leftWidth;
    private final int rightWidth;
    private final Evaluator condition;
    private final boolean readsNothing;

    NestedLoopJoinOperator(PhysicalPlan.NestedLoopJoin plan, Operator left, Operator right) {
        this.kind = plan.kind();
        this.left = left;
        this.right = right;
        this.leftWidth = plan.left().width();
        this.rightWidth = plan.right().width();
        this.condition = compile(plan.condition());
        this.readsNothing = readNothing(plan.condition().stream().toList());
    }

    @Override
    public RowEnumerator open(ExecutionContext context) {
        return new Run(context);
    }

    private final class Run extends RowEnumerator {
        private final RowEnumerator lefts;
        private final JoinedRow pair = new JoinedRow(leftWidth, rightWidth, condition);
        private final RightSide rightSide = new RightSide();
        private RowList rights;
        private Row leftRow;
        private boolean matched;
        private boolean matchesDone;
        private boolean leftDone;
        private boolean rightsLeft;
        private int compared;

        Run(ExecutionContext context) {
            super(context);
            this.lefts = own(left.open(context));
        }

        private void keepRight() {
            rights = own(new RowList(context.workspace()));
            RowEnumerator rows = own(right.open(context));
            while (rows.moveNext()) {
                rights.add(rows.current().copy());
            }
            release(rows);
        }

        @Override
        public boolean isSettled() {
            return rights != null && readsNothing && lefts.isSettled();
        }

        @Override
        protected Row advance() {
            while (!leftDone) {
                if (leftRow == null && !nextLeft()) {
                    leftDone = true;
                    break;
                }
                Row found = nextMatch();
                if (found != null) {
                    return found;
                }
                Row row = leftRow;
                leftRow = null;
                if (!matched && kind.isAnti()) {
                    return row;
                }
                if (!matched && kind.keepsLeft()) {
                    pair.clearRight();
                    return pair.pair();
                }
            }
            return kind.keepsRight() ? unmatchedRight() : null;
        }

        private Row unmatchedRight() {
            if (!rightsLeft) {
                rightsLeft = true;
                rights.rewind();
            }
            return rightSide.nextUnmatched(this::rightRow, rights.size(), pair);
        }

        /** The right row of a number, which rises from call to call. */
        private Row rightRow(int number) {
            rights.skipTo(number);
            return rights.next();
        }

        private boolean nextLeft() {
            boolean found = lefts.moveNext();
            if (rights == null && (found || kind.keepsRight())) {
                keepRight();
            }
            if (!found) {
                return false;
            }
            leftRow = lefts.current();
            pair.setLeft(leftRow);
            matched = false;
            matchesDone = false;
            rights.rewind();
            return true;
        }

        private boolean isMatch() {
            return kind == JoinKind.NOT_IN ? !pair.isFalse(context) : pair.matches(context);
        }

        /** The next row that the current left row gives; null when it gives no more. */
        private Row nextMatch() {
            while (!matchesDone) {
                int i = rights.position();
                if ((++compared & 0xFF) == 0) {
                    context.checkCancelled();
                }
                Row right = rights.next();
                if (right == null) {
                    matchesDone = true;
                    return null;
                }
                pair.setRight(right);
                if (isMatch()) {
                    matched = true;
                    if (kind.leftOnly()) {
                        matchesDone = true;
                        return kind == JoinKind.SEMI ? leftRow : null;
                    }
                    rightSide.matched(i);
                    return pair.pair();
                }
            }
            return null;
        }
    }
}

package org.mosslsm.sql.exec;

import org.mosslsm.sql.expr.Evaluator;
import org.mosslsm.sql.expr.Row;
import org.mosslsm.sql.plan.JoinKind;
import org.mosslsm.sql.plan.PhysicalPlan;

/** Looks each left row up in a hash table of the right rows; a NULL key is in neither. */
final class HashJoinOperator extends Operator {
    private final JoinKind kind;
    private final Operator left;
    private final Operator right;
    private final int leftWidth;
    private final int rightWidth;
    private final GroupKey.Maker leftKeys;
    private final GroupKey.Maker rightKeys;
    private final Evaluator condition;
    private final boolean readsNothing;

    HashJoinOperator(PhysicalPlan.HashJoin plan, Operator left, Operator right) {
        this.kind = plan.kind();
        this.left = left;
        this.right = right;
        this.leftWidth = plan.left().width();
        this.rightWidth = plan.right().width();
        this.leftKeys = new GroupKey.Maker(plan.leftKeys());
        this.rightKeys = new GroupKey.Maker(plan.rightKeys());
        this.condition = compile(plan.condition());
        this.readsNothing = readNothing(plan.leftKeys())
                && readNothing(plan.condition().stream().toList());
    }

    @Override
    public RowEnumerator open(ExecutionContext context) {
        return new Run(context);
    }

    private final class Run extends RowEnumerator {
        private final RowEnumerator lefts;
        private final JoinedRow pair = new JoinedRow(leftWidth, rightWidth, condition);
        private final RightSide rightSide = new RightSide();
        private RowTable table;
        private Row leftRow;
        private int next;
        private boolean matched;
        private boolean leftDone;

        Run(ExecutionContext context) {
            super(context);
            this.lefts = own(left.open(context));
        }

        private void build() {
            table = new RowTable();
            RowEnumerator rows = own(right.open(context));
            while (rows.moveNext()) {
                Row row = rows.current();
                Object key = rightKeys.keyWithoutNull(row, context);
                if (key != null || kind.keepsRight()) {
                    table.add(key, row.copy());
                }
            }
            release(rows);
            // Without right rows nothing matches: an inner join need not read its left side at all.
            leftDone = table.size() == 0 && (kind == JoinKind.INNER || kind == JoinKind.SEMI || kind == JoinKind.RIGHT);
        }

        @Override
        public boolean isSettled() {
            return table != null && readsNothing && lefts.isSettled();
        }

        @Override
        protected Row advance() {
            if (table == null) {
                build();
            }
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
                if (!matched && kind == JoinKind.ANTI) {
                    return row;
                }
                if (!matched && kind.keepsLeft()) {
                    pair.setLeft(row);
                    pair.clearRight();
                    return pair.pair();
                }
            }
            return kind.keepsRight() ? rightSide.nextUnmatched(table::row, table.size(), pair) : null;
        }

        private boolean nextLeft() {
            if (!lefts.moveNext()) {
                return false;
            }
            leftRow = lefts.current();
            Object key = leftKeys.keyWithoutNull(leftRow, context);
            next = key == null ? -1 : table.first(key);
            matched = false;
            if (next >= 0) {
                pair.setLeft(leftRow);
            }
            return true;
        }

        private Row nextMatch() {
            while (next >= 0) {
                int i = next;
                next = table.next(i);
                pair.setRight(table.row(i));
                if (pair.matches(context)) {
                    matched = true;
                    if (kind.leftOnly()) {
                        next = -1;
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

package org.mosslsm.sql.exec;

import org.mosslsm.sql.expr.Evaluator;
import org.mosslsm.sql.expr.Row;
import org.mosslsm.sql.expr.SlotBinding;
import org.mosslsm.sql.plan.JoinKind;
import org.mosslsm.sql.plan.PhysicalPlan;

/** For each left row opens the right input with slots set from it: an index lookup, or a lateral query. */
final class LookupJoinOperator extends Operator {
    private final JoinKind kind;
    private final Operator left;
    private final Operator right;
    private final int leftWidth;
    private final int rightWidth;
    private final int[] slots;
    private final Evaluator[] outers;
    private final Evaluator condition;

    LookupJoinOperator(PhysicalPlan.LookupJoin plan, Operator left, Operator right) {
        if (plan.kind().keepsRight() || plan.kind() == JoinKind.NOT_IN) {
            throw new IllegalArgumentException("a lookup does not see right rows without a match: " + plan.kind());
        }
        this.kind = plan.kind();
        this.left = left;
        this.right = right;
        this.leftWidth = plan.left().width();
        this.rightWidth = plan.right().width();
        this.slots = plan.bindings().stream().mapToInt(SlotBinding::slot).toArray();
        this.outers = compile(plan.bindings().stream().map(SlotBinding::outer).toList());
        this.condition = compile(plan.condition());
    }

    @Override
    public RowEnumerator open(ExecutionContext context) {
        return new Run(context);
    }

    private final class Run extends RowEnumerator {
        private final RowEnumerator lefts;
        private final JoinedRow pair = new JoinedRow(leftWidth, rightWidth, condition);
        private RowEnumerator rights;
        private Row leftRow;
        private boolean matched;

        Run(ExecutionContext context) {
            super(context);
            this.lefts = own(left.open(context));
        }

        @Override
        protected Row advance() {
            while (true) {
                if (rights == null && !nextLeft()) {
                    return null;
                }
                Row found = nextMatch();
                if (found != null) {
                    return found;
                }
                release(rights);
                rights = null;
                if (!matched && kind == JoinKind.ANTI) {
                    return leftRow;
                }
                if (!matched && kind.keepsLeft()) {
                    pair.clearRight();
                    return pair.pair();
                }
            }
        }

        private boolean nextLeft() {
            if (!lefts.moveNext()) {
                return false;
            }
            leftRow = lefts.current();
            pair.setLeft(leftRow);
            matched = false;
            for (int i = 0; i < slots.length; i++) {
                context.setSlot(slots[i], outers[i].eval(leftRow, context));
            }
            rights = own(right.open(context));
            return true;
        }

        private Row nextMatch() {
            while (rights.moveNext()) {
                pair.setRight(rights.current());
                if (pair.matches(context)) {
                    boolean first = !matched;
                    matched = true;
                    if (!kind.leftOnly()) {
                        return pair.pair();
                    }
                    rights.close();
                    return kind == JoinKind.SEMI && first ? leftRow : null;
                }
            }
            return null;
        }
    }
}

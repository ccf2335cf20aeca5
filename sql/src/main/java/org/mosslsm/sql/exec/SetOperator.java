package org.mosslsm.sql.exec;

import java.util.HashMap;
import java.util.Map;
import org.mosslsm.sql.expr.Row;
import org.mosslsm.sql.plan.SetKind;
import org.mosslsm.sql.type.SqlType;

/**
 * INTERSECT and EXCEPT, in the order of the left input. The right rows are counted; with ALL a left row takes one of
 * them, without it takes all.
 */
final class SetOperator extends Operator {
    private final SetKind kind;
    private final boolean all;
    private final Operator left;
    private final Operator right;
    private final SqlType[] types;

    SetOperator(SetKind kind, boolean all, Operator left, Operator right, SqlType[] types) {
        this.kind = kind;
        this.all = all;
        this.left = left;
        this.right = right;
        this.types = types;
    }

    @Override
    public RowEnumerator open(ExecutionContext context) {
        return new Run(context);
    }

    private final class Run extends RowEnumerator {
        private final RowEnumerator rows;
        private Map<Object, long[]> counts;

        Run(ExecutionContext context) {
            super(context);
            this.rows = own(left.open(context));
        }

        private void count() {
            counts = new HashMap<>();
            RowEnumerator others = own(right.open(context));
            while (others.moveNext()) {
                counts.computeIfAbsent(GroupKey.ofRow(others.current(), types), k -> new long[1])[0]++;
            }
            release(others);
        }

        @Override
        public boolean isSettled() {
            return counts != null && rows.isSettled();
        }

        @Override
        protected Row advance() {
            if (counts == null) {
                count();
            }
            while (rows.moveNext()) {
                Row row = rows.current();
                Object key = GroupKey.ofRow(row, types);
                if (kind == SetKind.INTERSECT ? intersects(key) : remains(key)) {
                    return row;
                }
            }
            return null;
        }

        private boolean intersects(Object key) {
            long[] count = counts.get(key);
            if (count == null || count[0] == 0) {
                return false;
            }
            count[0] = all ? count[0] - 1 : 0;
            return true;
        }

        private boolean remains(Object key) {
            long[] count = counts.get(key);
            if (count != null && count[0] > 0) {
                if (all) {
                    count[0]--;
                }
                return false;
            }
            if (!all) {
                // Seen now: an equal row that follows is a duplicate.
                counts.put(key, new long[] {1});
            }
            return true;
        }
    }
}

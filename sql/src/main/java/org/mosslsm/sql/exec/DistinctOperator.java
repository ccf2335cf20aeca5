package org.mosslsm.sql.exec;

import java.util.HashSet;
import java.util.Set;
import org.mosslsm.sql.expr.Row;
import org.mosslsm.sql.type.SqlType;

/** Each row once, the first of equal ones, as it comes. Of sorted rows only the last need be remembered. */
final class DistinctOperator extends Operator {
    private final Operator input;
    private final SqlType[] types;
    private final boolean sorted;

    DistinctOperator(Operator input, SqlType[] types, boolean sorted) {
        this.input = input;
        this.types = types;
        this.sorted = sorted;
    }

    @Override
    public RowEnumerator open(ExecutionContext context) {
        return new Run(context);
    }

    private final class Run extends RowEnumerator {
        private final RowEnumerator rows;
        private final Set<Object> seen = new HashSet<>();
        private Object last;

        Run(ExecutionContext context) {
            super(context);
            this.rows = own(input.open(context));
        }

        @Override
        public boolean isSettled() {
            return rows.isSettled();
        }

        @Override
        protected Row advance() {
            while (rows.moveNext()) {
                Row row = rows.current();
                Object key = GroupKey.ofRow(row, types);
                if (isNew(key)) {
                    return row;
                }
            }
            return null;
        }

        private boolean isNew(Object key) {
            if (!sorted) {
                return seen.add(key);
            }
            boolean differs = !key.equals(last);
            last = key;
            return differs;
        }
    }
}

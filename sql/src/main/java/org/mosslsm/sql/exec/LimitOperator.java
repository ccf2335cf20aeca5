package org.mosslsm.sql.exec;

import java.util.Optional;
import org.mosslsm.sql.error.SqlException;
import org.mosslsm.sql.error.SqlState;
import org.mosslsm.sql.expr.Evaluator;
import org.mosslsm.sql.expr.Row;
import org.mosslsm.sql.expr.ScalarExpr;
import org.mosslsm.sql.expr.ValueRow;

/** Some rows after some others; reads no more than it must. */
final class LimitOperator extends Operator {
    private final Operator input;
    private final Evaluator count;
    private final Evaluator offset;

    LimitOperator(Operator input, Optional<ScalarExpr> count, Optional<ScalarExpr> offset) {
        this.input = input;
        this.count = compile(count);
        this.offset = compile(offset);
    }

    /** Rows asked for; all where there is no LIMIT or it is NULL. */
    static long count(Evaluator count, ExecutionContext context) {
        return bound(count, Long.MAX_VALUE, SqlState.INVALID_LIMIT, "LIMIT", context);
    }

    /** Rows passed over before. */
    static long offset(Evaluator offset, ExecutionContext context) {
        return bound(offset, 0, SqlState.INVALID_OFFSET, "OFFSET", context);
    }

    private static long bound(Evaluator e, long absent, String sqlState, String name, ExecutionContext context) {
        Object value = e == null ? null : e.eval(ValueRow.EMPTY, context);
        if (value == null) {
            return absent;
        }
        if ((Long) value < 0) {
            throw new SqlException(sqlState, name + " must not be negative, but is " + value);
        }
        return (Long) value;
    }

    @Override
    public RowEnumerator open(ExecutionContext context) {
        return new Run(context);
    }

    private final class Run extends RowEnumerator {
        private final RowEnumerator rows;
        private boolean begun;
        private long left;

        Run(ExecutionContext context) {
            super(context);
            this.rows = own(input.open(context));
        }

        @Override
        public boolean isSettled() {
            return begun && rows.isSettled();
        }

        @Override
        protected Row advance() {
            if (!begun) {
                begun = true;
                left = count(count, context);
                long skip = offset(offset, context);
                while (left > 0 && skip > 0 && rows.moveNext()) {
                    skip--;
                }
            }
            if (left == 0 || !rows.moveNext()) {
                return null;
            }
            left--;
            return rows.current();
        }
    }
}

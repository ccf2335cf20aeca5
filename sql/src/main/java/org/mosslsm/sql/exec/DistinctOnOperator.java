// DISTINCT ON.
package org.mosslsm.sql.exec;

import java.util.List;
import org.mosslsm.sql.expr.Row;
import org.mosslsm.sql.expr.ScalarExpr;

/** The first row of each run of rows with equal keys. */
final class DistinctOnOperator extends Operator {
    private final Operator input;
    private final GroupKey.Maker keys;

    DistinctOnOperator(Operator input, List<ScalarExpr> keys) {
        this.input = input;
        this.keys = new GroupKey.Maker(keys);
    }

    @Override
    public RowEnumerator open(ExecutionContext context) {
        return new RowEnumerator(context) {
            private final RowEnumerator rows = own(input.open(context));
            private Object last;

            @Override
            public boolean isSettled() {
                return rows.isSettled();
            }

            @Override
            protected Row advance() {
                while (rows.moveNext()) {
                    Object key = keys.key(keys.values(rows.current(), context));
                    if (!key.equals(last)) {
                        last = key;
                        return rows.current();
                    }
                }
                return null;
            }
        };
    }
}

// Rows that are there already.
package org.mosslsm.sql;

import java.util.List;
import org.mosslsm.sql.expr.Row;
import org.mosslsm.sql.expr.ValueRow;

/** Cursors over rows in memory. */
final class Cursors {
    private Cursors() {}

    /** Rows of one text each. */
    static RowCursor lines(List<String> lines) {
        return of(lines.stream().<Row>map(ValueRow::new).toList());
    }

    static RowCursor of(List<? extends Row> rows) {
        return new RowCursor() {
            private int at = -1;

            @Override
            public boolean next() {
                return ++at < rows.size();
            }

            @Override
            public Row row() {
                return rows.get(at);
            }

            @Override
            public void close() {
                at = rows.size();
            }
        };
    }
}

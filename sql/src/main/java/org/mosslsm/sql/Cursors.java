// Rows that are there already.
package org.mosslsm.sql;

import java.util.List;
import org.mosslsm.sql.exec.spill.RowList;
import org.mosslsm.sql.expr.Row;
import org.mosslsm.sql.expr.ValueRow;

/** Cursors over rows in memory, or in files where they are many. */
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

    /** Rows of a list, which is closed behind the last of them, or with the cursor. */
    static RowCursor of(RowList rows) {
        return new RowCursor() {
            private Row row;

            @Override
            public boolean next() {
                try {
                    row = rows.next();
                } catch (RuntimeException e) {
                    close();
                    throw StoreErrors.translate(e);
                }
                if (row == null) {
                    close();
                }
                return row != null;
            }

            @Override
            public Row row() {
                return row;
            }

            @Override
            public void close() {
                rows.clear();
            }
        };
    }
}

// Which rows have entries in which indexes.
package org.mosslsm.sql.exec.dml;

import org.mosslsm.sql.catalog.Index;
import org.mosslsm.sql.catalog.Table;
import org.mosslsm.sql.encode.IndexCodec;
import org.mosslsm.sql.encode.TableCodec;
import org.mosslsm.sql.expr.EvalContext;
import org.mosslsm.sql.expr.Evaluator;
import org.mosslsm.sql.expr.Truth;

/** Makes codecs that know the conditions of partial indexes, which are immutable expressions over the table row. */
public final class PartialIndexes {
    private PartialIndexes() {}

    /** The codec of a table that writes rows. */
    public static TableCodec codec(Table table, TableExpressions expressions) {
        return new TableCodec(table, (t, index) -> codec(t, index, expressions));
    }

    /** The codec of an index that is written. */
    public static IndexCodec codec(Table table, Index index, TableExpressions expressions) {
        if (!index.isPartial()) {
            return new IndexCodec(table, index);
        }
        Evaluator condition = Evaluator.compile(expressions.condition(table, index));
        return new IndexCodec(table, index, row -> condition.test(row, EvalContext.none()) == Truth.TRUE);
    }
}

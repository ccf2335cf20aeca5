// What a changing statement did.
package org.mosslsm.sql.exec.dml;

import java.util.List;
import org.mosslsm.sql.expr.Row;

/**
 * What came of a changing statement.
 *
 * @param count rows inserted, updated or deleted; not those that foreign keys changed
 * @param returned rows of RETURNING
 * @param keys of INSERT: the generated values of each row inserted; see {@link InsertStatement#keyOrdinals()}
 */
public record ChangeResult(long count, List<Row> returned, List<Row> keys) {
    /** A count, nothing else. */
    static ChangeResult count(long count) {
        return new ChangeResult(count, List.of(), List.of());
    }
}

// What a changing statement did.
package org.mosslsm.sql.exec.dml;

import java.util.List;
import org.mosslsm.sql.expr.Row;

/**
 * What came of a changing statement.
 *
 * @param count rows inserted, updated or deleted; not those that foreign keys changed
 * @param returned rows of RETURNING
 * @param keys of INSERT: the columns asked for of each row inserted
 */
public record ChangeResult(long count, List<Row> returned, List<Row> keys) {
    /** A count, nothing else. */
    static ChangeResult count(long count) {
        return new ChangeResult(count, List.of(), List.of());
    }
}

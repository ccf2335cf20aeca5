// What a changing statement did.
package org.mosslsm.sql.exec.dml;

import java.util.Optional;
import org.mosslsm.sql.exec.spill.RowList;

/**
 * What came of a changing statement. Whoever gets it closes it, or the lists one by one.
 *
 * @param count rows inserted, updated or deleted; not those that foreign keys changed
 * @param returned rows of RETURNING, where there is one
 * @param keys of INSERT: the columns asked for of each row inserted, where any were
 */
public record ChangeResult(long count, Optional<RowList> returned, Optional<RowList> keys) implements AutoCloseable {
    /** A count, nothing else. */
    static ChangeResult count(long count) {
        return new ChangeResult(count, Optional.empty(), Optional.empty());
    }

    @Override
    public void close() {
        returned.ifPresent(RowList::close);
        keys.ifPresent(RowList::close);
    }
}

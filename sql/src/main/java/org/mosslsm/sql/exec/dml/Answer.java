// The rows a changing statement gives back.
package org.mosslsm.sql.exec.dml;

import java.util.Optional;
import org.mosslsm.sql.exec.ExecutionContext;
import org.mosslsm.sql.exec.spill.RowList;
import org.mosslsm.sql.expr.Row;
import org.mosslsm.sql.expr.ValueRow;

/**
 * Collects, in one execution, the rows of RETURNING and the generated keys; in files where they are many. Closing it drops
 * what was not taken as a {@link #result}. Not thread-safe.
 */
final class Answer implements AutoCloseable {
    private final Projection projection;
    private final ExecutionContext execution;
    private final int[] keyOrdinals;
    private Optional<RowList> returned;
    private Optional<RowList> keys;

    /**
     * Nothing collected yet.
     *
     * @param projection null where there is no RETURNING
     * @param keyOrdinals columns of each row that are its generated key
     */
    Answer(Projection projection, int[] keyOrdinals, ExecutionContext execution) {
        this.projection = projection;
        this.keyOrdinals = keyOrdinals;
        this.execution = execution;
        this.returned = list(projection != null);
        this.keys = list(keyOrdinals.length > 0);
    }

    private Optional<RowList> list(boolean wanted) {
        return wanted ? Optional.of(new RowList(execution.workspace().afterwards())) : Optional.empty();
    }

    /** A row that was changed, as RETURNING sees it. */
    void add(Row row) {
        if (projection != null) {
            returned.orElseThrow().add(projection.apply(row, execution));
        }
    }

    /** A row that was inserted, or changed instead. */
    void addKey(Row row) {
        if (keyOrdinals.length > 0) {
            Object[] key = new Object[keyOrdinals.length];
            for (int i = 0; i < key.length; i++) {
                key[i] = row.get(keyOrdinals[i]);
            }
            keys.orElseThrow().add(new ValueRow(key));
        }
    }

    /** All of it, which is the caller's then. */
    ChangeResult result(long count) {
        ChangeResult result = new ChangeResult(count, returned, keys);
        returned = Optional.empty();
        keys = Optional.empty();
        return result;
    }

    @Override
    public void close() {
        returned.ifPresent(RowList::close);
        keys.ifPresent(RowList::close);
    }
}

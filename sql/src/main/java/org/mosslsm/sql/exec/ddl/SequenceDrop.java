// DROP SEQUENCE.
package org.mosslsm.sql.exec.ddl;

import java.util.List;
import java.util.Optional;
import org.mosslsm.sql.catalog.Column;
import org.mosslsm.sql.catalog.Sequence;
import org.mosslsm.sql.catalog.SequenceTexts;
import org.mosslsm.sql.catalog.Table;
import org.mosslsm.sql.error.SqlException;
import org.mosslsm.sql.error.SqlState;

/** Drops a sequence; the defaults that take from it stand in the way, or go with it (CASCADE). */
final class SequenceDrop {
    private SequenceDrop() {}

    static void drop(CatalogEdit edit, Sequence sequence, boolean cascade) {
        if (sequence.ownerTableId().isPresent()) {
            throw new SqlException(
                    SqlState.DEPENDENT_OBJECTS,
                    "sequence \"" + sequence.name() + "\" belongs to a column of table \""
                            + edit.table(sequence.ownerTableId().getAsInt()).name()
                            + "\" and goes with it");
        }
        for (Table table : List.copyOf(edit.now().tables())) {
            for (Column column : table.columns()) {
                if (column.defaultText()
                        .filter(t -> SequenceTexts.uses(t, sequence, table, edit.now()))
                        .isPresent()) {
                    dropDefault(edit, table, column, sequence, cascade);
                }
            }
        }
        edit.removeSequence(sequence.id());
    }

    private static void dropDefault(CatalogEdit edit, Table table, Column column, Sequence sequence, boolean cascade) {
        if (!cascade) {
            throw new SqlException(
                    SqlState.DEPENDENT_OBJECTS,
                    "sequence \"" + sequence.name() + "\" cannot be dropped: the default of column \"" + column.name()
                            + "\" of table \"" + table.name() + "\" takes from it; drop that first, or use CASCADE");
        }
        edit.lock(table);
        edit.put(edit.table(table.id())
                .change()
                .column(column.id(), c -> c.withDefault(Optional.empty()))
                .build());
        edit.notice("the default of column \"" + column.name() + "\" of table \"" + table.name() + "\" is dropped too");
    }
}

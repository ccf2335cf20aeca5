// DROP TABLE.
package org.mosslsm.sql.exec.ddl;

import java.util.List;
import java.util.TreeSet;
import org.mosslsm.sql.catalog.ForeignKey;
import org.mosslsm.sql.catalog.Sequence;
import org.mosslsm.sql.catalog.Table;
import org.mosslsm.sql.error.SqlException;
import org.mosslsm.sql.error.SqlState;

/** Drops tables: the range of every index is deleted whole, however many rows it has. */
final class TableDrop {
    private TableDrop() {}

    static void drop(CatalogEdit edit, List<Integer> ids, boolean cascade) {
        // In the order of their numbers, so that two who lock several tables cannot wait for each other.
        for (int id : new TreeSet<>(ids)) {
            edit.lock(edit.table(id));
        }
        for (int id : ids) {
            Table table = edit.table(id);
            for (ForeignKey key : edit.referencingOthers(table)) {
                if (!ids.contains(key.childTableId())) {
                    dropReference(edit, table, key, cascade);
                }
            }
        }
        for (int id : ids) {
            Table table = edit.table(id);
            table.allIndexes().forEach(i -> edit.deleteEntries(table, i));
            for (Sequence sequence : List.copyOf(edit.now().sequences())) {
                if (sequence.ownerTableId().isPresent()
                        && sequence.ownerTableId().getAsInt() == id) {
                    edit.removeSequence(sequence.id());
                }
            }
        }
        ids.forEach(id -> edit.remove(edit.table(id)));
    }

    private static void dropReference(CatalogEdit edit, Table table, ForeignKey key, boolean cascade) {
        Table child = edit.table(key.childTableId());
        if (!cascade) {
            throw new SqlException(
                    SqlState.DEPENDENT_OBJECTS,
                    "table \"" + table.name() + "\" cannot be dropped: foreign key \"" + key.name() + "\" of table \""
                            + child.name() + "\" refers to it; drop both, or use CASCADE");
        }
        edit.lock(child);
        new Constraints(edit, child.id(), false).dropForeignKey(child, key.name());
        edit.notice("foreign key \"" + key.name() + "\" of table \"" + child.name() + "\" is dropped too");
    }
}

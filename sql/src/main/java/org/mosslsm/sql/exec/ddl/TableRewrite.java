// Writing all rows anew.
package org.mosslsm.sql.exec.ddl;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.mosslsm.sql.catalog.Column;
import org.mosslsm.sql.catalog.ForeignKey;
import org.mosslsm.sql.catalog.Index;
import org.mosslsm.sql.catalog.Table;
import org.mosslsm.sql.catalog.TableChange;
import org.mosslsm.sql.encode.IndexCodec;
import org.mosslsm.sql.encode.KeyWriter;
import org.mosslsm.sql.encode.TableCodec;
import org.mosslsm.sql.exec.dml.PartialIndexes;
import org.mosslsm.sql.exec.dml.RowChecks;
import org.mosslsm.sql.expr.Row;
import org.mosslsm.sql.expr.ValueRow;

/**
 * Moves the rows of a table to where a change asks for them: another primary key, another type of a column. All indexes
 * get new numbers, rows and entries are written under these, and the old ranges are deleted whole. Not thread-safe.
 */
final class TableRewrite {
    /** Keeps the values of a row. */
    static final UnaryOperator<Object[]> SAME = values -> values;

    private final CatalogEdit edit;
    private final Table before;
    private final TableChange change;
    private final boolean empty;

    /**
     * A rewrite about to begin.
     *
     * @param change of {@code before}, which the caller has locked
     * @param empty whether it surely has no rows
     */
    TableRewrite(CatalogEdit edit, Table before, TableChange change, boolean empty) {
        this.edit = edit;
        this.before = before;
        this.change = change;
        this.empty = empty;
    }

    /**
     * Runs it and puts the changed table into the catalog.
     *
     * @param values makes the new table row's values from the old; may be given the same array back
     * @throws org.mosslsm.sql.error.SqlException 23505, 23502 when rows do not fit
     */
    void run(UnaryOperator<Object[]> values) {
        Map<Integer, Integer> renumbered = new TreeMap<>();
        Table unnumbered = change.build();
        if (unnumbered.primary().id() == before.primary().id()) {
            change.primary(unnumbered.primary().withId(edit.newId()));
        }
        renumbered.put(before.primary().id(), change.build().primary().id());
        for (Index index : unnumbered.indexes()) {
            int id = edit.newId();
            renumbered.put(index.id(), id);
            change.dropIndex(index.id()).index(refreshed(index, unnumbered).withId(id));
        }
        change.foreignKeys(k -> k.parentTableId() == before.id() ? renumber(k, renumbered) : k);
        Table after = change.rewritten().build();
        if (!empty) {
            edit.readNewest(before);
            move(after, values);
            before.allIndexes().forEach(i -> edit.deleteEntries(before, i));
        }
        edit.put(after);
        renumberOthers(renumbered);
    }

    /** The same index, encoded for columns as they are now. */
    private static Index refreshed(Index index, Table table) {
        return index.withKeys(index.keys().stream()
                .map(k -> new Index.Key(
                        k.columnId(),
                        k.descending(),
                        !table.column(k.columnId()).notNull()))
                .toList());
    }

    private static ForeignKey renumber(ForeignKey key, Map<Integer, Integer> renumbered) {
        return key.withParentIndex(renumbered.getOrDefault(key.parentIndexId(), key.parentIndexId()));
    }

    private void renumberOthers(Map<Integer, Integer> renumbered) {
        for (ForeignKey key : edit.referencingOthers(before)) {
            Table child = edit.table(key.childTableId());
            edit.lock(child);
            edit.put(child.change()
                    .foreignKeys(k -> k.parentTableId() == before.id() ? renumber(k, renumbered) : k)
                    .build());
        }
    }

    private void move(Table after, UnaryOperator<Object[]> values) {
        TableCodec codec = PartialIndexes.codec(after, edit.context().expressions());
        RowChecks notNull = RowChecks.notNull(after);
        KeyWriter scratch = new KeyWriter();
        int columns = before.columns().size();
        int width = after.rowColumns().size();
        List<IndexCodec> codecs = new ArrayList<>(List.of(codec.primary()));
        codecs.addAll(codec.secondary());
        try (EntryLoad load = new EntryLoad(edit.context(), after, codecs)) {
            TableScan.forEach(edit, before, row -> {
                Object[] table = Arrays.copyOf(values.apply(Arrays.copyOf(row.toArray(), columns)), width);
                if (after.hasRowId()) {
                    table[width - 1] = before.hasRowId()
                            ? row.get(columns)
                            : (Object) edit.context().numbers().rowId(after);
                }
                Row moved = new ValueRow(table);
                notNull.check(moved, edit.context().execution());
                load.add(0, codec.primary().key(moved, scratch), codec.rowValue(moved, scratch));
                for (int i = 1; i < codecs.size(); i++) {
                    IndexCodec index = codecs.get(i);
                    if (index.covers(moved)) {
                        load.add(i, index.key(moved, scratch), index.value(moved, scratch));
                    }
                }
            });
            load.finish();
        }
    }

    /** Rebuilds the indexes that have a column in a form that does not fit it any more. */
    static void rebuildIndexes(CatalogEdit edit, Table table, Column column) {
        Table now = table;
        for (Index index : table.indexes()) {
            if (index.uses(column.id())) {
                Index fresh = refreshed(index, now).withId(edit.newId());
                edit.deleteEntries(now, index);
                Table with = now.change().dropIndex(index.id()).index(fresh).build();
                IndexDefinition.fill(edit, with, fresh);
                edit.put(with);
                now = with;
                Map<Integer, Integer> renumbered = Map.of(index.id(), fresh.id());
                new TableRewrite(edit, now, now.change(), true).renumberAll(renumbered);
                now = edit.table(table.id());
            }
        }
    }

    private void renumberAll(Map<Integer, Integer> renumbered) {
        edit.put(before.change()
                .foreignKeys(k -> k.parentTableId() == before.id() ? renumber(k, renumbered) : k)
                .build());
        renumberOthers(renumbered);
    }
}

// Indexes coming and going.
package org.mosslsm.sql.exec.ddl;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.mosslsm.sql.catalog.Column;
import org.mosslsm.sql.catalog.ForeignKey;
import org.mosslsm.sql.catalog.Index;
import org.mosslsm.sql.catalog.Table;
import org.mosslsm.sql.catalog.TableChange;
import org.mosslsm.sql.encode.IndexCodec;
import org.mosslsm.sql.encode.KeyWriter;
import org.mosslsm.sql.error.SqlException;
import org.mosslsm.sql.error.SqlState;
import org.mosslsm.sql.exec.dml.ForeignKeyRows;
import org.mosslsm.sql.exec.dml.PartialIndexes;
import org.mosslsm.sql.plan.DefinitionPlan;

/**
 * CREATE INDEX, DROP INDEX, and the indexes of foreign keys: every foreign key has an index on its columns, found or
 * made. One that was made ("automatic") gives way to the user's own and goes with the foreign key.
 */
final class IndexDefinition {
    private IndexDefinition() {}

    // ---- CREATE

    static void create(CatalogEdit edit, DefinitionPlan.CreateIndex p) {
        Table table = edit.table(p.table().id());
        if (p.ifNotExists() && edit.now().isTaken(table.schema(), p.name())) {
            edit.notice("index \"" + p.name() + "\" already exists, skipping");
            return;
        }
        edit.requireFree(table.schema(), p.name(), "index");
        edit.lock(table);
        List<Index.Key> keys = p.keys().stream()
                .map(k -> key(table, k.column(), k.descending()))
                .toList();
        List<Integer> include = Constraints.ids(table, p.include());
        Optional<Index> twin = table.indexes().stream()
                .filter(i -> i.automatic()
                        && !p.unique()
                        && p.where().isEmpty()
                        && include.isEmpty()
                        && i.keys().equals(keys))
                .findFirst();
        if (twin.isPresent()) {
            // What a foreign key needed is what the user asks for: it only gets his name, and no remark yet.
            edit.put(table.change()
                    .index(twin.get().withName(p.name()).withAutomatic(false).withComments(Index.Comments.NONE))
                    .build());
            return;
        }
        Index index = new Index(edit.newId(), p.name(), keys, p.unique(), false, include, Index.State.READY, false)
                .withWhere(p.where().map(w -> new Index.Where(w.text(), Constraints.ids(table, w.columns()))))
                .withNullsNotDistinct(p.nullsNotDistinct());
        add(edit, table, index, false);
        dropUnneeded(edit, edit.table(table.id()));
    }

    /** A key column as it is now. */
    static Index.Key key(Table table, String columnName, boolean descending) {
        Column column = table.column(columnName).orElseThrow(() -> SqlException.undefinedColumn(columnName, 0, 0));
        return new Index.Key(column.id(), descending, !column.notNull());
    }

    /** The index of a foreign key that found none. */
    static void addForForeignKey(CatalogEdit edit, Table table, ForeignKey key, boolean empty) {
        List<Index.Key> keys = table.names(key.columnIds()).stream()
                .map(name -> key(table, name, false))
                .toList();
        String name = edit.freeName(table.schema(), key.name() + "_idx");
        add(edit, table, new Index(edit.newId(), name, keys, false, false, List.of(), Index.State.READY, true), empty);
    }

    /** Adds an index to a locked table, with the entries of its rows. */
    static void add(CatalogEdit edit, Table table, Index index, boolean empty) {
        Table with = table.change().index(index).build();
        if (!empty) {
            edit.readNewest(table);
            fill(edit, with, index);
        }
        edit.put(with);
    }

    /**
     * Writes the entries of all rows into a new index.
     *
     * @throws SqlException 23505 when two rows have one key
     */
    static void fill(CatalogEdit edit, Table table, Index index) {
        IndexCodec codec = PartialIndexes.codec(table, index, edit.context().expressions());
        KeyWriter scratch = new KeyWriter();
        try (EntryLoad load = new EntryLoad(edit.context(), table, List.of(codec))) {
            TableScan.forEach(edit, table, row -> {
                if (codec.covers(row)) {
                    load.add(0, codec.key(row, scratch), codec.value(row, scratch));
                }
            });
            load.finish();
        }
    }

    /** Gives an index another name, and the constraint it belongs to with it. */
    static void rename(CatalogEdit edit, Table table, Index index, String to) {
        edit.requireFree(table.schema(), to, "index");
        edit.lock(table);
        TableChange change = table.change();
        if (index.id() == table.primary().id()) {
            change.primary(index.withName(to));
        } else {
            change.index(index.withName(to).withAutomatic(false));
        }
        edit.put(change.build());
    }

    // ---- DROP

    static void drop(CatalogEdit edit, Table table, Index index, boolean cascade) {
        if (index.constraint()) {
            throw new SqlException(
                    SqlState.DEPENDENT_OBJECTS,
                    "index \"" + index.name() + "\" belongs to a constraint of table \"" + table.name()
                            + "\": use ALTER TABLE " + table.name() + " DROP CONSTRAINT " + index.name());
        }
        edit.lock(table);
        new Constraints(edit, table.id(), false).dropReferencesTo(Set.of(index.id()), index.name(), cascade);
        Table now = edit.table(table.id());
        Table without = now.change().dropIndex(index.id()).build();
        Optional<ForeignKey> needs = now.foreignKeys().stream()
                .filter(k -> ForeignKeyRows.indexFor(without, k.columnIds()).isEmpty())
                .findFirst();
        if (needs.isPresent()) {
            String name = edit.freeName(table.schema(), needs.get().name() + "_idx");
            edit.put(now.change()
                    .index(index.withName(name).withAutomatic(true).withComments(Index.Comments.NONE))
                    .build());
            edit.notice("foreign key \"" + needs.get().name() + "\" needs the index: it stays as \"" + name + "\"");
        } else {
            remove(edit, now, index);
        }
    }

    /** Removes an index and its entries. */
    static void remove(CatalogEdit edit, Table table, Index index) {
        edit.deleteEntries(table, index);
        edit.put(table.change().dropIndex(index.id()).build());
    }

    /** Removes automatic indexes that no foreign key needs any more. */
    static void dropUnneeded(CatalogEdit edit, Table table) {
        Table now = table;
        for (Index index : table.indexes()) {
            if (index.automatic()) {
                Table without = now.change().dropIndex(index.id()).build();
                boolean needed = now.foreignKeys().stream()
                        .anyMatch(k ->
                                ForeignKeyRows.indexFor(without, k.columnIds()).isEmpty());
                if (!needed) {
                    remove(edit, now, index);
                    now = edit.table(table.id());
                }
            }
        }
    }
}

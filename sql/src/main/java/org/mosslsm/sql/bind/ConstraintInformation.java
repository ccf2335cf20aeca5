// INFORMATION_SCHEMA: constraints and indexes.
package org.mosslsm.sql.bind;

import static org.mosslsm.sql.bind.InformationSchema.CATALOG;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.mosslsm.sql.bind.InformationSchema.Rows;
import org.mosslsm.sql.catalog.Catalog;
import org.mosslsm.sql.catalog.CheckConstraint;
import org.mosslsm.sql.catalog.ForeignKey;
import org.mosslsm.sql.catalog.Index;
import org.mosslsm.sql.catalog.Table;

/** Rows of the views about constraints and indexes. A constraint has the catalog and schema of its table. */
final class ConstraintInformation {
    private ConstraintInformation() {}

    /** The keys of a table that are constraints: primary key first. */
    private static List<Index> keys(Table table) {
        List<Index> keys = new ArrayList<>();
        table.primaryKey().ifPresent(keys::add);
        table.indexes().stream().filter(Index::constraint).forEach(keys::add);
        return keys;
    }

    private static void row(Rows rows, Table t, String constraint, Object... more) {
        List<Object> row = new ArrayList<>(List.of(CATALOG, t.schema(), constraint, CATALOG, t.schema(), t.name()));
        row.addAll(Arrays.asList(more));
        rows.add(row.toArray());
    }

    static void constraints(BindContext context, Rows rows) {
        for (Table t : context.catalog().tables()) {
            for (Index key : keys(t)) {
                boolean primary = key.id() == t.primary().id();
                row(
                        rows,
                        t,
                        key.name(),
                        primary ? "PRIMARY KEY" : "UNIQUE",
                        false,
                        false,
                        true,
                        primary ? Optional.empty() : !key.nullsNotDistinct(),
                        key.comments().constraint());
            }
            for (ForeignKey key : t.foreignKeys()) {
                row(rows, t, key.name(), "FOREIGN KEY", false, false, true, null, key.comment());
            }
            for (CheckConstraint check : t.checks()) {
                row(rows, t, check.name(), "CHECK", false, false, true, null, check.comment());
            }
        }
    }

    static void keyColumns(BindContext context, Rows rows) {
        for (Table t : context.catalog().tables()) {
            for (Index key : keys(t)) {
                List<String> names = t.names(key.columnIds());
                for (int i = 0; i < names.size(); i++) {
                    row(rows, t, key.name(), names.get(i), i + 1, null);
                }
            }
            for (ForeignKey key : t.foreignKeys()) {
                // Its columns stand in the order of the key they refer to.
                List<String> names = t.names(key.columnIds());
                for (int i = 0; i < names.size(); i++) {
                    row(rows, t, key.name(), names.get(i), i + 1, i + 1);
                }
            }
        }
    }

    /** Columns a constraint uses: of a foreign key those referred to. */
    static void usedColumns(BindContext context, Rows rows) {
        Catalog catalog = context.catalog();
        for (Table t : catalog.tables()) {
            for (Index key : keys(t)) {
                used(rows, t, key.columnIds(), t, key.name());
            }
            for (ForeignKey key : t.foreignKeys()) {
                Table parent = catalog.table(key.parentTableId()).orElseThrow();
                used(rows, parent, key.parentColumnIds(), t, key.name());
            }
            for (CheckConstraint check : t.checks()) {
                used(rows, t, check.columnIds(), t, check.name());
            }
        }
    }

    private static void used(Rows rows, Table table, List<Integer> columnIds, Table owner, String constraint) {
        for (String name : table.names(columnIds)) {
            rows.add(CATALOG, table.schema(), table.name(), name, CATALOG, owner.schema(), constraint);
        }
    }

    static void references(BindContext context, Rows rows) {
        Catalog catalog = context.catalog();
        for (Table t : catalog.tables()) {
            for (ForeignKey key : t.foreignKeys()) {
                Table parent = catalog.table(key.parentTableId()).orElseThrow();
                Optional<String> unique = parent.index(key.parentIndexId()).map(Index::name);
                rows.add(
                        CATALOG,
                        t.schema(),
                        key.name(),
                        CATALOG,
                        parent.schema(),
                        unique,
                        "NONE",
                        rule(key.onUpdate()),
                        rule(key.onDelete()));
            }
        }
    }

    private static String rule(ForeignKey.Action action) {
        return action.name().replace('_', ' ');
    }

    static void checks(BindContext context, Rows rows) {
        for (Table t : context.catalog().tables()) {
            for (CheckConstraint check : t.checks()) {
                rows.add(CATALOG, t.schema(), check.name(), check.text());
            }
        }
    }

    // ---- indexes

    /** The indexes users know: not the hidden one of a table without a primary key. */
    private static List<Index> visible(Table table) {
        return table.allIndexes().stream()
                .filter(i -> i.id() != table.primary().id() || !table.hasRowId())
                .toList();
    }

    static void indexes(BindContext context, Rows rows) {
        for (Table t : context.catalog().tables()) {
            for (Index index : visible(t)) {
                rows.add(
                        CATALOG,
                        t.schema(),
                        t.name(),
                        index.name(),
                        index.unique(),
                        index.id() == t.primary().id(),
                        index.constraint(),
                        index.where().map(Index.Where::text),
                        index.comments().index());
            }
        }
    }

    static void indexColumns(BindContext context, Rows rows) {
        for (Table t : context.catalog().tables()) {
            for (Index index : visible(t)) {
                int position = 1;
                for (Index.Key key : index.keys()) {
                    indexColumn(rows, t, index, key.columnId(), position++, key.descending() ? "DESC" : "ASC", false);
                }
                for (int columnId : index.include()) {
                    indexColumn(rows, t, index, columnId, position++, null, true);
                }
            }
        }
    }

    private static void indexColumn(
            Rows rows, Table t, Index index, int columnId, int position, String ordering, boolean included) {
        rows.add(CATALOG, t.schema(), t.name(), index.name(), t.column(columnId).name(), position, ordering, included);
    }
}

// Constraints coming and going.
package org.mosslsm.sql.exec.ddl;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.mosslsm.sql.catalog.CheckConstraint;
import org.mosslsm.sql.catalog.ForeignKey;
import org.mosslsm.sql.catalog.Index;
import org.mosslsm.sql.catalog.Table;
import org.mosslsm.sql.catalog.TableChange;
import org.mosslsm.sql.error.SqlException;
import org.mosslsm.sql.error.SqlState;
import org.mosslsm.sql.exec.dml.ForeignKeyRows;
import org.mosslsm.sql.exec.dml.RowChecks;
import org.mosslsm.sql.plan.DefinitionPlan;
import org.mosslsm.sql.plan.DefinitionPlan.CheckSpec;
import org.mosslsm.sql.plan.DefinitionPlan.ConstraintSpec;
import org.mosslsm.sql.plan.DefinitionPlan.ForeignKeySpec;
import org.mosslsm.sql.plan.DefinitionPlan.PrimaryKeySpec;
import org.mosslsm.sql.plan.DefinitionPlan.UniqueSpec;
import org.mosslsm.sql.plan.StatementPlan;

/** Adds constraints to a table and drops them; rows that are there must fulfil a new one. Not thread-safe. */
final class Constraints {
    private final CatalogEdit edit;
    private final int tableId;
    private final boolean empty;

    /**
     * For one table, which the caller has locked.
     *
     * @param empty whether it surely has no rows
     */
    Constraints(CatalogEdit edit, int tableId, boolean empty) {
        this.edit = edit;
        this.tableId = tableId;
        this.empty = empty;
    }

    private Table table() {
        return edit.table(tableId);
    }

    // ---- ADD

    void add(ConstraintSpec spec) {
        if (table().hasConstraint(spec.name())) {
            throw new SqlException(
                    SqlState.DUPLICATE_OBJECT,
                    "table \"" + table().name() + "\" already has a constraint \"" + spec.name() + "\"");
        }
        if (spec instanceof PrimaryKeySpec s) {
            addPrimaryKey(s);
        } else if (spec instanceof UniqueSpec s) {
            addUnique(s);
        } else if (spec instanceof CheckSpec s) {
            addCheck(s);
        } else {
            addForeignKey((ForeignKeySpec) spec);
        }
    }

    private void addPrimaryKey(PrimaryKeySpec spec) {
        Table table = table();
        if (table.primaryKey().isPresent()) {
            throw new SqlException(
                    SqlState.INVALID_TABLE_DEFINITION, "table \"" + table.name() + "\" already has a primary key");
        }
        edit.requireFree(table.schema(), spec.name(), "index");
        TableChange change = table.change();
        change.primary(TableCreation.primaryKey(edit.newId(), change, spec));
        new TableRewrite(edit, table, change, empty).run(TableRewrite.SAME);
    }

    /** A unique index becomes the one of a constraint; that of a primary key goes, as the rows themselves are in its order. */
    void addKeyOfIndex(DefinitionPlan.AddKeyOfIndex spec) {
        Table table = table();
        Index index = table.indexes().stream()
                .filter(i -> i.name().equals(spec.index()))
                .findFirst()
                .orElseThrow();
        if (!spec.name().equals(index.name()) && table.hasConstraint(spec.name())) {
            throw new SqlException(
                    SqlState.DUPLICATE_OBJECT,
                    "table \"" + table.name() + "\" already has a constraint \"" + spec.name() + "\"");
        }
        if (!spec.primary()) {
            if (!spec.name().equals(index.name())) {
                edit.requireFree(table.schema(), spec.name(), "index");
            }
            edit.put(table.change()
                    .index(index.withName(spec.name()).withConstraint())
                    .build());
            return;
        }
        if (edit.now().referencing(tableId).stream().anyMatch(k -> k.parentIndexId() == index.id())) {
            throw SqlException.notSupported("a primary key of an index that foreign keys refer to");
        }
        IndexDefinition.remove(edit, table, index);
        addPrimaryKey(new PrimaryKeySpec(spec.name(), table.names(index.columnIds())));
        Table keyed = table();
        edit.put(keyed.change()
                .primary(keyed.primary().withComments(index.comments()))
                .build());
    }

    private void addUnique(UniqueSpec spec) {
        Table table = table();
        edit.requireFree(table.schema(), spec.name(), "index");
        List<Index.Key> keys = spec.columns().stream()
                .map(name -> IndexDefinition.key(table, name, false))
                .toList();
        IndexDefinition.add(
                edit,
                table,
                new Index(edit.newId(), spec.name(), keys, true, true, List.of(), Index.State.READY, false)
                        .withNullsNotDistinct(spec.nullsNotDistinct()),
                empty);
    }

    private void addCheck(CheckSpec spec) {
        Table table = table();
        if (!empty) {
            RowChecks checks =
                    RowChecks.conditions(table, List.of(new StatementPlan.Check(spec.name(), spec.condition())));
            TableScan.forEach(
                    edit, table, row -> checks.check(row, edit.context().execution()));
        }
        List<Integer> columns = ids(table, spec.columns());
        edit.put(table.change()
                .check(new CheckConstraint(spec.name(), spec.text(), columns))
                .build());
    }

    private void addForeignKey(ForeignKeySpec spec) {
        Table table = table();
        boolean self = spec.parent().isEmpty() || spec.parent().get().id() == tableId;
        Table parent = self ? table : edit.table(spec.parent().get().id());
        if (!self) {
            edit.touch(parent);
        }
        List<Integer> parentColumns = ids(parent, spec.parentColumns());
        Index parentIndex = parent.allIndexes().stream()
                .filter(i -> i.isUniqueOfAll() && i.columnIds().equals(parentColumns))
                .findFirst()
                .orElseThrow(() -> new SqlException(
                        SqlState.INVALID_FOREIGN_KEY,
                        "table \"" + parent.name() + "\" has no primary key or unique constraint on ("
                                + String.join(", ", spec.parentColumns()) + ")"));
        ForeignKey key = new ForeignKey(
                spec.name(),
                tableId,
                ids(table, spec.columns()),
                parent.id(),
                parentColumns,
                parentIndex.id(),
                spec.onDelete(),
                spec.onUpdate());
        if (ForeignKeyRows.indexFor(table, key.columnIds()).isEmpty()) {
            IndexDefinition.addForForeignKey(edit, table, key, empty);
        }
        Table withKey = table().change().foreignKey(key).build();
        if (!empty) {
            edit.readNewest(withKey);
            edit.readNewest(parent);
            ForeignKeyRows.validate(edit.context().execution(), withKey, key, edit.table(parent.id()));
        }
        edit.put(withKey);
    }

    static List<Integer> ids(Table table, List<String> names) {
        List<Integer> ids = new ArrayList<>();
        for (String name : names) {
            ids.add(table.column(name)
                    .orElseThrow(() -> SqlException.undefinedColumn(name, 0, 0))
                    .id());
        }
        return ids;
    }

    // ---- DROP

    void drop(String name, boolean cascade) {
        Table table = table();
        Optional<Index> index = table.index(name).filter(Index::constraint);
        if (index.isPresent()) {
            dropKey(index.get(), cascade);
        } else if (table.foreignKeys().stream().anyMatch(f -> f.name().equals(name))) {
            dropForeignKey(table, name);
        } else {
            edit.put(table.change().dropCheck(name).build());
        }
    }

    /** Drops a PRIMARY KEY or UNIQUE, with its index. */
    private void dropKey(Index index, boolean cascade) {
        dropReferencesTo(Set.of(index.id()), index.name(), cascade);
        Table table = table();
        if (index.id() == table.primary().id()) {
            TableChange change = table.change();
            change.primary(Index.ofRowIds(edit.newId(), table.name()));
            new TableRewrite(edit, table, change, empty).run(TableRewrite.SAME);
        } else {
            IndexDefinition.remove(edit, table, index);
        }
    }

    /** Drops the foreign keys that need these indexes of the table, or refuses. */
    void dropReferencesTo(Set<Integer> indexIds, String what, boolean cascade) {
        for (ForeignKey key : new HashSet<>(edit.now().referencing(tableId))) {
            if (indexIds.contains(key.parentIndexId())) {
                Table child = edit.table(key.childTableId());
                if (!cascade && child.id() != tableId) {
                    throw new SqlException(
                            SqlState.DEPENDENT_OBJECTS,
                            "\"" + what + "\" of table \"" + table().name() + "\" cannot be dropped: foreign key \""
                                    + key.name() + "\" of table \"" + child.name() + "\" needs it; use CASCADE");
                }
                if (!cascade) {
                    throw new SqlException(
                            SqlState.DEPENDENT_OBJECTS,
                            "\"" + what + "\" cannot be dropped: foreign key \"" + key.name()
                                    + "\" of the same table needs it; use CASCADE");
                }
                edit.lock(child);
                dropForeignKey(child, key.name());
                edit.notice("foreign key \"" + key.name() + "\" of table \"" + child.name() + "\" is dropped too");
            }
        }
    }

    /** Drops a foreign key, and the index that was made for it. */
    void dropForeignKey(Table child, String name) {
        ForeignKey key = child.foreignKeys().stream()
                .filter(f -> f.name().equals(name))
                .findFirst()
                .orElseThrow();
        if (key.parentTableId() != child.id()
                && edit.now().table(key.parentTableId()).isPresent()) {
            edit.touch(edit.table(key.parentTableId()));
        }
        Table without = child.change().dropForeignKey(name).build();
        edit.put(without);
        IndexDefinition.dropUnneeded(edit, without);
    }
}

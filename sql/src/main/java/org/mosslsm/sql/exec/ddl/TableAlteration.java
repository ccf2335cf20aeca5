// ALTER TABLE.
package org.mosslsm.sql.exec.ddl;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import org.mosslsm.sql.catalog.CheckConstraint;
import org.mosslsm.sql.catalog.Column;
import org.mosslsm.sql.catalog.ForeignKey;
import org.mosslsm.sql.catalog.Index;
import org.mosslsm.sql.catalog.Sequence;
import org.mosslsm.sql.catalog.Table;
import org.mosslsm.sql.catalog.TableChange;
import org.mosslsm.sql.error.SqlException;
import org.mosslsm.sql.error.SqlState;
import org.mosslsm.sql.exec.ExecutionContext;
import org.mosslsm.sql.exec.dml.ForeignKeyRows;
import org.mosslsm.sql.exec.dml.RowChecks;
import org.mosslsm.sql.exec.dml.TableExpressions;
import org.mosslsm.sql.exec.dml.Violations;
import org.mosslsm.sql.expr.Evaluator;
import org.mosslsm.sql.expr.ExprTrees;
import org.mosslsm.sql.expr.ScalarExpr;
import org.mosslsm.sql.expr.ValueRow;
import org.mosslsm.sql.plan.DefinitionPlan;
import org.mosslsm.sql.plan.DefinitionPlan.AlterSpec;
import org.mosslsm.sql.plan.DefinitionPlan.ColumnSpec;
import org.mosslsm.sql.plan.LogicalTrees;

/** Applies the actions of one ALTER TABLE, each to what the one before left. Not thread-safe. */
final class TableAlteration {
    private final CatalogEdit edit;
    private final int tableId;
    private final Constraints constraints;

    TableAlteration(CatalogEdit edit, int tableId) {
        this.edit = edit;
        this.tableId = tableId;
        this.constraints = new Constraints(edit, tableId, false);
    }

    private Table table() {
        return edit.table(tableId);
    }

    private Column column(String name) {
        return table().column(name).orElseThrow(() -> SqlException.undefinedColumn(name, 0, 0));
    }

    void apply(List<AlterSpec> actions) {
        edit.lock(table());
        edit.readNewest(table());
        actions.forEach(this::apply);
        indexForeignKeys();
    }

    /** What was dropped may have taken the index of a foreign key along: each keeps one. */
    private void indexForeignKeys() {
        for (ForeignKey key : table().foreignKeys()) {
            if (ForeignKeyRows.indexFor(table(), key.columnIds()).isEmpty()) {
                IndexDefinition.addForForeignKey(edit, table(), key, false);
            }
        }
    }

    private void apply(AlterSpec action) {
        if (action instanceof DefinitionPlan.AddColumn a) {
            addColumn(a.column());
        } else if (action instanceof DefinitionPlan.DropColumn a) {
            dropColumn(column(a.column()), a.cascade());
        } else if (action instanceof DefinitionPlan.AddConstraint a) {
            constraints.add(a.constraint());
        } else if (action instanceof DefinitionPlan.AddKeyOfIndex a) {
            constraints.addKeyOfIndex(a);
        } else if (action instanceof DefinitionPlan.DropConstraint a) {
            constraints.drop(a.name(), a.cascade());
        } else if (action instanceof DefinitionPlan.RenameTable a) {
            renameTable(a.to());
        } else if (action instanceof DefinitionPlan.SetSchema a) {
            setSchema(a.schema());
        } else if (action instanceof DefinitionPlan.RenameColumn a) {
            renameColumn(column(a.from()), a.to());
        } else if (action instanceof DefinitionPlan.RenameConstraint a) {
            renameConstraint(a.from(), a.to());
        } else if (action instanceof DefinitionPlan.SetDefault a) {
            change(column(a.column()).id(), c -> c.withDefault(a.text()));
        } else if (action instanceof DefinitionPlan.SetNotNull a) {
            setNotNull(column(a.column()), a.notNull());
        } else if (action instanceof DefinitionPlan.SetType a) {
            setType(column(a.column()), a);
        } else if (action instanceof DefinitionPlan.AddIdentity a) {
            addIdentity(column(a.column()), a);
        } else if (action instanceof DefinitionPlan.AlterIdentity a) {
            alterIdentity(column(a.column()), a);
        } else if (action instanceof DefinitionPlan.DropIdentity a) {
            Column column = column(a.column());
            column.identity().ifPresent(i -> edit.removeSequence(i.sequenceId()));
            change(column.id(), c -> c.withIdentity(Optional.empty()));
        } else {
            throw new IllegalArgumentException("no action: " + action);
        }
    }

    private void change(int columnId, java.util.function.UnaryOperator<Column> change) {
        edit.put(table().change().column(columnId, change).build());
    }

    // ---- columns

    private void addColumn(ColumnSpec spec) {
        Table table = table();
        Optional<Column.Identity> identity = spec.identity()
                .map(i -> TableCreation.identity(edit, table.schema(), table.name(), tableId, spec.name(), i));
        TableChange change = table.change();
        Column added = change.addColumn(TableCreation.column(spec, identity));
        if (identity.isPresent()) {
            Sequence sequence = edit.now().sequence(identity.get().sequenceId()).orElseThrow();
            new TableRewrite(edit, table, change, false).run(values -> {
                Object[] longer = java.util.Arrays.copyOf(values, values.length + 1);
                longer[values.length] = edit.context().sequences().next(sequence);
                return longer;
            });
            return;
        }
        if (spec.defaultValue().map(LogicalTrees::hasVolatile).orElse(false)) {
            Evaluator each = Evaluator.compile(spec.defaultValue().get());
            new TableRewrite(edit, table, change, false).run(values -> {
                Object[] longer = java.util.Arrays.copyOf(values, values.length + 1);
                longer[values.length] = each.eval(ValueRow.EMPTY, edit.context().execution());
                return longer;
            });
            return;
        }
        Object missing = spec.defaultValue()
                .map(d ->
                        Evaluator.compile(d).eval(ValueRow.EMPTY, edit.context().execution()))
                .map(v -> v instanceof Double d ? d + 0.0 : v) // -0.0 is stored as 0
                .orElse(null);
        if (missing == null && spec.notNull() && TableScan.hasRows(edit, table)) {
            throw Violations.notNull(table, added);
        }
        edit.put(change.column(added.id(), c -> c.withMissingValue(missing)).build());
    }

    /** Drops a column with the indexes and constraints of the table that use it, as PostgreSQL does. */
    private void dropColumn(Column column, boolean cascade) {
        if (table().columns().size() == 1) {
            throw new SqlException(
                    SqlState.INVALID_TABLE_DEFINITION,
                    "column \"" + column.name() + "\" is the only one of table \"" + table().name()
                            + "\": drop the table instead");
        }
        for (ForeignKey key : List.copyOf(table().foreignKeys())) {
            if (key.columnIds().contains(column.id())) {
                constraints.dropForeignKey(table(), key.name());
            }
        }
        Set<Integer> keys = new HashSet<>();
        table().allIndexes().stream().filter(i -> i.hasKey(column.id())).forEach(i -> keys.add(i.id()));
        constraints.dropReferencesTo(keys, column.name(), cascade);
        for (CheckConstraint check : List.copyOf(table().checks())) {
            if (check.columnIds().contains(column.id())) {
                edit.put(table().change().dropCheck(check.name()).build());
            }
        }
        for (Index index : List.copyOf(table().indexes())) {
            if (index.uses(column.id())) {
                IndexDefinition.remove(edit, table(), index);
            }
        }
        Table table = table();
        if (table.primary().hasKey(column.id())) {
            int ordinal = table.ordinal(column.id());
            TableChange change = table.change();
            change.primary(Index.ofRowIds(edit.newId(), table.name()));
            change.dropColumn(column.id());
            new TableRewrite(edit, table, change, false).run(values -> without(values, ordinal));
        } else {
            edit.put(table.change().dropColumn(column.id()).build());
        }
        column.identity().ifPresent(i -> edit.removeSequence(i.sequenceId()));
    }

    private static Object[] without(Object[] values, int ordinal) {
        List<Object> kept = new ArrayList<>(java.util.Arrays.asList(values));
        kept.remove(ordinal);
        return kept.toArray();
    }

    private void renameTable(String to) {
        edit.requireFree(table().schema(), to, "table");
        String from = table().name();
        putRenamed(table().change().name(to), text -> NameInText.replaceTable(text, from, to), -1);
    }

    /** Indexes and the sequences of identity columns go along. */
    private void setSchema(String schema) {
        Table table = table();
        if (table.schema().equals(schema)) {
            return;
        }
        edit.requireFree(schema, table.name(), "table");
        table.indexes().forEach(i -> edit.requireFree(schema, i.name(), "index"));
        for (Column column : table.columns()) {
            Optional<Sequence> sequence =
                    column.identity().flatMap(i -> edit.now().sequence(i.sequenceId()));
            sequence.ifPresent(s -> {
                edit.requireFree(schema, s.name(), "sequence");
                SequenceChange.rename(edit, s, s.withSchema(schema));
            });
        }
        edit.put(table().change().schema(schema).build());
    }

    private void renameColumn(Column column, String to) {
        if (table().column(to).isPresent()) {
            throw new SqlException(
                    SqlState.DUPLICATE_COLUMN,
                    "column \"" + to + "\" of table \"" + table().name() + "\" already exists");
        }
        putRenamed(
                table().change().column(column.id(), c -> c.withName(to)),
                text -> NameInText.replace(text, column.name(), to),
                column.id());
    }

    /**
     * Puts a table with other names in it, which the texts of its checks and partial indexes must follow.
     *
     * @param columnId what the texts are about: those that read it; -1 for all
     */
    private void putRenamed(TableChange change, UnaryOperator<String> text, int columnId) {
        List<Integer> meant = columnsRead();
        edit.put(change.checks(
                        k -> columnId < 0 || k.columnIds().contains(columnId) ? k.withText(text.apply(k.text())) : k)
                .indexes(i -> i.withWhere(i.where()
                        .map(w -> columnId < 0 || w.columnIds().contains(columnId)
                                ? new Index.Where(text.apply(w.text()), w.columnIds())
                                : w)))
                .build());
        if (!columnsRead().equals(meant)) {
            throw SqlException.notSupported("this rename: a check or a partial index of table \"" + table().name()
                    + "\" would not mean the same");
        }
    }

    /** The columns that checks and conditions of indexes read, in the order of their texts. */
    private List<Integer> columnsRead() {
        Table table = table();
        TableExpressions expressions = edit.context().expressions();
        List<ScalarExpr> all = new ArrayList<>();
        expressions.checks(table).forEach(c -> all.add(c.condition()));
        table.indexes().stream().filter(Index::isPartial).forEach(i -> all.add(expressions.condition(table, i)));
        List<Integer> read = new ArrayList<>();
        all.forEach(condition -> ExprTrees.walk(condition, e -> {
            if (e instanceof ScalarExpr.ColumnRef c) {
                read.add(c.index());
            }
        }));
        return read;
    }

    private void setNotNull(Column column, boolean notNull) {
        Table table = table();
        if (column.notNull() == notNull) {
            return;
        }
        if (notNull) {
            int ordinal = table.ordinal(column.id());
            TableScan.forEach(edit, table, row -> {
                if (row.isNull(ordinal)) {
                    throw Violations.notNull(table, column);
                }
            });
            change(column.id(), c -> c.withNotNull(true));
            return;
        }
        if (table.primary().hasKey(column.id()) || column.identity().isPresent()) {
            throw new SqlException(
                    SqlState.INVALID_TABLE_DEFINITION,
                    "column \"" + column.name() + "\" of table \"" + table.name() + "\" is "
                            + (column.identity().isPresent() ? "an identity column" : "in the primary key")
                            + " and stays NOT NULL");
        }
        change(column.id(), c -> c.withNotNull(false));
        TableRewrite.rebuildIndexes(edit, table(), table().column(column.id()));
    }

    private void setType(Column column, DefinitionPlan.SetType a) {
        Table table = table();
        boolean referenced =
                table.foreignKeys().stream().anyMatch(k -> k.columnIds().contains(column.id()))
                        || edit.now().referencing(tableId).stream()
                                .anyMatch(k -> k.parentColumnIds().contains(column.id()));
        if (referenced && column.type().family() != a.type().family()) {
            throw SqlException.notSupported("changing the type of column \"" + column.name()
                    + "\", which is part of a foreign key, to another family of types,");
        }
        touchPartners(column.id());
        int ordinal = table.ordinal(column.id());
        Evaluator conversion = Evaluator.compile(a.conversion());
        TableChange change = table.change().column(column.id(), c -> c.withType(a.type()));
        new TableRewrite(edit, table, change, false).run(values -> {
            Object[] changed = values.clone();
            changed[ordinal] =
                    conversion.eval(new ValueRow(values), edit.context().execution());
            return changed;
        });
        requireConstraints(column.id());
    }

    /** Locks the tables at the other ends of the column's foreign keys: their rows are looked at, and how they find ours. */
    private void touchPartners(int columnId) {
        Set<Integer> partners = new TreeSet<>();
        for (ForeignKey key : table().foreignKeys()) {
            if (key.columnIds().contains(columnId)) {
                partners.add(key.parentTableId());
            }
        }
        for (ForeignKey key : edit.now().referencing(tableId)) {
            if (key.parentColumnIds().contains(columnId)) {
                partners.add(key.childTableId());
            }
        }
        partners.remove(tableId);
        for (int partner : partners) {
            edit.touch(edit.table(partner));
            edit.readNewest(edit.table(partner));
        }
    }

    /** Checks what rows and other tables hold against a column's new values and type. */
    private void requireConstraints(int columnId) {
        Table table = table();
        TableExpressions expressions = edit.context().expressions();
        ExecutionContext execution = edit.context().execution();
        expressions.defaultOf(table, table.column(columnId));
        RowChecks checks = RowChecks.conditions(table, expressions.checks(table));
        if (!table.checks().isEmpty()) {
            TableScan.forEach(edit, table, row -> checks.check(row, execution));
        }
        for (ForeignKey key : table.foreignKeys()) {
            if (key.columnIds().contains(columnId)) {
                ForeignKeyRows.validate(execution, table, key, edit.table(key.parentTableId()));
            }
        }
        for (ForeignKey key : edit.now().referencing(tableId)) {
            if (key.parentColumnIds().contains(columnId)) {
                ForeignKeyRows.validate(execution, edit.table(key.childTableId()), key, table);
            }
        }
    }

    private void addIdentity(Column column, DefinitionPlan.AddIdentity a) {
        Table table = table();
        if (column.identity().isPresent() || column.defaultText().isPresent() || !column.notNull()) {
            throw new SqlException(
                    SqlState.OBJECT_NOT_IN_STATE,
                    "column \"" + column.name() + "\" of table \"" + table.name()
                            + "\" must be NOT NULL, without a default and not yet an identity column");
        }
        Column.Identity identity =
                TableCreation.identity(edit, table.schema(), table.name(), tableId, column.name(), a.identity());
        change(column.id(), c -> c.withIdentity(Optional.of(identity)));
    }

    private void alterIdentity(Column column, DefinitionPlan.AlterIdentity a) {
        int sequenceId = column.identity().orElseThrow().sequenceId();
        Sequence sequence = edit.now().sequence(sequenceId).orElseThrow();
        SequenceChange.change(edit, sequence, a.spec(), sequence.ownerTableId(), a.restart());
        a.always()
                .ifPresent(always ->
                        change(column.id(), c -> c.withIdentity(Optional.of(new Column.Identity(always, sequenceId)))));
    }

    private void renameConstraint(String from, String to) {
        Table table = table();
        if (table.hasConstraint(to)) {
            throw new SqlException(
                    SqlState.DUPLICATE_OBJECT,
                    "table \"" + table.name() + "\" already has a constraint \"" + to + "\"");
        }
        Optional<Index> index = table.index(from).filter(Index::constraint);
        TableChange change = table.change();
        if (index.isPresent()) {
            edit.requireFree(table.schema(), to, "index");
            if (index.get().id() == table.primary().id()) {
                change.primary(index.get().withName(to));
            } else {
                change.index(index.get().withName(to));
            }
        }
        change.foreignKeys(k -> k.name().equals(from) ? k.withName(to) : k);
        change.checks(k -> k.name().equals(from) ? k.withName(to) : k);
        edit.put(change.build());
    }
}

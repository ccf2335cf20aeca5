// A table.
package org.mosslsm.sql.catalog;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * A table: immutable; changed by {@link TableChange}.
 *
 * @param id number, unique in the database
 * @param schema its schema
 * @param name unique among the schema's tables, views, indexes and sequences
 * @param columns what SQL sees, in order
 * @param nextColumnId number of the next column to be added
 * @param primary the primary index, whose entries are the rows: the primary key, or the hidden row id where there is
 *     none
 * @param indexes the other indexes, by ascending number
 * @param foreignKeys what its rows refer to
 * @param checks its checks
 * @param rowVersions all layouts its rows may have, ascending; new rows have the last
 * @param comment remark of COMMENT ON, if there is one
 */
public record Table(
        int id,
        String schema,
        String name,
        List<Column> columns,
        int nextColumnId,
        Index primary,
        List<Index> indexes,
        List<ForeignKey> foreignKeys,
        List<CheckConstraint> checks,
        List<RowVersion> rowVersions,
        Optional<String> comment) {
    /** Freezes the lists and checks that the primary index fits the columns. */
    public Table {
        Objects.requireNonNull(schema, "schema");
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(comment, "comment");
        columns = List.copyOf(columns);
        indexes = indexes.stream().sorted(Comparator.comparingInt(Index::id)).toList();
        foreignKeys = List.copyOf(foreignKeys);
        checks = List.copyOf(checks);
        rowVersions = List.copyOf(rowVersions);
        if (!primary.unique()) {
            throw new IllegalArgumentException("primary index of " + name + " is not unique");
        }
    }

    /** Whether rows are identified by a hidden row id, because there is no primary key. */
    public boolean hasRowId() {
        return primary.keys().get(0).columnId() == Column.ROW_ID;
    }

    /** The PRIMARY KEY, if there is one. */
    public Optional<Index> primaryKey() {
        return hasRowId() ? Optional.empty() : Optional.of(primary);
    }

    /**
     * The columns of its rows as scans deliver them: what SQL sees, then the hidden row id where there is one. {@code
     * ordinal} in this class is a position in this list.
     */
    public List<Column> rowColumns() {
        if (!hasRowId()) {
            return columns;
        }
        List<Column> all = new ArrayList<>(columns);
        all.add(Column.HIDDEN_ROW_ID);
        return List.copyOf(all);
    }

    /** The primary index and the others. */
    public List<Index> allIndexes() {
        List<Index> all = new ArrayList<>(indexes.size() + 1);
        all.add(primary);
        all.addAll(indexes);
        return all;
    }

    /** The column of that name. */
    public Optional<Column> column(String columnName) {
        return columns.stream().filter(c -> c.name().equals(columnName)).findFirst();
    }

    /** The column of that number, the hidden row id included. */
    public Column column(int columnId) {
        return rowColumns().get(ordinal(columnId));
    }

    /**
     * Position of the column of that number.
     *
     * @throws IllegalArgumentException where there is none
     */
    public int ordinal(int columnId) {
        if (columnId == Column.ROW_ID && hasRowId()) {
            return columns.size();
        }
        for (int i = 0; i < columns.size(); i++) {
            if (columns.get(i).id() == columnId) {
                return i;
            }
        }
        throw new IllegalArgumentException("table " + name + " has no column number " + columnId);
    }

    /** Positions of the columns of these numbers. */
    public int[] ordinals(List<Integer> columnIds) {
        return columnIds.stream().mapToInt(this::ordinal).toArray();
    }

    /** Names of the columns of these numbers. */
    public List<String> names(List<Integer> columnIds) {
        return columnIds.stream().map(c -> column(c).name()).toList();
    }

    /** The index of that number. */
    public Optional<Index> index(int indexId) {
        return allIndexes().stream().filter(i -> i.id() == indexId).findFirst();
    }

    /** The index of that name, the primary key's included. */
    public Optional<Index> index(String indexName) {
        return allIndexes().stream().filter(i -> i.name().equals(indexName)).findFirst();
    }

    /** The layout of new rows. */
    public RowVersion rowVersion() {
        return rowVersions.get(rowVersions.size() - 1);
    }

    /** Whether it has a constraint of that name. */
    public boolean hasConstraint(String constraintName) {
        return allIndexes().stream().anyMatch(i -> i.constraint() && i.name().equals(constraintName))
                || foreignKeys.stream().anyMatch(f -> f.name().equals(constraintName))
                || checks.stream().anyMatch(c -> c.name().equals(constraintName));
    }

    /** Name with schema, for messages. */
    public String qualifiedName() {
        return schema + "." + name;
    }

    /** Starts a changed copy. */
    public TableChange change() {
        return new TableChange(this);
    }
}

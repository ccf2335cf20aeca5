// How a table is made from another.
package org.mosslsm.sql.catalog;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.mosslsm.sql.type.SqlType;

/**
 * Builds a changed copy of a table; {@link #build} adds a row version where the stored columns became others. Not
 * thread-safe.
 */
public final class TableChange {
    private final int id;
    private String schema;
    private String name;
    private List<Column> columns;
    private int nextColumnId;
    private Index primary;
    private List<Index> indexes;
    private List<ForeignKey> foreignKeys;
    private List<CheckConstraint> checks;
    private List<RowVersion> rowVersions;
    private Optional<String> comment;

    TableChange(Table table) {
        this.id = table.id();
        this.schema = table.schema();
        this.name = table.name();
        this.columns = new ArrayList<>(table.columns());
        this.nextColumnId = table.nextColumnId();
        this.primary = table.primary();
        this.indexes = new ArrayList<>(table.indexes());
        this.foreignKeys = new ArrayList<>(table.foreignKeys());
        this.checks = new ArrayList<>(table.checks());
        this.rowVersions = new ArrayList<>(table.rowVersions());
        this.comment = table.comment();
    }

    private TableChange(int id, String schema, String name) {
        this.id = id;
        this.schema = schema;
        this.name = name;
        this.columns = new ArrayList<>();
        this.nextColumnId = 1;
        this.indexes = new ArrayList<>();
        this.foreignKeys = new ArrayList<>();
        this.checks = new ArrayList<>();
        this.rowVersions = new ArrayList<>();
        this.comment = Optional.empty();
    }

    /** Starts a new table. */
    public static TableChange create(int id, String schema, String name) {
        return new TableChange(id, schema, name);
    }

    /** Names it. */
    public TableChange name(String newName) {
        this.name = newName;
        return this;
    }

    /** Puts it into another schema. */
    public TableChange schema(String newSchema) {
        this.schema = newSchema;
        return this;
    }

    /** Sets or clears the comment. */
    public TableChange comment(Optional<String> newComment) {
        this.comment = newComment;
        return this;
    }

    /** Appends a column under the next number, whatever number it came with; returns it. */
    public Column addColumn(Column column) {
        Column added = new Column(
                nextColumnId++,
                column.name(),
                column.type(),
                column.notNull(),
                column.defaultText(),
                column.identity(),
                column.missingValue(),
                column.comment());
        columns.add(added);
        return added;
    }

    /**
     * Number of the column of that name.
     *
     * @throws IllegalArgumentException where there is none
     */
    public int columnId(String columnName) {
        return columns.stream()
                .filter(c -> c.name().equals(columnName))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no column " + columnName))
                .id();
    }

    /** Replaces the column of that number by what the function makes of it. */
    public TableChange column(int columnId, UnaryOperator<Column> change) {
        columns.replaceAll(c -> c.id() == columnId ? change.apply(c) : c);
        return this;
    }

    /** Removes a column. */
    public TableChange dropColumn(int columnId) {
        columns.removeIf(c -> c.id() == columnId);
        return this;
    }

    /** Sets the primary index. */
    public TableChange primary(Index index) {
        this.primary = index;
        return this;
    }

    /** Forgets the layouts of the past, because all rows are written anew. */
    public TableChange rewritten() {
        this.rowVersions = new ArrayList<>(rowVersions.subList(rowVersions.size() - 1, rowVersions.size()));
        columns.replaceAll(c -> c.withMissingValue(null));
        return this;
    }

    /** Adds an index, or replaces the one of its number. */
    public TableChange index(Index index) {
        indexes.removeIf(i -> i.id() == index.id());
        indexes.add(index);
        return this;
    }

    /** Removes an index. */
    public TableChange dropIndex(int indexId) {
        indexes.removeIf(i -> i.id() == indexId);
        return this;
    }

    /** Replaces all secondary indexes by what the function makes of them. */
    public TableChange indexes(UnaryOperator<Index> change) {
        indexes.replaceAll(change);
        return this;
    }

    /** Adds a foreign key. */
    public TableChange foreignKey(ForeignKey key) {
        foreignKeys.add(key);
        return this;
    }

    /** Replaces all foreign keys by what the function makes of them. */
    public TableChange foreignKeys(UnaryOperator<ForeignKey> change) {
        foreignKeys.replaceAll(change);
        return this;
    }

    /** Removes a foreign key. */
    public TableChange dropForeignKey(String keyName) {
        foreignKeys.removeIf(f -> f.name().equals(keyName));
        return this;
    }

    /** Adds a check. */
    public TableChange check(CheckConstraint check) {
        checks.add(check);
        return this;
    }

    /** Replaces all checks by what the function makes of them. */
    public TableChange checks(UnaryOperator<CheckConstraint> change) {
        checks.replaceAll(change);
        return this;
    }

    /** Removes a check. */
    public TableChange dropCheck(String checkName) {
        checks.removeIf(c -> c.name().equals(checkName));
        return this;
    }

    /** The changed table. */
    public Table build() {
        List<RowVersion.Stored> stored = columns.stream()
                .filter(this::isStored)
                .sorted((a, b) -> Integer.compare(a.id(), b.id()))
                .map(c -> new RowVersion.Stored(c.id(), c.type()))
                .toList();
        int last = rowVersions.size() - 1;
        if (last < 0 || !rowVersions.get(last).columns().equals(stored)) {
            int number = last < 0 ? 1 : rowVersions.get(last).number() + 1;
            rowVersions.add(new RowVersion(number, stored));
        }
        return new Table(
                id, schema, name, columns, nextColumnId, primary, indexes, foreignKeys, checks, rowVersions, comment);
    }

    /** Key columns are read from the key, unless the key forgets something: a DECIMAL without a scale loses its zeros. */
    private boolean isStored(Column column) {
        return !primary.hasKey(column.id())
                || (column.type().kind() == SqlType.Kind.DECIMAL
                        && column.type().precision() == 0);
    }
}

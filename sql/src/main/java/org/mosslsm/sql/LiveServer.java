// What functions are told of an open database.
package org.mosslsm.sql;

import java.util.List;
import java.util.Optional;
import org.mosslsm.sql.catalog.Index;
import org.mosslsm.sql.catalog.NameText;
import org.mosslsm.sql.catalog.Table;
import org.mosslsm.sql.error.SqlException;
import org.mosslsm.sql.error.SqlState;
import org.mosslsm.sql.expr.ServerInformation;

/** Answers for one statement, against the catalog it was planned with. Used under the session's lock. */
final class LiveServer implements ServerInformation {
    private final Database database;
    private final long sessionNumber;
    private final SessionTransaction transaction;
    private final TextNames names;

    LiveServer(Database database, long sessionNumber, SessionTransaction transaction, TextNames names) {
        this.database = database;
        this.sessionNumber = sessionNumber;
        this.transaction = transaction;
        this.names = names;
    }

    @Override
    public long sessionNumber() {
        return sessionNumber;
    }

    @Override
    public long transactionNumber() {
        if (!hasTransactionNumber()) {
            transaction.number = database.nextTransactionNumber();
        }
        return transaction.number;
    }

    @Override
    public boolean hasTransactionNumber() {
        return transaction.number != 0;
    }

    @Override
    public String relation(String name) {
        List<String> parts = TextNames.parts(name);
        String last = parts.get(parts.size() - 1);
        Optional<String> schema =
                names.found(parts, (s, n) -> names.catalog().isTaken(s, n) ? Optional.of(s) : Optional.empty());
        return schema.map(s -> names.catalog()
                                .firstWith(names.path(), last)
                                .filter(s::equals)
                                .isPresent()
                        ? NameText.quoted(last)
                        : NameText.quoted(s) + "." + NameText.quoted(last))
                .orElse(null);
    }

    @Override
    public boolean hasSchema(String name) {
        return names.catalog().hasSchema(name) || name.equals("information_schema");
    }

    @Override
    public void requireColumn(String table, String column) {
        Optional<Table> found = names.found(TextNames.parts(table), names.catalog()::table);
        boolean there = found.map(t -> t.column(column).isPresent())
                .orElseGet(() -> names.resolve(table, "relation", names.catalog()::view)
                        .columns()
                        .contains(column));
        if (!there) {
            throw new SqlException(
                    SqlState.UNDEFINED_COLUMN, "column \"" + column + "\" of \"" + table + "\" does not exist");
        }
    }

    @Override
    public long bytes(String relation, Part part) {
        List<String> parts = TextNames.parts(relation);
        Optional<Table> table = names.found(parts, names.catalog()::table);
        StoreStatistics statistics = database.statistics();
        if (table.isPresent()) {
            long rows = part == Part.INDEXES ? 0 : statistics.bytes(table.get());
            long indexes = 0;
            for (Index index :
                    part == Part.ROWS ? List.<Index>of() : table.get().indexes()) {
                if (index.id() != table.get().primary().id()) {
                    indexes += statistics.bytes(table.get(), index);
                }
            }
            return rows + indexes;
        }
        return names.resolve(relation, "relation", (s, n) -> indexBytes(s, n, part));
    }

    /** Of an index; of a view or a sequence, which take none of their own. */
    private Optional<Long> indexBytes(String schema, String name, Part part) {
        Optional<Table> table = names.catalog().tableOfIndex(schema, name);
        if (table.isPresent()) {
            Index index = names.catalog().index(schema, name).orElseThrow();
            return Optional.of(part == Part.INDEXES ? 0 : database.statistics().bytes(table.get(), index));
        }
        return names.catalog().isTaken(schema, name) ? Optional.of(0L) : Optional.empty();
    }

    @Override
    public long bytes() {
        return database.statistics().bytes();
    }
}

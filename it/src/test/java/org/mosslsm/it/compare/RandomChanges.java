package org.mosslsm.it.compare;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.StringJoiner;
import org.mosslsm.it.compare.Script.Step;
import org.mosslsm.it.compare.TableShape.Column;

/**
 * Draws INSERT, UPDATE and DELETE in all their forms, and the same in the words that H2 has for it: MERGE for ON CONFLICT DO
 * UPDATE, subqueries for UPDATE FROM and DELETE USING, a query of the changed rows for RETURNING. None depends on the order
 * in which an engine meets rows. Not thread-safe.
 */
final class RandomChanges {
    private final Random random;
    private final RandomSql sql;

    RandomChanges(Random random, RandomSql sql) {
        this.random = random;
        this.sql = sql;
    }

    /** A change for both, before RETURNING is added. */
    private record Change(TableShape table, String sql, String other) {
        static Change same(TableShape table, String sql) {
            return new Change(table, sql, sql);
        }
    }

    /** A change, some of which answer the rows they changed. */
    Step change() {
        TableShape table = sql.anyTable();
        return switch (random.nextInt(12)) {
            case 0, 1, 2 -> step(insert(table), "FINAL");
            case 3 -> step(insertIgnoring(table), "FINAL");
            case 4 -> step(upsert(table), "FINAL");
            case 5 -> step(insertSelect(table), "FINAL");
            case 6, 7, 8 -> step(update(table), "FINAL");
            case 9 -> step(updateFrom(table), "FINAL");
            case 10 -> step(delete(table), "OLD");
            default -> step(deleteUsing(table), "OLD");
        };
    }

    private Step step(Change change, String rows) {
        if (random.nextInt(3) > 0) {
            return Step.of(Script.Kind.CHANGE, change.sql, change.other);
        }
        TableShape table = change.table;
        StringJoiner items = new StringJoiner(", ");
        for (Column column : table.columns()) {
            items.add(table.name() + "." + column.name());
        }
        items.add(sql.number(table, table.name() + ".", 1));
        return Step.of(
                Script.Kind.RETURNING,
                change.sql + " RETURNING " + items,
                "SELECT " + items + " FROM " + rows + " TABLE (" + change.other + ") " + table.name());
    }

    private Change insert(TableShape table) {
        List<Column> columns = someColumns(table);
        StringJoiner rows = new StringJoiner(", ");
        for (int n = random.nextInt(5); n >= 0; n--) {
            rows.add(row(columns, 300));
        }
        return Change.same(table, "INSERT INTO " + table.name() + names(columns) + " VALUES " + rows);
    }

    /** Rows whose keys may be those of others, within the statement too. */
    private Change insertIgnoring(TableShape table) {
        Change insert = insert(table);
        return Change.same(table, insert.sql + " ON CONFLICT DO NOTHING");
    }

    private List<Column> someColumns(TableShape table) {
        List<Column> columns = new ArrayList<>(table.columns());
        if (random.nextInt(3) == 0) {
            columns.removeIf(c -> !c.notNull() && random.nextBoolean());
        }
        return columns;
    }

    private static String names(List<Column> columns) {
        StringJoiner names = new StringJoiner(", ", " (", ")");
        columns.forEach(c -> names.add(c.name()));
        return names.toString();
    }

    /** @param rarely one in how many values of NOT NULL columns is a NULL all the same; 0 is none */
    private String row(List<Column> columns, int rarely) {
        StringJoiner row = new StringJoiner(", ", "(", ")");
        for (Column column : columns) {
            row.add(value(column, rarely));
        }
        return row.toString();
    }

    private String value(Column column, int rarely) {
        int oneIn = column.notNull() ? rarely : 6;
        return oneIn > 0 && random.nextInt(oneIn) == 0 ? "NULL" : sql.literal(column.kind());
    }

    /**
     * Rows of different keys, none of them with a NULL that it may not have: PostgreSQL looks for that before it looks for a
     * conflict, MERGE after it.
     */
    private Change upsert(TableShape table) {
        List<Column> columns = table.columns();
        Map<String, String> rows = new LinkedHashMap<>();
        StringJoiner typed = new StringJoiner(", ");
        for (int n = random.nextInt(4); n >= 0; n--) {
            StringJoiner row = new StringJoiner(", ", "(", ")");
            StringJoiner casts = new StringJoiner(", ", "(", ")");
            String key = "";
            for (Column column : columns) {
                String value = value(column, 0);
                key = column.name().equals("k0") ? value : key;
                row.add(value);
                casts.add("CAST(" + value + " AS " + column.kind().sql + ")");
            }
            if (rows.putIfAbsent(key, row.toString()) == null) {
                typed.add(casts.toString());
            }
        }
        List<Column> others = new ArrayList<>(columns.subList(table.keyColumns(), columns.size()));
        Collections.shuffle(others, random);
        StringJoiner sets = new StringJoiner(", ");
        for (Column column : others.subList(0, 1 + random.nextInt(2))) {
            String excluded = "excluded." + column.name();
            String own = table.name() + "." + column.name();
            sets.add(column.name() + " = "
                    + (random.nextInt(3) == 0
                            ? excluded
                            : column.kind().isNumber() && random.nextBoolean()
                                    ? "COALESCE(" + own + ", 0) + 1"
                                    : "COALESCE(" + own + ", " + excluded + ")"));
        }
        String where = random.nextBoolean() ? "" : sql.predicate(table, table.name() + ".", 1);
        if (!where.isEmpty() && random.nextBoolean()) {
            where = RandomSql.and(where, table.name() + ".c0 IS DISTINCT FROM excluded.c0");
        }
        StringJoiner on = new StringJoiner(" AND ");
        StringJoiner values = new StringJoiner(", ", "(", ")");
        columns.forEach(c -> values.add("excluded." + c.name()));
        columns.subList(0, table.keyColumns())
                .forEach(c -> on.add(table.name() + "." + c.name() + " = excluded." + c.name()));
        String names = names(columns);
        return new Change(
                table,
                "INSERT INTO " + table.name() + names + " VALUES " + String.join(", ", rows.values())
                        + " ON CONFLICT (" + table.keyList("") + ") DO UPDATE SET " + sets
                        + (where.isEmpty() ? "" : " WHERE " + where),
                "MERGE INTO " + table.name() + " USING (VALUES " + typed + ") AS excluded" + names + " ON (" + on
                        + ") WHEN MATCHED" + (where.isEmpty() ? "" : " AND " + where) + " THEN UPDATE SET " + sets
                        + " WHEN NOT MATCHED THEN INSERT" + names + " VALUES " + values);
    }

    private Change insertSelect(TableShape table) {
        TableShape from = sql.anyTable();
        StringJoiner items = new StringJoiner(", ");
        for (Column column : table.columns()) {
            List<Column> fitting = from.columns().stream()
                    .filter(c -> c.kind() == column.kind())
                    .toList();
            if (fitting.isEmpty() || random.nextInt(4) == 0) {
                items.add(sql.literal(column.kind()));
            } else {
                Column source = fitting.get(random.nextInt(fitting.size()));
                boolean moved = column.kind().isNumber() && random.nextBoolean();
                String name = "q." + source.name() + (moved ? " + " + random.nextInt(30) : "");
                items.add(column.notNull() ? "COALESCE(" + name + ", " + sql.literal(column.kind()) + ")" : name);
            }
        }
        String conflict = random.nextBoolean() ? "" : " ON CONFLICT DO NOTHING";
        // Which of two rows with one key is left depends on their order: with a conflict clause there is one at the
        // most.
        StringJoiner one = new StringJoiner(" AND ");
        from.columns()
                .subList(0, from.keyColumns())
                .forEach(c -> one.add("q." + c.name() + " = " + sql.literal(c.kind())));
        String where = conflict.isEmpty() ? sql.predicate(from, "q.", 1) : one.toString();
        return Change.same(
                table,
                "INSERT INTO " + table.name() + names(table.columns()) + " SELECT " + items + " FROM " + from.name()
                        + " q WHERE " + where + conflict);
    }

    private Change update(TableShape table) {
        StringJoiner sets = new StringJoiner(", ");
        List<Column> columns = new ArrayList<>(table.columns());
        Collections.shuffle(columns, random);
        for (Column column : columns.subList(0, 1 + random.nextInt(2))) {
            boolean isNull = random.nextInt(column.notNull() ? 200 : 8) == 0;
            sets.add(column.name() + " = " + (isNull ? "NULL" : newValue(column)));
        }
        return Change.same(table, "UPDATE " + table.name() + " SET " + sets + " WHERE " + condition(table, ""));
    }

    private String condition(TableShape table, String alias) {
        return RandomSql.and(sql.keyPredicate(table, alias), sql.predicate(table, alias, 1));
    }

    private String newValue(Column column) {
        boolean computed = column.kind().isNumber() && random.nextBoolean();
        return computed
                ? column.name() + (random.nextBoolean() ? " + " : " - ") + random.nextInt(5)
                : sql.literal(column.kind());
    }

    /** From a group for each value, so that no row meets two. */
    private Change updateFrom(TableShape table) {
        TableShape from = sql.anyTable();
        String source =
                "(SELECT c0 AS g, MAX(" + from.anyNumber(random).name() + ") AS m, COUNT(*) AS n, MIN(c1) AS s FROM "
                        + from.name() + " WHERE " + sql.predicate(from, "", 1) + " GROUP BY c0) o";
        String join = RandomSql.and("o.g = " + table.name() + ".c0", condition(table, table.name() + "."));
        boolean text = random.nextInt(3) == 0;
        String column = text ? "c1" : "c0";
        String value = text
                ? "o.s"
                : new String[] {"CAST(o.n AS INTEGER)", table.name() + ".c0 + 1", "o.g - 1"}[random.nextInt(3)];
        if (random.nextInt(3) == 0) {
            join = RandomSql.and(join, "o.m >= " + random.nextInt(20));
        }
        return new Change(
                table,
                "UPDATE " + table.name() + " SET " + column + " = " + value + " FROM " + source + " WHERE " + join,
                "UPDATE " + table.name() + " SET " + column + " = (SELECT " + value + " FROM " + source + " WHERE "
                        + join + ") WHERE EXISTS (SELECT 1 FROM " + source + " WHERE " + join + ")");
    }

    private Change delete(TableShape table) {
        return Change.same(table, "DELETE FROM " + table.name() + " WHERE " + condition(table, ""));
    }

    private Change deleteUsing(TableShape table) {
        TableShape other = sql.anyTable();
        String join = RandomSql.and(
                "o.c0 = " + table.name() + "."
                        + (random.nextBoolean() ? "c0" : table.anyNumber(random).name()),
                sql.predicate(other, "o.", 1));
        join = RandomSql.and(join, condition(table, table.name() + "."));
        return new Change(
                table,
                "DELETE FROM " + table.name() + " USING " + other.name() + " o WHERE " + join,
                "DELETE FROM " + table.name() + " WHERE EXISTS (SELECT 1 FROM " + other.name() + " o WHERE " + join
                        + ")");
    }
}

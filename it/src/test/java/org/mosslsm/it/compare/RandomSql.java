package org.mosslsm.it.compare;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.StringJoiner;
import org.mosslsm.it.compare.TableShape.Column;
import org.mosslsm.it.compare.TableShape.Kind;

/**
 * Draws statements that mean the same to every engine that follows the standard: no overflow, no division by what may be
 * zero, no order that is not total, no type left open.
 */
final class RandomSql {
    private final Random random;
    private final List<TableShape> tables;

    RandomSql(Random random, List<TableShape> tables) {
        this.random = random;
        this.tables = tables;
    }

    /** An INSERT, UPDATE or DELETE. */
    String change() {
        TableShape table = anyTable();
        return switch (random.nextInt(6)) {
            case 0, 1, 2 -> insert(table);
            case 3, 4 -> update(table);
            default ->
                "DELETE FROM " + table.name() + " WHERE " + and(keyPredicate(table, ""), predicate(table, "", 1));
        };
    }

    private String insert(TableShape table) {
        StringJoiner names = new StringJoiner(", ", "(", ")");
        List<Column> columns = new ArrayList<>(table.columns());
        if (random.nextInt(3) == 0) {
            columns.removeIf(c -> !c.notNull() && random.nextBoolean());
        }
        columns.forEach(c -> names.add(c.name()));
        StringJoiner rows = new StringJoiner(", ");
        for (int n = random.nextInt(5); n >= 0; n--) {
            StringJoiner row = new StringJoiner(", ", "(", ")");
            for (Column column : columns) {
                boolean isNull = random.nextInt(column.notNull() ? 300 : 6) == 0;
                row.add(isNull ? "NULL" : literal(column.kind()));
            }
            rows.add(row.toString());
        }
        return "INSERT INTO " + table.name() + " " + names + " VALUES " + rows;
    }

    private String update(TableShape table) {
        StringJoiner sets = new StringJoiner(", ");
        List<Column> columns = new ArrayList<>(table.columns());
        java.util.Collections.shuffle(columns, random);
        for (Column column : columns.subList(0, 1 + random.nextInt(2))) {
            boolean isNull = random.nextInt(column.notNull() ? 200 : 8) == 0;
            sets.add(column.name() + " = " + (isNull ? "NULL" : newValue(column)));
        }
        return "UPDATE " + table.name() + " SET " + sets + " WHERE "
                + and(keyPredicate(table, ""), predicate(table, "", 1));
    }

    private String newValue(Column column) {
        boolean computed = column.kind().isNumber() && random.nextBoolean();
        return computed
                ? column.name() + (random.nextBoolean() ? " + " : " - ") + random.nextInt(5)
                : literal(column.kind());
    }

    /** A query, and whether its order is total. */
    record Query(String sql, boolean ordered) {}

    Query query() {
        return switch (random.nextInt(8)) {
            case 0, 1 -> select();
            case 2 -> ordered();
            case 3 -> join();
            case 4, 5 -> aggregate();
            case 6 -> subquery();
            default -> setOperation();
        };
    }

    /** All rows of a table, in the order of its key or reversed. */
    Query everything(TableShape table) {
        String suffix = random.nextBoolean() ? "" : " DESC";
        return new Query("SELECT * FROM " + table.name() + " ORDER BY " + table.keyList(suffix), true);
    }

    private Query select() {
        TableShape table = anyTable();
        String distinct = random.nextInt(4) == 0 ? "DISTINCT " : "";
        StringJoiner items = new StringJoiner(", ");
        for (int n = random.nextInt(3); n >= 0; n--) {
            items.add(random.nextBoolean() ? table.anyColumn(random).name() : number(table, "", 2));
        }
        return new Query(
                "SELECT " + distinct + items + " FROM " + table.name() + " WHERE " + predicate(table, "", 2), false);
    }

    private Query ordered() {
        TableShape table = anyTable();
        Column by = table.anyColumn(random);
        String order = by.name() + (random.nextBoolean() ? "" : " DESC") + ", "
                + table.keyList(random.nextBoolean() ? "" : " DESC");
        String limit = random.nextBoolean() ? "" : " LIMIT " + random.nextInt(6);
        String offset = limit.isEmpty() || random.nextBoolean() ? "" : " OFFSET " + random.nextInt(4);
        return new Query(
                "SELECT * FROM " + table.name() + " WHERE " + and(keyPredicate(table, ""), predicate(table, "", 1))
                        + " ORDER BY " + order + limit + offset,
                true);
    }

    private Query join() {
        TableShape left = anyTable();
        TableShape right = anyTable();
        String kind = random.nextBoolean() ? "JOIN" : "LEFT JOIN";
        Column a = left.anyNumber(random);
        Column b = right.anyNumber(random);
        String on = "a." + a.name() + " = b." + b.name();
        if (random.nextInt(3) == 0) {
            on = and(on, predicate(right, "b.", 1));
        }
        return new Query(
                "SELECT a." + left.anyColumn(random).name() + ", b."
                        + right.anyColumn(random).name() + ", a.k0, b.k0 FROM "
                        + left.name() + " a " + kind + " " + right.name() + " b ON " + on + " WHERE "
                        + predicate(left, "a.", 1),
                false);
    }

    private Query aggregate() {
        // The average of exact numbers has as many digits as an engine likes; that of doubles is one.
        TableShape table = anyTable();
        Column value = table.anyNumber(random);
        Column any = table.anyColumn(random);
        String aggregates = "COUNT(*), COUNT(" + any.name() + "), SUM(" + value.name() + "), MIN(" + any(table)
                + "), MAX(" + any(table) + "), AVG(CAST(" + value.name() + " AS DOUBLE PRECISION)), COUNT(DISTINCT "
                + any.name() + ")";
        if (random.nextInt(3) == 0) {
            return new Query(
                    "SELECT " + aggregates + " FROM " + table.name() + " WHERE " + predicate(table, "", 2), false);
        }
        String by = table.anyColumn(random).name();
        String having = random.nextBoolean() ? "" : " HAVING COUNT(*) > " + random.nextInt(3);
        return new Query(
                "SELECT " + by + ", " + aggregates + " FROM " + table.name() + " WHERE " + predicate(table, "", 1)
                        + " GROUP BY " + by + having,
                false);
    }

    private String any(TableShape table) {
        List<Column> comparable =
                table.columns().stream().filter(c -> c.kind().hasExtremes()).toList();
        return comparable.get(random.nextInt(comparable.size())).name();
    }

    private Query subquery() {
        TableShape outer = anyTable();
        TableShape inner = anyTable();
        // Of one kind: H2 2.4 gives a row twice for an indexed INTEGER IN (values of DOUBLE).
        Column a = outer.columns().get(outer.keyColumns());
        Column b = inner.columns().get(inner.keyColumns());
        String not = random.nextInt(3) == 0 ? "NOT " : "";
        String condition =
                switch (random.nextInt(3)) {
                    case 0 ->
                        "o." + a.name() + " " + not + "IN (SELECT i." + b.name() + " FROM " + inner.name() + " i WHERE "
                                + predicate(inner, "i.", 1) + ")";
                    case 1 ->
                        not + "EXISTS (SELECT 1 FROM " + inner.name() + " i WHERE i." + b.name() + " = o." + a.name()
                                + " AND " + predicate(inner, "i.", 1) + ")";
                    default ->
                        "o." + a.name() + " < (SELECT MAX(i." + b.name() + ") FROM " + inner.name() + " i WHERE "
                                + predicate(inner, "i.", 1) + ")";
                };
        return new Query(
                "SELECT o.k0, o." + a.name() + " FROM " + outer.name() + " o WHERE "
                        + and(condition, predicate(outer, "o.", 1)),
                false);
    }

    private Query setOperation() {
        TableShape one = anyTable();
        TableShape two = anyTable();
        String[] operations = {"UNION", "UNION ALL", "EXCEPT", "INTERSECT"};
        return new Query(
                "SELECT c0 FROM " + one.name() + " WHERE " + predicate(one, "", 1) + " "
                        + operations[random.nextInt(operations.length)] + " SELECT c0 FROM " + two.name() + " WHERE "
                        + predicate(two, "", 1),
                false);
    }

    /** A condition on the first key column, which every engine should turn into a range. */
    private String keyPredicate(TableShape table, String alias) {
        Column key = table.columns().get(0);
        String name = alias + key.name();
        return switch (random.nextInt(5)) {
            case 0 -> name + " = " + literal(key.kind());
            case 1 -> name + " BETWEEN " + literal(key.kind()) + " AND " + literal(key.kind());
            case 2 -> name + " > " + literal(key.kind()) + " AND " + name + " <= " + literal(key.kind());
            case 3 ->
                name + " IN (" + literal(key.kind()) + ", " + literal(key.kind()) + ", " + literal(key.kind()) + ")";
            default -> name + " < " + literal(key.kind()) + " OR " + name + " >= " + literal(key.kind());
        };
    }

    private String predicate(TableShape table, String alias, int depth) {
        if (depth > 0) {
            switch (random.nextInt(6)) {
                case 0 -> {
                    return and(predicate(table, alias, depth - 1), predicate(table, alias, depth - 1));
                }
                case 1 -> {
                    return "(" + predicate(table, alias, depth - 1) + " OR " + predicate(table, alias, depth - 1) + ")";
                }
                case 2 -> {
                    return "NOT (" + predicate(table, alias, depth - 1) + ")";
                }
                default -> {
                    // a simple one
                }
            }
        }
        Column column = table.anyColumn(random);
        String name = alias + column.name();
        return switch (random.nextInt(7)) {
            case 0 -> name + (random.nextBoolean() ? " IS NULL" : " IS NOT NULL");
            case 1 -> name + " BETWEEN " + literal(column.kind()) + " AND " + literal(column.kind());
            case 2 -> name + " IN (" + literal(column.kind()) + ", " + literal(column.kind()) + ")";
            case 3 -> alias + "c1 LIKE '" + "ab%_".charAt(random.nextInt(4)) + (random.nextBoolean() ? "%'" : "_'");
            case 4 -> number(table, alias, 1) + comparison() + number(table, alias, 1);
            default -> name + comparison() + literal(column.kind());
        };
    }

    private String comparison() {
        String[] operators = {" = ", " <> ", " < ", " <= ", " > ", " >= "};
        return operators[random.nextInt(operators.length)];
    }

    private String number(TableShape table, String alias, int depth) {
        String leaf = random.nextInt(3) == 0
                ? String.valueOf(random.nextInt(40))
                : alias + table.anyNumber(random).name();
        if (depth == 0) {
            return leaf;
        }
        String other = number(table, alias, depth - 1);
        return switch (random.nextInt(8)) {
            case 0 -> "(" + leaf + " + " + other + ")";
            case 1 -> "(" + leaf + " - " + other + ")";
            case 2 -> "(" + leaf + " * 2)";
            case 3 -> "COALESCE(" + leaf + ", " + other + ")";
            case 4 -> "CASE WHEN " + predicate(table, alias, 0) + " THEN " + leaf + " ELSE " + other + " END";
            case 5 -> "ABS(" + other + ")";
            case 6 -> "(" + alias + "c0 / " + (1 + random.nextInt(5)) + ")";
            default -> leaf;
        };
    }

    private String literal(Kind kind) {
        return switch (kind) {
            case INTEGER, BIGINT -> String.valueOf(random.nextInt(60) - 10);
            case DECIMAL -> (random.nextInt(40) - 5) + "." + (10 + random.nextInt(90));
            case DOUBLE -> (random.nextInt(40) - 5) + "." + new String[] {"0", "25", "5", "75"}[random.nextInt(4)];
            case TEXT, CHAR -> "'" + text() + "'";
            case BINARY -> String.format("X'%02x%02x'", 127 * random.nextInt(3), 85 * random.nextInt(4));
            case VARBINARY -> "X'" + "00ff7f80".substring(0, 2 * random.nextInt(5)) + "'";
            case BOOLEAN -> random.nextBoolean() ? "TRUE" : "FALSE";
            case DATE -> String.format("DATE '2024-%02d-%02d'", 1 + random.nextInt(12), 1 + random.nextInt(28));
            case TIMESTAMP ->
                String.format(
                        "TIMESTAMP '2024-%02d-%02d %02d:%02d:00'",
                        1 + random.nextInt(12), 1 + random.nextInt(3), random.nextInt(24), random.nextInt(60));
            case TIMESTAMP_TZ -> {
                // Equal instants have equal offsets: H2 tells those of others apart.
                int hour = random.nextInt(24);
                yield String.format(
                        "TIMESTAMP WITH TIME ZONE '2024-03-%02d %02d:30:00+%02d:00'",
                        1 + random.nextInt(3), hour, hour % 3);
            }
            case TIME -> String.format("TIME '%02d:%02d:00'", random.nextInt(24), 15 * random.nextInt(4));
            case REAL -> "CAST(" + (random.nextInt(40) - 5) + "." + (random.nextBoolean() ? "5" : "25") + " AS REAL)";
            case UUID ->
                String.format(
                        "CAST('%08x-0000-4000-8000-0000000000%02x' AS UUID)",
                        random.nextInt(3) << 30, random.nextInt(16));
        };
    }

    private String text() {
        StringBuilder text = new StringBuilder();
        for (int n = random.nextInt(4); n >= 0; n--) {
            text.append("abAB\u00e9z".charAt(random.nextInt(6)));
        }
        return text.toString();
    }

    private static String and(String a, String b) {
        return "((" + a + ") AND (" + b + "))";
    }

    private TableShape anyTable() {
        return tables.get(random.nextInt(tables.size()));
    }
}

package org.mosslsm.it.compare;

import java.util.List;
import java.util.Random;
import java.util.StringJoiner;
import java.util.regex.Pattern;
import org.mosslsm.it.compare.TableShape.Column;
import org.mosslsm.it.compare.TableShape.Kind;

/**
 * Draws queries that mean the same to every engine that follows the standard: no overflow, no division by what may be
 * zero, no order that is not total, no type left open.
 */
final class RandomSql {
    /** Two texts for one condition, the second for the other engine. */
    private static final Pattern EITHER = Pattern.compile("\u0001(.*?)\u0002(.*?)\u0003");

    private final Random random;
    private final List<TableShape> tables;

    RandomSql(Random random, List<TableShape> tables) {
        this.random = random;
        this.tables = tables;
    }

    /**
     * A statement.
     *
     * @param ordered whether a query's order is total
     * @param other the same for the other engine, where that has other words for it
     */
    record Query(String sql, boolean ordered, String other) {
        Query {
            sql = EITHER.matcher(sql).replaceAll("$1");
            other = EITHER.matcher(other).replaceAll("$2");
        }

        Query(String sql, boolean ordered) {
            this(sql, ordered, sql);
        }

        /** As the other engine takes it. */
        Query forOther() {
            return new Query(other, ordered);
        }
    }

    Query query() {
        return switch (random.nextInt(10)) {
            case 0, 1 -> select();
            case 2 -> ordered();
            case 3 -> join();
            case 4, 5 -> aggregate();
            case 6 -> subquery();
            case 7 -> withTies();
            case 8 -> distinctOn();
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
        String order = by.name() + direction() + ", " + table.keyList(random.nextBoolean() ? "" : " DESC");
        String limit = random.nextBoolean() ? "" : " LIMIT " + random.nextInt(6);
        String offset = limit.isEmpty() || random.nextBoolean() ? "" : " OFFSET " + random.nextInt(4);
        return new Query(
                "SELECT * FROM " + table.name() + " WHERE " + and(keyPredicate(table, ""), predicate(table, "", 1))
                        + " ORDER BY " + order + limit + offset,
                true);
    }

    private String direction() {
        return (random.nextBoolean() ? "" : " DESC")
                + new String[] {"", "", " NULLS FIRST", " NULLS LAST"}[random.nextInt(4)];
    }

    private Query withTies() {
        TableShape table = anyTable();
        Column by = table.anyColumn(random);
        Column second = table.anyColumn(random);
        String more = random.nextBoolean() || second.equals(by) ? "" : ", " + second.name() + direction();
        String offset = random.nextBoolean() ? "" : " OFFSET " + random.nextInt(4) + " ROWS";
        // Which of the rows that sort alike are passed over is an engine's choice, and shows in other columns.
        String items = offset.isEmpty() ? "*" : by.name() + (more.isEmpty() ? "" : ", " + second.name());
        return new Query(
                "SELECT " + items + " FROM " + table.name() + " WHERE " + predicate(table, "", 1) + " ORDER BY "
                        + by.name() + direction() + more + offset + " FETCH FIRST " + (1 + random.nextInt(6))
                        + " ROWS WITH TIES",
                false);
    }

    /** The other engine is asked for the rows before which there is none of the same group. */
    private Query distinctOn() {
        TableShape table = anyTable();
        Column by = table.anyColumn(random);
        boolean descending = random.nextBoolean();
        String where = predicate(table, "a.", 1);
        String before = "b.k0 " + (descending ? ">" : "<") + " a.k0";
        if (table.keyColumns() > 1) {
            before = "(" + before + " OR (b.k0 = a.k0 AND b.k1 " + (descending ? ">" : "<") + " a.k1))";
        }
        String name = by.name();
        return new Query(
                "SELECT DISTINCT ON (a." + name + ") a.* FROM " + table.name() + " a WHERE " + where + " ORDER BY a."
                        + name + direction() + ", "
                        + table.keyList(descending ? " DESC" : ""),
                false,
                "SELECT a.* FROM " + table.name() + " a WHERE (" + where + ") AND NOT EXISTS (SELECT 1 FROM "
                        + table.name() + " b WHERE (" + where.replace("a.", "b.") + ") AND b." + name
                        + " IS NOT DISTINCT FROM a." + name + " AND " + before + ")");
    }

    private Query join() {
        TableShape left = anyTable();
        TableShape right = anyTable();
        String kind = new String[] {"JOIN", "LEFT JOIN", "RIGHT JOIN"}[random.nextInt(3)];
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
        String where = predicate(inner, "i.", 1);
        if (random.nextInt(4) == 0) {
            return rowsIn(outer, a, inner, b, not, where);
        }
        String condition =
                switch (random.nextInt(3)) {
                    case 0 ->
                        "o." + a.name() + " " + not + "IN (SELECT i." + b.name() + " FROM " + inner.name() + " i WHERE "
                                + where + ")";
                    case 1 ->
                        not + "EXISTS (SELECT 1 FROM " + inner.name() + " i WHERE i." + b.name() + " = o." + a.name()
                                + " AND " + where + ")";
                    default ->
                        "o." + a.name() + " < (SELECT MAX(i." + b.name() + ") FROM " + inner.name() + " i WHERE "
                                + where + ")";
                };
        return new Query(
                "SELECT o.k0, o." + a.name() + " FROM " + outer.name() + " o WHERE "
                        + and(condition, predicate(outer, "o.", 1)),
                false);
    }

    /** H2 2.4 takes rows for unknown that differ in one column and have a NULL in the other: it is asked for each row. */
    private Query rowsIn(TableShape outer, Column a, TableShape inner, Column b, String not, String where) {
        String select = "SELECT o.k0, o." + a.name() + " FROM " + outer.name() + " o WHERE ";
        String and = " AND " + predicate(outer, "o.", 1);
        String from = " FROM " + inner.name() + " i WHERE (" + where + ")";
        return new Query(
                select + "(o." + a.name() + ", o.c1) " + not + "IN (SELECT i." + b.name() + ", i.c1" + from + ")" + and,
                false,
                select + not + "EXISTS (SELECT 1" + from + " AND (i." + b.name() + " = o." + a.name()
                        + " AND i.c1 = o.c1) IS " + (not.isEmpty() ? "TRUE)" : "NOT FALSE)") + and);
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
    String keyPredicate(TableShape table, String alias) {
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

    String predicate(TableShape table, String alias, int depth) {
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
        return switch (random.nextInt(9)) {
            case 7 -> rows(table, alias, column);
            case 8 -> rowsIn(name, column, alias, table.anyColumn(random));
            case 0 -> name + (random.nextBoolean() ? " IS NULL" : " IS NOT NULL");
            case 1 -> name + " BETWEEN " + literal(column.kind()) + " AND " + literal(column.kind());
            case 2 -> name + " IN (" + literal(column.kind()) + ", " + literal(column.kind()) + ")";
            case 3 -> alias + "c1 LIKE '" + "ab%_".charAt(random.nextInt(4)) + (random.nextBoolean() ? "%'" : "_'");
            case 4 -> number(table, alias, 1) + comparison() + number(table, alias, 1);
            default -> name + comparison() + literal(column.kind());
        };
    }

    /** Rows compared with rows: of columns from the key on, where an engine may seek. */
    private String rows(TableShape table, String alias, Column second) {
        Column first = random.nextBoolean() ? table.columns().get(0) : table.anyColumn(random);
        return "(" + alias + first.name() + ", " + alias + second.name() + ")" + comparison() + pair(first, second);
    }

    /** H2 2.4 is asked for ORs: it takes the second columns for numbers where there is an index on the first. */
    private String rowsIn(String name, Column column, String alias, Column second) {
        StringJoiner list = new StringJoiner(", ", "(", ")");
        StringJoiner ors = new StringJoiner(" OR ", "(", ")");
        for (int n = random.nextInt(3); n >= 0; n--) {
            String one = literal(column.kind());
            String two = literal(second.kind());
            list.add("(" + one + ", " + two + ")");
            ors.add(name + " = " + one + " AND " + alias + second.name() + " = " + two);
        }
        boolean not = random.nextInt(4) == 0;
        return "\u0001(" + name + ", " + alias + second.name() + ")" + (not ? " NOT" : "") + " IN " + list + "\u0002"
                + (not ? "NOT " : "") + ors + "\u0003";
    }

    private String pair(Column first, Column second) {
        return "(" + literal(first.kind()) + ", " + literal(second.kind()) + ")";
    }

    private String comparison() {
        String[] operators = {" = ", " <> ", " < ", " <= ", " > ", " >= "};
        return operators[random.nextInt(operators.length)];
    }

    String number(TableShape table, String alias, int depth) {
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

    String literal(Kind kind) {
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
                int hour = random.nextInt(22);
                int offset = hour % 3;
                yield String.format(
                        "TIMESTAMP WITH TIME ZONE '2024-03-%02d %02d:30:00+%02d:00'",
                        1 + random.nextInt(3), hour + offset, offset);
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

    static String and(String a, String b) {
        return "((" + a + ") AND (" + b + "))";
    }

    TableShape anyTable() {
        return tables.get(random.nextInt(tables.size()));
    }
}

package org.mosslsm.sql.exec;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Random queries, as text, over the tables t1(a, b, c, d, e) and t2(a, b, c, d, e): a and b BIGINT, c VARCHAR, d DECIMAL,
 * e DOUBLE. They raise no errors, and where they have a LIMIT their order is total.
 */
final class RandomQueries {
    private static final List<String> COLUMNS = List.of("a", "b", "c", "d", "e");
    private final Random random;
    private int aliases;

    RandomQueries(Random random) {
        this.random = random;
    }

    private String one(String... choices) {
        return choices[random.nextInt(choices.length)];
    }

    private boolean chance(int in) {
        return random.nextInt(in) == 0;
    }

    /** A whole query. */
    String query() {
        if (chance(8)) {
            String operation = one("UNION", "UNION ALL", "INTERSECT", "INTERSECT ALL", "EXCEPT", "EXCEPT ALL");
            return simple("a, c") + " " + operation + " " + simple("b, c");
        }
        List<String> tables = new ArrayList<>();
        String from = from(tables);
        if (chance(4)) {
            return grouped(from, tables);
        }
        StringBuilder sb = new StringBuilder("SELECT ");
        boolean distinct = chance(5);
        sb.append(distinct ? "DISTINCT " : "");
        List<String> items = new ArrayList<>();
        int n = 1 + random.nextInt(4);
        for (int i = 0; i < n; i++) {
            items.add(chance(4) ? number(tables, 2) : column(tables));
        }
        sb.append(String.join(", ", items)).append(" FROM ").append(from);
        if (!chance(6)) {
            sb.append(" WHERE ").append(condition(tables, 3));
        }
        if (chance(3)) {
            sb.append(" ORDER BY ").append(totalOrder(n));
            if (chance(2)) {
                sb.append(" LIMIT ").append(random.nextInt(6));
                sb.append(chance(2) ? " OFFSET " + random.nextInt(4) : "");
            }
        }
        return sb.toString();
    }

    private String simple(String columns) {
        String alias = alias();
        return "SELECT " + columns + " FROM " + one("t1", "t2") + " " + alias + " WHERE "
                + condition(List.of(alias), 2);
    }

    private String totalOrder(int columns) {
        List<String> keys = new ArrayList<>();
        for (int i = 1; i <= columns; i++) {
            keys.add(i + one("", " DESC", " NULLS FIRST", " DESC NULLS LAST"));
        }
        return String.join(", ", keys);
    }

    private String alias() {
        return "x" + aliases++;
    }

    private String from(List<String> tables) {
        String first = alias();
        tables.add(first);
        StringBuilder sb = new StringBuilder(one("t1", "t2")).append(' ').append(first);
        int joins = random.nextInt(3);
        for (int i = 0; i < joins; i++) {
            String next = alias();
            String source = chance(6) ? "(" + simple("a, b, c, d, e") + ")" : one("t1", "t2");
            String kind = one("JOIN", "JOIN", "LEFT JOIN", "RIGHT JOIN", "FULL JOIN", "CROSS JOIN");
            List<String> both = new ArrayList<>(tables);
            both.add(next);
            sb.append(' ').append(kind).append(' ').append(source).append(' ').append(next);
            if (!kind.equals("CROSS JOIN")) {
                String equal = tables.get(random.nextInt(tables.size())) + "." + one("a", "b") + " = " + next + "."
                        + one("a", "b");
                sb.append(" ON ").append(chance(4) ? condition(both, 1) : equal);
                sb.append(chance(4) ? " AND " + condition(both, 1) : "");
            }
            tables.add(next);
        }
        return sb.toString();
    }

    private String grouped(String from, List<String> tables) {
        String key = column(tables);
        String value = tables.get(random.nextInt(tables.size())) + "." + one("a", "b", "d");
        String calls = "COUNT(*), COUNT(" + value + "), SUM(" + one("", "DISTINCT ") + value + "), MIN(" + value
                + "), MAX(" + column(tables) + ")";
        boolean total = chance(3);
        String sql = "SELECT " + (total ? "" : key + ", ") + calls + " FROM " + from + " WHERE " + condition(tables, 2);
        if (!total) {
            sql += " GROUP BY " + key;
        }
        return chance(3) ? sql + " HAVING COUNT(*) > " + random.nextInt(3) : sql;
    }

    private String column(List<String> tables) {
        return tables.get(random.nextInt(tables.size())) + "." + COLUMNS.get(random.nextInt(COLUMNS.size()));
    }

    private String numeric(List<String> tables) {
        return tables.get(random.nextInt(tables.size())) + "." + one("a", "b");
    }

    private String number(List<String> tables, int depth) {
        if (depth == 0 || chance(2)) {
            return chance(3) ? String.valueOf(random.nextInt(9) - 2) : numeric(tables);
        }
        return switch (random.nextInt(5)) {
            case 0 -> "(" + number(tables, depth - 1) + one(" + ", " - ", " * ") + number(tables, depth - 1) + ")";
            case 1 -> "COALESCE(" + numeric(tables) + ", " + number(tables, depth - 1) + ")";
            case 2 ->
                "CASE WHEN " + condition(tables, 1) + " THEN " + number(tables, depth - 1) + " ELSE "
                        + number(tables, depth - 1) + " END";
            case 3 -> "NULLIF(" + numeric(tables) + ", " + number(tables, depth - 1) + ")";
            default -> scalarSubquery(tables);
        };
    }

    private String scalarSubquery(List<String> outer) {
        String alias = alias();
        return "(SELECT " + one("MAX", "MIN", "COUNT", "SUM") + "(" + alias + "." + one("a", "b") + ") FROM "
                + one("t1", "t2") + " " + alias + " WHERE " + inner(outer, alias) + ")";
    }

    private String inner(List<String> outer, String alias) {
        String own = condition(List.of(alias), 1);
        return chance(2) ? own : alias + "." + one("a", "b") + " = " + numeric(outer) + " AND " + own;
    }

    private String condition(List<String> tables, int depth) {
        if (depth > 0 && chance(2)) {
            return switch (random.nextInt(3)) {
                case 0 -> "(" + condition(tables, depth - 1) + " AND " + condition(tables, depth - 1) + ")";
                case 1 -> "(" + condition(tables, depth - 1) + " OR " + condition(tables, depth - 1) + ")";
                default -> "NOT (" + condition(tables, depth - 1) + ")";
            };
        }
        String t = tables.get(random.nextInt(tables.size()));
        return switch (random.nextInt(14)) {
            case 0, 1, 2 -> numeric(tables) + comparison() + (random.nextInt(10) - 2);
            case 3 -> numeric(tables) + comparison() + number(tables, 1);
            case 4 -> numeric(tables) + " BETWEEN " + random.nextInt(5) + " AND " + random.nextInt(8);
            case 5 ->
                numeric(tables) + one(" IN (", " NOT IN (") + random.nextInt(5) + ", " + random.nextInt(8)
                        + one("", ", NULL") + ")";
            case 6 -> column(tables) + one(" IS NULL", " IS NOT NULL");
            case 7 -> t + ".c" + one(" LIKE '", " NOT LIKE '") + one("a%", "%b", "a_", "ab", "%", "") + "'";
            case 8 -> t + ".c" + comparison() + "'" + one("", "a", "ab", "b") + "'";
            case 9 -> t + ".d" + comparison() + one("1.50", "0.255", "-1", "2");
            case 10 -> t + ".e" + comparison() + one("0.5", "1", "-0.25", "1e0");
            case 11 -> inSubquery(tables);
            case 12 -> exists(tables);
            default ->
                "(" + t + ".a, " + t + ".b)" + comparison() + "(" + random.nextInt(6) + ", " + random.nextInt(6) + ")";
        };
    }

    private String inSubquery(List<String> outer) {
        String alias = alias();
        String sub = "(SELECT " + alias + "." + one("a", "b") + " FROM " + one("t1", "t2") + " " + alias + " WHERE "
                + inner(outer, alias) + ")";
        return chance(3)
                ? numeric(outer) + comparison() + one("ANY ", "ALL ") + sub
                : numeric(outer) + one(" IN ", " NOT IN ") + sub;
    }

    private String exists(List<String> outer) {
        String alias = alias();
        return one("", "NOT ") + "EXISTS (SELECT 1 FROM " + one("t1", "t2") + " " + alias + " WHERE "
                + inner(outer, alias) + ")";
    }

    private String comparison() {
        return one(" = ", " = ", " < ", " <= ", " > ", " >= ", " <> ");
    }
}

// Random SQL.
package org.mosslsm.sql.testkit;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.StringJoiner;

/**
 * Makes random tables, rows and queries over them, full of NULLs, duplicates and values at the edges of types. Queries
 * with ORDER BY order totally. Not thread-safe.
 */
public final class RandomQueries {
    private static final List<String> COLUMNS = List.of("a", "b", "c", "d", "e", "s");

    private final Random random;

    /** Queries from a seed. */
    public RandomQueries(Random random) {
        this.random = random;
    }

    // ---- tables

    /** Statements that make the tables and their rows. */
    public List<String> setup() {
        List<String> all = new ArrayList<>();
        String columns = "(a INTEGER NOT NULL, b VARCHAR(10) NOT NULL, c DECIMAL(6,2), d DATE, e BIGINT, s SMALLINT";
        all.add("CREATE TABLE x " + columns + ", PRIMARY KEY (a, b))");
        all.add("CREATE TABLE y " + columns + ", PRIMARY KEY (b, a))");
        all.add("CREATE TABLE z " + columns + ")");
        all.add("CREATE INDEX x_cd ON x (c, d DESC)");
        all.add("CREATE INDEX x_es ON x (e DESC, s) INCLUDE (c)");
        all.add("CREATE INDEX x_d ON x (d)");
        all.add("CREATE INDEX y_s ON y (s)");
        all.add("CREATE INDEX y_e ON y (e, c)");
        all.add("CREATE INDEX z_a ON z (a, e)");
        for (String table : List.of("x", "y", "z")) {
            StringJoiner rows = new StringJoiner(", ");
            for (int a = -2; a <= 3; a++) {
                for (String b : List.of("", "a", "ab", "b", "%")) {
                    if (random.nextInt(4) > 0) {
                        rows.add("(" + a + ", '" + b + "', " + orNull(decimal()) + ", " + orNull(date()) + ", "
                                + orNull(whole()) + ", " + orNull("" + random.nextInt(6)) + ")");
                    }
                }
            }
            all.add("INSERT INTO " + table + " VALUES " + rows);
        }
        return all;
    }

    private String orNull(String value) {
        return random.nextInt(4) == 0 ? "NULL" : value;
    }

    private String pick(String... options) {
        return options[random.nextInt(options.length)];
    }

    // ---- values

    private String whole() {
        return "" + (random.nextInt(8) - 3);
    }

    private String decimal() {
        return (random.nextInt(5) - 2) + "." + pick("00", "25", "5", "01", "99");
    }

    private String date() {
        return "DATE '2020-01-0" + (1 + random.nextInt(5)) + "'";
    }

    private String string() {
        return "'" + pick("", "a", "ab", "b", "%", "aa", "c") + "'";
    }

    /** A constant to compare column {@code c} with; often of another type. */
    private String constant(String c) {
        if (random.nextInt(12) == 0) {
            return "NULL";
        }
        return switch (c) {
            case "b" -> string();
            case "d" ->
                random.nextInt(3) == 0 ? "TIMESTAMP '2020-01-0" + (1 + random.nextInt(5)) + " 12:00:00'" : date();
            default ->
                switch (random.nextInt(8)) {
                    case 0 -> decimal();
                    case 1 -> whole() + "e0";
                    case 2 -> pick("100000", "-100000", "9999999999", "123456.789");
                    case 3 -> "(1 + " + whole() + ")";
                    default -> c.equals("c") ? decimal() : whole();
                };
        };
    }

    private String column() {
        return COLUMNS.get(random.nextInt(COLUMNS.size()));
    }

    // ---- predicates

    private String predicate(String alias, int depth) {
        if (depth > 0 && random.nextInt(3) > 0) {
            String left = predicate(alias, depth - 1);
            String right = predicate(alias, depth - 1);
            return switch (random.nextInt(5)) {
                case 0, 1 -> "(" + left + " OR " + right + ")";
                case 2 -> "NOT (" + left + ")";
                default -> "(" + left + " AND " + right + ")";
            };
        }
        String c = column();
        String q = alias + c;
        return switch (random.nextInt(11)) {
            case 0 -> q + " IN (" + constant(c) + ", " + constant(c) + ", " + constant(c) + ")";
            case 1 -> q + " BETWEEN " + constant(c) + " AND " + constant(c);
            case 2 -> q + pick(" IS NULL", " IS NOT NULL");
            case 3 -> alias + "b LIKE " + pick("'a%'", "'a_'", "'%'", "'ab'", "'\\%'", "''", "'%b'", "'_%'");
            case 4 ->
                "(" + alias + "a, " + alias + "b) " + pick("<", "<=", ">", ">=", "=") + " (" + whole() + ", " + string()
                        + ")";
            case 5 ->
                "(" + alias + "b, " + alias + "e) IN ((" + string() + ", " + whole() + "), (" + string() + ", "
                        + whole() + "))";
            case 6 -> alias + "a" + pick(" = ", " < ", " > ") + whole();
            case 7 -> constant(c) + pick(" = ", " < ", " <= ", " > ", " >= ", " <> ") + q;
            default -> q + pick(" = ", " = ", " < ", " <= ", " > ", " >= ", " <> ") + constant(c);
        };
    }

    // ---- queries

    /** A query of one table. */
    public String oneTable() {
        String table = pick("x", "x", "y", "z");
        String list = random.nextInt(2) == 0 ? "*" : column() + ", " + column();
        String sql = "SELECT " + list + " FROM " + table + " WHERE " + predicate("", 2);
        if (random.nextInt(3) > 0) {
            return sql;
        }
        String ordered = sql.replace("SELECT " + list, "SELECT *") + " ORDER BY " + column() + pick("", " DESC") + ", "
                + column() + pick("", " DESC", " NULLS FIRST", " DESC NULLS LAST") + total();
        return random.nextInt(2) == 0
                ? ordered
                : ordered + " LIMIT " + random.nextInt(6) + " OFFSET " + random.nextInt(3);
    }

    /** Makes an order total. */
    private String total() {
        return pick(", a, b, c, d, e, s", ", a DESC, b DESC, c, d, e, s", ", b, a, c, d, e, s");
    }

    /** A query of several tables, with groups or subqueries. */
    public String manyTables() {
        return switch (random.nextInt(6)) {
            case 0 -> join();
            case 1 ->
                "SELECT l.a, l.b, l.e FROM " + pick("x", "y", "z") + " l WHERE " + predicate("l.", 1) + " AND "
                        + subquery("l.");
            case 2 -> groups(pick("a", "b", "e, s", "b, a", "d"));
            case 3 ->
                "SELECT a, e FROM " + pick("x", "z") + " WHERE " + predicate("", 1)
                        + pick(" UNION ", " UNION ALL ", " EXCEPT ", " INTERSECT ", " EXCEPT ALL ")
                        + "SELECT a, e FROM "
                        + pick("y", "z") + " WHERE " + predicate("", 1);
            case 4 ->
                "SELECT * FROM (SELECT a AS k, max(e) AS m, count(*) AS n FROM " + pick("x", "y", "z")
                        + " GROUP BY a) g " + pick("JOIN", "LEFT JOIN") + " " + pick("x", "y") + " r ON r."
                        + pick("a", "e")
                        + " = g." + pick("k", "m") + " WHERE "
                        + pick("k = 1", "k > 0", "r.s IS NULL", "n > 1", "r.a IN (0, 2)");
            default ->
                "SELECT " + pick("min", "max") + "(" + pick("a", "b", "e", "d", "s") + ") FROM " + pick("x", "y", "z")
                        + (random.nextBoolean() ? "" : " WHERE " + predicate("", 1));
        };
    }

    private String groups(String keys) {
        return "SELECT " + keys + ", count(*), sum(e), min(c), max(d), count(DISTINCT s) FROM " + pick("x", "y", "z")
                + " WHERE " + predicate("", 1) + " GROUP BY " + keys + pick("", "", " HAVING count(*) > 1");
    }

    private String join() {
        String sql = "SELECT * FROM " + pick("x", "y", "z") + " l " + kind() + " " + pick("x", "y", "z") + " r ON "
                + on("l.", "r.");
        if (random.nextInt(2) == 0) {
            sql += " " + kind() + " " + pick("x", "y", "z") + " t ON " + on(pick("l.", "r."), "t.");
        }
        return random.nextInt(3) == 0 ? sql : sql + " WHERE " + predicate(pick("l.", "r."), 1);
    }

    private String kind() {
        return pick("JOIN", "JOIN", "JOIN", "LEFT JOIN", "LEFT JOIN", "RIGHT JOIN", "FULL JOIN");
    }

    private String on(String left, String right) {
        String first = left + pick("a", "e", "s") + pick(" = ", " = ", " = ", " < ") + right + pick("a", "e", "s", "c");
        return switch (random.nextInt(5)) {
            case 0 -> first + " AND " + left + "b = " + right + "b";
            case 1 -> first + " AND " + predicate(right, 1);
            case 2 -> first + " AND " + predicate(left, 1);
            case 3 -> left + "b = " + right + "b AND " + left + "d " + pick("=", ">=") + " " + right + "d";
            default -> first;
        };
    }

    private String subquery(String outer) {
        String table = pick("x", "y", "z");
        String correlated = "i." + pick("a", "e", "s") + pick(" = ", " = ", " > ") + outer + pick("a", "e", "s");
        String where =
                switch (random.nextInt(3)) {
                    case 0 -> correlated;
                    case 1 -> correlated + " AND " + predicate("i.", 1);
                    default -> predicate("i.", 1);
                };
        String column = pick("a", "e", "s");
        String from = " FROM " + table + " i WHERE " + where;
        return switch (random.nextInt(7)) {
            case 0 -> "EXISTS (SELECT 1" + from + ")";
            case 1 -> "NOT EXISTS (SELECT *" + from + ")";
            case 2 -> outer + pick("a", "e") + " IN (SELECT i." + column + from + ")";
            case 3 -> outer + pick("a", "e") + " NOT IN (SELECT i." + column + from + ")";
            case 4 ->
                outer + pick("a", "e") + pick(" > ALL", " = ANY", " <= ANY", " <> ALL") + " (SELECT i." + column + from
                        + ")";
            case 5 ->
                outer + "e " + pick("=", "<", ">=") + " (SELECT " + pick("max", "min", "sum", "count") + "(i." + column
                        + ")" + from + ")";
            default -> "(" + outer + "b = 'a' OR EXISTS (SELECT 1" + from + "))";
        };
    }
}

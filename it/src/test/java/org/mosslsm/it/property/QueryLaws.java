package org.mosslsm.it.property;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/** Laws of one query and another that must answer the same. Stateless. */
final class QueryLaws {
    private QueryLaws() {}

    /** UNION, INTERSECT and EXCEPT do to rows what the mathematics of sets, with ALL of bags, does. */
    static String sets(Connection c, Case k) throws SQLException {
        String columns = "a.c0, a.c"
                + Math.floorMod(k.seed(), k.tables().columns().get(0).size());
        String left = "SELECT " + columns + " FROM " + k.from() + " WHERE "
                + k.where().literal();
        String right = "SELECT " + columns + " FROM t0 a";
        List<String> a = Law.rows(c, left);
        List<String> b = Law.rows(c, right);
        List<String> both = new ArrayList<>(a);
        both.addAll(b);
        List<String> common = new ArrayList<>();
        List<String> onlyA = new ArrayList<>();
        List<String> rest = new ArrayList<>(b);
        for (String row : a) {
            (rest.remove(row) ? common : onlyA).add(row);
        }
        String[] words = {"UNION", "INTERSECT", "EXCEPT"};
        List<List<String>> bags = List.of(both, common, onlyA);
        TreeSet<String> distinct = new TreeSet<>(a);
        distinct.removeAll(b);
        List<List<String>> sets =
                List.of(List.copyOf(new TreeSet<>(both)), List.copyOf(new TreeSet<>(common)), List.copyOf(distinct));
        for (int i = 0; i < words.length; i++) {
            String all = left + " " + words[i] + " ALL " + right;
            String broken = Law.difference(all, bags.get(i), Law.rows(c, all));
            String set = left + " " + words[i] + " " + right;
            broken = broken != null ? broken : Law.difference(set, sets.get(i), Law.rows(c, set));
            if (broken != null) {
                return broken;
            }
        }
        return null;
    }

    /** FILTER is a CASE in the argument. */
    static String filters(Connection c, Case k) throws SQLException {
        String p = k.where().literal();
        String n = "a.c" + Math.floorMod(k.seed(), k.tables().columns().get(0).size());
        List<String> filtered = new ArrayList<>();
        List<String> cases = new ArrayList<>();
        for (String call : List.of("COUNT(#)", "COUNT(DISTINCT #)", "MIN(#)", "MAX(#)")) {
            filtered.add(call.replace("#", n) + " FILTER (WHERE " + p + ")");
            cases.add(call.replace("#", "CASE WHEN " + p + " THEN " + n + " END"));
        }
        filtered.add("COUNT(*) FILTER (WHERE " + p + ")");
        cases.add("SUM(CASE WHEN " + p + " THEN 1 ELSE 0 END)");
        String from = " FROM " + k.from() + " GROUP BY a.c0";
        return Law.difference(
                "FILTER",
                Law.rows(c, "SELECT " + String.join(", ", cases) + from),
                Law.rows(c, "SELECT " + String.join(", ", filtered) + from));
    }

    /** DISTINCT is a GROUP BY of all columns, and DISTINCT ON of them all, too. */
    static String distinct(Connection c, Case k) throws SQLException {
        int columns = k.tables().columns().get(0).size();
        String list = "a.c" + Math.floorMod(k.seed(), columns) + ", a.c" + Math.floorMod(k.seed() / 31, columns);
        String from = " FROM " + k.from() + " WHERE " + k.where().literal();
        List<String> groups = Law.rows(c, "SELECT " + list + from + " GROUP BY " + list);
        String broken = Law.difference("DISTINCT", groups, Law.rows(c, "SELECT DISTINCT " + list + from));
        return broken != null
                ? broken
                : Law.difference(
                        "DISTINCT ON", groups, Law.rows(c, "SELECT DISTINCT ON (" + list + ") " + list + from));
    }

    /** Slices of LIMIT and OFFSET, one after another, are the whole. */
    static String slices(Connection c, Case k) throws SQLException {
        StringBuilder order = new StringBuilder();
        for (Tables.Column column : k.tables().columns().get(0)) {
            order.append(order.isEmpty() ? " ORDER BY a." : ", a.").append(column.name());
        }
        String sql = "SELECT a.* FROM " + k.from() + " WHERE " + k.where().literal() + order;
        List<String> whole = Law.rows(c, sql);
        int size = Math.max(1, (whole.size() + 2) / 3);
        List<String> slices = new ArrayList<>();
        for (int from = 0; from <= whole.size(); from += size) {
            slices.addAll(Law.rows(c, sql + " LIMIT " + size + " OFFSET " + from));
        }
        return whole.equals(slices)
                ? null
                : sql + " in slices of " + size + ": expected " + whole + ", found " + slices;
    }

    /** A correlated subquery counts the rows that a join has. */
    static String correlated(Connection c, Case k) throws SQLException {
        if (k.join().isEmpty()) {
            return null;
        }
        String on = k.on().literal();
        String broken = Law.difference(
                "a count in a subquery",
                Law.rows(c, "SELECT COUNT(*) FROM t0 a JOIN t1 b ON " + on),
                Law.rows(c, "SELECT COALESCE(SUM((SELECT COUNT(*) FROM t1 b WHERE " + on + ")), 0) FROM t0 a"));
        return broken != null
                ? broken
                : Law.difference(
                        "EXISTS",
                        Law.rows(c, "SELECT a.* FROM t0 a WHERE (SELECT COUNT(*) FROM t1 b WHERE " + on + ") > 0"),
                        Law.rows(c, "SELECT a.* FROM t0 a WHERE EXISTS (SELECT 1 FROM t1 b WHERE " + on + ")"));
    }

    /**
     * A WITH query has the rows of its text, whether it is computed once, in its place or for each use. Of one table it has
     * each row as often as that does; of a join each once, since the uses join them again and a row may have very many
     * partners.
     */
    static String common(Connection c, Case k) throws SQLException {
        int columns = k.tables().columns().get(0).size();
        String distinct = k.join().isEmpty() ? "" : "DISTINCT ";
        String query = "SELECT " + distinct + "a.c0 AS x, a.c" + Math.floorMod(k.seed(), columns) + " AS y FROM "
                + k.from() + " WHERE " + k.where().literal();
        for (String use : List.of(
                "SELECT y, x FROM #",
                "SELECT p.x, q.y FROM # p JOIN # q ON p.x = q.x AND p.y IS NOT DISTINCT FROM q.y",
                "SELECT x, y FROM # UNION ALL SELECT x, y FROM #",
                "SELECT y, COUNT(*) FROM # WHERE x IN (SELECT x FROM #) GROUP BY y",
                "SELECT (SELECT COUNT(*) FROM # p WHERE p.x = q.x) FROM # q")) {
            String plain = use.replace("#", "(" + query + ") AS w").replaceAll("AS w ([pq])", "AS $1");
            List<String> expected = Law.rows(c, plain);
            for (String as : List.of("AS", "AS MATERIALIZED", "AS NOT MATERIALIZED")) {
                String with = "WITH w " + as + " (" + query + ") " + use.replace("#", "w");
                String broken = Law.difference(with, expected, Law.rows(c, with));
                if (broken != null) {
                    return broken;
                }
            }
        }
        return null;
    }
}

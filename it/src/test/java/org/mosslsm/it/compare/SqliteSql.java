package org.mosslsm.it.compare;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.StringJoiner;
import org.mosslsm.it.compare.RandomSql.Query;

/**
 * Draws statements in the manner of SQLite's sqllogictest, whose meaning SQLite and PostgreSQL share: whole numbers and
 * text, small values, no division by what may be zero, no meeting of text and number, no set operation without
 * parentheses. Not thread-safe.
 */
final class SqliteSql {
    /** What can be selected from. */
    record Source(String name, List<Column> columns) {
        List<Column> called(String alias) {
            return columns.stream()
                    .map(c -> new Column(alias + "." + c.name(), c.isText()))
                    .toList();
        }
    }

    /** A column by the name it has where it is used. */
    record Column(String name, boolean isText) {}

    private static final String[] COMPARISONS = {"=", "<>", "<", "<=", ">", ">=", "IS DISTINCT FROM"};

    private final Random random;
    private final SqliteTerms terms;
    private final List<Source> tables = new ArrayList<>();
    private final List<Source> sources = new ArrayList<>();
    private int aliases;

    SqliteSql(Random random) {
        this.random = random;
        this.terms = new SqliteTerms(random, this::subquery);
    }

    // ---- definitions

    /** Three tables, their indexes and two views. */
    List<String> definitions() {
        List<String> statements = new ArrayList<>();
        for (int t = 0; t < 3; t++) {
            statements.add(table("t" + t));
        }
        for (Source table : tables) {
            for (int i = random.nextInt(4); i > 0; i--) {
                statements.add(index(table, i));
            }
        }
        sources.addAll(tables);
        for (int v = 0; v < 2; v++) {
            List<Column> columns = List.of(new Column("x", false), new Column("y", false), new Column("z", true));
            statements.add("CREATE VIEW v" + v + " (x, y, z) AS " + typed(columns, 0));
            sources.add(new Source("v" + v, columns));
        }
        return statements;
    }

    private String table(String name) {
        List<Column> columns = new ArrayList<>();
        columns.add(new Column("k", false));
        StringBuilder sql = new StringBuilder("CREATE TABLE " + name + " (k INT NOT NULL");
        boolean composite = random.nextInt(3) == 0;
        for (int i = composite ? -1 : 0; i < 2 + random.nextInt(4); i++) {
            boolean text = random.nextInt(3) == 0;
            String column = i < 0 ? "k1" : "abcdef".charAt(i) + (text ? "x" : "");
            columns.add(new Column(column, text));
            sql.append(", ").append(column).append(text ? " TEXT" : " INT").append(i < 0 ? " NOT NULL" : "");
            if (i >= 0 && random.nextInt(6) == 0) {
                sql.append(" DEFAULT ").append(terms.literal(text));
            }
        }
        tables.add(new Source(name, columns));
        return sql + ", PRIMARY KEY (" + (composite ? "k, k1" : "k") + "))";
    }

    private String index(Source table, int number) {
        StringJoiner keys = new StringJoiner(", ", "(", ")");
        List<Column> columns = shuffled(table.columns());
        columns.subList(0, 1 + random.nextInt(Math.min(3, columns.size())))
                .forEach(c -> keys.add(c.name() + (random.nextInt(3) == 0 ? " DESC" : "")));
        String where = random.nextInt(4) == 0 ? " WHERE " + terms.simple(table.columns()) : "";
        return "CREATE INDEX " + table.name() + "_i" + number + " ON " + table.name() + " " + keys + where;
    }

    // ---- changes

    /** A change, and whether it answers rows. */
    String change(boolean returning) {
        Source table = any(tables);
        String sql =
                switch (random.nextInt(8)) {
                    case 0, 1, 2 -> insert(table);
                    case 3 -> upsert(table);
                    case 4 -> insertSelect(table);
                    case 5, 6 -> update(table);
                    default ->
                        // With the table's name: in a subquery the bare one might be that of a column of another type.
                        "DELETE FROM " + table.name() + " WHERE "
                                + terms.predicate(table.called(table.name()), 1) + " AND k "
                                + (random.nextBoolean() ? "> " : "< ") + random.nextInt(20);
                };
        StringJoiner items = new StringJoiner(", ", " RETURNING ", "");
        table.columns().forEach(c -> items.add(table.name() + "." + c.name()));
        return sql + (returning ? items : "");
    }

    private String insert(Source table) {
        StringJoiner names = new StringJoiner(", ", " (", ")");
        List<Column> columns = new ArrayList<>(table.columns());
        if (random.nextInt(4) == 0) {
            columns.removeIf(c -> !c.name().startsWith("k") && random.nextBoolean());
        }
        columns.forEach(c -> names.add(c.name()));
        StringJoiner rows = new StringJoiner(", ");
        for (int n = random.nextInt(6); n >= 0; n--) {
            rows.add(row(columns));
        }
        String conflict = random.nextInt(3) == 0 ? "" : " ON CONFLICT DO NOTHING";
        return "INSERT INTO " + table.name() + names + " VALUES " + rows + conflict;
    }

    private String row(List<Column> columns) {
        StringJoiner row = new StringJoiner(", ", "(", ")");
        for (Column c : columns) {
            boolean key = c.name().startsWith("k");
            row.add(
                    !key && random.nextInt(5) == 0
                            ? "NULL"
                            : key && !c.isText() ? "" + random.nextInt(30) : terms.literal(c.isText()));
        }
        return row.toString();
    }

    private String upsert(Source table) {
        String key = isComposite(table) ? "k, k1" : "k";
        StringJoiner names = new StringJoiner(", ", " (", ")");
        table.columns().forEach(c -> names.add(c.name()));
        Column set = table.columns().get(table.columns().size() - 1);
        String name = table.name() + "." + set.name();
        String value = set.isText()
                ? "COALESCE(EXCLUDED." + set.name() + ", " + name + ") || 'u'"
                : "EXCLUDED." + set.name() + " + COALESCE(" + name + ", 1)";
        String where = random.nextBoolean() ? "" : " WHERE " + terms.simple(table.called(table.name()));
        return "INSERT INTO " + table.name() + names + " VALUES " + row(table.columns()) + " ON CONFLICT (" + key
                + ") DO UPDATE SET " + set.name() + " = " + value + where;
    }

    private String insertSelect(Source table) {
        StringJoiner names = new StringJoiner(", ", " (", ")");
        table.columns().forEach(c -> names.add(c.name()));
        Source from = any(tables);
        List<Column> columns = from.called("q");
        StringJoiner items = new StringJoiner(", ");
        for (Column c : table.columns()) {
            boolean key = c.name().startsWith("k");
            items.add(
                    key
                            ? c.isText() ? "'k'" : "q.k + " + (10 + random.nextInt(20))
                            : c.isText() ? terms.text(columns, 1) : terms.number(columns, 1));
        }
        return "INSERT INTO " + table.name() + names + " SELECT " + items + " FROM " + from.name() + " AS q WHERE "
                + terms.predicate(columns, 1) + " AND q.k < " + random.nextInt(12)
                + (isComposite(from) ? firstOfItsKey(from) : "") + " ON CONFLICT DO NOTHING";
    }

    private static boolean isComposite(Source table) {
        return table.columns().get(1).name().equals("k1");
    }

    /** Which of two rows with one new key is left depends on their order: so one of each {@code k} is taken. */
    private static String firstOfItsKey(Source from) {
        return " AND NOT EXISTS (SELECT 1 FROM " + from.name() + " AS p WHERE p.k = q.k AND p.k1 < q.k1)";
    }

    private String update(Source table) {
        StringJoiner sets = new StringJoiner(", ");
        List<Column> columns = shuffled(table.columns());
        columns.removeIf(c -> c.name().startsWith("k"));
        boolean joined = random.nextInt(3) == 0;
        Source other = any(tables);
        List<Column> visible = new ArrayList<>(table.called(table.name()));
        if (joined) {
            visible.addAll(other.called("o"));
        }
        for (Column c : columns.subList(0, 1 + random.nextInt(columns.size()))) {
            sets.add(c.name() + " = " + terms.of(c.isText(), visible, 1));
        }
        // Each row meets one other at the most, so that the answer does not depend on which is taken.
        boolean single = !isComposite(other);
        String from = joined && single
                ? " FROM " + other.name() + " AS o WHERE o.k = " + table.name() + ".k AND "
                        + terms.predicate(visible, 1)
                : " WHERE " + terms.predicate(table.called(table.name()), 2);
        if (joined && !single) {
            return "DELETE FROM " + table.name() + " WHERE k = " + random.nextInt(30);
        }
        return "UPDATE " + table.name() + " SET " + sets + from;
    }

    // ---- queries

    Query query() {
        aliases = 0;
        List<Column> columns = new ArrayList<>();
        for (int n = random.nextInt(4); n >= 0; n--) {
            columns.add(new Column("c" + columns.size(), random.nextInt(3) == 0));
        }
        String sql = typed(columns, 2);
        if (random.nextInt(4) == 0) {
            sql = "SELECT * FROM (" + sql + ") AS d0 " + set() + " SELECT * FROM (" + typed(columns, 1) + ") AS d1";
        }
        if (random.nextBoolean()) {
            return new Query(sql, false);
        }
        StringJoiner order = new StringJoiner(", ", " ORDER BY ", "");
        List<Integer> ordinals = new ArrayList<>();
        for (int i = 1; i <= columns.size(); i++) {
            ordinals.add(i);
        }
        java.util.Collections.shuffle(ordinals, random);
        ordinals.forEach(i -> order.add(
                i + (random.nextBoolean() ? "" : " DESC") + " NULLS " + (random.nextBoolean() ? "FIRST" : "LAST")));
        String limit = random.nextBoolean() ? "" : " LIMIT " + random.nextInt(8);
        String offset = limit.isEmpty() || random.nextBoolean() ? "" : " OFFSET " + random.nextInt(4);
        return new Query(sql + order + limit + offset, true);
    }

    Query everything() {
        return new Query("SELECT * FROM " + any(tables).name(), false);
    }

    /** A query whose columns have these types. */
    private String typed(List<Column> columns, int depth) {
        return random.nextInt(3) == 0 ? grouped(columns, depth) : plain(columns, depth);
    }

    private String plain(List<Column> columns, int depth) {
        List<Column> visible = new ArrayList<>();
        String from = from(visible, depth);
        StringJoiner items = new StringJoiner(", ");
        columns.forEach(
                c -> items.add(terms.of(c.isText(), visible, 2) + (random.nextBoolean() ? " AS " : " ") + c.name()));
        String distinct = random.nextInt(4) == 0 ? "DISTINCT " : "";
        String where = random.nextInt(5) == 0 ? "" : " WHERE " + terms.predicate(visible, 2);
        return "SELECT " + distinct + items + " FROM " + from + where;
    }

    private String grouped(List<Column> columns, int depth) {
        List<Column> visible = new ArrayList<>();
        String from = from(visible, depth);
        String where = random.nextBoolean() ? "" : " WHERE " + terms.predicate(visible, 1);
        List<String> keys = new ArrayList<>();
        for (int n = random.nextInt(3); n > 0; n--) {
            // A bare number would be an ordinal.
            keys.add(random.nextInt(4) > 0 ? any(visible).name() : "(" + terms.number(visible, 1) + " + 0)");
        }
        StringJoiner items = new StringJoiner(", ");
        for (Column c : columns) {
            items.add(terms.aggregate(c.isText(), visible) + " AS " + c.name());
        }
        String by = keys.isEmpty() ? "" : " GROUP BY " + String.join(", ", keys);
        String having = keys.isEmpty() || random.nextBoolean()
                ? ""
                : " HAVING " + terms.aggregate(false, visible) + " " + COMPARISONS[random.nextInt(7)] + " "
                        + terms.literal(false);
        return "SELECT " + items + " FROM " + from + where + by + having;
    }

    private String from(List<Column> visible, int depth) {
        StringBuilder from = new StringBuilder(relation(visible, depth));
        // SQLite knows nested loops alone: large joins of joins would take it minutes.
        for (int n = random.nextInt(depth > 1 ? 3 : 2); n > 0; n--) {
            List<Column> right = new ArrayList<>();
            String relation = relation(right, depth);
            List<Column> left = List.copyOf(visible);
            visible.addAll(right);
            String join = new String[] {"JOIN", "JOIN", "LEFT JOIN", "RIGHT JOIN", "FULL JOIN", "CROSS JOIN"}
                    [random.nextInt(6)];
            from.append(' ').append(join).append(' ').append(relation);
            if (!join.equals("CROSS JOIN")) {
                String equal = number(left) + " = " + number(right);
                from.append(" ON ").append(equal);
                from.append(random.nextInt(3) == 0 ? " AND " + terms.predicate(visible, 1) : "");
            }
        }
        return from.toString();
    }

    private String number(List<Column> columns) {
        List<Column> numbers = columns.stream().filter(c -> !c.isText()).toList();
        return any(numbers).name();
    }

    private String relation(List<Column> visible, int depth) {
        String alias = "r" + aliases++;
        if (depth > 0 && random.nextInt(5) == 0) {
            List<Column> columns = List.of(new Column("m", false), new Column("n", false), new Column("w", true));
            visible.addAll(new Source("", columns).called(alias));
            String set = random.nextInt(3) == 0 ? " " + set() + " " + plain(columns, 0) : "";
            return "(" + plain(columns, depth - 1) + set + ") AS " + alias;
        }
        Source source = any(sources);
        visible.addAll(source.called(alias));
        return source.name() + " AS " + alias;
    }

    private String set() {
        return new String[] {"UNION", "UNION ALL", "INTERSECT", "EXCEPT"}[random.nextInt(4)];
    }

    /** A condition with a subquery, correlated or not. */
    private String subquery(List<Column> outer) {
        String alias = "s" + aliases++;
        Source source = any(tables);
        List<Column> inner = source.called(alias);
        List<Column> both = new ArrayList<>(inner);
        if (random.nextBoolean()) {
            both.addAll(outer);
        }
        String from = " FROM " + source.name() + " AS " + alias + " WHERE " + terms.flat(both);
        String not = random.nextInt(3) == 0 ? "NOT " : "";
        Column left = any(outer);
        return switch (random.nextInt(4)) {
            case 0 -> not + "EXISTS (SELECT 1" + from + ")";
            case 1 ->
                number(outer) + " " + COMPARISONS[random.nextInt(6)] + " (SELECT " + terms.aggregate(false, inner)
                        + from + ")";
            case 2 ->
                "(" + number(outer) + ", " + number(outer) + ") " + not + "IN (SELECT " + number(inner) + ", "
                        + terms.number(inner, 0) + from + ")";
            default -> left.name() + " " + not + "IN (SELECT " + terms.of(left.isText(), inner, 1) + from + ")";
        };
    }

    private <T> T any(List<T> list) {
        return list.get(random.nextInt(list.size()));
    }

    private <T> List<T> shuffled(List<T> list) {
        List<T> copy = new ArrayList<>(list);
        java.util.Collections.shuffle(copy, random);
        return copy;
    }
}

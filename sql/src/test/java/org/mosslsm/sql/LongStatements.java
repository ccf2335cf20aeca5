package org.mosslsm.sql;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Long statements of every kind, to be cancelled, on tables made for them. */
final class LongStatements {
    /** Tables of the join that takes long to plan. */
    static final int TABLES = 80;

    /**
     * A statement that is at it for long.
     *
     * @param before what is executed before it, in the same transaction
     * @param sql the statement
     */
    record Kind(String name, List<String> before, String sql) {
        @Override
        public String toString() {
            return name;
        }
    }

    private LongStatements() {}

    /** Tables t, u, loose (no key), parent and child of so many rows, and some strings of a megabyte. */
    static void create(Session session, int rows, double scale) {
        execute(session, "CREATE TABLE t (id INT PRIMARY KEY, a INT, b INT, s TEXT, pad TEXT)");
        execute(
                session,
                "INSERT INTO t SELECT i, i % 1000, CAST(i AS BIGINT) * 7919 % " + rows
                        + ", 'k' || (CAST(i AS BIGINT) * 7919 % " + rows + "), repeat('x', 60) FROM generate_series(1, "
                        + rows + ") AS g (i)");
        execute(session, "CREATE TABLE u (id INT PRIMARY KEY, a INT, b INT, s TEXT)");
        execute(session, "INSERT INTO u SELECT id, a, b, s FROM t");
        execute(session, "CREATE TABLE loose (id INT NOT NULL, a INT, s TEXT)");
        execute(session, "INSERT INTO loose SELECT b, a, s FROM t");
        execute(session, "CREATE TABLE parent (id INT PRIMARY KEY)");
        execute(session, "INSERT INTO parent SELECT i FROM generate_series(0, 9) AS g (i)");
        execute(
                session,
                "CREATE TABLE child (id INT PRIMARY KEY, p INT REFERENCES parent ON DELETE CASCADE ON UPDATE CASCADE)");
        execute(session, "INSERT INTO child SELECT id, a % 10 FROM t");
        execute(session, "CREATE INDEX child_p ON child (p)");
        execute(session, "CREATE TABLE empty (id INT PRIMARY KEY, a INT, b INT, s TEXT, pad TEXT)");
        execute(session, "CREATE INDEX empty_b ON empty (b)");
        execute(session, "CREATE TABLE strings (id INT PRIMARY KEY, s TEXT)");
        execute(
                session,
                "INSERT INTO strings VALUES (1, repeat('a', " + of(1_000_000, scale) + ")), (2, repeat('ab', "
                        + of(500_000, scale) + "))");
        for (int i = 0; i < TABLES; i++) {
            execute(session, "CREATE TABLE j" + i + " (a INT PRIMARY KEY, b INT)");
            execute(session, "INSERT INTO j" + i + " VALUES (1, 1), (2, 2)");
        }
    }

    private static void execute(Session session, String sql) {
        session.prepare(sql).execute(List.of(), RunOptions.PLAIN);
    }

    private static final class Kinds {
        final List<Kind> all = new ArrayList<>();

        void add(String name, String sql) {
            all.add(new Kind(name, List.of(), sql));
        }
    }

    /** @param scale of texts and strings; 1 is the hostile size */
    static List<Kind> all(double scale) {
        Kinds kinds = new Kinds();
        queries(kinds);
        changes(kinds);
        definitions(kinds);
        strings(kinds, scale);
        texts(kinds, scale);
        return kinds.all;
    }

    private static String list(int n, String separator, IntFunction<String> item) {
        return IntStream.range(0, n).mapToObj(item).collect(Collectors.joining(separator));
    }

    private static String often(String query) {
        return list(20, " UNION ALL ", i -> query);
    }

    private static void queries(Kinds kinds) {
        kinds.add("filter", often("SELECT id FROM t WHERE b < 0 AND s LIKE '%q%'"));
        kinds.add("filter in Java", often("SELECT id FROM t WHERE length(pad) + b < 0"));
        kinds.add("rows", often("SELECT * FROM t"));
        kinds.add("sum", often("SELECT SUM(b) FROM t WHERE a >= 0"));
        kinds.add("count", often("SELECT COUNT(*) FROM t"));
        kinds.add("hash join", often("SELECT COUNT(*) FROM t JOIN u ON t.b = u.b"));
        kinds.add("hash join of few keys", often("SELECT COUNT(*) FROM t JOIN u ON t.a = u.a AND t.b + u.b < 0"));
        kinds.add("merge join", often("SELECT COUNT(*) FROM t JOIN u ON t.id = u.id AND t.b + u.b < 0"));
        kinds.add("lookup join", often("SELECT COUNT(*) FROM t JOIN u ON u.id = t.b + 1 WHERE t.a < 3"));
        kinds.add("nested loop", "SELECT COUNT(*) FROM t JOIN u ON t.b < u.b AND t.b + u.b < 0");
        kinds.add("full join", often("SELECT COUNT(*) FROM t FULL JOIN u ON t.b = u.a"));
        kinds.add("sort", often("(SELECT * FROM t ORDER BY s, id)"));
        kinds.add("top", often("(SELECT * FROM t ORDER BY s LIMIT 10)"));
        kinds.add("groups", often("SELECT COUNT(*) FROM (SELECT b, COUNT(*) FROM t GROUP BY b) AS d"));
        kinds.add(
                "groups of strings",
                often("SELECT COUNT(*) FROM (SELECT s, COUNT(DISTINCT pad) FROM t GROUP BY s) AS d"));
        kinds.add("distinct", often("SELECT COUNT(*) FROM (SELECT DISTINCT s FROM t) AS d"));
        kinds.add("union", often("SELECT COUNT(*) FROM (SELECT s FROM t UNION SELECT s FROM u) AS d"));
        kinds.add("intersect", often("SELECT COUNT(*) FROM (SELECT s FROM t INTERSECT SELECT s FROM u) AS d"));
        kinds.add("except", often("SELECT COUNT(*) FROM (SELECT s FROM t EXCEPT SELECT s FROM u) AS d"));
        kinds.add(
                "common table",
                "WITH c AS (" + often("SELECT b FROM t") + ") SELECT COUNT(*) FROM c x JOIN c y ON x.b = y.b");
        kinds.add("scalar subquery", "SELECT COUNT(*) FROM t WHERE b > (SELECT COUNT(*) FROM u WHERE u.b < t.b)");
        kinds.add("EXISTS", "SELECT COUNT(*) FROM t WHERE EXISTS (SELECT 1 FROM u WHERE u.b < t.b AND u.a + t.a < 0)");
        kinds.add("NOT IN", often("SELECT COUNT(*) FROM t WHERE b NOT IN (SELECT b + 1 FROM u)"));
        kinds.add("series", "SELECT COUNT(*) FROM generate_series(1, 100000) AS g (i) WHERE i < 0");
        kinds.add("string_agg", often("SELECT length(string_agg(pad, ',' ORDER BY s)) FROM t"));
        kinds.add("explain analyze", "EXPLAIN ANALYZE " + often("SELECT COUNT(*) FROM t JOIN u ON t.b = u.b"));
    }

    private static void changes(Kinds kinds) {
        kinds.add("insert", "INSERT INTO empty SELECT * FROM t");
        kinds.add("insert in no order", "INSERT INTO empty SELECT b, a, id, s, pad FROM t");
        kinds.add("insert returning", "INSERT INTO empty SELECT * FROM t RETURNING id, s");
        kinds.add(
                "on conflict",
                "INSERT INTO t SELECT * FROM t ON CONFLICT (id) DO UPDATE SET b = excluded.b + 1, s = t.s || 'x'");
        kinds.add("on conflict nothing", "INSERT INTO t SELECT * FROM t ON CONFLICT DO NOTHING");
        kinds.add("update", "UPDATE t SET b = b + 1, s = s || 'x'");
        kinds.add("update of keys", "UPDATE t SET id = id + 10000000");
        kinds.add("update from", "UPDATE t SET b = u.a FROM u WHERE u.id = t.id");
        kinds.add("update returning", "UPDATE t SET b = b + 1 RETURNING *");
        kinds.add("delete", "DELETE FROM t WHERE length(s) > 0");
        kinds.add("delete using", "DELETE FROM t USING u WHERE u.b = t.b AND u.a >= 0");
        kinds.add("delete cascade", "DELETE FROM parent");
        kinds.add("update cascade", "UPDATE parent SET id = id + 100");
        kinds.add("select for update", "SELECT * FROM t FOR UPDATE");
        kinds.add("truncate", "TRUNCATE TABLE t");
        kinds.add("drop", "DROP TABLE t");
    }

    private static void definitions(Kinds kinds) {
        kinds.add("create index", "CREATE INDEX t_s ON t (s, b)");
        kinds.add("create unique index", "CREATE UNIQUE INDEX t_b ON t (b)");
        kinds.add("add primary key", "ALTER TABLE loose ADD PRIMARY KEY (id)");
        kinds.add("add unique", "ALTER TABLE t ADD UNIQUE (b, s)");
        kinds.add("add check", "ALTER TABLE t ADD CHECK (length(s) + b >= 0)");
        kinds.add("add foreign key", "ALTER TABLE t ADD FOREIGN KEY (id) REFERENCES u (id)");
        kinds.add("set not null", "ALTER TABLE t ALTER COLUMN pad SET NOT NULL");
        kinds.add("retype", "ALTER TABLE t ALTER COLUMN a TYPE TEXT USING a || 'x'");
        kinds.add("create table as", "CREATE TABLE copied AS SELECT * FROM t");
        kinds.add("analyze", "ANALYZE");
        kinds.add("check database", "CHECK DATABASE");
    }

    private static int of(int size, double scale) {
        return (int) (size * scale);
    }

    private static void strings(Kinds kinds, double scale) {
        String often = " FROM strings, generate_series(1, " + of(100, scale) + ") WHERE ";
        kinds.add("LIKE of a long segment", "SELECT COUNT(*)" + often + "s LIKE '%" + "a".repeat(999) + "b%'");
        kinds.add("LIKE of _", "SELECT COUNT(*)" + often + "s LIKE '%" + "a".repeat(500) + "_b%'");
        kinds.add("LIKE of _, computed", "SELECT COUNT(*)" + often + "s || '' LIKE '%" + "a".repeat(500) + "_b%'");
        kinds.add("LIKE, computed", "SELECT COUNT(*)" + often + "s || '' LIKE '%" + "a".repeat(999) + "b%'");
        kinds.add("ILIKE", "SELECT COUNT(*)" + often + "s ILIKE '%" + "A".repeat(500) + "_b%'");
        kinds.add("60 wildcards", "SELECT COUNT(*)" + often + "s LIKE '" + "%a".repeat(60) + "%c'");
        kinds.add("regular expression", "SELECT COUNT(*)" + often + "s ~ '(a|b)(a|b)(a|b)c'");
        kinds.add("regular expression in n squared", "SELECT COUNT(*) FROM strings WHERE left(s, 20000) ~ 'a*c'");
        kinds.add("regular expression in n", "SELECT COUNT(*)" + often + "s ~ 'xyz'");
        kinds.add("regexp_replace", "SELECT COUNT(regexp_replace(s, 'a', 'bc', 'g'))" + often + "TRUE");
        kinds.add("SIMILAR TO", "SELECT COUNT(*) FROM strings WHERE left(s, 20000) SIMILAR TO '%a%c'");
        String needle = "repeat('a', " + of(200_000, scale) + ") || 'b'";
        kinds.add("POSITION", "SELECT POSITION(" + needle + " IN s) FROM strings");
        kinds.add("REPLACE", "SELECT length(REPLACE(s, " + needle + ", '')) FROM strings");
        kinds.add("REPLACE that grows", "SELECT length(REPLACE(s, 'a', repeat('x', 250))) FROM strings");
        kinds.add("SPLIT_PART", "SELECT SPLIT_PART(s, " + needle + ", 1) FROM strings");
        kinds.add(
                "TRANSLATE", "SELECT length(TRANSLATE(s, repeat('b', " + of(100_000, scale) + "), 'a')) FROM strings");
        kinds.add("REPEAT", "SELECT length(repeat(s, 250)) FROM strings");
        kinds.add("RPAD", "SELECT length(rpad('x', " + of(250_000_000, scale) + ", 'abc'))");
        kinds.add("LPAD", "SELECT length(lpad('x', " + of(250_000_000, scale) + ", 'abc'))");
        kinds.add("UPPER", "SELECT COUNT(upper(repeat(s, 50)))" + often + "TRUE");
        kinds.add("REVERSE", "SELECT COUNT(reverse(repeat(s, 50)))" + often + "TRUE");
        kinds.add("BTRIM", "SELECT COUNT(btrim(repeat(s, 50), repeat('x', 1000) || 'a')) FROM strings");
        kinds.add("MD5", "SELECT COUNT(md5(repeat(s, 50)))" + often + "TRUE");
        kinds.add("huge decimals", "SELECT CAST('" + "9".repeat(900) + "' AS DECIMAL) * b FROM t");
    }

    private static void texts(Kinds kinds, double scale) {
        kinds.add(
                "parse rows",
                "INSERT INTO empty (id, a) VALUES " + list(of(300_000, scale), ", ", i -> "(" + i + ", 123456789)"));
        kinds.add("parse a string", "SELECT length('" + "é".repeat(of(10_000_000, scale)) + "')");
        kinds.add(
                "parse IN", "SELECT COUNT(*) FROM t WHERE b IN (" + list(of(500_000, scale), ", ", i -> "" + i) + ")");
        kinds.add("parse ORs", "SELECT COUNT(*) FROM t WHERE " + list(of(100_000, scale), " OR ", i -> "b = " + i));
        kinds.add(
                "parse AND of ORs",
                "SELECT COUNT(*) FROM t WHERE "
                        + list(of(30_000, scale), " AND ", i -> "(b <> " + i + " OR a < " + i + ")"));
        String from = "SELECT j0.a FROM " + list(TABLES, ", ", i -> "j" + i) + " WHERE ";
        kinds.add("plan a chain", from + list(TABLES - 1, " AND ", i -> "j" + i + ".b = j" + (i + 1) + ".a"));
        kinds.add("plan a star", from + list(TABLES - 1, " AND ", i -> "j0.b = j" + (i + 1) + ".a"));
        kinds.add("plan equal columns", from + list(TABLES - 1, " AND ", i -> "j" + i + ".a = j" + (i + 1) + ".a"));
        kinds.add("plan columns", "SELECT " + list(of(5_000, scale), ", ", i -> "b + " + i + " AS c" + i) + " FROM t");
        kinds.add("create columns", "CREATE TABLE wide (" + list(of(5_000, scale), ", ", i -> "c" + i + " INT") + ")");
    }
}

package org.mosslsm.it.property;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.StringJoiner;

/** What holds for every case. Each answers what is broken, or {@code null}; a statement that fails is a breach, too. */
enum Law {
    /** Rows where a condition is true, false and unknown are all rows. */
    THREE_PARTS_MAKE_THE_WHOLE {
        @Override
        String broken(Connection c, Connection bare, Case k) throws SQLException {
            String select = "SELECT * FROM " + k.from();
            List<String> parts = new ArrayList<>();
            for (String part : partitions(k)) {
                parts.addAll(rows(c, select + part));
            }
            return difference("the rows", rows(c, select), parts);
        }
    },

    /** So are their aggregates, put together. */
    AGGREGATES_OF_THE_PARTS_MAKE_THE_WHOLE {
        @Override
        String broken(Connection c, Connection bare, Case k) throws SQLException {
            String column = "a.c0";
            List<String> whole = rows(
                    c,
                    "SELECT COUNT(*), COUNT(" + column + "), MIN(" + column + "), MAX(" + column + ") FROM "
                            + k.from());
            StringBuilder parts = new StringBuilder();
            StringBuilder groups = new StringBuilder();
            for (String part : partitions(k)) {
                String union = parts.isEmpty() ? "" : " UNION ALL ";
                parts.append(union)
                        .append("SELECT COUNT(*) n, COUNT(" + column + ") m, MIN(" + column + ") lo, MAX(" + column
                                + ") hi FROM " + k.from() + part);
                groups.append(union)
                        .append("SELECT " + column + " g, COUNT(*) n FROM " + k.from() + part + " GROUP BY " + column);
            }
            String broken = difference(
                    "COUNT, MIN, MAX",
                    whole,
                    rows(
                            c,
                            "SELECT CAST(SUM(n) AS BIGINT), CAST(SUM(m) AS BIGINT), MIN(lo), MAX(hi) FROM (" + parts
                                    + ") p"));
            return broken != null
                    ? broken
                    : difference(
                            "GROUP BY",
                            rows(c, "SELECT " + column + ", COUNT(*) FROM " + k.from() + " GROUP BY " + column),
                            rows(c, "SELECT g, CAST(SUM(n) AS BIGINT) FROM (" + groups + ") p GROUP BY g"));
        }
    },

    /** As many rows pass a filter as there are rows for which its condition is true. */
    A_FILTER_PASSES_WHAT_ITS_CONDITION_FINDS_TRUE {
        @Override
        String broken(Connection c, Connection bare, Case k) throws SQLException {
            long found = rows(c, "SELECT " + k.where().literal() + " FROM " + k.from()).stream()
                    .filter(r -> r.equals("true"))
                    .count();
            List<String> counted = rows(
                    c,
                    "SELECT COUNT(*) FROM " + k.from() + " WHERE " + k.where().literal());
            return difference("COUNT(*)", List.of(String.valueOf(found)), counted);
        }
    },

    /** An index changes no answer. */
    AN_INDEX_CHANGES_NO_ANSWER {
        @Override
        String broken(Connection c, Connection bare, Case k) throws SQLException {
            String sql = "SELECT * FROM " + k.from() + " WHERE " + k.where().literal();
            String broken = difference("with indexes", rows(bare, sql), rows(c, sql));
            String ordered =
                    "SELECT a.c0 FROM " + k.from() + " WHERE " + k.where().literal() + " ORDER BY a.c0 DESC LIMIT 5";
            return broken != null ? broken : difference("ordered, with indexes", rows(bare, ordered), rows(c, ordered));
        }
    },

    /** A page of an order is that part of the whole order. */
    A_PAGE_IS_A_PART_OF_THE_ORDER {
        @Override
        String broken(Connection c, Connection bare, Case k) throws SQLException {
            Random random = new Random(k.seed());
            List<Tables.Column> columns = new ArrayList<>(k.tables().columns().get(0));
            Collections.shuffle(columns, random);
            StringJoiner order = new StringJoiner(", ", " ORDER BY ", "");
            for (Tables.Column column : columns) {
                String nulls = new String[] {"", "", " NULLS FIRST", " NULLS LAST"}[random.nextInt(4)];
                order.add("a." + column.name() + (random.nextBoolean() ? "" : " DESC") + nulls);
            }
            int offset = random.nextInt(3) == 0 ? random.nextInt(8) : 0;
            int limit = random.nextInt(7);
            String sql = "SELECT a.* FROM " + k.from() + " WHERE " + k.where().literal() + order;
            List<String> all = rows(bare, sql);
            List<String> expected = all.subList(Math.min(all.size(), offset), Math.min(all.size(), offset + limit));
            String page = sql + " LIMIT " + limit + " OFFSET " + offset;
            List<String> found = rows(c, page);
            return expected.equals(found) ? null : page + ": expected " + expected + ", found " + found;
        }
    },

    /** What aggregates FILTER out they would not see behind a WHERE, and groups are the same however they are read. */
    AGGREGATES_SEE_WHAT_PASSES {
        @Override
        String broken(Connection c, Connection bare, Case k) throws SQLException {
            Tables.Column number = k.tables().columns().get(0).stream()
                    .filter(n -> n.kind() == Kind.INTEGER)
                    .findFirst()
                    .orElseThrow();
            List<String> calls = new ArrayList<>();
            for (String call : AGGREGATES) {
                calls.add(call.replaceAll("\\bn\\b", "a." + number.name()));
            }
            String p = k.where().literal();
            String plain = String.join(", ", calls);
            String filtered = String.join(" FILTER (WHERE " + p + "), ", calls) + " FILTER (WHERE " + p + ")";
            String broken = difference(
                    "aggregates with FILTER",
                    rows(bare, "SELECT " + plain + " FROM " + k.from() + " WHERE " + p),
                    rows(c, "SELECT " + filtered + " FROM " + k.from()));
            if (broken != null) {
                return broken;
            }
            String by =
                    "a.c" + Math.floorMod(k.seed(), k.tables().columns().get(0).size());
            String groups = "SELECT " + by + ", " + plain + " FROM " + k.from() + " WHERE " + p + " GROUP BY " + by
                    + (k.seed() % 3 == 0 ? " HAVING COUNT(*) > 1" : "");
            return difference("groups", rows(bare, groups), rows(c, groups));
        }
    },

    /** A parameter of a type means what the literal means. */
    A_PARAMETER_MEANS_WHAT_THE_LITERAL_MEANS {
        @Override
        String broken(Connection c, Connection bare, Case k) throws SQLException {
            List<Object> values = new ArrayList<>();
            String sql = "SELECT * FROM " + k.from() + " WHERE ";
            String parameterised = sql + k.where().parameterised(values);
            List<String> expected = rows(c, sql + k.where().literal());
            try (PreparedStatement statement = c.prepareStatement(parameterised)) {
                for (int i = 0; i < values.size(); i++) {
                    statement.setObject(i + 1, values.get(i));
                }
                for (int run = 0; run < 2; run++) {
                    try (ResultSet rs = statement.executeQuery()) {
                        String broken = difference(parameterised + " with " + values, expected, rows(rs));
                        if (broken != null) {
                            return broken;
                        }
                    }
                }
            }
            return null;
        }
    },

    /** DELETE removes what SELECT shows, and UPDATE changes as many. */
    A_CHANGE_MEETS_WHAT_A_QUERY_SHOWS {
        @Override
        String broken(Connection c, Connection bare, Case k) throws SQLException {
            if (!k.join().isEmpty()) {
                return null;
            }
            String where = " FROM t0 a WHERE " + k.where().literal();
            List<String> all = rows(c, "SELECT * FROM t0 a");
            List<String> met = rows(c, "SELECT *" + where);
            c.setAutoCommit(false);
            try (Statement statement = c.createStatement()) {
                String last = k.tables()
                        .columns()
                        .get(0)
                        .get(k.tables().columns().get(0).size() - 1)
                        .name();
                int updated = statement.executeUpdate("UPDATE t0 a SET " + last + " = " + last + " WHERE "
                        + k.where().literal());
                int deleted = statement.executeUpdate("DELETE" + where);
                List<String> left = new ArrayList<>(rows(c, "SELECT * FROM t0 a"));
                left.addAll(met);
                String broken = difference("rows left and rows deleted", all, left);
                return broken != null || (updated == met.size() && deleted == met.size())
                        ? broken
                        : met.size() + " rows are met, " + updated + " updated, " + deleted + " deleted";
            } finally {
                c.rollback();
                c.setAutoCommit(true);
            }
        }
    },

    /** Sets and bags. */
    UNION_INTERSECT_AND_EXCEPT_COUNT_ROWS {
        @Override
        String broken(Connection c, Connection bare, Case k) throws SQLException {
            return QueryLaws.sets(c, k);
        }
    },

    /** Aggregates with FILTER. */
    A_FILTER_IS_A_CASE {
        @Override
        String broken(Connection c, Connection bare, Case k) throws SQLException {
            return QueryLaws.filters(c, k);
        }
    },

    /** Distinct rows. */
    DISTINCT_IS_A_GROUPING {
        @Override
        String broken(Connection c, Connection bare, Case k) throws SQLException {
            return QueryLaws.distinct(c, k);
        }
    },

    /** WITH. */
    A_WITH_QUERY_IS_ITS_TEXT {
        @Override
        String broken(Connection c, Connection bare, Case k) throws SQLException {
            return QueryLaws.common(c, k);
        }
    },

    /** LIMIT and OFFSET. */
    SLICES_MAKE_THE_WHOLE {
        @Override
        String broken(Connection c, Connection bare, Case k) throws SQLException {
            return QueryLaws.slices(c, k);
        }
    },

    /** Correlated subqueries. */
    A_SUBQUERY_COUNTS_WHAT_A_JOIN_HAS {
        @Override
        String broken(Connection c, Connection bare, Case k) throws SQLException {
            return QueryLaws.correlated(c, k);
        }
    },

    /** Views. */
    A_VIEW_IS_ITS_TEXT {
        @Override
        String broken(Connection c, Connection bare, Case k) throws SQLException {
            return SessionLaws.view(c, k);
        }
    },

    /** Prepared statements whose tables are altered. */
    A_PREPARED_STATEMENT_KEEPS_ITS_MEANING {
        @Override
        String broken(Connection c, Connection bare, Case k) throws SQLException {
            return SessionLaws.prepared(c, k);
        }
    },

    /** Savepoints. */
    WHAT_IS_ROLLED_BACK_NEVER_HAPPENED {
        @Override
        String broken(Connection c, Connection bare, Case k) throws SQLException {
            return SessionLaws.savepoint(c, k);
        }
    },

    /** Open result sets. */
    A_CURSOR_READS_WHAT_ITS_QUERY_SAW {
        @Override
        String broken(Connection c, Connection bare, Case k) throws SQLException {
            return SessionLaws.cursor(c, k);
        }
    };

    /** Of a column {@code n} of whole numbers; none depends on the order in which rows come. */
    private static final List<String> AGGREGATES = List.of(
            "COUNT(*)",
            "SUM(n)",
            "AVG(n)",
            "MIN(n)",
            "MAX(n)",
            "COUNT(DISTINCT n)",
            "SUM(DISTINCT n)",
            "BOOL_AND(n > 0)",
            "BOOL_OR(n > 12)",
            "BIT_AND(n)",
            "BIT_OR(n)",
            "BIT_XOR(n)",
            "VAR_POP(n)",
            "VAR_SAMP(n)",
            "STDDEV_POP(n)",
            "STDDEV_SAMP(n)",
            "STRING_AGG(CAST(n AS VARCHAR), '+' ORDER BY n DESC)",
            "STRING_AGG(DISTINCT CAST(n AS VARCHAR), '+' ORDER BY CAST(n AS VARCHAR))");

    /** What is broken, or {@code null}; {@code bare} has the same rows and no indexes. */
    abstract String broken(Connection c, Connection bare, Case k) throws SQLException;

    private static List<String> partitions(Case k) {
        String p = k.where().literal();
        return List.of(" WHERE " + p, " WHERE NOT " + p, " WHERE " + p + " IS NULL");
    }

    static String difference(String what, List<String> expected, List<String> actual) {
        List<String> one = new ArrayList<>(expected);
        List<String> other = new ArrayList<>(actual);
        Collections.sort(one);
        Collections.sort(other);
        return one.equals(other) ? null : what + ": expected " + one + ", found " + other;
    }

    static List<String> rows(Connection c, String sql) throws SQLException {
        try (Statement statement = c.createStatement();
                ResultSet rs = statement.executeQuery(sql)) {
            return rows(rs);
        } catch (SQLException e) {
            throw new SQLException(e.getMessage() + "\nin " + sql, e.getSQLState(), e);
        }
    }

    static List<String> rows(ResultSet rs) throws SQLException {
        List<String> rows = new ArrayList<>();
        while (rs.next()) {
            rows.add(row(rs));
        }
        return rows;
    }

    /** The row that the result stands at. */
    static String row(ResultSet rs) throws SQLException {
        int columns = rs.getMetaData().getColumnCount();
        StringBuilder row = new StringBuilder();
        for (int i = 1; i <= columns; i++) {
            row.append(i == 1 ? "" : "|").append(rs.getString(i));
        }
        return row.toString();
    }
}

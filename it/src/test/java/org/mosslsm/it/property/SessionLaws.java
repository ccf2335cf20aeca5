package org.mosslsm.it.property;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** Laws of what happens around a query: views, definitions, savepoints, cursors. Each leaves the tables as they were. */
final class SessionLaws {
    private SessionLaws() {}

    private static void execute(Connection c, String sql) throws SQLException {
        try (Statement statement = c.createStatement()) {
            statement.execute(sql);
        }
    }

    /** What a law does in a transaction that is rolled back. */
    private interface Work {
        String broken() throws SQLException;
    }

    private static String undone(Connection c, Work work) throws SQLException {
        c.setAutoCommit(false);
        try {
            return work.broken();
        } finally {
            c.rollback();
            c.setAutoCommit(true);
        }
    }

    /** A view is its text. */
    static String view(Connection c, Case k) throws SQLException {
        String text = "SELECT a.* FROM " + k.from() + " WHERE " + k.where().literal();
        return undone(c, () -> {
            execute(c, "CREATE VIEW law_view AS " + text);
            String broken = Law.difference("the view", Law.rows(c, text), Law.rows(c, "SELECT * FROM law_view"));
            String more = " x WHERE x.c0 IS NOT NULL";
            return broken != null
                    ? broken
                    : Law.difference(
                            "of the view",
                            Law.rows(c, "SELECT x.c0 FROM (" + text + ")" + more),
                            Law.rows(c, "SELECT x.c0 FROM law_view" + more));
        });
    }

    /** A prepared statement means what its text means, after its tables were altered too. */
    static String prepared(Connection c, Case k) throws SQLException {
        List<Object> values = new ArrayList<>();
        String select = "SELECT a.c0 FROM " + k.from() + " WHERE ";
        String parameterised = select + k.where().parameterised(values);
        String literal = select + k.where().literal();
        List<String> changes = List.of(
                "ALTER TABLE t0 ADD COLUMN law_a INTEGER DEFAULT 5",
                "CREATE INDEX law_index ON t0 (law_a, " + indexable(k) + ")",
                "ALTER TABLE t0 DROP COLUMN law_a",
                "ALTER TABLE t0 ADD COLUMN law_b TEXT",
                "DELETE FROM t0 WHERE c0 IS NULL");
        return undone(c, () -> {
            try (PreparedStatement statement = c.prepareStatement(parameterised)) {
                for (String change : changes) {
                    for (int i = 0; i < values.size(); i++) {
                        statement.setObject(i + 1, values.get(i));
                    }
                    try (ResultSet rs = statement.executeQuery()) {
                        String broken = Law.difference("before " + change, Law.rows(c, literal), Law.rows(rs));
                        if (broken != null) {
                            return broken;
                        }
                    }
                    execute(c, change);
                }
            }
            return null;
        });
    }

    private static String indexable(Case k) {
        return k.tables().columns().get(0).stream()
                .filter(n -> n.kind().isIndexable())
                .findFirst()
                .orElseThrow()
                .name();
    }

    /** What was rolled back to a savepoint never happened. */
    static String savepoint(Connection c, Case k) throws SQLException {
        if (!k.join().isEmpty()) {
            return null;
        }
        String where = " FROM t0 a WHERE " + k.where().literal();
        return undone(c, () -> {
            execute(c, "DELETE FROM t0 WHERE c0 IS NULL");
            List<String> all = Law.rows(c, "SELECT * FROM t0 a");
            List<String> met = Law.rows(c, "SELECT *" + where);
            Savepoint before = c.setSavepoint();
            execute(c, "INSERT INTO t0 SELECT * FROM t0 ON CONFLICT DO NOTHING");
            execute(c, "DELETE" + where);
            execute(c, "TRUNCATE TABLE t1");
            c.rollback(before);
            String broken = Law.difference("all rows", all, Law.rows(c, "SELECT * FROM t0 a"));
            return broken != null ? broken : Law.difference("the rows met", met, Law.rows(c, "SELECT *" + where));
        });
    }

    /** An open cursor reads what its query saw, whatever its own transaction writes meanwhile. */
    static String cursor(Connection c, Case k) throws SQLException {
        String sql = "SELECT * FROM " + k.from() + " WHERE " + k.where().literal();
        List<String> expected = Law.rows(c, sql);
        int type = k.seed() % 2 == 0 ? ResultSet.TYPE_FORWARD_ONLY : ResultSet.TYPE_SCROLL_INSENSITIVE;
        return undone(c, () -> {
            try (Statement statement = c.createStatement(type, ResultSet.CONCUR_READ_ONLY);
                    ResultSet rs = statement.executeQuery(sql)) {
                List<String> found = new ArrayList<>();
                if (rs.next()) {
                    found.add(Law.row(rs));
                }
                execute(c, "DELETE FROM t0");
                execute(c, "DELETE FROM t1");
                found.addAll(Law.rows(rs));
                String broken = Law.difference("read on", expected, found);
                if (broken != null || type == ResultSet.TYPE_FORWARD_ONLY) {
                    return broken;
                }
                rs.beforeFirst();
                return Law.difference("read again", expected, Law.rows(rs));
            }
        });
    }
}

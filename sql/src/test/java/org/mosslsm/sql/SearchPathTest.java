package org.mosslsm.sql;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.mosslsm.kv.Store;
import org.mosslsm.kv.StoreProvider;

/** What a prepared statement reads when the search_path has changed since. */
class SearchPathTest {
    @Test
    void aPreparedStatementFollowsThePath() {
        try (Store store = StoreProvider.openStore("mem:", Map.of());
                Database database = Database.open(store)) {
            Session session = database.connect();
            for (String sql : List.of(
                    "CREATE TABLE t (a INT PRIMARY KEY)",
                    "INSERT INTO t VALUES (1)",
                    "CREATE SCHEMA other",
                    "CREATE TABLE other.t (a INT PRIMARY KEY)",
                    "INSERT INTO other.t VALUES (2)")) {
                session.prepare(sql).execute(List.of());
            }
            PreparedSql read = session.prepare("SELECT a FROM t");
            assertEquals(1, first(read));
            session.prepare("SET search_path = other, public").execute(List.of());
            assertEquals(2, first(read));
            session.setSchema("public");
            assertEquals(1, first(read));
        }
    }

    private static int first(PreparedSql statement) {
        try (RowCursor rows = statement.execute(List.of()).rows().orElseThrow()) {
            rows.next();
            return ((Number) rows.row().get(0)).intValue();
        }
    }
}

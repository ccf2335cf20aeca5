package org.mosslsm.sql.parse;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which literals are taken out of a text, and that all others leave it as it is. */
class LiteralTemplateTest {
    private static void taken(String sql, String text, Object... values) {
        assertEquals(Optional.of(new LiteralTemplate(text, List.of(values))), LiteralTemplate.of(sql), sql);
    }

    @Test
    void valuesAreTakenOut() {
        taken("SELECT a FROM t WHERE id = 5", "SELECT a FROM t WHERE id = ?", 5L);
        taken(
                "select a from s.t where t.id=-5 and b='it''s' ;",
                "select a from s.t where t.id=? and b=? ;",
                -5L,
                "it's");
        taken("SELECT 1 FROM t WHERE (\"x y\" = 5) LIMIT 10", "SELECT 1 FROM t WHERE (\"x y\" = ?) LIMIT 10", 5L);
        taken(
                "UPDATE t SET a = 1.50, b = b + c, c = 'x' WHERE id = 7",
                "UPDATE t SET a = ?, b = b + c, c = ? WHERE id = ?",
                new BigDecimal("1.50"),
                "x",
                7L);
        taken("DELETE FROM t WHERE id = 5 RETURNING a", "DELETE FROM t WHERE id = ? RETURNING a", 5L);
        taken("INSERT INTO t (a, b) VALUES (1, 'x')", "INSERT INTO t (a, b) VALUES (?, ?)", 1L, "x");
        taken("INSERT INTO t VALUES (-1, NULL, '')", "INSERT INTO t VALUES (?, NULL, ?)", -1L, "");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT a FROM t",
                "SELECT a FROM t WHERE id = ?",
                "SELECT a FROM t WHERE id = 5 + b",
                "SELECT a FROM t WHERE id = 5::smallint",
                "SELECT a FROM t WHERE id = 5e0",
                "SELECT a FROM t WHERE id = 1234567890",
                "SELECT a FROM t WHERE id = 1.5",
                "SELECT a FROM t WHERE id <= 5",
                "SELECT a FROM t WHERE id >= 5",
                "SELECT a FROM t WHERE id != 5",
                "SELECT a FROM t WHERE id = 5 AND k > 6",
                "SELECT a FROM t WHERE id = 5 AND s LIKE 'x%'",
                "SELECT a FROM t WHERE id = E'x'",
                "SELECT a FROM t WHERE id = X'00'",
                "SELECT a FROM t WHERE id = DATE '2024-01-01'",
                "SELECT a FROM t WHERE id = 'a' 'b'",
                "SELECT a FROM t WHERE id = 'x' -- remark",
                "SELECT a FROM t WHERE id = 'x",
                "SELECT a FROM t WHERE (id, k) = (1, 2)",
                "SELECT a FROM t WHERE id = 5 UNION SELECT 1",
                "SELECT 'x' FROM t WHERE id = 5",
                "SELECT 1; SELECT a FROM t WHERE id = 5",
                "SELECT a FROM t WHERE \u00e4id = 5",
                "SELECT a FROM t WHERE f(id = 5",
                "EXPLAIN SELECT a FROM t WHERE id = 5",
                "INSERT INTO t VALUES (1), (2)",
                "INSERT INTO t SELECT 1",
                "INSERT INTO t VALUES (1 + 2)",
                "INSERT INTO t VALUES (f(2), 1)",
                "INSERT INTO t VALUES (1) ON CONFLICT DO NOTHING",
                "UPDATE t SET a = 5 + 1",
                "CREATE TABLE t (a int DEFAULT 5)",
                ""
            })
    void whatIsNotSureIsLeftAlone(String sql) {
        assertEquals(Optional.empty(), LiteralTemplate.of(sql));
    }
}

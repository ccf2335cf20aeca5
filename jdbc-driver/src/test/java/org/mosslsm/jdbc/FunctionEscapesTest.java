// Every function that the driver says it has runs as an escape.
package org.mosslsm.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class FunctionEscapesTest {
    /** What JDBC's appendix of scalar functions names, with arguments and the answer; null where it is not always the same. */
    private static final String[][] CALLS = {
        {"ABS", "(-1)", "1"},
        {"ACOS", "(1)", "0"},
        {"ASIN", "(0)", "0"},
        {"ATAN", "(0)", "0"},
        {"ATAN2", "(0, 1)", "0"},
        {"CEILING", "(1.5)", "2"},
        {"COS", "(0)", "1"},
        {"COT", "(1)", null},
        {"DEGREES", "(0)", "0"},
        {"EXP", "(0)", "1"},
        {"FLOOR", "(1.5)", "1"},
        {"LOG", "(1)", "0"},
        {"LOG10", "(100)", "2"},
        {"MOD", "(7, 3)", "1"},
        {"PI", "()", "3.141592653589793"},
        {"POWER", "(2, 3)", "8"},
        {"RADIANS", "(0)", "0"},
        {"RAND", "(7)", null},
        {"ROUND", "(1.256, 2)", "1.26"},
        {"SIGN", "(-3)", "-1"},
        {"SIN", "(0)", "0"},
        {"SQRT", "(4)", "2"},
        {"TAN", "(0)", "0"},
        {"TRUNCATE", "(1.256, 2)", "1.25"},
        {"ASCII", "('a')", "97"},
        {"CHAR", "(97)", "a"},
        {"CHAR_LENGTH", "('abc', CHARACTERS)", "3"},
        {"CHARACTER_LENGTH", "('abc')", "3"},
        {"CONCAT", "('a', 'b')", "ab"},
        {"DIFFERENCE", "('Smith', 'Smythe')", "4"},
        {"INSERT", "('abcdef', 2, 3, 'X')", "aXef"},
        {"LCASE", "('ABC')", "abc"},
        {"LEFT", "('abc', 2)", "ab"},
        {"LENGTH", "('abc', OCTETS)", "3"},
        {"LOCATE", "('b', 'abcb', 3)", "4"},
        {"LTRIM", "('  a')", "a"},
        {"OCTET_LENGTH", "('ab')", "2"},
        {"POSITION", "('b' IN 'abc', CHARACTERS)", "2"},
        {"REPEAT", "('a', 3)", "aaa"},
        {"REPLACE", "('abc', 'b', 'x')", "axc"},
        {"RIGHT", "('abc', 2)", "bc"},
        {"RTRIM", "('a  ')", "a"},
        {"SOUNDEX", "('Robert')", "R163"},
        {"SPACE", "(3)", "   "},
        {"SUBSTRING", "('abc', 2, 1, CHARACTERS)", "b"},
        {"UCASE", "('abc')", "ABC"},
        {"CURRENT_DATE", "()", null},
        {"CURRENT_TIME", "()", null},
        {"CURRENT_TIMESTAMP", "()", null},
        {"CURDATE", "()", null},
        {"CURTIME", "()", null},
        {"NOW", "()", null},
        {"DAYNAME", "({d '2024-01-01'})", "Monday"},
        {"DAYOFMONTH", "({d '2024-01-02'})", "2"},
        {"DAYOFWEEK", "({d '2024-01-01'})", "2"},
        {"DAYOFYEAR", "({d '2024-02-01'})", "32"},
        {"EXTRACT", "(YEAR FROM {d '2024-02-01'})", "2024"},
        {"HOUR", "({t '10:20:30'})", "10"},
        {"MINUTE", "({t '10:20:30'})", "20"},
        {"MONTH", "({d '2024-02-01'})", "2"},
        {"MONTHNAME", "({ts '2024-05-01 10:00:00'})", "May"},
        {"QUARTER", "({d '2024-05-01'})", "2"},
        {"SECOND", "({t '10:20:30'})", "30"},
        {"TIMESTAMPADD", "(SQL_TSI_DAY, 1, {ts '2024-01-01 10:00:00'})", "2024-01-02 10:00:00"},
        {"TIMESTAMPDIFF", "(SQL_TSI_MONTH, {d '2024-01-15'}, {d '2024-03-14'})", "1"},
        {"WEEK", "({d '2024-01-01'})", "1"},
        {"YEAR", "({d '2024-01-01'})", "2024"},
        {"DATABASE", "()", "mosslsm"},
        {"IFNULL", "(NULL, 1)", "1"},
        {"USER", "()", "owner"},
    };

    @Test
    void everyFunctionOfTheMetadataRunsAndAnswers() throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:mosslsm:mem:function-escapes");
                Statement statement = connection.createStatement()) {
            DatabaseMetaData meta = connection.getMetaData();
            List<String> named = new ArrayList<>();
            for (String list : List.of(
                    meta.getNumericFunctions(),
                    meta.getStringFunctions(),
                    meta.getSystemFunctions(),
                    meta.getTimeDateFunctions())) {
                named.addAll(List.of(list.split(",", -1)));
            }
            Map<String, String[]> calls = new HashMap<>();
            for (String[] call : CALLS) {
                calls.put(call[0], call);
            }
            assertEquals(new TreeSet<>(calls.keySet()), new TreeSet<>(named));
            for (String[] call : CALLS) {
                try (ResultSet rows = statement.executeQuery("SELECT {fn " + call[0] + call[1] + "}")) {
                    assertTrue(rows.next());
                    assertTrue(rows.getString(1) != null, call[0]);
                    if (call[2] != null) {
                        assertEquals(call[2], rows.getString(1), call[0]);
                    }
                }
            }
        }
    }

    @Test
    void convertTakesTheTypesOfJdbc() throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:mosslsm:mem:function-escapes");
                Statement statement = connection.createStatement()) {
            for (String[] c : new String[][] {
                {"1", "SQL_VARCHAR", "1"}, {"'1'", "SQL_INTEGER", "1"}, {"'1.5'", "SQL_DECIMAL", "1.5"},
                {"'2024-01-01'", "SQL_DATE", "2024-01-01"}, {"'abc'", "SQL_CHAR", "abc"}, {"1", "SQL_BIT", "true"},
                {"'10:00:00'", "SQL_TIME", "10:00:00"}, {"1.5", "DOUBLE", "1.5"}, {"'x'", "SQL_LONGVARCHAR", "x"}
            }) {
                try (ResultSet rows = statement.executeQuery("SELECT {fn CONVERT(" + c[0] + ", " + c[1] + ")}")) {
                    assertTrue(rows.next());
                    assertEquals(c[2], rows.getString(1), c[1]);
                }
            }
        }
    }
}

// The braces of JDBC, put into SQL.
package org.mosslsm.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EscapesTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            SELECT 1                                     | SELECT 1
            SELECT {d '2020-01-02'}                      | SELECT DATE '2020-01-02'
            SELECT { ts '2020-01-02 03:04:05' }          | SELECT TIMESTAMP '2020-01-02 03:04:05'
            SELECT {t '03:04:05'}                        | SELECT TIME '03:04:05'
            SELECT {fn ucase({fn lcase(name)})} FROM t   | SELECT upper(lower(name)) FROM t
            SELECT {fn now()}                            | SELECT current_timestamp
            SELECT {fn curdate()}                        | SELECT current_date
            SELECT * FROM {oj a LEFT OUTER JOIN b ON x}  | SELECT * FROM a LEFT OUTER JOIN b ON x
            SELECT a LIKE '\\%' {escape '\\'}            | SELECT a LIKE '\\%' ESCAPE '\\'
            SELECT '{d}', "{d}" /* {d} */                | SELECT '{d}', "{d}" /* {d} */
            SELECT E'\\'{d}' -- {d}                      | SELECT E'\\'{d}' -- {d}
            SELECT $${d}$$, $a$ {d} $$ {d} $a$, a$$      | SELECT $${d}$$, $a$ {d} $$ {d} $a$, a$$
            SELECT /* /* {d} */ {d} */ {d '2020-01-02'}  | SELECT /* /* {d} */ {d} */ DATE '2020-01-02'
            SELECT a FROM t {limit 5}                    | SELECT a FROM t LIMIT 5
            {call abs(?)}                                | SELECT abs(?)
            { ? = CALL {fn ucase(?)} }                   | SELECT upper(?)
            {?=call pi}                                  | SELECT pi()
            """)
    void areTranslatedOutsideLiteralsOnly(String jdbc, String sql) throws SQLException {
        assertEquals(sql, Escapes.translated(jdbc).sql().replaceAll(" +$", ""));
    }

    @Test
    void anUnclosedOrUnknownEscapeIsASyntaxError() {
        assertEquals(
                "42601",
                assertThrows(SQLException.class, () -> Escapes.translated("SELECT {d '2020-01-02'"))
                        .getSQLState());
        assertEquals(
                "42601",
                assertThrows(SQLException.class, () -> Escapes.translated("SELECT {frob x}"))
                        .getSQLState());
    }
}

// What the parser promises beyond trees: places, source texts, parameters, and the door's other methods.
package org.mosslsm.sql.parse;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.mosslsm.sql.ast.DataChange;
import org.mosslsm.sql.ast.Definition;
import org.mosslsm.sql.ast.Expression;
import org.mosslsm.sql.ast.Position;
import org.mosslsm.sql.ast.Query;
import org.mosslsm.sql.ast.Select;
import org.mosslsm.sql.ast.SelectItem;
import org.mosslsm.sql.ast.Statement;
import org.mosslsm.sql.error.SqlException;
import org.mosslsm.sql.error.SqlState;

/** What the parser makes of statements where a golden file would not show it: errors, limits, parts of trees. */
class SqlParserTest {

    @Test
    void positionsCountLinesAndCodePointsFromOne() {
        Select select = select("SELECT 'é😀',\n\t a AS \"b\"\r\n  FROM t");

        SelectItem.Column second = (SelectItem.Column) select.items().get(1);
        assertEquals(new Position(2, 3), second.position());
        assertEquals(new Position(2, 8), second.alias().orElseThrow().position());
        assertEquals(new Position(3, 8), select.from().get(0).position());
        assertEquals(new Position(1, 8), select.items().get(0).position());
    }

    @Test
    void anErrorBehindCharactersBeyondTheBasicPlaneHasItsCaretInPlace() {
        SqlException e = assertThrows(SqlException.class, () -> SqlParser.parseStatement("SELECT '😀😀' FROM ,"));

        assertEquals(18, e.column());
        assertEquals("SELECT '😀😀' FROM ,\n                 ^", afterFirstLine(e.getMessage()));
    }

    @Test
    void aLongLineIsShownAroundThePlace() {
        String sql = "SELECT a, " + "bbbbbbbbb, ".repeat(40) + "FROM t";

        SqlException e = assertThrows(SqlException.class, () -> SqlParser.parseStatement(sql));

        String[] lines = afterFirstLine(e.getMessage()).split("\n", -1);
        assertTrue(lines[0].startsWith("...") && lines[0].length() < 120, lines[0]);
        assertEquals("FROM t", lines[0].substring(lines[1].indexOf('^')));
    }

    @Test
    void parametersCountInTheOrderOfTheText() {
        Select select = select("SELECT TRIM(? FROM ?), SUBSTRING(? FOR ?), ? FROM t");

        Expression.FunctionCall trim = call(select, 0);
        assertEquals(List.of(1, 0), indexes(trim.arguments()));
        Expression.FunctionCall substring = call(select, 1);
        assertEquals(
                List.of(2, 3),
                indexes(List.of(
                        substring.arguments().get(0), substring.arguments().get(2))));
        assertEquals(4, ((Expression.Parameter) expression(select, 2)).index());
    }

    @Test
    void aLimitsParametersAreCountedToo() {
        Query query = query("SELECT a FROM t WHERE b = ? OFFSET ? ROWS FETCH FIRST ? ROWS ONLY");

        assertEquals(1, ((Expression.Parameter) query.offset().orElseThrow()).index());
        assertEquals(2, ((Expression.Parameter) query.limit().orElseThrow()).index());
    }

    @Test
    void theCatalogGetsTextsAsWritten() {
        Definition.CreateTable table = (Definition.CreateTable)
                SqlParser.parseStatement(
                        "CREATE TABLE t (a INT DEFAULT (1 +  /* one */ 2) NOT NULL, é VARCHAR(9) DEFAULT '😀''', CHECK (a <\n9))");
        Definition.CreateView view =
                (Definition.CreateView) SqlParser.parseStatement("CREATE VIEW v AS SELECT  a -- all\n FROM t ; ");

        assertEquals(
                "(1 +  /* one */ 2)",
                table.columns().get(0).defaultValue().orElseThrow().text());
        assertEquals(
                "'😀'''", table.columns().get(1).defaultValue().orElseThrow().text());
        assertEquals("SELECT  a -- all\n FROM t", view.text());
        assertInstanceOf(Select.class, SqlParser.parseQuery(view.text()).body());
        assertInstanceOf(
                Expression.Binary.class,
                SqlParser.parseExpression(
                        table.columns().get(0).defaultValue().orElseThrow().text()));
    }

    @Test
    void aKeyOfAnIndexHasItsText() {
        Definition.CreateIndex index =
                (Definition.CreateIndex) SqlParser.parseStatement("CREATE INDEX i ON t (lower(a) DESC, b)");

        assertEquals("lower(a)", index.keys().get(0).key().text());
        assertEquals("b", index.keys().get(1).key().text());
    }

    @Test
    void anInsertOfManyRowsKeepsThemAll() {
        DataChange.Insert insert = (DataChange.Insert)
                SqlParser.parseStatement("INSERT INTO t VALUES (1, 'a')" + ", (2, 'b')".repeat(999));

        org.mosslsm.sql.ast.Values values =
                (org.mosslsm.sql.ast.Values) insert.source().orElseThrow().body();
        assertEquals(1_000, values.rows().size());
    }

    @Test
    void halfASurrogatePairIsNoText() {
        SqlException e = assertThrows(SqlException.class, () -> SqlParser.parseStatement("SELECT '\uD83D'"));

        assertEquals(SqlState.INVALID_CHARACTER, e.sqlState());
    }

    @Test
    void aLongNameIsRefused() {
        SqlException e = assertThrows(SqlException.class, () -> SqlParser.parseStatement("SELECT " + "a".repeat(200)));

        assertEquals(SqlState.NAME_TOO_LONG, e.sqlState());
    }

    private static String afterFirstLine(String message) {
        return message.substring(message.indexOf('\n') + 1);
    }

    private static Query query(String sql) {
        return ((Statement.QueryStatement) SqlParser.parseStatement(sql)).query();
    }

    private static Select select(String sql) {
        return (Select) query(sql).body();
    }

    private static Expression expression(Select select, int item) {
        return ((SelectItem.Column) select.items().get(item)).expression();
    }

    private static Expression.FunctionCall call(Select select, int item) {
        return (Expression.FunctionCall) expression(select, item);
    }

    private static List<Integer> indexes(List<Expression> parameters) {
        return parameters.stream().map(p -> ((Expression.Parameter) p).index()).toList();
    }

    /** Each is kept with a list of those before it, so that what is kept of n of them grows with the square of n. */
    @Test
    void changesOfAWithAreCounted() {
        String change = "c%d AS (DELETE FROM t)";
        String hundred =
                "WITH " + IntStream.range(0, 100).mapToObj(change::formatted).collect(Collectors.joining(", "));
        assertInstanceOf(Statement.QueryStatement.class, SqlParser.parseStatement(hundred + " SELECT 1"));
        SqlException refused = assertThrows(
                SqlException.class, () -> SqlParser.parseStatement(hundred + ", d AS (DELETE FROM t) SELECT 1"));
        assertEquals("54001", refused.sqlState());
    }
}

// Where statements of a script begin and end.
package org.mosslsm.shell;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mosslsm.shell.ScriptSplitter.Item;
import org.mosslsm.shell.ScriptSplitter.Kind;

class ScriptSplitterTest {

    @Test
    void cutsAtSemicolonsAndDropsWhatIsBetween() {
        assertEquals(
                List.of("SELECT 1", "SELECT 2", "SELECT 3"),
                texts("\uFEFF SELECT 1;;\n -- no\n/* n /* o */ ; */ SELECT 2 ;\nSELECT 3"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT 'a;b''c;'",
                "SELECT \"a;b\"\";\"",
                "SELECT E'a\\';b'",
                "SELECT e'\\\\', 1",
                "SELECT 'a\\'",
                "SELECT nature'\\'",
                "SELECT $$a;b$$, $x$ ; $$ ; $x$",
                "SELECT $x$ $y$ ; $x$",
                "SELECT a$b$ AS c$b",
                "SELECT $1, $a",
                "SELECT 1 -- a;b",
                "SELECT 1 -- it's\n, 2",
                "SELECT /* ; /* ' */ \" */ 1",
                "SELECT 1 - 2 / 3 - -4",
                "- 1",
                "/ 1",
                ".5"
            })
    void aSemicolonThatQuotesHideCutsNothing(String statement) {
        assertEquals(List.of(statement, "SELECT 2"), texts(statement + "\n;SELECT 2;"));
    }

    @Test
    void keepsThePlaceOfTheFirstToken() {
        List<Item> items = items("SELECT\n1;  -- é\n\t/* x */ SELECT 2;\n  - 3");

        assertEquals(List.of(1, 3, 4), items.stream().map(Item::line).toList());
        assertEquals(List.of(1, 10, 3), items.stream().map(Item::column).toList());
    }

    @Test
    void columnsCountCodePoints() {
        assertEquals(5, items("'😀'; SELECT 1").get(1).column() - 1);
    }

    @Test
    void linesOfPsqlAndOfTheShellAreItemsOfTheirOwn() {
        List<Item> items = items("\\c chinook;\nSELECT 1;\n.tables a%\n  \\connect x\nSELECT '\n\\c no\n.no';");

        assertEquals(
                List.of(Kind.BACKSLASH, Kind.STATEMENT, Kind.DOT, Kind.BACKSLASH, Kind.STATEMENT),
                items.stream().map(Item::kind).toList());
        assertEquals("\\c chinook;", items.get(0).text());
        assertEquals(".tables a%", items.get(2).text());
    }

    @Test
    void tellsWhetherTheLastStatementHasItsSemicolon() {
        assertTrue(items("SELECT 1;").get(0).terminated());
        assertFalse(items("SELECT 1").get(0).terminated());
        assertFalse(items("SELECT 'a;").get(0).terminated());
    }

    @Test
    void nothingIsNoStatement() {
        assertEquals(List.of(), texts(""));
        assertEquals(List.of(), texts(" ; -- x\n/* y"));
    }

    @Test
    void aStatementOfTenMegabytesIsOneStatement() {
        String big = "SELECT '" + "x;".repeat(5_000_000) + "'";

        assertEquals(List.of(big), texts(big + ";"));
    }

    private static List<String> texts(String script) {
        return items(script).stream().map(Item::text).toList();
    }

    private static List<Item> items(String script) {
        try {
            ScriptSplitter splitter = new ScriptSplitter(new StringReader(script));
            List<Item> items = new ArrayList<>();
            for (Optional<Item> item = splitter.next(); item.isPresent(); item = splitter.next()) {
                items.add(item.get());
            }
            return items;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

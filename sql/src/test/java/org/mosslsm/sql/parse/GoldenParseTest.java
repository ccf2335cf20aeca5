// What statements parse to, and what is said about those that do not, pinned in files.
package org.mosslsm.sql.parse;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mosslsm.sql.error.SqlException;
import org.mosslsm.sql.testkit.AstText;

/**
 * Runs the files {@code *.golden}: cases separated by blank lines, each a statement, a line {@code ->}, and what comes of
 * it. {@code -Dgolden.write=true} writes the files anew; review the difference.
 */
class GoldenParseTest {
    private static final Path FOLDER = Path.of("src/test/resources/org/mosslsm/sql/parse");

    @ParameterizedTest
    @ValueSource(strings = {"expressions", "queries", "changes", "definitions", "session", "errors"})
    void parsesAsTheGoldenFileTells(String name) throws IOException {
        Path file = FOLDER.resolve(name + ".golden");
        List<String> found = new ArrayList<>();
        String expected = Files.readString(file);
        for (String each : expected.strip().split("\n\n+", -1)) {
            String sql = each.split("\n->\n", -1)[0];
            found.add(sql + "\n->\n" + outcome(name, sql));
        }
        assertTrue(found.size() > 5);
        String actual = String.join("\n\n", found) + "\n";
        if (Boolean.getBoolean("golden.write")) {
            Files.writeString(file, actual);
        }
        assertEquals(expected, actual);
    }

    private static String outcome(String name, String sql) {
        try {
            Object tree = name.equals("expressions") ? SqlParser.parseExpression(sql) : SqlParser.parseStatement(sql);
            assertFalse(name.equals("errors"), () -> "parses though it should not: " + sql);
            return AstText.of(tree);
        } catch (SqlException e) {
            // Without its trailing blanks: the caret's line may be empty up to it.
            return e.sqlState() + " " + e.getMessage().replace("\n\n", "\n \n");
        }
    }
}

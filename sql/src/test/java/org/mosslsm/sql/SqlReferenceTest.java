// docs/sql.md tells the truth.
package org.mosslsm.sql;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.mosslsm.sql.expr.ExprFactory;
import org.mosslsm.sql.testkit.Scenario;

/**
 * Runs the examples of the SQL reference, one after the other in one database, and looks up the functions it names. With
 * {@code -Dscenarios.rewrite=true} the answers as they are now are written into the page, for review.
 */
class SqlReferenceTest {
    private static final String FENCE = "```";
    private static final Pattern NAME = Pattern.compile("`([A-Z][A-Z0-9_]+)");

    private static Path page() {
        Path here = Path.of("docs/sql.md");
        return Files.exists(here) ? here : Path.of("../docs/sql.md");
    }

    @Test
    void theExamplesAnswerAsWritten() throws IOException {
        List<String> lines = Files.readAllLines(page());
        List<String> actual = new ArrayList<>();
        int examples = 0;
        try (Scenario scenario = new Scenario("mem:sql-reference")) {
            for (int i = 0; i < lines.size(); i++) {
                actual.add(lines.get(i));
                if (lines.get(i).equals(FENCE + "console")) {
                    int end = i + 1;
                    while (!lines.get(end).equals(FENCE)) {
                        end++;
                    }
                    actual.addAll(scenario.run(lines.subList(i + 1, end)));
                    i = end - 1;
                    examples++;
                }
            }
        }
        assertTrue(examples > 10, "examples: " + examples);
        if (Boolean.getBoolean("scenarios.rewrite")) {
            Files.write(page(), actual);
        }
        assertEquals(String.join("\n", lines), String.join("\n", actual));
    }

    @Test
    void theFunctionsItNamesAreThere() throws IOException {
        List<String> missing = new ArrayList<>();
        int named = 0;
        for (String line : Files.readAllLines(page())) {
            if (line.matches("\\| (conditional|strings|numbers|dates|system) \\|.*")) {
                Matcher m = NAME.matcher(line);
                while (m.find()) {
                    named++;
                    if (!ExprFactory.isFunction(m.group(1).toLowerCase(Locale.ROOT))) {
                        missing.add(m.group(1));
                    }
                }
            }
        }
        assertEquals(List.of(), missing);
        assertTrue(named > 100, "functions: " + named);
    }
}

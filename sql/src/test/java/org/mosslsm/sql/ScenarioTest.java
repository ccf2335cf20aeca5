package org.mosslsm.sql;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.mosslsm.kv.KeyRange;
import org.mosslsm.kv.Store;
import org.mosslsm.kv.StoreProvider;
import org.mosslsm.sql.testkit.Scenario;

/**
 * Runs the scenarios in {@code src/test/resources/scenarios} on stores in memory. With {@code -Dscenarios.rewrite=true}
 * the answers as they are now are written into the files, for review.
 */
class ScenarioTest {
    static List<Path> files() throws IOException, URISyntaxException {
        Path source = Path.of("src/test/resources/scenarios");
        Path folder = Files.isDirectory(source)
                ? source
                : Path.of(ScenarioTest.class.getResource("/scenarios").toURI());
        try (Stream<Path> all = Files.list(folder)) {
            return all.filter(f -> f.toString().endsWith(".test")).sorted().toList();
        }
    }

    @ParameterizedTest
    @MethodSource("files")
    void everyStatementAnswersAsWritten(Path file) throws IOException {
        List<String> lines = Files.readAllLines(file);
        String location = "mem:scenario-" + file.getFileName();
        // A second opening of the store keeps it alive while the scenario closes and opens its database.
        try (Store store = StoreProvider.openStore(location, Map.of());
                Scenario scenario = new Scenario(location)) {
            assertEquals(0, store.approximateBytes(KeyRange.all()), "left behind by an earlier run");
            List<String> actual = scenario.run(lines);
            if (Boolean.getBoolean("scenarios.rewrite")) {
                Files.write(file, actual);
            }
            assertEquals(String.join("\n", lines), String.join("\n", actual));
        }
    }
}

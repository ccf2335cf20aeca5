package org.mosslsm.it.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mosslsm.kv.StoreMetrics.Metric;
import org.mosslsm.kv.lsm.Lsm;
import org.mosslsm.kv.lsm.LsmOptions;

/** What a user of the engine alone sees: few options, an example that runs, and a document that names every metric. */
class EngineFaceTest {
    private static final Path ROOT = Path.of(System.getProperty("mosslsm.root"));

    @TempDir
    Path directory;

    @Test
    void optionsAreFew() {
        assertTrue(LsmOptions.names().size() <= 25, () -> "options: " + LsmOptions.names());
    }

    @Test
    void exampleCompilesAndRuns() throws Exception {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        assertNotNull(compiler, "the tests need a JDK");
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        ByteArrayOutputStream errors = new ByteArrayOutputStream();
        Path source = ROOT.resolve("examples/kv/Notes.java");
        int result = compiler.run(
                null, errors, errors, "-proc:none", "-cp", classPath, "-d", directory.toString(), source.toString());
        assertEquals(0, result, () -> errors.toString(StandardCharsets.UTF_8));
        String path = directory + System.getProperty("path.separator") + classPath;
        String program = directory.resolve("store").toString();
        Process child = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        path,
                        "Notes",
                        program)
                .redirectErrorStream(true)
                .start();
        try (BufferedReader out = child.inputReader(StandardCharsets.UTF_8)) {
            List<String> said = out.lines().toList();
            assertEquals(List.of("get: buy moss", "note/1 = buy moss", "note/2 = water the ferns"), said);
        }
    }

    @Test
    void everyMetricIsInTheDocument() throws IOException {
        String document = Files.readString(ROOT.resolve("docs/operations.md"));
        try (Lsm store = Lsm.open(directory.resolve("store"), LsmOptions.defaults())) {
            for (Metric metric : store.metrics().metrics()) {
                String name = metric.name().replaceFirst("^level\\.[0-9]+\\.(tables|bytes)$", "level.N.$1");
                String row = "\\| `" + Pattern.quote(name) + "` \\| " + metric.unit() + " \\|";
                assertTrue(Pattern.compile(row).matcher(document).find(), "docs/operations.md does not have " + row);
            }
        }
    }
}

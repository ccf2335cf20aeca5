package org.mosslsm.it.jar;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarFile;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mosslsm.it.testkit.ChildJvm;
import org.mosslsm.it.testkit.MossJar;

/** What is in the one jar that users get, and that it runs by itself. */
class JarTest {
    @BeforeEach
    void onlyThePackagedJarIsLookedAt() {
        assumeTrue(MossJar.isPackaged(), "the driver is not packaged in this run: use mvn verify");
    }

    @Test
    void holdsOnlyOurClassesAndRelocatedOnes() throws IOException {
        try (JarFile jar = new JarFile(MossJar.location().toFile())) {
            List<String> strangers = jar.stream()
                    .map(ZipEntry::getName)
                    .filter(name -> name.endsWith(".class"))
                    .filter(name -> !name.startsWith("org/mosslsm/"))
                    .toList();
            assertEquals(List.of(), strangers);
        }
    }

    /** linq4j declares 8.7 MB of dependencies for what we do not use; the pom excludes them, and this keeps them out. */
    @Test
    void holdsNothingThatLinq4jPullsIn() throws IOException {
        try (JarFile jar = new JarFile(MossJar.location().toFile())) {
            List<String> pulled = jar.stream()
                    .map(ZipEntry::getName)
                    .filter(name -> name.matches(".*(guava|com/google|avatica|protobuf|httpclient|joou|slf4j|h2/).*"))
                    .toList();
            assertEquals(List.of(), pulled);
        }
    }

    @Test
    void namesTheDriverAsAService() throws IOException {
        try (JarFile jar = new JarFile(MossJar.location().toFile())) {
            ZipEntry service = jar.getEntry("META-INF/services/java.sql.Driver");
            String text = new String(jar.getInputStream(service).readAllBytes(), StandardCharsets.UTF_8);
            assertEquals("org.mosslsm.jdbc.MossDriver", text.strip());
        }
    }

    @Test
    void runsTheExampleScriptTwiceInOneDirectory(@TempDir Path directory) throws Exception {
        Path script = Path.of(System.getProperty("mosslsm.root"), "examples", "orders.sql");
        for (int run = 0; run < 2; run++) {
            try (ChildJvm shell = MossJar.shell(directory.resolve("data").toString(), "-f", script.toString())) {
                String output = String.join("\n", shell.readAll());
                assertEquals(0, shell.waitFor(30), output);
                assertTrue(output.contains("leave at the door"), output);
            }
        }
    }

    @Test
    void answersAStatementFromTheCommandLineAsCsv(@TempDir Path directory) throws Exception {
        try (ChildJvm shell = MossJar.shell(
                directory.resolve("data").toString(), "--csv", "-c", "SELECT 6 * 7 AS answer, NULL AS nothing")) {
            assertEquals(List.of("answer,nothing", "42,NULL"), shell.readAll());
            assertEquals(0, shell.waitFor(30));
        }
    }

    @Test
    void refusesADirectoryThatIsNotOurs(@TempDir Path directory) throws Exception {
        Files.writeString(directory.resolve("letter.txt"), "not a database");
        try (ChildJvm shell = MossJar.shell(directory.toString(), "-c", "SELECT 1")) {
            String output = String.join("\n", shell.readAll());
            assertFalse(shell.waitFor(30) == 0, output);
            assertTrue(output.contains(directory.toString()), output);
            assertEquals(List.of("letter.txt"), List.of(directory.toFile().list()));
        }
    }
}

package org.mosslsm.it.chinook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.mosslsm.it.testkit.ChildJvm;
import org.mosslsm.it.testkit.SharedData;

/** The Chinook script goes through the shell as it is, and the questions to its data get PostgreSQL's answers. */
class ChinookTest {
    @TempDir
    static Path directory;

    private static Connection connection;

    @BeforeAll
    static void loadThroughTheShell() throws Exception {
        Path script = SharedData.require("chinook/Chinook_PostgreSql.sql");
        Path database = directory.resolve("chinook");
        List<String> arguments = List.of(database.toString(), "-f", script.toString());
        try (ChildJvm shell = ChildJvm.start("org.mosslsm.shell.Main", List.of("-Xmx256m"), arguments)) {
            List<String> output = shell.readAll();
            assertEquals(0, shell.waitFor(300), () -> String.join("\n", output));
        }
        connection = DriverManager.getConnection("jdbc:mosslsm:" + database);
    }

    @AfterAll
    static void close() throws SQLException {
        if (connection != null) {
            connection.close();
        }
    }

    @TestFactory
    Stream<DynamicTest> questionsGetTheAnswersOfPostgres() throws Exception {
        Map<String, String> questions = Questions.read(SharedData.require("chinook/queries.sql"));
        Map<String, String> answers = Questions.read(SharedData.require("chinook/queries.expected"));
        assertEquals(questions.keySet(), answers.keySet());
        assertFalse(questions.isEmpty());
        return questions.entrySet().stream()
                .map(q -> dynamicTest(q.getKey(), () -> assertEquals(answers.get(q.getKey()), answer(q.getValue()))));
    }

    @Test
    void foreignKeysOfTheScriptAreEnforced() throws SQLException {
        try (Statement statement = connection.createStatement()) {
            SQLException orphan = assertThrows(
                    SQLException.class,
                    () -> statement.executeUpdate(
                            "INSERT INTO album (album_id, title, artist_id) VALUES (9999, 'x', 9999)"));
            assertEquals("23503", orphan.getSQLState(), orphan.getMessage());
            SQLException parent = assertThrows(
                    SQLException.class, () -> statement.executeUpdate("DELETE FROM artist WHERE artist_id = 1"));
            assertEquals("23503", parent.getSQLState(), parent.getMessage());
            SQLException twice = assertThrows(
                    SQLException.class,
                    () -> statement.executeUpdate("INSERT INTO artist (artist_id, name) VALUES (1, 'again')"));
            assertEquals("23505", twice.getSQLState(), twice.getMessage());
        }
    }

    private static String answer(String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rs = statement.executeQuery(sql.replaceFirst(";\\s*$", ""))) {
            return CsvResult.of(rs);
        }
    }
}

package org.mosslsm.it.chinook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
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

    /** A filter that bounds the first column of a key or an index should have become a range. */
    @Test
    void noTableIsReadWholeWhereAKeyOrAnIndexServes() throws Exception {
        Pattern scan = Pattern.compile("\\s*scan (\\w+) .*\\) all.* filter: (.*)");
        int scans = 0;
        for (String question :
                Questions.read(SharedData.require("chinook/queries.sql")).values()) {
            for (String line : plan(question)) {
                scans += line.strip().startsWith("scan ") ? 1 : 0;
                Matcher whole = scan.matcher(line);
                if (whole.matches() && !whole.group(2).contains(" OR ")) {
                    for (String column : leadingColumns(whole.group(1))) {
                        Pattern bound = Pattern.compile("\\b" + column + " (=|<|<=|>|>=|IN) .*");
                        assertFalse(bound.matcher(whole.group(2)).find(), () -> question + "\n" + line);
                    }
                }
            }
        }
        assertTrue(scans > 30, "the plans show next to no scan: " + scans);
    }

    private static List<String> plan(String sql) throws SQLException {
        List<String> lines = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet rs = statement.executeQuery("EXPLAIN " + sql.replaceFirst(";\\s*$", ""))) {
            while (rs.next()) {
                lines.add(rs.getString(1));
            }
        }
        return lines;
    }

    private static Set<String> leadingColumns(String table) throws SQLException {
        Set<String> columns = new TreeSet<>();
        try (ResultSet rs = connection.getMetaData().getIndexInfo(null, null, table, false, true)) {
            while (rs.next()) {
                if (rs.getInt("ORDINAL_POSITION") == 1) {
                    columns.add(rs.getString("COLUMN_NAME"));
                }
            }
        }
        assertFalse(columns.isEmpty(), table + " has no index at all");
        return columns;
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

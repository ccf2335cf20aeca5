package org.mosslsm.it.errors;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mosslsm.it.testkit.ChildJvm;

/** A directory that is not ours, is held by another process, or holds damaged files. */
class BadDirectoryTest {
    @TempDir
    Path directory;

    /** Holds a database open until its input ends. */
    static final class Holder {
        private Holder() {}

        public static void main(String[] args) throws Exception {
            try (Connection connection = DriverManager.getConnection(args[0])) {
                connection.createStatement().execute("CREATE TABLE held (id INTEGER PRIMARY KEY)");
                System.out.println("holding " + ProcessHandle.current().pid());
                System.out.flush();
                System.in.transferTo(java.io.OutputStream.nullOutputStream());
            }
        }
    }

    @Test
    void aDirectoryOfSomebodyElseIsRefusedUntouched() throws IOException {
        Files.writeString(directory.resolve("letter.txt"), "not a database");

        SQLException error = refusedAtOnce("jdbc:mosslsm:" + directory);

        assertAll(
                () -> assertTrue(error.getSQLState().startsWith("08"), error.getSQLState()),
                () -> assertTrue(error.getMessage().contains(directory.toString()), error.getMessage()),
                () -> assertEquals(List.of("letter.txt"), names(directory)));
    }

    @Test
    void aDirectoryHeldByAnotherProcessIsRefusedNamingIt() throws Exception {
        String url = "jdbc:mosslsm:" + directory.resolve("db");
        try (ChildJvm holder = ChildJvm.start(Holder.class.getName(), List.of("-Xmx128m"), List.of(url))) {
            String pid = holder.readLine().replace("holding ", "");

            SQLException error = refusedAtOnce(url);

            assertTrue(error.getSQLState().startsWith("08"), error.getSQLState());
            assertTrue(error.getMessage().contains(pid), error.getMessage());
            holder.kill();
        }
        try (Connection connection = DriverManager.getConnection(url);
                ResultSet rs = connection.createStatement().executeQuery("SELECT COUNT(*) FROM held")) {
            assertTrue(rs.next(), "the killed holder's lock must not block");
        }
    }

    @Test
    void aDamagedBlockIsReportedWithFileAndOffset() throws Exception {
        String url = "jdbc:mosslsm:" + directory.resolve("db");
        try (Connection connection = DriverManager.getConnection(url + "?memtableBytes=65536");
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE t (id INTEGER PRIMARY KEY, s VARCHAR(200))");
            for (int block = 0; block < 20; block++) {
                StringBuilder rows = new StringBuilder("INSERT INTO t VALUES ");
                for (int i = 500 * block; i < 500 * (block + 1); i++) {
                    rows.append(i % 500 == 0 ? "(" : ", (")
                            .append(i)
                            .append(", 'row ")
                            .append(i * 7919L)
                            .append("')");
                }
                statement.execute(rows.toString());
            }
        }
        Path table = largest(directory.resolve("db"), ".sst");
        long middle = Files.size(table) / 2;
        try (RandomAccessFile file = new RandomAccessFile(table.toFile(), "rw")) {
            file.seek(middle);
            int old = file.read();
            file.seek(middle);
            file.write(old ^ 0x40);
        }

        SQLException error = assertThrows(SQLException.class, () -> {
            try (Connection connection = DriverManager.getConnection(url);
                    ResultSet rs = connection.createStatement().executeQuery("SELECT id, s FROM t")) {
                while (rs.next()) {
                    assertEquals("row " + rs.getInt(1) * 7919L, rs.getString(2));
                }
            }
        });

        assertAll(
                () -> assertEquals("XX001", error.getSQLState(), error.getMessage()),
                () -> assertTrue(error.getMessage().contains(table.getFileName().toString()), error.getMessage()),
                () -> assertTrue(error.getMessage().contains("offset"), error.getMessage()));
    }

    @Test
    void anUnknownOptionIsRefusedWithTheKnownOnes() {
        SQLException error = assertThrows(
                SQLException.class,
                () -> DriverManager.getConnection("jdbc:mosslsm:" + directory.resolve("db") + "?durabilty=none"));

        assertTrue(error.getMessage().contains("durabilty"), error.getMessage());
        assertTrue(error.getMessage().contains("durability"), error.getMessage());
    }

    /** What the connection is refused with, for which nobody waits. */
    private static SQLException refusedAtOnce(String url) {
        assertThrows(SQLException.class, () -> DriverManager.getConnection(url)); // loads what is needed
        long before = timesWaited();
        SQLException error = assertThrows(SQLException.class, () -> DriverManager.getConnection(url));
        assertEquals(before, timesWaited(), "it has waited or slept");
        return error;
    }

    private static long timesWaited() {
        return ManagementFactory.getThreadMXBean()
                .getThreadInfo(Thread.currentThread().getId())
                .getWaitedCount();
    }

    private static List<String> names(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(f -> f.getFileName().toString()).sorted().toList();
        }
    }

    private static Path largest(Path folder, String suffix) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(f -> f.toString().endsWith(suffix))
                    .max(java.util.Comparator.comparingLong(f -> f.toFile().length()))
                    .orElseThrow(() -> new AssertionError("no " + suffix + " file in " + folder));
        }
    }
}

// A session that is sent what no program means to send.
package org.mosslsm.sql;

import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.mosslsm.sql.error.SqlException;

/** A table of ten rows, {@code (id, x, s)} of 1 to 10, {@code id % 7} and 1,000 letters, and what statements on it come to. */
@Timeout(180)
abstract class HostileSession {
    private Database database;
    Session session;

    @BeforeEach
    void open() {
        database = Database.open("mem:hostile" + System.nanoTime(), Map.of());
        session = database.connect();
        run("CREATE TABLE t (id INT PRIMARY KEY, x INT, s TEXT)", List.of());
        run("INSERT INTO t SELECT i, i % 7, repeat('a', 1000) FROM generate_series(1, 10) AS g (i)", List.of());
    }

    @AfterEach
    void close() {
        database.close();
    }

    int run(String sql, List<Object> parameters) {
        Outcome outcome = session.prepare(sql).execute(parameters, RunOptions.PLAIN);
        int rows = 0;
        if (outcome.rows().isPresent()) {
            try (RowCursor cursor = outcome.rows().get()) {
                while (cursor.next()) {
                    rows++;
                }
            }
        }
        return rows;
    }

    /** The number of rows, or the SQLSTATE. */
    String outcome(String sql, List<Object> parameters) {
        try {
            return String.valueOf(run(sql, parameters));
        } catch (SqlException e) {
            return e.sqlState();
        }
    }

    static String list(int n, String separator, IntFunction<String> item) {
        return IntStream.range(0, n).mapToObj(item).collect(Collectors.joining(separator));
    }
}

package org.mosslsm.sql;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;

/** Changes in WITH beside those of another session, and run again and again. */
class ChangesInWithSessionsTest extends MeetingSessions {
    @Test
    void aRowThatAnotherSessionChangedMeanwhileIsChangedAsItIsNow() throws Exception {
        setUp(
                "CREATE TABLE p (id INT PRIMARY KEY)",
                "CREATE TABLE c (pid INT REFERENCES p ON DELETE CASCADE)",
                "CREATE TABLE job (id INT PRIMARY KEY, n INT)",
                "INSERT INTO p VALUES (1), (2)",
                "INSERT INTO job VALUES (5, 0), (6, 0)",
                "BEGIN",
                "INSERT INTO c VALUES (2)",
                "UPDATE job SET n = 10 WHERE id = 5");
        FutureTask<String> whole = waiting(
                b,
                "WITH d AS (DELETE FROM p WHERE id = 2), u AS (UPDATE job SET n = n + 1 RETURNING id, n)"
                        + " SELECT id, n FROM u ORDER BY id");
        run(a, "COMMIT");
        assertEquals("5,11 6,1", result(whole));
        assertEquals("0", run(a, "SELECT count(*) FROM c"));
    }

    @Test
    void whatAnotherSessionChangedUnderRepeatableReadIsAConflict() throws Exception {
        setUp("CREATE TABLE job (id INT PRIMARY KEY, n INT)", "INSERT INTO job VALUES (5, 0), (6, 0)");
        run(b, "BEGIN ISOLATION LEVEL REPEATABLE READ");
        run(b, "SELECT 1 FROM job");
        run(a, "UPDATE job SET n = 1 WHERE id = 6");
        assertEquals(
                "40001", state(b, "WITH u AS (UPDATE job SET n = 2 WHERE id = 5) UPDATE job SET n = 3 WHERE id = 6"));
        b.rollback();
        assertEquals("5,0 6,1", run(a, "SELECT id, n FROM job ORDER BY id"));
    }

    @Test
    void aPreparedOneRunsAgainAndAgainAndSurvivesAnAlteredTable() {
        setUp("CREATE TABLE job (id INT PRIMARY KEY, n INT)", "CREATE TABLE log (id INT, n INT)");
        PreparedSql insert = a.prepare("WITH i AS (INSERT INTO job VALUES (?, ?) RETURNING id, n)"
                + " INSERT INTO log SELECT id, n + 1 FROM i");
        for (int i = 0; i < 3; i++) {
            assertEquals(1, insert.execute(List.of((long) i, (long) i)).updateCount());
        }
        run(b, "ALTER TABLE job ADD COLUMN more INT DEFAULT 7");
        assertEquals(1, insert.execute(List.of(3L, 3L)).updateCount());
        assertEquals("4,10", run(a, "SELECT count(*), sum(n) FROM log"));
        assertEquals("4,6,28", run(a, "SELECT count(*), sum(n), sum(more) FROM job"));
    }
}

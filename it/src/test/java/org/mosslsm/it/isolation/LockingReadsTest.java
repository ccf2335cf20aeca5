package org.mosslsm.it.isolation;

import static java.sql.Connection.TRANSACTION_READ_COMMITTED;
import static java.sql.Connection.TRANSACTION_REPEATABLE_READ;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.sql.SQLException;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.mosslsm.it.isolation.Sessions.Session;

/** SELECT ... FOR UPDATE and FOR SHARE among several connections. The table holds jobs 1 to 4, job 4 done. */
@Timeout(60)
class LockingReadsTest {
    private static final int RC = TRANSACTION_READ_COMMITTED;

    private final Sessions sessions = new Sessions();
    private Session admin;

    @BeforeEach
    void makeTables() throws SQLException {
        admin = sessions.setup(
                "CREATE TABLE job (id INT PRIMARY KEY, state TEXT)",
                "CREATE TABLE bare (v INT)",
                "INSERT INTO job VALUES (1, 'new'), (2, 'new'), (3, 'new'), (4, 'done')",
                "INSERT INTO bare VALUES (1), (2)");
    }

    @AfterEach
    void close() throws SQLException {
        sessions.close();
    }

    @Test
    void othersWaitForWhatIsReadForUpdate() throws Exception {
        Session one = sessions.begin(RC);
        Session two = sessions.begin(RC);
        assertEquals("1 new", one.query("SELECT * FROM job WHERE id = 1 FOR UPDATE"));
        Future<Integer> waiting = two.updateLater("UPDATE job SET state = 'two' WHERE id = 1");
        assertEquals(
                "2 new", sessions.begin(RC).query("SELECT * FROM job WHERE id = 2 FOR UPDATE"), "other rows are free");
        assertFalse(waiting.isDone());
        one.update("UPDATE job SET state = 'one' WHERE id = 1");
        one.commit();
        assertEquals(1, waiting.get());
        two.commit();
        assertEquals("two", admin.query("SELECT state FROM job WHERE id = 1"));
    }

    @Test
    void aRowThatChangedMeanwhileIsReadAgainAndTestedAgain() throws Exception {
        Session one = sessions.begin(RC);
        Session two = sessions.begin(RC);
        one.update("UPDATE job SET state = 'taken' WHERE id = 1");
        one.update("UPDATE job SET state = 'new', id = 20 WHERE id = 2");
        one.update("DELETE FROM job WHERE id = 3");
        Future<String> waiting = two.queryThatWaits("SELECT id FROM job WHERE state = 'new' ORDER BY id FOR UPDATE");
        assertFalse(waiting.isDone());
        one.commit();
        assertEquals("", waiting.get(), "1 is taken, 2 has another key, 3 is gone");
        assertEquals("20", two.query("SELECT id FROM job WHERE state = 'new' ORDER BY id FOR UPDATE"));
    }

    @Test
    void theNewestValuesAreShown() throws Exception {
        Session one = sessions.begin(RC);
        Session two = sessions.begin(RC);
        one.update("UPDATE job SET state = 'late' WHERE id = 4");
        Future<String> waiting = two.queryThatWaits(
                "SELECT j.state || '!', b.v FROM job j JOIN bare b ON b.v < j.id WHERE j.id = 4 AND b.v = 2"
                        + " FOR UPDATE OF j");
        one.commit();
        assertEquals("late! 2", waiting.get());
    }

    @Test
    void aConditionOfAJoinIsTestedAgain() throws Exception {
        Session one = sessions.begin(RC);
        Session two = sessions.begin(RC);
        one.update("UPDATE bare SET v = 9 WHERE v = 2");
        Future<String> waiting =
                two.queryThatWaits("SELECT j.id FROM job j JOIN bare b ON b.v = j.id ORDER BY 1 FOR UPDATE");
        one.commit();
        assertEquals("1", waiting.get());
    }

    @Test
    void aQueueGivesEachJobToOne() throws SQLException {
        String take = "UPDATE job SET state = 'taken' WHERE id = (SELECT id FROM job WHERE state = 'new' ORDER BY id"
                + " LIMIT 1 FOR UPDATE SKIP LOCKED) RETURNING id";
        Session one = sessions.begin(RC);
        Session two = sessions.begin(RC);
        Session three = sessions.begin(RC);
        assertEquals("1", one.query(take));
        assertEquals("2", two.query(take));
        assertEquals("3", three.query(take));
        assertEquals("", sessions.begin(RC).query(take));
        two.rollback();
        assertEquals("2", sessions.begin(RC).query("SELECT id FROM job WHERE state = 'new' FOR UPDATE SKIP LOCKED"));
    }

    @Test
    void noWaitIsRefused() throws SQLException {
        Session one = sessions.begin(RC);
        Session two = sessions.begin(RC);
        one.query("SELECT * FROM bare WHERE v = 1 FOR UPDATE");
        SQLException refused =
                assertThrows(SQLException.class, () -> two.query("SELECT * FROM bare ORDER BY v FOR UPDATE NOWAIT"));
        assertEquals("55P03", refused.getSQLState());
        assertEquals("2", two.query("SELECT * FROM bare WHERE v = 2 FOR UPDATE NOWAIT"), "the transaction goes on");
    }

    @Test
    void readersForShareMeetNoWriters() throws Exception {
        Session one = sessions.begin(RC);
        Session two = sessions.begin(RC);
        assertEquals("1 new", one.query("SELECT * FROM job WHERE id = 1 FOR SHARE"));
        assertEquals("1 new", two.query("SELECT * FROM job WHERE id = 1 FOR SHARE NOWAIT"));
        Future<Integer> waiting = sessions.begin(RC).updateLater("UPDATE job SET state = 'x' WHERE id = 1");
        one.commit();
        assertFalse(waiting.isDone());
        two.commit();
        assertEquals(1, waiting.get());
    }

    @Test
    void higherIsolationRefusesWhatChanged() throws SQLException {
        Session one = sessions.begin(TRANSACTION_REPEATABLE_READ);
        one.query("SELECT COUNT(*) FROM job");
        admin.update("UPDATE job SET state = 'x' WHERE id = 1");
        SQLException refused =
                assertThrows(SQLException.class, () -> one.query("SELECT * FROM job WHERE id = 1 FOR UPDATE"));
        assertEquals("40001", refused.getSQLState());
    }

    @Test
    void locksEndWithAutocommit() throws SQLException {
        assertEquals("1 new", admin.query("SELECT * FROM job WHERE id = 1 FOR UPDATE"));
        assertEquals("1 new", sessions.begin(RC).query("SELECT * FROM job WHERE id = 1 FOR UPDATE NOWAIT"));
    }

    @Test
    void aReadOnlyTransactionLocksNothing() throws SQLException {
        Session one = sessions.begin(RC);
        one.update("SET TRANSACTION READ ONLY");
        SQLException refused = assertThrows(SQLException.class, () -> one.query("SELECT * FROM job FOR UPDATE"));
        assertEquals("25006", refused.getSQLState());
    }
}

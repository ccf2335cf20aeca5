package org.mosslsm.it.isolation;

import static java.sql.Connection.TRANSACTION_READ_COMMITTED;
import static java.sql.Connection.TRANSACTION_REPEATABLE_READ;
import static java.sql.Connection.TRANSACTION_SERIALIZABLE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.sql.SQLException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mosslsm.it.isolation.Sessions.Session;

/** Names of anomalies as in Adya's thesis and the hermitage suite. The table holds (1, 10) and (2, 20). */
@Timeout(60)
class AnomaliesTest {
    private static final int RC = TRANSACTION_READ_COMMITTED;
    private static final int RR = TRANSACTION_REPEATABLE_READ;
    private static final int SER = TRANSACTION_SERIALIZABLE;

    private final Sessions sessions = new Sessions();
    private Session admin;

    @BeforeEach
    void makeTable() throws SQLException {
        admin = sessions.setup(
                "CREATE TABLE test (id INT PRIMARY KEY, v INT)", "INSERT INTO test VALUES (1, 10), (2, 20)");
    }

    @AfterEach
    void dropTable() throws SQLException {
        sessions.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {RC, RR, SER})
    void g0WritesOfTwoTransactionsDoNotMix(int isolation) throws Exception {
        Session one = sessions.begin(isolation);
        Session two = sessions.begin(isolation);
        one.update("UPDATE test SET v = 11 WHERE id = 1");
        Future<Integer> waiting = two.updateLater("UPDATE test SET v = 12 WHERE id = 1");
        one.update("UPDATE test SET v = 21 WHERE id = 2");
        one.commit();
        if (isolation == RC) {
            waiting.get();
            two.update("UPDATE test SET v = 22 WHERE id = 2");
            two.commit();
            assertEquals("1 12,2 22", rows());
        } else {
            finishOrRefuse(waiting, two, "UPDATE test SET v = 22 WHERE id = 2");
        }
    }

    /** The second transaction either began after the first ended, and wrote both rows, or was refused and wrote none. */
    private void finishOrRefuse(Future<Integer> waiting, Session two, String more) throws Exception {
        try {
            waiting.get();
            two.update(more);
            two.commit();
            assertEquals("1 12,2 22", rows());
        } catch (ExecutionException e) {
            assertEquals(
                    "40001", assertInstanceOf(SQLException.class, e.getCause()).getSQLState());
            two.rollback();
            assertEquals("1 11,2 21", rows());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {RC, RR, SER})
    void g1aNothingIsReadThatIsRolledBack(int isolation) throws SQLException {
        Session one = sessions.begin(isolation);
        Session two = sessions.begin(isolation);
        one.update("UPDATE test SET v = 101 WHERE id = 1");
        assertEquals("1 10,2 20", two.query("SELECT * FROM test ORDER BY id"));
        one.rollback();
        assertEquals("1 10,2 20", two.query("SELECT * FROM test ORDER BY id"));
        two.commit();
    }

    @ParameterizedTest
    @ValueSource(ints = {RC, RR, SER})
    void g1bNoIntermediateValueIsRead(int isolation) throws SQLException {
        Session one = sessions.begin(isolation);
        Session two = sessions.begin(isolation);
        one.update("UPDATE test SET v = 101 WHERE id = 1");
        assertEquals("1 10,2 20", two.query("SELECT * FROM test ORDER BY id"));
        one.update("UPDATE test SET v = 11 WHERE id = 1");
        one.commit();
        assertEquals(isolation == RC ? "1 11,2 20" : "1 10,2 20", two.query("SELECT * FROM test ORDER BY id"));
        two.commit();
    }

    @ParameterizedTest
    @ValueSource(ints = {RC, RR, SER})
    void g1cTwoTransactionsDoNotReadEachOther(int isolation) throws SQLException {
        Session one = sessions.begin(isolation);
        Session two = sessions.begin(isolation);
        one.update("UPDATE test SET v = 11 WHERE id = 1");
        two.update("UPDATE test SET v = 22 WHERE id = 2");
        assertEquals("20", one.query("SELECT v FROM test WHERE id = 2"));
        assertEquals("10", two.query("SELECT v FROM test WHERE id = 1"));
        one.commit();
        if (isolation == SER) {
            assertState("40001", two::commit);
        } else {
            two.commit();
        }
    }

    @Test
    void readCommittedChecksTheRowAgainAfterAWait() throws Exception {
        Session one = sessions.begin(RC);
        Session two = sessions.begin(RC);
        one.update("UPDATE test SET v = v + 5 WHERE id = 1");
        Future<Integer> increment = two.updateLater("UPDATE test SET v = v + 1 WHERE v >= 15");
        one.commit();
        increment.get(); // row 1 qualifies if the statement began after the commit, or waited for nothing
        two.commit();
        assertEquals("2 21", admin.query("SELECT * FROM test WHERE id = 2"));

        Session three = sessions.begin(RC);
        Session four = sessions.begin(RC);
        three.update("DELETE FROM test WHERE id = 2");
        Future<Integer> gone = four.updateLater("UPDATE test SET v = 0 WHERE id = 2");
        three.commit();
        assertEquals(0, gone.get());
        four.commit();
    }

    @Test
    void p4NoIncrementIsLostUnderReadCommitted() throws Exception {
        Session one = sessions.begin(RC);
        Session two = sessions.begin(RC);
        one.update("UPDATE test SET v = v + 1 WHERE id = 1");
        Future<Integer> other = two.updateLater("UPDATE test SET v = v + 1 WHERE id = 1");
        one.commit();
        assertEquals(1, other.get());
        two.commit();
        assertEquals("12", admin.query("SELECT v FROM test WHERE id = 1"));
    }

    @ParameterizedTest
    @ValueSource(ints = {RR, SER})
    void p4LostUpdateIsRefused(int isolation) throws SQLException {
        Session one = sessions.begin(isolation);
        Session two = sessions.begin(isolation);
        assertEquals("10", one.query("SELECT v FROM test WHERE id = 1"));
        assertEquals("10", two.query("SELECT v FROM test WHERE id = 1"));
        one.update("UPDATE test SET v = 11 WHERE id = 1");
        one.commit();
        assertState("40001", () -> two.update("UPDATE test SET v = 12 WHERE id = 1"));
        two.rollback();
        assertEquals("1 11,2 20", rows());
    }

    @ParameterizedTest
    @ValueSource(ints = {RC, RR, SER})
    void gSingleReadSkew(int isolation) throws SQLException {
        Session one = sessions.begin(isolation);
        Session two = sessions.begin(isolation);
        assertEquals("10", one.query("SELECT v FROM test WHERE id = 1"));
        two.update("UPDATE test SET v = 12 WHERE id = 1");
        two.update("UPDATE test SET v = 18 WHERE id = 2");
        two.commit();
        assertEquals(isolation == RC ? "18" : "20", one.query("SELECT v FROM test WHERE id = 2"));
        one.commit();
    }

    @ParameterizedTest
    @ValueSource(ints = {RC, RR, SER})
    void pmpPredicateReadsAreRepeatable(int isolation) throws SQLException {
        Session one = sessions.begin(isolation);
        Session two = sessions.begin(isolation);
        assertEquals("", one.query("SELECT * FROM test WHERE v = 30"));
        two.update("INSERT INTO test VALUES (3, 30)");
        two.commit();
        assertEquals(isolation == RC ? "3 30" : "", one.query("SELECT * FROM test WHERE v % 3 = 0"));
        one.commit();
    }

    @ParameterizedTest
    @ValueSource(ints = {RC, RR, SER})
    void g2ItemWriteSkew(int isolation) throws SQLException {
        Session one = sessions.begin(isolation);
        Session two = sessions.begin(isolation);
        assertEquals("1 10,2 20", one.query("SELECT * FROM test WHERE id IN (1, 2) ORDER BY id"));
        assertEquals("1 10,2 20", two.query("SELECT * FROM test WHERE id IN (1, 2) ORDER BY id"));
        one.update("UPDATE test SET v = 11 WHERE id = 1");
        two.update("UPDATE test SET v = 21 WHERE id = 2");
        one.commit();
        if (isolation == SER) {
            assertState("40001", two::commit);
            assertEquals("1 11,2 20", rows());
        } else {
            two.commit();
            assertEquals("1 11,2 21", rows());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {RC, RR, SER})
    void g2PhantomsThatDependOnEachOther(int isolation) throws SQLException {
        Session one = sessions.begin(isolation);
        Session two = sessions.begin(isolation);
        assertEquals("", one.query("SELECT * FROM test WHERE v % 3 = 0"));
        assertEquals("", two.query("SELECT * FROM test WHERE v % 3 = 0"));
        one.update("INSERT INTO test VALUES (3, 30)");
        two.update("INSERT INTO test VALUES (4, 42)");
        one.commit();
        if (isolation == SER) {
            assertState("40001", two::commit);
        } else {
            two.commit();
            assertEquals("3 30,4 42", admin.query("SELECT * FROM test WHERE v % 3 = 0 ORDER BY id"));
        }
    }

    @Test
    void aDuplicateThatIsPendingIsWaitedFor() throws Exception {
        Session one = sessions.begin(RC);
        Session two = sessions.begin(RC);
        one.update("INSERT INTO test VALUES (3, 30)");
        Future<Integer> duplicate = two.updateLater("INSERT INTO test VALUES (3, 31)");
        one.rollback();
        assertEquals(1, duplicate.get());
        two.commit();
        assertEquals("31", admin.query("SELECT v FROM test WHERE id = 3"));

        Session three = sessions.begin(RC);
        Session four = sessions.begin(RC);
        three.update("INSERT INTO test VALUES (4, 40)");
        Future<Integer> refused = four.updateLater("INSERT INTO test VALUES (4, 41)");
        three.commit();
        ExecutionException e = assertThrows(ExecutionException.class, refused::get);
        assertEquals("23505", assertInstanceOf(SQLException.class, e.getCause()).getSQLState());
        four.rollback();
    }

    @Test
    void aDeadlockEndsOneOfTheTwoAtOnce() throws Exception {
        Session one = sessions.begin(RC);
        Session two = sessions.begin(RC);
        one.update("UPDATE test SET v = 11 WHERE id = 1");
        two.update("UPDATE test SET v = 22 WHERE id = 2");
        Future<Integer> first = one.updateLater("UPDATE test SET v = 12 WHERE id = 2");
        Future<Integer> second = two.updateLater("UPDATE test SET v = 21 WHERE id = 1");
        String firstState = stateOf(first);
        String secondState = stateOf(second); // the refused one was rolled back, so the other got its lock
        // If it had been left to the lock timeout that would have said HYT00.
        assertEquals("40001", firstState + secondState, "one of the two is refused, and at once");
        (firstState.isEmpty() ? two : one).rollback();
        (firstState.isEmpty() ? one : two).commit();
        assertEquals(firstState.isEmpty() ? "1 11,2 12" : "1 21,2 22", rows());
    }

    /** The SQLSTATE of a statement's refusal, empty when it went through. */
    private static String stateOf(Future<Integer> statement) throws InterruptedException {
        try {
            statement.get();
            return "";
        } catch (ExecutionException e) {
            return assertInstanceOf(SQLException.class, e.getCause()).getSQLState();
        }
    }

    private String rows() throws SQLException {
        return admin.query("SELECT * FROM test ORDER BY id");
    }

    private static void assertState(String state, Executable job) {
        SQLException e = assertThrows(SQLException.class, job);
        assertEquals(state, e.getSQLState(), e.getMessage());
    }
}

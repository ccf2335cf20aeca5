package org.mosslsm.sql;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.mosslsm.kv.txn.Isolation;

/** Two sessions that meet: who waits for whom, and what the one who waited sees. */
@Timeout(60)
class SessionLocksTest extends MeetingSessions {
    @Test
    void updatesOfOneRowAddUp() throws Exception {
        setUp("CREATE TABLE t (id INT PRIMARY KEY, v INT)", "INSERT INTO t VALUES (1, 0)", "BEGIN");
        run(a, "UPDATE t SET v = v + 1");
        FutureTask<String> second = waiting(b, "UPDATE t SET v = v + 10");
        run(a, "COMMIT");

        assertEquals("1", result(second));
        assertEquals("1,11", run(a, "SELECT * FROM t"));
    }

    @Test
    void theConditionIsAskedAgain() throws Exception {
        setUp("CREATE TABLE t (id INT PRIMARY KEY, v INT)", "INSERT INTO t VALUES (1, 0), (2, 0)", "BEGIN");
        run(a, "UPDATE t SET v = 5 WHERE id = 1");
        FutureTask<String> second = waiting(b, "UPDATE t SET v = 9 WHERE v = 0");
        run(a, "COMMIT");

        assertEquals("1", result(second));
        assertEquals("1,5 2,9", run(a, "SELECT * FROM t ORDER BY id"));
    }

    @Test
    void anotherRowOfTheJoinMayStillMeanTheRow() throws Exception {
        setUp(
                "CREATE TABLE t (id INT PRIMARY KEY, v INT)",
                "CREATE TABLE f (v INT, lim INT)",
                "INSERT INTO t VALUES (1, 0)",
                "INSERT INTO f VALUES (10, 3), (20, 9), (30, 2)",
                "BEGIN",
                "UPDATE t SET v = 5 WHERE id = 1");
        FutureTask<String> second = waiting(b, "UPDATE t SET v = f.v FROM f WHERE t.v < f.lim RETURNING t.v");
        run(a, "COMMIT");

        assertEquals("20", result(second));
    }

    @Test
    void aRowDeletedMeanwhileIsPassedOver() throws Exception {
        setUp("CREATE TABLE t (id INT PRIMARY KEY, v INT)", "INSERT INTO t VALUES (1, 0), (2, 0)", "BEGIN");
        run(a, "DELETE FROM t WHERE id = 1");
        FutureTask<String> second = waiting(b, "DELETE FROM t WHERE v = 0 RETURNING id");
        run(a, "COMMIT");

        assertEquals("2", result(second));
    }

    @Test
    void aKeyMovedMeanwhileIsPassedOver() throws Exception {
        setUp("CREATE TABLE t (id INT PRIMARY KEY, v INT)", "INSERT INTO t VALUES (1, 0)", "BEGIN");
        run(a, "UPDATE t SET id = 2");
        FutureTask<String> second = waiting(b, "UPDATE t SET v = 1");
        run(a, "COMMIT");

        assertEquals("0", result(second));
    }

    @Test
    void aDuplicateWaitsForTheFirst() throws Exception {
        setUp("CREATE TABLE t (id INT PRIMARY KEY, u INT UNIQUE)", "BEGIN");
        run(a, "INSERT INTO t VALUES (1, 1)");
        FutureTask<String> sameKey = waiting(b, "INSERT INTO t VALUES (1, 2)");
        run(a, "ROLLBACK");
        assertEquals("1", result(sameKey));

        run(a, "BEGIN");
        run(a, "INSERT INTO t VALUES (3, 3)");
        FutureTask<String> sameUnique = waiting(b, "INSERT INTO t VALUES (4, 3)");
        run(a, "COMMIT");
        assertEquals("error 23505", result(sameUnique));
    }

    @Test
    void aUniqueKeyGivenUpIsFreeAfterCommitOnly() throws Exception {
        setUp("CREATE TABLE t (id INT PRIMARY KEY, u INT UNIQUE)", "INSERT INTO t VALUES (1, 7)", "BEGIN");
        run(a, "DELETE FROM t");
        FutureTask<String> taker = waiting(b, "INSERT INTO t VALUES (2, 7)");
        run(a, "ROLLBACK");
        assertEquals("error 23505", result(taker));
    }

    @Test
    void onConflictUpdatesWhatWasWaitedFor() throws Exception {
        setUp("CREATE TABLE t (id INT PRIMARY KEY, n INT)", "BEGIN");
        run(a, "INSERT INTO t VALUES (1, 1)");
        FutureTask<String> upsert =
                waiting(b, "INSERT INTO t VALUES (1, 10) ON CONFLICT (id) DO UPDATE SET n = t.n + excluded.n");
        run(a, "COMMIT");
        assertEquals("1", result(upsert));
        assertEquals("1,11", run(a, "SELECT * FROM t"));
    }

    private void parentAndChild() {
        setUp(
                "CREATE TABLE p (id INT PRIMARY KEY, v INT)",
                "CREATE TABLE c (id INT PRIMARY KEY, p_id INT REFERENCES p)",
                "INSERT INTO p VALUES (1, 0), (2, 0)",
                "BEGIN");
    }

    @Test
    void aChildWaitsForAParentThatGoes() throws Exception {
        parentAndChild();
        run(a, "DELETE FROM p WHERE id = 1");
        FutureTask<String> child = waiting(b, "INSERT INTO c VALUES (1, 1)");
        run(a, "COMMIT");
        assertEquals("error 23503", result(child));
    }

    @Test
    void aParentWaitsForAChildThatComes() throws Exception {
        parentAndChild();
        run(a, "INSERT INTO c VALUES (1, 1)");
        FutureTask<String> parent = waiting(b, "DELETE FROM p WHERE id = 1");
        run(a, "COMMIT");
        assertEquals("error 23503", result(parent));
        assertEquals("1", run(b, "SELECT count(*) FROM p WHERE id = 1"));
    }

    @Test
    void aParentThatWaitedForNothingGoes() throws Exception {
        parentAndChild();
        run(a, "INSERT INTO c VALUES (1, 1)");
        FutureTask<String> parent = waiting(b, "DELETE FROM p WHERE id = 1");
        run(a, "ROLLBACK");
        assertEquals("1", result(parent));
    }

    @Test
    void aChildDoesNotWaitForAParentThatKeepsItsKey() {
        parentAndChild();
        run(a, "UPDATE p SET v = 1 WHERE id = 1");
        assertEquals("1", run(b, "INSERT INTO c VALUES (1, 1)"));
        run(a, "COMMIT");
        assertEquals("1,1", run(a, "SELECT * FROM c"));
    }

    @Test
    void childrenOfOneParentDoNotWaitForEachOther() {
        parentAndChild();
        run(a, "INSERT INTO c VALUES (1, 1)");
        run(b, "BEGIN");
        run(b, "INSERT INTO c VALUES (2, 1)");
        run(a, "COMMIT");
        run(b, "COMMIT");
        assertEquals("2", run(a, "SELECT count(*) FROM c"));
    }

    @Test
    void aCascadeMeetsChildrenThatCameAfterItsSnapshot() throws Exception {
        setUp(
                "CREATE TABLE p (id INT PRIMARY KEY)",
                "CREATE TABLE c (id INT PRIMARY KEY, p_id INT REFERENCES p ON DELETE CASCADE)",
                "INSERT INTO p VALUES (1)",
                "BEGIN",
                "INSERT INTO c VALUES (1, 1)");
        FutureTask<String> parent = waiting(b, "DELETE FROM p");
        run(a, "COMMIT");
        assertEquals("1", result(parent));
        assertEquals("0", run(a, "SELECT count(*) FROM c"));
    }

    @Test
    void underRepeatableReadNoChildIsLeftBehind() {
        setUp(
                "CREATE TABLE p (id INT PRIMARY KEY)",
                "CREATE TABLE c (id INT PRIMARY KEY, p_id INT REFERENCES p)",
                "INSERT INTO p VALUES (1)");
        a.setIsolation(Isolation.REPEATABLE_READ);
        run(a, "BEGIN");
        assertEquals("0", run(a, "SELECT count(*) FROM c"));
        run(b, "INSERT INTO c VALUES (1, 1)");
        run(a, "DELETE FROM p");
        assertEquals("40001", state(a, "COMMIT"));

        run(a, "BEGIN");
        assertEquals("1", run(a, "SELECT count(*) FROM p"));
        run(b, "DELETE FROM c");
        run(b, "DELETE FROM p");
        assertEquals("40001", state(a, "INSERT INTO c VALUES (2, 1)"));
    }

    @Test
    void anUpsertBySecondaryKeyAndADeleteLockInOneOrder() throws Exception {
        setUp("CREATE TABLE t (id INT PRIMARY KEY, u INT UNIQUE)", "INSERT INTO t VALUES (1, 7)", "BEGIN");
        assertEquals("1,7", run(a, "SELECT * FROM t FOR UPDATE"));
        FutureTask<String> upsert =
                waiting(b, "INSERT INTO t VALUES (2, 7) ON CONFLICT (u) DO UPDATE SET id = t.id + 10 RETURNING id");
        assertEquals("1", run(a, "DELETE FROM t WHERE id = 1"));
        run(a, "COMMIT");
        assertEquals("2", result(upsert));
    }

    @Test
    void aDeadlockEndsOneAndTheOtherGoesOn() throws Exception {
        setUp("CREATE TABLE t (id INT PRIMARY KEY, v INT)", "INSERT INTO t VALUES (1, 0), (2, 0)", "BEGIN");
        run(a, "UPDATE t SET v = 1 WHERE id = 1");
        run(b, "BEGIN");
        run(b, "UPDATE t SET v = 2 WHERE id = 2");
        FutureTask<String> other = waiting(b, "UPDATE t SET v = 2 WHERE id = 1");

        assertEquals("40001", state(a, "UPDATE t SET v = 1 WHERE id = 2"));
        assertEquals("25P02", state(a, "SELECT 1"));
        assertEquals("1", result(other));
        run(b, "COMMIT");
        assertEquals("40001", state(a, "COMMIT"));
        assertEquals("1,2 2,2", run(a, "SELECT * FROM t ORDER BY id"));
    }

    @Test
    void waitsEndByTimeoutAndByCancel() throws Exception {
        setUp("CREATE TABLE t (id INT PRIMARY KEY, v INT)", "INSERT INTO t VALUES (1, 0)", "BEGIN");
        run(a, "UPDATE t SET v = 1");
        b.setLockTimeoutMillis(20);
        assertEquals("HYT00", state(b, "UPDATE t SET v = 2"));
        b.setLockTimeoutMillis(50_000);
        b.setStatementTimeoutMillis(20);
        assertEquals("57014", state(b, "UPDATE t SET v = 2"));
        b.setStatementTimeoutMillis(0);
        FutureTask<String> waits = waiting(b, "UPDATE t SET v = 2");
        b.cancel();
        assertEquals("error 57014", result(waits));
        assertEquals("1,0", run(b, "SELECT * FROM t"));
    }

    @Test
    void alterTableWaitsForWritersAndWritersPlanAnew() throws Exception {
        setUp("CREATE TABLE t (id INT PRIMARY KEY, v INT)", "BEGIN");
        run(a, "INSERT INTO t VALUES (1, 1)");
        FutureTask<String> alter = waiting(b, "ALTER TABLE t ADD COLUMN w INT DEFAULT 7");
        run(a, "COMMIT");
        assertEquals("0", result(alter));
        assertEquals("1,1,7", run(a, "SELECT * FROM t"));

        run(a, "BEGIN");
        run(a, "ALTER TABLE t DROP COLUMN v");
        FutureTask<String> writer = waiting(b, "INSERT INTO t (id, w) VALUES (2, 8)");
        run(a, "COMMIT");
        assertEquals("1", result(writer));
        assertEquals("1,7 2,8", run(a, "SELECT * FROM t ORDER BY id"));
    }

    @Test
    void anIndexHoldsRowsThatCameWhileItWaited() throws Exception {
        setUp("CREATE TABLE t (id INT PRIMARY KEY, v INT)", "INSERT INTO t VALUES (1, 1)", "BEGIN");
        run(a, "INSERT INTO t VALUES (2, 2)");
        FutureTask<String> index = waiting(b, "CREATE INDEX t_v ON t (v)");
        run(a, "COMMIT");
        assertEquals("0", result(index));
        assertEquals("1 2", run(a, "SELECT v FROM t WHERE v > 0 ORDER BY v"));

        run(a, "BEGIN");
        run(a, "CREATE UNIQUE INDEX t_u ON t (v)");
        FutureTask<String> writer = waiting(b, "INSERT INTO t VALUES (3, 2)");
        run(a, "COMMIT");
        assertEquals("error 23505", result(writer));
    }

    @Test
    void aNewForeignKeyIsKeptByThoseWhoPlannedBefore() throws Exception {
        setUp(
                "CREATE TABLE p (id INT PRIMARY KEY)",
                "CREATE TABLE c (id INT PRIMARY KEY, p_id INT)",
                "INSERT INTO p VALUES (1)",
                "INSERT INTO c VALUES (1, 1)",
                "BEGIN");
        run(a, "ALTER TABLE c ADD FOREIGN KEY (p_id) REFERENCES p");
        FutureTask<String> delete = waiting(b, "DELETE FROM p");
        run(a, "COMMIT");
        assertEquals("error 23503", result(delete));
    }

    @Test
    void aDroppedTableIsGoneForThoseWhoWaited() throws Exception {
        setUp("CREATE TABLE t (id INT PRIMARY KEY)", "BEGIN");
        run(a, "DROP TABLE t");
        FutureTask<String> writer = waiting(b, "INSERT INTO t VALUES (1)");
        run(a, "COMMIT");
        assertEquals("error 42P01", result(writer));
    }

    @Test
    void truncateWaitsForWriters() throws Exception {
        setUp("CREATE TABLE t (id INT PRIMARY KEY)", "INSERT INTO t VALUES (1)", "BEGIN");
        run(a, "INSERT INTO t VALUES (2)");
        FutureTask<String> truncate = waiting(b, "TRUNCATE t");
        run(a, "COMMIT");
        assertEquals("0", result(truncate));
        assertEquals("0", run(a, "SELECT count(*) FROM t"));
    }

    @Test
    void aDeleteOfARangeCountsWhatCameWhileItWaited() throws Exception {
        setUp(
                "CREATE TABLE t (id INT PRIMARY KEY, v INT UNIQUE)",
                "INSERT INTO t SELECT i, i FROM generate_series(1, 100) s(i)",
                "INSERT INTO t VALUES (300, 300)",
                "BEGIN");
        run(a, "INSERT INTO t VALUES (200, 200)");
        FutureTask<String> delete = waiting(b, "DELETE FROM t WHERE id < 250");
        run(a, "COMMIT");
        assertEquals("101", result(delete));
        assertEquals("300", run(a, "SELECT id FROM t"));
        assertEquals("1", run(a, "INSERT INTO t VALUES (1, 200)"));
    }

    @Test
    void aDeleteOfAFewRowsOfARangeDoesNotWaitForOneThatComes() {
        setUp("CREATE TABLE t (id INT PRIMARY KEY)", "INSERT INTO t VALUES (1), (2), (30)", "BEGIN");
        run(a, "INSERT INTO t VALUES (3)");
        assertEquals("2", run(b, "DELETE FROM t WHERE id < 10"));
        run(a, "COMMIT");
        assertEquals("3 30", run(a, "SELECT id FROM t"));
    }

    @Test
    void closingASessionEndsItsWait() throws Exception {
        setUp("CREATE TABLE t (id INT PRIMARY KEY, v INT)", "INSERT INTO t VALUES (1, 0)", "BEGIN");
        run(a, "UPDATE t SET v = 1");
        Session c = database.connect();
        FutureTask<String> waits = waiting(c, "UPDATE t SET v = 2");
        c.close();
        assertEquals("error 57014", result(waits));
        assertEquals("08003", state(c, "SELECT 1"));
    }
}

package org.mosslsm.sql;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.mosslsm.kv.txn.Isolation;

/** Tables are altered while rows are changed that foreign keys join to them: no row is left without its parent. */
@Timeout(120)
class DefinitionsMeetChangesTest extends MeetingSessions {
    private final Session c = database.connect();

    /** A parent with a child; session a has changed the parent's row, and who deletes it waits. */
    private void setUpFamily(String action) {
        setUp(
                "CREATE TABLE p (id INT PRIMARY KEY, note TEXT)",
                "CREATE TABLE c (id INT PRIMARY KEY, pid INT REFERENCES p " + action + ", z INT)",
                "INSERT INTO p VALUES (1, '')",
                "INSERT INTO c VALUES (1, 1, 0)",
                "BEGIN",
                "UPDATE p SET note = 'x' WHERE id = 1");
    }

    @Test
    void theIndexOfAForeignKeyIsReplacedWhileTheParentGoes() throws Exception {
        setUpFamily("");
        FutureTask<String> delete = waiting(b, "DELETE FROM p WHERE id = 1");
        run(c, "CREATE INDEX c_pz ON c (pid, z)");
        run(a, "COMMIT");
        assertEquals("error 23503", result(delete));
        assertEquals("1", run(a, "SELECT count(*) FROM p"));
    }

    @Test
    void theChildIsRewrittenWhileTheParentGoes() throws Exception {
        for (String action : new String[] {"ON DELETE RESTRICT", "ON DELETE CASCADE", "ON DELETE SET NULL"}) {
            setUpFamily(action);
            FutureTask<String> delete = waiting(b, "DELETE FROM p WHERE id = 1");
            run(c, "ALTER TABLE c ALTER COLUMN z TYPE TEXT");
            run(c, "ALTER TABLE c DROP CONSTRAINT c_pkey");
            run(a, "COMMIT");
            assertEquals(action.endsWith("RESTRICT") ? "error 23503" : "1", result(delete), action);
            assertEquals(
                    "0",
                    run(a, "SELECT count(*) FROM c LEFT JOIN p ON p.id = pid WHERE pid >= 0 AND p.id IS NULL"),
                    action);
            assertEquals(action.endsWith("CASCADE") ? "0" : "1", run(a, "SELECT count(*) FROM c"), action);
            run(a, "DROP TABLE c, p");
        }
    }

    @Test
    void theIndexOfAGrandchildIsReplacedWhileTheGrandparentGoes() throws Exception {
        setUp("CREATE TABLE g (id INT PRIMARY KEY, note TEXT)", "INSERT INTO g VALUES (7, '')");
        setUp(
                "CREATE TABLE p (id INT PRIMARY KEY, gid INT REFERENCES g ON DELETE CASCADE)",
                "CREATE TABLE c (id INT PRIMARY KEY, pid INT REFERENCES p, z INT)",
                "INSERT INTO p VALUES (1, 7)",
                "INSERT INTO c VALUES (1, 1, 0)",
                "BEGIN",
                "UPDATE g SET note = 'x' WHERE id = 7");
        FutureTask<String> delete = waiting(b, "DELETE FROM g");
        run(c, "CREATE INDEX c_pz ON c (pid, z)");
        run(a, "COMMIT");
        assertEquals("error 23503", result(delete));
    }

    @Test
    void whoDeletesAParentKeepsItsChildrenAsTheyAreDefined() throws Exception {
        setUpFamily("");
        run(a, "COMMIT");
        run(a, "DELETE FROM c");
        run(a, "BEGIN");
        run(a, "DELETE FROM p");
        FutureTask<String> alter = waiting(b, "ALTER TABLE c ALTER COLUMN z TYPE TEXT");
        run(a, "ROLLBACK");
        assertEquals("0", result(alter));
    }

    @Test
    void whoLocksRowsKeepsTheTableAsItIsDefined() throws Exception {
        setUp("CREATE TABLE t (id INT PRIMARY KEY, v INT)", "INSERT INTO t VALUES (1, 5)", "BEGIN");
        assertEquals("", run(a, "SELECT * FROM t WHERE id = 9 FOR UPDATE"));
        FutureTask<String> alter = waiting(b, "ALTER TABLE t ADD COLUMN w INT");
        run(a, "COMMIT");
        assertEquals("0", result(alter));

        run(a, "BEGIN");
        run(a, "ALTER TABLE t ALTER COLUMN v TYPE TEXT");
        FutureTask<String> locked = waiting(b, "SELECT id, v FROM t FOR SHARE");
        run(a, "COMMIT");
        assertEquals("1,5", result(locked));
    }

    @Test
    void aForeignKeyMadeUnderAnOldSnapshotFindsParentsThatAreGone() {
        setUp(
                "CREATE TABLE p (id INT PRIMARY KEY)",
                "CREATE TABLE c (id INT PRIMARY KEY, pid INT)",
                "INSERT INTO p VALUES (1)",
                "INSERT INTO c VALUES (1, 1)");
        a.setIsolation(Isolation.REPEATABLE_READ);
        run(a, "BEGIN");
        assertEquals("1", run(a, "SELECT count(*) FROM p"));
        run(b, "DELETE FROM p WHERE id = 1");
        run(a, "ALTER TABLE c ADD FOREIGN KEY (pid) REFERENCES p");
        assertEquals("40001", state(a, "COMMIT"));
    }

    @Test
    void aKeyChangedByItsTypeMeetsAChildThatComes() throws Exception {
        setUp(
                "CREATE TABLE p (id INT PRIMARY KEY)",
                "CREATE TABLE c (id INT PRIMARY KEY, pid INT REFERENCES p)",
                "INSERT INTO p VALUES (1)",
                "BEGIN",
                "INSERT INTO c VALUES (1, 1)");
        FutureTask<String> alter = waiting(b, "ALTER TABLE p ALTER COLUMN id TYPE BIGINT USING id + 1");
        run(a, "COMMIT");
        assertEquals("error 23503", result(alter));
        assertEquals("1", run(a, "SELECT count(*) FROM c JOIN p ON p.id = c.pid"));
    }
}

// CHECK DATABASE finds what was damaged behind SQL's back.
package org.mosslsm.sql.exec.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.mosslsm.kv.Cursor;
import org.mosslsm.kv.Durability;
import org.mosslsm.kv.EntryBatch;
import org.mosslsm.kv.KeyRange;
import org.mosslsm.kv.ScanHints;
import org.mosslsm.kv.Store;
import org.mosslsm.kv.StoreProvider;
import org.mosslsm.kv.txn.Isolation;
import org.mosslsm.kv.txn.Transaction;
import org.mosslsm.kv.txn.Transactions;
import org.mosslsm.sql.Database;
import org.mosslsm.sql.Outcome;
import org.mosslsm.sql.RowCursor;
import org.mosslsm.sql.Session;
import org.mosslsm.sql.catalog.Index;
import org.mosslsm.sql.catalog.Table;
import org.mosslsm.sql.encode.IndexKeys;
import org.mosslsm.sql.expr.Row;

class DatabaseCheckTest {
    private final Store store = StoreProvider.openStore("mem:database-check", Map.of());
    private final Database database = Database.open(store);
    private final Session session = database.connect();

    @BeforeEach
    void fill() {
        run("CREATE TABLE parent (id INT PRIMARY KEY, code TEXT UNIQUE)");
        run("CREATE TABLE child (id INT PRIMARY KEY, parent INT REFERENCES parent, n INT CHECK (n > 0), note TEXT)");
        run("CREATE INDEX child_n ON child (n) INCLUDE (note)");
        run("CREATE INDEX child_big ON child (n) WHERE n > 5");
        run("INSERT INTO parent VALUES (1, 'one'), (2, 'two'), (3, NULL)");
        run("INSERT INTO child SELECT i.id * 10 + j.id, i.id, i.id * j.id, 'x' FROM parent i, parent j");
    }

    @AfterEach
    void close() {
        database.close();
    }

    private Outcome run(String sql) {
        return session.prepare(sql).execute(List.of());
    }

    /** The findings as {@code table.object: text}. */
    private List<String> check() {
        Outcome outcome = run("CHECK DATABASE");
        List<String> findings = new ArrayList<>();
        try (RowCursor rows = outcome.rows().orElseThrow()) {
            while (rows.next()) {
                Row row = rows.row();
                findings.add(row.get(1) + "." + row.get(2) + ": " + row.get(3));
            }
        }
        assertEquals(1, outcome.notices().size());
        assertTrue(
                outcome.notices().get(0).contains(findings.isEmpty() ? "nothing wrong" : "findings"),
                outcome.notices().get(0));
        return findings;
    }

    /** Changes the first entry of an index, or of the rows, behind SQL's back. */
    private void damage(String table, String index, BiConsumer<Transaction, byte[][]> change) {
        Table t = session.catalog().table("public", table).orElseThrow();
        Index i = t.index(index).orElseThrow();
        try (Transaction tx = new Transactions(store).begin(Isolation.READ_COMMITTED, Durability.PROCESS)) {
            byte[][] entry = first(tx, IndexKeys.range(t, i));
            tx.lock(entry[0]);
            change.accept(tx, entry);
            tx.commit();
        }
    }

    private static byte[][] first(Transaction tx, KeyRange range) {
        try (Cursor cursor = tx.scan(range, Cursor.Direction.FORWARD, ScanHints.NONE)) {
            EntryBatch batch = cursor.nextBatch();
            return new byte[][] {batch.copyKey(0), batch.copyValue(0)};
        }
    }

    @Test
    void nothingIsWrongAfterChanges() {
        assertEquals(List.of(), check());
        run("UPDATE child SET n = n + 1, id = id + 100");
        run("DELETE FROM child WHERE n > 6");
        run("ALTER TABLE child ADD COLUMN late INT DEFAULT 3");
        run("ALTER TABLE child DROP COLUMN note");
        run("TRUNCATE child");
        run("INSERT INTO child VALUES (1, 1, 1), (2, NULL, NULL)");
        run("CREATE TABLE gone (a INT)");
        run("INSERT INTO gone VALUES (1)");
        run("DROP TABLE gone");
        assertEquals(List.of(), check());
    }

    @Test
    void aMissingEntryIsFound() {
        damage("child", "child_n", (tx, e) -> tx.delete(e[0]));
        assertEquals(List.of("child.child_n: has no entry for the row with key (11)"), check());
    }

    @Test
    void aMissingEntryOfAPartialIndexIsFound() {
        damage("child", "child_big", (tx, e) -> tx.delete(e[0]));
        assertEquals(List.of("child.child_big: has no entry for the row with key (23)"), check());
    }

    @Test
    void anEntryTooManyIsFound() {
        damage("child", "child_pkey", (tx, e) -> tx.delete(e[0]));
        List<String> findings = check();
        assertEquals(2, findings.size(), findings.toString());
        assertTrue(findings.get(0).startsWith("child.child_parent_fkey_idx: has an entry that no row asks for"));
        assertTrue(findings.get(1).startsWith("child.child_n: has an entry that no row asks for"));
    }

    @Test
    void aWrongEntryIsFound() {
        damage("parent", "parent_code_key", (tx, e) -> {
            byte[] value = e[1].clone();
            value[value.length - 1] ^= 3;
            tx.put(e[0], value);
        });
        List<String> findings = check();
        assertTrue(
                findings.contains("parent.parent_code_key: has a wrong entry for the row with key (1)"),
                findings.toString());
    }

    @Test
    void aRowThatCannotBeReadIsFound() {
        damage("child", "child_pkey", (tx, e) -> tx.put(e[0], new byte[] {1}));
        List<String> findings = check();
        assertTrue(findings.get(0).startsWith("child.: the row at key "), findings.toString());
        assertTrue(findings.get(0).contains(" is damaged: "), findings.toString());
    }

    @Test
    void aChildWithoutParentIsFound() {
        damage("parent", "parent_pkey", (tx, e) -> tx.delete(e[0]));
        damage("parent", "parent_code_key", (tx, e) -> tx.delete(e[0]));
        List<String> findings = check();
        assertEquals(1, findings.size(), findings.toString());
        assertTrue(findings.get(0).startsWith("child.child_parent_fkey: a row of table \"child\" violates"));
    }

    @Test
    void entriesOfNoTableAreFound() {
        damage("child", "child_n", (tx, e) -> {
            byte[] key = e[0].clone();
            key[1] = 0x7e;
            tx.put(key, e[1]);
        });
        List<String> findings = check();
        assertEquals(1, findings.size(), findings.toString());
        assertTrue(findings.get(0).contains("there are entries that belong to no table, from key "), findings.get(0));
    }
}

package org.mosslsm.sql;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.mosslsm.kv.Store;
import org.mosslsm.kv.StoreProvider;
import org.mosslsm.sql.error.SqlException;
import org.mosslsm.sql.testkit.HookedScans;

/**
 * DELETE of ranges of the primary key, large and small, of tables with and without further indexes, among other changes, in
 * transactions that are committed or not, beside a model in plain Java.
 */
class DeletedRangesTest {
    private static final int KEYS = 1500;

    /** id -> {u, v}; what is committed, and what the transaction sees. */
    private TreeMap<Integer, int[]> committed = new TreeMap<>();

    private TreeMap<Integer, int[]> rows = new TreeMap<>();
    private Session session;
    private int nextU;

    @ParameterizedTest
    @ValueSource(strings = {"READ COMMITTED", "REPEATABLE READ", "SERIALIZABLE"})
    void aRangeGoesWithItsEntries(String isolation) {
        long seed = Long.getLong("ranges.seed", System.nanoTime());
        System.out.println("DeletedRangesTest " + isolation + " -Dranges.seed=" + seed);
        Random random = new Random(seed);
        for (String indexes : List.of("", "v", "u,v DESC,partial", "u")) {
            committed = new TreeMap<>();
            rows = new TreeMap<>();
            try (Store store = StoreProvider.openStore("mem:", Map.of());
                    Database database = Database.open(store)) {
                session = database.connect();
                create(indexes);
                play(random, isolation, indexes + " seed " + seed);
            }
        }
    }

    private void create(String indexes) {
        run("CREATE TABLE t (id INT PRIMARY KEY, u INT NOT NULL, v INT)");
        for (String index : indexes.split(",", -1)) {
            switch (index) {
                case "" -> {}
                case "u" -> run("CREATE UNIQUE INDEX ON t (u)");
                case "partial" -> run("CREATE INDEX ON t (id, v) INCLUDE (u) WHERE v > 5");
                default -> run("CREATE INDEX ON t (" + index + ")");
            }
        }
    }

    private void play(Random random, String isolation, String what) {
        for (int i = 0; i < 12; i++) {
            run("BEGIN ISOLATION LEVEL " + isolation);
            for (int s = random.nextInt(5); s >= 0; s--) {
                step(random);
                assertEquals(
                        (long) rows.size(),
                        query("SELECT COUNT(*) FROM t").get(0).get(0),
                        what);
                assertEquals(text(), query("SELECT id, u, v FROM t ORDER BY id"), what);
            }
            boolean keep = random.nextInt(3) > 0;
            run(keep ? "COMMIT" : "ROLLBACK");
            committed = keep ? rows : committed;
            rows = new TreeMap<>(committed);
            assertEquals(text(), query("SELECT id, u, v FROM t ORDER BY id"), what);
            assertEquals(
                    rows.values().stream().filter(r -> r[1] > 6).count(),
                    query("SELECT COUNT(*) FROM t WHERE v > 6").get(0).get(0),
                    what);
            assertEquals(List.of(), query("CHECK DATABASE"), what);
        }
    }

    private void step(Random random) {
        int from = random.nextInt(KEYS);
        int to = from + (random.nextBoolean() ? random.nextInt(600) : random.nextInt(60));
        switch (random.nextInt(5)) {
            case 0, 1 -> {
                List<String> values = new ArrayList<>();
                for (int id = from; id <= to; id++) {
                    if (!rows.containsKey(id)) {
                        rows.put(id, new int[] {nextU++, random.nextInt(10)});
                        values.add("(" + id + ", " + rows.get(id)[0] + ", " + rows.get(id)[1] + ")");
                    }
                }
                if (!values.isEmpty()) {
                    run("INSERT INTO t VALUES " + String.join(", ", values));
                }
            }
            case 2 -> {
                run("UPDATE t SET v = v + 1 WHERE id BETWEEN " + from + " AND " + to);
                rows.subMap(from, true, to, true).replaceAll((id, r) -> new int[] {r[0], r[1] + 1});
            }
            case 3 -> deletes("id BETWEEN " + from + " AND " + to, rows.subMap(from, true, to, true));
            default -> {
                int middle = from + (to - from) / 2;
                String condition = "id >= " + from + " AND id < " + middle + " OR id > " + (middle + 3);
                Map<Integer, int[]> behind = rows.tailMap(middle + 3, false);
                int before = rows.subMap(from, middle).size();
                rows.subMap(from, middle).clear();
                assertEquals(before + behind.size(), run("DELETE FROM t WHERE " + condition));
                behind.clear();
            }
        }
    }

    private void deletes(String condition, Map<Integer, int[]> gone) {
        assertEquals(gone.size(), run("DELETE FROM t WHERE " + condition), condition);
        gone.clear();
    }

    /** A unique key that goes with a range is kept until the transaction ends, as the rows are; a few rows are no range. */
    @ParameterizedTest
    @ValueSource(strings = {"COMMIT", "ROLLBACK"})
    void keysOfADeletedRangeAreKeptUntilTheEnd(String end) {
        try (Store store = StoreProvider.openStore("mem:", Map.of());
                Database database = Database.open(store)) {
            Session deleter = database.connect();
            Session other = database.connect();
            session = deleter;
            create("u");
            run("INSERT INTO t SELECT i, i, 0 FROM generate_series(1, 500) s(i)");
            run("BEGIN");
            assertEquals(390, run("DELETE FROM t WHERE id > 100 AND id <= 490"));
            assertEquals(5, run("DELETE FROM t WHERE id BETWEEN 10 AND 14"));

            session = other;
            run("SET lock_timeout = 0");
            assertEquals("HYT00", stateOf("INSERT INTO t VALUES (1000, 300, 0)"));
            assertEquals("HYT00", stateOf("UPDATE t SET v = 1 WHERE id = 300"));
            assertEquals("HYT00", stateOf("UPDATE t SET v = 1 WHERE id = 12"));
            assertEquals(1, run("UPDATE t SET v = 1 WHERE id = 15"));

            session = deleter;
            run(end);
            session = other;
            boolean gone = end.equals("COMMIT");
            assertEquals(gone ? "00000" : "23505", stateOf("INSERT INTO t VALUES (1000, 300, 0)"));
            assertEquals(
                    gone ? 106L : 500L, query("SELECT COUNT(*) FROM t").get(0).get(0));
            assertEquals(List.of(), query("CHECK DATABASE"));
        }
    }

    /** Of each range row 50 is missing: whoever inserts it waits where the ranges are locked. */
    @ParameterizedTest
    @CsvSource({"200, HYT00", "300, 00000"})
    void manyRangesAreNotLocked(int ranges, String stateOfOther) {
        try (Store store = StoreProvider.openStore("mem:", Map.of());
                Database database = Database.open(store)) {
            session = database.connect();
            create("v");
            run("INSERT INTO t SELECT i, i, i FROM generate_series(0, 30099) s(i) WHERE i % 100 <> 50");
            String condition = IntStream.range(0, ranges)
                    .mapToObj(r -> "id >= " + 100 * r + " AND id < " + (100 * r + 80))
                    .collect(Collectors.joining(" OR "));
            run("BEGIN");
            assertEquals(79L * ranges, run("DELETE FROM t WHERE " + condition));
            Session deleter = session;
            session = database.connect();
            run("SET lock_timeout = 0");
            assertEquals(stateOfOther, stateOf("INSERT INTO t VALUES (1050, 0, 0)"));
            assertEquals("HYT00", stateOf("UPDATE t SET v = 0 WHERE id = 1051"));
            session = deleter;
            run("COMMIT");
            long left = 301L * 99 - 79L * ranges + (stateOfOther.equals("00000") ? 1 : 0);
            assertEquals(left, query("SELECT COUNT(*) FROM t").get(0).get(0));
            assertEquals(List.of(), query("CHECK DATABASE"));
        }
    }

    /** Rows without a key are locked by nobody who inserts them: a DELETE of all must not take those that came after it. */
    @ParameterizedTest
    @CsvSource({"READ COMMITTED,false", "REPEATABLE READ,false", "READ COMMITTED,true", "REPEATABLE READ,true"})
    void rowsInsertedBesideADeleteOfAllStay(String isolation, boolean index) {
        try (Store store = StoreProvider.openStore("mem:", Map.of());
                Database database = Database.open(store)) {
            Session deleter = database.connect();
            Session other = database.connect();
            session = deleter;
            run("CREATE TABLE log (v INT)");
            if (index) {
                run("CREATE INDEX ON log (v)");
            }
            run("INSERT INTO log SELECT i FROM generate_series(1, 300) s(i)");

            session = other;
            run("SET lock_timeout = 0");
            run("BEGIN");
            run("INSERT INTO log VALUES (1000)");
            session = deleter;
            run("BEGIN ISOLATION LEVEL " + isolation);
            assertEquals(300, run("DELETE FROM log"));
            session = other;
            run("INSERT INTO log VALUES (1001)");
            run("COMMIT");
            session = deleter;
            run("COMMIT");
            assertEquals(List.of(List.of(1000), List.of(1001)), ints("SELECT v FROM log ORDER BY v"));

            run("INSERT INTO log SELECT i FROM generate_series(2001, 2100) s(i)"); // a few rows would go one by one
            run("BEGIN ISOLATION LEVEL " + isolation);
            assertEquals(List.of(List.of(102)), ints("SELECT COUNT(*) FROM log"));
            session = other;
            run("INSERT INTO log VALUES (1002)");
            session = deleter;
            boolean sees = isolation.equals("READ COMMITTED");
            boolean whole = sees && !index; // from the rows of an index the plan goes row by row
            assertEquals(sees ? 103 : 102, run("DELETE FROM log"));
            session = other;
            assertEquals(
                    whole ? "HYT00" : "00000",
                    stateOf("INSERT INTO log VALUES (1003)")); // either it waits, or it stays
            session = deleter;
            run("COMMIT");
            List<List<Integer>> left = new ArrayList<>();
            if (!sees) {
                left.add(List.of(1002));
            }
            if (!whole) {
                left.add(List.of(1003));
            }
            assertEquals(left, ints("SELECT v FROM log ORDER BY v"));
            assertEquals(List.of(List.of(left.size())), ints("SELECT COUNT(*) FROM log"));
            assertEquals(List.of(), query("CHECK DATABASE"));
        }
    }

    /** To keep writers out the statement begins anew, and then waits for a row that is locked. */
    @Test
    void aCancelBeforeWritersAreKeptOutIsNotForgotten() {
        AtomicReference<PreparedSql> cancelled = new AtomicReference<>();
        try (Store store = StoreProvider.openStore("mem:", Map.of());
                Database database = Database.open(HookedScans.of(store, method -> {
                    PreparedSql statement = method.equals("close") ? cancelled.getAndSet(null) : null;
                    if (statement != null) {
                        statement.cancel();
                    }
                }))) {
            Session deleter = database.connect();
            session = deleter;
            run("CREATE TABLE log (v INT)");
            run("INSERT INTO log SELECT i FROM generate_series(1, 300) s(i)");
            run("SET lock_timeout = 20000");
            PreparedSql delete = session.prepare("DELETE FROM log");

            session = database.connect();
            run("BEGIN");
            assertEquals(1, query("SELECT * FROM log WHERE v = 7 FOR UPDATE").size());

            cancelled.set(delete);
            long start = System.nanoTime();
            SqlException e = assertThrows(SqlException.class, () -> delete.execute(List.of()));
            assertEquals("57014", e.sqlState());
            assertTrue(System.nanoTime() - start < 10_000_000_000L, "it waited for the lock");
            run("COMMIT");
            session = deleter;
            assertEquals(300, run("DELETE FROM log"));
        }
    }

    private List<List<Integer>> ints(String sql) {
        return query(sql).stream()
                .map(row -> row.stream().map(v -> ((Number) v).intValue()).toList())
                .toList();
    }

    private String stateOf(String sql) {
        try {
            run(sql);
            return "00000";
        } catch (SqlException e) {
            return e.sqlState();
        }
    }

    private long run(String sql) {
        Outcome result = session.prepare(sql).execute(List.of());
        result.rows().ifPresent(RowCursor::close);
        return result.updateCount();
    }

    private List<List<Object>> query(String sql) {
        List<List<Object>> found = new ArrayList<>();
        try (RowCursor cursor = session.prepare(sql).execute(List.of()).rows().orElseThrow()) {
            while (cursor.next()) {
                found.add(Arrays.asList(cursor.row().toArray()));
            }
        }
        return found;
    }

    private List<List<Object>> text() {
        List<List<Object>> all = new ArrayList<>();
        rows.forEach((id, r) -> all.add(List.of((long) id, (long) r[0], (long) r[1])));
        return all;
    }
}

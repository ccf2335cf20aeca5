package org.mosslsm.sql;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.mosslsm.kv.Store;
import org.mosslsm.kv.StoreProvider;
import org.mosslsm.sql.error.SqlException;
import org.mosslsm.sql.testkit.IndexCheck;

/**
 * Random statements on two tables with indexes, unique keys, checks and a cascading foreign key, beside a model in plain
 * Java: after each statement both hold the same rows, through every index, and every index fits its table.
 */
class ChangesModelTest {
    private static final long SEED = System.nanoTime();

    /** A row of the parent: id -> {unique u or null, v}. The child: id -> {parent or null, w}. */
    private Map<Long, Long[]> parents = new TreeMap<>();

    private Map<Long, Long[]> children = new TreeMap<>();
    private Random random;
    private Session session;
    /** Whether p's v is unique among the rows without u, and c has an index of large w. */
    private boolean partial;

    @RepeatedTest(8)
    void statementsDoWhatTheModelDoes(RepetitionInfo repetition) {
        long seed = SEED + repetition.getCurrentRepetition();
        random = new Random(seed);
        boolean spills = repetition.getCurrentRepetition() > 4;
        try (Store store = StoreProvider.openStore("mem:", Map.of());
                Database database = spills ? Database.open(store, 150) : Database.open(store)) {
            session = database.connect();
            boolean descending = random.nextBoolean();
            run("CREATE TABLE p (id INT PRIMARY KEY, u INT UNIQUE, v INT CHECK (v < 90))");
            run("CREATE TABLE c (id INT PRIMARY KEY, p INT REFERENCES p ON DELETE CASCADE ON UPDATE CASCADE, w INT)");
            run("CREATE INDEX p_v ON p (v " + (descending ? "DESC" : "") + ")");
            run("CREATE INDEX c_w ON c (w, p) INCLUDE (id)");
            partial = repetition.getCurrentRepetition() % 2 == 0;
            if (partial) {
                run("CREATE UNIQUE INDEX p_open ON p (v) WHERE u IS NULL");
                run("CREATE INDEX c_large ON c (p) INCLUDE (w) WHERE w > 50");
            }
            for (int i = 0; i < 250; i++) {
                String statement = step();
                assertEquals(
                        text(parents), query("SELECT id, u, v FROM p ORDER BY id"), "seed " + seed + " " + statement);
                assertEquals(
                        text(children), query("SELECT id, p, w FROM c ORDER BY id"), "seed " + seed + " " + statement);
                if (i % 25 == 0 && !session.inTransaction()) {
                    check(store);
                }
            }
            session.commit();
            check(store);
            assertEquals(
                    children.values().stream()
                            .filter(r -> r[0] != null && r[1] != null && r[1] > 60)
                            .count(),
                    query("SELECT w FROM c WHERE p >= 0 AND w > 60").size());
            assertEquals(
                    parents.values().stream()
                            .filter(r -> r[1] != null && r[1] > 20)
                            .count(),
                    query("SELECT v FROM p WHERE v > 20").size());
        }
    }

    /** The check of the tests' own does not know conditions of indexes. */
    private void check(Store store) {
        assertEquals(List.of(), query("CHECK DATABASE"));
        if (!partial) {
            IndexCheck.check(store);
        }
    }

    private long id() {
        return random.nextInt(12);
    }

    private Long valueOrNull() {
        return random.nextInt(4) == 0 ? null : (Long) (long) random.nextInt(100);
    }

    private String step() {
        Map<Long, Long[]> p = copy(parents);
        Map<Long, Long[]> c = copy(children);
        String sql;
        boolean fails;
        switch (random.nextInt(10)) {
            case 0, 1 -> {
                long id = id();
                Long u = valueOrNull();
                Long v = valueOrNull();
                sql = "INSERT INTO p VALUES (" + id + ", " + u + ", " + v + ")";
                fails = p.containsKey(id) || hasU(p, u) || tooLarge(v);
                p.put(id, new Long[] {u, v});
                fails |= sameOpen(p);
            }
            case 2, 3 -> {
                long id = id();
                Long parent = random.nextInt(5) == 0 ? null : (Long) id();
                Long w = valueOrNull();
                sql = "INSERT INTO c VALUES (" + id + ", " + parent + ", " + w + ")";
                fails = c.containsKey(id) || (parent != null && !p.containsKey(parent));
                c.put(id, new Long[] {parent, w});
            }
            case 4 -> {
                long from = id();
                long to = from + random.nextInt(4);
                sql = "DELETE FROM p WHERE id BETWEEN " + from + " AND " + to;
                fails = false;
                p.keySet().removeIf(k -> k >= from && k <= to);
                c.values().removeIf(r -> r[0] != null && r[0] >= from && r[0] <= to);
            }
            case 5 -> {
                long by = 1L + random.nextInt(3);
                long limit = id();
                sql = "UPDATE p SET id = id + " + by + ", v = v + 1 WHERE id >= " + limit;
                Map<Long, Long[]> moved = new TreeMap<>();
                boolean[] large = new boolean[1];
                p.forEach((k, r) -> {
                    boolean meant = k >= limit;
                    Long v = meant && r[1] != null ? (Long) (r[1] + 1) : r[1];
                    large[0] |= tooLarge(v);
                    moved.put(meant ? k + by : k, new Long[] {r[0], v});
                });
                fails = large[0] || moved.size() < p.size() || sameOpen(moved);
                p = moved;
                c.values().forEach(r -> r[0] = r[0] != null && r[0] >= limit ? (Long) (r[0] + by) : r[0]);
            }
            case 6 -> {
                Long w = valueOrNull();
                long limit = id();
                sql = "UPDATE c SET w = " + w + " WHERE w > " + limit * 8 + " OR id = " + limit;
                fails = false;
                c.forEach((k, r) -> {
                    if ((r[1] != null && r[1] > limit * 8) || k == limit) {
                        r[1] = w;
                    }
                });
            }
            case 7 -> {
                sql = "UPDATE p SET v = (SELECT count(*) FROM p o WHERE o.v < p.v)";
                List<Long> values = p.values().stream()
                        .map(r -> r[1])
                        .filter(v -> v != null)
                        .toList();
                p.values()
                        .forEach(r -> r[1] = r[1] == null
                                ? 0
                                : values.stream().filter(less(r[1])).count());
                fails = sameOpen(p);
            }
            case 8 -> {
                long from = random.nextInt(90);
                sql = "UPDATE c SET w = w + 10 WHERE w BETWEEN " + from + " AND " + (from + 9) + " OR w BETWEEN "
                        + (from + 11) + " AND " + (from + 19);
                fails = false;
                c.values()
                        .forEach(r -> r[1] = r[1] != null && r[1] >= from && r[1] < from + 20 && r[1] != from + 10
                                ? (Long) (r[1] + 10)
                                : r[1]);
            }
            default -> {
                return transactionStep();
            }
        }
        boolean failed = fails(sql);
        assertEquals(fails, failed, sql + " on " + text(parents) + " " + text(children));
        if (!failed) {
            parents = p;
            children = c;
        }
        return sql;
    }

    private Map<Long, Long[]> parentsBefore;
    private Map<Long, Long[]> childrenBefore;

    private String transactionStep() {
        if (!session.inTransaction()) {
            parentsBefore = copy(parents);
            childrenBefore = copy(children);
            run("BEGIN");
            return "BEGIN";
        }
        if (random.nextBoolean()) {
            run("COMMIT");
            return "COMMIT";
        }
        run("ROLLBACK");
        parents = parentsBefore;
        children = childrenBefore;
        return "ROLLBACK";
    }

    /** Whether two rows without u have the same v, where that is forbidden. */
    private boolean sameOpen(Map<Long, Long[]> p) {
        List<Long> open = p.values().stream()
                .filter(r -> r[0] == null && r[1] != null)
                .map(r -> r[1])
                .toList();
        return partial && open.stream().distinct().count() < open.size();
    }

    private static boolean hasU(Map<Long, Long[]> p, Long u) {
        return u != null && p.values().stream().anyMatch(r -> u.equals(r[0]));
    }

    private static Predicate<Long> less(long than) {
        return v -> v < than;
    }

    private static boolean tooLarge(Long v) {
        return v != null && v >= 90;
    }

    private static Map<Long, Long[]> copy(Map<Long, Long[]> rows) {
        Map<Long, Long[]> copy = new TreeMap<>();
        rows.forEach((k, r) -> copy.put(k, r.clone()));
        return copy;
    }

    private void run(String sql) {
        session.prepare(sql).execute(List.of());
    }

    private boolean fails(String sql) {
        try {
            run(sql);
            return false;
        } catch (SqlException e) {
            assertTrue(e.sqlState().startsWith("23"), e.getMessage());
            return true;
        }
    }

    private List<String> query(String sql) {
        List<String> rows = new ArrayList<>();
        try (RowCursor cursor = session.prepare(sql).execute(List.of()).rows().orElseThrow()) {
            while (cursor.next()) {
                rows.add(Arrays.toString(cursor.row().toArray()));
            }
        }
        return rows;
    }

    private static List<String> text(Map<Long, Long[]> rows) {
        return rows.entrySet().stream()
                .map(e -> Arrays.toString(new Object[] {e.getKey(), e.getValue()[0], e.getValue()[1]}))
                .toList();
    }
}

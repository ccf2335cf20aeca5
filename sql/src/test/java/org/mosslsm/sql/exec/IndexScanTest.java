package org.mosslsm.sql.exec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.mosslsm.kv.memory.MemoryStore;
import org.mosslsm.kv.txn.Transaction;
import org.mosslsm.kv.txn.Transactions;
import org.mosslsm.sql.catalog.Column;
import org.mosslsm.sql.catalog.Index;
import org.mosslsm.sql.catalog.RowVersion;
import org.mosslsm.sql.catalog.Table;
import org.mosslsm.sql.encode.IndexCodec;
import org.mosslsm.sql.encode.KeyWriter;
import org.mosslsm.sql.encode.TableCodec;
import org.mosslsm.sql.expr.CompareOp;
import org.mosslsm.sql.expr.ExprFactory;
import org.mosslsm.sql.expr.Row;
import org.mosslsm.sql.expr.ScalarExpr;
import org.mosslsm.sql.expr.ScalarExpr.ColumnRef;
import org.mosslsm.sql.expr.ValueRow;
import org.mosslsm.sql.plan.KeyRangeSpec;
import org.mosslsm.sql.plan.KeyRangeSpec.Box;
import org.mosslsm.sql.plan.KeyRangeSpec.Comparison;
import org.mosslsm.sql.plan.KeyRangeSpec.Constraint;
import org.mosslsm.sql.plan.PhysicalPlan;
import org.mosslsm.sql.plan.PlanColumn;
import org.mosslsm.sql.type.SqlType;
import org.mosslsm.sql.type.ValueOrder;

/** Scans with random key ranges, over the primary and other indexes, against filtering the list of all rows. */
class IndexScanTest {
    private static final List<SqlType> TYPES =
            List.of(SqlType.SMALLINT, SqlType.varchar(10), SqlType.decimal(6, 2), SqlType.DOUBLE);
    private static final int[] ALL = {0, 1, 2, 3};

    private final long seed = new Random().nextLong();
    private final Random random = new Random(seed);
    private final List<Object[]> rows = new ArrayList<>();
    private MemoryStore store;
    private Transaction transaction;
    private Table table;

    /** Primary key (a SMALLINT, b VARCHAR); c DECIMAL and d DOUBLE may be NULL. */
    @BeforeEach
    void fill() {
        List<Column> columns = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            columns.add(Column.of(i + 1, "c" + i, TYPES.get(i), i < 2));
        }
        Index primary = index(10, true, key(1, random.nextBoolean(), false), key(2, random.nextBoolean(), false));
        Index byC = index(11, false, key(3, random.nextBoolean(), true), key(2, random.nextBoolean(), false));
        Index byD = index(12, true, key(4, random.nextBoolean(), true), key(1, false, false), key(2, false, false));
        table = new Table(
                1,
                "public",
                "t",
                columns,
                5,
                primary,
                List.of(byC, byD),
                List.of(),
                List.of(),
                List.of(new RowVersion(
                        1, List.of(new RowVersion.Stored(3, TYPES.get(2)), new RowVersion.Stored(4, TYPES.get(3))))),
                Optional.empty());
        store = new MemoryStore();
        transaction = new Transactions(store).begin();
        TableCodec codec = new TableCodec(table);
        KeyWriter scratch = new KeyWriter();
        for (long a = -3; a <= 3; a++) {
            for (String b : List.of("", "a", "ab", "b\0", "\uFFFF", "\uD83D\uDE00")) {
                Object[] values = {a, b, decimal(), real()};
                Row row = new ValueRow(values);
                rows.add(values);
                transaction.put(codec.primary().key(row, scratch), codec.rowValue(row, scratch));
                for (IndexCodec other : codec.secondary()) {
                    transaction.put(other.key(row, scratch), other.value(row, scratch));
                }
            }
        }
    }

    @AfterEach
    void close() {
        transaction.close();
        store.close();
    }

    private static Index index(int id, boolean unique, Index.Key... keys) {
        return new Index(id, "i" + id, List.of(keys), unique, unique, List.of(), Index.State.READY, false);
    }

    private static Index.Key key(int columnId, boolean descending, boolean nullable) {
        return new Index.Key(columnId, descending, nullable);
    }

    private Object decimal() {
        return random.nextInt(5) == 0
                ? null
                : java.math.BigDecimal.valueOf(random.nextInt(9) - 4, 1).setScale(2);
    }

    private Object real() {
        return random.nextInt(5) == 0 ? null : (Object) ((random.nextInt(9) - 4) / 2.0);
    }

    @Test
    void rangesGiveTheRowsTheyDescribeInKeyOrder() {
        int found = 0;
        for (int round = 0; round < 3000; round++) {
            Index index = table.allIndexes().get(random.nextInt(3));
            List<Box> boxes = new ArrayList<>();
            int n = random.nextInt(3);
            for (int i = 0; i <= n; i++) {
                boxes.add(box(index));
            }
            boolean backward = random.nextBoolean();
            boolean covering = index.id() == 10;
            List<Object[]> expected = new ArrayList<>();
            for (Object[] row : rows) {
                if (boxes.stream().anyMatch(b -> admits(b, index, row))) {
                    expected.add(row);
                }
            }
            expected.sort(backward ? order(index).reversed() : order(index));
            PhysicalPlan scan = scan(index, new KeyRangeSpec(boxes), backward, Optional.empty(), covering);
            List<List<Object>> actual = PlanKit.run(scan, PlanKit.context(transaction));
            found += actual.size();
            assertEquals(
                    expected.stream().map(Arrays::asList).toList(),
                    actual,
                    "seed " + seed + " " + index + " " + boxes + " backward " + backward);
        }
        assertTrue(found > 1000, found + " rows found");
    }

    private PhysicalPlan.IndexScan scan(
            Index index, KeyRangeSpec ranges, boolean backward, Optional<ScalarExpr> filter, boolean covering) {
        List<PlanColumn> columns = table.columns().stream()
                .map(c -> PlanColumn.computed(c.name(), c.type(), true))
                .toList();
        return new PhysicalPlan.IndexScan(
                table,
                index,
                "t",
                Arrays.stream(ALL).boxed().toList(),
                columns,
                ranges,
                backward,
                Optional.empty(),
                filter,
                covering);
    }

    /** Points for the first columns, anything for the last. */
    private Box box(Index index) {
        int n = random.nextInt(index.keys().size() + 1);
        List<Constraint> parts = new ArrayList<>();
        for (int i = 0; i < n; i++) {
            int ordinal = index.keys().get(i).columnId() - 1;
            parts.add(i < n - 1 ? points(ordinal) : constraint(ordinal, 2));
        }
        return new Box(parts);
    }

    private Constraint points(int ordinal) {
        if (ordinal >= 2 && random.nextInt(4) == 0) {
            return new KeyRangeSpec.Null();
        }
        return random.nextBoolean()
                ? new Comparison(CompareOp.EQ, value(ordinal))
                : new KeyRangeSpec.OneOf(List.of(value(ordinal), value(ordinal), value(ordinal)));
    }

    private Constraint constraint(int ordinal, int depth) {
        return switch (random.nextInt(depth == 0 ? 4 : 7)) {
            case 0 -> points(ordinal);
            case 1, 2 ->
                new Comparison(
                        List.of(CompareOp.LT, CompareOp.LE, CompareOp.GT, CompareOp.GE)
                                .get(random.nextInt(4)),
                        value(ordinal));
            case 3 ->
                ordinal == 1
                        ? new KeyRangeSpec.StartsWith(value(ordinal))
                        : ordinal == 0 ? points(ordinal) : new KeyRangeSpec.NotNull();
            case 4, 5 ->
                new KeyRangeSpec.AllOf(List.of(constraint(ordinal, depth - 1), constraint(ordinal, depth - 1)));
            default -> new KeyRangeSpec.AnyOf(List.of(constraint(ordinal, depth - 1), constraint(ordinal, depth - 1)));
        };
    }

    /** A value to compare with: sometimes NULL, of a wider type, or outside of what the column can hold. */
    private ScalarExpr value(int ordinal) {
        if (random.nextInt(15) == 0) {
            return ExprFactory.nullOf(TYPES.get(ordinal));
        }
        return switch (ordinal) {
            case 0 ->
                switch (random.nextInt(4)) {
                    case 0 ->
                        ExprFactory.literal(
                                new java.math.BigDecimal(random.nextInt(13) - 6).movePointLeft(1), SqlType.DECIMAL);
                    case 1 -> ExprFactory.literal((random.nextInt(13) - 6) / 2.0, SqlType.DOUBLE);
                    case 2 -> ExprFactory.literal(random.nextBoolean() ? 100_000L : -100_000L, SqlType.BIGINT);
                    default -> ExprFactory.literal((long) random.nextInt(9) - 4, SqlType.BIGINT);
                };
            case 1 ->
                ExprFactory.literal(
                        List.of("", "a", "ab", "abc", "b", "b\0", "\uFFFF", "\uD83D\uDE00")
                                .get(random.nextInt(8)),
                        SqlType.TEXT);
            case 2 ->
                ExprFactory.literal(
                        random.nextInt(8) == 0
                                ? new java.math.BigDecimal("1e9")
                                : java.math.BigDecimal.valueOf(random.nextInt(900) - 450, random.nextInt(3) + 1),
                        SqlType.DECIMAL);
            default -> ExprFactory.literal((random.nextInt(9) - 4) / 2.0, SqlType.DOUBLE);
        };
    }

    private static boolean admits(Box box, Index index, Object[] row) {
        for (int i = 0; i < box.parts().size(); i++) {
            int ordinal = index.keys().get(i).columnId() - 1;
            if (!admits(box.parts().get(i), TYPES.get(ordinal), row[ordinal])) {
                return false;
            }
        }
        return true;
    }

    private static boolean admits(Constraint c, SqlType type, Object value) {
        if (c instanceof Comparison k) {
            return compares(k.op(), type, value, k.value());
        }
        if (c instanceof KeyRangeSpec.OneOf o) {
            return o.values().stream().anyMatch(v -> compares(CompareOp.EQ, type, value, v));
        }
        if (c instanceof KeyRangeSpec.Null) {
            return value == null;
        }
        if (c instanceof KeyRangeSpec.NotNull) {
            return value != null;
        }
        if (c instanceof KeyRangeSpec.StartsWith s) {
            Object prefix = ((ScalarExpr.Literal) s.prefix()).value();
            return prefix != null && ((String) value).startsWith((String) prefix);
        }
        if (c instanceof KeyRangeSpec.AllOf a) {
            return a.terms().stream().allMatch(t -> admits(t, type, value));
        }
        return ((KeyRangeSpec.AnyOf) c).terms().stream().anyMatch(t -> admits(t, type, value));
    }

    /** What the comparison says when it is evaluated as an expression, casts and all. */
    private static boolean compares(CompareOp op, SqlType type, Object value, ScalarExpr bound) {
        ScalarExpr e = ExprFactory.compare(op, new ColumnRef(0, type), bound);
        return Boolean.TRUE.equals(org.mosslsm.sql.expr.Evaluator.compile(e)
                .eval(new ValueRow(value), PlanKit.context((org.mosslsm.kv.txn.Transaction) null)));
    }

    private Comparator<Object[]> order(Index index) {
        Comparator<Object[]> order = (unusedLeft, unusedRight) -> 0;
        for (Index.Key k : index.keys()) {
            order = order.thenComparing(one(k));
        }
        // Where the key does not decide, the primary key's columns that it lacks follow.
        for (Index.Key k : table.primary().keys()) {
            order = order.thenComparing(one(k));
        }
        return order;
    }

    private static Comparator<Object[]> one(Index.Key k) {
        int ordinal = k.columnId() - 1;
        Comparator<Object> values = Comparator.nullsLast(ValueOrder.of(TYPES.get(ordinal)));
        Comparator<Object> directed = k.descending() ? values.reversed() : values;
        return (a, b) -> directed.compare(a[ordinal], b[ordinal]);
    }

    @Test
    void filtersSeeTheWholeRowAndParametersMoveTheRange() {
        Index index = table.primary();
        ScalarExpr parameter = new ScalarExpr.Parameter(0, SqlType.SMALLINT);
        KeyRangeSpec ranges = new KeyRangeSpec(List.of(new Box(List.of(new Comparison(CompareOp.EQ, parameter)))));
        ScalarExpr filter = ExprFactory.isNull(new ColumnRef(2, TYPES.get(2)));
        PhysicalPlan scan = scan(index, ranges, false, Optional.of(filter), true);
        for (long a = -4; a <= 4; a++) {
            long wanted = a;
            long expected = rows.stream()
                    .filter(r -> r[0].equals(wanted) && r[2] == null)
                    .count();
            assertEquals(
                    expected, PlanKit.run(scan, PlanKit.context(transaction, a)).size(), "seed " + seed);
        }
    }
}

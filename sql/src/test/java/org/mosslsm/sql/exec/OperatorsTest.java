package org.mosslsm.sql.exec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.apache.calcite.linq4j.Enumerator;
import org.junit.jupiter.api.Test;
import org.mosslsm.sql.error.SqlException;
import org.mosslsm.sql.expr.AggregateCall;
import org.mosslsm.sql.expr.AggregateFunction;
import org.mosslsm.sql.expr.CompareOp;
import org.mosslsm.sql.expr.ExprFactory;
import org.mosslsm.sql.expr.Row;
import org.mosslsm.sql.expr.ScalarExpr;
import org.mosslsm.sql.plan.PhysicalPlan;
import org.mosslsm.sql.plan.PlanColumn;
import org.mosslsm.sql.plan.SetKind;
import org.mosslsm.sql.plan.SortKey;
import org.mosslsm.sql.type.Numbers;
import org.mosslsm.sql.type.SqlType;

/** Operators against plain list code, on random rows with NULLs. */
class OperatorsTest {
    private static ScalarExpr number(long n) {
        return ExprFactory.literal(n, SqlType.BIGINT);
    }

    private static SortKey key(int column, boolean descending, boolean nullsFirst) {
        return new SortKey(PlanKit.column(column), descending, nullsFirst);
    }

    private static Comparator<List<Object>> order(List<SortKey> keys) {
        Comparator<List<Object>> order = (unusedLeft, unusedRight) -> 0;
        for (SortKey k : keys) {
            int i = ((ScalarExpr.ColumnRef) k.expr()).index();
            Comparator<Long> values = k.descending() ? Comparator.reverseOrder() : Comparator.naturalOrder();
            Comparator<Long> all = k.nullsFirst() ? Comparator.nullsFirst(values) : Comparator.nullsLast(values);
            order = order.thenComparing(r -> (Long) r.get(i), all);
        }
        return order;
    }

    @Test
    void sortAndTopNAreStable() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (int round = 0; round < 500; round++) {
            List<List<Object>> rows = PlanKit.rows(random, 30, 3);
            List<SortKey> keys = List.of(
                    key(0, random.nextBoolean(), random.nextBoolean()),
                    key(1, random.nextBoolean(), random.nextBoolean()));
            List<List<Object>> sorted = new ArrayList<>(rows);
            sorted.sort(order(keys));
            PhysicalPlan values = PlanKit.values(rows, 3);
            assertEquals(sorted, PlanKit.run(new PhysicalPlan.Sort(values, keys)), "seed " + seed);
            int count = random.nextInt(8);
            int offset = random.nextInt(4);
            List<List<Object>> part = sorted.stream().skip(offset).limit(count).toList();
            PhysicalPlan top = new PhysicalPlan.TopN(values, keys, number(count), Optional.of(number(offset)));
            assertEquals(part, PlanKit.run(top), "seed " + seed);
            PhysicalPlan limit = new PhysicalPlan.Limit(
                    new PhysicalPlan.Sort(values, keys), Optional.of(number(count)), Optional.of(number(offset)));
            assertEquals(part, PlanKit.run(limit), "seed " + seed);
        }
    }

    @Test
    void limitsOfNullAreAbsentAndNegativeOnesRefused() {
        PhysicalPlan values = PlanKit.values(List.of(List.of(1L), List.of(2L)), 1);
        ScalarExpr none = ExprFactory.nullOf(SqlType.BIGINT);
        assertEquals(
                2,
                PlanKit.run(new PhysicalPlan.Limit(values, Optional.of(none), Optional.of(none)))
                        .size());
        PhysicalPlan bad = new PhysicalPlan.Limit(values, Optional.of(number(-1)), Optional.empty());
        assertEquals(
                "2201W",
                assertThrows(SqlException.class, () -> PlanKit.run(bad)).sqlState());
        PhysicalPlan badOffset = new PhysicalPlan.Limit(values, Optional.empty(), Optional.of(number(-1)));
        assertEquals(
                "2201X",
                assertThrows(SqlException.class, () -> PlanKit.run(badOffset)).sqlState());
    }

    @Test
    void limitReadsNoMoreThanItMust() {
        // The second row fails when it is evaluated.
        ScalarExpr boom = ExprFactory.call("/", List.of(number(1), number(0)));
        PhysicalPlan values = new PhysicalPlan.Values(List.of(List.of(number(1)), List.of(boom)), PlanKit.columns(1));
        PhysicalPlan limit = new PhysicalPlan.Limit(values, Optional.of(number(1)), Optional.empty());
        assertEquals(List.of(List.of(1L)), PlanKit.run(limit));
        assertThrows(SqlException.class, () -> PlanKit.run(values));
    }

    @Test
    void aggregatesFollowTheirDefinition() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (int round = 0; round < 500; round++) {
            List<List<Object>> rows = PlanKit.rows(random, 25, 2);
            boolean sorted = random.nextBoolean();
            if (sorted) {
                rows.sort(order(List.of(key(0, false, false))));
            }
            boolean distinct = random.nextBoolean();
            ScalarExpr value = PlanKit.column(1);
            Optional<ScalarExpr> filter = random.nextBoolean()
                    ? Optional.empty()
                    : Optional.of(ExprFactory.compare(CompareOp.GT, value, number(1)));
            List<AggregateCall> calls = new ArrayList<>();
            calls.add(AggregateCall.countStar());
            for (AggregateFunction f : List.of(
                    AggregateFunction.COUNT,
                    AggregateFunction.SUM,
                    AggregateFunction.AVG,
                    AggregateFunction.MIN,
                    AggregateFunction.MAX)) {
                calls.add(ExprFactory.aggregate(f, distinct, List.of(value), filter));
            }
            List<ScalarExpr> keys = random.nextInt(4) == 0 ? List.of() : List.of(PlanKit.column(0));
            PhysicalPlan plan = new PhysicalPlan.Aggregate(
                    PlanKit.values(rows, 2), keys, calls, sorted, PlanKit.columns(keys.size() + 6));
            assertEquals(
                    PlanKit.bag(reference(rows, !keys.isEmpty(), distinct, filter.isPresent())),
                    PlanKit.bag(PlanKit.run(plan)),
                    "seed " + seed + " " + rows);
        }
    }

    private static List<List<Object>> reference(
            List<List<Object>> rows, boolean grouped, boolean distinct, boolean filtered) {
        Map<Object, List<List<Object>>> groups = new LinkedHashMap<>();
        if (!grouped) {
            groups.put("all", new ArrayList<>());
        }
        for (List<Object> r : rows) {
            groups.computeIfAbsent(grouped ? r.get(0) : "all", k -> new ArrayList<>())
                    .add(r);
        }
        List<List<Object>> result = new ArrayList<>();
        groups.forEach((key, members) -> {
            List<Long> values = new ArrayList<>();
            for (List<Object> m : members) {
                Long v = (Long) m.get(1);
                if (v != null && (!filtered || v > 1)) {
                    values.add(v);
                }
            }
            if (distinct) {
                values = new ArrayList<>(new LinkedHashSet<>(values));
            }
            List<Object> row = new ArrayList<>();
            if (grouped) {
                row.add(key);
            }
            boolean none = values.isEmpty();
            long sum = values.stream().mapToLong(v -> v).sum();
            row.add((long) members.size());
            row.add((long) values.size());
            row.add(none ? null : (Object) sum);
            row.add(none ? null : Numbers.divide(BigDecimal.valueOf(sum), BigDecimal.valueOf(values.size())));
            row.add(values.stream().min(Comparator.naturalOrder()).orElse(null));
            row.add(values.stream().max(Comparator.naturalOrder()).orElse(null));
            result.add(row);
        });
        return result;
    }

    @Test
    void sumsAreExactOnTheWay() {
        PhysicalPlan there = PlanKit.values(List.of(List.of(Long.MAX_VALUE), List.of(5L), List.of(-10L)), 1);
        AggregateCall sum = AggregateCall.of(AggregateFunction.SUM, false, PlanKit.column(0));
        PhysicalPlan plan = new PhysicalPlan.Aggregate(there, List.of(), List.of(sum), false, PlanKit.columns(1));
        assertEquals(List.of(List.of(BigDecimal.valueOf(Long.MAX_VALUE - 5))), PlanKit.run(plan));
        PhysicalPlan over = new PhysicalPlan.Aggregate(
                PlanKit.values(List.of(List.of(Long.MAX_VALUE), List.of(5L)), 1),
                List.of(),
                List.of(sum.withType(SqlType.BIGINT)),
                false,
                PlanKit.columns(1));
        assertEquals(
                "22003",
                assertThrows(SqlException.class, () -> PlanKit.run(over)).sqlState());
    }

    @Test
    void distinctAndSetOperationsCountNullsAsEqual() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (int round = 0; round < 500; round++) {
            List<List<Object>> left = PlanKit.rows(random, 20, 2);
            List<List<Object>> right = PlanKit.rows(random, 20, 2);
            PhysicalPlan l = PlanKit.values(left, 2);
            PhysicalPlan r = PlanKit.values(right, 2);
            List<List<Object>> once = new ArrayList<>(new LinkedHashSet<>(left));
            assertEquals(once, PlanKit.run(new PhysicalPlan.Distinct(l, false)), "seed " + seed);
            List<SortKey> keys = List.of(key(0, false, false), key(1, false, false));
            PhysicalPlan sorted = new PhysicalPlan.Distinct(new PhysicalPlan.Sort(l, keys), true);
            assertEquals(PlanKit.bag(once), PlanKit.bag(PlanKit.run(sorted)), "seed " + seed);
            for (SetKind kind : List.of(SetKind.INTERSECT, SetKind.EXCEPT)) {
                for (boolean all : new boolean[] {false, true}) {
                    PhysicalPlan set = new PhysicalPlan.SetOperation(kind, all, l, r, PlanKit.columns(2));
                    assertEquals(
                            setReference(kind, all, left, right),
                            PlanKit.run(set),
                            "seed " + seed + " " + kind + " " + all + left + right);
                }
            }
            List<List<Object>> both = new ArrayList<>(left);
            both.addAll(right);
            assertEquals(both, PlanKit.run(new PhysicalPlan.Concat(List.of(l, r), PlanKit.columns(2))));
        }
    }

    private static List<List<Object>> setReference(
            SetKind kind, boolean all, List<List<Object>> left, List<List<Object>> right) {
        List<List<Object>> rest = new ArrayList<>(right);
        List<List<Object>> result = new ArrayList<>();
        for (List<Object> row : left) {
            boolean found = all ? rest.remove(row) : right.contains(row);
            if (found == (kind == SetKind.INTERSECT) && (all || !result.contains(row))) {
                result.add(row);
            }
        }
        return result;
    }

    @Test
    void cancellingStopsARunningJoin() {
        List<List<Object>> many = new ArrayList<>();
        for (long i = 0; i < 3000; i++) {
            many.add(List.of(i));
        }
        PhysicalPlan side = PlanKit.values(many, 1);
        PhysicalPlan join = new PhysicalPlan.NestedLoopJoin(
                org.mosslsm.sql.plan.JoinKind.INNER,
                side,
                side,
                Optional.of(ExprFactory.compare(CompareOp.LT, PlanKit.column(0), number(-1))),
                PlanKit.columns(2));
        int[] looks = new int[1];
        ExecutionContext context = new ExecutionContext(
                null,
                new CompiledPlans(),
                new Object[0],
                0,
                new ExecutionContext.Surroundings(0, java.time.ZoneOffset.UTC, "public", () -> {
                    if (++looks[0] > 20) {
                        throw SqlException.canceled("cancelled");
                    }
                }));
        assertEquals(
                "57014",
                assertThrows(SqlException.class, () -> PlanKit.run(join, context))
                        .sqlState());
    }

    @Test
    void inputsAreClosedAtTheEndOnErrorAndEarly() {
        for (int stopAfter : new int[] {1, 2, 100}) {
            ClosingInput input = new ClosingInput(stopAfter == 2);
            Operator filter = new FilterOperator(input, ScalarExpr.Literal.TRUE);
            ExecutionContext context = PlanKit.context((org.mosslsm.kv.txn.Transaction) null);
            try (Enumerator<Row> e = filter.rows(context).enumerator()) {
                for (int i = 0; i < stopAfter && e.moveNext(); i++) {
                    assertFalse(input.closed, "open while in use");
                }
            } catch (SqlException expected) {
                assertEquals("22012", expected.sqlState());
            }
            assertTrue(input.closed, "closed after " + stopAfter);
        }
    }

    /** Three rows, or one and an error. */
    private static final class ClosingInput extends Operator {
        private final boolean fails;
        private boolean closed;

        ClosingInput(boolean fails) {
            this.fails = fails;
        }

        @Override
        public RowEnumerator open(ExecutionContext context) {
            return new RowEnumerator(context) {
                private int next;

                {
                    own(() -> closed = true);
                }

                @Override
                protected Row advance() {
                    if (fails && next == 1) {
                        throw SqlException.divisionByZero();
                    }
                    return next++ < 3 ? new org.mosslsm.sql.expr.ValueRow(1L) : null;
                }
            };
        }
    }

    @Test
    void columnsOfAPlanAreThoseOfItsRows() {
        List<PlanColumn> columns = PlanKit.columns(2);
        PhysicalPlan project = new PhysicalPlan.Project(
                PlanKit.values(List.of(List.of(3L)), 1),
                List.of(PlanKit.column(0), ExprFactory.call("*", List.of(PlanKit.column(0), number(2)))),
                columns);
        assertEquals(List.of(List.of(3L, 6L)), PlanKit.run(project));
        assertEquals(2, project.width());
    }
}

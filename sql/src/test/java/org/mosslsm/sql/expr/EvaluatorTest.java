package org.mosslsm.sql.expr;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.mosslsm.sql.error.SqlException;
import org.mosslsm.sql.expr.ScalarExpr.ColumnRef;
import org.mosslsm.sql.expr.ScalarExpr.Literal;
import org.mosslsm.sql.expr.ScalarExpr.Parameter;
import org.mosslsm.sql.expr.ScalarExpr.When;
import org.mosslsm.sql.testkit.RandomValues;
import org.mosslsm.sql.testkit.TestContext;
import org.mosslsm.sql.type.SqlType;
import org.mosslsm.sql.type.ValueKeys;
import org.mosslsm.sql.type.ValueOrder;

class EvaluatorTest {
    private static final TestContext NO_CONTEXT = new TestContext();
    private static final ScalarExpr NULL_TRUTH = ExprFactory.nullOf(SqlType.BOOLEAN);
    private static final List<ScalarExpr> TRUTHS = List.of(Literal.FALSE, Literal.TRUE, NULL_TRUTH);
    private static final ScalarExpr ONE = literal(1L, SqlType.INTEGER);
    private static final ScalarExpr BOOM =
            ExprFactory.compare(CompareOp.EQ, call("/", ONE, literal(0L, SqlType.INTEGER)), ONE);

    private static Literal literal(Object value, SqlType type) {
        return ExprFactory.literal(value, type);
    }

    private static ScalarExpr call(String name, ScalarExpr... arguments) {
        return ExprFactory.call(name, List.of(arguments));
    }

    private static ColumnRef column(int i, SqlType type) {
        return new ColumnRef(i, type);
    }

    private static Object eval(ScalarExpr e, Object... row) {
        return Evaluator.compile(e).eval(new ValueRow(row), NO_CONTEXT);
    }

    private static Truth test(ScalarExpr e, Object... row) {
        Truth t = Evaluator.compile(e).test(new ValueRow(row), NO_CONTEXT);
        assertEquals(t.value(), eval(e, row), "test and eval agree");
        return t;
    }

    @Test
    void logicHasThreeValues() {
        Truth[] all = Truth.values();
        for (Truth a : all) {
            for (Truth b : all) {
                List<ScalarExpr> operands = List.of(of(a), of(b));
                assertEquals(a.and(b), test(new ScalarExpr.And(operands)), a + " AND " + b);
                assertEquals(a.or(b), test(new ScalarExpr.Or(operands)), a + " OR " + b);
                assertEquals(a.not().or(b.not()), a.and(b).not(), "De Morgan");
                assertEquals(Truth.of(a == b), test(new ScalarExpr.IsTruth(of(a), b)));
            }
            assertEquals(a.not(), test(new ScalarExpr.Not(of(a))));
        }
        assertEquals(Truth.UNKNOWN, Truth.UNKNOWN.and(Truth.TRUE));
        assertEquals(Truth.FALSE, Truth.UNKNOWN.and(Truth.FALSE));
        assertEquals(Truth.TRUE, Truth.UNKNOWN.or(Truth.TRUE));
        assertEquals(Truth.TRUE, test(new ScalarExpr.And(List.of())));
        assertEquals(Truth.FALSE, test(new ScalarExpr.Or(List.of())));
    }

    private static ScalarExpr of(Truth t) {
        return TRUTHS.get(t == Truth.FALSE ? 0 : t == Truth.TRUE ? 1 : 2);
    }

    @Test
    void whatDoesNotMatterIsNotEvaluated() {
        assertThrows(SqlException.class, () -> eval(BOOM));
        assertEquals(Truth.FALSE, test(ExprFactory.and(List.of(Literal.FALSE, BOOM))));
        assertEquals(Truth.TRUE, test(ExprFactory.or(List.of(Literal.TRUE, BOOM))));
        assertEquals(1L, eval(ExprFactory.coalesce(List.of(ONE, call("/", ONE, literal(0L, SqlType.INTEGER))))));
        ScalarExpr guarded = ExprFactory.caseWhen(
                List.of(new When(Literal.FALSE, call("/", ONE, literal(0L, SqlType.INTEGER)))), Optional.of(ONE));
        assertEquals(1L, eval(guarded));
        assertEquals(1L, eval(Folding.fold(guarded)));
        assertThrows(SqlException.class, () -> eval(Folding.fold(BOOM)), "folding leaves the error to the execution");
    }

    @Test
    void comparisonsAgreeWithTheOrderOfValues() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (SqlType type : List.of(
                SqlType.BIGINT,
                SqlType.DOUBLE,
                SqlType.DECIMAL,
                SqlType.TEXT,
                SqlType.BLOB,
                SqlType.BOOLEAN,
                SqlType.UUID,
                SqlType.DATE)) {
            for (int i = 0; i < 2000; i++) {
                Object a = random.nextInt(8) == 0 ? null : RandomValues.of(type, random);
                Object b = random.nextInt(8) == 0 ? null : random.nextInt(4) == 0 ? a : RandomValues.of(type, random);
                CompareOp op = List.of(CompareOp.values()).get(random.nextInt(6));
                Truth expected = a == null || b == null
                        ? Truth.UNKNOWN
                        : Truth.of(op.holds(ValueOrder.of(type).compare(a, b)));
                String message = "seed " + seed + ": " + a + " " + op.symbol() + " " + b;
                ScalarExpr l = column(0, type);
                ScalarExpr r = column(1, type);
                assertEquals(expected, test(ExprFactory.compare(op, l, r), a, b), message);
                assertEquals(expected, test(ExprFactory.compare(op, l, literal(b, type)), a, b), message);
                assertEquals(expected, test(ExprFactory.compare(op, literal(a, type), r), a, b), message);
                assertEquals(expected.not(), test(ExprFactory.not(ExprFactory.compare(op, l, r)), a, b), message);
                Object distinct = eval(ExprFactory.distinctFrom(l, r), a, b);
                boolean same =
                        (a == null || b == null) ? a == b : ValueOrder.of(type).compare(a, b) == 0;
                assertEquals(!same, distinct, message);
            }
        }
    }

    @Test
    void wholeNumbersCompareWithFractionsWithoutACast() {
        ScalarExpr i = column(0, SqlType.INTEGER);
        for (CompareOp op : CompareOp.values()) {
            for (String bound : List.of("2", "2.0", "2.5", "-2.5", "-2.0")) {
                BigDecimal d = new BigDecimal(bound);
                ScalarExpr forward = ExprFactory.compare(op, i, literal(d, SqlType.DECIMAL));
                ScalarExpr backward = ExprFactory.compare(op, literal(d, SqlType.DECIMAL), i);
                for (long v = -4; v <= 4; v++) {
                    int order = BigDecimal.valueOf(v).compareTo(d);
                    assertEquals(Truth.of(op.holds(order)), test(forward, v), v + op.symbol() + bound);
                    assertEquals(Truth.of(op.holds(-order)), test(backward, v), bound + op.symbol() + v);
                }
                assertEquals(Truth.UNKNOWN, test(forward, (Object) null));
            }
        }
    }

    @Test
    void inListsFollowTheDefinition() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (SqlType type : List.of(SqlType.INTEGER, SqlType.DECIMAL, SqlType.DOUBLE, SqlType.TEXT, SqlType.BLOB)) {
            for (int i = 0; i < 1000; i++) {
                Object v = random.nextInt(10) == 0 ? null : RandomValues.of(type, random);
                List<ScalarExpr> items = new ArrayList<>();
                Truth expected = Truth.FALSE;
                int n = 2 + random.nextInt(12);
                for (int k = 0; k < n; k++) {
                    Object item = random.nextInt(12) == 0
                            ? null
                            : v != null && random.nextInt(12) == 0 ? v : RandomValues.of(type, random);
                    items.add(literal(item, type));
                    expected = expected.or(
                            v == null || item == null
                                    ? Truth.UNKNOWN
                                    : Truth.of(ValueOrder.of(type).compare(v, item) == 0));
                }
                ScalarExpr in = ExprFactory.inList(column(0, type), items);
                assertEquals(expected, test(in, v), "seed " + seed + " " + v + " IN " + items);
                items.set(0, new Parameter(0, type));
                Object first = RandomValues.of(type, random);
                ScalarExpr open = ExprFactory.inList(column(0, type), items);
                Truth openExpected = Truth.FALSE;
                for (int k = 0; k < n; k++) {
                    Object item = k == 0 ? first : ((Literal) items.get(k)).value();
                    openExpected = openExpected.or(
                            v == null || item == null
                                    ? Truth.UNKNOWN
                                    : Truth.of(ValueOrder.of(type).compare(v, item) == 0));
                }
                Truth actual = Evaluator.compile(open).test(new ValueRow(v), new TestContext(first));
                assertEquals(openExpected, actual, "seed " + seed);
            }
        }
        assertEquals(Truth.FALSE, test(ExprFactory.inList(column(0, SqlType.INTEGER), List.of()), (Object) null));
    }

    @Test
    void theMarkOfNullIsAValueLikeAnyOther() {
        ScalarExpr c = column(0, SqlType.BIGINT);
        ScalarExpr sum = call("+", c, literal(0L, SqlType.BIGINT));
        assertEquals(Evaluator.NULL_LONG, eval(sum, Evaluator.NULL_LONG));
        assertNull(eval(sum, (Object) null));
        assertEquals(Truth.TRUE, test(ExprFactory.compare(CompareOp.EQ, sum, c), Evaluator.NULL_LONG));
        assertEquals(Truth.UNKNOWN, test(ExprFactory.compare(CompareOp.EQ, sum, c), (Object) null));
        ScalarExpr d = column(0, SqlType.DOUBLE);
        ScalarExpr twice = call("+", d, d);
        assertEquals(Double.NaN, eval(twice, Double.NaN));
        assertNull(eval(twice, (Object) null));
        assertEquals(Truth.TRUE, test(ExprFactory.compare(CompareOp.EQ, twice, d), Double.NaN));
    }

    @Test
    void chainsOfTenThousandOperatorsRun() {
        ScalarExpr sum = column(0, SqlType.BIGINT);
        ScalarExpr text = column(1, SqlType.TEXT);
        ScalarExpr minus = column(0, SqlType.BIGINT);
        ScalarExpr not = ExprFactory.isNull(column(0, SqlType.BIGINT));
        List<ScalarExpr> ors = new ArrayList<>();
        for (int i = 0; i < 10_000; i++) {
            sum = call("+", sum, ONE);
            text = call("||", text, literal("x", SqlType.TEXT));
            minus = call("-", minus);
            not = new ScalarExpr.Not(not);
            ors.add(ExprFactory.compare(CompareOp.EQ, column(0, SqlType.BIGINT), literal((long) i, SqlType.BIGINT)));
        }
        assertEquals(10_007L, eval(sum, 7L, "a"));
        assertEquals(10_007L, eval(Folding.fold(sum), 7L, "a"));
        assertNull(eval(sum, null, "a"));
        assertEquals(10_001, ((String) eval(text, 7L, "a")).length());
        assertEquals(7L, eval(minus, 7L, "a"));
        assertEquals(false, eval(not, 7L, "a"));
        assertEquals(true, eval(ExprFactory.or(ors), 9_999L, "a"));
        ScalarExpr tree = sum;
        int[] nodes = new int[1];
        ExprTrees.walk(tree, e -> nodes[0]++);
        assertEquals(20_001, nodes[0]);
        assertSame(tree, ExprTrees.transform(tree, e -> e));
        ScalarExpr moved =
                ExprTrees.transform(tree, e -> e instanceof ColumnRef c ? column(c.index() + 1, c.type()) : e);
        assertEquals(10_003L, eval(moved, "a", 3L));
    }

    @Test
    void foldingKeepsTheValueOfRandomExpressions() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        int values = 0;
        for (int i = 0; i < 20_000; i++) {
            ScalarExpr e = RandomExpressions.number(random, 4);
            Object[] row = {random.nextInt(5) - 2L, random.nextInt(3) == 0 ? null : random.nextInt(5) - 2L};
            Object expected = outcome(e, row);
            Object folded = outcome(Folding.fold(e), row);
            // Laziness may save the folded one from an error, never the other way round.
            if (!(expected instanceof SqlException)) {
                values++;
                assertEquals(
                        ValueKeys.key(expected, e.type()),
                        folded instanceof SqlException ? folded : ValueKeys.key(folded, e.type()),
                        "seed " + seed + ": " + e);
            }
        }
        assertTrue(values > 5000, values + " values");
    }

    private static Object outcome(ScalarExpr e, Object[] row) {
        try {
            return eval(e, row);
        } catch (SqlException error) {
            return error;
        }
    }

    @Test
    void parametersTakeTheTypeOfTheirPlace() {
        ScalarExpr unknown = new Parameter(0, SqlType.UNKNOWN);
        ScalarExpr compare = ExprFactory.compare(CompareOp.LT, column(0, SqlType.DATE), unknown);
        assertTrue(ExprTrees.anyMatch(compare, e -> e.equals(new Parameter(0, SqlType.DATE))));
        ScalarExpr sum = call("+", unknown, ONE);
        assertTrue(ExprTrees.anyMatch(
                sum, e -> e instanceof Parameter p && p.type().equals(SqlType.BIGINT)));
        assertEquals(5L, Evaluator.compile(sum).eval(ValueRow.EMPTY, new TestContext(4L)));
    }

    @Test
    void operandsThatDoNotFitAreRefusedByName() {
        assertState("42883", () -> ExprFactory.compare(CompareOp.EQ, column(0, SqlType.TEXT), ONE));
        assertState("42804", () -> ExprFactory.condition(ONE));
        assertState("42804", () -> ExprFactory.assign(column(0, SqlType.TEXT), SqlType.INTEGER, "n"));
        assertState("42846", () -> ExprFactory.cast(column(0, SqlType.DATE), SqlType.INTEGER));
        assertState("42883", () -> ExprFactory.like(ONE, column(0, SqlType.TEXT), Optional.empty(), false));
        assertState(
                "42883",
                () -> ExprFactory.aggregate(
                        AggregateFunction.SUM, false, List.of(column(0, SqlType.TEXT)), Optional.empty()));
        assertState("42601", () -> ExprFactory.compareRows(CompareOp.EQ, List.of(ONE), List.of(ONE, ONE)));
    }

    private static void assertState(String sqlState, org.junit.jupiter.api.function.Executable make) {
        assertEquals(sqlState, assertThrows(SqlException.class, make).sqlState());
    }

    @Test
    void rowValuesCompareFromLeftToRight() {
        List<ScalarExpr> l = List.of(column(0, SqlType.BIGINT), column(1, SqlType.BIGINT));
        List<ScalarExpr> r = List.of(column(2, SqlType.BIGINT), column(3, SqlType.BIGINT));
        for (CompareOp op : CompareOp.values()) {
            ScalarExpr e = ExprFactory.compareRows(op, l, r);
            for (int i = 0; i < 81; i++) {
                long a = i % 3;
                long b = i / 3 % 3;
                long c = i / 9 % 3;
                long d = i / 27;
                int order = a != c ? Long.compare(a, c) : Long.compare(b, d);
                assertEquals(Truth.of(op.holds(order)), test(e, a, b, c, d), op + " " + i);
            }
        }
        assertEquals(Truth.TRUE, test(ExprFactory.compareRows(CompareOp.LT, l, r), 1L, null, 2L, null));
        assertEquals(Truth.UNKNOWN, test(ExprFactory.compareRows(CompareOp.LT, l, r), 1L, null, 1L, 2L));
    }
}

// Queries inside expressions.
package org.mosslsm.sql.bind;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.mosslsm.sql.ast.Expression;
import org.mosslsm.sql.ast.Position;
import org.mosslsm.sql.ast.Query;
import org.mosslsm.sql.error.SqlException;
import org.mosslsm.sql.error.SqlState;
import org.mosslsm.sql.expr.CompareOp;
import org.mosslsm.sql.expr.ExprFactory;
import org.mosslsm.sql.expr.ExprTrees;
import org.mosslsm.sql.expr.ScalarExpr;
import org.mosslsm.sql.expr.SlotBinding;
import org.mosslsm.sql.expr.Subquery;
import org.mosslsm.sql.plan.LogicalPlan;
import org.mosslsm.sql.plan.LogicalTrees;
import org.mosslsm.sql.type.Coercion;
import org.mosslsm.sql.type.SqlType;

/** Binds the subqueries of one expression: what they read of the row around them goes through slots. */
final class SubqueryBinder {
    private final ExpressionBinder around;

    SubqueryBinder(ExpressionBinder around) {
        this.around = around;
    }

    /** A subquery bound, and what it reads. */
    private record Bound(LogicalPlan plan, List<SlotBinding> bindings) {}

    ScalarExpr bind(Expression e) {
        if (e instanceof Expression.ScalarSubquery s) {
            return scalar(s.query(), s.position());
        }
        if (e instanceof Expression.Exists x) {
            return exists(x.query());
        }
        if (e instanceof Expression.InQuery in) {
            ScalarExpr test = in(in.operand(), in.query(), in.position());
            return in.negated() ? ExprFactory.not(test) : test;
        }
        if (e instanceof Expression.QuantifiedComparison q) {
            return quantified(q);
        }
        throw new SqlException(SqlState.NOT_SUPPORTED, "this expression is not supported");
    }

    private Bound bind(Query query) {
        Outer outer = new Outer(around);
        LogicalPlan plan = new QueryBinder(around.context()).bind(query, within(outer));
        return new Bound(plan, outer.bindings());
    }

    private Surroundings within(Outer outer) {
        return new Surroundings(around.scope().around().tables(), Optional.of(outer));
    }

    private ScalarExpr exists(Query query) {
        Outer outer = new Outer(around);
        LogicalPlan plan = new QueryBinder(around.context()).bindExistence(query, within(outer));
        List<SlotBinding> bindings = outer.bindings();
        return new Subquery.Exists(plan, bindings.isEmpty() ? bindings : used(bindings, plan));
    }

    /** Those that the plan reads: not those of what was dropped. */
    private static List<SlotBinding> used(List<SlotBinding> bindings, LogicalPlan plan) {
        Set<Integer> slots = new HashSet<>();
        LogicalTrees.walkExpressions(plan, e -> {
            if (e instanceof ScalarExpr.SlotRef s) {
                slots.add(s.slot());
            }
        });
        return bindings.stream().filter(b -> slots.contains(b.slot())).toList();
    }

    private ScalarExpr scalar(Query query, Position position) {
        Bound b = bind(query);
        requireWidth(b, 1, position);
        return new Subquery.Scalar(
                b.plan(), b.bindings(), b.plan().columns().get(0).type());
    }

    /**
     * The row of a subquery, whose items are of one run of it: for {@code SET (a, b) = (SELECT ...)}.
     *
     * @param typed gives its columns the types of their places
     */
    List<ScalarExpr> row(Query query, int width, Position position, UnaryOperator<LogicalPlan> typed) {
        Bound b = bind(query);
        requireWidth(b, width, position);
        return items(typed.apply(b.plan()), b.bindings());
    }

    private List<ScalarExpr> items(LogicalPlan plan, List<SlotBinding> bindings) {
        int number = around.context().newSlot(); // no slot: but a number that nothing else has
        List<ScalarExpr> items = new ArrayList<>();
        for (int i = 0; i < plan.width(); i++) {
            Subquery.Item item = new Subquery.Item(number, i, i == 0);
            items.add(new Subquery.Scalar(
                    plan, bindings, Optional.of(item), plan.columns().get(i).type()));
        }
        return items;
    }

    /** {@code (a, b) op (SELECT ...)}. */
    ScalarExpr compare(CompareOp op, List<ScalarExpr> left, Expression.ScalarSubquery right) {
        Sides sides = sides(op, left, right.query(), right.position());
        List<ScalarExpr> items = items(sides.plan(), sides.bindings());
        // What decides the order stands there twice: it is the same row in both places.
        boolean[] drawn = new boolean[1];
        return ExprTrees.transform(ExprFactory.compareRows(op, sides.left(), items), n -> {
            if (!n.equals(items.get(0))) {
                return n;
            }
            boolean again = drawn[0];
            drawn[0] = true;
            return again ? ((Subquery.Scalar) n).ofDrawn() : n;
        });
    }

    /** Both sides of a comparison of rows, of the types in which they are compared. */
    private record Sides(List<ScalarExpr> left, LogicalPlan plan, List<SlotBinding> bindings) {}

    private Sides sides(CompareOp op, List<ScalarExpr> left, Query query, Position position) {
        Bound b = bind(query);
        requireWidth(b, left.size(), position);
        List<ScalarExpr> typed = new ArrayList<>();
        List<SqlType> types = new ArrayList<>();
        for (int i = 0; i < left.size(); i++) {
            ScalarExpr item = left.get(i);
            SqlType column = b.plan().columns().get(i).type();
            SqlType type = common(item.type(), column, op.symbol(), position);
            types.add(type);
            typed.add(ExprFactory.withZeros(item, ExprFactory.coerce(item, type), column));
        }
        return new Sides(typed, beside(left, b.plan(), types), b.bindings());
    }

    private ScalarExpr in(Expression operand, Query query, Position position) {
        Sides sides = sides(CompareOp.EQ, around.rowItems(operand), query, position);
        return new Subquery.In(sides.left(), sides.plan(), sides.bindings());
    }

    private ScalarExpr quantified(Expression.QuantifiedComparison q) {
        CompareOp op = ExpressionBinder.operator(q.comparator());
        if (op == (q.all() ? CompareOp.NE : CompareOp.EQ)) {
            ScalarExpr in = in(q.left(), q.query(), q.position());
            return q.all() ? ExprFactory.not(in) : in;
        }
        if (q.left() instanceof Expression.RowValue) {
            throw SqlException.notSupported("a row value compared with ANY or ALL, but by = ANY and <> ALL,");
        }
        ScalarExpr left = around.bind(q.left());
        Bound b = bind(q.query());
        requireWidth(b, 1, q.position());
        SqlType column = b.plan().columns().get(0).type();
        SqlType type = common(left.type(), column, op.symbol(), q.position());
        ScalarExpr typed = ExprFactory.withZeros(left, ExprFactory.coerce(left, type), column);
        LogicalPlan plan = beside(List.of(left), b.plan(), List.of(type));
        return new Subquery.Quantified(op, q.all(), typed, plan, b.bindings());
    }

    /** The rows as they are compared with {@code left}: what is given literally as it would be stored there. */
    private static LogicalPlan beside(List<ScalarExpr> left, LogicalPlan plan, List<SqlType> types) {
        return Retype.apply(
                plan,
                types,
                (e, i) -> ExprFactory.withZeros(
                        e, ExprFactory.coerce(e, types.get(i)), left.get(i).type()));
    }

    private static SqlType common(SqlType left, SqlType right, String operator, Position position) {
        SqlType type = Coercion.compared(left, right)
                .orElseThrow(() -> new SqlException(
                        SqlState.UNDEFINED_FUNCTION,
                        "operator does not exist: " + left + " " + operator + " " + right + "; cast one side",
                        position.line(),
                        position.column()));
        return type.isUnknown() ? SqlType.TEXT : type;
    }

    private static void requireWidth(Bound b, int width, Position position) {
        int actual = b.plan().width();
        if (actual != width) {
            throw new SqlException(
                    SqlState.SYNTAX_ERROR,
                    "the subquery must return " + width + (width == 1 ? " column" : " columns") + ", not " + actual,
                    position.line(),
                    position.column());
        }
    }
}

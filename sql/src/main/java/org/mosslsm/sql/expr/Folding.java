package org.mosslsm.sql.expr;

import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.mosslsm.sql.error.Cancellation;
import org.mosslsm.sql.error.SqlException;
import org.mosslsm.sql.expr.ScalarExpr.And;
import org.mosslsm.sql.expr.ScalarExpr.Call;
import org.mosslsm.sql.expr.ScalarExpr.Case;
import org.mosslsm.sql.expr.ScalarExpr.Cast;
import org.mosslsm.sql.expr.ScalarExpr.Coalesce;
import org.mosslsm.sql.expr.ScalarExpr.Compare;
import org.mosslsm.sql.expr.ScalarExpr.Leaf;
import org.mosslsm.sql.expr.ScalarExpr.Literal;
import org.mosslsm.sql.expr.ScalarExpr.Not;
import org.mosslsm.sql.expr.ScalarExpr.Or;
import org.mosslsm.sql.expr.ScalarExpr.When;
import org.mosslsm.sql.type.Casts;
import org.mosslsm.sql.type.SqlType;

/**
 * Computes the constant parts of an expression while it is planned. What would raise an error is left as it is: whether
 * {@code 1/0} in a branch of a CASE is an error is decided when, and only if, it is evaluated.
 */
public final class Folding {
    private Folding() {}

    /** The expression with its constant parts computed and branches that are never taken removed. */
    public static ScalarExpr fold(ScalarExpr expr) {
        return ExprTrees.transform(expr, Folding::foldNode);
    }

    private static ScalarExpr foldNode(ScalarExpr e) {
        if (e instanceof And a) {
            return conjunction(a);
        }
        if (e instanceof Or o) {
            return disjunction(o);
        }
        if (e instanceof Case c) {
            return choice(c);
        }
        if (e instanceof Coalesce c) {
            return firstKnown(c);
        }
        if (e instanceof Compare c && (isNull(c.left()) || isNull(c.right()))) {
            return ExprFactory.nullOf(SqlType.BOOLEAN);
        }
        if (e instanceof Not n && !(n.operand() instanceof Literal)) {
            return ExprFactory.not(n.operand());
        }
        if (e instanceof Call c && c.function().strict() && anyNull(c.arguments())) {
            return ExprFactory.nullOf(c.type());
        }
        return isConstant(e) ? compute(e) : e;
    }

    private static boolean isNull(ScalarExpr e) {
        return e instanceof Literal l && l.value() == null;
    }

    /** Whether the node depends on nothing but literals beneath it. */
    private static boolean isConstant(ScalarExpr e) {
        if (e instanceof Leaf || e instanceof Subquery) {
            return false;
        }
        if (e instanceof Call c && c.function().volatility() != ScalarFunction.Volatility.IMMUTABLE) {
            return false;
        }
        if (e instanceof Cast c && isZoned(c)) {
            return false;
        }
        if (e instanceof Compare c) {
            return c.left() instanceof Literal && c.right() instanceof Literal;
        }
        for (ScalarExpr child : e.children()) {
            if (!(child instanceof Literal)) {
                return false;
            }
        }
        return true;
    }

    private static boolean anyNull(List<ScalarExpr> arguments) {
        for (ScalarExpr e : arguments) {
            if (isNull(e)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isZoned(Cast c) {
        return isInstant(c.type()) || isInstant(c.operand().type());
    }

    /** Whether the node itself, what is beneath it apart, may be another in a session of another time zone. */
    public static boolean dependsOnZone(ScalarExpr e) {
        if (!(e instanceof Cast c)
                || !isZoned(c)
                || c.type().kind() == c.operand().type().kind()) {
            return false;
        }
        if (!(c.operand() instanceof Literal l) || !(l.value() instanceof String text)) {
            return true;
        }
        try { // a string may name its zone
            Object east = Casts.cast(text, SqlType.TEXT, c.type(), c.mode(), ZoneOffset.MAX);
            return !east.equals(Casts.cast(text, SqlType.TEXT, c.type(), c.mode(), ZoneOffset.MIN));
        } catch (SqlException raisedWhenItRuns) {
            return true;
        }
    }

    private static boolean isInstant(SqlType type) {
        return type.kind() == SqlType.Kind.TIMESTAMPTZ;
    }

    private static ScalarExpr compute(ScalarExpr e) {
        try {
            return new Literal(Compiler.compile(e).eval(ValueRow.EMPTY, NoContext.INSTANCE), e.type());
        } catch (SqlException raisedWhenItRuns) {
            return e;
        }
    }

    /** TRUE operands go; from a FALSE on, nothing matters. */
    private static ScalarExpr conjunction(And a) {
        List<ScalarExpr> rest = new ArrayList<>();
        for (ScalarExpr e : a.operands()) {
            if (e.equals(Literal.FALSE)) {
                return e;
            }
            if (!e.equals(Literal.TRUE)) {
                rest.add(e);
            }
        }
        return rest.size() == a.operands().size() && isFlat(rest, And.class) ? a : ExprFactory.and(rest);
    }

    private static ScalarExpr disjunction(Or o) {
        List<ScalarExpr> rest = new ArrayList<>();
        for (ScalarExpr e : o.operands()) {
            if (e.equals(Literal.TRUE)) {
                return e;
            }
            if (!e.equals(Literal.FALSE)) {
                rest.add(e);
            }
        }
        return rest.size() == o.operands().size() && isFlat(rest, Or.class) ? o : ExprFactory.or(rest);
    }

    private static boolean isFlat(List<ScalarExpr> operands, Class<?> nested) {
        return operands.size() > 1 && operands.stream().noneMatch(nested::isInstance);
    }

    private static ScalarExpr choice(Case c) {
        List<When> rest = new ArrayList<>();
        ScalarExpr otherwise = c.otherwise();
        for (When w : c.branches()) {
            if (w.condition() instanceof Literal l) {
                if (Boolean.TRUE.equals(l.value())) {
                    otherwise = w.result();
                    break;
                }
            } else {
                rest.add(w);
            }
        }
        if (rest.isEmpty()) {
            return typed(otherwise, c.type());
        }
        return rest.size() == c.branches().size() ? c : new Case(rest, otherwise, c.type());
    }

    private static ScalarExpr firstKnown(Coalesce c) {
        List<ScalarExpr> rest = new ArrayList<>();
        for (ScalarExpr e : c.operands()) {
            if (!isNull(e)) {
                rest.add(e);
            }
            if (e instanceof Literal && !isNull(e)) {
                break;
            }
        }
        if (rest.isEmpty()) {
            return ExprFactory.nullOf(c.type());
        }
        if (rest.size() == 1) {
            return typed(rest.get(0), c.type());
        }
        return rest.size() == c.operands().size() ? c : new Coalesce(rest, c.type());
    }

    /** Keeps the type that the place was promised, where the expression's own is a narrower one. */
    private static ScalarExpr typed(ScalarExpr e, SqlType type) {
        if (e.type().equals(type)) {
            return e;
        }
        return e instanceof Literal l
                ? new Literal(l.value(), type)
                : new Cast(e, type, org.mosslsm.sql.type.CastMode.EXPLICIT);
    }

    /** Surroundings for expressions that look at nothing. */
    enum NoContext implements EvalContext {
        INSTANCE;

        @Override
        public Object parameter(int index) {
            throw new IllegalStateException("a constant has no parameters");
        }

        @Override
        public Object slot(int slot) {
            throw new IllegalStateException("a constant has no slots");
        }

        @Override
        public long nowMicros() {
            throw new IllegalStateException("a constant has no time");
        }

        @Override
        public ZoneId zone() {
            return ZoneOffset.UTC;
        }

        @Override
        public String schema() {
            throw new IllegalStateException("a constant has no schema");
        }

        @Override
        public SubplanRunner subplans() {
            throw new IllegalStateException("a constant has no subqueries");
        }

        @Override
        public void checkCancelled() {
            Cancellation.ask();
        }
    }
}

package org.mosslsm.sql.expr;

import java.util.ArrayList;
import java.util.List;
import org.mosslsm.sql.expr.ScalarExpr.And;
import org.mosslsm.sql.expr.ScalarExpr.Call;
import org.mosslsm.sql.expr.ScalarExpr.Case;
import org.mosslsm.sql.expr.ScalarExpr.Cast;
import org.mosslsm.sql.expr.ScalarExpr.Coalesce;
import org.mosslsm.sql.expr.ScalarExpr.ColumnRef;
import org.mosslsm.sql.expr.ScalarExpr.Compare;
import org.mosslsm.sql.expr.ScalarExpr.DistinctFrom;
import org.mosslsm.sql.expr.ScalarExpr.InList;
import org.mosslsm.sql.expr.ScalarExpr.IsNull;
import org.mosslsm.sql.expr.ScalarExpr.IsTruth;
import org.mosslsm.sql.expr.ScalarExpr.Like;
import org.mosslsm.sql.expr.ScalarExpr.Literal;
import org.mosslsm.sql.expr.ScalarExpr.Not;
import org.mosslsm.sql.expr.ScalarExpr.Or;
import org.mosslsm.sql.expr.ScalarExpr.Parameter;
import org.mosslsm.sql.expr.ScalarExpr.SlotRef;
import org.mosslsm.sql.type.Casts;
import org.mosslsm.sql.type.SqlType;

/** Turns an expression tree into a tree of {@link Evaluator}s, choosing the narrowest one for each node. */
final class Compiler implements ExprVisitor<Evaluator> {
    /**
     * Calls nested on the left deeper than this run as one loop: a chain of ten thousand additions is one node, not ten
     * thousand frames of the stack. Shorter ones are faster as closures.
     */
    private static final int DEEP = 64;

    private static final Compiler INSTANCE = new Compiler();

    private Compiler() {}

    static Evaluator compile(ScalarExpr e) {
        return e.accept(INSTANCE);
    }

    private static Evaluator[] compileAll(List<ScalarExpr> list) {
        Evaluator[] all = new Evaluator[list.size()];
        for (int i = 0; i < all.length; i++) {
            all[i] = compile(list.get(i));
        }
        return all;
    }

    @Override
    public Evaluator columnRef(ColumnRef e) {
        return new Leaves.Column(e.index());
    }

    @Override
    public Evaluator literal(Literal e) {
        return new Leaves.Constant(e.value());
    }

    @Override
    public Evaluator parameter(Parameter e) {
        return new Leaves.Param(e.index());
    }

    @Override
    public Evaluator slotRef(SlotRef e) {
        return new Leaves.Slot(e.slot());
    }

    @Override
    public Evaluator call(Call e) {
        List<Call> spine = new ArrayList<>();
        ScalarExpr innermost = e;
        while (innermost instanceof Call c
                && !c.arguments().isEmpty()
                && c.function().strict()) {
            spine.add(c);
            innermost = c.arguments().get(0);
        }
        if (spine.size() <= DEEP) {
            return Calls.make(e.function(), compileAll(e.arguments()));
        }
        return new Calls.Chain(compile(innermost), spine);
    }

    @Override
    public Evaluator cast(Cast e) {
        Evaluator operand = compile(e.operand());
        SqlType from = e.operand().type();
        if (Casts.isFree(from, e.type())) {
            return operand;
        }
        if (from.family() == SqlType.Family.INTEGER && e.type().kind() == SqlType.Kind.DOUBLE) {
            return new Calls.LongToDouble(operand);
        }
        return new Calls.Convert(operand, Casts.conversion(from, e.type(), e.mode()));
    }

    @Override
    public Evaluator compare(Compare e) {
        return Comparisons.make(e.op(), e.left(), e.right());
    }

    @Override
    public Evaluator distinctFrom(DistinctFrom e) {
        return new Comparisons.Distinct(compile(e.left()), compile(e.right()), Comparisons.family(e.left(), e.right()));
    }

    @Override
    public Evaluator and(And e) {
        return new Logic.Conjunction(compileAll(e.operands()));
    }

    @Override
    public Evaluator or(Or e) {
        return new Logic.Disjunction(compileAll(e.operands()));
    }

    @Override
    public Evaluator not(Not e) {
        // A long chain of NOTs is folded to one or none before it can get deep.
        boolean negate = true;
        ScalarExpr operand = e.operand();
        while (operand instanceof Not n) {
            negate = !negate;
            operand = n.operand();
        }
        Evaluator inner = compile(operand);
        return negate ? new Logic.Negation(inner) : inner;
    }

    @Override
    public Evaluator isNull(IsNull e) {
        return e.operand() instanceof ColumnRef c
                ? new Logic.ColumnIsNull(c.index())
                : new Logic.NullTest(compile(e.operand()));
    }

    @Override
    public Evaluator isTruth(IsTruth e) {
        return new Logic.TruthTest(compile(e.operand()), e.truth());
    }

    @Override
    public Evaluator inList(InList e) {
        return Membership.make(compile(e.operand()), e.operand().type(), e.items(), compileAll(e.items()));
    }

    @Override
    public Evaluator like(Like e) {
        return Membership.like(e, compile(e.operand()), compile(e.pattern()), compile(e.escape()));
    }

    @Override
    public Evaluator caseWhen(Case e) {
        Evaluator[] conditions = new Evaluator[e.branches().size()];
        Evaluator[] results = new Evaluator[conditions.length];
        for (int i = 0; i < conditions.length; i++) {
            conditions[i] = compile(e.branches().get(i).condition());
            results[i] = compile(e.branches().get(i).result());
        }
        return new Logic.Choice(conditions, results, compile(e.otherwise()));
    }

    @Override
    public Evaluator coalesce(Coalesce e) {
        return new Logic.FirstKnown(compileAll(e.operands()));
    }

    @Override
    public Evaluator scalarSubquery(Subquery.Scalar e) {
        return e.item().isPresent()
                ? new Subqueries.RowItem(e.item().get(), e, outers(e))
                : new Subqueries.ScalarValue(e, outers(e));
    }

    @Override
    public Evaluator exists(Subquery.Exists e) {
        return new Subqueries.ExistsTest(e, outers(e));
    }

    @Override
    public Evaluator inSubquery(Subquery.In e) {
        return new Subqueries.InTest(e, outers(e), compileAll(e.left()));
    }

    @Override
    public Evaluator quantified(Subquery.Quantified e) {
        return new Subqueries.QuantifiedTest(e, outers(e), compile(e.left()));
    }

    private static Evaluator[] outers(Subquery e) {
        return compileAll(e.bindings().stream().map(SlotBinding::outer).toList());
    }
}

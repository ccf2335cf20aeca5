// Operands that must be evaluated once, though what they mean mentions them more often.
package org.mosslsm.sql.expr;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.mosslsm.sql.expr.ScalarExpr.Call;
import org.mosslsm.sql.expr.ScalarExpr.ColumnRef;
import org.mosslsm.sql.expr.ScalarExpr.Compare;
import org.mosslsm.sql.expr.ScalarExpr.When;
import org.mosslsm.sql.expr.ScalarFunction.Volatility;
import org.mosslsm.sql.type.CastMode;
import org.mosslsm.sql.type.SqlType;

/**
 * NULLIF and CASE with an operand that gives another value each time it is asked ({@code CASE floor(random() * 3) WHEN 0
 * ...}). What is known of an operand that does not is better written out, since it may then be folded and use an index.
 */
final class Once {
    private Once() {}

    static ScalarExpr nullIf(ScalarExpr operand, ScalarExpr other) {
        ScalarExpr value = beside(operand, other);
        Evaluator equal = equality(operand.type(), value.type());
        FunctionBody.Contextual body = (v, context) -> equal.test(new ValueRow(v), context) == Truth.TRUE ? null : v[0];
        return call("nullif", List.of(operand, value), operand.type(), body);
    }

    /**
     * {@code CASE operand WHEN ... END}.
     *
     * @param branches a value, not a condition, with its result
     */
    static ScalarExpr choice(ScalarExpr operand, List<When> branches, Optional<ScalarExpr> otherwise) {
        List<ScalarExpr> results = new ArrayList<>();
        branches.forEach(w -> results.add(w.result()));
        otherwise.ifPresent(results::add);
        SqlType type = ExprFactory.common(results, "CASE");
        Evaluator[] equalities = new Evaluator[branches.size()];
        List<ScalarExpr> arguments = new ArrayList<>(List.of(operand));
        for (int i = 0; i < equalities.length; i++) {
            ScalarExpr value = beside(operand, branches.get(i).condition());
            equalities[i] = equality(operand.type(), value.type());
            arguments.add(value);
            arguments.add(ExprFactory.convert(branches.get(i).result(), type, CastMode.EXPLICIT));
        }
        arguments.add(
                ExprFactory.convert(otherwise.orElse(ExprFactory.nullOf(SqlType.UNKNOWN)), type, CastMode.EXPLICIT));
        FunctionBody.Lazy body = (of, row, context) -> {
            Object value = of[0].eval(row, context);
            for (int i = 0; i < equalities.length; i++) {
                ValueRow both = new ValueRow(value, of[2 * i + 1].eval(row, context));
                if (equalities[i].test(both, context) == Truth.TRUE) {
                    return of[2 * i + 2].eval(row, context);
                }
            }
            return of[of.length - 1].eval(row, context);
        };
        return call("case", arguments, type, body);
    }

    /** What is compared with the operand; a literal or parameter takes its type, as beside any other. */
    private static ScalarExpr beside(ScalarExpr operand, ScalarExpr other) {
        Compare c = (Compare) ExprFactory.compare(CompareOp.EQ, new ColumnRef(0, operand.type()), other);
        return other.type().isUnknown() ? c.right() : other;
    }

    private static Evaluator equality(SqlType left, SqlType right) {
        return Evaluator.compile(ExprFactory.compare(CompareOp.EQ, new ColumnRef(0, left), new ColumnRef(1, right)));
    }

    private static Call call(String name, List<ScalarExpr> arguments, SqlType type, FunctionBody body) {
        List<SqlType> types = arguments.stream().map(ScalarExpr::type).toList();
        return new Call(new ScalarFunction(name, types, type, Volatility.VOLATILE, false, body), arguments);
    }
}

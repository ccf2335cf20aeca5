// Functions in FROM.
package org.mosslsm.sql.bind;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.mosslsm.sql.ast.Expression;
import org.mosslsm.sql.ast.Relation;
import org.mosslsm.sql.error.SqlException;
import org.mosslsm.sql.error.SqlState;
import org.mosslsm.sql.expr.ExprFactory;
import org.mosslsm.sql.expr.ScalarExpr;
import org.mosslsm.sql.plan.LogicalPlan;
import org.mosslsm.sql.plan.PlanColumn;
import org.mosslsm.sql.type.Coercion;
import org.mosslsm.sql.type.SqlType;
import org.mosslsm.sql.type.SqlType.Family;

/** Binds {@code generate_series}: of whole numbers, or of timestamps with an interval between them. */
final class TableFunctions {
    private TableFunctions() {}

    static LogicalPlan bind(Relation.Function f, BindContext context, Surroundings around) {
        String name = f.name().last().toLowerCase(Locale.ROOT);
        ExpressionBinder binder = ExpressionBinder.plain(context, Scope.empty(around), "FROM");
        List<ScalarExpr> arguments = new ArrayList<>();
        for (Expression e : f.arguments()) {
            arguments.add(binder.bind(e));
        }
        if (!name.equals("generate_series") || arguments.size() < 2 || arguments.size() > 3) {
            throw new SqlException(
                    SqlState.UNDEFINED_FUNCTION,
                    "there is no function " + name + " with " + arguments.size()
                            + " arguments that gives rows; there is generate_series(start, stop [, step])",
                    f.position().line(),
                    f.position().column());
        }
        String column = f.alias().map(a -> a.name().value()).orElse(name);
        return ExpressionBinder.at(f.position(), () -> series(arguments, column));
    }

    private static LogicalPlan series(List<ScalarExpr> arguments, String column) {
        SqlType type = Coercion.common(arguments.get(0).type(), arguments.get(1).type())
                .orElse(SqlType.UNKNOWN);
        ScalarExpr step;
        if (type.isUnknown() || type.family() == Family.INTEGER) {
            boolean wide = type.kind() == SqlType.Kind.BIGINT
                    || (arguments.size() == 3 && arguments.get(2).type().kind() == SqlType.Kind.BIGINT);
            type = wide ? SqlType.BIGINT : SqlType.INTEGER;
            step = arguments.size() == 3 ? arguments.get(2) : ExprFactory.literal(1L, SqlType.INTEGER);
            step = ExprFactory.coerce(step, SqlType.BIGINT);
        } else if (arguments.size() == 3 && (type.family() == Family.TIMESTAMP || type.family() == Family.DATE)) {
            type = type.family() == Family.DATE ? SqlType.TIMESTAMP : type;
            step = ExprFactory.coerce(arguments.get(2), SqlType.INTERVAL);
        } else {
            throw new SqlException(
                    SqlState.UNDEFINED_FUNCTION,
                    "generate_series takes whole numbers, or timestamps and an interval; found " + type);
        }
        return new LogicalPlan.Series(
                ExprFactory.coerce(arguments.get(0), type),
                ExprFactory.coerce(arguments.get(1), type),
                step,
                List.of(PlanColumn.computed(column, type, false)));
    }
}

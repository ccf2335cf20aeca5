// Constants.
package org.mosslsm.sql.bind;

import java.util.Optional;
import org.mosslsm.sql.ast.Expression;
import org.mosslsm.sql.expr.ExprFactory;
import org.mosslsm.sql.expr.ScalarExpr;
import org.mosslsm.sql.type.Interval;
import org.mosslsm.sql.type.IntervalText;
import org.mosslsm.sql.type.SqlType;

/** Binds literals. */
final class Literals {
    private Literals() {}

    /** The constant a literal means; empty for what is no literal. */
    static Optional<ScalarExpr> bind(Expression e) {
        if (e instanceof Expression.IntegerLiteral i) {
            SqlType type = i.value() == (int) i.value() ? SqlType.INTEGER : SqlType.BIGINT;
            return Optional.of(ExprFactory.literal(i.value(), type));
        }
        if (e instanceof Expression.StringLiteral s) {
            return Optional.of(ExprFactory.literal(s.value(), SqlType.UNKNOWN));
        }
        if (e instanceof Expression.NullLiteral) {
            return Optional.of(ExprFactory.literal(null, SqlType.UNKNOWN));
        }
        if (e instanceof Expression.BooleanLiteral b) {
            return Optional.of(b.value() ? ScalarExpr.Literal.TRUE : ScalarExpr.Literal.FALSE);
        }
        if (e instanceof Expression.DecimalLiteral d) {
            return Optional.of(ExprFactory.literal(d.value(), SqlType.DECIMAL));
        }
        if (e instanceof Expression.DoubleLiteral d) {
            return Optional.of(ExprFactory.literal(d.value(), SqlType.DOUBLE));
        }
        if (e instanceof Expression.BinaryLiteral b) {
            return Optional.of(ExprFactory.literal(b.bytes(), SqlType.VARBINARY));
        }
        if (e instanceof Expression.TypedLiteral t) {
            return Optional.of(
                    ExprFactory.cast(ExprFactory.literal(t.text(), SqlType.UNKNOWN), Types.resolve(t.type())));
        }
        if (e instanceof Expression.IntervalLiteral i) {
            return Optional.of(interval(i));
        }
        return Optional.empty();
    }

    private static ScalarExpr interval(Expression.IntervalLiteral i) {
        Interval value = IntervalText.parse(i.text(), i.from(), i.to());
        return ExprFactory.literal(value, SqlType.INTERVAL);
    }
}

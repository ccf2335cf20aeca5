// Defaults of columns.
package org.mosslsm.sql.bind;

import org.mosslsm.sql.ast.Expression;
import org.mosslsm.sql.catalog.Column;
import org.mosslsm.sql.catalog.Sequence;
import org.mosslsm.sql.catalog.SequenceTexts;
import org.mosslsm.sql.expr.ExprFactory;
import org.mosslsm.sql.expr.ScalarExpr;

/** Binds the defaults that the catalog keeps as text. */
final class Defaults {
    private Defaults() {}

    /** What DEFAULT stands for: the next number of an identity column, else as {@link #of}. */
    static ScalarExpr written(Column column, BindContext context) {
        if (column.identity().isEmpty()) {
            return of(column, context);
        }
        Sequence sequence =
                context.catalog().sequence(column.identity().get().sequenceId()).orElseThrow();
        String name = SequenceTexts.qualified(sequence).replace("'", "''");
        Expression next = context.texts().expression("nextval('" + name + "')");
        ScalarExpr value = ExpressionBinder.plain(context, Scope.empty(Surroundings.NONE), "a DEFAULT")
                .bind(next);
        return ExprFactory.assign(value, column.type(), column.name());
    }

    /** What the column gets where the statement gives no value: its default over no row, or NULL. */
    static ScalarExpr of(Column column, BindContext context) {
        if (column.defaultText().isEmpty()) {
            return ExprFactory.nullOf(column.type());
        }
        Expression e = context.texts().expression(column.defaultText().get());
        ScalarExpr value = ExpressionBinder.plain(context, Scope.empty(Surroundings.NONE), "a DEFAULT")
                .bind(e);
        return ExprFactory.assign(value, column.type(), column.name());
    }
}

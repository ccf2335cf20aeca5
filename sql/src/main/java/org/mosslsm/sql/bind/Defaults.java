// Defaults of columns.
package org.mosslsm.sql.bind;

import org.mosslsm.sql.ast.Expression;
import org.mosslsm.sql.catalog.Column;
import org.mosslsm.sql.expr.ExprFactory;
import org.mosslsm.sql.expr.ScalarExpr;

/** Binds the defaults that the catalog keeps as text. */
final class Defaults {
    private Defaults() {}

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

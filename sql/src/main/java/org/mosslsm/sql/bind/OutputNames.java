// What output columns are called.
package org.mosslsm.sql.bind;

import java.util.Locale;
import org.mosslsm.sql.ast.Expression;
import org.mosslsm.sql.ast.Query;
import org.mosslsm.sql.ast.Select;
import org.mosslsm.sql.ast.SelectItem;

/** Names of output columns that have no alias, as PostgreSQL makes them. */
final class OutputNames {
    private static final String NONE = "?column?";

    private OutputNames() {}

    static String of(SelectItem.Column item) {
        return item.alias().map(a -> a.value()).orElseGet(() -> of(item.expression()));
    }

    private static String of(Expression e) {
        if (e instanceof Expression.ColumnName c) {
            return c.name().last();
        }
        if (e instanceof Expression.FunctionCall f) {
            // Some operators are functions of their names.
            return Character.isLetter(f.name().last().charAt(0))
                            && !f.name().last().equals("similar_to")
                    ? f.name().last()
                    : NONE;
        }
        if (e instanceof Expression.Cast c) {
            String name = of(c.operand());
            return name.equals(NONE) ? c.type().name().toLowerCase(Locale.ROOT) : name;
        }
        if (e instanceof Expression.Case c) {
            String name = c.otherwise().map(OutputNames::of).orElse(NONE);
            return name.equals(NONE) ? "case" : name;
        }
        if (e instanceof Expression.Exists) {
            return "exists";
        }
        if (e instanceof Expression.ScalarSubquery s) {
            return of(s.query());
        }
        if (e instanceof Expression.TypedLiteral t) {
            return t.type().name();
        }
        return e instanceof Expression.BooleanLiteral ? "bool" : NONE;
    }

    private static String of(Query query) {
        return query.body() instanceof Select s
                        && !s.items().isEmpty()
                        && s.items().get(0) instanceof SelectItem.Column c
                ? of(c)
                : NONE;
    }
}

// count(t), where t is a relation.
package org.mosslsm.sql.bind;

import java.util.List;
import java.util.Optional;
import org.mosslsm.sql.ast.Expression;
import org.mosslsm.sql.ast.Identifier;
import org.mosslsm.sql.ast.QualifiedName;
import org.mosslsm.sql.catalog.Column;
import org.mosslsm.sql.catalog.Table;
import org.mosslsm.sql.error.SqlException;
import org.mosslsm.sql.expr.ScalarExpr;

/**
 * {@code count(t)} of a relation, as PostgreSQL has it: the number of its rows, without those that an outer join made up. It is
 * read as the count of a column of it that is not NULL, or of all rows where there is no other relation.
 */
final class WholeRows {
    private WholeRows() {}

    /** The call to be bound in place of {@code count(argument)}; the same where the argument is no relation. */
    static Expression.FunctionCall counted(Expression.FunctionCall f, Scope scope) {
        if (f.arguments().size() != 1
                || !(f.arguments().get(0) instanceof Expression.ColumnName c)
                || c.name().parts().size() != 1
                || !scope.hasRelation(c.name().last())
                || scope.find(c.name()).isPresent()) {
            return f;
        }
        Identifier relation = c.name().parts().get(0);
        if (f.distinct()) {
            throw notSupported("counting distinct rows of \"" + relation.value() + "\"", relation);
        }
        if (scope.entries().stream().noneMatch(e -> e.relation().equals(relation.value()))) {
            throw notSupported(
                    "counting the rows of \"" + relation.value() + "\", a relation of a query around,", relation);
        }
        Optional<Scope.Entry> witness = scope.entries().stream()
                .filter(e -> e.relation().equals(relation.value()) && isNeverNullInARow(e, scope))
                .findFirst();
        if (witness.isPresent()) {
            Identifier column = new Identifier(witness.get().name(), true, relation.position());
            QualifiedName name = new QualifiedName(List.of(relation, column), relation.position());
            return call(f, false, List.of(new Expression.ColumnName(name, f.position())));
        }
        if (scope.entries().stream().allMatch(e -> e.relation().equals(relation.value()))) {
            return call(f, true, List.of());
        }
        throw notSupported(
                "counting the rows of \"" + relation.value()
                        + "\", of which no column is NOT NULL, among those of others",
                relation);
    }

    private static SqlException notSupported(String what, Identifier relation) {
        return SqlException.notSupported(what)
                .at(relation.position().line(), relation.position().column());
    }

    private static boolean isNeverNullInARow(Scope.Entry e, Scope scope) {
        if (!e.column().nullable()) {
            return true;
        }
        if (!(e.expr() instanceof ScalarExpr.ColumnRef ref)) {
            return false;
        }
        // An outer join makes it NULL, but then with the whole row.
        for (Scope.BaseTable base : scope.tables()) {
            int ordinal = ref.index() - base.offset();
            Table table = base.table();
            if (ordinal >= 0 && ordinal < table.columns().size()) {
                Column column = table.columns().get(ordinal);
                return column.notNull() || table.primary().hasKey(column.id());
            }
        }
        return false;
    }

    private static Expression.FunctionCall call(Expression.FunctionCall f, boolean star, List<Expression> arguments) {
        return new Expression.FunctionCall(f.name(), star, false, arguments, f.orderBy(), f.filter(), f.position());
    }
}

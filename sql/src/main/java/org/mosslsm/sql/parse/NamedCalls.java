// Calls whose arguments are named.
package org.mosslsm.sql.parse;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.mosslsm.grammar.MossSqlParser.NamedArgumentContext;
import org.mosslsm.sql.ast.Expression;
import org.mosslsm.sql.ast.Identifier;
import org.mosslsm.sql.ast.QualifiedName;
import org.mosslsm.sql.error.SqlException;
import org.mosslsm.sql.error.SqlState;

/** Puts named arguments ({@code days => 3}) where their functions have them, which are PostgreSQL's that are called so. */
final class NamedCalls {
    private static final Map<String, List<String>> PARAMETERS = Map.of(
            "make_interval", List.of("years", "months", "weeks", "days", "hours", "mins", "secs"),
            "make_date", List.of("year", "month", "day"),
            "make_time", List.of("hour", "min", "sec"),
            "make_timestamp", List.of("year", "month", "mday", "hour", "min", "sec"),
            "make_timestamptz", List.of("year", "month", "mday", "hour", "min", "sec", "timezone"));

    private NamedCalls() {}

    /** All arguments in their places. MAKE_INTERVAL's that are not given are 0. */
    static List<Expression> arguments(
            QualifiedName function, List<Expression> first, List<NamedArgumentContext> named, AstBuilder ast) {
        List<String> parameters = PARAMETERS.getOrDefault(function.last(), List.of());
        boolean optional = function.last().equals("make_interval");
        if (named.isEmpty() && (!optional || first.size() > parameters.size())) {
            return first;
        }
        List<Optional<Expression>> places =
                new ArrayList<>(Collections.nCopies(parameters.size(), Optional.<Expression>empty()));
        for (int i = 0; i < first.size() && i < parameters.size(); i++) {
            places.set(i, Optional.of(first.get(i)));
        }
        for (NamedArgumentContext argument : named) {
            Identifier name = Names.identifier(argument.identifier());
            int place = parameters.indexOf(name.value());
            if (place < 0) {
                throw undefined(function, "has no parameter \"" + name.value() + "\"");
            }
            if (places.get(place).isPresent()) {
                throw undefined(function, "is given \"" + name.value() + "\" twice");
            }
            places.set(place, Optional.of(ast.expressions().of(argument.expression())));
        }
        List<Expression> all = new ArrayList<>();
        for (int i = 0; i < places.size(); i++) {
            if (places.get(i).isEmpty() && !optional) {
                throw undefined(function, "lacks \"" + parameters.get(i) + "\"");
            }
            all.add(places.get(i).orElseGet(() -> new Expression.IntegerLiteral(0, function.position())));
        }
        return all;
    }

    private static SqlException undefined(QualifiedName function, String how) {
        return new SqlException(
                SqlState.UNDEFINED_FUNCTION,
                "function " + function + " " + how,
                function.position().line(),
                function.position().column());
    }
}

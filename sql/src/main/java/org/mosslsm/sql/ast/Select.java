// SELECT, without order and limits.
package org.mosslsm.sql.ast;

import java.util.List;
import java.util.Optional;

/**
 * {@code SELECT [DISTINCT [ON (distinctOn)]] items FROM ... WHERE ... GROUP BY ... HAVING ...}; {@code from} is empty for a SELECT without
 * FROM. An integer literal in {@code groupBy} is an output column's ordinal.
 */
public record Select(
        boolean distinct,
        List<Expression> distinctOn,
        List<SelectItem> items,
        List<Relation> from,
        Optional<Expression> where,
        List<Expression> groupBy,
        Optional<Expression> having,
        Position position)
        implements QueryBody {
    /** SELECT of one expression, without FROM. */
    public static Select of(Expression expression) {
        return new Select(
                false,
                List.of(),
                List.of(new SelectItem.Column(expression, Optional.empty(), expression.position())),
                List.of(),
                Optional.empty(),
                List.of(),
                Optional.empty(),
                expression.position());
    }

    /** Copies the lists. */
    public Select {
        distinctOn = List.copyOf(distinctOn);
        items = List.copyOf(items);
        from = List.copyOf(from);
        groupBy = List.copyOf(groupBy);
    }
}

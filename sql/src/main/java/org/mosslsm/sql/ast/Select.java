// SELECT, without order and limits.
package org.mosslsm.sql.ast;

import java.util.List;
import java.util.Optional;

/**
 * {@code SELECT [DISTINCT] items FROM ... WHERE ... GROUP BY ... HAVING ...}; {@code from} is empty for a SELECT without
 * FROM. An integer literal in {@code groupBy} is an output column's ordinal.
 */
public record Select(
        boolean distinct,
        List<SelectItem> items,
        List<Relation> from,
        Optional<Expression> where,
        List<Expression> groupBy,
        Optional<Expression> having,
        Position position)
        implements QueryBody {
    /** Copies the lists. */
    public Select {
        items = List.copyOf(items);
        from = List.copyOf(from);
        groupBy = List.copyOf(groupBy);
    }
}

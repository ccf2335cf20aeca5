// VALUES.
package org.mosslsm.sql.ast;

import java.util.List;

/**
 * {@code VALUES (..), (..)}: at least one row; rows of equal length. In an INSERT an item may be {@link
 * Expression.DefaultValue}.
 */
public record Values(List<List<Expression>> rows, Position position) implements QueryBody {
    /** Copies the outer list; the rows are immutable already. */
    public Values {
        rows = List.copyOf(rows);
    }
}

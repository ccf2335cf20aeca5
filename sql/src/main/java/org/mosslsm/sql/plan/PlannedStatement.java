// A statement with what its execution must provide.
package org.mosslsm.sql.plan;

import java.util.List;
import org.mosslsm.sql.expr.Subplan;
import org.mosslsm.sql.type.SqlType;

/**
 * A statement ready for the next stage.
 *
 * @param statement what it does
 * @param parameters types of the parameters, in order
 * @param slots number of slots an execution provides, numbered from 0
 */
public record PlannedStatement<P extends Subplan>(StatementPlan<P> statement, List<SqlType> parameters, int slots) {
    /** Freezes the list. */
    public PlannedStatement {
        parameters = List.copyOf(parameters);
    }
}

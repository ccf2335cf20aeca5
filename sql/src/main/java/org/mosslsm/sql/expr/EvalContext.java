package org.mosslsm.sql.expr;

import java.time.ZoneId;
import org.mosslsm.sql.error.SqlException;
import org.mosslsm.sql.error.SqlState;

/** What an expression sees of the execution it runs in, besides its row. One thread at a time. */
public interface EvalContext {
    /** For immutable expressions over a row: there is no session around them. */
    static EvalContext none() {
        return Folding.NoContext.INSTANCE;
    }

    /** Value of parameter {@code index} (0-based), already of the type the plan gave it. */
    Object parameter(int index);

    /** Value of a slot: the correlated outer value of the subquery that is running. */
    Object slot(int slot);

    /** Start of the transaction: microseconds since 1970-01-01T00:00Z; the answer of CURRENT_TIMESTAMP and its kin. */
    long nowMicros();

    /** Time zone of the session. */
    ZoneId zone();

    /** Name of the current schema. */
    String schema();

    /** Runner of subqueries. */
    SubplanRunner subplans();

    /** Sequences and settings. */
    default SessionState session() {
        throw new SqlException(SqlState.NOT_SUPPORTED, "sequences and settings cannot be used here");
    }

    /**
     * Raises 57014 when the statement was cancelled or ran out of time. Cheap.
     *
     * @throws org.mosslsm.sql.error.SqlException 57014
     */
    void checkCancelled();
}

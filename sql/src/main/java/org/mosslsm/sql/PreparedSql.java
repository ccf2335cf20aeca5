// A statement ready to run.
package org.mosslsm.sql;

import java.util.List;
import java.util.Optional;
import org.mosslsm.sql.type.SqlType;

/**
 * One statement, prepared by one session. May be executed any number of times; is planned again by itself when the
 * catalog has changed. Needs no closing. One thread at a time, as its session.
 */
public interface PreparedSql {
    /** The text as given. */
    String text();

    /** What sort of statement it is. */
    StatementKind kind();

    /** Columns of the rows it delivers; empty where it delivers none. */
    List<ResultColumn> columns();

    /** Columns of {@link Outcome#generatedKeys()}; empty where there are none. */
    List<ResultColumn> generatedKeyColumns();

    /** Columns of the table that an INSERT writes to; empty for other statements. */
    List<ResultColumn> insertedColumns();

    /** Types of the parameters, in order; UNKNOWN where the statement does not tell. */
    List<SqlType> parameters();

    /**
     * Runs it.
     *
     * @param parameters one value a parameter, as package {@code type} represents them; a value of another type than
     *     {@link #parameters()} tells is converted where an assignment would. Whoever makes values for the types told
     *     earlier gives {@link TypedParameters}: the types may be others when the statement runs
     * @throws org.mosslsm.sql.error.SqlException when it fails; then it left nothing behind
     */
    Outcome execute(List<Object> parameters, RunOptions options);

    /** As {@link #execute(List, RunOptions)}, with the values of {@link #generatedKeyColumns()} of what an INSERT writes. */
    default Outcome execute(List<Object> parameters) {
        return execute(
                parameters,
                new RunOptions(
                        0,
                        generatedKeyColumns().stream().map(ResultColumn::name).toList()));
    }

    /**
     * Runs it once for each row of parameters, as that many calls of {@link #execute(List, RunOptions)} up to the first
     * that fails, but in a few steps. Only where that makes no difference but for the time: for an INSERT of one row of
     * VALUES into a table without foreign keys, within an open transaction; else nothing is done and the answer is empty.
     *
     * @param rows values as {@link #execute(List, RunOptions)} takes them; not changed
     * @param options as for one execution; the time limit is that of the whole
     */
    Optional<BatchOutcome> executeBatch(List<? extends List<Object>> rows, RunOptions options);

    /**
     * Makes its execution that runs now, if one does, or the newest whose rows are still being read, fail with 57014.
     * Callable by any thread.
     */
    void cancel();
}

// Values of parameters that know what they were made for.
package org.mosslsm.sql;

import java.util.List;
import org.mosslsm.sql.type.SqlType;

/**
 * Values of parameters that were made for certain types: those a statement had when it was prepared, which a change of its
 * tables may have replaced since. A number of days is no number of microseconds, and a {@code Long} says neither. Given
 * to {@link PreparedSql#execute(List, RunOptions)} as they are; asked under the session's lock.
 */
public interface TypedParameters extends List<Object> {
    /**
     * The values for these types, one a parameter: itself where they were made for them.
     *
     * @throws org.mosslsm.sql.error.SqlException where one has no value of its type
     */
    List<Object> madeFor(List<SqlType> types);
}

// A column of a plan's result.
package org.mosslsm.sql.plan;

import java.util.Optional;
import org.mosslsm.sql.type.SqlType;

/**
 * A column of a plan's rows.
 *
 * @param name what the result calls it
 * @param type type of its values
 * @param nullable whether it may hold NULL; true when in doubt
 * @param origin the table's column it shows unchanged, if it does
 */
public record PlanColumn(String name, SqlType type, boolean nullable, Optional<Origin> origin) {
    /** A column of a table, for the metadata of results. */
    public record Origin(String schema, String table, String column, boolean autoIncrement) {}

    /** A computed column. */
    public static PlanColumn computed(String name, SqlType type, boolean nullable) {
        return new PlanColumn(name, type, nullable, Optional.empty());
    }

    /** The same under another name. */
    public PlanColumn named(String other) {
        return name.equals(other) ? this : new PlanColumn(other, type, nullable, origin);
    }

    /** The same, but it may hold NULL: the column of an outer join's other side. */
    public PlanColumn orNull() {
        return nullable ? this : new PlanColumn(name, type, true, origin);
    }
}

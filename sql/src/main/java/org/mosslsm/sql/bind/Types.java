// Type names.
package org.mosslsm.sql.bind;

import org.mosslsm.sql.ast.TypeName;
import org.mosslsm.sql.error.SqlException;
import org.mosslsm.sql.error.SqlState;
import org.mosslsm.sql.type.SqlType;
import org.mosslsm.sql.type.TypeNames;

/** Looks up types by the names that statements use. */
final class Types {
    private Types() {}

    /** The type; 42704 where there is none of the name, 22023 where its arguments do not fit. */
    static SqlType resolve(TypeName name) {
        int line = name.position().line();
        int column = name.position().column();
        try {
            return TypeNames.resolve(name.name(), name.arguments())
                    .filter(t -> !t.isUnknown())
                    .orElseThrow(() -> new SqlException(
                            SqlState.UNDEFINED_OBJECT, "type \"" + name.name() + "\" does not exist", line, column));
        } catch (IllegalArgumentException e) {
            throw new SqlException(SqlState.INVALID_PARAMETER_VALUE, e.getMessage(), line, column);
        }
    }
}

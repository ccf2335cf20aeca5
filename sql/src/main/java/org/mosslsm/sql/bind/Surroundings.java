// What is in sight of a query besides its own FROM.
package org.mosslsm.sql.bind;

import java.util.List;
import java.util.Optional;
import org.mosslsm.sql.ast.Query;

/** The common tables in sight of a query, and the scope around it when it is a subquery. */
record Surroundings(CommonTables tables, Optional<Outer> outer) {
    /** Those of a statement. */
    static final Surroundings NONE = new Surroundings(CommonTables.NONE, Optional.empty());

    /** Those of a statement with a WITH of its own. */
    static Surroundings of(List<Query.CommonTable> with) {
        return with.isEmpty() ? NONE : new Surroundings(CommonTables.of(with), Optional.empty());
    }

    Surroundings withTables(CommonTables others) {
        return new Surroundings(others, outer);
    }
}

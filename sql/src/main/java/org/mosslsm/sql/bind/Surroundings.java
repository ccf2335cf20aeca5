// What is in sight of a query besides its own FROM.
package org.mosslsm.sql.bind;

import java.util.Optional;

/** The common tables in sight of a query, and the scope around it when it is a subquery. */
record Surroundings(CommonTables tables, Optional<Outer> outer) {
    /** Those of a statement. */
    static final Surroundings NONE = new Surroundings(CommonTables.NONE, Optional.empty());

    Surroundings withTables(CommonTables others) {
        return new Surroundings(others, outer);
    }
}

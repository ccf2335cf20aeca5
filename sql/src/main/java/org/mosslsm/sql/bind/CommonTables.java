// The names of a WITH clause.
package org.mosslsm.sql.bind;

import java.util.List;
import java.util.Optional;
import org.mosslsm.sql.ast.Query;

/**
 * The common table expressions in sight, innermost first; immutable. Each is bound where it is first used, with the names that
 * were in sight where it stands.
 */
final class CommonTables {
    /** None. */
    static final CommonTables NONE = new CommonTables(null, null, Optional.empty());

    private final CommonTables before;
    private final Query.CommonTable table;
    private final Optional<Outer> outer;

    private CommonTables(CommonTables before, Query.CommonTable table, Optional<Outer> outer) {
        this.before = before;
        this.table = table;
        this.outer = outer;
    }

    /** Those of a statement's own WITH. */
    static CommonTables of(List<Query.CommonTable> with) {
        CommonTables tables = NONE;
        for (Query.CommonTable t : with) {
            tables = tables.with(t, Optional.empty());
        }
        return tables;
    }

    /** With one more, which sees those before it. */
    CommonTables with(Query.CommonTable next, Optional<Outer> around) {
        return new CommonTables(this, next, around);
    }

    /** A common table found by name: with what it sees itself. */
    record Found(Query.CommonTable table, CommonTables visible, Optional<Outer> outer) {}

    Optional<Found> find(String name) {
        for (CommonTables c = this; c.table != null; c = c.before) {
            if (c.table.name().value().equals(name)) {
                return Optional.of(c.found());
            }
        }
        return Optional.empty();
    }

    /** Whether that one is in sight. */
    @SuppressWarnings("ReferenceEquality") // two of one name may be written alike
    boolean has(Query.CommonTable common) {
        return find(common.name().value()).filter(f -> f.table() == common).isPresent();
    }

    private Found found() {
        return new Found(table, before, outer);
    }

    /** Binds those of them that nothing used, down to {@code outside}, which stays as it is: they must have a meaning too. */
    void bindUnused(BindContext context, CommonTables outside) {
        for (CommonTables c = this; c != outside; c = c.before) {
            RelationBinder.bindUnused(context, c.found());
        }
    }
}

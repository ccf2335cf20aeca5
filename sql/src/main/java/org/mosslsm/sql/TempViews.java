// Views of one session.
package org.mosslsm.sql;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.mosslsm.sql.catalog.Catalog;
import org.mosslsm.sql.catalog.View;
import org.mosslsm.sql.error.SqlException;
import org.mosslsm.sql.error.SqlState;
import org.mosslsm.sql.plan.DefinitionPlan;

/**
 * Temporary views: laid over the catalog its session sees, in whatever schema is current, until dropped or until the
 * session ends. They are no part of the transaction that makes them. Used under the session's lock.
 *
 * <p>Their numbers are negative, so that none is that of a view of the catalog.
 */
final class TempViews {
    private final Map<String, View> views = new TreeMap<>();
    private int lastId;
    private Catalog below = Catalog.empty();
    private String schema = "";
    private Catalog over = below;

    boolean isEmpty() {
        return views.isEmpty();
    }

    /** The catalog with the views in the current schema; the same one while nothing changes. */
    Catalog over(Catalog catalog, String currentSchema) {
        if (views.isEmpty()) {
            return catalog;
        }
        if (catalog != below || !schema.equals(currentSchema)) {
            Catalog made = catalog;
            for (View v : views.values()) {
                // Whatever another session gave that name meanwhile comes first.
                if (!catalog.isTaken(currentSchema, v.name())) {
                    made = made.withView(new View(v.id(), currentSchema, v.name(), v.columns(), v.text(), v.comment()));
                }
            }
            below = catalog;
            schema = currentSchema;
            over = made;
        }
        return over;
    }

    private void changed() {
        below = Catalog.empty();
        schema = "";
    }

    /** Does what a definition says of temporary views; what is left to do of it, if anything is. */
    Optional<DefinitionPlan> define(DefinitionPlan plan, Catalog seen) {
        if (plan instanceof DefinitionPlan.CreateView c && c.temporary()) {
            create(c, seen);
            return Optional.empty();
        }
        if (views.isEmpty()) {
            return Optional.of(plan);
        }
        if (plan instanceof DefinitionPlan.DropViews d) {
            d.views().stream().filter(TempViews::isTemporary).forEach(v -> views.remove(v.name()));
            changed();
            List<View> others = d.views().stream().filter(v -> !isTemporary(v)).toList();
            return others.isEmpty() ? Optional.empty() : Optional.of(new DefinitionPlan.DropViews(others));
        }
        boolean other = (plan instanceof DefinitionPlan.CreateView c
                        && c.replaced().filter(TempViews::isTemporary).isPresent())
                || (plan instanceof DefinitionPlan.RenameView r && isTemporary(r.view()))
                || (plan instanceof DefinitionPlan.CommentOnView v && isTemporary(v.view()));
        if (other) {
            throw SqlException.notSupported("changing a temporary view so (drop it, and make another)");
        }
        return Optional.of(plan);
    }

    private void create(DefinitionPlan.CreateView c, Catalog seen) {
        boolean replaces = c.replaced().filter(TempViews::isTemporary).isPresent();
        if (!replaces && seen.isTaken(c.schema(), c.name())) {
            throw new SqlException(SqlState.DUPLICATE_TABLE, "\"" + c.name() + "\" already exists");
        }
        views.put(c.name(), new View(--lastId, c.schema(), c.name(), c.columns(), c.text(), Optional.empty()));
        changed();
    }

    private static boolean isTemporary(View view) {
        return view.id() < 0;
    }
}

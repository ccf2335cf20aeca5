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
 * Temporary views: laid over the catalog its session sees, in a schema that comes before all others, until dropped or until
 * the session ends. They are no part of the transaction that makes them. Used under the session's lock.
 *
 * <p>Their numbers are negative, so that none is that of a view of the catalog.
 */
final class TempViews {
    private final Map<String, View> views = new TreeMap<>();
    private int lastId;
    private Catalog below = Catalog.empty();
    private Catalog over = below;

    boolean isEmpty() {
        return views.isEmpty();
    }

    /** The catalog with the views; the same one while nothing changes. */
    Catalog over(Catalog catalog) {
        if (views.isEmpty()) {
            return catalog;
        }
        if (catalog != below) {
            Catalog made = catalog;
            for (View v : views.values()) {
                made = made.withView(v);
            }
            below = catalog;
            over = made;
        }
        return over;
    }

    void clear() {
        views.clear();
        changed();
    }

    private void changed() {
        below = Catalog.empty();
    }

    /** Does what a definition says of temporary views; what is left to do of it, if anything is. */
    Optional<DefinitionPlan> define(DefinitionPlan plan) {
        if (plan instanceof DefinitionPlan.CreateView c && c.schema().equals(View.TEMPORARY)) {
            create(c);
            return Optional.empty();
        }
        if (views.isEmpty()) {
            return Optional.of(plan);
        }
        if (plan instanceof DefinitionPlan.DropViews d) {
            d.views().stream().filter(View::isTemporary).forEach(v -> views.remove(v.name()));
            changed();
            List<View> others = d.views().stream().filter(v -> !v.isTemporary()).toList();
            return others.isEmpty() ? Optional.empty() : Optional.of(new DefinitionPlan.DropViews(others));
        }
        boolean other = (plan instanceof DefinitionPlan.RenameView r && r.view().isTemporary())
                || (plan instanceof DefinitionPlan.SetViewSchema s && s.view().isTemporary())
                || (plan instanceof DefinitionPlan.CommentOnView v && v.view().isTemporary());
        if (other) {
            throw SqlException.notSupported("changing a temporary view so (drop it, and make another)");
        }
        return Optional.of(plan);
    }

    private void create(DefinitionPlan.CreateView c) {
        if (c.replaced().isEmpty() && views.containsKey(c.name())) {
            throw new SqlException(SqlState.DUPLICATE_TABLE, "\"" + c.name() + "\" already exists");
        }
        views.put(
                c.name(),
                new View(--lastId, c.schema(), c.name(), c.columns(), c.text(), c.path(), c.stars(), Optional.empty()));
        changed();
    }
}

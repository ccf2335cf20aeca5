// COMMENT ON.
package org.mosslsm.sql.exec.ddl;

import java.util.Optional;
import org.mosslsm.sql.catalog.Index;
import org.mosslsm.sql.catalog.Table;
import org.mosslsm.sql.catalog.TableChange;
import org.mosslsm.sql.plan.DefinitionPlan;

/** Puts comments on objects of a catalog; each is part of what it is about, and goes with it. */
final class Remarks {
    private Remarks() {}

    /**
     * Does what a COMMENT ON says.
     *
     * @throws IllegalArgumentException where the plan is none
     */
    static void put(DefinitionPlan plan, CatalogEdit edit) {
        if (plan instanceof DefinitionPlan.CommentOnTable p) {
            edit.put(onTable(locked(edit, p.table()), p.column(), p.comment()));
        } else if (plan instanceof DefinitionPlan.CommentOnIndex p) {
            Table table = locked(edit, p.index().table());
            Index index = table.index(p.index().index().id()).orElseThrow();
            TableChange change = table.change();
            put(table, change, index.withComments(index.comments().withIndex(p.comment())));
            edit.put(change.build());
        } else if (plan instanceof DefinitionPlan.CommentOnConstraint p) {
            edit.put(onConstraint(locked(edit, p.table()), p.constraint(), p.comment()));
        } else if (plan instanceof DefinitionPlan.CommentOnView p) {
            edit.put(
                    p.column().isPresent()
                            ? p.view().withColumnComment(p.column().get(), p.comment())
                            : p.view().withComment(p.comment()));
        } else if (plan instanceof DefinitionPlan.CommentOnSequence p) {
            edit.put(p.sequence().withComment(p.comment()));
        } else if (plan instanceof DefinitionPlan.CommentOnSchema p) {
            edit.putSchema(p.schema(), p.comment());
        } else {
            throw new IllegalArgumentException("no definition: " + plan);
        }
    }

    private static Table locked(CatalogEdit edit, Table table) {
        Table now = edit.table(table.id());
        edit.lock(now);
        return now;
    }

    private static Table onTable(Table table, Optional<String> column, Optional<String> comment) {
        if (column.isEmpty()) {
            return table.change().comment(comment).build();
        }
        int id = table.column(column.get()).orElseThrow().id();
        return table.change().column(id, c -> c.withComment(comment)).build();
    }

    private static Table onConstraint(Table table, String name, Optional<String> comment) {
        TableChange change = table.change();
        table.index(name)
                .filter(Index::constraint)
                .ifPresent(i -> put(table, change, i.withComments(i.comments().withConstraint(comment))));
        change.foreignKeys(k -> k.name().equals(name) ? k.withComment(comment) : k);
        change.checks(c -> c.name().equals(name) ? c.withComment(comment) : c);
        return change.build();
    }

    private static void put(Table table, TableChange change, Index index) {
        if (index.id() == table.primary().id()) {
            change.primary(index);
        } else {
            change.index(index);
        }
    }
}

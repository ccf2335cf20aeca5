// Runs definitions.
package org.mosslsm.sql.exec.ddl;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.mosslsm.sql.catalog.Catalog;
import org.mosslsm.sql.catalog.Sequence;
import org.mosslsm.sql.catalog.Table;
import org.mosslsm.sql.catalog.View;
import org.mosslsm.sql.error.SqlException;
import org.mosslsm.sql.error.SqlState;
import org.mosslsm.sql.plan.DefinitionPlan;
import org.mosslsm.sql.plan.DefinitionPlan.SequenceSpec;

/** The door of the package. Stateless. */
public final class DefinitionRunner {
    /**
     * What came of it.
     *
     * @param catalog the catalog as the transaction sees it from now on
     * @param notices remarks for the user
     */
    public record Result(Catalog catalog, List<String> notices) {
        /** Freezes the list. */
        public Result {
            notices = List.copyOf(notices);
        }
    }

    private DefinitionRunner() {}

    /**
     * Runs a definition and writes the catalog. Where it throws, the caller rolls the transaction back to where the
     * statement began.
     *
     * @throws SqlException when a name is taken, something depends on what goes, or rows do not fit
     * @throws org.mosslsm.sql.exec.dml.CatalogChangedException when it must be planned anew
     */
    public static Result run(DefinitionPlan plan, DefinitionContext context) {
        if (plan instanceof DefinitionPlan.Nothing nothing) {
            return new Result(context.catalog(), List.of(nothing.notice()));
        }
        context.locks().takeCatalog();
        CatalogEdit edit = new CatalogEdit(context);
        apply(plan, edit);
        return new Result(edit.finish(), edit.notices());
    }

    private static void apply(DefinitionPlan plan, CatalogEdit edit) {
        if (plan instanceof DefinitionPlan.CreateTable p) {
            TableCreation.create(edit, p);
        } else if (plan instanceof DefinitionPlan.AlterTable p) {
            new TableAlteration(edit, p.table().id()).apply(p.actions());
        } else if (plan instanceof DefinitionPlan.CreateIndex p) {
            IndexDefinition.create(edit, p);
        } else if (plan instanceof DefinitionPlan.DropIndexes p) {
            p.indexes()
                    .forEach(
                            i -> IndexDefinition.drop(edit, edit.table(i.table().id()), i.index(), p.cascade()));
        } else if (plan instanceof DefinitionPlan.DropTables p) {
            TableDrop.drop(edit, p.tables().stream().map(Table::id).toList(), p.cascade());
        } else if (plan instanceof DefinitionPlan.CreateView p) {
            createView(edit, p);
        } else if (plan instanceof DefinitionPlan.DropViews p) {
            p.views().forEach(edit::remove);
        } else if (plan instanceof DefinitionPlan.CreateSequence p) {
            edit.requireFree(p.schema(), p.name(), "sequence");
            edit.put(sequence(edit, p.schema(), p.name(), p.sequence(), OptionalInt.empty()));
        } else if (plan instanceof DefinitionPlan.AlterSequence p) {
            SequenceChange.apply(edit, p);
        } else if (plan instanceof DefinitionPlan.RenameSequence p) {
            edit.requireFree(p.sequence().schema(), p.to(), "sequence");
            SequenceChange.rename(edit, p.sequence(), p.sequence().withName(p.to()));
        } else if (plan instanceof DefinitionPlan.SetSequenceSchema p) {
            edit.requireFree(p.schema(), p.sequence().name(), "sequence");
            SequenceChange.rename(edit, p.sequence(), p.sequence().withSchema(p.schema()));
        } else if (plan instanceof DefinitionPlan.SetViewSchema p) {
            edit.requireFree(p.schema(), p.view().name(), "view");
            edit.put(p.view().withSchema(p.schema()));
        } else if (plan instanceof DefinitionPlan.RenameView p) {
            edit.requireFree(p.view().schema(), p.to(), "view");
            edit.put(p.view().withName(p.to()));
        } else if (plan instanceof DefinitionPlan.RenameIndex p) {
            IndexDefinition.rename(
                    edit, edit.table(p.index().table().id()), p.index().index(), p.to());
        } else if (plan instanceof DefinitionPlan.DropSequences p) {
            p.sequences().forEach(s -> SequenceDrop.drop(edit, s, p.cascade()));
        } else if (plan instanceof DefinitionPlan.CreateSchema p) {
            if (edit.now().hasSchema(p.name())) {
                throw new SqlException(SqlState.DUPLICATE_SCHEMA, "schema \"" + p.name() + "\" already exists");
            }
            edit.putSchema(p.name(), Optional.empty());
        } else if (plan instanceof DefinitionPlan.DropSchemas p) {
            p.schemas().forEach(s -> SchemaDrop.drop(edit, s, p.cascade()));
        } else {
            Remarks.put(plan, edit);
        }
    }

    private static void createView(CatalogEdit edit, DefinitionPlan.CreateView p) {
        p.replaced().ifPresent(edit::remove);
        edit.requireFree(p.schema(), p.name(), "view");
        int id = p.replaced().map(View::id).orElseGet(edit::newId);
        View view = new View(id, p.schema(), p.name(), p.columns(), p.text(), p.path(), p.stars(), Optional.empty());
        edit.put(p.replaced().map(view::withCommentsOf).orElse(view));
    }

    /** A new sequence. */
    static Sequence sequence(CatalogEdit edit, String schema, String name, SequenceSpec s, OptionalInt owner) {
        return new Sequence(
                edit.newId(),
                schema,
                name,
                s.start(),
                s.increment(),
                s.minValue(),
                s.maxValue(),
                s.cycle(),
                s.cache(),
                owner);
    }
}

// DROP.
package org.mosslsm.sql.bind;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.mosslsm.sql.ast.Definition;
import org.mosslsm.sql.ast.QualifiedName;
import org.mosslsm.sql.catalog.Catalog;
import org.mosslsm.sql.catalog.Index;
import org.mosslsm.sql.catalog.Sequence;
import org.mosslsm.sql.catalog.Table;
import org.mosslsm.sql.catalog.View;
import org.mosslsm.sql.error.SqlException;
import org.mosslsm.sql.error.SqlState;
import org.mosslsm.sql.plan.DefinitionPlan;

/** Binds DROP. What a view needs may be dropped: the view then fails by name when it is used. */
final class DropBinder {
    private final BindContext context;

    DropBinder(BindContext context) {
        this.context = context;
    }

    DefinitionPlan bind(Definition.Drop d) {
        Catalog catalog = context.catalog();
        switch (d.kind()) {
            case TABLE -> {
                List<Table> tables = found(d, "table", this::table);
                return tables.isEmpty() ? nothing(d, "table") : new DefinitionPlan.DropTables(tables, d.cascade());
            }
            case VIEW -> {
                List<View> views = found(d, "view", n -> CatalogNames.view(context, n));
                return views.isEmpty() ? nothing(d, "view") : new DefinitionPlan.DropViews(views);
            }
            case INDEX -> {
                List<DefinitionPlan.IndexOfTable> indexes = found(d, "index", n -> index(context, n));
                return indexes.isEmpty() ? nothing(d, "index") : new DefinitionPlan.DropIndexes(indexes, d.cascade());
            }
            case SEQUENCE -> {
                List<Sequence> sequences =
                        found(d, "sequence", n -> catalog.sequence(CatalogNames.schema(context, n), n.last()));
                return sequences.isEmpty()
                        ? nothing(d, "sequence")
                        : new DefinitionPlan.DropSequences(sequences, d.cascade());
            }
            case SCHEMA -> {
                List<String> schemas =
                        found(d, "schema", n -> Optional.of(n.last()).filter(catalog::hasSchema));
                return schemas.isEmpty() ? nothing(d, "schema") : new DefinitionPlan.DropSchemas(schemas, d.cascade());
            }
            default -> throw SqlException.notSupported("DROP " + d.kind());
        }
    }

    private Optional<Table> table(QualifiedName name) {
        Optional<Table> table = CatalogNames.findTable(context, name);
        if (table.isEmpty() && CatalogNames.view(context, name).isPresent()) {
            throw new SqlException(
                    SqlState.WRONG_OBJECT_TYPE,
                    "\"" + name + "\" is a view: use DROP VIEW",
                    name.position().line(),
                    name.position().column());
        }
        return table;
    }

    static Optional<DefinitionPlan.IndexOfTable> index(BindContext context, QualifiedName name) {
        String schema = CatalogNames.schema(context, name);
        Optional<Index> index = context.catalog().index(schema, name.last());
        return index.map(i -> new DefinitionPlan.IndexOfTable(
                context.catalog().tableOfIndex(schema, name.last()).orElseThrow(), i));
    }

    /** The objects that are there; one that is missing is an error unless IF EXISTS was said. */
    private static <T> List<T> found(Definition.Drop d, String kind, Function<QualifiedName, Optional<T>> find) {
        List<T> found = new ArrayList<>();
        for (QualifiedName name : d.names()) {
            Optional<T> object = find.apply(name);
            if (object.isPresent()) {
                found.add(object.get());
            } else if (!d.ifExists()) {
                DefinitionBinder.require(object, kind, name, state(kind));
            }
        }
        return found;
    }

    private static String state(String kind) {
        return switch (kind) {
            case "table", "view" -> SqlState.UNDEFINED_TABLE;
            case "schema" -> SqlState.INVALID_SCHEMA;
            default -> SqlState.UNDEFINED_OBJECT;
        };
    }

    private static DefinitionPlan nothing(Definition.Drop d, String kind) {
        return new DefinitionPlan.Nothing(kind + " \"" + d.names().get(0) + "\" does not exist, skipping");
    }
}

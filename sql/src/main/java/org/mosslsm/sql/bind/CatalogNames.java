// Looking up objects of the catalog by name.
package org.mosslsm.sql.bind;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.mosslsm.sql.ast.Identifier;
import org.mosslsm.sql.ast.Position;
import org.mosslsm.sql.ast.QualifiedName;
import org.mosslsm.sql.catalog.Column;
import org.mosslsm.sql.catalog.Table;
import org.mosslsm.sql.catalog.View;
import org.mosslsm.sql.error.SqlException;
import org.mosslsm.sql.error.SqlState;

/** Finds tables and views, or says what is missing. */
final class CatalogNames {
    private CatalogNames() {}

    /** The schema an object of that name is looked up in. */
    static String schema(BindContext context, QualifiedName name) {
        requireNoCatalog(name);
        return name.qualifier().orElseGet(() -> context.schemaOf(name.last()));
    }

    private static void requireNoCatalog(QualifiedName name) {
        if (name.parts().size() > 2) {
            throw new SqlException(
                    SqlState.NOT_SUPPORTED,
                    "\"" + name + "\": a name has at most a schema before it; the one catalog, "
                            + InformationSchema.CATALOG + ", no name says",
                    name.position().line(),
                    name.position().column());
        }
    }

    /** The schema an object is to be created in, which must exist. */
    static String existingSchema(BindContext context, QualifiedName name) {
        requireNoCatalog(name);
        String schema = name.qualifier().orElseGet(context::schema);
        if (!context.catalog().hasSchema(schema)) {
            throw missingSchema(context, schema, name.position());
        }
        return schema;
    }

    /** 3F000. */
    static SqlException missingSchema(BindContext context, String schema, Position at) {
        return new SqlException(
                SqlState.INVALID_SCHEMA,
                "schema \"" + schema + "\" does not exist"
                        + Suggestion.of(schema, context.catalog().schemas()),
                at.line(),
                at.column());
    }

    static Optional<View> view(BindContext context, QualifiedName name) {
        return context.catalog().view(schema(context, name), name.last());
    }

    static Optional<Table> findTable(BindContext context, QualifiedName name) {
        return context.catalog().table(schema(context, name), name.last());
    }

    /** The table; 42P01 where there is none, 42809 where the name is a view's. */
    static Table table(BindContext context, QualifiedName name) {
        return findTable(context, name).orElseThrow(() -> missingTable(context, name));
    }

    private static SqlException missingTable(BindContext context, QualifiedName name) {
        Position at = name.position();
        String schema = schema(context, name);
        if (!context.catalog().hasSchema(schema)
                && !schema.equals(InformationSchema.NAME)
                && name.qualifier().isPresent()) {
            return missingSchema(context, schema, at);
        }
        if (view(context, name).isPresent()) {
            return new SqlException(
                    SqlState.WRONG_OBJECT_TYPE, "\"" + name + "\" is a view, not a table", at.line(), at.column());
        }
        if (context.catalog().isTaken(schema, name.last())) {
            return new SqlException(
                    SqlState.WRONG_OBJECT_TYPE, "\"" + name + "\" is not a table", at.line(), at.column());
        }
        List<String> candidates = new ArrayList<>();
        context.catalog().tables().stream()
                .filter(t -> t.schema().equals(schema))
                .forEach(t -> candidates.add(t.name()));
        context.catalog().views().stream()
                .filter(v -> v.schema().equals(schema))
                .forEach(v -> candidates.add(v.name()));
        return new SqlException(
                SqlState.UNDEFINED_TABLE,
                "table \"" + name + "\" does not exist" + Suggestion.of(name.last(), candidates),
                at.line(),
                at.column());
    }

    /** The column of a table; 42703 where there is none. */
    static Column column(Table table, Identifier name) {
        return table.column(name.value())
                .orElseThrow(() -> new SqlException(
                        SqlState.UNDEFINED_COLUMN,
                        "column \"" + name.value() + "\" of table \"" + table.name() + "\" does not exist"
                                + Suggestion.of(
                                        name.value(),
                                        table.columns().stream()
                                                .map(Column::name)
                                                .toList()),
                        name.position().line(),
                        name.position().column()));
    }

    /** As {@link #column}, its position in the table row. */
    static int ordinal(Table table, Identifier name) {
        return table.ordinal(column(table, name).id());
    }
}

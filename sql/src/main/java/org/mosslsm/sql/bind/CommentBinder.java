// COMMENT ON.
package org.mosslsm.sql.bind;

import java.util.List;
import java.util.Optional;
import org.mosslsm.sql.ast.Definition;
import org.mosslsm.sql.ast.Identifier;
import org.mosslsm.sql.ast.Position;
import org.mosslsm.sql.ast.QualifiedName;
import org.mosslsm.sql.catalog.Table;
import org.mosslsm.sql.catalog.View;
import org.mosslsm.sql.error.SqlException;
import org.mosslsm.sql.error.SqlState;
import org.mosslsm.sql.plan.DefinitionPlan;

/** Binds COMMENT ON: finds what it is about. An empty comment is none, as in PostgreSQL. */
final class CommentBinder {
    private final BindContext context;

    CommentBinder(BindContext context) {
        this.context = context;
    }

    DefinitionPlan bind(Definition.Comment d) {
        QualifiedName name = d.name();
        Optional<String> comment = d.comment().filter(c -> !c.isEmpty());
        return switch (d.kind()) {
            case TABLE ->
                new DefinitionPlan.CommentOnTable(CatalogNames.table(context, name), Optional.empty(), comment);
            case COLUMN -> onColumn(d, comment);
            case VIEW ->
                new DefinitionPlan.CommentOnView(
                        found(CatalogNames.view(context, name), "view", name), Optional.empty(), comment);
            case INDEX ->
                new DefinitionPlan.CommentOnIndex(found(DropBinder.index(context, name), "index", name), comment);
            case SEQUENCE ->
                new DefinitionPlan.CommentOnSequence(
                        found(
                                context.catalog().sequence(CatalogNames.schema(context, name), name.last()),
                                "sequence",
                                name),
                        comment);
            case CONSTRAINT -> onConstraint(d, comment);
            case SCHEMA -> {
                if (!context.catalog().hasSchema(name.last())) {
                    throw CatalogNames.missingSchema(context, name.last(), name.position());
                }
                yield new DefinitionPlan.CommentOnSchema(name.last(), comment);
            }
        };
    }

    private DefinitionPlan onColumn(Definition.Comment d, Optional<String> comment) {
        List<Identifier> parts = d.name().parts();
        if (parts.size() < 2) {
            throw SqlException.syntax(
                    "COMMENT ON COLUMN needs table.column",
                    d.position().line(),
                    d.position().column());
        }
        Identifier column = parts.get(parts.size() - 1);
        QualifiedName relation =
                new QualifiedName(parts.subList(0, parts.size() - 1), d.name().position());
        Optional<View> view = CatalogNames.view(context, relation);
        if (view.isEmpty()) {
            Table table = CatalogNames.table(context, relation);
            return new DefinitionPlan.CommentOnTable(
                    table, Optional.of(CatalogNames.column(table, column).name()), comment);
        }
        if (!view.get().columns().contains(column.value())) {
            throw error(
                    SqlState.UNDEFINED_COLUMN,
                    "column \"" + column.value() + "\" of view \"" + view.get().name() + "\" does not exist"
                            + Suggestion.of(column.value(), view.get().columns()),
                    column.position());
        }
        return new DefinitionPlan.CommentOnView(view.get(), Optional.of(column.value()), comment);
    }

    private DefinitionPlan onConstraint(Definition.Comment d, Optional<String> comment) {
        Table table = CatalogNames.table(context, d.table().orElseThrow());
        String constraint = d.name().last();
        if (!table.hasConstraint(constraint)) {
            throw error(
                    SqlState.UNDEFINED_OBJECT,
                    "constraint \"" + constraint + "\" of table \"" + table.name() + "\" does not exist",
                    d.name().position());
        }
        return new DefinitionPlan.CommentOnConstraint(table, constraint, comment);
    }

    /** What a name stands for; 42809 where that is something else than was said, 42P01 where it is nothing. */
    private <T> T found(Optional<T> object, String kind, QualifiedName name) {
        return object.orElseThrow(() -> {
            String article = kind.equals("index") ? "an " : "a ";
            return context.catalog().isTaken(CatalogNames.schema(context, name), name.last())
                    ? error(SqlState.WRONG_OBJECT_TYPE, "\"" + name + "\" is not " + article + kind, name.position())
                    : error(SqlState.UNDEFINED_TABLE, kind + " \"" + name + "\" does not exist", name.position());
        });
    }

    private static SqlException error(String state, String message, Position at) {
        return new SqlException(state, message, at.line(), at.column());
    }
}

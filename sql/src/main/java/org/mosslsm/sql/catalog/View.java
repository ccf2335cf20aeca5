// A view.
package org.mosslsm.sql.catalog;

import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * A view: a named query, bound anew whenever it is used.
 *
 * @param id number, unique in the database
 * @param schema its schema; of a temporary view {@link #TEMPORARY}
 * @param name unique within the schema
 * @param columns names of its columns as they were when it was made
 * @param text the query as written
 * @param path the schemas in which unqualified names of its query are looked up, in order
 * @param stars what each {@code *} and NATURAL JOIN of its query stands for; of a view made before that was kept, none
 * @param comment remark of COMMENT ON, if there is one
 */
public record View(
        int id,
        String schema,
        String name,
        List<String> columns,
        String text,
        List<String> path,
        List<ViewStar> stars,
        Optional<String> comment) {
    /** The schema of temporary views, which is in no catalog and comes before all others. */
    public static final String TEMPORARY = "pg_temp";

    /** Freezes the lists. */
    public View {
        Objects.requireNonNull(schema, "schema");
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(text, "text");
        Objects.requireNonNull(comment, "comment");
        columns = List.copyOf(columns);
        path = List.copyOf(path);
        stars = List.copyOf(stars);
    }

    /** Whether it is one session's alone. */
    public boolean isTemporary() {
        return schema.equals(TEMPORARY);
    }

    /** The same view with another name. */
    public View withName(String newName) {
        return new View(id, schema, newName, columns, text, path, stars, comment);
    }

    /** The same view in another schema; its text means what it meant. */
    public View withSchema(String newSchema) {
        return new View(id, newSchema, name, columns, text, path, stars, comment);
    }

    /** The same view with another comment. */
    public View withComment(Optional<String> newComment) {
        return new View(id, schema, name, columns, text, path, stars, newComment);
    }
}

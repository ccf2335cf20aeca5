// A view.
package org.mosslsm.sql.catalog;

import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

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
 * @param columnComments those of its columns, by their names, in the order of these
 */
public record View(
        int id,
        String schema,
        String name,
        List<String> columns,
        String text,
        List<String> path,
        List<ViewStar> stars,
        Optional<String> comment,
        SortedMap<String, String> columnComments) {
    /** The schema of temporary views, which is in no catalog and comes before all others. */
    public static final String TEMPORARY = "pg_temp";

    /** A view whose columns have no comments. */
    public View(
            int id,
            String schema,
            String name,
            List<String> columns,
            String text,
            List<String> path,
            List<ViewStar> stars,
            Optional<String> comment) {
        this(id, schema, name, columns, text, path, stars, comment, new TreeMap<>());
    }

    /** Freezes the lists, and leaves out comments on columns that are not there. */
    public View {
        Objects.requireNonNull(schema, "schema");
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(text, "text");
        Objects.requireNonNull(comment, "comment");
        columns = List.copyOf(columns);
        path = List.copyOf(path);
        stars = List.copyOf(stars);
        SortedMap<String, String> kept = new TreeMap<>(columnComments);
        kept.keySet().retainAll(columns);
        columnComments = Collections.unmodifiableSortedMap(kept);
    }

    /** Whether it is one session's alone. */
    public boolean isTemporary() {
        return schema.equals(TEMPORARY);
    }

    /** The same view with another name. */
    public View withName(String newName) {
        return new View(id, schema, newName, columns, text, path, stars, comment, columnComments);
    }

    /** The same view in another schema; its text means what it meant. */
    public View withSchema(String newSchema) {
        return new View(id, newSchema, name, columns, text, path, stars, comment, columnComments);
    }

    /** The same view with another comment. */
    public View withComment(Optional<String> newComment) {
        return new View(id, schema, name, columns, text, path, stars, newComment, columnComments);
    }

    /** The same view with the comments of another on those of its columns that it has too. */
    public View withCommentsOf(View before) {
        return new View(id, schema, name, columns, text, path, stars, before.comment, before.columnComments);
    }

    /** The same view with another comment on a column. */
    public View withColumnComment(String column, Optional<String> newComment) {
        SortedMap<String, String> changed = new TreeMap<>(columnComments);
        changed.remove(column);
        newComment.ifPresent(c -> changed.put(column, c));
        return new View(id, schema, name, columns, text, path, stars, comment, changed);
    }
}

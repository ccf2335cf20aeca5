// Objects that texts name.
package org.mosslsm.sql;

import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import org.mosslsm.sql.catalog.Catalog;
import org.mosslsm.sql.catalog.NameText;
import org.mosslsm.sql.error.SqlException;
import org.mosslsm.sql.error.SqlState;

/** Finds what texts name, as SQL reads names: folded unless quoted, in its schema or else in the first of the path that has it. */
record TextNames(Catalog catalog, List<String> path) {
    /** What a text names; 42602 where it is no name, 42P01 where there is nothing of that name. */
    <T> T resolve(String text, String kind, BiFunction<String, String, Optional<T>> lookup) {
        return found(parts(text), lookup)
                .orElseThrow(
                        () -> new SqlException(SqlState.UNDEFINED_TABLE, kind + " \"" + text + "\" does not exist"));
    }

    /** The parts of a name; 42602 where it is none. */
    static List<String> parts(String text) {
        return NameText.split(text, '.')
                .filter(p -> !p.isEmpty())
                .orElseThrow(() -> new SqlException(SqlState.INVALID_NAME, "invalid name syntax: \"" + text + "\""));
    }

    /** What a name of these parts means, if anything. */
    <T> Optional<T> found(List<String> parts, BiFunction<String, String, Optional<T>> lookup) {
        return switch (parts.size()) {
            case 1 -> catalog.firstWith(path, parts.get(0)).flatMap(s -> lookup.apply(s, parts.get(0)));
            case 2 -> lookup.apply(parts.get(0), parts.get(1));
            default -> Optional.empty();
        };
    }
}

// A dotted name.
package org.mosslsm.sql.ast;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** One to three names with dots between: {@code column}, {@code table.column}, {@code schema.table.column}. */
public record QualifiedName(List<Identifier> parts, Position position) implements Node {
    /** Copies the parts; at least one. */
    public QualifiedName {
        parts = List.copyOf(parts);
        if (parts.isEmpty()) {
            throw new IllegalArgumentException("a name has at least one part");
        }
    }

    /** The last part: the object's own name. */
    public String last() {
        return parts.get(parts.size() - 1).value();
    }

    /** The part before the last, if any: the schema of a table, the table of a column. */
    public Optional<String> qualifier() {
        return parts.size() < 2
                ? Optional.empty()
                : Optional.of(parts.get(parts.size() - 2).value());
    }

    @Override
    public String toString() {
        return parts.stream().map(Identifier::value).collect(Collectors.joining("."));
    }
}

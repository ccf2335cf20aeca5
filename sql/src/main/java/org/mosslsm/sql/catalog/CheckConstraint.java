// A check.
package org.mosslsm.sql.catalog;

import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * A CHECK: a row for which the condition is false is refused (unknown passes).
 *
 * @param name unique within the table
 * @param text the condition as written, without the word CHECK and its parentheses
 * @param columnIds numbers of the columns it reads
 * @param comment remark of COMMENT ON, if there is one
 */
public record CheckConstraint(String name, String text, List<Integer> columnIds, Optional<String> comment) {
    /** A check without a comment. */
    public CheckConstraint(String name, String text, List<Integer> columnIds) {
        this(name, text, columnIds, Optional.empty());
    }

    /** Freezes the list. */
    public CheckConstraint {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(text, "text");
        Objects.requireNonNull(comment, "comment");
        columnIds = List.copyOf(columnIds);
    }

    /** The same check with another name. */
    public CheckConstraint withName(String newName) {
        return new CheckConstraint(newName, text, columnIds, comment);
    }

    /** The same check in other words. */
    public CheckConstraint withText(String newText) {
        return new CheckConstraint(name, newText, columnIds, comment);
    }

    /** The same check with another comment. */
    public CheckConstraint withComment(Optional<String> newComment) {
        return new CheckConstraint(name, text, columnIds, newComment);
    }
}

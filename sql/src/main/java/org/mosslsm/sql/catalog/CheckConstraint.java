// A check.
package org.mosslsm.sql.catalog;

import java.util.List;
import java.util.Objects;

/**
 * A CHECK: a row for which the condition is false is refused (unknown passes).
 *
 * @param name unique within the table
 * @param text the condition as written, without the word CHECK and its parentheses
 * @param columnIds numbers of the columns it reads
 */
public record CheckConstraint(String name, String text, List<Integer> columnIds) {
    /** Freezes the list. */
    public CheckConstraint {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(text, "text");
        columnIds = List.copyOf(columnIds);
    }

    /** The same check with another name. */
    public CheckConstraint withName(String newName) {
        return new CheckConstraint(newName, text, columnIds);
    }
}

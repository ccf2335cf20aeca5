// What stands for columns in a view without naming them.
package org.mosslsm.sql.catalog;

import java.util.List;

/**
 * What a {@code *}, or the columns of a NATURAL JOIN, in the text of a view stood for when the view was made, and stands
 * for as long as there is the view.
 *
 * @param line where it stands in the view's text
 * @param column where it stands in that line
 * @param columns what it stands for, in their order
 */
public record ViewStar(int line, int column, List<Meant> columns) {
    /** Freezes the list. */
    public ViewStar {
        columns = List.copyOf(columns);
    }

    /**
     * A column meant.
     *
     * @param relation alias of what it was a column of; empty for a column of USING or NATURAL
     * @param name what it was called then
     * @param table number of its table, where it was a column of one; else 0
     * @param id number of the column in that table, which it keeps when it is renamed; else 0
     */
    public record Meant(String relation, String name, int table, int id) {}
}

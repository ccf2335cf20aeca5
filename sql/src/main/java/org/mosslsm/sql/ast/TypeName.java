// A data type as written.
package org.mosslsm.sql.ast;

import java.util.List;

/**
 * A data type as written, not yet looked up: the words in lower case with single blanks ({@code "double precision"},
 * {@code "timestamp with time zone"}, {@code "varchar"}), and the numbers in parentheses ({@code decimal(10, 2)} has
 * two; {@code timestamp(3) with time zone} has one).
 */
public record TypeName(String name, List<Integer> arguments, Position position) implements Node {
    /** Copies the arguments. */
    public TypeName {
        arguments = List.copyOf(arguments);
    }
}

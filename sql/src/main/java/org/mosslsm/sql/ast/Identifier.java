// One name, folded.
package org.mosslsm.sql.ast;

/**
 * A name as the catalog knows it: an unquoted one folded to lower case, a quoted one as written with its doubled quotes
 * undone.
 */
public record Identifier(String value, boolean quoted, Position position) implements Node {
    /** Rejects the empty name, which no object has. */
    public Identifier {
        if (value.isEmpty()) {
            throw new IllegalArgumentException("empty identifier");
        }
    }

    /** The value; for messages and look-ups. */
    @Override
    public String toString() {
        return value;
    }
}

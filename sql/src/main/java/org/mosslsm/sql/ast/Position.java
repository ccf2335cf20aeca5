// Where in the statement's text a node stands.
package org.mosslsm.sql.ast;

/** Line and column, both from 1, of a node's first character; (0, 0) when unknown. */
public record Position(int line, int column) {
    /** No known place. */
    public static final Position UNKNOWN = new Position(0, 0);

    @Override
    public String toString() {
        return line + ":" + column;
    }
}

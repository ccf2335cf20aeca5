// What all nodes of the syntax tree share.
package org.mosslsm.sql.ast;

/** A node of the syntax tree. */
public interface Node {
    /** Where the node begins; what an error about it points to. */
    Position position();
}

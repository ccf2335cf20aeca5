// What sort of statement it is.
package org.mosslsm.sql;

/** Kinds of statements, as callers need to tell them apart. */
public enum StatementKind {
    /** Delivers rows: SELECT, VALUES, EXPLAIN, SHOW. */
    QUERY,
    /** INSERT; delivers rows besides where it has RETURNING. */
    INSERT,
    /** UPDATE; delivers rows besides where it has RETURNING. */
    UPDATE,
    /** DELETE or TRUNCATE; delivers rows besides where it has RETURNING. */
    DELETE,
    /** CREATE, DROP, ALTER, COMMENT. */
    DEFINITION,
    /** BEGIN, COMMIT, ROLLBACK, SAVEPOINT, RELEASE, SET TRANSACTION. */
    TRANSACTION,
    /** SET, RESET, ANALYZE. */
    SESSION
}

/**
 * Changes the catalog: CREATE, ALTER, DROP, COMMENT, and what they do to rows.
 *
 * <p>In: definition plans, a transaction, the catalog it sees. Out: the next catalog, written in the same transaction,
 * so that DDL commits and rolls back with everything else.
 *
 * <p>One DDL transaction runs at a time: it holds the key of the catalog's version alone. A table that is altered is held
 * alone too, which waits for those who write to it; whoever planned to write to it before finds its descriptor changed
 * and plans again. Rows are moved under that lock, in the same transaction.
 */
package org.mosslsm.sql.exec.ddl;

/**
 * Changes rows: INSERT, UPDATE, DELETE, TRUNCATE, with every constraint that watches over them.
 *
 * <p>In: statement plans whose sources deliver rows, a transaction. Out: counts, RETURNING rows, generated keys, entries
 * in the transaction; or an error, after which the caller rolls the transaction back to where the statement began.
 *
 * <pre>
 * source rows -> lock, read again -> new row -> NOT NULL, CHECK -> unique keys -> entries   (RowChanges)
 *                                                                -> references            (References)
 * </pre>
 *
 * <p>What is locked, in this order: the descriptor of the table, shared (so that nobody alters it meanwhile); the
 * primary key of a row that is written, and the unique keys it takes; for foreign keys a key that stands for the
 * existence of the parent's key, shared by those who refer to it, alone by who takes it away. An update that leaves the
 * parent's key as it is does not wait for those who refer to it.
 */
package org.mosslsm.sql.exec.dml;

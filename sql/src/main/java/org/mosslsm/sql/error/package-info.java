/**
 * What the SQL layer throws, and the SQLSTATE codes it uses.
 *
 * <p>In: what went wrong, and where in the statement. Out: one exception type with an SQLSTATE, a message that says
 * what to do, and a position. Every stage of {@code sql} may use this room; it uses none.
 */
package org.mosslsm.sql.error;

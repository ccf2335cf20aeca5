/**
 * The door of the SQL layer: databases, sessions, prepared statements, outcomes. Names no table, knows no {@code java.sql}.
 *
 * <p>In: a store, SQL text, parameter values. Out: rows, counts, and {@link org.mosslsm.sql.error.SqlException}s; nothing
 * else is thrown at a caller who keeps to the documentation.
 *
 * <pre>
 * text -> parse -> ast -> bind -> plan -> optimize -> exec -> Outcome
 * </pre>
 */
package org.mosslsm.sql;

/**
 * The syntax tree: what a statement says, before names and types mean anything.
 *
 * <p>In: nothing; {@code parse} builds these records, {@code bind} reads them. Every node is an immutable record of a
 * sealed family ({@link org.mosslsm.sql.ast.Statement}, {@link org.mosslsm.sql.ast.QueryBody}, {@link
 * org.mosslsm.sql.ast.Relation}, {@link org.mosslsm.sql.ast.Expression}), carries the {@link
 * org.mosslsm.sql.ast.Position} errors point to, and holds no nulls: what is absent is an empty {@code Optional} or an
 * empty list. Identifiers are already folded (unquoted to lower case).
 */
package org.mosslsm.sql.ast;

/**
 * Plans: what a statement does, typed and with all names resolved. In come tables of the catalog and scalar
 * expressions; out go the trees that {@code bind} makes ({@link org.mosslsm.sql.plan.LogicalPlan}), {@code optimize}
 * rewrites and turns into {@link org.mosslsm.sql.plan.PhysicalPlan}, and {@code exec} runs.
 *
 * <p>A plan is immutable, holds no value of a parameter and is shared by all sessions. Rows are flat: the row of a join
 * is the left row followed by the right row; a {@code ColumnRef} counts in the row of the node's input. The two kinds of
 * trees share one family of statements, {@link org.mosslsm.sql.plan.StatementPlan}.
 */
package org.mosslsm.sql.plan;

/**
 * From what to how: rewrites logical plans, then chooses indexes, join order and methods. In comes a bound statement and
 * {@link org.mosslsm.sql.optimize.Statistics}; out goes the same statement over physical plans. {@link
 * org.mosslsm.sql.optimize.Optimizer} is the door.
 *
 * <p>First the rules, one class each, plan to plan: {@code FoldConstants}, {@code
 * PushDownNegations}, {@code UnnestSubqueries}, {@code PushDownFilters}, {@code PruneColumns}. Then {@code PhysicalPlanner} with {@code AccessPaths} (which index, which
 * ranges), {@code RangeExtractor} (predicates to key ranges), {@code JoinPlanner} (order and method), {@code Orders}
 * (which sorts are needless), {@code Estimates} (how many rows).
 */
package org.mosslsm.sql.optimize;

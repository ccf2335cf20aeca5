/**
 * Typed scalar expressions: what the binder makes, the optimiser rewrites and the operators run. In come typed trees of
 * immutable records; out go {@link org.mosslsm.sql.expr.Evaluator}s, compiled once and shared by all sessions.
 *
 * <p>Every node is well typed when it is made: conversions stand in the tree as {@code Cast}, functions are resolved.
 * {@link org.mosslsm.sql.expr.ExprFactory} makes nodes that way.
 */
package org.mosslsm.sql.expr;

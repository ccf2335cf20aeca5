package org.mosslsm.sql.expr;

/**
 * A query inside an expression. Implemented by the plan nodes; expressions only carry it to the {@link SubplanRunner}.
 */
public interface Subplan {}

package org.mosslsm.sql.expr;

/**
 * What a correlated subquery sees of the row around it: before it runs, {@code slot} is given the value of {@code
 * outer}.
 *
 * @param slot number of the slot, unique in the whole statement
 * @param outer expression over the row that the subquery's expression stands in
 */
public record SlotBinding(int slot, ScalarExpr outer) {}

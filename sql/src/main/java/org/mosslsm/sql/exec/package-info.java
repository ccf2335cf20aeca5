/**
 * Runs plans. In come physical plans and the transaction to run them in; out come rows, as linq4j's {@code Enumerable}.
 *
 * <p>A plan is compiled once into {@link org.mosslsm.sql.exec.Operator}s, which hold compiled expressions and codecs,
 * never change and are shared by all sessions ({@link org.mosslsm.sql.exec.CompiledPlans}). What changes while a plan
 * runs stands in its {@link org.mosslsm.sql.exec.ExecutionContext} and in the {@link
 * org.mosslsm.sql.exec.RowEnumerator}s it opened.
 */
package org.mosslsm.sql.exec;

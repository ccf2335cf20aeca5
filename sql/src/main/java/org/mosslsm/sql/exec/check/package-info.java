/**
 * CHECK DATABASE: reads everything and compares what is kept twice.
 *
 * <p>In: a catalog and a transaction. Out: findings, each with the object it is about; nothing is changed.
 */
package org.mosslsm.sql.exec.check;

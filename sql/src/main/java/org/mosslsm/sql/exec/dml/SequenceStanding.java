// What is told of where a sequence stands.
package org.mosslsm.sql.exec.dml;

/**
 * Where a sequence stands, as PostgreSQL tells it.
 *
 * @param value the value that was given out last, or the one that comes next
 * @param isCalled whether it was given out
 */
public record SequenceStanding(long value, boolean isCalled) {}

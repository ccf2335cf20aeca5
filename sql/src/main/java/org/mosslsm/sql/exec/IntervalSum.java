// SUM and AVG of spans of time.
package org.mosslsm.sql.exec;

import org.mosslsm.sql.error.SqlException;
import org.mosslsm.sql.error.SqlState;
import org.mosslsm.sql.exec.Accumulators.Accumulator;
import org.mosslsm.sql.type.Interval;

/** The sum part by part, or the mean, whose fractions of a month become days as in a division. */
final class IntervalSum extends Accumulator {
    private final boolean mean;
    private long count;
    private Interval sum = new Interval(0, 0, 0);

    IntervalSum(boolean mean) {
        this.mean = mean;
    }

    @Override
    void add(Object value) {
        count++;
        try {
            sum = sum.plus((Interval) value);
        } catch (ArithmeticException e) {
            throw new SqlException(SqlState.DATETIME_OVERFLOW, "interval out of range");
        }
    }

    @Override
    Object result() {
        if (count == 0) {
            return null;
        }
        return mean ? sum.dividedBy((double) count) : sum;
    }
}

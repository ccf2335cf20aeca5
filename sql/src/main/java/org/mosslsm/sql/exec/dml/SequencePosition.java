// Where a sequence stands.
package org.mosslsm.sql.exec.dml;

import java.nio.ByteBuffer;
import org.mosslsm.sql.catalog.Sequence;
import org.mosslsm.sql.error.SqlException;
import org.mosslsm.sql.error.SqlState;

/**
 * What is stored of a sequence, and of the other numbers that are given out. A sequence that nobody used yet has none:
 * {@code null} stands for that.
 *
 * @param value the last number taken of a sequence, or the next one of it or of others
 * @param isNext whether it is the next number of a sequence, one byte more
 */
record SequencePosition(long value, boolean isNext) {
    /** Position, without the mark of the next number, by which version 0.1 said that a sequence starts over. */
    private static final long NOT_STARTED = Long.MIN_VALUE;

    /** That number was taken last. */
    static SequencePosition last(long number) {
        return new SequencePosition(number, false);
    }

    /**
     * As {@code setval} says it: the number counts as taken, or comes next.
     *
     * @throws SqlException 22003 when it is not one of the sequence's
     */
    static SequencePosition at(Sequence sequence, long number, boolean taken) {
        if (number < sequence.minValue() || number > sequence.maxValue()) {
            throw SqlException.outOfRange("value " + number + " is not between " + sequence.minValue() + " and "
                    + sequence.maxValue() + ", the bounds of sequence \"" + sequence.name() + "\"");
        }
        return new SequencePosition(number, !taken);
    }

    static SequencePosition of(byte[] stored) {
        return new SequencePosition(ByteBuffer.wrap(stored).getLong(), stored.length > Long.BYTES);
    }

    byte[] toBytes() {
        return ByteBuffer.allocate(isNext ? Long.BYTES + 1 : Long.BYTES)
                .putLong(value)
                .array();
    }

    boolean isLast(long number) {
        return !isNext && value == number;
    }

    /** As PostgreSQL tells it. */
    static SequenceStanding standing(Sequence sequence, SequencePosition position) {
        boolean called = position != null && !position.isNext && !startsOver(sequence, position);
        return new SequenceStanding(called ? position.value : next(sequence, position), called);
    }

    private static boolean startsOver(Sequence sequence, SequencePosition position) {
        return position == null || (position.isLast(NOT_STARTED) && sequence.minValue() > NOT_STARTED);
    }

    /**
     * The number that comes next.
     *
     * @throws SqlException 2200H at the end of a sequence that does not cycle
     */
    static long next(Sequence sequence, SequencePosition position) {
        if (startsOver(sequence, position)) {
            return sequence.start();
        }
        long last = position.value;
        if (position.isNext) {
            return last < sequence.minValue() || last > sequence.maxValue() ? sequence.start() : last;
        }
        boolean up = sequence.increment() > 0;
        long next = last + sequence.increment();
        boolean overflow = up ? next < last : next > last;
        if (overflow || next > sequence.maxValue() || next < sequence.minValue()) {
            if (!sequence.cycle()) {
                throw new SqlException(
                        SqlState.SEQUENCE_EXHAUSTED,
                        "sequence \"" + sequence.name() + "\" has given its last value "
                                + (up ? sequence.maxValue() : sequence.minValue()));
            }
            return up ? sequence.minValue() : sequence.maxValue();
        }
        return next;
    }
}

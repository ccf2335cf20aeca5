// Options of sequences.
package org.mosslsm.sql.bind;

import org.mosslsm.sql.ast.Position;
import org.mosslsm.sql.ast.SequenceOptions;
import org.mosslsm.sql.error.SqlException;
import org.mosslsm.sql.error.SqlState;
import org.mosslsm.sql.plan.DefinitionPlan.SequenceSpec;

/** Fills in what a sequence's options leave open. */
final class Sequences {
    /**
     * Numbers taken from the store at a time. Each refill is one durable commit, so that few would slow down inserts;
     * what is left of a chunk when the process dies is a gap.
     */
    private static final long DEFAULT_CACHE = 1000;

    private Sequences() {}

    /** All numbers of a sequence whose greatest possible value is {@code max}. */
    static SequenceSpec of(SequenceOptions options, long max, Position at) {
        long increment = options.increment().orElse(1L);
        boolean up = increment >= 0;
        long least = options.minValue().orElse(up ? 1L : -max - 1);
        long greatest = options.maxValue().orElse(up ? max : -1L);
        long start = options.start().orElse(up ? least : greatest);
        long cache = options.cache().orElse(DEFAULT_CACHE);
        if (increment == 0) {
            throw invalid("INCREMENT must not be 0", at);
        }
        if (least > greatest) {
            throw invalid("MINVALUE " + least + " is greater than MAXVALUE " + greatest, at);
        }
        if (start < least || start > greatest) {
            throw invalid("START " + start + " is not between MINVALUE " + least + " and MAXVALUE " + greatest, at);
        }
        if (cache < 1) {
            throw invalid("CACHE must be at least 1", at);
        }
        return new SequenceSpec(start, increment, least, greatest, options.cycle(), cache);
    }

    private static SqlException invalid(String message, Position at) {
        return new SqlException(SqlState.INVALID_PARAMETER_VALUE, message, at.line(), at.column());
    }
}

// Options of sequences.
package org.mosslsm.sql.bind;

import java.util.Optional;
import org.mosslsm.sql.ast.Position;
import org.mosslsm.sql.ast.SequenceOptions;
import org.mosslsm.sql.catalog.Sequence;
import org.mosslsm.sql.error.SqlException;
import org.mosslsm.sql.error.SqlState;
import org.mosslsm.sql.plan.DefinitionPlan.SequenceSpec;
import org.mosslsm.sql.type.SqlType;

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
        if (greatest > max || least < -max - 1) {
            throw invalid(
                    "MINVALUE and MAXVALUE must be between " + (-max - 1) + " and " + max + ", as the type is", at);
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
        return new SequenceSpec(
                start, increment, least, greatest, options.cycle().orElse(false), cache);
    }

    /** The numbers of a sequence after ALTER: what the options do not say stays. */
    static SequenceSpec changed(Sequence s, SequenceOptions options, long max, Position at) {
        SequenceOptions merged = new SequenceOptions(
                options.type(),
                options.name(),
                options.owner(),
                options.restart(),
                Optional.of(options.start().orElse(s.start())),
                Optional.of(options.increment().orElse(s.increment())),
                Optional.of(options.minValue().orElse(s.minValue())),
                Optional.of(options.maxValue().orElse(Math.min(max, s.maxValue()))),
                Optional.of(options.cache().orElse(s.cache())),
                Optional.of(options.cycle().orElse(s.cycle())));
        return of(merged, max, at);
    }

    /** The value RESTART asks for, if it was said. */
    static Optional<Long> restart(SequenceOptions options, SequenceSpec spec, Position at) {
        Optional<Long> value = options.restart().map(r -> r.with().orElse(spec.start()));
        if (value.isPresent() && (value.get() < spec.minValue() || value.get() > spec.maxValue())) {
            throw invalid(
                    "RESTART " + value.get() + " is not between MINVALUE " + spec.minValue() + " and MAXVALUE "
                            + spec.maxValue(),
                    at);
        }
        return value;
    }

    /** Greatest value of the type that AS names; of BIGINT where it was not said. */
    static long max(SequenceOptions options) {
        return options.type().map(t -> max(Types.resolve(t), t.position())).orElse(Long.MAX_VALUE);
    }

    /** Greatest value of a type of whole numbers. */
    static long max(SqlType type, Position at) {
        return switch (type.kind()) {
            case SMALLINT -> Short.MAX_VALUE;
            case INTEGER -> Integer.MAX_VALUE;
            case BIGINT -> Long.MAX_VALUE;
            default -> throw invalid("a sequence must be of type SMALLINT, INTEGER or BIGINT, not " + type, at);
        };
    }

    private static SqlException invalid(String message, Position at) {
        return new SqlException(SqlState.INVALID_PARAMETER_VALUE, message, at.line(), at.column());
    }
}

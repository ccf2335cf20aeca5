// Options of a sequence or identity column.
package org.mosslsm.sql.ast;

import java.util.Optional;

/** What was written of a sequence's options; what was not is empty, and so is NO MINVALUE, NO MAXVALUE. */
public record SequenceOptions(
        Optional<Long> start,
        Optional<Long> increment,
        Optional<Long> minValue,
        Optional<Long> maxValue,
        Optional<Long> cache,
        boolean cycle) {
    /** Nothing written. */
    public static final SequenceOptions NONE = new SequenceOptions(
            Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), false);
}

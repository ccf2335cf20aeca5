// Options of a sequence or identity column.
package org.mosslsm.sql.ast;

import java.util.Optional;

/**
 * What was written of a sequence's options; what was not is empty, and so is NO MINVALUE, NO MAXVALUE.
 *
 * @param type AS type
 * @param name SEQUENCE NAME, of an identity column's sequence
 * @param owner OWNED BY table.column, or NONE
 * @param restart RESTART
 */
public record SequenceOptions(
        Optional<TypeName> type,
        Optional<QualifiedName> name,
        Optional<QualifiedName> owner,
        Optional<Restart> restart,
        Optional<Long> start,
        Optional<Long> increment,
        Optional<Long> minValue,
        Optional<Long> maxValue,
        Optional<Long> cache,
        Optional<Boolean> cycle) {
    /** RESTART [WITH number]; without a number at the start. */
    public record Restart(Optional<Long> with) {}

    /** The same with RESTART. */
    public SequenceOptions withRestart(Optional<Restart> newRestart) {
        return new SequenceOptions(type, name, owner, newRestart, start, increment, minValue, maxValue, cache, cycle);
    }

    /** Nothing written. */
    public static final SequenceOptions NONE = new SequenceOptions(
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty());
}

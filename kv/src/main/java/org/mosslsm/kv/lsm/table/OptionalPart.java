package org.mosslsm.kv.lsm.table;

import java.util.function.Supplier;
import org.mosslsm.kv.CorruptionException;

/** A part of a table that who opens it as damaged can do without: what it says, or what is wrong with it. Immutable. */
record OptionalPart<T>(T value, CorruptionException damage) {
    /** Reads the part; damage is thrown, unless the table is opened {@code asDamaged}. */
    static <T> OptionalPart<T> read(Supplier<T> reading, boolean asDamaged) {
        try {
            return new OptionalPart<>(reading.get(), null);
        } catch (CorruptionException e) {
            if (!asDamaged) {
                throw e;
            }
            return new OptionalPart<>(null, e);
        }
    }

    T or(Supplier<T> other) {
        return damage == null ? value : other.get();
    }
}

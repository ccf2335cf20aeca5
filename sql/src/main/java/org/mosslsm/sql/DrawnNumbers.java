// What a session drew from sequences.
package org.mosslsm.sql;

import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;

/** The newest number that a session drew from each sequence, whatever became of the transaction. Used under its lock. */
final class DrawnNumbers {
    private static final int NONE = -1;

    /** By number of the sequence, but for that of {@code lastId}, which is {@code last}: a batch draws many of one. */
    private final Map<Integer, Long> earlier = new HashMap<>();

    private int lastId = NONE;
    private long last;

    void drew(int sequence, long value) {
        if (sequence != lastId) {
            if (lastId != NONE) {
                earlier.put(lastId, last);
            }
            lastId = sequence;
        }
        last = value;
    }

    /** What {@code currval} tells from now on; it is no draw, so that {@code lastval} tells of the sequence it told of. */
    void wasSet(int sequence, long value) {
        if (sequence == lastId) {
            last = value;
        } else {
            earlier.put(sequence, value);
        }
    }

    /** The number drawn last from that sequence. */
    OptionalLong of(int sequence) {
        if (sequence == lastId) {
            return OptionalLong.of(last);
        }
        Long value = earlier.get(sequence);
        return value == null ? OptionalLong.empty() : OptionalLong.of(value);
    }

    /** The number drawn last from any. */
    OptionalLong last() {
        return lastId == NONE ? OptionalLong.empty() : OptionalLong.of(last);
    }

    /** As if none had been drawn. */
    void forget() {
        earlier.clear();
        lastId = NONE;
    }
}

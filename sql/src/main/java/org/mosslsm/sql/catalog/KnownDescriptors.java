// What descriptors say that were read before.
package org.mosslsm.sql.catalog;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Remembers the descriptors of the catalog that was read last, and what they say: most of them did not change when the next one is
 * read, and taking one apart costs a hundred times what comparing its bytes does.
 *
 * <p>Thread-safe: {@code last} is replaced as a whole, by each {@link Reading} that came to its end.
 */
public final class KnownDescriptors {
    private record Descriptor(byte[] bytes, Object object) {}

    private volatile Map<Long, Descriptor> last = Map.of();

    /** One pass over all the descriptors. */
    Reading read() {
        return new Reading();
    }

    /** Thread safety: none. */
    final class Reading {
        private final Map<Long, Descriptor> before = last;
        private final Map<Long, Descriptor> now = new HashMap<>();

        /** What the descriptor of that kind and number says: what it said before, or what {@code read} makes of it. */
        <T> T object(Class<T> type, int kind, int id, byte[] bytes, Supplier<T> read) {
            long key = ((long) kind << 32) | (id & 0xFFFF_FFFFL);
            Descriptor known = before.get(key);
            if (known == null || !Arrays.equals(known.bytes, bytes)) {
                known = new Descriptor(bytes, read.get());
            }
            now.put(key, known);
            return type.cast(known.object);
        }

        void end() {
            last = now;
        }
    }
}

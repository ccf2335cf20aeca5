package org.mosslsm.kv.memory;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.mosslsm.kv.Store;
import org.mosslsm.kv.StoreOpenException;
import org.mosslsm.kv.StoreProvider;

/**
 * Opens in-memory stores: {@code mem:} is a fresh one each time, {@code mem:name} one that all openings of that name in
 * this JVM share; it vanishes when the last of them is closed. The options {@code durability}
 * and {@code create}, which every store is asked with, mean nothing here; others are refused.
 *
 * <p>Thread safety: every method may be called by any thread.
 */
public final class MemoryProvider implements StoreProvider {
    private static final String PREFIX = "mem:";
    private static final Set<String> OPTIONS_WITHOUT_MEANING = Set.of("durability", "create");
    private static final Map<String, Named> NAMED = new HashMap<>();

    /** A named state and how many openings it has; guarded by {@link #NAMED}. */
    private static final class Named {
        final MemoryState state;
        int openings;

        Named(MemoryState state) {
            this.state = state;
        }
    }

    /** For the ServiceLoader. */
    public MemoryProvider() {}

    @Override
    public boolean accepts(String location) {
        return location.startsWith(PREFIX);
    }

    @Override
    public Store open(String location, Map<String, String> options) {
        if (!accepts(location)) {
            throw unsupported(location + " does not start with " + PREFIX);
        }
        for (String option : options.keySet()) {
            if (!OPTIONS_WITHOUT_MEANING.contains(option)) {
                throw unsupported("a store in memory knows no option " + option);
            }
        }
        return location.equals(PREFIX) ? new MemoryStore() : openNamed(location);
    }

    @Override
    public int priority() {
        return 0;
    }

    /** Registers a finished state under a location that is not in use. */
    static void addNamed(String location, MemoryState state) {
        if (!location.startsWith(PREFIX) || location.equals(PREFIX)) {
            throw new IllegalArgumentException(location + " is not the name of a store in memory (mem:name)");
        }
        synchronized (NAMED) {
            if (NAMED.putIfAbsent(location, new Named(state)) != null) {
                throw new IllegalArgumentException(location + " exists already");
            }
        }
    }

    private static Store openNamed(String location) {
        synchronized (NAMED) {
            Named named = NAMED.computeIfAbsent(location, l -> new Named(new MemoryState()));
            named.openings++;
            return new MemoryStore(named.state, () -> closeNamed(location, named));
        }
    }

    private static void closeNamed(String location, Named named) {
        synchronized (NAMED) {
            named.openings--;
            if (named.openings == 0) {
                NAMED.remove(location, named);
            }
        }
    }

    private static StoreOpenException unsupported(String message) {
        return new StoreOpenException(StoreOpenException.Reason.UNSUPPORTED, message, null);
    }
}

package org.mosslsm.kv;

import java.util.Map;
import java.util.ServiceLoader;

/** Opens the stores of one kind; found through {@link ServiceLoader}, chosen by the location. */
public interface StoreProvider {
    /** Whether {@code location} names a store of this kind; cheap, and touches nothing. */
    boolean accepts(String location);

    /**
     * Opens the store at {@code location}.
     *
     * @param location for the embedded engine a directory; for the in-memory model {@code mem:} and a name
     * @param options by name, all optional; an unknown name or unusable value is an error
     * @throws StoreOpenException when the location or an option is unusable
     */
    Store open(String location, Map<String, String> options);

    /** Lower is asked first: a catch-all provider (a directory) answers with a high number. */
    int priority();

    /**
     * Opens the store at {@code location} with the first provider that accepts it.
     *
     * @throws StoreOpenException when no provider does, or it cannot be opened
     */
    static Store openStore(String location, Map<String, String> options) {
        for (StoreProvider provider : StoreProviders.ALL) {
            if (provider.accepts(location)) {
                return provider.open(location, options);
            }
        }
        throw new StoreOpenException(
                StoreOpenException.Reason.UNSUPPORTED, "no store provider knows " + location, null);
    }
}

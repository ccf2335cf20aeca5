package org.mosslsm.kv;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.ServiceLoader;

/** The providers there are, in the order they are asked; looked up once, because that reads the jar. */
final class StoreProviders {
    static final List<StoreProvider> ALL = load();

    private StoreProviders() {}

    private static List<StoreProvider> load() {
        List<StoreProvider> found = new ArrayList<>();
        ServiceLoader.load(StoreProvider.class, StoreProvider.class.getClassLoader())
                .forEach(found::add);
        found.sort(Comparator.comparingInt(StoreProvider::priority));
        return List.copyOf(found);
    }
}

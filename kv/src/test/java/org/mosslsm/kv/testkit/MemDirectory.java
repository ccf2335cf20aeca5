package org.mosslsm.kv.testkit;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/**
 * The names of a directory in memory: as the process sees them, as they are on the device, and the changes between.
 *
 * <p>Thread safety: none; guarded by the disk's monitor.
 */
final class MemDirectory {
    /** Takes away the name {@code from} and gives the name {@code to}, in one step; either may be null. */
    private record Change(String from, String to, MemFile file) {
        void applyTo(Map<String, MemFile> names) {
            if (from != null) {
                names.remove(from);
            }
            if (to != null) {
                names.put(to, file);
            }
        }
    }

    private final Map<String, MemFile> names = new TreeMap<>();
    private final Map<String, MemFile> durable = new LinkedHashMap<>();
    private final List<Change> unsynced = new ArrayList<>();
    boolean locked;

    List<String> list() {
        return List.copyOf(names.keySet());
    }

    /** The file of that name, or null. */
    MemFile find(String name) {
        return names.get(name);
    }

    void change(String from, String to, MemFile file) {
        Change change = new Change(from, to, file);
        change.applyTo(names);
        unsynced.add(change);
    }

    void sync() {
        durable.clear();
        durable.putAll(names);
        unsynced.clear();
    }

    MemDirectory afterCrash(Random random, CrashPolicy policy, UnaryOperator<MemFile> files) {
        int surviving =
                switch (policy) {
                    case DROPPED -> 0;
                    case KEPT -> unsynced.size();
                    case TORN -> random.nextInt(unsynced.size() + 1);
                };
        Map<String, MemFile> found = new TreeMap<>(durable);
        unsynced.subList(0, surviving).forEach(change -> change.applyTo(found));
        MemDirectory survivor = new MemDirectory();
        found.forEach((name, file) -> survivor.names.put(name, files.apply(file)));
        survivor.sync();
        return survivor;
    }
}

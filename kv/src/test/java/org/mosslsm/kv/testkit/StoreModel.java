package org.mosslsm.kv.testkit;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.mosslsm.kv.Cursor.Direction;

/**
 * What a store should hold, as plainly as can be said: one whole map for each version. Keys are texts of characters up
 * to U+00FF, whose order is the order of their bytes.
 */
public final class StoreModel {
    /** One write. */
    public sealed interface Write {}

    /** A put. */
    public record Put(String key, String value) implements Write {}

    /** A delete. */
    public record Delete(String key) implements Write {}

    /** A delete of {@code [lo, hi)}. */
    public record DeleteRange(String lo, String hi) implements Write {}

    private final TreeMap<Long, TreeMap<String, String>> versions = new TreeMap<>();
    private final Map<String, Long> changed = new HashMap<>();
    private final Map<String, Long> perhapsChanged = new HashMap<>();

    /** A model of an empty store. */
    public StoreModel() {
        versions.put(0L, new TreeMap<>());
    }

    /** The state the store shows at {@code version}. */
    public NavigableMap<String, String> at(long version) {
        return versions.floorEntry(version).getValue();
    }

    /** The newest state. */
    public NavigableMap<String, String> newest() {
        return versions.lastEntry().getValue();
    }

    /** Applies writes, in order, as the commit that got {@code version}. */
    public void commit(long version, List<Write> writes) {
        TreeMap<String, String> next = new TreeMap<>(newest());
        for (Write write : writes) {
            if (write instanceof Put put) {
                next.put(put.key(), put.value());
                changed.put(put.key(), version);
            } else if (write instanceof Delete delete) {
                next.remove(delete.key());
                changed.put(delete.key(), version);
            } else if (write instanceof DeleteRange range && range.lo().compareTo(range.hi()) < 0) {
                Map<String, String> hit = next.subMap(range.lo(), range.hi());
                hit.keySet().forEach(key -> changed.put(key, version));
                hit.clear();
                perhapsChanged.put(range.lo() + "|" + range.hi(), version);
            }
        }
        versions.put(version, next);
    }

    /** Whether a commit after {@code version} certainly counts as a change of a key in {@code [lo, hi)}. */
    public boolean mustConflict(String lo, String hi, long version) {
        return changed.entrySet().stream()
                .anyMatch(e -> e.getValue() > version
                        && e.getKey().compareTo(lo) >= 0
                        && e.getKey().compareTo(hi) < 0);
    }

    /** Whether one may count as such: also a range delete that found nothing to delete there. */
    public boolean mayConflict(String lo, String hi, long version) {
        return mustConflict(lo, hi, version)
                || perhapsChanged.entrySet().stream().anyMatch(e -> {
                    int bar = e.getKey().indexOf('|');
                    return e.getValue() > version
                            && e.getKey().substring(0, bar).compareTo(hi) < 0
                            && lo.compareTo(e.getKey().substring(bar + 1)) < 0;
                });
    }

    /** What a scan should deliver, as "key=value". */
    public static List<String> scan(NavigableMap<String, String> state, String lo, String hi, Direction direction) {
        List<String> entries = new ArrayList<>();
        if (hi == null || lo.compareTo(hi) < 0) {
            Map<String, String> part = hi == null ? state.tailMap(lo) : state.subMap(lo, hi);
            part.forEach((key, value) -> entries.add(key + "=" + value));
        }
        if (direction == Direction.BACKWARD) {
            Collections.reverse(entries);
        }
        return entries;
    }
}

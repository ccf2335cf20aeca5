package org.mosslsm.kv.lsm.metamorphic;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import org.mosslsm.kv.StoreOpenException;
import org.mosslsm.kv.lsm.LsmOptions;

/**
 * Draws sets of options, extremes among them. What an option can be is found by asking: every value below that {@link
 * LsmOptions#parse} accepts for a name is used, so that new options take part without a word here.
 */
final class OptionSets {
    private static final List<String> VALUES = List.of(
            "0",
            "1",
            "2",
            "3",
            "7",
            "64",
            "1k",
            "4k",
            "16k",
            "64k",
            "1m",
            "16m",
            "true",
            "false",
            "none",
            "lz4",
            "zstd",
            "leveled",
            "tiered",
            "sync",
            "process",
            "interval:3");

    private OptionSets() {}

    /** What each option can be. */
    static Map<String, List<String>> possible() {
        Map<String, List<String>> all = new LinkedHashMap<>();
        for (String name : LsmOptions.names()) {
            if (!isLeftAlone(name)) {
                all.put(
                        name,
                        VALUES.stream().filter(value -> accepts(name, value)).toList());
            }
        }
        return all;
    }

    /** A store that is to be created must be; one that is slowed down to some bytes a second is not to be waited for. */
    private static boolean isLeftAlone(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        return name.equals("create") || lower.contains("persecond") || lower.contains("rate");
    }

    private static boolean accepts(String name, String value) {
        try {
            LsmOptions.parse(Map.of(name, value));
            return true;
        } catch (StoreOpenException e) {
            return false;
        }
    }

    /** So many sets: the one that turns everything over most often first, then random ones. */
    static List<Map<String, String>> draw(Random random, int count) {
        Map<String, List<String>> possible = possible();
        List<Map<String, String>> sets = new ArrayList<>();
        sets.add(Map.of("memtableBytes", "4k", "blockBytes", "1k", "cacheBytes", "64k"));
        while (sets.size() < count) {
            Map<String, String> set = new LinkedHashMap<>();
            possible.forEach((name, values) -> {
                if (!values.isEmpty() && random.nextInt(4) > 0) {
                    set.put(name, values.get(random.nextInt(values.size())));
                }
            });
            if (accepted(set)) {
                sets.add(set);
            }
        }
        return sets;
    }

    private static boolean accepted(Map<String, String> set) {
        try {
            LsmOptions.parse(set);
            return true;
        } catch (StoreOpenException e) {
            return false; // values that do not go together
        }
    }
}

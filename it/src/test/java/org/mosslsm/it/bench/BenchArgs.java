package org.mosslsm.it.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** {@code name=value} arguments of a benchmark, each of which has a default; immutable. */
public final class BenchArgs {
    private final Map<String, String> values;

    private BenchArgs(Map<String, String> values) {
        this.values = values;
    }

    /**
     * Lays the given arguments over the defaults.
     *
     * @throws IllegalArgumentException when a name is not among the defaults, so that a typing error runs nothing
     */
    public static BenchArgs parse(Map<String, String> defaults, List<String> given) {
        Map<String, String> values = new LinkedHashMap<>(defaults);
        for (String word : given) {
            int equals = word.indexOf('=');
            if (equals < 0 || !defaults.containsKey(word.substring(0, equals))) {
                throw new IllegalArgumentException("'" + word + "' is not name=value of " + defaults);
            }
            values.put(word.substring(0, equals), word.substring(equals + 1));
        }
        return new BenchArgs(values);
    }

    /** The arguments as a child process takes them. */
    public List<String> words() {
        List<String> words = new ArrayList<>();
        values.forEach((name, value) -> words.add(name + "=" + value));
        return words;
    }

    /** The text of an argument. */
    public String text(String name) {
        return values.get(name);
    }

    /** A comma-separated list; {@code all} stands for every member of {@code known}. */
    public List<String> list(String name, List<String> known) {
        String text = values.get(name);
        if (text.equals("all")) {
            return known;
        }
        List<String> chosen = List.of(text.split(","));
        for (String one : chosen) {
            if (!known.contains(one)) {
                throw new IllegalArgumentException(name + " knows " + known + " but not " + one);
            }
        }
        return chosen;
    }

    /** A whole number. */
    public long number(String name) {
        return Long.parseLong(values.get(name));
    }

    /** A number that may have a fraction. */
    public double decimal(String name) {
        return Double.parseDouble(values.get(name));
    }
}

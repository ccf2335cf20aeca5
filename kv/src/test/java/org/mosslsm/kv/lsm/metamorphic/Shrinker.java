package org.mosslsm.kv.lsm.metamorphic;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** Makes a failing list of operations as short as it gets: delta debugging, Zeller and Hildebrandt 2002, complements only. */
final class Shrinker {
    /** Runs of a list that a shrink may cost. */
    private static final int MOST_RUNS = 2000;

    private Shrinker() {}

    /** A part of {@code failing} that fails as well, and of which no single operation can be left out. */
    static <T> List<T> shrink(List<T> failing, Predicate<List<T>> fails) {
        List<T> now = failing;
        int pieces = 2;
        int runs = 0;
        while (now.size() > 1 && runs < MOST_RUNS) {
            int size = (now.size() + pieces - 1) / pieces;
            List<T> shorter = null;
            for (int from = 0; from < now.size() && shorter == null; from += size) {
                List<T> rest = new ArrayList<>(now.subList(0, from));
                rest.addAll(now.subList(Math.min(now.size(), from + size), now.size()));
                runs++;
                if (fails.test(rest)) {
                    shorter = rest;
                }
            }
            if (shorter != null) {
                now = shorter;
                pieces = Math.max(2, pieces - 1);
            } else if (size == 1) {
                return now;
            } else {
                pieces = Math.min(now.size(), 2 * pieces);
            }
        }
        return now;
    }

    /** An operation in one line, long values cut. */
    static String brief(Object op) {
        StringBuilder out = new StringBuilder();
        String text = op.toString();
        int run = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            run = c == ',' || c == '=' || c == '[' || c == ' ' ? 0 : run + 1;
            if (run == 60) {
                out.append("...");
            } else if (run < 60) {
                out.append(c < 0x20 || c > 0x7e ? String.format("\\x%02x", (int) c) : String.valueOf(c));
            }
        }
        return out.toString();
    }
}

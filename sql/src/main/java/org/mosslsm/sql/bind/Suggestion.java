// "Did you mean".
package org.mosslsm.sql.bind;

import java.util.Collection;

/** Finds the name that was probably meant. */
final class Suggestion {
    private Suggestion() {}

    /** {@code "; did you mean "x"?"} for the nearest candidate, or nothing where none is near. */
    static String of(String wrong, Collection<String> candidates) {
        // Two slips in a long name, one in a short one: more would propose names that have nothing to do with it.
        int most = wrong.length() <= 4 ? 1 : 2;
        String best = null;
        int bestDistance = most + 1;
        for (String c : candidates) {
            int d = c.isEmpty() ? bestDistance : distance(wrong, c, bestDistance);
            if (d < bestDistance) {
                bestDistance = d;
                best = c;
            }
        }
        return best == null ? "" : "; did you mean \"" + best + "\"?";
    }

    /** Levenshtein's distance, with exchanged neighbours counting once; anything from {@code limit} on is too far. */
    private static int distance(String a, String b, int limit) {
        if (Math.abs(a.length() - b.length()) >= limit) {
            return limit;
        }
        int[] before = new int[b.length() + 1];
        int[] last = new int[b.length() + 1];
        int[] now = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            last[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            now[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int cost = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
                now[j] = Math.min(Math.min(now[j - 1], last[j]) + 1, last[j - 1] + cost);
                if (i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1)) {
                    now[j] = Math.min(now[j], before[j - 2] + 1);
                }
            }
            int[] free = before;
            before = last;
            last = now;
            now = free;
        }
        return last[b.length()];
    }
}

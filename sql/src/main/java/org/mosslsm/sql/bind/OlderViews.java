// Views made before it was kept what their stars stand for.
package org.mosslsm.sql.bind;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.mosslsm.sql.error.SqlException;
import org.mosslsm.sql.error.SqlState;
import org.mosslsm.sql.plan.PlanColumn;

/**
 * Finds the columns of a view among those its query has today, by names alone: columns that were added to its tables stand
 * between them, and may be called the same. Where the names leave a choice nothing is guessed.
 */
final class OlderViews {
    private OlderViews() {}

    /**
     * Where the columns stand.
     *
     * @throws SqlException 42703 when one is gone, 42702 when more than one may be meant
     */
    static List<Integer> positions(List<String> names, List<PlanColumn> today) {
        List<Integer> first = inOrder(names, today);
        if (first.isEmpty()) {
            return names.stream().map(n -> only(n, today)).toList();
        }
        // The last place of each, found as the first one from behind.
        List<Integer> last = new ArrayList<>();
        List<PlanColumn> reversed = new ArrayList<>(today);
        List<String> namesReversed = new ArrayList<>(names);
        Collections.reverse(reversed);
        Collections.reverse(namesReversed);
        inOrder(namesReversed, reversed).forEach(p -> last.add(0, today.size() - 1 - p));
        for (int i = 0; i < names.size(); i++) {
            if (!first.get(i).equals(last.get(i))) {
                throw more(names.get(i));
            }
        }
        return first;
    }

    /** The first places of the names in their order; empty where there are none. */
    private static List<Integer> inOrder(List<String> names, List<PlanColumn> today) {
        List<Integer> found = new ArrayList<>();
        for (int at = 0; at < today.size() && found.size() < names.size(); at++) {
            if (today.get(at).name().equals(names.get(found.size()))) {
                found.add(at);
            }
        }
        return found.size() == names.size() ? found : List.of();
    }

    private static int only(String name, List<PlanColumn> today) {
        int found = -1;
        for (int i = 0; i < today.size(); i++) {
            if (today.get(i).name().equals(name)) {
                if (found >= 0) {
                    throw more(name);
                }
                found = i;
            }
        }
        if (found < 0) {
            throw new SqlException(
                    SqlState.UNDEFINED_COLUMN,
                    "its query has no column \"" + name + "\" any more: create the view again");
        }
        return found;
    }

    private static SqlException more(String name) {
        return new SqlException(
                SqlState.AMBIGUOUS_COLUMN,
                "its query has more than one column \"" + name + "\" since it was made: create the view again");
    }
}

package org.mosslsm.kv.tool;

import java.util.List;

/**
 * What a repair did.
 *
 * @param actions what was done, in order; empty where nothing was to be done
 * @param losses what could not be saved: damaged blocks, records, missing tables
 * @param setAside files that were damaged, under the names they have now
 * @param tables tables of the repaired store
 */
public record RepairReport(List<String> actions, List<Finding> losses, List<String> setAside, int tables) {
    /** Freezes the lists. */
    public RepairReport {
        actions = List.copyOf(actions);
        losses = List.copyOf(losses);
        setAside = List.copyOf(setAside);
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(actions.isEmpty() ? "nothing to repair" : "repaired");
        text.append(", " + tables + " tables");
        actions.forEach(action -> text.append("\n  ").append(action));
        losses.forEach(loss -> text.append("\n  lost: ").append(loss));
        setAside.forEach(name -> text.append("\n  set aside: ").append(name));
        return text.toString();
    }
}

// Two orders made one.
package org.mosslsm.sql.exec.spill;

import org.mosslsm.sql.exec.spill.EntrySorter.Entries;

/** The entries of two sorters in order; of equal keys those of the first come first. Views as theirs. Not thread-safe. */
public final class MergedEntries extends Entries {
    private final Entries first;
    private final Entries second;
    private boolean firstHas;
    private boolean secondHas;

    /** Whose entry this stands on; null before the first move. */
    private Entries shown;

    /** Takes over both, which stand before their first entries. */
    public MergedEntries(Entries first, Entries second) {
        this.first = first;
        this.second = second;
    }

    @Override
    public boolean next() {
        if (shown != second) {
            firstHas = first.next();
        }
        if (shown != first) {
            secondHas = second.next();
        }
        if (!firstHas && !secondHas) {
            return false;
        }
        boolean takesFirst =
                !secondHas || (firstHas && EntryOrder.compare(first.array, first.at, second.array, second.at) <= 0);
        shown = takesFirst ? first : second;
        array = shown.array;
        at = shown.at;
        return true;
    }
}

// When a subquery that draws draws again.
package org.mosslsm.sql.exec;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.mosslsm.sql.expr.OuterSlots;

/**
 * Numbers for what the slots of volatile subqueries hold. A slot that is set from a row gets a new number each time; one that
 * is set from other slots, the greatest of theirs: the innermost subquery around that set one of them was run last, and
 * while it runs those further out keep what they hold. So equal numbers mean one run of the subqueries around, whatever the
 * values are. Slots that others set (joins) have no number, nor have slots made of them. Thread safety: as the execution's,
 * one thread.
 */
final class Draws {
    /** What is made of no row and of no slot is the same at all times. */
    private static final long CONSTANT = 1;

    private static final long NONE = 0;

    private long[] numbers = {};
    private long last = CONSTANT;

    /** The slots are being set; answers the numbers they had, for {@link #end}. */
    long[] begin(OuterSlots slots) {
        long[] before = new long[slots.count()];
        long[] now = new long[slots.count()];
        for (int i = 0; i < before.length; i++) {
            before[i] = number(slots.slot(i));
            now[i] = slots.isOfSlots(i) ? greatest(slots.sources(i)) : ++last;
        }
        for (int i = 0; i < now.length; i++) {
            set(slots.slot(i), now[i]);
        }
        return before;
    }

    /** The slots get back what they held. */
    void end(OuterSlots slots, long[] before) {
        for (int i = 0; i < before.length; i++) {
            set(slots.slot(i), before[i]);
        }
    }

    /** What tells the runs of a subquery apart that reads these slots. */
    List<Object> key(int[] slots) {
        List<Object> key = new ArrayList<>(slots.length);
        for (int slot : slots) {
            long number = number(slot);
            key.add(number == NONE ? ++last : number);
        }
        return key;
    }

    private long greatest(int[] slots) {
        long greatest = CONSTANT;
        for (int slot : slots) {
            long number = number(slot);
            if (number == NONE) {
                return NONE;
            }
            greatest = Math.max(greatest, number);
        }
        return greatest;
    }

    private long number(int slot) {
        return slot < numbers.length ? numbers[slot] : NONE;
    }

    private void set(int slot, long number) {
        if (slot >= numbers.length) {
            numbers = Arrays.copyOf(numbers, Math.max(slot + 1, 2 * numbers.length));
        }
        numbers[slot] = number;
    }
}

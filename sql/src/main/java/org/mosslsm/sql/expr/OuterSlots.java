// Where a subquery finds what it reads of the row around it.
package org.mosslsm.sql.expr;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** The slots of a subquery, and what their values are made of. Immutable. */
public final class OuterSlots {
    private final int[] slots;
    private final boolean[] ofSlots;
    private final int[][] sources;

    private OuterSlots(List<SlotBinding> bindings) {
        slots = bindings.stream().mapToInt(SlotBinding::slot).toArray();
        ofSlots = new boolean[slots.length];
        sources = new int[slots.length][];
        for (int i = 0; i < slots.length; i++) {
            Set<Integer> read = new TreeSet<>();
            ofSlots[i] = isOfSlots(bindings.get(i).outer(), read);
            sources[i] = read.stream().mapToInt(Integer::intValue).toArray();
        }
    }

    static OuterSlots of(List<SlotBinding> bindings) {
        return new OuterSlots(bindings);
    }

    private static boolean isOfSlots(ScalarExpr value, Set<Integer> read) {
        boolean[] more = new boolean[1];
        ExprTrees.walk(value, e -> {
            if (e instanceof ScalarExpr.SlotRef s) {
                read.add(s.slot());
            }
            more[0] |= e instanceof ScalarExpr.ColumnRef
                    || e instanceof Subquery
                    || (e instanceof ScalarExpr.Call c && c.function().isVolatile());
        });
        return !more[0];
    }

    /** How many there are. */
    public int count() {
        return slots.length;
    }

    /** The slot at {@code i}. */
    public int slot(int i) {
        return slots[i];
    }

    /** Whether the value at {@code i} is made of slots alone, which a subquery further out has set. */
    public boolean isOfSlots(int i) {
        return ofSlots[i];
    }

    /** The slots that the value at {@code i} {@link #isOfSlots is made of}. */
    public int[] sources(int i) {
        return sources[i].clone();
    }
}

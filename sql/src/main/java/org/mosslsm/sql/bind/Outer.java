// How a subquery sees the query around it.
package org.mosslsm.sql.bind;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.mosslsm.sql.expr.ScalarExpr;
import org.mosslsm.sql.expr.SlotBinding;

/**
 * The scope around a subquery, and the slots through which the subquery reads from it. A column of a scope further out
 * goes through a slot of every subquery between, so that each subquery's bindings tell all it depends on.
 */
class Outer {
    private final ExpressionBinder around;
    private final List<SlotBinding> bindings = new ArrayList<>();
    private int reads;
    private int commons;
    private int common;
    private int own;

    /** @param around binds the expression that the subquery stands in */
    Outer(ExpressionBinder around) {
        this.around = around;
    }

    Scope scope() {
        return around.scope();
    }

    ExpressionBinder around() {
        return around;
    }

    /** What makes this one, and those further out, forget what is read through them from now on. */
    Runnable mark() {
        int known = bindings.size();
        Optional<Runnable> further = scope().around().outer().map(Outer::mark);
        return () -> {
            bindings.subList(known, bindings.size()).clear();
            further.ifPresent(Runnable::run);
        };
    }

    /** The slot for an expression over the outer row; the same for equal expressions. */
    ScalarExpr slotFor(ScalarExpr e) {
        if (e instanceof ScalarExpr.Literal) {
            return e;
        }
        noteRead();
        for (SlotBinding b : bindings) {
            if (b.outer().equals(e)) {
                return new ScalarExpr.SlotRef(b.slot(), e.type());
            }
        }
        int slot = around.context().newSlot();
        bindings.add(new SlotBinding(slot, e));
        return new ScalarExpr.SlotRef(slot, e.type());
    }

    /** Something of the outer row is read, or what an outer row was read for. */
    void noteRead() {
        reads++;
        noteReader();
    }

    /** Tells apart what an aggregate reads itself and what is read by WITH queries that it uses. */
    final void noteReader() {
        if (common > 0) {
            commons++;
        } else {
            own++;
        }
    }

    /** A WITH query is being bound that an aggregate within uses, and does not hold. */
    final void enterCommon() {
        common++;
    }

    /** It was bound. */
    final void leaveCommon() {
        common--;
    }

    /** How often WITH queries read, between {@link #enterCommon} and {@link #leaveCommon}. */
    final int commons() {
        return commons;
    }

    /** How often something else read. */
    final int own() {
        return own;
    }

    /**
     * How often a slot was asked for so far, here or further out: more afterwards than before, and what was bound meanwhile
     * reads an outer row.
     */
    int reads() {
        return reads + scope().around().outer().map(Outer::reads).orElse(0);
    }

    /** The scope that this is, wherever it is seen from. */
    Outer itself() {
        return this;
    }

    /** This scope or one further out, {@code target}, as it is seen from here: through the subqueries between. */
    Outer further(Outer target) {
        return itself() == target.itself()
                ? this
                : new OuterFromWithin(scope().around().outer().orElseThrow().further(target), this);
    }

    /** What the subquery reads. */
    List<SlotBinding> bindings() {
        return List.copyOf(bindings);
    }
}

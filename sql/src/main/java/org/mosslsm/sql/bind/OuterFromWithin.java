// How a WITH query that is used further in sees the query around it.
package org.mosslsm.sql.bind;

import java.util.List;
import org.mosslsm.sql.expr.ScalarExpr;
import org.mosslsm.sql.expr.SlotBinding;

/**
 * The scope around a subquery whose WITH query is used within a further subquery of it: the names are those of the scope, and
 * what is read goes through the slots of the subqueries between, as each of them must tell what it depends on.
 */
final class OuterFromWithin extends Outer {
    private final Outer outer;
    private final Outer inner;

    /** {@code outer}, which may be such a one itself, seen from within a subquery that has {@code inner} around it. */
    OuterFromWithin(Outer outer, Outer inner) {
        super(outer.around());
        this.outer = outer;
        this.inner = inner;
    }

    @Override
    Outer itself() {
        return outer.itself();
    }

    @Override
    Runnable mark() {
        return inner.mark();
    }

    @Override
    ScalarExpr slotFor(ScalarExpr e) {
        noteReader();
        return inner.slotFor(outer.slotFor(e));
    }

    @Override
    void noteRead() {
        noteReader();
        inner.noteRead();
    }

    @Override
    int reads() {
        return inner.reads();
    }

    @Override
    List<SlotBinding> bindings() {
        return inner.bindings();
    }
}

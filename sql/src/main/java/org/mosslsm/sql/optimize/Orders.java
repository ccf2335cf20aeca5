// Which order rows already have.
package org.mosslsm.sql.optimize;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.mosslsm.sql.catalog.Index;
import org.mosslsm.sql.catalog.Table;
import org.mosslsm.sql.expr.ScalarExpr;
import org.mosslsm.sql.expr.ScalarExpr.ColumnRef;
import org.mosslsm.sql.plan.KeyRangeSpec;
import org.mosslsm.sql.plan.PhysicalPlan;
import org.mosslsm.sql.plan.PlanColumn;
import org.mosslsm.sql.plan.SortKey;

/**
 * The order of a plan's rows: sorted by {@code keys}, columns of the row all; and columns that have one value in all
 * rows, which fit into any order anywhere.
 */
record Orders(List<SortKey> keys, BitSet constants) {
    private static final Orders NONE = new Orders(List.of(), new BitSet());

    /** The order that a plan delivers. */
    static Orders of(PhysicalPlan plan) {
        if (plan instanceof PhysicalPlan.IndexScan s) {
            return scan(s.table(), s.index(), s.ordinals(), s.ranges(), s.backward());
        }
        if (plan instanceof PhysicalPlan.LeadingValues l) {
            List<Integer> ordinals = new ArrayList<>();
            l.index()
                    .keys()
                    .subList(0, l.width())
                    .forEach(k -> ordinals.add(l.table().ordinal(k.columnId())));
            return scan(l.table(), l.index(), ordinals, KeyRangeSpec.ALL, l.backward());
        }
        if (plan instanceof PhysicalPlan.IndexUnion u) {
            return scan(u.table(), u.table().primary(), u.ordinals(), KeyRangeSpec.ALL, false);
        }
        if (plan instanceof PhysicalPlan.Sort s) {
            return columnsOnly(s.keys());
        }
        if (plan instanceof PhysicalPlan.TopN t) {
            return columnsOnly(t.keys());
        }
        if (plan instanceof PhysicalPlan.Filter
                || plan instanceof PhysicalPlan.Limit
                || plan instanceof PhysicalPlan.LimitWithTies
                || plan instanceof PhysicalPlan.DistinctOn) {
            return of(plan.inputs().get(0));
        }
        if (plan instanceof PhysicalPlan.Distinct d) {
            return d.sorted() ? of(d.input()) : NONE; // in files rows lose their order
        }
        if (plan instanceof PhysicalPlan.Project p) {
            return project(of(p.input()), p.expressions());
        }
        if (plan instanceof PhysicalPlan.LookupJoin j) {
            return of(j.left());
        }
        if (plan instanceof PhysicalPlan.MergeJoin j) {
            return j.kind().keepsRight() ? NONE : of(j.left());
        }
        if (plan instanceof PhysicalPlan.NestedLoopJoin j) {
            return j.kind().keepsRight() ? NONE : of(j.left());
        }
        if (plan instanceof PhysicalPlan.Aggregate a && a.sorted()) {
            return project(of(a.input()), a.keys());
        }
        return NONE;
    }

    private static Orders columnsOnly(List<SortKey> keys) {
        int n = 0;
        while (n < keys.size() && keys.get(n).expr() instanceof ColumnRef) {
            n++;
        }
        return new Orders(keys.subList(0, n), new BitSet());
    }

    /** The order of an index scan, over the row of {@code ordinals}. */
    static Orders scan(Table table, Index index, List<Integer> ordinals, KeyRangeSpec ranges, boolean backward) {
        BitSet constants = new BitSet();
        List<SortKey> keys = new ArrayList<>();
        List<KeyRangeSpec.Constraint> bound =
                ranges.boxes().size() == 1 ? ranges.boxes().get(0).parts() : List.of();
        boolean known = true;
        for (int i = 0; i < index.keys().size(); i++) {
            Index.Key key = index.keys().get(i);
            int position = ordinals.indexOf(table.ordinal(key.columnId()));
            if (i < bound.size() && isOneValue(bound.get(i))) {
                if (position >= 0) {
                    constants.set(position);
                }
            } else if (position < 0) {
                known = false;
            } else if (known) {
                keys.add(key(table, key.columnId(), position, key.descending(), backward));
            }
        }
        if (known && index.id() != table.primary().id() && !index.unique()) {
            for (Index.Key key : table.primary().keys()) {
                int position = ordinals.indexOf(table.ordinal(key.columnId()));
                if (!index.hasKey(key.columnId())) {
                    if (position < 0) {
                        break;
                    }
                    keys.add(key(table, key.columnId(), position, key.descending(), backward));
                }
            }
        }
        return new Orders(keys, constants);
    }

    private static SortKey key(Table table, int columnId, int position, boolean descending, boolean backward) {
        ColumnRef column = new ColumnRef(position, table.column(columnId).type());
        SortKey key = new SortKey(column, descending, descending);
        return backward ? key.reversed() : key;
    }

    private static boolean isOneValue(KeyRangeSpec.Constraint c) {
        return c.isPoints() && RangeExtractor.points(c) == 1;
    }

    private static Orders project(Orders below, List<ScalarExpr> expressions) {
        BitSet constants = new BitSet();
        for (int i = 0; i < expressions.size(); i++) {
            ScalarExpr e = expressions.get(i);
            boolean constant = e instanceof ColumnRef c
                    ? below.constants.get(c.index())
                    : Conjuncts.readsNothing(e) && !Conjuncts.isVolatile(e);
            constants.set(i, constant);
        }
        List<SortKey> keys = new ArrayList<>();
        for (SortKey k : below.keys) {
            int at = expressions.indexOf(k.expr());
            if (at < 0) {
                break;
            }
            keys.add(k.over(new ColumnRef(at, k.expr().type())));
        }
        return new Orders(keys, constants);
    }

    /** Whether rows in this order are sorted by {@code wanted}. */
    boolean satisfies(List<SortKey> wanted, List<PlanColumn> columns) {
        int at = 0;
        for (SortKey w : wanted) {
            if (!(w.expr() instanceof ColumnRef c)) {
                return false;
            }
            if (constants.get(c.index()) || alreadyIn(at, c)) {
                continue;
            }
            if (at == keys.size() || !matches(keys.get(at), w, c, columns)) {
                return false;
            }
            at++;
        }
        return true;
    }

    private boolean alreadyIn(int before, ColumnRef c) {
        for (int i = 0; i < before; i++) {
            if (keys.get(i).expr() instanceof ColumnRef d && d.index() == c.index()) {
                return true;
            }
        }
        return false;
    }

    private static boolean matches(SortKey have, SortKey want, ColumnRef c, List<PlanColumn> columns) {
        return ((ColumnRef) have.expr()).index() == c.index()
                && have.descending() == want.descending()
                && (have.nullsFirst() == want.nullsFirst()
                        || !columns.get(c.index()).nullable());
    }

    /** Whether rows of equal values in these columns come one after another. */
    boolean groups(List<ScalarExpr> columns) {
        BitSet open = new BitSet();
        for (ScalarExpr e : columns) {
            if (!(e instanceof ColumnRef c)) {
                return false;
            }
            open.set(c.index());
        }
        open.andNot(constants);
        for (SortKey k : keys) {
            if (open.isEmpty()) {
                break;
            }
            int column = ((ColumnRef) k.expr()).index();
            if (!open.get(column)) {
                return false;
            }
            open.clear(column);
        }
        return open.isEmpty();
    }
}

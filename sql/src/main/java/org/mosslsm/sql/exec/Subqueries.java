package org.mosslsm.sql.exec;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.mosslsm.sql.error.SqlException;
import org.mosslsm.sql.error.SqlState;
import org.mosslsm.sql.expr.CompareOp;
import org.mosslsm.sql.expr.Subplan;
import org.mosslsm.sql.expr.SubplanRunner;
import org.mosslsm.sql.expr.Truth;
import org.mosslsm.sql.plan.PhysicalPlan;
import org.mosslsm.sql.plan.PlanColumn;
import org.mosslsm.sql.type.SqlType;

/**
 * Runs the subqueries of one execution and remembers their answers: an uncorrelated one runs once, a correlated one once
 * for each combination of the outer values it looks at.
 */
final class Subqueries implements SubplanRunner {
    /** Answers kept of one subquery; with more different outer values than that, remembering them does not pay. */
    private static final int MOST_ANSWERS = 10_000;

    private final ExecutionContext context;
    private final IdentityHashMap<Subplan, Map<List<Object>, Object>> answers = new IdentityHashMap<>();

    Subqueries(ExecutionContext context) {
        this.context = context;
    }

    void forget() {
        answers.clear();
    }

    @Override
    public Object scalar(Subplan plan, int[] slots, Object[] values) {
        return answer(plan, slots, values, this::runScalar);
    }

    @Override
    public boolean exists(Subplan plan, int[] slots, Object[] values) {
        return (Boolean) answer(plan, slots, values, this::runExists);
    }

    @Override
    public Truth in(Object[] left, Subplan plan, int[] slots, Object[] values) {
        return ((RowSet) answer(plan, slots, values, this::collectSet)).contains(left);
    }

    @Override
    public Truth quantified(CompareOp op, boolean all, Object left, Subplan plan, int[] slots, Object[] values) {
        return ((ValueBag) answer(plan, slots, values, this::collectBag)).compare(op, all, left);
    }

    /** Sets the slots and gives the remembered answer, or runs the subquery for a new one. */
    private Object answer(Subplan plan, int[] slots, Object[] values, Function<Subplan, Object> run) {
        Object[] before = new Object[slots.length];
        for (int i = 0; i < slots.length; i++) {
            before[i] = context.slot(slots[i]);
            context.setSlot(slots[i], values[i]);
        }
        try {
            Map<List<Object>, Object> known = answers.computeIfAbsent(plan, p -> new HashMap<>());
            List<Object> key = key(plan);
            Object answer = known.get(key);
            if (answer == null && !known.containsKey(key)) {
                answer = run.apply(plan);
                if (known.size() >= MOST_ANSWERS) {
                    known.clear();
                }
                known.put(key, answer);
            }
            return answer;
        } finally {
            for (int i = 0; i < slots.length; i++) {
                context.setSlot(slots[i], before[i]);
            }
        }
    }

    /** The values the answer depends on. Values that are equal but look different only cost a second run. */
    private List<Object> key(Subplan plan) {
        int[] free = context.plans().freeSlots(plan);
        if (free.length == 0) {
            return List.of();
        }
        Object[] key = new Object[free.length];
        for (int i = 0; i < key.length; i++) {
            Object v = context.slot(free[i]);
            key[i] = v instanceof byte[] b ? java.nio.ByteBuffer.wrap(b) : v;
        }
        return Arrays.asList(key);
    }

    private Object runScalar(Subplan plan) {
        try (RowEnumerator rows = context.plans().operator(plan).open(context)) {
            if (!rows.moveNext()) {
                return null;
            }
            Object value = rows.current().get(0);
            if (rows.moveNext()) {
                throw new SqlException(
                        SqlState.CARDINALITY_VIOLATION, "a subquery used as a value returned more than one row");
            }
            return value;
        }
    }

    private Object runExists(Subplan plan) {
        try (RowEnumerator rows = context.plans().operator(plan).open(context)) {
            return rows.moveNext();
        }
    }

    private Object collectSet(Subplan plan) {
        RowSet set = new RowSet(types(plan));
        try (RowEnumerator rows = context.plans().operator(plan).open(context)) {
            while (rows.moveNext()) {
                set.add(rows.current());
            }
        }
        return set;
    }

    private Object collectBag(Subplan plan) {
        ValueBag bag = new ValueBag(types(plan).get(0));
        try (RowEnumerator rows = context.plans().operator(plan).open(context)) {
            while (rows.moveNext()) {
                bag.add(rows.current().get(0));
            }
        }
        return bag;
    }

    static List<SqlType> types(Subplan plan) {
        List<SqlType> types = new ArrayList<>();
        for (PlanColumn c : ((PhysicalPlan) plan).columns()) {
            types.add(c.type());
        }
        return types;
    }
}

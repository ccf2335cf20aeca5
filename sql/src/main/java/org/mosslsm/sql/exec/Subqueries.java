package org.mosslsm.sql.exec;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.mosslsm.sql.error.SqlException;
import org.mosslsm.sql.error.SqlState;
import org.mosslsm.sql.exec.spill.HeapSize;
import org.mosslsm.sql.expr.CompareOp;
import org.mosslsm.sql.expr.OuterSlots;
import org.mosslsm.sql.expr.Subplan;
import org.mosslsm.sql.expr.SubplanRunner;
import org.mosslsm.sql.expr.Subquery;
import org.mosslsm.sql.expr.Truth;
import org.mosslsm.sql.plan.PhysicalPlan;
import org.mosslsm.sql.plan.PlanColumn;
import org.mosslsm.sql.type.SqlType;

/**
 * Runs the subqueries of one execution and remembers their answers: an uncorrelated one runs once, a correlated one once
 * for each combination of the outer values it looks at. A correlated one with something volatile in it runs for each row,
 * as if nothing were known of it; where it reads nothing of that row, but only of one further out, once for each of those
 * ({@link Draws}). What is remembered of one subquery stays within the memory of an operator; beyond that it is forgotten,
 * to be found out again.
 */
final class Subqueries implements SubplanRunner, AutoCloseable {
    /** Answers kept of one subquery; with more different outer values than that, remembering them does not pay. */
    private static final int MOST_ANSWERS = 10_000;

    /** A place in a map, with its key. */
    private static final long ANSWER_BYTES = 100;

    private static final Object[] NO_ROW = {};
    private static final long[] NO_DRAWS = {};

    private final ExecutionContext context;
    private final IdentityHashMap<Subplan, Answers> answers = new IdentityHashMap<>();
    private final long budget;
    private final Draws draws = new Draws();

    /** What is remembered of one subquery, by the outer values. */
    private static final class Answers {
        final Map<List<Object>, Object> known = new HashMap<>();
        /** Whether each row gets an answer of its own. */
        final boolean drawn;

        long bytes;

        Answers(boolean drawn) {
            this.drawn = drawn;
        }

        void clear() {
            List<RowSet> sets = sets();
            known.clear();
            bytes = 0;
            AllClosed.of(sets);
        }

        List<RowSet> sets() {
            List<RowSet> sets = new ArrayList<>();
            for (Object answer : known.values()) {
                if (answer instanceof RowSet set) {
                    sets.add(set);
                }
            }
            return sets;
        }
    }

    Subqueries(ExecutionContext context) {
        this.context = context;
        this.budget = context.workspace().budgetBytes();
    }

    void forget() {
        List<RowSet> sets = new ArrayList<>();
        answers.values().forEach(a -> sets.addAll(a.sets()));
        answers.clear();
        AllClosed.of(sets);
    }

    @Override
    public void close() {
        forget();
    }

    @Override
    public Object scalar(Subplan plan, OuterSlots slots, Object[] values) {
        return answer(plan, true, slots, values, this::runScalar);
    }

    @Override
    public Object item(Subquery.Item item, Subplan plan, OuterSlots slots, Object[] values) {
        Object[] row = (Object[]) answer(plan, item.first(), slots, values, this::runRow);
        return row.length == 0 ? null : row[item.column()];
    }

    @Override
    public boolean exists(Subplan plan, OuterSlots slots, Object[] values) {
        return (Boolean) answer(plan, true, slots, values, this::runExists);
    }

    @Override
    public Truth in(Object[] left, Subplan plan, OuterSlots slots, Object[] values) {
        return ((RowSet) answer(plan, true, slots, values, this::collectSet)).contains(left);
    }

    @Override
    public Truth quantified(CompareOp op, boolean all, Object left, Subplan plan, OuterSlots slots, Object[] values) {
        return ((ValueBag) answer(plan, true, slots, values, this::collectBag)).compare(op, all, left);
    }

    /**
     * Sets the slots and gives the remembered answer, or runs the subquery for a new one.
     *
     * @param anew whether a volatile subquery is asked for another answer, not for more of the one it gave last
     */
    private Object answer(
            Subplan plan, boolean anew, OuterSlots slots, Object[] values, Function<Subplan, Object> run) {
        Answers all = answers(plan);
        Object[] before = new Object[slots.count()];
        for (int i = 0; i < before.length; i++) {
            before[i] = context.slot(slots.slot(i));
            context.setSlot(slots.slot(i), values[i]);
        }
        long[] draws = all.drawn ? this.draws.begin(slots) : NO_DRAWS;
        try {
            List<Object> key = all.drawn ? drawnKey(all, plan, anew) : key(plan);
            Map<List<Object>, Object> known = all.known;
            Object answer = known.get(key);
            if (answer == null && !known.containsKey(key)) {
                answer = run(plan, slots, run);
                remember(plan, key, answer);
            }
            return answer;
        } finally {
            this.draws.end(slots, draws);
            for (int i = 0; i < before.length; i++) {
                context.setSlot(slots.slot(i), before[i]);
            }
        }
    }

    /** What the answer of a volatile subquery is remembered by: only the last is, and only if it may be given again. */
    private List<Object> drawnKey(Answers all, Subplan plan, boolean anew) {
        if (!anew && !all.known.isEmpty()) {
            return all.known.keySet().iterator().next();
        }
        List<Object> key = draws.key(context.plans().freeSlots(plan));
        if (!all.known.containsKey(key)) {
            all.clear();
        }
        return key;
    }

    /** Runs a subquery. The WITH queries that read what its slots hold now give rows of this run, and of no other. */
    private Object run(Subplan plan, OuterSlots slots, Function<Subplan, Object> run) {
        List<FreeSlots.Common> commons = context.plans().commons(plan);
        if (commons.isEmpty()) {
            return run.apply(plan);
        }
        try {
            return run.apply(plan);
        } finally {
            for (FreeSlots.Common common : commons) {
                if (IntStream.range(0, slots.count()).map(slots::slot).anyMatch(common.slots()::contains)) {
                    context.commonRows().forget(common.query());
                }
            }
        }
    }

    private Answers answers(Subplan plan) {
        return answers.computeIfAbsent(
                plan,
                p -> new Answers(context.plans().freeSlots(p).length > 0
                        && context.plans().isVolatile(p)));
    }

    private void remember(Subplan plan, List<Object> key, Object answer) {
        Answers all = answers(plan);
        long added = budget == Long.MAX_VALUE ? 0 : ANSWER_BYTES + HeapSize.of(key.toArray()) + heapBytes(answer);
        if (all.bytes + added > budget || all.known.size() >= MOST_ANSWERS) {
            all.clear();
        }
        all.known.put(key, answer);
        all.bytes += added;
    }

    private static long heapBytes(Object answer) {
        if (answer instanceof RowSet set) {
            return set.heapBytes();
        }
        return answer instanceof Object[] row ? HeapSize.of(row) : HeapSize.of(answer);
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
        Object[] row = runRow(plan);
        return row.length == 0 ? null : row[0];
    }

    /** The values of the one row; empty where there is none. */
    private Object[] runRow(Subplan plan) {
        try (RowEnumerator rows = context.plans().operator(plan).open(context)) {
            if (!rows.moveNext()) {
                return NO_ROW;
            }
            Object[] row = rows.current().toArray();
            if (rows.moveNext()) {
                throw new SqlException(
                        SqlState.CARDINALITY_VIOLATION, "a subquery used as a value returned more than one row");
            }
            return row;
        }
    }

    private Object runExists(Subplan plan) {
        try (RowEnumerator rows = context.plans().operator(plan).open(context)) {
            return rows.moveNext();
        }
    }

    private Object collectSet(Subplan plan) {
        RowSet set = new RowSet(types(plan), context);
        try (RowEnumerator rows = context.plans().operator(plan).open(context)) {
            while (rows.moveNext()) {
                set.add(rows.current());
            }
            set.finish();
        } catch (Throwable failure) {
            set.close();
            throw failure;
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

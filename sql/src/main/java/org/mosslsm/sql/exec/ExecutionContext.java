package org.mosslsm.sql.exec;

import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.mosslsm.kv.txn.FrozenReads;
import org.mosslsm.kv.txn.Reads;
import org.mosslsm.kv.txn.ScratchMap;
import org.mosslsm.kv.txn.Transaction;
import org.mosslsm.sql.exec.spill.RowList;
import org.mosslsm.sql.exec.spill.Workspace;
import org.mosslsm.sql.expr.EvalContext;
import org.mosslsm.sql.expr.SessionState;
import org.mosslsm.sql.expr.SubplanRunner;
import org.mosslsm.sql.plan.PhysicalPlan;

/**
 * All state of one execution of a statement: parameters, slots, the transaction, what subqueries answered. Made for each
 * execution, and closed at its end. Thread safety: none; {@link Surroundings#cancelCheck} may look at what other threads set.
 */
public final class ExecutionContext implements EvalContext, AutoCloseable {
    /**
     * What the session says about the execution.
     *
     * @param nowMicros start of the transaction, microseconds since 1970-01-01T00:00Z
     * @param zone time zone of the session
     * @param schema current schema
     * @param session sequences and settings, where there is a session
     * @param workspace memory and files the operators may use
     * @param tables keeps the tables whose rows are locked
     * @param cancelCheck raises 57014 when the statement was cancelled or its time is up; called often
     */
    public record Surroundings(
            long nowMicros,
            ZoneId zone,
            String schema,
            Optional<SessionState> session,
            Workspace workspace,
            TableKeeper tables,
            Runnable cancelCheck) {
        /** Without sequences and settings, in memory without limit. */
        public Surroundings(long nowMicros, ZoneId zone, String schema, Runnable cancelCheck) {
            this(nowMicros, zone, schema, Optional.empty(), Workspace.UNLIMITED, TableKeeper.NONE, cancelCheck);
        }
    }

    private static final Object[] NO_SLOTS = new Object[0];

    private static final byte[] MARK = {1};

    private final Transaction transaction;
    private final CompiledPlans plans;
    private final Object[] parameters;
    private final Object[] slots;
    private final Surroundings surroundings;
    private Subqueries subqueries; // null until one runs
    private CommonRows commonRows; // null until one is asked for
    private ScratchMap changed; // primary keys; null unless the statement is several changes
    private FrozenReads frozen; // null unless the statement reads between its writes

    /**
     * An execution about to begin.
     *
     * @param transaction what to read in
     * @param plans compiled plans of the statement, shared by its executions
     * @param parameters values of the types the plan gave them; not copied
     * @param slots number of slots the plan uses
     */
    public ExecutionContext(
            Transaction transaction, CompiledPlans plans, Object[] parameters, int slots, Surroundings surroundings) {
        this.transaction = transaction;
        this.plans = plans;
        this.parameters = parameters;
        this.slots = slots == 0 ? NO_SLOTS : new Object[slots];
        this.surroundings = surroundings;
    }

    /** The same execution, not begun, with every node of its plans watched. */
    public ExecutionContext watchedBy(Profile profile) {
        Surroundings watched = new Surroundings(
                surroundings.nowMicros(),
                surroundings.zone(),
                surroundings.schema(),
                surroundings.session(),
                profile.watch(surroundings.workspace()),
                surroundings.tables(),
                surroundings.cancelCheck());
        return new ExecutionContext(transaction, new CompiledPlans(profile), parameters, slots.length, watched);
    }

    /** The transaction: what locks and writes. */
    public Transaction transaction() {
        return transaction;
    }

    /** What queries read in: the transaction, as it was at {@link #freezeReads} where that was called. */
    public Reads reads() {
        return frozen == null ? transaction : frozen;
    }

    /**
     * From now on queries read what is there now: for a statement some of whose queries run, or open further scans, after
     * its first write. It ends with the execution.
     */
    public void freezeReads() {
        if (frozen == null) {
            frozen = transaction.freeze();
        }
    }

    /**
     * Several changes are about to be made in the execution, all of which read what is there now: as {@link #freezeReads}. A
     * row that one of them changed the others leave alone.
     */
    public void beginChangesTogether() {
        freezeReads();
        changed = new ScratchMap(workspace().budgetBytes(), workspace().files(), this::checkCancelled);
    }

    /** Whether the statement is several changes. */
    public boolean changesTogether() {
        return changed != null;
    }

    /** The row of this primary key was written, or deleted. */
    public void noteChanged(byte[] key) {
        if (changed != null) {
            changed.put(key, MARK);
        }
    }

    /** Whether one of the statement's several changes wrote or deleted the row of this primary key. */
    public boolean hasChanged(byte[] key) {
        return changed != null && changed.get(key) != null;
    }

    /** The rows of a WITH query that is a change: the execution closes them. */
    public void giveRows(PhysicalPlan.CommonScan query, RowList rows) {
        commonRows().give(query.query(), rows);
    }

    /** What the operators, and who sorts beside them, may use. */
    public Workspace workspace() {
        return surroundings.workspace();
    }

    /** Keeps the tables whose rows are locked as they are defined. */
    TableKeeper tables() {
        return surroundings.tables();
    }

    /** The compiled plans of the statement. */
    public CompiledPlans plans() {
        return plans;
    }

    @Override
    public Object parameter(int index) {
        return parameters[index];
    }

    @Override
    public Object slot(int slot) {
        return slots[slot];
    }

    /** Gives a slot its value. */
    void setSlot(int slot, Object value) {
        slots[slot] = value;
    }

    @Override
    public long nowMicros() {
        return surroundings.nowMicros();
    }

    @Override
    public ZoneId zone() {
        return surroundings.zone();
    }

    @Override
    public String schema() {
        return surroundings.schema();
    }

    @Override
    public SessionState session() {
        return surroundings.session().orElseGet(EvalContext.super::session);
    }

    /** A value of a sequence was taken for a column: what CURRVAL and LASTVAL say, where there is a session. */
    public void generated(int sequence, long value) {
        if (surroundings.session().isPresent()) {
            surroundings.session().get().generated(sequence, value);
        }
    }

    @Override
    public SubplanRunner subplans() {
        if (subqueries == null) {
            subqueries = new Subqueries(this);
        }
        return subqueries;
    }

    /** The rows of the statement's WITH queries. */
    CommonRows commonRows() {
        if (commonRows == null) {
            commonRows = new CommonRows(this);
        }
        return commonRows;
    }

    /**
     * Lets go of what subqueries and WITH queries gave, which may be in files, and of what they read; harmless when
     * repeated.
     */
    @Override
    public void close() {
        if (subqueries != null
                || commonRows != null
                || changed != null
                || frozen != null) { // in most executions none is
            List<AutoCloseable> all = new ArrayList<>();
            Stream.of(subqueries, commonRows, changed, frozen)
                    .filter(Objects::nonNull)
                    .forEach(all::add);
            changed = null;
            frozen = null;
            AllClosed.of(all);
        }
    }

    @Override
    public void checkCancelled() {
        surroundings.cancelCheck().run();
    }
}

// Foreign keys.
package org.mosslsm.sql.exec.dml;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import org.mosslsm.kv.KeyRange;
import org.mosslsm.kv.txn.ScratchMap;
import org.mosslsm.kv.txn.Transaction;
import org.mosslsm.sql.catalog.Column;
import org.mosslsm.sql.catalog.ForeignKey;
import org.mosslsm.sql.encode.IndexKeys;
import org.mosslsm.sql.encode.KeyWriter;
import org.mosslsm.sql.exec.AllClosed;
import org.mosslsm.sql.exec.spill.RowBytes;
import org.mosslsm.sql.exec.spill.RowList;
import org.mosslsm.sql.exec.spill.Workspace;
import org.mosslsm.sql.expr.Evaluator;
import org.mosslsm.sql.expr.Row;
import org.mosslsm.sql.expr.ValueRow;

/**
 * Keeps foreign keys in one execution of a statement. Is told of every row written, and settles at the end:
 *
 * <pre>
 * row refers to a key     share the key's existence; look for the parent; not there: look again at the end
 * key of a parent goes    take its existence alone; at the end, on a fresh snapshot:
 *                           RESTRICT            a child is an error
 *                           CASCADE, SET ...    change the children, which may take more keys away
 *                           NO ACTION           after all of those a child is an error, unless the key is back
 * </pre>
 *
 * A child that comes while the parent goes waits for the parent's transaction, or the other way round, because both lock
 * the key's existence. Under READ COMMITTED the fresh snapshot shows every child that came before the lock. Under the
 * other isolations the range of children must be unchanged at commit. Children are looked for through the index that the
 * plan knows, so that from the first key that goes on nobody may alter their tables. One object an execution; not
 * thread-safe.
 */
final class References implements AutoCloseable {
    /** Most parents remembered as present: bounds memory, and covers what a bulk load refers to again and again. */
    private static final int MAX_KNOWN = 10_000;

    /** Key columns of parent rows went by one foreign key: because the rows did, or because they were changed. */
    private record Loss(ChildLink link, boolean deleted) {
        ForeignKey.Action action() {
            return deleted ? link.key.onDelete() : link.key.onUpdate();
        }
    }

    /** The key of a parent row went; {@code after} is null where the row did. */
    private record Gone(Loss loss, ValueRow before, ValueRow after) {
        ChildLink link() {
            return loss.link();
        }
    }

    /** What a loss waits for: rows of {@link #row}, in files where they are many. */
    private static final class Rows implements AutoCloseable {
        private final Map<Loss, RowList> lists = new LinkedHashMap<>();
        private final Workspace workspace;

        Rows(Workspace workspace) {
            this.workspace = workspace;
        }

        boolean isEmpty() {
            return lists.isEmpty();
        }

        void add(Loss loss, ValueRow row) {
            lists.computeIfAbsent(loss, x -> new RowList(workspace)).add(row);
        }

        void forEach(BiConsumer<Loss, ValueRow> visit) {
            lists.forEach((loss, rows) -> {
                for (ValueRow row = rows.next(); row != null; row = rows.next()) {
                    visit.accept(loss, row);
                }
            });
        }

        @Override
        public void close() {
            AllClosed.of(lists.values());
        }
    }

    private final ChangeContext context;
    private final Transaction tx;
    private final TableAccesses accesses;
    private final RowChanges rows;
    private final KeyWriter scratch = new KeyWriter();
    private final Set<ByteBuffer> known = new HashSet<>();
    /** Tables whose children stay as they are defined. */
    private final Set<TableAccess> kept = new HashSet<>();
    /** Rows whose parent was not there when they were written. */
    private final Map<ParentLink, RowList> orphans = new LinkedHashMap<>();
    /** Keys that went, and nobody has looked for their children yet. */
    private Rows gone;
    /** Keys that went, and may have no children in the end. */
    private final Rows unclaimed;

    /** Of the children at hand those that wait for others to give up their keys: as they were stored, by primary key. */
    private Map<TableAccess, ScratchMap> moved = new LinkedHashMap<>();

    private final Map<Integer, RowChecks> checks = new HashMap<>();
    private boolean stale;
    private boolean changedOthers;
    private boolean later;

    References(ChangeContext context, TableAccesses accesses, RowChanges rows) {
        this.context = context;
        this.tx = context.transaction();
        this.accesses = accesses;
        this.rows = rows;
        this.gone = new Rows(workspace());
        this.unclaimed = new Rows(workspace());
    }

    private Workspace workspace() {
        return context.execution().workspace();
    }

    /** Forgets what waits, and its files; nothing where it is settled later. */
    @Override
    public void close() {
        if (!later) {
            end();
        }
    }

    /** Forgets what waits, and its files. */
    void end() {
        List<AutoCloseable> all = new ArrayList<>(List.of(gone, unclaimed));
        all.addAll(moved.values());
        all.addAll(orphans.values());
        all.add(rows);
        AllClosed.of(all);
    }

    /** Whether rows besides those of the statement were changed. */
    boolean changedOthers() {
        return changedOthers;
    }

    // ---- what happened

    void inserted(TableAccess t, Row row) {
        for (ParentLink link : t.parents) {
            if (link.refers(row)) {
                requireParent(link, row);
            }
        }
    }

    void updated(TableAccess t, Row before, Row after) {
        for (ParentLink link : t.parents) {
            if (link.refers(after) && !link.sameReference(before, after)) {
                requireParent(link, after);
            }
        }
        for (ChildLink link : t.children) {
            if (link.canBeReferred(before) && !link.sameKey(before, after)) {
                keepChildren(t);
                lockExistence(link, before);
                gone.add(new Loss(link, false), row(before, after));
            }
        }
    }

    void deleted(TableAccess t, Row row) {
        for (ChildLink link : t.children) {
            if (link.canBeReferred(row)) {
                keepChildren(t);
                lockExistence(link, row);
                gone.add(
                        new Loss(link, true),
                        part(row.copy(), 0, t.table.rowColumns().size()));
            }
        }
    }

    /**
     * Keeps the tables whose rows refer to this one, and to those that change with it, as the plan knows them: all of them
     * before the first fresh snapshot, which would not tell any more that one was altered.
     */
    private void keepChildren(TableAccess t) {
        if (kept.add(t)) {
            for (ChildLink link : t.children) {
                context.locks().share(link.child);
                if (link.changesChildren()) {
                    keepChildren(accesses.of(link.child.id()));
                }
            }
        }
    }

    /** A row, and the one in its place, as one; then, of children, the primary key. */
    private static ValueRow row(Row before, Row after) {
        Object[] values = Arrays.copyOf(before.toArray(), before.size() + after.size());
        System.arraycopy(after.toArray(), 0, values, before.size(), after.size());
        return new ValueRow(values);
    }

    private static Gone gone(Loss loss, ValueRow row) {
        int width = loss.link().parent.rowColumns().size();
        if (loss.deleted()) {
            return new Gone(loss, part(row, 0, width), null);
        }
        return new Gone(loss, part(row, 0, width), part(row, width, 2 * width));
    }

    private static ValueRow part(ValueRow row, int from, int to) {
        return new ValueRow(Arrays.copyOfRange(row.values(), from, to));
    }

    private void lockExistence(ChildLink link, Row parentRow) {
        stale |= tx.lock(IndexKeys.existence(link.parentKey(parentRow, scratch)));
    }

    private void requireParent(ParentLink link, Row row) {
        Optional<byte[]> found = link.parentKey(row, scratch);
        if (found.isEmpty()) {
            throw Violations.noParent(link.child, link.key, link.parent.name(), row);
        }
        byte[] key = found.get();
        ByteBuffer name = ByteBuffer.wrap(key);
        if (known.contains(name)) {
            return;
        }
        tx.lockShared(IndexKeys.existence(key));
        if (!context.readCommitted()) {
            // Refuses a parent that changed since the snapshot, which would show it as it was.
            tx.lockShared(key);
        }
        if (tx.getLatest(key) == null) {
            if (!link.refersToItself(row)) {
                orphans.computeIfAbsent(link, x -> new RowList(workspace())).add(row.copy());
            }
        } else if (known.size() < MAX_KNOWN) {
            known.add(name);
        }
    }

    // ---- the end of the statement

    /**
     * Does what foreign keys ask for, of several changes at the end of the last; throws 23503 where one is violated.
     */
    void settle() {
        rows.flush();
        Optional<Unsettled> together = context.unsettled();
        later = together.isPresent();
        if (later) {
            together.get().add(this);
        } else {
            cascade();
            verify();
        }
    }

    /** Changes the children of keys that went. */
    void cascade() {
        while (!gone.isEmpty()) {
            refresh();
            // The children of all keys are found before any is changed: else one that got the key 2 instead of 1 would
            // be found again for the 2 that becomes 3.
            try (Rows lost = gone;
                    Rows found = new Rows(workspace())) {
                gone = new Rows(workspace());
                lost.forEach((loss, row) -> find(loss, row, found));
                found.forEach(this::change);
            }
            tellOfMoved();
            rows.flush();
        }
    }

    /** Looks at what may have no children, and at what must have a parent. */
    void verify() {
        refresh();
        unclaimed.forEach((loss, row) -> {
            context.execution().checkCancelled();
            Gone g = gone(loss, row);
            if (tx.getLatest(g.link().parentKey(g.before(), scratch)) == null) {
                requireNoChild(g);
            }
        });
        orphans.forEach(this::requireParents);
    }

    private void requireParents(ParentLink link, RowList children) {
        for (ValueRow row = children.next(); row != null; row = children.next()) {
            context.execution().checkCancelled();
            byte[] key = link.parentKey(row, scratch).orElseThrow();
            if (tx.getLatest(key) == null && isStillThere(link, row)) {
                throw Violations.noParent(link.child, link.key, link.parent.name(), row);
            }
        }
    }

    /** Whether the row that missed its parent was not deleted or changed by the statement since. */
    private boolean isStillThere(ParentLink link, Row row) {
        TableAccess t = accesses.of(link.child.id());
        byte[] key = t.primary.key(row, scratch);
        byte[] value = tx.getLatest(key);
        return value != null && link.sameReference(row, t.codec.newRow().set(key, 0, value, 0));
    }

    /** Looks at what was committed until now: whoever waits for our locks has not written, all others are done. */
    private void refresh() {
        if (stale && context.readCommitted()) {
            tx.beginStatement();
            context.execution().checkCancelled();
        }
        stale = false;
    }

    /** Looks for the children of a key that went. Those to be changed are added to {@code found}, behind the key's row. */
    private void find(Loss loss, ValueRow row, Rows found) {
        context.execution().checkCancelled();
        Gone g = gone(loss, row);
        switch (loss.action()) {
            case NO_ACTION -> unclaimed.add(loss, row);
            case RESTRICT -> requireNoChild(g);
            case CASCADE, SET_NULL, SET_DEFAULT -> {
                if (loss.action() == ForeignKey.Action.SET_DEFAULT) {
                    unclaimed.add(loss, row); // a child that had the default already still refers to what is gone
                }
                g.link().range(g.before(), scratch).ifPresent(range -> {
                    requireStable(range);
                    g.link().childKeys(tx, range, scratch, key -> {
                        context.execution().checkCancelled();
                        found.add(loss, row(row, new ValueRow(key)));
                    });
                });
            }
        }
    }

    private void requireNoChild(Gone g) {
        Optional<KeyRange> range = g.link().range(g.before(), scratch);
        if (range.isEmpty()) {
            return;
        }
        if (g.link().hasChild(tx, range.get())) {
            throw Violations.stillReferenced(
                    g.link().parent, g.link().key, g.link().child.name(), g.before());
        }
        requireStable(range.get());
    }

    private void requireStable(KeyRange range) {
        if (!context.readCommitted()) {
            tx.requireUnchanged(range);
        }
    }

    /** Changes a child that was found: the row is the parent's, or both of the parent's, and the child's primary key. */
    private void change(Loss loss, ValueRow row) {
        context.execution().checkCancelled();
        Gone g = gone(loss, row);
        TableAccess child = accesses.of(loss.link().child.id());
        byte[] key = (byte[]) row.get(row.size() - 1);
        ValueRow waiting = rows.waitingFor(child, key);
        Row before = waiting != null ? waiting : lockedRow(child, key);
        KeyRange range = loss.link().range(g.before(), scratch).orElseThrow();
        if (before != null && loss.link().refersIn(range, before, scratch)) {
            changedOthers = true;
            change(g, child, key, before, waiting != null);
        }
    }

    /** The row as it is now, locked; null where it is gone. */
    private Row lockedRow(TableAccess child, byte[] key) {
        stale |= tx.lock(key);
        byte[] value = tx.getLatest(key);
        return value == null ? null : child.codec.newRow().set(key, 0, value, 0);
    }

    private void change(Gone g, TableAccess child, byte[] key, Row before, boolean waits) {
        if (g.loss().action() == ForeignKey.Action.CASCADE && g.after() == null) {
            if (waits) {
                rows.dropWaiting(child, key);
                deleted(child, RowBytes.row(moved.get(child).get(key), before.size()));
                moved.get(child).remove(key);
            } else {
                rows.delete(child, before);
                deleted(child, before);
            }
            return;
        }
        ValueRow after = changed(g, child, before);
        checksOf(child).check(after, context.execution());
        if (waits) {
            rows.changeWaiting(child, key, after);
            return;
        }
        rows.update(child, before, after);
        if (rows.waitingFor(child, key) == null) {
            updated(child, before, after);
        } else {
            moved.computeIfAbsent(child, t -> context.scratchMap()).put(key, RowBytes.of(before.copy()));
        }
    }

    /** What became of the rows that got other keys, by one foreign key or by several: their children know what was stored. */
    private void tellOfMoved() {
        Map<TableAccess, ScratchMap> told = moved;
        moved = new LinkedHashMap<>();
        try {
            told.forEach((child, stored) -> stored.forEach((key, row) ->
                    updated(child, RowBytes.row(row, child.table.rowColumns().size()), rows.waitingFor(child, key))));
        } finally {
            AllClosed.of(told.values());
        }
    }

    private ValueRow changed(Gone g, TableAccess child, Row before) {
        Object[] values = before.toArray();
        int[] ordinals = g.link().childOrdinals;
        for (int i = 0; i < ordinals.length; i++) {
            Column column = child.table.columns().get(ordinals[i]);
            values[ordinals[i]] = switch (g.loss().action()) {
                case CASCADE -> g.link().childValue(g.after(), i);
                case SET_DEFAULT ->
                    Evaluator.compile(context.expressions().defaultOf(child.table, column))
                            .eval(ValueRow.EMPTY, context.execution());
                default -> null;
            };
        }
        return new ValueRow(values);
    }

    private RowChecks checksOf(TableAccess child) {
        return checks.computeIfAbsent(
                child.table.id(),
                id -> new RowChecks(child.table, context.expressions().checks(child.table)));
    }
}

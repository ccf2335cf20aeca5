// Foreign keys.
package org.mosslsm.sql.exec.dml;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.mosslsm.kv.KeyRange;
import org.mosslsm.kv.txn.Transaction;
import org.mosslsm.sql.catalog.Column;
import org.mosslsm.sql.catalog.ForeignKey;
import org.mosslsm.sql.encode.KeyWriter;
import org.mosslsm.sql.exec.dml.TableAccess.Accesses;
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
 * other isolations the range of children must be unchanged at commit. One object an execution; not thread-safe.
 */
final class References {
    /** First byte of the keys that stand for existence; no entry lies there. */
    private static final byte EXISTENCE = 0x0F;

    /** Most parents remembered as present: bounds memory, and covers what a bulk load refers to again and again. */
    private static final int MAX_KNOWN = 10_000;

    private record Orphan(ParentLink link, ValueRow row, byte[] parentKey) {}

    /** The key of a parent row went; {@code after} is null where the row did. */
    private record Gone(ChildLink link, ValueRow before, ValueRow after) {
        ForeignKey.Action action() {
            return after == null ? link.key.onDelete() : link.key.onUpdate();
        }
    }

    /** The rows that refer to a key that went, by primary key. */
    private record Children(Gone gone, KeyRange range, List<byte[]> keys) {}

    private final ChangeContext context;
    private final Transaction tx;
    private final Accesses accesses;
    private final RowChanges rows;
    private final KeyWriter scratch = new KeyWriter();
    private final Set<ByteBuffer> known = new HashSet<>();
    private final List<Orphan> orphans = new ArrayList<>();
    private final Deque<Gone> gone = new ArrayDeque<>();
    private final List<Gone> unclaimed = new ArrayList<>();
    private final Map<Integer, RowChecks> checks = new HashMap<>();
    private boolean stale;
    private boolean changedOthers;

    References(ChangeContext context, Accesses accesses, RowChanges rows) {
        this.context = context;
        this.tx = context.transaction();
        this.accesses = accesses;
        this.rows = rows;
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
                lockExistence(link, before);
                gone.add(new Gone(link, before.copy(), after.copy()));
            }
        }
    }

    void deleted(TableAccess t, Row row) {
        for (ChildLink link : t.children) {
            if (link.canBeReferred(row)) {
                lockExistence(link, row);
                gone.add(new Gone(link, row.copy(), null));
            }
        }
    }

    private void lockExistence(ChildLink link, Row parentRow) {
        stale |= tx.lock(existence(link.parentKey(parentRow, scratch)));
    }

    private static byte[] existence(byte[] key) {
        return ByteBuffer.allocate(key.length + 1).put(EXISTENCE).put(key).array();
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
        tx.lockShared(existence(key));
        if (!context.readCommitted()) {
            // Refuses a parent that changed since the snapshot, which would show it as it was.
            tx.lockShared(key);
        }
        if (tx.getLatest(key) == null) {
            if (!link.refersToItself(row)) {
                orphans.add(new Orphan(link, row.copy(), key));
            }
        } else if (known.size() < MAX_KNOWN) {
            known.add(name);
        }
    }

    // ---- the end of the statement

    /** Does what foreign keys ask for; throws 23503 where one is violated. */
    void settle() {
        rows.flush();
        while (!gone.isEmpty()) {
            refresh();
            // The children of all keys are found before any is changed: else one that got the key 2 instead of 1 would
            // be found again for the 2 that becomes 3.
            List<Children> found = new ArrayList<>();
            for (Gone g = gone.poll(); g != null; g = gone.poll()) {
                find(g).ifPresent(found::add);
            }
            found.forEach(this::change);
            rows.flush();
        }
        refresh();
        for (Gone g : unclaimed) {
            if (tx.getLatest(g.link().parentKey(g.before(), scratch)) == null) {
                requireNoChild(g);
            }
        }
        for (Orphan o : orphans) {
            if (tx.getLatest(o.parentKey()) == null && isStillThere(o)) {
                throw Violations.noParent(
                        o.link().child, o.link().key, o.link().parent.name(), o.row());
            }
        }
    }

    /** Whether the row that missed its parent was not deleted or changed by the statement since. */
    private boolean isStillThere(Orphan o) {
        TableAccess t = accesses.of(o.link().child.id());
        byte[] key = t.primary.key(o.row(), scratch);
        byte[] value = tx.getLatest(key);
        return value != null && o.link().sameReference(o.row(), t.codec.newRow().set(key, 0, value, 0));
    }

    /** Looks at what was committed until now: whoever waits for our locks has not written, all others are done. */
    private void refresh() {
        if (stale && context.readCommitted()) {
            tx.beginStatement();
            context.execution().checkCancelled();
        }
        stale = false;
    }

    /** The children to be changed, if any are. */
    private Optional<Children> find(Gone g) {
        switch (g.action()) {
            case NO_ACTION -> unclaimed.add(g);
            case RESTRICT -> requireNoChild(g);
            case CASCADE, SET_NULL, SET_DEFAULT -> {
                if (g.action() == ForeignKey.Action.SET_DEFAULT) {
                    unclaimed.add(g); // a child that had the default already still refers to what is gone
                }
                context.locks().share(g.link().child);
                return g.link().range(g.before(), scratch).map(range -> {
                    requireStable(range);
                    return new Children(g, range, g.link().childKeys(tx, range, 0, scratch));
                });
            }
        }
        return Optional.empty();
    }

    private void requireNoChild(Gone g) {
        Optional<KeyRange> range = g.link().range(g.before(), scratch);
        if (range.isEmpty()) {
            return;
        }
        if (!g.link().childKeys(tx, range.get(), 1, scratch).isEmpty()) {
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

    private void change(Children children) {
        TableAccess child = accesses.of(children.gone().link().child.id());
        for (byte[] key : children.keys()) {
            context.execution().checkCancelled();
            ValueRow waiting = rows.waitingFor(key);
            Row before = waiting != null ? waiting : lockedRow(child, key);
            if (before != null && children.gone().link().refersIn(children.range(), before, scratch)) {
                changedOthers = true;
                change(children.gone(), child, key, before, waiting != null);
            }
        }
    }

    /** The row as it is now, locked; null where it is gone. */
    private Row lockedRow(TableAccess child, byte[] key) {
        stale |= tx.lock(key);
        byte[] value = tx.getLatest(key);
        return value == null ? null : child.codec.newRow().set(key, 0, value, 0);
    }

    private void change(Gone g, TableAccess child, byte[] key, Row before, boolean waits) {
        if (g.action() == ForeignKey.Action.CASCADE && g.after() == null) {
            if (waits) {
                rows.dropWaiting(key);
            } else {
                rows.delete(child, before);
            }
            deleted(child, before);
            return;
        }
        ValueRow after = changed(g, child, before);
        checksOf(child).check(after, context.execution());
        if (waits) {
            rows.changeWaiting(key, after);
        } else {
            rows.update(child, before, after);
        }
        updated(child, before, after);
    }

    private ValueRow changed(Gone g, TableAccess child, Row before) {
        Object[] values = before.toArray();
        int[] ordinals = g.link().childOrdinals;
        for (int i = 0; i < ordinals.length; i++) {
            Column column = child.table.columns().get(ordinals[i]);
            values[ordinals[i]] = switch (g.action()) {
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

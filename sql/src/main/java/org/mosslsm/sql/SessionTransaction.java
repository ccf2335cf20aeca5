// The transaction of a session.
package org.mosslsm.sql;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.mosslsm.kv.UnknownOutcomeException;
import org.mosslsm.kv.txn.Isolation;
import org.mosslsm.kv.txn.Mark;
import org.mosslsm.kv.txn.Transaction;
import org.mosslsm.sql.catalog.Catalog;
import org.mosslsm.sql.error.SqlException;
import org.mosslsm.sql.error.SqlState;
import org.mosslsm.sql.exec.ddl.RangeBuilds;
import org.mosslsm.sql.exec.dml.TableLocks;
import org.mosslsm.sql.exec.dml.TransactionSequences;

/**
 * An open transaction with what SQL adds to it: savepoints by name, the catalog where it was changed in it, and the
 * cursors that read in it. Used under the session's lock.
 */
final class SessionTransaction {
    private record Savepoint(String name, Mark mark, int restarts, SessionSettings.State settings) {}

    final Transaction tx;
    private final CatalogCache catalogs;
    final TableLocks locks;
    final RangeBuilds builds;
    final TransactionSequences sequences;
    final long startMicros;
    /** Whether a statement ran in it or a savepoint was set: from then on its modes are fixed. */
    boolean used;

    final boolean readOnly;
    /** The number it was given when it was asked for; 0 before that. */
    long number;

    private List<Savepoint> savepoints = List.of(); // mutable once there is one, as the cursors: most have one query
    private List<QueryCursor> cursors = List.of();
    private Optional<Catalog> ownCatalog = Optional.empty();
    private boolean defines;
    private final AdvisoryLocks advisoryLocks;
    private final AdvisoryLocks.Owner advisoryOwner;
    /** What holds its advisory locks; empty until the first. */
    private Optional<AdvisoryLocks.Scope> advisory = Optional.empty();
    /** Sequences restarted before the statement at hand. */
    private int restartsBefore;

    SessionTransaction(
            Transaction tx, Database database, AdvisoryLocks.Owner advisoryOwner, long startMicros, boolean readOnly) {
        this.tx = tx;
        this.catalogs = database.catalogs();
        this.locks = new TableLocks(tx);
        this.builds = new RangeBuilds(database.transactions());
        this.sequences = new TransactionSequences(database.numbers(), tx);
        this.advisoryLocks = database.advisory();
        this.advisoryOwner = advisoryOwner;
        this.startMicros = startMicros;
        this.readOnly = readOnly;
    }

    /** A statement begins: under READ COMMITTED it gets a fresh snapshot, which queries that still run do not see. */
    void beginStatement() {
        letCursorsFinish();
        tx.beginStatement();
        restartsBefore = sequences.mark();
    }

    private void letCursorsFinish() {
        for (QueryCursor cursor : cursors) {
            cursor.letAnotherBegin();
        }
    }

    // ---- catalog

    /** Whether it changed the catalog, so that others see another one. */
    boolean defines() {
        return defines;
    }

    /** Whether each of its statements sees the catalog that is committed then. */
    boolean seesCommittedCatalog() {
        return !defines && tx.isolation() == Isolation.READ_COMMITTED;
    }

    /** The catalog as this transaction sees it. */
    Catalog catalog() {
        if (seesCommittedCatalog()) {
            return catalogs.of(tx);
        }
        if (ownCatalog.isEmpty()) {
            // With one snapshot there is one catalog, which may be older than what the cache keeps.
            ownCatalog = Optional.of(defines ? catalogs.load(tx) : catalogs.of(tx));
        }
        return ownCatalog.get();
    }

    /** A definition is about to change the catalog, or has. */
    void defined() {
        defines = true;
        ownCatalog = Optional.empty();
    }

    /** Undoes the statement that began last, whose first write came after the mark. */
    void undoStatement(Mark mark) {
        undo(mark, restartsBefore);
    }

    private void undo(Mark mark, int restarts) {
        tx.rollbackTo(mark);
        sequences.rollbackTo(restarts);
        ownCatalog = Optional.empty();
    }

    // ---- savepoints

    void setSavepoint(String name, SessionSettings.State settings) {
        used = true;
        if (savepoints.isEmpty()) {
            savepoints = new ArrayList<>();
        }
        savepoints.add(new Savepoint(name, tx.mark(), sequences.mark(), settings));
    }

    /** Goes back to a savepoint; the settings as they were then. */
    SessionSettings.State rollbackTo(String name) {
        int i = find(name);
        letCursorsFinish();
        undo(savepoints.get(i).mark(), savepoints.get(i).restarts());
        savepoints.subList(i + 1, savepoints.size()).clear();
        return savepoints.get(i).settings();
    }

    /** Changes the settings that its savepoints remember. */
    void changeRemembered(UnaryOperator<SessionSettings.State> change) {
        if (!savepoints.isEmpty()) {
            savepoints.replaceAll(s -> new Savepoint(s.name(), s.mark(), s.restarts(), change.apply(s.settings())));
        }
    }

    void release(String name) {
        savepoints.subList(find(name), savepoints.size()).clear();
    }

    private int find(String name) {
        for (int i = savepoints.size() - 1; i >= 0; i--) {
            if (savepoints.get(i).name().equals(name)) {
                return i;
            }
        }
        throw new SqlException(SqlState.INVALID_SAVEPOINT, "there is no savepoint \"" + name + "\"");
    }

    // ---- advisory locks

    /** What holds the advisory locks that end with it. */
    AdvisoryLocks.Scope advisory() {
        if (advisory.isEmpty()) {
            advisory = Optional.of(new AdvisoryLocks.Scope(advisoryOwner));
        }
        return advisory.get();
    }

    // ---- cursors and the end

    void opened(QueryCursor cursor) {
        if (cursors.isEmpty()) {
            cursors = new ArrayList<>(1);
        }
        cursors.add(cursor);
    }

    void closed(QueryCursor cursor) {
        // The one opened last is most often the first to be closed.
        for (int i = cursors.size() - 1; i >= 0; i--) {
            if (cursors.get(i) == cursor) {
                cursors.remove(i);
                return;
            }
        }
    }

    void commit() {
        endCursors();
        try {
            sequences.write();
            if (defines) {
                catalogs.commit(tx);
            } else {
                tx.commit();
            }
        } catch (IllegalArgumentException e) {
            // The store says what is too large; rows and keys were looked at before, so it is the whole.
            throw new SqlException(
                    SqlState.PROGRAM_LIMIT, "the transaction was rolled back: it is " + e.getMessage(), e);
        } catch (UnknownOutcomeException e) {
            builds.leave();
            throw e;
        } finally {
            ended();
        }
    }

    void rollback() {
        endCursors();
        ended();
    }

    /** Rolls back what was not committed, and lets go of what was kept for it. */
    private void ended() {
        try {
            tx.rollback();
        } finally {
            try {
                builds.end();
            } finally {
                try {
                    sequences.end();
                } finally {
                    advisory.ifPresent(advisoryLocks::releaseAll);
                }
            }
        }
    }

    private void endCursors() {
        for (QueryCursor cursor : cursors) {
            cursor.endWithTransaction();
        }
        cursors = List.of();
    }
}

// What a statement does.
package org.mosslsm.sql.plan;

import java.util.List;
import java.util.Optional;
import org.mosslsm.sql.catalog.Index;
import org.mosslsm.sql.catalog.Table;
import org.mosslsm.sql.expr.ScalarExpr;
import org.mosslsm.sql.expr.Subplan;

/**
 * A statement with its names resolved. {@code P} is {@link LogicalPlan} between binder and optimiser, {@link
 * PhysicalPlan} after; subqueries in expressions hold a {@code P} too.
 *
 * <p>A <em>table row</em> below has the columns of {@code table.columns()}; a <em>full row</em> those of {@code
 * table.rowColumns()}: the hidden row id last, where there is one.
 */
public sealed interface StatementPlan<P extends Subplan> {

    /** Delivers rows; {@code locksRows} where it is a FOR UPDATE or has one inside: then all are read at once. */
    record Query<P extends Subplan>(P plan, boolean locksRows) implements StatementPlan<P> {}

    /**
     * INSERT. The source delivers table rows, defaults filled in and cast to the columns' types as an assignment;
     * NOT NULL is the executor's to check.
     *
     * @param generated for each column whether its identity gives the value
     * @param checks what must not be false for the new row
     * @param returning over the new row
     */
    record Insert<P extends Subplan>(
            Table table,
            P source,
            List<Generated> generated,
            List<Check> checks,
            Optional<OnConflict> onConflict,
            Optional<Returning> returning)
            implements StatementPlan<P> {
        /** Freezes the lists. */
        public Insert {
            generated = List.copyOf(generated);
            checks = List.copyOf(checks);
        }
    }

    /** Whether the identity of a column gives its value; the source holds NULL where it does. */
    enum Generated {
        /** The source gives the value. */
        NEVER,
        /** The identity gives it. */
        ALWAYS
    }

    /** A CHECK over the table row; violated when false, unknown passes. */
    record Check(String name, ScalarExpr condition) {}

    /** RETURNING over the new (DELETE: the old) table row, followed by what the source adds to the full row. */
    record Returning(List<ScalarExpr> expressions, List<PlanColumn> columns) {
        /** Freezes the lists. */
        public Returning {
            expressions = List.copyOf(expressions);
            columns = List.copyOf(columns);
        }
    }

    /**
     * What happens instead of a duplicate key.
     *
     * @param arbiter the index whose duplicate is meant; empty means any
     * @param update what to change; empty means nothing. It sees the existing table row, then the proposed one
     * @param replace whether the rows in the way are deleted, and the proposed one inserted
     */
    record OnConflict(Optional<Index> arbiter, Optional<ConflictUpdate> update, boolean replace) {}

    /** DO UPDATE; where the condition is not true the existing row stays. */
    record ConflictUpdate(List<Assignment> assignments, Optional<ScalarExpr> condition) {
        /** Freezes the list. */
        public ConflictUpdate {
            assignments = List.copyOf(assignments);
        }
    }

    /** A new value for the column at {@code ordinal} of the table row, cast to its type. */
    record Assignment(int ordinal, ScalarExpr value) {}

    /**
     * UPDATE. The source delivers full rows, each followed by the row of FROM it was joined with (none without FROM; a
     * table row may come more than once: the first counts). A row that changed since it was read is read again under
     * its lock and changed only if {@code condition} is true for it.
     *
     * @param assignments over the source's row
     * @param condition the whole WHERE, over the source's row; empty is true
     * @param checks over the new table row
     * @param returning over the new table row, followed by the row of FROM
     */
    record Update<P extends Subplan>(
            Table table,
            P source,
            List<Assignment> assignments,
            Optional<ScalarExpr> condition,
            List<Check> checks,
            Optional<Returning> returning)
            implements StatementPlan<P> {
        /** Freezes the lists. */
        public Update {
            assignments = List.copyOf(assignments);
            checks = List.copyOf(checks);
        }
    }

    /**
     * DELETE; source and condition as in {@link Update}.
     *
     * @param referenced whether foreign keys refer to the table, which ask for each row that goes
     * @param whole ranges of the primary index, all of whose rows go: set by the optimiser when nothing else decides
     *     which rows go and nobody asks which went, so that range tombstones may do it
     */
    record Delete<P extends Subplan>(
            Table table,
            P source,
            Optional<ScalarExpr> condition,
            boolean referenced,
            Optional<KeyRangeSpec> whole,
            Optional<Returning> returning)
            implements StatementPlan<P> {
        /** Whether the ranges go as a whole however few rows they hold: all keys there may ever be. */
        public boolean wholeTable() {
            return whole.isPresent() && whole.get().isAll() && !table.hasRowId();
        }
    }

    /** TRUNCATE. With {@code cascade} also tables that refer to these. */
    record Truncate<P extends Subplan>(List<Table> tables, boolean restartIdentity, boolean cascade)
            implements StatementPlan<P> {
        /** Freezes the list. */
        public Truncate {
            tables = List.copyOf(tables);
        }
    }

    /**
     * INSERT, UPDATE or DELETE as a WITH query.
     *
     * @param name what the statement calls it
     * @param rows reads the rows of RETURNING, which has no columns where there is none
     */
    record CommonChange<P extends Subplan>(String name, P rows, StatementPlan<P> change) {}

    /**
     * A statement after the changes of its WITH. All read what was there before the first of them, and the rows that those
     * before them return.
     *
     * @param changes in the order in which they are done
     */
    record WithChanges<P extends Subplan>(List<CommonChange<P>> changes, StatementPlan<P> main)
            implements StatementPlan<P> {
        /** Freezes the list. */
        public WithChanges {
            changes = List.copyOf(changes);
        }
    }

    /** CREATE TABLE AS; without data it creates the table only. */
    record CreateTableAs<P extends Subplan>(DefinitionPlan.CreateTable table, P query, boolean withData)
            implements StatementPlan<P> {}

    /** A change of the catalog. */
    record Define<P extends Subplan>(DefinitionPlan definition) implements StatementPlan<P> {}

    /** A statement about the transaction or the session. */
    record Control<P extends Subplan>(ControlPlan control) implements StatementPlan<P> {}

    /** EXPLAIN: the text of {@link Explain} as rows, or one JSON document; with {@code analyze} the statement runs first. */
    record ExplainPlan<P extends Subplan>(boolean analyze, boolean json, StatementPlan<P> statement)
            implements StatementPlan<P> {}
}

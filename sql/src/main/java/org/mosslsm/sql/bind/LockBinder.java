// FOR UPDATE and FOR SHARE.
package org.mosslsm.sql.bind;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.mosslsm.sql.ast.Identifier;
import org.mosslsm.sql.ast.Position;
import org.mosslsm.sql.ast.Query;
import org.mosslsm.sql.error.SqlException;
import org.mosslsm.sql.error.SqlState;
import org.mosslsm.sql.expr.ScalarExpr;
import org.mosslsm.sql.plan.JoinKind;
import org.mosslsm.sql.plan.LogicalPlan;

/**
 * Finds the tables of a FROM whose rows are locked, and the conditions that a row that changed meanwhile must meet: WHERE,
 * and what inner joins ask.
 */
final class LockBinder {
    private final Query.RowLock lock;
    private final Position position;
    private final Set<String> wanted = new HashSet<>();
    private final List<LogicalPlan.LockedTable> tables = new ArrayList<>();
    private final List<ScalarExpr> conditions = new ArrayList<>();

    private LockBinder(Query.RowLock lock, Position position) {
        this.lock = lock;
        this.position = position;
        lock.of().forEach(name -> wanted.add(name.value()));
    }

    /** Refuses what cannot be locked. */
    static void require(boolean lockable, String what, Position position) {
        if (!lockable) {
            throw SqlException.notSupported("FOR UPDATE with " + what).at(position.line(), position.column());
        }
    }

    /**
     * Rows locked.
     *
     * @param rows of FROM and WHERE, sorted
     * @param from what FROM alone became, with its full rows
     */
    static LogicalPlan bind(
            LogicalPlan rows, LogicalPlan from, Optional<ScalarExpr> where, Query.RowLock lock, Position position) {
        LockBinder binder = new LockBinder(lock, position);
        where.ifPresent(binder.conditions::add);
        binder.walk(from, 0, false);
        for (Identifier name : lock.of()) {
            if (binder.wanted.contains(name.value())) {
                throw new SqlException(
                        SqlState.UNDEFINED_TABLE,
                        "\"" + name + "\" of FOR UPDATE is no table of FROM",
                        name.position().line(),
                        name.position().column());
            }
        }
        LogicalPlan.LockRows.WhenLocked whenLocked =
                switch (lock.whenLocked()) {
                    case WAIT -> LogicalPlan.LockRows.WhenLocked.WAIT;
                    case NOWAIT -> LogicalPlan.LockRows.WhenLocked.FAIL;
                    case SKIP_LOCKED -> LogicalPlan.LockRows.WhenLocked.SKIP;
                };
        return binder.tables.isEmpty()
                ? rows
                : new LogicalPlan.LockRows(rows, binder.tables, binder.conditions, lock.exclusive(), whenLocked);
    }

    private void walk(LogicalPlan plan, int offset, boolean nullable) {
        if (plan instanceof LogicalPlan.Join j) {
            boolean inner = j.kind() == JoinKind.INNER && !nullable;
            if (inner) {
                j.condition().ifPresent(c -> conditions.add(Scope.shift(c, offset)));
            }
            walk(j.left(), offset, nullable || j.kind().keepsRight());
            walk(j.right(), offset + j.left().width(), nullable || j.kind().keepsLeft());
        } else if (plan instanceof LogicalPlan.TableScan s) {
            if (isWanted(s.alias())) {
                require(!nullable, "the side of an outer join that may be missing", position);
                tables.add(new LogicalPlan.LockedTable(s.table(), row(s, offset)));
            }
        } else if (lock.of().isEmpty() && !(plan instanceof LogicalPlan.Values)) {
            require(false, "a view or subquery in FROM (say which tables with OF)", position);
        }
    }

    private boolean isWanted(String alias) {
        return lock.of().isEmpty() || wanted.remove(alias);
    }

    private static List<ScalarExpr> row(LogicalPlan.TableScan s, int offset) {
        List<ScalarExpr> row = new ArrayList<>();
        for (int i = 0; i < s.width(); i++) {
            row.add(new ScalarExpr.ColumnRef(
                    offset + i, s.table().rowColumns().get(s.ordinals().get(i)).type()));
        }
        return row;
    }
}

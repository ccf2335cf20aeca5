// Statements around queries.
package org.mosslsm.sql.optimize;

import java.util.List;
import java.util.Optional;
import org.mosslsm.sql.expr.Folding;
import org.mosslsm.sql.expr.ScalarExpr;
import org.mosslsm.sql.plan.KeyRangeSpec;
import org.mosslsm.sql.plan.LogicalPlan;
import org.mosslsm.sql.plan.PhysicalPlan;
import org.mosslsm.sql.plan.StatementPlan;

/** Makes every query and subquery of a statement physical. */
final class StatementOptimizer {
    private final QueryOptimizer queries;

    StatementOptimizer(QueryOptimizer queries) {
        this.queries = queries;
    }

    StatementPlan<PhysicalPlan> optimize(StatementPlan<LogicalPlan> statement) {
        if (statement instanceof StatementPlan.Query<LogicalPlan> s) {
            return new StatementPlan.Query<>(queries.optimize(s.plan()), s.locksRows());
        }
        if (statement instanceof StatementPlan.Insert<LogicalPlan> s) {
            return new StatementPlan.Insert<>(
                    s.table(),
                    queries.optimize(s.source()),
                    s.generated(),
                    s.checks(),
                    s.onConflict().map(this::onConflict),
                    s.returning().map(this::returning));
        }
        if (statement instanceof StatementPlan.Update<LogicalPlan> s) {
            return new StatementPlan.Update<>(
                    s.table(),
                    queries.optimize(s.source()),
                    assignments(s.assignments()),
                    s.condition().map(this::expression),
                    s.checks(),
                    s.returning().map(this::returning));
        }
        if (statement instanceof StatementPlan.Delete<LogicalPlan> s) {
            PhysicalPlan source = queries.optimize(s.source());
            return new StatementPlan.Delete<>(
                    s.table(),
                    source,
                    s.condition().map(this::expression),
                    s.referenced(),
                    whole(s, source),
                    s.returning().map(this::returning));
        }
        if (statement instanceof StatementPlan.WithChanges<LogicalPlan> s) {
            return new StatementPlan.WithChanges<>(
                    s.changes().stream()
                            .map(c -> new StatementPlan.CommonChange<>(
                                    c.name(), queries.optimize(c.rows()), optimize(c.change())))
                            .toList(),
                    optimize(s.main()));
        }
        if (statement instanceof StatementPlan.Truncate<LogicalPlan> s) {
            return new StatementPlan.Truncate<>(s.tables(), s.restartIdentity(), s.cascade());
        }
        if (statement instanceof StatementPlan.CreateTableAs<LogicalPlan> s) {
            return new StatementPlan.CreateTableAs<>(s.table(), queries.optimize(s.query()), s.withData());
        }
        if (statement instanceof StatementPlan.Define<LogicalPlan> s) {
            return new StatementPlan.Define<>(s.definition());
        }
        if (statement instanceof StatementPlan.Control<LogicalPlan> s) {
            return new StatementPlan.Control<>(s.control());
        }
        StatementPlan.ExplainPlan<LogicalPlan> explain = (StatementPlan.ExplainPlan<LogicalPlan>) statement;
        return new StatementPlan.ExplainPlan<>(explain.analyze(), explain.json(), optimize(explain.statement()));
    }

    /** The ranges of the primary index that a DELETE empties, when they alone decide what goes and nobody asks for rows. */
    private static Optional<KeyRangeSpec> whole(StatementPlan.Delete<LogicalPlan> s, PhysicalPlan source) {
        return source instanceof PhysicalPlan.IndexScan scan
                        && scan.index().id() == s.table().primary().id()
                        && scan.filter().isEmpty()
                        && scan.entryFilter().isEmpty()
                        && s.returning().isEmpty()
                        && !s.referenced()
                ? Optional.of(scan.ranges())
                : Optional.empty();
    }

    private ScalarExpr expression(ScalarExpr e) {
        return queries.expression(Folding.fold(e));
    }

    private List<StatementPlan.Assignment> assignments(List<StatementPlan.Assignment> list) {
        return list.stream()
                .map(a -> new StatementPlan.Assignment(a.ordinal(), expression(a.value())))
                .toList();
    }

    private StatementPlan.OnConflict onConflict(StatementPlan.OnConflict c) {
        return new StatementPlan.OnConflict(
                c.arbiter(),
                c.update()
                        .map(u -> new StatementPlan.ConflictUpdate(
                                assignments(u.assignments()), u.condition().map(this::expression))),
                c.replace());
    }

    private StatementPlan.Returning returning(StatementPlan.Returning r) {
        return new StatementPlan.Returning(
                r.expressions().stream().map(this::expression).toList(), r.columns());
    }
}

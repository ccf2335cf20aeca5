// EXPLAIN on a session.
package org.mosslsm.sql;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import org.mosslsm.sql.catalog.Catalog;
import org.mosslsm.sql.exec.ExecutionContext;
import org.mosslsm.sql.exec.Profile;
import org.mosslsm.sql.exec.RowEnumerator;
import org.mosslsm.sql.exec.dml.ChangeContext;
import org.mosslsm.sql.exec.dml.ChangeResult;
import org.mosslsm.sql.exec.dml.ChangeStatement;
import org.mosslsm.sql.exec.dml.ChangesTogether;
import org.mosslsm.sql.plan.Explain;
import org.mosslsm.sql.plan.ExplainJson;
import org.mosslsm.sql.plan.NodeFigures;
import org.mosslsm.sql.plan.PhysicalPlan;
import org.mosslsm.sql.plan.StatementPlan;

/** Shows the plan of a statement; with ANALYZE runs it first, its rows counted and dropped, each node watched. */
final class ExplainRun {
    private final ToDoubleFunction<PhysicalPlan> expected;
    private final Catalog catalog;

    ExplainRun(ToDoubleFunction<PhysicalPlan> expected, Catalog catalog) {
        this.expected = expected;
        this.catalog = catalog;
    }

    List<String> lines(
            StatementPlan.ExplainPlan<PhysicalPlan> explain,
            ExecutionContext context,
            Function<ExecutionContext, ChangeContext> changes) {
        StatementPlan<PhysicalPlan> statement = explain.statement();
        Function<PhysicalPlan, NodeFigures> figures = p -> NodeFigures.expecting(expected.applyAsDouble(p));
        List<String> total = new ArrayList<>();
        if (explain.analyze()) {
            Profile profile = new Profile();
            long start = System.nanoTime();
            long rows;
            try (ExecutionContext watched = context.watchedBy(profile)) {
                rows = run(statement, watched, changes);
            }
            double millis = (System.nanoTime() - start) / 1e6;
            total.add(String.format(Locale.ROOT, "total: %d rows, %.3f ms", rows, millis));
            figures = p -> {
                Profile.Node n = profile.of(p);
                return new NodeFigures(
                        expected.applyAsDouble(p),
                        true,
                        n.loops(),
                        n.rows(),
                        n.nanos(),
                        new NodeFigures.Memory(n.heldBytes(), n.files(), n.spilledRows(), n.spilledBytes()));
            };
        }
        if (explain.json()) {
            return List.of(ExplainJson.text(statement, figures));
        }
        List<String> lines =
                new ArrayList<>(explain.analyze() ? Explain.lines(statement, figures) : Explain.lines(statement));
        lines.addAll(total);
        return lines;
    }

    private long run(
            StatementPlan<PhysicalPlan> statement,
            ExecutionContext context,
            Function<ExecutionContext, ChangeContext> changes) {
        if (statement instanceof StatementPlan.WithChanges<PhysicalPlan> w) {
            ChangesTogether before = new ChangesTogether(w, StatementCompiler.accesses(catalog));
            ChangeContext all = changes.apply(context);
            return w.main() instanceof StatementPlan.Query<PhysicalPlan>
                    ? before.beforeQuery(all, () -> run(w.main(), context, x -> all), rows -> {})
                    : before.beforeChange(all, together -> run(w.main(), context, x -> together));
        }
        if (statement instanceof StatementPlan.Query<PhysicalPlan> query) {
            try (RowEnumerator rows = context.plans().operator(query.plan()).open(context)) {
                while (rows.moveNext()) {
                    context.checkCancelled();
                }
                return rows.rows();
            }
        }
        ChangeStatement change = ChangeStatement.compile(statement, StatementCompiler.accesses(catalog));
        try (ChangeResult result = change.run(changes.apply(context))) {
            return result.count();
        }
    }
}

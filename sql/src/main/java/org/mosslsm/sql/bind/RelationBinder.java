// FROM.
package org.mosslsm.sql.bind;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.mosslsm.sql.ast.DataChange;
import org.mosslsm.sql.ast.Identifier;
import org.mosslsm.sql.ast.Position;
import org.mosslsm.sql.ast.QualifiedName;
import org.mosslsm.sql.ast.Query;
import org.mosslsm.sql.ast.Relation;
import org.mosslsm.sql.catalog.Sequence;
import org.mosslsm.sql.catalog.Table;
import org.mosslsm.sql.catalog.View;
import org.mosslsm.sql.error.SqlException;
import org.mosslsm.sql.error.SqlState;
import org.mosslsm.sql.expr.ScalarExpr;
import org.mosslsm.sql.plan.CommonQuery;
import org.mosslsm.sql.plan.JoinKind;
import org.mosslsm.sql.plan.LogicalPlan;
import org.mosslsm.sql.plan.LogicalTrees;
import org.mosslsm.sql.plan.PlanColumn;
import org.mosslsm.sql.plan.StatementPlan;

/** Binds the relations of FROM: each becomes a plan and the scope of its columns. */
final class RelationBinder {
    private final BindContext context;
    private final Surroundings around;
    private final boolean full;

    RelationBinder(BindContext context, Surroundings around) {
        this(context, around, false);
    }

    /** With {@code full}, the tables of FROM deliver their hidden row ids too, which no name reaches. */
    RelationBinder(BindContext context, Surroundings around, boolean full) {
        this.context = context;
        this.around = around;
        this.full = full;
    }

    /** A plan, and the names of its columns. */
    record Bound(LogicalPlan plan, Scope scope) {}

    /** The items of FROM, comma between them; without any, one row without columns. */
    Bound bind(List<Relation> from) {
        if (from.isEmpty()) {
            context.expansion().relation(0);
            return new Bound(LogicalPlan.Values.oneRow(), Scope.empty(around));
        }
        Bound result = bind(from.get(0));
        for (int i = 1; i < from.size(); i++) {
            result = join(JoinKind.INNER, result, bind(from.get(i)), from.get(i).position());
        }
        return result;
    }

    Bound bind(Relation relation) {
        if (relation instanceof Relation.Join j) {
            return new JoinBinder(context).bind(j, bind(j.left()), bind(j.right()));
        }
        Bound bound;
        if (relation instanceof Relation.TableName t) {
            bound = tableName(t);
        } else if (relation instanceof Relation.Derived d) {
            LogicalPlan plan = new QueryBinder(context).bindKnown(d.query(), around);
            bound = aliased(plan, d.alias(), "", Optional.empty(), d.position());
        } else {
            Relation.Function f = (Relation.Function) relation;
            LogicalPlan plan = TableFunctions.bind(f, context, around);
            bound = aliased(plan, f.alias(), plan.columns().get(0).name(), Optional.empty(), f.position());
        }
        context.expansion().relation(bound.plan().width());
        return bound;
    }

    // ---- names

    private Bound tableName(Relation.TableName t) {
        QualifiedName name = t.name();
        if (name.parts().size() == 1) {
            Optional<CommonTables.Found> common = around.tables().find(name.last());
            if (common.isPresent()) {
                return commonTable(common.get(), t);
            }
        }
        if (CatalogNames.schema(context, name).equals(InformationSchema.NAME)) {
            Optional<LogicalPlan> information = InformationSchema.view(context, name.last());
            if (information.isPresent()) {
                return aliased(
                        information.get(), t.alias(), name.last(), Optional.of(InformationSchema.NAME), t.position());
            }
        }
        Optional<View> view = CatalogNames.view(context, name);
        if (view.isPresent()) {
            LogicalPlan plan = view(view.get(), name.position());
            return aliased(
                    plan, t.alias(), view.get().name(), Optional.of(view.get().schema()), t.position());
        }
        Optional<Sequence> sequence = context.catalog().sequence(CatalogNames.schema(context, name), name.last());
        if (sequence.isPresent()) {
            return aliased(
                    SequenceRelation.row(sequence.get()),
                    t.alias(),
                    sequence.get().name(),
                    Optional.of(sequence.get().schema()),
                    t.position());
        }
        Table table = CatalogNames.table(context, name);
        String alias = t.alias().map(a -> a.name().value()).orElse(table.name());
        LogicalPlan.TableScan scan = TableColumns.scan(table, alias);
        Bound bound = aliased(scan, t.alias(), table.name(), Optional.of(table.schema()), t.position());
        LogicalPlan.TableScan rows = full ? TableColumns.fullScan(table, alias) : scan;
        return new Bound(rows, bound.scope().withTable(new Scope.BaseTable(table, 0)));
    }

    private Bound commonTable(CommonTables.Found found, Relation.TableName use) {
        String name = found.table().name().value();
        return aliased(commonRows(found, use.position()), use.alias(), name, Optional.empty(), use.position());
    }

    /**
     * A WITH query where it is used. It is bound once, for all uses, but for one that reads from the query around it and one
     * that says NOT MATERIALIZED: these are bound, and run, for each use, unless they draw.
     */
    private LogicalPlan commonRows(CommonTables.Found found, Position use) {
        Query.CommonTable table = found.table();
        context.used().add(table);
        Optional<CommonQuery> known = context.commonQuery(table);
        if (known.isPresent()) {
            if (known.get().plan().width() == 0) {
                throw SqlException.notSupported("using \"" + table.name().value() + "\", which has no RETURNING,")
                        .at(use.line(), use.column());
            }
            if (known.get().correlated()) {
                found.outer().orElseThrow().noteRead();
            }
            return known.get().use();
        }
        Optional<Outer> outer =
                found.outer().map(its -> around.outer().orElseThrow().further(its));
        Runnable forgetBound = context.markBound(found.visible());
        int before = outer.map(Outer::reads).orElse(0);
        LogicalPlan rows = commonPlan(found, outer, use);
        boolean correlated = outer.map(Outer::reads).orElse(0) > before;
        boolean drawn = LogicalTrees.volatileFunction(rows).isPresent();
        if (correlated && drawn && outer.get() != found.outer().get()) {
            // What all uses share reads the slots of the query that holds it, not those of the queries on the way to
            // one use.
            forgetBound.run();
            rows = commonPlan(found, found.outer(), use);
        }
        boolean each = correlated || !table.materialized().orElse(true);
        Optional<CommonQuery> shared = each && !drawn
                ? Optional.empty()
                : Optional.of(new CommonQuery(
                        table.name().value(), rows, table.materialized().orElse(false), correlated));
        context.noteBound(table, shared);
        return shared.map(CommonQuery::use).orElse(rows);
    }

    private LogicalPlan commonPlan(CommonTables.Found found, Optional<Outer> outer, Position use) {
        Query.CommonTable table = found.table();
        context.expansion().enter();
        List<Outer> asked = context.aggregatesSeeing(table);
        asked.forEach(Outer::enterCommon);
        try {
            LogicalPlan plan =
                    new QueryBinder(context).bindKnown(table.query(), new Surroundings(found.visible(), outer));
            return rename(plan, table.columns(), table.name().value(), use);
        } finally {
            asked.forEach(Outer::leaveCommon);
            context.expansion().leave();
        }
    }

    /**
     * Binds the changes among WITH queries, in their order, which is that in which they are done. What they return is for
     * those that come after to read.
     */
    static void bindChanges(BindContext context, List<Query.CommonTable> with) {
        for (Query.CommonTable table : with) {
            if (table.body() instanceof DataChange change && !context.isBound(table)) {
                StatementPlan<LogicalPlan> plan = new ChangeBinder(context).bind(change);
                String name = table.name().value();
                // A plan that only says which columns there are: the execution knows the rows.
                LogicalPlan rows = new LogicalPlan.Values(List.of(), returned(plan));
                if (rows.width() > 0) {
                    rows = rename(rows, table.columns(), name, change.position());
                }
                CommonQuery common = new CommonQuery(name, rows, true, false);
                context.noteBound(table, Optional.of(common));
                context.addChange(new StatementPlan.CommonChange<>(name, common.use(), plan));
            }
        }
    }

    private static List<PlanColumn> returned(StatementPlan<LogicalPlan> change) {
        Optional<StatementPlan.Returning> returning = Optional.empty();
        if (change instanceof StatementPlan.Insert<LogicalPlan> s) {
            returning = s.returning();
        } else if (change instanceof StatementPlan.Update<LogicalPlan> s) {
            returning = s.returning();
        } else if (change instanceof StatementPlan.Delete<LogicalPlan> s) {
            returning = s.returning();
        }
        return returning.map(StatementPlan.Returning::columns).orElse(List.of());
    }

    /** Binds a WITH query that nobody used, to know that it has a meaning. */
    static void bindUnused(BindContext context, CommonTables.Found found) {
        Query.CommonTable table = found.table();
        if (!context.isBound(table)) {
            Surroundings inside = new Surroundings(found.visible(), found.outer());
            Position at = table.body().position();
            context.apart(new RelationBinder(context, inside).commonPlan(found, found.outer(), at));
        }
    }

    LogicalPlan view(View view, Position use) {
        return context.inside(view, use, () -> {
            LogicalPlan plan =
                    new QueryBinder(context).bindKnown(context.texts().query(view.text()), Surroundings.NONE);
            return fitView(view, plan);
        });
    }

    /**
     * The columns of a view. Where its stars are not known a star may stand for more columns today than when the view was
     * made; those it had count.
     */
    private static LogicalPlan fitView(View view, LogicalPlan plan) {
        LogicalPlan fitted = plan.width() == view.columns().size()
                ? plan
                : Plans.select(plan, OlderViews.positions(view.columns(), plan.columns()));
        return withNames(fitted, view.columns());
    }

    // ---- aliases

    private Bound aliased(
            LogicalPlan plan, Optional<Relation.Alias> alias, String name, Optional<String> schema, Position position) {
        if (alias.isEmpty()) {
            return new Bound(plan, Scope.of(name, schema, plan.columns(), around));
        }
        List<String> names = names(alias.get().columns());
        requireAtMost(names, plan, alias.get().name().value(), position);
        List<PlanColumn> columns = Plans.named(plan.columns(), names);
        return new Bound(plan, Scope.of(alias.get().name().value(), Optional.empty(), columns, around));
    }

    private static LogicalPlan rename(LogicalPlan plan, List<Identifier> names, String relation, Position position) {
        requireAtMost(names(names), plan, relation, position);
        return withNames(plan, names(names));
    }

    /** The plan with its columns called so; the names may be fewer than the columns. */
    static LogicalPlan withNames(LogicalPlan plan, List<String> names) {
        List<PlanColumn> columns = Plans.named(plan.columns(), names);
        if (columns.equals(plan.columns())) {
            return plan;
        }
        if (plan instanceof LogicalPlan.Project p) {
            return new LogicalPlan.Project(p.input(), p.expressions(), columns);
        }
        List<ScalarExpr> refs = new ArrayList<>();
        for (int i = 0; i < columns.size(); i++) {
            refs.add(Plans.column(plan, i));
        }
        return new LogicalPlan.Project(plan, refs, columns);
    }

    static List<String> names(List<Identifier> identifiers) {
        return identifiers.stream().map(Identifier::value).toList();
    }

    private static void requireAtMost(List<String> names, LogicalPlan plan, String relation, Position position) {
        if (names.size() > plan.width()) {
            throw new SqlException(
                    SqlState.INVALID_COLUMN_REFERENCE,
                    "\"" + relation + "\" has " + plan.width() + " columns, but " + names.size() + " names are given",
                    position.line(),
                    position.column());
        }
    }

    // ---- joins without condition

    /** Two relations side by side. */
    static Bound join(JoinKind kind, Bound left, Bound right, Position position) {
        requireDistinctNames(left.scope(), right.scope(), position);
        Scope scope = left.scope().join(right.scope(), left.plan().width(), kind.keepsRight(), kind.keepsLeft());
        return new Bound(new LogicalPlan.Join(kind, left.plan(), right.plan(), Optional.empty()), scope);
    }

    private static boolean hasRelation(Scope scope, Scope.Entry of) {
        for (Scope.Entry e : scope.entries()) {
            if (sameRelation(e, of)) {
                return true;
            }
        }
        return false;
    }

    private static boolean sameRelation(Scope.Entry a, Scope.Entry b) {
        return a.relation().equals(b.relation()) && a.schema().equals(b.schema());
    }

    private static void requireDistinctNames(Scope left, Scope right, Position position) {
        Scope.Entry last = null;
        for (Scope.Entry e : right.entries()) {
            if (last != null && sameRelation(last, e)) {
                continue;
            }
            last = e;
            if (!e.relation().isEmpty() && hasRelation(left, e)) {
                throw new SqlException(
                        SqlState.DUPLICATE_ALIAS,
                        "\"" + e.relation() + "\" stands in FROM more than once: give one of them an alias",
                        position.line(),
                        position.column());
            }
        }
    }
}

// EXPLAIN.
package org.mosslsm.sql.plan;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.mosslsm.sql.catalog.Index;
import org.mosslsm.sql.catalog.Table;
import org.mosslsm.sql.expr.ExprTrees;
import org.mosslsm.sql.expr.ScalarExpr;
import org.mosslsm.sql.expr.SlotBinding;
import org.mosslsm.sql.expr.Subplan;

/**
 * Writes physical plans as indented lines, a node a line, inputs below. A scan shows its index ({@code pk} for the
 * primary key, {@code rows} where there is none), its key ranges in SQL values and what is left to filter:
 *
 * <pre>
 * sort name
 *   scan track (pk) track_id=[100..110] filter: milliseconds &gt; 300000
 * </pre>
 */
public final class Explain {
    private final List<String> lines = new ArrayList<>();
    private final Set<PhysicalPlan> commonQueries = Collections.newSetFromMap(new IdentityHashMap<>());

    private final Function<PhysicalPlan, String> note;

    private Explain(Function<PhysicalPlan, String> note) {
        this.note = note;
    }

    /** The lines for a statement. */
    public static List<String> lines(StatementPlan<PhysicalPlan> statement) {
        Explain explain = new Explain(p -> "");
        explain.statement(statement);
        return explain.lines;
    }

    /** The lines for a statement, with figures behind each node. */
    public static List<String> lines(
            StatementPlan<PhysicalPlan> statement, Function<PhysicalPlan, NodeFigures> figures) {
        Explain explain = new Explain(p -> figures.apply(p).text());
        explain.statement(statement);
        return explain.lines;
    }

    /** What stands in plans for the rows of a statement's changes: no query, and never shown as one. */
    static List<PhysicalPlan> givenBy(StatementPlan.WithChanges<PhysicalPlan> statement) {
        return statement.changes().stream()
                .map(c -> ((PhysicalPlan.CommonScan) c.rows()).query())
                .toList();
    }

    /** The plan whose rows a statement takes; null where it takes none. */
    static PhysicalPlan source(StatementPlan<PhysicalPlan> statement) {
        if (statement instanceof StatementPlan.Query<PhysicalPlan> s) {
            return s.plan();
        }
        if (statement instanceof StatementPlan.Insert<PhysicalPlan> s) {
            return s.source();
        }
        if (statement instanceof StatementPlan.Update<PhysicalPlan> s) {
            return s.source();
        }
        if (statement instanceof StatementPlan.Delete<PhysicalPlan> s) {
            return s.source();
        }
        return statement instanceof StatementPlan.CreateTableAs<PhysicalPlan> s ? s.query() : null;
    }

    private void statement(StatementPlan<PhysicalPlan> statement) {
        if (statement instanceof StatementPlan.Query<PhysicalPlan> s) {
            node(s.plan(), 0);
        } else if (change(statement).isPresent()) {
            ExplainChange change = change(statement).get();
            lines.add(change.head);
            node(source(statement), 1);
            change.parts.forEach(p -> lines.add("  " + p));
            subplans(change.subplans, 1);
        } else if (statement instanceof StatementPlan.CreateTableAs<PhysicalPlan> s) {
            lines.add("create table " + s.table().name());
            node(s.query(), 1);
        } else if (statement instanceof StatementPlan.WithChanges<PhysicalPlan> s) {
            commonQueries.addAll(givenBy(s));
            statement(s.main());
            for (StatementPlan.CommonChange<PhysicalPlan> c : s.changes()) {
                lines.add("with " + c.name());
                int first = lines.size();
                statement(c.change());
                lines.subList(first, lines.size()).replaceAll(line -> "  " + line);
            }
        } else if (statement instanceof StatementPlan.ExplainPlan<PhysicalPlan> s) {
            statement(s.statement());
        } else {
            lines.add("nothing to plan");
        }
    }

    /** A change in words; empty for other statements. */
    static Optional<ExplainChange> change(StatementPlan<PhysicalPlan> statement) {
        if (statement instanceof StatementPlan.Insert<PhysicalPlan> s) {
            return Optional.of(new ExplainChange(s));
        }
        if (statement instanceof StatementPlan.Update<PhysicalPlan> s) {
            return Optional.of(new ExplainChange(s));
        }
        return statement instanceof StatementPlan.Delete<PhysicalPlan> s
                ? Optional.of(new ExplainChange(s))
                : Optional.empty();
    }

    private void node(PhysicalPlan plan, int depth) {
        List<Subplan> subplans = new ArrayList<>();
        lines.add("  ".repeat(depth) + describe(plan, subplans) + note.apply(plan));
        inputs(plan, commonQueries).forEach(in -> node(in, depth + 1));
        subplans(subplans, depth + 1);
    }

    /** What is written below a node: its inputs, and the plan of a WITH query where it is met first. */
    static List<PhysicalPlan> inputs(PhysicalPlan plan, Set<PhysicalPlan> seen) {
        return plan instanceof PhysicalPlan.CommonScan c && seen.add(c.query()) ? List.of(c.query()) : plan.inputs();
    }

    private void subplans(List<Subplan> subplans, int depth) {
        for (int i = 0; i < subplans.size(); i++) {
            lines.add("  ".repeat(depth) + "subquery " + (i + 1));
            if (subplans.get(i) instanceof PhysicalPlan p) {
                node(p, depth + 1);
            }
        }
    }

    /** What a node does, in a line; the subqueries of its expressions are added to {@code subplans}. */
    static String describe(PhysicalPlan plan, List<Subplan> subplans) {
        ExprText own = new ExprText(plan.columns(), subplans);
        if (plan instanceof PhysicalPlan.IndexScan s) {
            return scan(s, own);
        }
        if (plan instanceof PhysicalPlan.IndexUnion u) {
            String parts = u.parts().stream()
                    .map(p -> source(u.table(), u.alias(), p.index()) + " "
                            + new RangeText(own).of(u.table(), p.index(), p.ranges()))
                    .collect(Collectors.joining(" and "));
            return "union of " + parts
                    + u.filter().map(f -> " filter: " + own.of(f)).orElse("");
        }
        if (plan instanceof PhysicalPlan.CountEntries c) {
            return "count entries of " + source(c.table(), c.alias(), c.index()) + " "
                    + new RangeText(own).of(c.table(), c.index(), c.ranges());
        }
        if (plan instanceof PhysicalPlan.LeadingValues l) {
            return "leading values of " + source(l.table(), l.alias(), l.index()) + (l.backward() ? " backward" : "");
        }
        if (plan instanceof PhysicalPlan.CommonScan c) {
            return "rows of with " + c.name();
        }
        if (plan instanceof PhysicalPlan.Series s) {
            ExprText none = new ExprText(List.of(), subplans);
            return "series " + none.of(s.first()) + " to " + none.of(s.last()) + " by " + none.of(s.step());
        }
        if (plan instanceof PhysicalPlan.Values v) {
            v.rows().forEach(r -> r.forEach(own::note));
            return "values: " + v.rows().size() + (v.rows().size() == 1 ? " row" : " rows");
        }
        if (plan instanceof PhysicalPlan.NestedLoopJoin j) {
            return "nested loop join" + kind(j.kind()) + condition(j.condition(), pair(j.left(), j.right(), subplans));
        }
        if (plan instanceof PhysicalPlan.LookupJoin j) {
            ExprText left = new ExprText(j.left().columns(), subplans);
            return "lookup join" + kind(j.kind()) + " " + bindings(j.bindings(), left)
                    + condition(j.condition(), pair(j.left(), j.right(), subplans));
        }
        if (plan instanceof PhysicalPlan.HashJoin j) {
            return "hash join" + kind(j.kind()) + " "
                    + keys(j.left(), j.right(), j.leftKeys(), j.rightKeys(), j.condition(), subplans);
        }
        if (plan instanceof PhysicalPlan.MergeJoin j) {
            return "merge join" + kind(j.kind()) + " "
                    + keys(j.left(), j.right(), j.leftKeys(), j.rightKeys(), j.condition(), subplans);
        }
        if (plan instanceof PhysicalPlan.Concat) {
            return "union all";
        }
        if (plan instanceof PhysicalPlan.SetOperation s) {
            return s.kind().name().toLowerCase(java.util.Locale.ROOT) + (s.all() ? " all" : "");
        }
        return unary(plan, new ExprText(plan.inputs().get(0).columns(), subplans));
    }

    private static String unary(PhysicalPlan plan, ExprText input) {
        if (plan instanceof PhysicalPlan.Filter f) {
            return "filter " + input.of(f.predicate());
        }
        if (plan instanceof PhysicalPlan.Project p) {
            return "project " + input.list(p.expressions());
        }
        if (plan instanceof PhysicalPlan.Sort s) {
            return "sort " + keys(s.keys(), input);
        }
        if (plan instanceof PhysicalPlan.TopN t) {
            return "top " + input.of(t.count())
                    + t.offset().map(o -> " offset " + input.of(o)).orElse("") + " by " + keys(t.keys(), input);
        }
        if (plan instanceof PhysicalPlan.Limit l) {
            return "limit"
                    + l.count().map(c -> " " + input.of(c)).orElse("")
                    + l.offset().map(o -> " offset " + input.of(o)).orElse("");
        }
        if (plan instanceof PhysicalPlan.LockRows l) {
            return "lock " + l.tables().stream().map(t -> t.table().name()).collect(Collectors.joining(", "))
                    + (l.exclusive() ? "" : " shared");
        }
        if (plan instanceof PhysicalPlan.DistinctOn d) {
            return "distinct on " + input.list(d.keys());
        }
        if (plan instanceof PhysicalPlan.LimitWithTies l) {
            return "limit " + input.of(l.count()) + " with ties"
                    + l.offset().map(o -> " offset " + input.of(o)).orElse("");
        }
        if (plan instanceof PhysicalPlan.Distinct d) {
            return d.sorted() ? "distinct (sorted)" : "distinct";
        }
        PhysicalPlan.Aggregate a = (PhysicalPlan.Aggregate) plan;
        String calls = a.calls().stream().map(input::aggregate).collect(Collectors.joining(", "));
        String by = a.keys().isEmpty() ? "" : " by " + input.list(a.keys());
        return "aggregate" + (a.sorted() && !a.keys().isEmpty() ? " (sorted)" : "")
                + (calls.isEmpty() ? "" : " " + calls) + by;
    }

    private static String scan(PhysicalPlan.IndexScan s, ExprText own) {
        StringBuilder text = new StringBuilder("scan ").append(source(s.table(), s.alias(), s.index()));
        boolean primary = s.index().id() == s.table().primary().id();
        text.append(' ').append(new RangeText(own).of(s.table(), s.index(), s.ranges()));
        if (s.backward()) {
            text.append(" backward");
        }
        if (!primary && s.covering()) {
            text.append(" covering");
        }
        s.entryFilter().ifPresent(f -> text.append(" entry filter: ").append(own.of(f)));
        s.filter().ifPresent(f -> text.append(" filter: ").append(own.of(f)));
        return text.toString();
    }

    /** A table by its names, and one of its indexes. */
    private static String source(Table table, String alias, Index index) {
        boolean primary = index.id() == table.primary().id();
        String name = primary ? (table.hasRowId() ? "rows" : "pk") : index.name();
        return table.name() + (alias.equals(table.name()) ? "" : " " + alias) + " (" + name + ")";
    }

    private static String keys(
            PhysicalPlan left,
            PhysicalPlan right,
            List<ScalarExpr> leftKeys,
            List<ScalarExpr> rightKeys,
            Optional<ScalarExpr> condition,
            List<Subplan> subplans) {
        ExprText both = pair(left, right, subplans);
        List<String> keys = new ArrayList<>();
        for (int i = 0; i < leftKeys.size(); i++) {
            keys.add(both.of(leftKeys.get(i)) + " = " + both.of(shifted(rightKeys.get(i), left.width())));
        }
        return String.join(", ", keys) + condition(condition, both);
    }

    private static ScalarExpr shifted(ScalarExpr e, int by) {
        return ExprTrees.transform(
                e, n -> n instanceof ScalarExpr.ColumnRef c ? new ScalarExpr.ColumnRef(c.index() + by, c.type()) : n);
    }

    private static ExprText pair(PhysicalPlan left, PhysicalPlan right, List<Subplan> subplans) {
        return new ExprText(LogicalPlan.joinColumns(JoinKind.INNER, left.columns(), right.columns()), subplans);
    }

    private static String kind(JoinKind kind) {
        return kind == JoinKind.INNER
                ? ""
                : " (" + kind.name().toLowerCase(java.util.Locale.ROOT).replace('_', ' ') + ")";
    }

    private static String bindings(List<SlotBinding> bindings, ExprText left) {
        return bindings.stream()
                .map(b -> "$" + b.slot() + " = " + left.of(b.outer()))
                .collect(Collectors.joining(", "));
    }

    private static String condition(Optional<ScalarExpr> condition, ExprText text) {
        return condition.map(c -> " on " + text.of(c)).orElse("");
    }

    private static String keys(List<SortKey> keys, ExprText input) {
        return keys.stream().map(input::key).collect(Collectors.joining(", "));
    }
}

// What EXPLAIN says of a change beside the plan of its rows.
package org.mosslsm.sql.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.mosslsm.sql.catalog.Column;
import org.mosslsm.sql.catalog.Table;
import org.mosslsm.sql.expr.Subplan;

/**
 * An INSERT, UPDATE or DELETE in words: {@link #head} before the plan of its rows, {@link #parts} and {@link #subplans}
 * behind it. ON CONFLICT and RETURNING are told of where there are subqueries in them, whose numbers the text gives.
 */
final class ExplainChange {
    /** The first line. */
    final String head;

    /** A line each. */
    final List<String> parts = new ArrayList<>();

    /** Of the subqueries in all lines, in the order of their numbers. */
    final List<Subplan> subplans = new ArrayList<>();

    ExplainChange(StatementPlan.Insert<PhysicalPlan> s) {
        head = "insert into " + s.table().name();
        s.onConflict().flatMap(StatementPlan.OnConflict::update).ifPresent(u -> conflict(s.table(), u));
        s.returning().ifPresent(r -> returning(s.table(), s.source(), r));
    }

    ExplainChange(StatementPlan.Update<PhysicalPlan> s) {
        ExprText text = new ExprText(s.source().columns(), subplans);
        head = "update " + s.table().name() + " set " + assignments(s.table(), s.assignments(), text);
        s.returning().ifPresent(r -> returning(s.table(), s.source(), r));
    }

    ExplainChange(StatementPlan.Delete<PhysicalPlan> s) {
        String ranges = s.wholeTable() ? " (whole ranges)" : " (whole ranges where they are large)";
        head = "delete from " + s.table().name() + (s.whole().isPresent() ? ranges : "");
        s.returning().ifPresent(r -> returning(s.table(), s.source(), r));
    }

    private static String assignments(Table table, List<StatementPlan.Assignment> assignments, ExprText text) {
        return assignments.stream()
                .map(a -> table.columns().get(a.ordinal()).name() + " = " + text.of(a.value()))
                .collect(Collectors.joining(", "));
    }

    private void conflict(Table table, StatementPlan.ConflictUpdate update) {
        List<PlanColumn> rows = columns(table, "");
        rows.addAll(columns(table, "excluded."));
        ExprText text = new ExprText(rows, subplans);
        String set = assignments(table, update.assignments(), text);
        part("on conflict set " + set
                + update.condition().map(c -> " where " + text.of(c)).orElse(""));
    }

    private void returning(Table table, PhysicalPlan source, StatementPlan.Returning returning) {
        List<PlanColumn> row = columns(table, "");
        List<PlanColumn> read = source.columns();
        row.addAll(read.subList(Math.min(table.rowColumns().size(), read.size()), read.size()));
        part("returning " + new ExprText(row, subplans).list(returning.expressions()));
    }

    private void part(String text) {
        if (text.contains("(subquery ") && !subplans.isEmpty()) {
            parts.add(text);
        }
    }

    private static List<PlanColumn> columns(Table table, String prefix) {
        List<PlanColumn> columns = new ArrayList<>();
        for (Column c : table.columns()) {
            columns.add(PlanColumn.computed(prefix + c.name(), c.type(), !c.notNull()));
        }
        return columns;
    }
}

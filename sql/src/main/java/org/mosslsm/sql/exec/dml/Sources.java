// Rows a statement is to change.
package org.mosslsm.sql.exec.dml;

import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.mosslsm.sql.catalog.Table;
import org.mosslsm.sql.exec.ExecutionContext;
import org.mosslsm.sql.exec.Operator;
import org.mosslsm.sql.exec.RowEnumerator;
import org.mosslsm.sql.exec.spill.RowList;
import org.mosslsm.sql.expr.ExprTrees;
import org.mosslsm.sql.expr.Row;
import org.mosslsm.sql.expr.ScalarExpr;
import org.mosslsm.sql.expr.Subquery;
import org.mosslsm.sql.plan.PhysicalPlan;
import org.mosslsm.sql.plan.StatementPlan;

/**
 * Reads the source of a changing statement so that it does not see the statement's own writes. A plain scan does not: its
 * cursor stands on the writes as they were when it was opened. Everything else is read to its end first. A statement that
 * opens scans between its writes, for subqueries or for further ranges, reads as of its begin:
 * {@link ExecutionContext#freezeReads}.
 */
final class Sources {
    private Sources() {}

    /** Whether rows may be changed while the plan delivers more. */
    static boolean streams(PhysicalPlan plan) {
        if (plan instanceof PhysicalPlan.IndexScan s) {
            return s.filter().stream().noneMatch(Sources::hasSubquery)
                    && s.entryFilter().stream().noneMatch(Sources::hasSubquery);
        }
        if (plan instanceof PhysicalPlan.Values v) {
            return v.rows().stream().flatMap(List::stream).noneMatch(Sources::hasSubquery);
        }
        if (plan instanceof PhysicalPlan.Filter f) {
            return !hasSubquery(f.predicate()) && streams(f.input());
        }
        if (plan instanceof PhysicalPlan.Project p) {
            return p.expressions().stream().noneMatch(Sources::hasSubquery) && streams(p.input());
        }
        return false;
    }

    /**
     * Whether a plan that {@link #streams} may meet rows which the statement writes into the table meanwhile: it opens one
     * scan after another.
     */
    static boolean opensScansOf(Table table, PhysicalPlan plan) {
        if (plan instanceof PhysicalPlan.IndexScan s) {
            return s.table().id() == table.id() && !s.ranges().isOneRange();
        }
        if (plan instanceof PhysicalPlan.Filter f) {
            return opensScansOf(table, f.input());
        }
        return plan instanceof PhysicalPlan.Project p && opensScansOf(table, p.input());
    }

    /** Whether the plan delivers one row, which depends on nothing but parameters. */
    static boolean isOneRow(PhysicalPlan plan) {
        return plan instanceof PhysicalPlan.Project p
                ? isOneRow(p.input())
                : plan instanceof PhysicalPlan.Values v && v.rows().size() == 1;
    }

    /** Whether one of the expressions, which are evaluated between the writes of a statement, reads. */
    static boolean haveSubquery(List<Stream<ScalarExpr>> expressions) {
        return expressions.stream().flatMap(e -> e).anyMatch(Sources::hasSubquery);
    }

    /** What RETURNING evaluates. */
    static Stream<ScalarExpr> of(Optional<StatementPlan.Returning> returning) {
        return returning.stream().flatMap(r -> r.expressions().stream());
    }

    static boolean hasSubquery(ScalarExpr e) {
        return ExprTrees.anyMatch(e, x -> x instanceof Subquery);
    }

    /** Shows every row of the source; a row is valid until the next. */
    static void forEach(PhysicalPlan plan, boolean stream, ExecutionContext context, Consumer<Row> visit) {
        if (stream) {
            read(plan, context, visit);
        } else {
            try (RowList rows = new RowList(context.workspace())) {
                read(plan, context, r -> rows.add(r.copy()));
                for (Row row = rows.next(); row != null; row = rows.next()) {
                    context.checkCancelled();
                    visit.accept(row);
                }
            }
        }
    }

    private static void read(PhysicalPlan plan, ExecutionContext context, Consumer<Row> visit) {
        read(context.plans().operator(plan), context, visit);
    }

    /** Shows every row of an operator that {@link #streams}; a row is valid until the next. */
    static void read(Operator operator, ExecutionContext context, Consumer<Row> visit) {
        try (RowEnumerator rows = operator.open(context)) {
            while (rows.moveNext()) {
                visit.accept(rows.current());
            }
        }
    }
}

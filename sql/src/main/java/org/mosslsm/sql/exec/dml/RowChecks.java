// NOT NULL and CHECK.
package org.mosslsm.sql.exec.dml;

import java.util.List;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.mosslsm.sql.catalog.Column;
import org.mosslsm.sql.catalog.Table;
import org.mosslsm.sql.expr.EvalContext;
import org.mosslsm.sql.expr.Evaluator;
import org.mosslsm.sql.expr.Row;
import org.mosslsm.sql.expr.Truth;
import org.mosslsm.sql.plan.StatementPlan;
import org.mosslsm.sql.type.SqlType.Kind;

/** What a new row of a table must fulfil by itself. Immutable. */
public final class RowChecks {
    private final Table table;
    private final int[] notNull;
    private final int[] floating;
    private final String[] names;
    private final Evaluator[] conditions;

    /** Compiles NOT NULL and the checks of a table. */
    public RowChecks(Table table, List<StatementPlan.Check> checks) {
        this(table, ordinals(table.columns(), Column::notNull), checks);
    }

    private RowChecks(Table table, int[] notNull, List<StatementPlan.Check> checks) {
        this.table = table;
        this.notNull = notNull;
        this.floating = ordinals(
                table.columns(), c -> c.type().kind() == Kind.REAL || c.type().kind() == Kind.DOUBLE);
        this.names = checks.stream().map(StatementPlan.Check::name).toArray(String[]::new);
        this.conditions =
                checks.stream().map(c -> Evaluator.compile(c.condition())).toArray(Evaluator[]::new);
    }

    /** NOT NULL alone. */
    public static RowChecks notNull(Table table) {
        return new RowChecks(table, List.of());
    }

    /** The checks alone. */
    public static RowChecks conditions(Table table, List<StatementPlan.Check> checks) {
        return new RowChecks(table, new int[0], checks);
    }

    private static int[] ordinals(List<Column> columns, Predicate<Column> which) {
        return IntStream.range(0, columns.size())
                .filter(i -> which.test(columns.get(i)))
                .toArray();
    }

    /** Makes the values of a new row those that reading it gives: -0.0 is stored as 0, and RETURNING and checks see that. */
    void asStored(Object[] values) {
        for (int ordinal : floating) {
            if (values[ordinal] instanceof Double d && d == 0) {
                values[ordinal] = 0.0;
            }
        }
    }

    /**
     * Checks a row that begins with the table row.
     *
     * @throws org.mosslsm.sql.error.SqlException 23502, 23514
     */
    public void check(Row row, EvalContext context) {
        for (int ordinal : notNull) {
            if (row.isNull(ordinal)) {
                throw Violations.notNull(table, table.columns().get(ordinal));
            }
        }
        for (int i = 0; i < conditions.length; i++) {
            if (conditions[i].test(row, context) == Truth.FALSE) {
                throw Violations.check(table, names[i]);
            }
        }
    }
}

package org.mosslsm.sql.exec;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.apache.calcite.linq4j.Enumerator;
import org.mosslsm.kv.txn.Transaction;
import org.mosslsm.sql.exec.spill.Workspace;
import org.mosslsm.sql.expr.ExprFactory;
import org.mosslsm.sql.expr.Row;
import org.mosslsm.sql.expr.ScalarExpr;
import org.mosslsm.sql.expr.ScalarExpr.ColumnRef;
import org.mosslsm.sql.plan.PhysicalPlan;
import org.mosslsm.sql.plan.PlanColumn;
import org.mosslsm.sql.testkit.Scratch;
import org.mosslsm.sql.type.SqlType;

/** Small plans over random rows, run to lists. */
final class PlanKit {
    private PlanKit() {}

    /** Columns of BIGINT. */
    static List<PlanColumn> columns(int n) {
        List<PlanColumn> columns = new ArrayList<>();
        for (int i = 0; i < n; i++) {
            columns.add(PlanColumn.computed("c" + i, SqlType.BIGINT, true));
        }
        return columns;
    }

    static ColumnRef column(int i) {
        return new ColumnRef(i, SqlType.BIGINT);
    }

    /** Rows of small numbers and NULLs. */
    static List<List<Object>> rows(Random random, int most, int width) {
        List<List<Object>> rows = new ArrayList<>();
        int n = random.nextInt(most + 1);
        for (int i = 0; i < n; i++) {
            Object[] row = new Object[width];
            for (int k = 0; k < width; k++) {
                row[k] = random.nextInt(5) == 0 ? null : (Object) (long) random.nextInt(5);
            }
            rows.add(Arrays.asList(row));
        }
        return rows;
    }

    static PhysicalPlan.Values values(List<List<Object>> rows, int width) {
        List<List<ScalarExpr>> literals = new ArrayList<>();
        for (List<Object> row : rows) {
            List<ScalarExpr> r = new ArrayList<>();
            row.forEach(v -> r.add(ExprFactory.literal(v, SqlType.BIGINT)));
            literals.add(r);
        }
        return new PhysicalPlan.Values(literals, columns(width));
    }

    /** Runs the plan; where it has no parameters, once more in hardly any memory, with the same answer. */
    static List<List<Object>> run(PhysicalPlan plan, Object... parameters) {
        List<List<Object>> rows = run(plan, context((Transaction) null, parameters));
        if (parameters.length == 0) {
            Scratch scratch = new Scratch();
            assertEquals(bag(rows), bag(run(plan, context(scratch.workspace(100)))), "in little memory");
            assertEquals(0, scratch.open(), "files left open");
        }
        return rows;
    }

    static List<List<Object>> run(PhysicalPlan plan, ExecutionContext context) {
        List<List<Object>> rows = new ArrayList<>();
        try (context;
                Enumerator<Row> e = context.plans().operator(plan).rows(context).enumerator()) {
            while (e.moveNext()) {
                rows.add(Arrays.asList(e.current().toArray()));
            }
        }
        return rows;
    }

    /** Without a transaction, in that memory. */
    static ExecutionContext context(Workspace workspace) {
        return context(workspace, () -> {});
    }

    /** The same, asking {@code cancelCheck} whether to go on; so do the files. */
    static ExecutionContext context(Workspace workspace, Runnable cancelCheck) {
        return new ExecutionContext(
                null,
                new CompiledPlans(),
                new Object[0],
                8,
                new ExecutionContext.Surroundings(
                        0,
                        ZoneOffset.UTC,
                        "public",
                        Optional.empty(),
                        workspace.checking(cancelCheck),
                        TableKeeper.NONE,
                        cancelCheck));
    }

    static ExecutionContext context(Transaction transaction, Object... parameters) {
        return new ExecutionContext(
                transaction,
                new CompiledPlans(),
                parameters,
                8,
                new ExecutionContext.Surroundings(0, ZoneOffset.UTC, "public", () -> {}));
    }

    /** The rows in some fixed order, to compare without regard to theirs. */
    static List<String> bag(List<List<Object>> rows) {
        return rows.stream().map(String::valueOf).sorted().toList();
    }
}

// ANALYZE.
package org.mosslsm.sql.exec;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.mosslsm.sql.catalog.Column;
import org.mosslsm.sql.catalog.ColumnStatistics;
import org.mosslsm.sql.catalog.Table;
import org.mosslsm.sql.catalog.TableStatistics;
import org.mosslsm.sql.expr.Row;
import org.mosslsm.sql.plan.KeyRangeSpec;
import org.mosslsm.sql.plan.PhysicalPlan;
import org.mosslsm.sql.plan.PlanColumn;
import org.mosslsm.sql.type.SqlType;
import org.mosslsm.sql.type.ValueOrder;

/**
 * Reads a table once, counting its rows and keeping a sample of them, all equally likely to be kept (Vitter's algorithm
 * R). From the sample it takes for each column the share of NULLs, the number of different values (Haas and Stokes'
 * estimator Duj1, as PostgreSQL does), the most frequent values, and the bounds of parts of equal size of the rest.
 */
public final class AnalyzeTable {
    /** Enough for the bounds of 64 parts to be right within a few per cent of a part. */
    private static final int SAMPLE = 20_000;

    private static final int MOST_COMMON = 20;
    private static final int PARTS = 64;
    /** Of longer values the beginning decides where they stand. */
    private static final int LONGEST = 64;

    private final Table table;
    private final List<Integer> ordinals;
    private final List<Row> sample = new ArrayList<>();
    private long rows;

    private AnalyzeTable(Table table) {
        this.table = table;
        this.ordinals = IntStream.range(0, table.columns().size()).boxed().toList();
    }

    /**
     * What the transaction of {@code context} sees of {@code table}.
     *
     * @param bytes what the store says the table takes
     */
    public static TableStatistics run(Table table, long bytes, ExecutionContext context) {
        AnalyzeTable analyze = new AnalyzeTable(table);
        analyze.read(context);
        Map<Integer, ColumnStatistics> columns = new HashMap<>();
        for (int i = 0; i < table.columns().size(); i++) {
            columns.put(table.columns().get(i).id(), analyze.column(i));
        }
        return new TableStatistics(analyze.rows, bytes, columns);
    }

    private void read(ExecutionContext context) {
        List<PlanColumn> names = table.columns().stream()
                .map(c -> PlanColumn.computed(c.name(), c.type(), true))
                .toList();
        PhysicalPlan scan = new PhysicalPlan.IndexScan(
                table,
                table.primary(),
                table.name(),
                ordinals,
                names,
                KeyRangeSpec.ALL,
                false,
                Optional.empty(),
                Optional.empty(),
                true);
        // The same rows give the same statistics.
        SplittableRandom random = new SplittableRandom(table.id());
        try (RowEnumerator run =
                new PlanCompiler(Optional.empty()).compile(scan).open(context)) {
            while (run.moveNext()) {
                rows++;
                if (sample.size() < SAMPLE) {
                    sample.add(run.current().copy());
                } else {
                    long at = random.nextLong(rows);
                    if (at < SAMPLE) {
                        sample.set((int) at, run.current().copy());
                    }
                }
            }
        }
    }

    private ColumnStatistics column(int ordinal) {
        Column column = table.columns().get(ordinal);
        SqlType type = column.type();
        List<Object> values = new ArrayList<>();
        for (Row row : sample) {
            Object value = shortened(row.get(ordinal));
            if (value != null) {
                values.add(value);
            }
        }
        values.sort(ValueOrder.of(type));
        double nulls = sample.isEmpty() ? 0 : 1 - (double) values.size() / sample.size();
        List<Run> runs = runs(values, type);
        List<Run> frequent = frequent(runs, values.size());
        List<Object> common = new ArrayList<>();
        List<Double> shares = new ArrayList<>();
        for (Run r : frequent) {
            common.add(r.value);
            shares.add((double) r.count / sample.size());
        }
        List<Object> rest = new ArrayList<>();
        runs.stream().filter(r -> !frequent.contains(r)).forEach(r -> {
            for (int i = 0; i < r.count; i++) {
                rest.add(r.value);
            }
        });
        return new ColumnStatistics(type, nulls, distinct(runs, values.size()), common, shares, bounds(rest));
    }

    private static Object shortened(Object value) {
        if (value instanceof String s && s.length() > LONGEST) {
            // Not between the two halves of a character.
            int end = Character.isHighSurrogate(s.charAt(LONGEST - 1)) ? LONGEST - 1 : LONGEST;
            return s.substring(0, end);
        }
        return value instanceof byte[] b && b.length > LONGEST ? java.util.Arrays.copyOf(b, LONGEST) : value;
    }

    /** Equal values of the sorted sample. */
    private static final class Run {
        final Object value;
        int count;

        Run(Object value) {
            this.value = value;
        }
    }

    private static List<Run> runs(List<Object> sorted, SqlType type) {
        List<Run> runs = new ArrayList<>();
        for (Object value : sorted) {
            Run last = runs.isEmpty() ? null : runs.get(runs.size() - 1);
            if (last == null || ValueOrder.of(type).compare(last.value, value) != 0) {
                last = new Run(value);
                runs.add(last);
            }
            last.count++;
        }
        return runs;
    }

    /** Values that come clearly more often than most; all of them when there are only a few. */
    private static List<Run> frequent(List<Run> runs, int values) {
        double average = (double) values / Math.max(1, runs.size());
        double least = runs.size() <= MOST_COMMON ? 0 : Math.max(2, average * 1.5);
        return runs.stream()
                .filter(r -> r.count >= least)
                .sorted((a, b) -> Integer.compare(b.count, a.count))
                .limit(MOST_COMMON)
                .toList();
    }

    private double distinct(List<Run> runs, int values) {
        double seen = runs.size();
        if (rows <= SAMPLE || values == 0) {
            return Math.max(1, seen);
        }
        double once = runs.stream().filter(r -> r.count == 1).count();
        double all = (double) rows * values / sample.size();
        double estimate = values * seen / (values - once + once * values / all);
        return Math.max(1, Math.min(estimate, all));
    }

    private static List<Object> bounds(List<Object> sorted) {
        List<Object> bounds = new ArrayList<>();
        if (sorted.isEmpty()) {
            return bounds;
        }
        int parts = Math.min(PARTS, Math.max(1, sorted.size() - 1));
        for (int i = 0; i <= parts; i++) {
            bounds.add(sorted.get((int) ((long) i * (sorted.size() - 1) / parts)));
        }
        return bounds;
    }
}

package org.mosslsm.sql.exec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.mosslsm.sql.exec.spill.Workspace;
import org.mosslsm.sql.expr.Truth;
import org.mosslsm.sql.expr.ValueRow;
import org.mosslsm.sql.testkit.Scratch;
import org.mosslsm.sql.type.Interval;
import org.mosslsm.sql.type.SqlType;
import org.mosslsm.sql.type.ValueOrder;

/** What IN finds does not depend on where the rows of its subquery are. */
class RowSetTest {
    private final long seed = Long.getLong("rowset.seed", System.nanoTime());
    private final Random random = new Random(seed);

    private static final List<SqlType> TYPES =
            List.of(SqlType.BIGINT, SqlType.TEXT, SqlType.DECIMAL, SqlType.DOUBLE, SqlType.VARBINARY, SqlType.INTERVAL);

    private Object value(SqlType type, int variety) {
        int n = random.nextInt(variety);
        return switch (type.kind()) {
            case BIGINT -> (long) n;
            // Some are longer than a block of the file, and some of equal length.
            case TEXT -> n % 50 == 0 ? "x".repeat(9_000) + n : "k" + n;
            case DECIMAL -> new BigDecimal(n).setScale(random.nextInt(3));
            case DOUBLE -> n == 0 ? -0.0 : n == 1 ? Double.NaN : n / 4.0;
            case INTERVAL -> new Interval(0, n / 2, n % 2 * 1_000_000L);
            default -> new byte[] {(byte) n, (byte) (n >> 8)};
        };
    }

    private Object[] row(List<SqlType> types, int variety, int nullOneIn) {
        Object[] row = new Object[types.size()];
        for (int i = 0; i < row.length; i++) {
            row[i] = random.nextInt(nullOneIn) == 0 ? null : value(types.get(i), variety);
        }
        return row;
    }

    private static Truth in(Object[] left, List<Object[]> rows, List<SqlType> types) {
        Truth any = Truth.FALSE;
        for (Object[] row : rows) {
            Truth all = Truth.TRUE;
            for (int i = 0; i < left.length; i++) {
                boolean unknown = left[i] == null || row[i] == null;
                all = all.and(
                        unknown
                                ? Truth.UNKNOWN
                                : Truth.of(ValueOrder.of(types.get(i)).compare(left[i], row[i]) == 0));
            }
            any = any.or(all);
        }
        return any;
    }

    @Test
    void whatIsFoundInMemoryIsFoundInFiles() {
        for (int round = 0; round < 60; round++) {
            List<SqlType> types = new ArrayList<>(TYPES);
            Collections.shuffle(types, random);
            types = types.subList(0, 1 + random.nextInt(2));
            int variety = 5 + random.nextInt(400);
            int nullOneIn = random.nextBoolean() ? Integer.MAX_VALUE : 10;
            List<Object[]> rows = new ArrayList<>();
            int n = random.nextInt(600);
            for (int i = 0; i < n; i++) {
                rows.add(row(types, variety, nullOneIn));
            }
            Scratch scratch = new Scratch();
            for (Workspace workspace : List.of(
                    Workspace.UNLIMITED, scratch.workspace(100), scratch.workspace(4_000), scratch.workspace(30_000))) {
                ExecutionContext context = PlanKit.context(workspace);
                try (RowSet set = new RowSet(types, context)) {
                    rows.forEach(r -> set.add(new ValueRow(r)));
                    set.finish();
                    for (int i = 0; i < 150; i++) {
                        Object[] left = row(types, variety + 5, 10);
                        assertEquals(
                                in(left, rows, types),
                                set.contains(left),
                                () -> "seed " + seed + ": " + Arrays.deepToString(left));
                    }
                }
            }
            assertEquals(0, scratch.open(), "files left open");
        }
    }

    @Test
    void aLargeSetHoldsLittleMemory() {
        Scratch scratch = new Scratch();
        ExecutionContext context = PlanKit.context(scratch.workspace(100_000));
        int n = 200_000;
        try (RowSet set = new RowSet(List.of(SqlType.BIGINT), context)) {
            for (long i = 0; i < n; i++) {
                set.add(new ValueRow(i * 2));
            }
            set.finish();
            assertTrue(set.heapBytes() < 100_000, () -> "it holds " + set.heapBytes());
            for (long i = 0; i < n; i += 7) {
                assertEquals(Truth.TRUE, set.contains(new Object[] {i * 2}));
                assertEquals(Truth.FALSE, set.contains(new Object[] {i * 2 + 1}));
            }
        }
        assertEquals(0, scratch.open());
    }
}

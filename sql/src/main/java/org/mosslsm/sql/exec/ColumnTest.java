package org.mosslsm.sql.exec;

import java.util.Arrays;
import org.mosslsm.sql.encode.EntryRows;
import org.mosslsm.sql.expr.CompareOp;
import org.mosslsm.sql.expr.EvalContext;
import org.mosslsm.sql.expr.Utf8Pattern;
import org.mosslsm.sql.type.ValueOrder;

/**
 * A condition on columns as they are stored, tested of many rows at a time: one virtual call a batch, and none, nor an
 * object, a value. None of these can fail, so that it makes no difference in which order they are tested. Stateless but
 * for the lanes it is lent; the values it compares with are known.
 *
 * <pre>
 * rows     places in the batch, ascending         keep: those of which the condition is TRUE,
 *                                                       or, where unknown ones count too, of which it is not FALSE
 * </pre>
 */
@SuppressWarnings("ShortCircuitBoolean") // without a jump, or both sides are to be computed
abstract class ColumnTest {
    /** Removes from {@code rows} those that the condition does not keep; returns how many are left. */
    abstract int keep(EntryRows entries, Lanes lanes, int[] rows, int count, boolean unknownToo);

    /** Whether all columns can be read in the rows that are shown. */
    abstract boolean reads(EntryRows entries);

    /** A test of one column. */
    abstract static class OfColumn extends ColumnTest {
        final int column;

        OfColumn(int column) {
            this.column = column;
        }

        @Override
        boolean reads(EntryRows entries) {
            return entries.reads(column);
        }
    }

    /** All of several. */
    static final class All extends ColumnTest {
        private final ColumnTest[] tests;

        All(ColumnTest[] tests) {
            this.tests = tests;
        }

        @Override
        int keep(EntryRows entries, Lanes lanes, int[] rows, int count, boolean unknownToo) {
            int left = count;
            for (int i = 0; i < tests.length && left > 0; i++) {
                left = tests[i].keep(entries, lanes, rows, left, unknownToo);
            }
            return left;
        }

        @Override
        boolean reads(EntryRows entries) {
            return allRead(tests, entries);
        }
    }

    private static boolean allRead(ColumnTest[] tests, EntryRows entries) {
        for (ColumnTest test : tests) {
            if (!test.reads(entries)) {
                return false;
            }
        }
        return true;
    }

    /** One of several. */
    static final class Any extends ColumnTest {
        private final ColumnTest[] tests;

        Any(ColumnTest[] tests) {
            this.tests = tests;
        }

        @Override
        int keep(EntryRows entries, Lanes lanes, int[] rows, int count, boolean unknownToo) {
            int[] left = Arrays.copyOf(rows, count);
            int[] some = new int[count];
            int leftCount = count;
            int kept = 0;
            for (int i = 0; i < tests.length && leftCount > 0; i++) {
                System.arraycopy(left, 0, some, 0, leftCount);
                int found = tests[i].keep(entries, lanes, some, leftCount, unknownToo);
                System.arraycopy(some, 0, rows, kept, found);
                kept += found;
                leftCount = without(left, leftCount, some, found);
            }
            Arrays.sort(rows, 0, kept);
            return kept;
        }

        @Override
        boolean reads(EntryRows entries) {
            return allRead(tests, entries);
        }
    }

    /** Not. */
    static final class Not extends ColumnTest {
        private final ColumnTest test;

        Not(ColumnTest test) {
            this.test = test;
        }

        @Override
        int keep(EntryRows entries, Lanes lanes, int[] rows, int count, boolean unknownToo) {
            int[] against = Arrays.copyOf(rows, count);
            int found = test.keep(entries, lanes, against, count, !unknownToo);
            return without(rows, count, against, found);
        }

        @Override
        boolean reads(EntryRows entries) {
            return test.reads(entries);
        }
    }

    /** Removes {@code some} from {@code rows}, both ascending; returns how many are left. */
    private static int without(int[] rows, int count, int[] some, int someCount) {
        int kept = 0;
        int next = 0;
        for (int j = 0; j < count; j++) {
            if (next < someCount && some[next] == rows[j]) {
                next++;
            } else {
                rows[kept++] = rows[j];
            }
        }
        return kept;
    }

    /** What is the same for all rows. */
    static final class Constant extends ColumnTest {
        private final boolean isTrue;
        private final boolean isUnknown;

        /** Of a truth: true, unknown, or else false. */
        Constant(boolean isTrue, boolean isUnknown) {
            this.isTrue = isTrue;
            this.isUnknown = isUnknown;
        }

        @Override
        int keep(EntryRows entries, Lanes lanes, int[] rows, int count, boolean unknownToo) {
            return isTrue || (isUnknown && unknownToo) ? count : 0;
        }

        @Override
        boolean reads(EntryRows entries) {
            return true;
        }
    }

    /** IS NULL. */
    static final class IsNull extends OfColumn {
        IsNull(int column) {
            super(column);
        }

        @Override
        int keep(EntryRows entries, Lanes lanes, int[] rows, int count, boolean unknownToo) {
            boolean[] nulls = lanes.nulls(count);
            if (!entries.nulls(column, rows, count, nulls)) {
                return 0;
            }
            int kept = 0;
            for (int j = 0; j < count; j++) {
                if (nulls[j]) {
                    rows[kept++] = rows[j];
                }
            }
            return kept;
        }
    }

    /** A number of 64 bits from {@code lo} to {@code hi}, both included; or outside. An empty range has lo &gt; hi. */
    static final class LongRange extends OfColumn {
        private final long lo;
        private final long hi;
        private final boolean inside;

        LongRange(int column, long lo, long hi, boolean inside) {
            super(column);
            this.lo = lo;
            this.hi = hi;
            this.inside = inside;
        }

        /** Both at once; null where that is no range. */
        LongRange and(LongRange other) {
            return column == other.column && inside && other.inside
                    ? new LongRange(column, Math.max(lo, other.lo), Math.min(hi, other.hi), true)
                    : null;
        }

        @Override
        int keep(EntryRows entries, Lanes lanes, int[] rows, int count, boolean unknownToo) {
            long[] values = lanes.longs(count);
            boolean[] nulls = lanes.nulls(count);
            boolean anyNull = entries.longs(column, rows, count, values, nulls);
            int kept = 0;
            if (!anyNull) {
                for (int j = 0; j < count; j++) {
                    int row = rows[j];
                    long v = values[j];
                    rows[kept] = row;
                    // Without a jump that depends on the data: half of those would be foreseen wrongly.
                    kept += (v >= lo & v <= hi) == inside ? 1 : 0;
                }
                return kept;
            }
            for (int j = 0; j < count; j++) {
                long v = values[j];
                if (nulls[j] ? unknownToo : (v >= lo && v <= hi) == inside) {
                    rows[kept++] = rows[j];
                }
            }
            return kept;
        }
    }

    /** A number of 64 bits among some, sorted. */
    static final class LongSet extends OfColumn {
        private final long[] sorted;
        private final boolean hasNull;

        LongSet(int column, long[] sorted, boolean hasNull) {
            super(column);
            this.sorted = sorted;
            this.hasNull = hasNull;
        }

        @Override
        int keep(EntryRows entries, Lanes lanes, int[] rows, int count, boolean unknownToo) {
            long[] values = lanes.longs(count);
            boolean[] nulls = lanes.nulls(count);
            boolean anyNull = entries.longs(column, rows, count, values, nulls);
            int kept = 0;
            for (int j = 0; j < count; j++) {
                boolean isNull = anyNull && nulls[j];
                boolean found = !isNull && Arrays.binarySearch(sorted, values[j]) >= 0;
                if (found || (unknownToo && (isNull || hasNull))) {
                    rows[kept++] = rows[j];
                }
            }
            return kept;
        }
    }

    /** Two columns of numbers of 64 bits that mean the same. */
    static final class TwoLongs extends OfColumn {
        private final CompareOp op;
        private final int other;

        TwoLongs(CompareOp op, int column, int other) {
            super(column);
            this.op = op;
            this.other = other;
        }

        @Override
        boolean reads(EntryRows entries) {
            return super.reads(entries) && entries.reads(other);
        }

        @Override
        int keep(EntryRows entries, Lanes lanes, int[] rows, int count, boolean unknownToo) {
            boolean[] nulls = lanes.nulls(count);
            boolean[] otherNulls = lanes.otherNulls(count);
            long[] values = lanes.longs(count);
            long[] others = lanes.otherLongs(count);
            boolean oneNull = entries.longs(column, rows, count, values, nulls);
            boolean otherNull = entries.longs(other, rows, count, others, otherNulls);
            boolean anyNull = oneNull || otherNull;
            int kept = 0;
            for (int j = 0; j < count; j++) {
                boolean isNull = anyNull && (nulls[j] || otherNulls[j]);
                if (isNull ? unknownToo : op.holds(Long.compare(values[j], others[j]))) {
                    rows[kept++] = rows[j];
                }
            }
            return kept;
        }
    }

    /** A number in floating point. */
    static final class Doubles extends OfColumn {
        private final CompareOp op;
        private final double constant;

        Doubles(int column, CompareOp op, double constant) {
            super(column);
            this.op = op;
            this.constant = constant;
        }

        @Override
        int keep(EntryRows entries, Lanes lanes, int[] rows, int count, boolean unknownToo) {
            double[] values = lanes.doubles(count);
            boolean[] nulls = lanes.nulls(count);
            boolean anyNull = entries.doubles(column, rows, count, values, nulls);
            int kept = 0;
            for (int j = 0; j < count; j++) {
                boolean isNull = anyNull && nulls[j];
                if (isNull ? unknownToo : op.holds(ValueOrder.compareDoubles(values[j], constant))) {
                    rows[kept++] = rows[j];
                }
            }
            return kept;
        }
    }

    /** A test of bytes. */
    abstract static class OfSlices extends OfColumn {
        OfSlices(int column) {
            super(column);
        }

        abstract boolean holds(byte[] bytes, int from, int to);

        @Override
        final int keep(EntryRows entries, Lanes lanes, int[] rows, int count, boolean unknownToo) {
            boolean[] nulls = lanes.nulls(count);
            byte[][] arrays = lanes.arrays(count);
            int[] offsets = lanes.offsets(count);
            int[] lengths = lanes.lengths(count);
            boolean anyNull = entries.slices(column, rows, count, arrays, offsets, lengths, nulls);
            int kept = 0;
            for (int j = 0; j < count; j++) {
                boolean isNull = anyNull && nulls[j];
                int from = offsets[j];
                if (isNull ? unknownToo : holds(arrays[j], from, from + lengths[j])) {
                    rows[kept++] = rows[j];
                }
            }
            return kept;
        }
    }

    /** Text in UTF-8, or bytes; both are ordered as unsigned bytes are. */
    static final class Bytes extends OfSlices {
        private final CompareOp op;
        private final byte[] constant;

        Bytes(int column, CompareOp op, byte[] constant) {
            super(column);
            this.op = op;
            this.constant = constant;
        }

        @Override
        boolean holds(byte[] bytes, int from, int to) {
            return switch (op) {
                case EQ -> Arrays.equals(bytes, from, to, constant, 0, constant.length);
                case NE -> !Arrays.equals(bytes, from, to, constant, 0, constant.length);
                default -> op.holds(Arrays.compareUnsigned(bytes, from, to, constant, 0, constant.length));
            };
        }
    }

    /** LIKE. */
    static final class Like extends OfSlices {
        private final Utf8Pattern pattern;
        private final EvalContext context;

        Like(int column, Utf8Pattern pattern, EvalContext context) {
            super(column);
            this.pattern = pattern;
            this.context = context;
        }

        @Override
        boolean holds(byte[] bytes, int from, int to) {
            return pattern.matches(bytes, from, to, context);
        }
    }
}

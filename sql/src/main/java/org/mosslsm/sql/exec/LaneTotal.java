// How one aggregate takes many rows at a time.
package org.mosslsm.sql.exec;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.mosslsm.sql.encode.EntryShape;
import org.mosslsm.sql.encode.EntryShape.Lane;
import org.mosslsm.sql.exec.Accumulators.Accumulator;
import org.mosslsm.sql.expr.AggregateCall;
import org.mosslsm.sql.expr.ScalarExpr;
import org.mosslsm.sql.expr.ScalarExpr.ColumnRef;
import org.mosslsm.sql.type.SqlType.Family;

/** Hands the values of an aggregate's argument to its accumulator, many at a time. Immutable. */
abstract sealed class LaneTotal {
    private LaneTotal() {}

    /** How it is done of {@code call}; empty where its rows have to be looked at one by one. */
    static Optional<LaneTotal> of(AggregateCall call, EntryShape shape) {
        if (call.distinct() || !call.order().isEmpty() || call.filter().isPresent()) {
            return Optional.empty();
        }
        return switch (call.function()) {
            case COUNT_STAR -> Optional.of(new Rows());
            case COUNT -> count(call.arguments().get(0), shape);
            case SUM, AVG, MIN, MAX -> numbers(call.arguments().get(0), shape);
            default -> Optional.empty();
        };
    }

    private static Optional<LaneTotal> count(ScalarExpr argument, EntryShape shape) {
        if (argument instanceof ColumnRef c) {
            return shape.lane(c.index()) == Lane.NONE ? Optional.empty() : Optional.of(new Known(c.index()));
        }
        return numbers(argument, shape);
    }

    private static Optional<LaneTotal> numbers(ScalarExpr argument, EntryShape shape) {
        boolean decimal = argument.type().family() == Family.DECIMAL;
        if (!(argument instanceof ColumnRef c)) {
            return LaneNumbers.of(argument, shape).map(n -> new Numbers(n, decimal));
        }
        return switch (shape.lane(c.index())) {
            case LONGS ->
                c.type().family() == Family.BOOLEAN
                        ? Optional.empty()
                        : Optional.of(new Numbers(LaneNumbers.column(c, shape), decimal));
            case DOUBLES -> Optional.of(new Doubles(c.index()));
            case SLICES, NONE -> Optional.empty();
        };
    }

    /** Columns that have to be where the shape says. */
    abstract void addColumns(List<Integer> to);

    /** Adds the values of all rows selected; false, and none was added, where these have to be added one by one. */
    abstract boolean add(Accumulator total, SelectedRows some);

    /** All rows. */
    private static final class Rows extends LaneTotal {
        @Override
        void addColumns(List<Integer> to) {}

        @Override
        boolean add(Accumulator total, SelectedRows some) {
            total.addLongs(null, some.count());
            return true;
        }
    }

    /** Of one column. */
    private abstract static sealed class OfColumn extends LaneTotal {
        final int column;

        OfColumn(int column) {
            this.column = column;
        }

        @Override
        void addColumns(List<Integer> to) {
            to.add(column);
        }
    }

    /** Of a column, whatever it holds, the rows that have a value. */
    private static final class Known extends OfColumn {
        Known(int column) {
            super(column);
        }

        @Override
        boolean add(Accumulator total, SelectedRows some) {
            int count = some.count();
            boolean[] nulls = some.lanes().nulls(count);
            int known = count;
            if (some.entries().nulls(column, some.places(), count, nulls)) {
                for (int j = 0; j < count; j++) {
                    known -= nulls[j] ? 1 : 0;
                }
            }
            total.addLongs(null, known);
            return true;
        }
    }

    /** A column in floating point. */
    private static final class Doubles extends OfColumn {
        Doubles(int column) {
            super(column);
        }

        @Override
        boolean add(Accumulator total, SelectedRows some) {
            int count = some.count();
            double[] values = some.lanes().doubles(count);
            boolean[] nulls = some.lanes().nulls(count);
            int known = count;
            if (some.entries().doubles(column, some.places(), count, values, nulls)) {
                known = 0;
                for (int j = 0; j < count; j++) {
                    if (!nulls[j]) {
                        values[known++] = values[j];
                    }
                }
            }
            total.addDoubles(values, known);
            return true;
        }
    }

    /** Numbers of 64 bits. */
    private static final class Numbers extends LaneTotal {
        private final LaneNumbers numbers;
        private final boolean decimal;

        Numbers(LaneNumbers numbers, boolean decimal) {
            this.numbers = numbers;
            this.decimal = decimal;
        }

        @Override
        void addColumns(List<Integer> to) {
            numbers.addColumns(to);
        }

        @Override
        boolean add(Accumulator total, SelectedRows some) {
            int count = some.count();
            Lanes room = some.lanes();
            long[] values = room.longs(count);
            boolean[] nulls = room.nulls(count);
            Arrays.fill(nulls, 0, count, false);
            LaneNumbers.Found found = numbers.read(some.entries(), room, 0, some.places(), count, values, nulls);
            if (found == LaneNumbers.Found.UNFIT) {
                return false;
            }
            int known = count;
            if (found == LaneNumbers.Found.SOME_NULL) {
                known = 0;
                for (int j = 0; j < count; j++) {
                    if (!nulls[j]) {
                        values[known++] = values[j];
                    }
                }
            }
            if (decimal) {
                total.addUnscaled(values, known, numbers.scale);
            } else {
                total.addLongs(values, known);
            }
            return true;
        }
    }
}

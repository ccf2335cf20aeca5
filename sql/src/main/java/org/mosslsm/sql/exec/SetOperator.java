package org.mosslsm.sql.exec;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.mosslsm.sql.exec.spill.HeapSize;
import org.mosslsm.sql.exec.spill.Partitions;
import org.mosslsm.sql.exec.spill.Parts;
import org.mosslsm.sql.exec.spill.RowFile;
import org.mosslsm.sql.expr.Row;
import org.mosslsm.sql.expr.ValueRow;
import org.mosslsm.sql.plan.SetKind;
import org.mosslsm.sql.type.SqlType;

/**
 * INTERSECT and EXCEPT. The right rows are counted; with ALL a left row takes one of them, without it takes all. Where the
 * counts outgrow the memory, they, the right rows and the left rows still to come go to files, divided by their hash, and
 * each part is treated in the same way.
 */
final class SetOperator extends Operator {
    /** A node of the map, its key and count. */
    private static final int NODE_BYTES = 120;

    private final SetKind kind;
    private final boolean all;
    private final Operator left;
    private final Operator right;
    private final SqlType[] types;

    SetOperator(SetKind kind, boolean all, Operator left, Operator right, SqlType[] types) {
        this.kind = kind;
        this.all = all;
        this.left = left;
        this.right = right;
        this.types = types;
    }

    @Override
    public RowEnumerator open(ExecutionContext context) {
        return new Run(context);
    }

    /** How many right rows of one value are left; mutable, because each left row takes some. */
    private static final class Count {
        private final Object[] row;
        private long left;

        Count(Object[] row, long left) {
            this.row = row;
            this.left = left;
        }
    }

    private final class Run extends RowEnumerator {
        private final RowEnumerator lefts;
        private final long budget;
        private Map<Object, Count> counts;
        private long bytes;
        private Parts parts;

        /** The left rows of the current part; null while the left input is read. */
        private RowFile.Reader leftPart;

        Run(ExecutionContext context) {
            super(context);
            this.lefts = own(left.open(context));
            this.budget = context.workspace().budgetBytes();
        }

        private void count() {
            counts = new HashMap<>();
            RowEnumerator rights = own(right.open(context));
            while (rights.moveNext()) {
                Row row = rights.current();
                add(GroupKey.ofRow(row, types), row, 1);
                if (isFull()) {
                    Partitions rest = dump();
                    while (rights.moveNext()) {
                        divide(rest, rights.current(), 1);
                    }
                    divideLeft(rest);
                    break;
                }
            }
            release(rights);
        }

        private void add(Object key, Row row, long n) {
            Count count = counts.get(key);
            if (count != null) {
                count.left += n;
                return;
            }
            Object[] values = row.toArray();
            counts.put(key, new Count(values, n));
            bytes += budget == Long.MAX_VALUE ? 0 : NODE_BYTES + 2 * HeapSize.of(values);
            context.workspace().watch().holds(bytes);
        }

        private boolean isFull() {
            return bytes > budget && (parts == null || parts.mayDivide());
        }

        /** The counts, divided; there are none any more. */
        private Partitions dump() {
            Partitions divided = own(new Partitions(context.workspace(), level(), types.length + 1));
            counts.forEach((key, count) -> divide(divided, new ValueRow(count.row), count.left));
            counts = new HashMap<>();
            bytes = 0;
            return divided;
        }

        private int level() {
            return parts == null ? 0 : parts.level();
        }

        private void divide(Partitions into, Row row, long n) {
            Object[] counted = Arrays.copyOf(row.toArray(), types.length + 1);
            counted[types.length] = n;
            into.add(GroupKey.ofRow(row, types).hashCode(), counted);
        }

        /** Divides the left rows that are still to come, as {@code rights} were. */
        private void divideLeft(Partitions rights) {
            Partitions divided = own(new Partitions(context.workspace(), level(), types.length));
            for (Row row = nextLeft(); row != null; row = nextLeft()) {
                divided.add(GroupKey.ofRow(row, types).hashCode(), row.toArray());
            }
            if (parts == null) {
                parts = own(new Parts());
            }
            parts.add(divided, rights);
        }

        @Override
        public boolean isSettled() {
            return counts != null && (leftPart != null || lefts.isSettled());
        }

        @Override
        protected Row advance() {
            if (counts == null) {
                count();
            }
            while (true) {
                Row row = nextLeft();
                if (row == null) {
                    if (!nextPart()) {
                        return null;
                    }
                    continue;
                }
                Object key = GroupKey.ofRow(row, types);
                boolean passes = kind == SetKind.INTERSECT ? intersects(key) : remains(key, row);
                if (isFull()) {
                    row = row.copy(); // the left input goes on to its end now
                    divideLeft(dump());
                }
                if (passes) {
                    return row;
                }
            }
        }

        private Row nextLeft() {
            if (leftPart == null) {
                return lefts.moveNext() ? lefts.current() : null;
            }
            context.checkCancelled();
            Object[] values = leftPart.next();
            return values == null ? null : new ValueRow(values);
        }

        private boolean nextPart() {
            counts = new HashMap<>();
            bytes = 0;
            while (parts != null && parts.next()) {
                leftPart = parts.rows();
                if (countPart()) {
                    return true;
                }
            }
            return false;
        }

        /** Counts the right rows of the current part; false when it had to be divided itself. */
        private boolean countPart() {
            RowFile.Reader rights = parts.others();
            for (Object[] values = rights.next(); values != null; values = rights.next()) {
                context.checkCancelled();
                Row row = new ValueRow(Arrays.copyOf(values, types.length));
                add(GroupKey.ofRow(row, types), row, (Long) values[types.length]);
                if (isFull()) {
                    Partitions rest = dump();
                    for (values = rights.next(); values != null; values = rights.next()) {
                        divide(rest, new ValueRow(Arrays.copyOf(values, types.length)), (Long) values[types.length]);
                    }
                    divideLeft(rest);
                    return false;
                }
            }
            return true;
        }

        private boolean intersects(Object key) {
            Count count = counts.get(key);
            if (count == null || count.left == 0) {
                return false;
            }
            count.left = all ? count.left - 1 : 0;
            return true;
        }

        private boolean remains(Object key, Row row) {
            Count count = counts.get(key);
            if (count != null && count.left > 0) {
                if (all) {
                    count.left--;
                }
                return false;
            }
            if (!all) {
                // Seen now: an equal row that follows is a duplicate.
                add(key, row, 1);
            }
            return true;
        }
    }
}

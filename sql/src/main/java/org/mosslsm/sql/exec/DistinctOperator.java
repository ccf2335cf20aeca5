package org.mosslsm.sql.exec;

import java.util.HashSet;
import java.util.Set;
import org.mosslsm.sql.exec.spill.HeapSize;
import org.mosslsm.sql.exec.spill.Partitions;
import org.mosslsm.sql.exec.spill.Parts;
import org.mosslsm.sql.exec.spill.RowFile;
import org.mosslsm.sql.expr.Row;
import org.mosslsm.sql.expr.ValueRow;
import org.mosslsm.sql.type.SqlType;

/**
 * Each row once, the first of equal ones, as it comes. Of sorted rows only the last need be remembered. Others are
 * remembered while there is memory; rows that are new after that go to files, divided by their hash, and each part is
 * treated in the same way once the input has ended.
 */
final class DistinctOperator extends Operator {
    /** A node of the set and its key. */
    private static final int NODE_BYTES = 96;

    private final Operator input;
    private final SqlType[] types;
    private final boolean sorted;

    DistinctOperator(Operator input, SqlType[] types, boolean sorted) {
        this.input = input;
        this.types = types;
        this.sorted = sorted;
    }

    @Override
    public RowEnumerator open(ExecutionContext context) {
        return sorted ? new Sorted(context) : new Hashed(context);
    }

    private final class Sorted extends RowEnumerator {
        private final RowEnumerator rows;
        private Object last;

        Sorted(ExecutionContext context) {
            super(context);
            this.rows = own(input.open(context));
        }

        @Override
        public boolean isSettled() {
            return rows.isSettled();
        }

        @Override
        protected Row advance() {
            while (rows.moveNext()) {
                Row row = rows.current();
                Object key = GroupKey.ofRow(row, types);
                boolean differs = !key.equals(last);
                last = key;
                if (differs) {
                    return row;
                }
            }
            return null;
        }
    }

    private final class Hashed extends RowEnumerator {
        private final RowEnumerator rows;
        private final long budget;
        private Set<Object> seen = new HashSet<>();
        private long seenBytes;
        private Partitions unseen;
        private Parts parts;

        /** The part being read; null while the input is. */
        private RowFile.Reader part;

        Hashed(ExecutionContext context) {
            super(context);
            this.rows = own(input.open(context));
            this.budget = context.workspace().budgetBytes();
        }

        @Override
        public boolean isSettled() {
            return part != null || rows.isSettled();
        }

        @Override
        protected Row advance() {
            while (true) {
                Row row = nextRow();
                if (row == null) {
                    if (!nextPart()) {
                        return null;
                    }
                } else if (isNew(row)) {
                    return row;
                }
            }
        }

        private Row nextRow() {
            if (part == null) {
                return rows.moveNext() ? rows.current() : null;
            }
            context.checkCancelled();
            Object[] values = part.next();
            return values == null ? null : new ValueRow(values);
        }

        private boolean isNew(Row row) {
            Object key = GroupKey.ofRow(row, types);
            if (unseen == null) {
                boolean isNew = seen.add(key);
                if (isNew && budget != Long.MAX_VALUE) {
                    seenBytes += NODE_BYTES + HeapSize.of(row.toArray());
                    context.workspace().watch().holds(seenBytes);
                    if (seenBytes > budget && (parts == null || parts.mayDivide())) {
                        unseen = own(
                                new Partitions(context.workspace(), parts == null ? 0 : parts.level(), types.length));
                    }
                }
                return isNew;
            }
            if (!seen.contains(key)) {
                unseen.add(key.hashCode(), row.toArray());
            }
            return false;
        }

        private boolean nextPart() {
            if (unseen == null && parts == null) {
                return false;
            }
            if (parts == null) {
                parts = own(new Parts());
            }
            if (unseen != null) {
                parts.add(unseen);
                unseen = null;
            }
            seen = new HashSet<>();
            seenBytes = 0;
            boolean more = parts.next();
            part = more ? parts.rows() : null;
            return more;
        }
    }
}

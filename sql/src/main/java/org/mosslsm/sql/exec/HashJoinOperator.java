package org.mosslsm.sql.exec;

import org.mosslsm.sql.exec.spill.HeapSize;
import org.mosslsm.sql.exec.spill.Partitions;
import org.mosslsm.sql.exec.spill.Parts;
import org.mosslsm.sql.exec.spill.RowFile;
import org.mosslsm.sql.expr.Evaluator;
import org.mosslsm.sql.expr.Row;
import org.mosslsm.sql.expr.ValueRow;
import org.mosslsm.sql.plan.JoinKind;
import org.mosslsm.sql.plan.PhysicalPlan;

/**
 * Looks each left row up in a hash table of the right rows; a NULL key is in neither. Where the right rows outgrow the
 * memory, both sides go to files, divided by the hash of their keys, and each pair of parts is joined in the same way: a
 * Grace hash join. The order of the left rows is then lost.
 *
 * <p>Where right rows are only asked whether they are there, one of each key is kept. NOT IN ends with the first NULL on
 * the right, and a left NULL passes only where the right has no row: both are known before the first left row is given.
 */
final class HashJoinOperator extends Operator {
    /** A row's place in the table: its chain, its number, its key. */
    private static final int NODE_BYTES = 120;

    private final JoinKind kind;
    private final Operator left;
    private final Operator right;
    private final int leftWidth;
    private final int rightWidth;
    private final GroupKey.Maker leftKeys;
    private final GroupKey.Maker rightKeys;
    private final Evaluator condition;
    private final boolean readsNothing;
    /** Whether a second right row of the same key changes nothing. */
    private final boolean oneOfEachKey;

    HashJoinOperator(PhysicalPlan.HashJoin plan, Operator left, Operator right) {
        if (plan.kind() == JoinKind.NOT_IN
                && (plan.leftKeys().size() > 1 || plan.condition().isPresent())) {
            throw new IllegalArgumentException("NOT IN by hash compares one value");
        }
        this.kind = plan.kind();
        this.left = left;
        this.right = right;
        this.leftWidth = plan.left().width();
        this.rightWidth = plan.right().width();
        this.leftKeys = new GroupKey.Maker(plan.leftKeys());
        this.rightKeys = new GroupKey.Maker(plan.rightKeys());
        this.condition = compile(plan.condition());
        this.readsNothing = readNothing(plan.leftKeys())
                && readNothing(plan.condition().stream().toList());
        this.oneOfEachKey = kind.leftOnly() && plan.condition().isEmpty();
    }

    @Override
    public RowEnumerator open(ExecutionContext context) {
        return new Run(context);
    }

    /** Rows with equal keys may be many that do not match otherwise. */
    private static final int CANCEL_CHECK_MASK = 0xFF;

    private final class Run extends RowEnumerator {
        private final RowEnumerator lefts;
        private final long budget;
        private final JoinedRow pair = new JoinedRow(leftWidth, rightWidth, condition);
        private RightSide rightSide = new RightSide();
        private RowTable table;
        private long tableBytes;
        private Parts parts;

        /** The left rows of the current pair of parts; null while the left input is read. */
        private RowFile.Reader leftPart;

        private Row leftRow;
        private int next;
        private boolean matched;
        private boolean leftDone;
        private boolean rightIsEmpty = true;
        private boolean rightHasNull;
        private int met;

        Run(ExecutionContext context) {
            super(context);
            this.lefts = own(left.open(context));
            this.budget = context.workspace().budgetBytes();
        }

        private void build() {
            table = new RowTable();
            RowEnumerator rows = own(right.open(context));
            while (rows.moveNext()) {
                Row row = rows.current();
                Object key = rightKeys.keyWithoutNull(row, context);
                note(key);
                if (rightDecides()) {
                    break;
                }
                if (isKept(key)) {
                    add(key, row.copy());
                }
                if (isFull()) {
                    Partitions divided = dump();
                    while (!rightDecides() && rows.moveNext()) {
                        divideRight(divided, rows.current());
                    }
                    if (!rightDecides()) {
                        divideLeft(divided);
                    }
                    break;
                }
            }
            release(rows);
            settleLeft();
        }

        private void note(Object key) {
            rightIsEmpty = false;
            rightHasNull |= key == null;
        }

        /** Whether no left row can pass any more, whatever the right has besides. */
        private boolean rightDecides() {
            return rightHasNull && kind == JoinKind.NOT_IN;
        }

        private boolean isKept(Object key) {
            return key == null ? kind.keepsRight() : !oneOfEachKey || table.first(key) < 0;
        }

        /** Without right rows nothing matches: an inner join need not read its left side at all. */
        private void settleLeft() {
            boolean needsMatch = kind == JoinKind.INNER || kind == JoinKind.SEMI || kind == JoinKind.RIGHT;
            leftDone = rightDecides() || (needsMatch && table.size() == 0);
        }

        private void add(Object key, ValueRow row) {
            table.add(key, row);
            tableBytes += budget == Long.MAX_VALUE ? 0 : NODE_BYTES + HeapSize.of(row.values());
            context.workspace().watch().holds(tableBytes);
        }

        private boolean isFull() {
            return tableBytes > budget && (parts == null || parts.mayDivide());
        }

        /** The rows of the table, divided; it is empty then. */
        private Partitions dump() {
            Partitions divided = own(new Partitions(context.workspace(), level(), rightWidth));
            for (int i = 0; i < table.size(); i++) {
                divideRight(divided, table.row(i));
            }
            table = new RowTable();
            tableBytes = 0;
            return divided;
        }

        private int level() {
            return parts == null ? 0 : parts.level();
        }

        private void divideRight(Partitions into, Row row) {
            Object key = rightKeys.keyWithoutNull(row, context);
            note(key);
            if (key != null || kind.keepsRight()) {
                into.add(key == null ? 0 : key.hashCode(), row.toArray());
            }
        }

        /** Divides the left rows that are still to come, as {@code rights} were. */
        private void divideLeft(Partitions rights) {
            Partitions divided = own(new Partitions(context.workspace(), level(), leftWidth));
            for (Row row = readLeft(); row != null; row = readLeft()) {
                Object key = leftKeys.keyWithoutNull(row, context);
                if (key != null || kind.keepsLeft() || kind == JoinKind.ANTI) {
                    divided.add(key == null ? 0 : key.hashCode(), row.toArray());
                }
            }
            if (parts == null) {
                parts = own(new Parts());
            }
            parts.add(divided, rights);
        }

        @Override
        public boolean isSettled() {
            return table != null && readsNothing && (leftPart != null || lefts.isSettled());
        }

        @Override
        protected Row advance() {
            if (table == null) {
                build();
            }
            while (true) {
                Row found = advanceInPart();
                if (found != null) {
                    return found;
                }
                if (!nextPart()) {
                    return null;
                }
            }
        }

        private Row advanceInPart() {
            while (!leftDone) {
                if (leftRow == null && !nextLeft()) {
                    leftDone = true;
                    break;
                }
                Row found = nextMatch();
                if (found != null) {
                    return found;
                }
                Row row = leftRow;
                leftRow = null;
                if (!matched && kind.isAnti()) {
                    return row;
                }
                if (!matched && kind.keepsLeft()) {
                    pair.setLeft(row);
                    pair.clearRight();
                    return pair.pair();
                }
            }
            return kind.keepsRight() ? rightSide.nextUnmatched(table::row, table.size(), pair) : null;
        }

        private boolean nextPart() {
            while (parts != null && parts.next()) {
                leftPart = parts.rows();
                table = new RowTable();
                tableBytes = 0;
                rightSide = new RightSide();
                leftRow = null;
                if (buildPart()) {
                    settleLeft();
                    return true;
                }
            }
            return false;
        }

        /** Fills the table from the current part; false when it had to be divided itself. */
        private boolean buildPart() {
            RowFile.Reader rights = parts.others();
            for (Object[] values = rights.next(); values != null; values = rights.next()) {
                context.checkCancelled();
                ValueRow row = new ValueRow(values);
                Object key = rightKeys.keyWithoutNull(row, context);
                if (isKept(key)) {
                    add(key, row);
                }
                if (isFull()) {
                    Partitions divided = dump();
                    for (values = rights.next(); values != null; values = rights.next()) {
                        divideRight(divided, new ValueRow(values));
                    }
                    divideLeft(divided);
                    return false;
                }
            }
            return true;
        }

        private Row readLeft() {
            if (leftPart == null) {
                return lefts.moveNext() ? lefts.current() : null;
            }
            context.checkCancelled();
            Object[] values = leftPart.next();
            return values == null ? null : new ValueRow(values);
        }

        private boolean nextLeft() {
            leftRow = readLeft();
            if (leftRow == null) {
                return false;
            }
            Object key = leftKeys.keyWithoutNull(leftRow, context);
            next = key == null ? -1 : table.first(key);
            matched = key == null && kind == JoinKind.NOT_IN && !rightIsEmpty;
            if (next >= 0) {
                pair.setLeft(leftRow);
            }
            return true;
        }

        private Row nextMatch() {
            while (next >= 0) {
                int i = next;
                next = table.next(i);
                if ((++met & CANCEL_CHECK_MASK) == 0) {
                    context.checkCancelled();
                }
                pair.setRight(table.row(i));
                if (pair.matches(context)) {
                    matched = true;
                    if (kind.leftOnly()) {
                        next = -1;
                        return kind == JoinKind.SEMI ? leftRow : null;
                    }
                    rightSide.matched(i);
                    return pair.pair();
                }
            }
            return null;
        }
    }
}

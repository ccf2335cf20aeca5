// What a query computes, without saying how.
package org.mosslsm.sql.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.mosslsm.sql.catalog.Table;
import org.mosslsm.sql.expr.AggregateCall;
import org.mosslsm.sql.expr.ScalarExpr;
import org.mosslsm.sql.expr.Subplan;

/** A typed relational tree. Subqueries of its expressions hold logical plans too. */
public sealed interface LogicalPlan extends Subplan {
    /** The columns of its rows. */
    List<PlanColumn> columns();

    /** The plans it reads from. */
    List<LogicalPlan> inputs();

    /** The same node over other inputs with the same columns. */
    LogicalPlan withInputs(List<LogicalPlan> inputs);

    /** Number of columns. */
    default int width() {
        return columns().size();
    }

    /** A node without inputs. */
    sealed interface Leaf extends LogicalPlan {
        @Override
        default List<LogicalPlan> inputs() {
            return List.of();
        }

        @Override
        default LogicalPlan withInputs(List<LogicalPlan> inputs) {
            return this;
        }
    }

    /** A node with one input. */
    sealed interface Unary extends LogicalPlan {
        /** The input. */
        LogicalPlan input();

        @Override
        default List<LogicalPlan> inputs() {
            return List.of(input());
        }
    }

    /**
     * All rows of a table.
     *
     * @param alias the name it goes by in the statement
     * @param ordinals positions in {@code table.rowColumns()} of the row's columns
     */
    record TableScan(Table table, String alias, List<Integer> ordinals, List<PlanColumn> columns) implements Leaf {
        /** Freezes the lists. */
        public TableScan {
            ordinals = List.copyOf(ordinals);
            columns = List.copyOf(columns);
        }
    }

    /** Rows of expressions that see no row; one row without columns is the input of a SELECT without FROM. */
    record Values(List<List<ScalarExpr>> rows, List<PlanColumn> columns) implements Leaf {
        /** Freezes the lists. */
        public Values {
            rows = List.copyOf(rows);
            columns = List.copyOf(columns);
        }

        /** One row without columns. */
        public static Values oneRow() {
            return new Values(List.of(List.of()), List.of());
        }

        /** No row. */
        public static Values empty(List<PlanColumn> columns) {
            return new Values(List.of(), columns);
        }
    }

    /** The rows for which {@code predicate} is true. */
    record Filter(LogicalPlan input, ScalarExpr predicate) implements Unary {
        @Override
        public List<PlanColumn> columns() {
            return input.columns();
        }

        @Override
        public LogicalPlan withInputs(List<LogicalPlan> inputs) {
            return new Filter(inputs.get(0), predicate);
        }
    }

    /** Expressions over the input row. */
    record Project(LogicalPlan input, List<ScalarExpr> expressions, List<PlanColumn> columns) implements Unary {
        /** Freezes the lists. */
        public Project {
            expressions = List.copyOf(expressions);
            columns = List.copyOf(columns);
            if (expressions.size() != columns.size()) {
                throw new IllegalArgumentException(expressions.size() + " expressions, " + columns.size() + " columns");
            }
        }

        @Override
        public LogicalPlan withInputs(List<LogicalPlan> inputs) {
            return new Project(inputs.get(0), expressions, columns);
        }
    }

    /**
     * {@code first}, {@code first + step} and so on up to {@code last} (down to it where the step is negative): whole
     * numbers with a BIGINT step, or timestamps with an INTERVAL. No row where one of them is NULL.
     */
    record Series(ScalarExpr first, ScalarExpr last, ScalarExpr step, List<PlanColumn> columns) implements Leaf {}

    /** The rows of a WITH query that is computed once, or in the place of each use, as {@link CommonQuery} has it. */
    record CommonScan(CommonQuery query, List<PlanColumn> columns) implements Leaf {
        /** A use of the query. */
        public CommonScan(CommonQuery query) {
            this(query, query.plan().columns());
        }
    }

    /** A table whose rows are locked, and its full row ({@code table.rowColumns()}) as columns of the input's. */
    record LockedTable(Table table, List<ScalarExpr> row) {
        /** Freezes the row. */
        public LockedTable {
            row = List.copyOf(row);
        }
    }

    /**
     * FOR UPDATE or FOR SHARE: locks the rows of tables as they come. A row that changed since it was read is read again
     * under its lock, and passed over where it is gone or the conditions are not true any more.
     */
    record LockRows(
            LogicalPlan input,
            List<LockedTable> tables,
            List<ScalarExpr> conditions,
            boolean exclusive,
            WhenLocked whenLocked)
            implements Unary {
        /** What to do about a row that another transaction has locked. */
        public enum WhenLocked {
            /** Wait, as long as a lock may take. */
            WAIT,
            /** 55P03. */
            FAIL,
            /** Pass it over. */
            SKIP
        }

        /** Freezes the lists. */
        public LockRows {
            tables = List.copyOf(tables);
            conditions = List.copyOf(conditions);
        }

        @Override
        public List<PlanColumn> columns() {
            return input.columns();
        }

        @Override
        public LogicalPlan withInputs(List<LogicalPlan> inputs) {
            return new LockRows(inputs.get(0), tables, conditions, exclusive, whenLocked);
        }
    }

    /** The first row of each combination of values of {@code keys}; the input is sorted so that these stand together. */
    record DistinctOn(LogicalPlan input, List<ScalarExpr> keys) implements Unary {
        /** Freezes the keys. */
        public DistinctOn {
            keys = List.copyOf(keys);
        }

        @Override
        public List<PlanColumn> columns() {
            return input.columns();
        }

        @Override
        public LogicalPlan withInputs(List<LogicalPlan> inputs) {
            return new DistinctOn(inputs.get(0), keys);
        }
    }

    /** As {@link Limit}, with the rows that follow and equal the last in all {@code keys} the input is sorted by. */
    record LimitWithTies(LogicalPlan input, List<SortKey> keys, ScalarExpr count, Optional<ScalarExpr> offset)
            implements Unary {
        /** Freezes the keys. */
        public LimitWithTies {
            keys = List.copyOf(keys);
        }

        @Override
        public List<PlanColumn> columns() {
            return input.columns();
        }

        @Override
        public LogicalPlan withInputs(List<LogicalPlan> inputs) {
            return new LimitWithTies(inputs.get(0), keys, count, offset);
        }
    }

    /** Two inputs joined; the condition sees the left row followed by the right row, empty is true. */
    record Join(JoinKind kind, LogicalPlan left, LogicalPlan right, Optional<ScalarExpr> condition)
            implements LogicalPlan {
        @Override
        public List<PlanColumn> columns() {
            return joinColumns(kind, left.columns(), right.columns());
        }

        @Override
        public List<LogicalPlan> inputs() {
            return List.of(left, right);
        }

        @Override
        public LogicalPlan withInputs(List<LogicalPlan> inputs) {
            return new Join(kind, inputs.get(0), inputs.get(1), condition);
        }
    }

    /** One row a group: the keys, then the aggregates. Without keys there is exactly one group. */
    record Aggregate(LogicalPlan input, List<ScalarExpr> keys, List<AggregateCall> calls, List<PlanColumn> columns)
            implements Unary {
        /** Freezes the lists. */
        public Aggregate {
            keys = List.copyOf(keys);
            calls = List.copyOf(calls);
            columns = List.copyOf(columns);
        }

        @Override
        public LogicalPlan withInputs(List<LogicalPlan> inputs) {
            return new Aggregate(inputs.get(0), keys, calls, columns);
        }
    }

    /** Each row once; NULLs count as equal. */
    record Distinct(LogicalPlan input) implements Unary {
        @Override
        public List<PlanColumn> columns() {
            return input.columns();
        }

        @Override
        public LogicalPlan withInputs(List<LogicalPlan> inputs) {
            return new Distinct(inputs.get(0));
        }
    }

    /** The rows in an order. */
    record Sort(LogicalPlan input, List<SortKey> keys) implements Unary {
        /** Freezes the keys. */
        public Sort {
            keys = List.copyOf(keys);
        }

        @Override
        public List<PlanColumn> columns() {
            return input.columns();
        }

        @Override
        public LogicalPlan withInputs(List<LogicalPlan> inputs) {
            return new Sort(inputs.get(0), keys);
        }
    }

    /** The first rows after {@code offset} rows; both are BIGINT expressions that see no row; NULL means absent. */
    record Limit(LogicalPlan input, Optional<ScalarExpr> count, Optional<ScalarExpr> offset) implements Unary {
        @Override
        public List<PlanColumn> columns() {
            return input.columns();
        }

        @Override
        public LogicalPlan withInputs(List<LogicalPlan> inputs) {
            return new Limit(inputs.get(0), count, offset);
        }
    }

    /** Two inputs of equal column types combined; {@code all} keeps duplicates. */
    record SetOperation(SetKind kind, boolean all, LogicalPlan left, LogicalPlan right, List<PlanColumn> columns)
            implements LogicalPlan {
        /** Freezes the columns. */
        public SetOperation {
            columns = List.copyOf(columns);
        }

        @Override
        public List<LogicalPlan> inputs() {
            return List.of(left, right);
        }

        @Override
        public LogicalPlan withInputs(List<LogicalPlan> inputs) {
            return new SetOperation(kind, all, inputs.get(0), inputs.get(1), columns);
        }
    }

    /** The columns of a join's rows. */
    static List<PlanColumn> joinColumns(JoinKind kind, List<PlanColumn> left, List<PlanColumn> right) {
        if (kind.leftOnly()) {
            return left;
        }
        List<PlanColumn> all = new ArrayList<>(left.size() + right.size());
        for (PlanColumn c : left) {
            all.add(kind.keepsRight() ? c.orNull() : c);
        }
        for (PlanColumn c : right) {
            all.add(kind.keepsLeft() ? c.orNull() : c);
        }
        return all;
    }
}

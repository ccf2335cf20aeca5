// How a query is computed.
package org.mosslsm.sql.plan;

import java.util.List;
import java.util.Optional;
import org.mosslsm.sql.catalog.Index;
import org.mosslsm.sql.catalog.Table;
import org.mosslsm.sql.expr.AggregateCall;
import org.mosslsm.sql.expr.ScalarExpr;
import org.mosslsm.sql.expr.SlotBinding;
import org.mosslsm.sql.expr.Subplan;

/**
 * An operator tree, ready to run: one node, one operator. Subqueries of its expressions hold physical plans. Every node
 * may be opened again with other values in its slots. Unless said otherwise an operator keeps the order of its (left)
 * input, streams, and reads its inputs from left to right.
 */
public sealed interface PhysicalPlan extends Subplan {
    /** The columns of its rows. */
    List<PlanColumn> columns();

    /** The plans it reads from. */
    List<PhysicalPlan> inputs();

    /** Number of columns. */
    default int width() {
        return columns().size();
    }

    /** A node without inputs. */
    sealed interface Leaf extends PhysicalPlan {
        @Override
        default List<PhysicalPlan> inputs() {
            return List.of();
        }
    }

    /** A node with one input. */
    sealed interface Unary extends PhysicalPlan {
        /** The input. */
        PhysicalPlan input();

        @Override
        default List<PhysicalPlan> inputs() {
            return List.of(input());
        }
    }

    /**
     * Rows of a table through one of its indexes, the primary index among them, in key order (backwards: the reverse).
     * The ranges are opened one after the other in that order. An entry of the index for which {@code entryFilter} is
     * not true is passed over before its row is fetched. Unless {@code covering}, the row is then fetched from the
     * primary index by the key in the entry; entries may be fetched in batches, in their order. {@code filter} sees the
     * whole row.
     *
     * @param alias the name the table goes by in the statement
     * @param ordinals positions in {@code table.rowColumns()} of the row's columns; both filters count in this row
     * @param ranges the keys to visit
     * @param backward from the last key to the first
     * @param entryFilter uses columns that the index holds; only where not covering
     * @param filter what else must be true
     * @param covering whether the index holds all columns; always so for the primary index
     * @param expected rows the reader is likely to ask for, 0 for all: a hint that changes cost, never rows
     */
    record IndexScan(
            Table table,
            Index index,
            String alias,
            List<Integer> ordinals,
            List<PlanColumn> columns,
            KeyRangeSpec ranges,
            boolean backward,
            Optional<ScalarExpr> entryFilter,
            Optional<ScalarExpr> filter,
            boolean covering,
            int expected)
            implements Leaf {
        /** Freezes the lists. */
        public IndexScan {
            ordinals = List.copyOf(ordinals);
            columns = List.copyOf(columns);
        }

        /** A scan that is read to its end. */
        public IndexScan(
                Table table,
                Index index,
                String alias,
                List<Integer> ordinals,
                List<PlanColumn> columns,
                KeyRangeSpec ranges,
                boolean backward,
                Optional<ScalarExpr> entryFilter,
                Optional<ScalarExpr> filter,
                boolean covering) {
            this(table, index, alias, ordinals, columns, ranges, backward, entryFilter, filter, covering, 0);
        }
    }

    /**
     * Rows of a table that entries in one of several ranges lead to, each row once, in the order of the primary key.
     * {@code filter} sees the whole row; its columns are as in {@link IndexScan}. All keys are read before the first row.
     */
    record IndexUnion(
            Table table,
            String alias,
            List<Integer> ordinals,
            List<PlanColumn> columns,
            List<Part> parts,
            Optional<ScalarExpr> filter)
            implements Leaf {
        /** Ranges of one index. */
        public record Part(Index index, KeyRangeSpec ranges) {}

        /** Freezes the lists. */
        public IndexUnion {
            ordinals = List.copyOf(ordinals);
            columns = List.copyOf(columns);
            parts = List.copyOf(parts);
        }
    }

    /**
     * One row: how many entries the ranges of an index hold, in each of its {@code columns}. Counts keys without looking
     * at values.
     */
    record CountEntries(Table table, Index index, String alias, KeyRangeSpec ranges, List<PlanColumn> columns)
            implements Leaf {
        /** Freezes the columns. */
        public CountEntries {
            columns = List.copyOf(columns);
        }
    }

    /**
     * The values of the first key columns of an index, one for each of {@code columns}, each combination once, in the order
     * of the index or backward. As the left side of a skip scan it has the keys' first column, and the right side reads the
     * keys that begin with it.
     */
    record LeadingValues(Table table, Index index, String alias, boolean backward, List<PlanColumn> columns)
            implements Leaf {
        /** Freezes the columns. */
        public LeadingValues {
            columns = List.copyOf(columns);
        }
    }

    /** Rows of expressions that see no row. */
    record Values(List<List<ScalarExpr>> rows, List<PlanColumn> columns) implements Leaf {
        /** Freezes the lists. */
        public Values {
            rows = List.copyOf(rows);
            columns = List.copyOf(columns);
        }
    }

    /** The rows for which {@code predicate} is true. */
    record Filter(PhysicalPlan input, ScalarExpr predicate) implements Unary {
        @Override
        public List<PlanColumn> columns() {
            return input.columns();
        }
    }

    /** Expressions over the input row. */
    record Project(PhysicalPlan input, List<ScalarExpr> expressions, List<PlanColumn> columns) implements Unary {
        /** Freezes the lists. */
        public Project {
            expressions = List.copyOf(expressions);
            columns = List.copyOf(columns);
        }
    }

    /**
     * Compares every pair. The right input is read once and kept; when the left has no row it need not be read. The
     * condition sees the left row followed by the right row; empty is true. For RIGHT and FULL the right rows without a
     * match come last.
     */
    record NestedLoopJoin(
            JoinKind kind,
            PhysicalPlan left,
            PhysicalPlan right,
            Optional<ScalarExpr> condition,
            List<PlanColumn> columns)
            implements PhysicalPlan {
        @Override
        public List<PhysicalPlan> inputs() {
            return List.of(left, right);
        }
    }

    /**
     * For each left row gives the slots their values (the bindings' expressions see the left row) and opens the right
     * input anew, whose key ranges or filters use the slots. INNER, LEFT, SEMI or ANTI. The condition is as in {@link
     * NestedLoopJoin}. Equal slot values may reuse the right rows of the row before.
     */
    record LookupJoin(
            JoinKind kind,
            PhysicalPlan left,
            PhysicalPlan right,
            List<SlotBinding> bindings,
            Optional<ScalarExpr> condition,
            List<PlanColumn> columns)
            implements PhysicalPlan {
        /** Freezes the bindings. */
        public LookupJoin {
            bindings = List.copyOf(bindings);
        }

        @Override
        public List<PhysicalPlan> inputs() {
            return List.of(left, right);
        }
    }

    /**
     * Builds a hash table of the right input and probes it with the left. {@code leftKeys} see the left row, {@code
     * rightKeys} the right row; equal positions have one type family; a NULL key matches nothing. The condition, if any,
     * must be true too. For RIGHT and FULL the right rows without a match come last.
     */
    record HashJoin(
            JoinKind kind,
            PhysicalPlan left,
            PhysicalPlan right,
            List<ScalarExpr> leftKeys,
            List<ScalarExpr> rightKeys,
            Optional<ScalarExpr> condition,
            List<PlanColumn> columns)
            implements PhysicalPlan {
        /** Freezes the keys. */
        public HashJoin {
            leftKeys = List.copyOf(leftKeys);
            rightKeys = List.copyOf(rightKeys);
        }

        @Override
        public List<PhysicalPlan> inputs() {
            return List.of(left, right);
        }
    }

    /**
     * Joins inputs that are both sorted by the keys, NULLs anywhere; {@code descending} says which way. Keys, condition and
     * kinds are as in {@link HashJoin}, but for NOT_IN, and equal positions have one type. For RIGHT and FULL a right row
     * without a match comes before the next greater key.
     */
    record MergeJoin(
            JoinKind kind,
            PhysicalPlan left,
            PhysicalPlan right,
            List<ScalarExpr> leftKeys,
            List<ScalarExpr> rightKeys,
            List<Boolean> descending,
            Optional<ScalarExpr> condition,
            List<PlanColumn> columns)
            implements PhysicalPlan {
        /** Freezes the keys. */
        public MergeJoin {
            leftKeys = List.copyOf(leftKeys);
            rightKeys = List.copyOf(rightKeys);
            descending = List.copyOf(descending);
        }

        @Override
        public List<PhysicalPlan> inputs() {
            return List.of(left, right);
        }
    }

    /**
     * Groups and aggregates: keys, then aggregates. Without keys there is exactly one group. Where {@code sorted}, rows
     * of equal keys come one after another, and groups stream out in the input's order; else groups come in any order
     * after the whole input was read.
     */
    record Aggregate(
            PhysicalPlan input,
            List<ScalarExpr> keys,
            List<AggregateCall> calls,
            boolean sorted,
            List<PlanColumn> columns)
            implements Unary {
        /** Freezes the lists. */
        public Aggregate {
            keys = List.copyOf(keys);
            calls = List.copyOf(calls);
            columns = List.copyOf(columns);
        }
    }

    /** Each row once, NULLs count as equal; where {@code sorted}, equal rows come one after another. */
    record Distinct(PhysicalPlan input, boolean sorted) implements Unary {
        @Override
        public List<PlanColumn> columns() {
            return input.columns();
        }
    }

    /** Sorts; equal rows keep their order. */
    record Sort(PhysicalPlan input, List<SortKey> keys) implements Unary {
        /** Freezes the keys. */
        public Sort {
            keys = List.copyOf(keys);
        }

        @Override
        public List<PlanColumn> columns() {
            return input.columns();
        }
    }

    /** As a {@link Sort} under a {@link Limit}, but keeps only as many rows as are asked for. */
    record TopN(PhysicalPlan input, List<SortKey> keys, ScalarExpr count, Optional<ScalarExpr> offset)
            implements Unary {
        /** Freezes the keys. */
        public TopN {
            keys = List.copyOf(keys);
        }

        @Override
        public List<PlanColumn> columns() {
            return input.columns();
        }
    }

    /**
     * The first {@code count} rows after {@code offset} rows, both BIGINT. NULL means absent; a negative value is an
     * error (2201W, 2201X). Once it has its rows it reads no more.
     */
    record Limit(PhysicalPlan input, Optional<ScalarExpr> count, Optional<ScalarExpr> offset) implements Unary {
        @Override
        public List<PlanColumn> columns() {
            return input.columns();
        }
    }

    /** As {@link LogicalPlan.Series}. */
    record Series(ScalarExpr first, ScalarExpr last, ScalarExpr step, List<PlanColumn> columns) implements Leaf {}

    /**
     * The rows of a WITH query. They are computed once in an execution, for all nodes whose {@code query} is the same object, when
     * the first of them is asked for a row.
     *
     * @param name what the statement calls it
     * @param query no input of this node: it belongs to all that read it
     * @param correlated whether it reads slots, as {@link CommonQuery#correlated}
     */
    record CommonScan(String name, PhysicalPlan query, boolean correlated, List<PlanColumn> columns) implements Leaf {}

    /** As {@link LogicalPlan.LockRows}. */
    record LockRows(
            PhysicalPlan input,
            List<LogicalPlan.LockedTable> tables,
            List<ScalarExpr> conditions,
            boolean exclusive,
            LogicalPlan.LockRows.WhenLocked whenLocked)
            implements Unary {
        @Override
        public List<PlanColumn> columns() {
            return input.columns();
        }
    }

    /** As {@link LogicalPlan.DistinctOn}; keeps the order of its input. */
    record DistinctOn(PhysicalPlan input, List<ScalarExpr> keys) implements Unary {
        @Override
        public List<PlanColumn> columns() {
            return input.columns();
        }
    }

    /** As {@link LogicalPlan.LimitWithTies}. */
    record LimitWithTies(PhysicalPlan input, List<SortKey> keys, ScalarExpr count, Optional<ScalarExpr> offset)
            implements Unary {
        @Override
        public List<PlanColumn> columns() {
            return input.columns();
        }
    }

    /** The rows of all inputs, one after the other; all have the same types. */
    record Concat(List<PhysicalPlan> inputs, List<PlanColumn> columns) implements PhysicalPlan {
        /** Freezes the lists. */
        public Concat {
            inputs = List.copyOf(inputs);
            columns = List.copyOf(columns);
        }
    }

    /** INTERSECT or EXCEPT; {@code all} counts duplicates as the standard does. Keeps the order of the left input. */
    record SetOperation(SetKind kind, boolean all, PhysicalPlan left, PhysicalPlan right, List<PlanColumn> columns)
            implements PhysicalPlan {
        /** UNION is a {@link Concat}, under a {@link Distinct} unless ALL. */
        public SetOperation {
            if (kind == SetKind.UNION) {
                throw new IllegalArgumentException("UNION is a Concat");
            }
        }

        @Override
        public List<PhysicalPlan> inputs() {
            return List.of(left, right);
        }
    }
}

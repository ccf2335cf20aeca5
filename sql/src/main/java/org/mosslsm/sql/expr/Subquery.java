package org.mosslsm.sql.expr;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.mosslsm.sql.type.SqlType;

/** A subquery in an expression. */
public sealed interface Subquery extends ScalarExpr {
    /** The query. */
    Subplan plan();

    /** What it sees of the row around it. */
    List<SlotBinding> bindings();

    /** The same with another plan of equal result. */
    Subquery withPlan(Subplan plan);

    /** A subquery that gives a truth. */
    sealed interface Test extends Subquery, ScalarExpr.Predicate {}

    /**
     * Which value of its one row a subquery stands for, where it has more than one: {@code SET (a, b) = (SELECT ...)}. All
     * items of one subquery are of one row.
     *
     * @param query number of the subquery, which all its items and nothing else in the statement have
     * @param column position of the value in the row
     * @param first whether it stands before all others of its row, so that another row may be drawn for it
     */
    record Item(int query, int column, boolean first) {}

    /** The one value of a subquery, or the item of its row. */
    record Scalar(Subplan plan, List<SlotBinding> bindings, Optional<Item> item, SqlType type) implements Subquery {
        /** Freezes the bindings. */
        public Scalar {
            bindings = List.copyOf(bindings);
        }

        /** The value of a subquery of one column. */
        public Scalar(Subplan plan, List<SlotBinding> bindings, SqlType type) {
            this(plan, bindings, Optional.empty(), type);
        }

        /** The item of the row that was drawn already. */
        public Scalar ofDrawn() {
            return new Scalar(plan, bindings, item.map(i -> new Item(i.query(), i.column(), false)), type);
        }

        /** Position of the value in the subquery's row. */
        public int column() {
            return item.map(Item::column).orElse(0);
        }

        @Override
        public List<ScalarExpr> children() {
            return outers(bindings);
        }

        @Override
        public ScalarExpr withChildren(List<ScalarExpr> children) {
            return new Scalar(plan, rebind(bindings, children), item, type);
        }

        @Override
        public Scalar withPlan(Subplan other) {
            return new Scalar(other, bindings, item, type);
        }

        @Override
        public <R> R accept(ExprVisitor<R> visitor) {
            return visitor.scalarSubquery(this);
        }
    }

    /** {@code EXISTS (subquery)}. */
    record Exists(Subplan plan, List<SlotBinding> bindings) implements Test {
        /** Freezes the bindings. */
        public Exists {
            bindings = List.copyOf(bindings);
        }

        @Override
        public List<ScalarExpr> children() {
            return outers(bindings);
        }

        @Override
        public ScalarExpr withChildren(List<ScalarExpr> children) {
            return new Exists(plan, rebind(bindings, children));
        }

        @Override
        public Exists withPlan(Subplan other) {
            return new Exists(other, bindings);
        }

        @Override
        public <R> R accept(ExprVisitor<R> visitor) {
            return visitor.exists(this);
        }
    }

    /** {@code (left...) IN (subquery)}; the subquery's columns have the types of {@code left}. */
    record In(List<ScalarExpr> left, Subplan plan, List<SlotBinding> bindings) implements Test {
        /** Freezes the lists. */
        public In {
            left = List.copyOf(left);
            bindings = List.copyOf(bindings);
        }

        @Override
        public List<ScalarExpr> children() {
            return join(left, outers(bindings));
        }

        @Override
        public ScalarExpr withChildren(List<ScalarExpr> children) {
            int n = left.size();
            return new In(children.subList(0, n), plan, rebind(bindings, children.subList(n, children.size())));
        }

        @Override
        public In withPlan(Subplan other) {
            return new In(left, other, bindings);
        }

        @Override
        public <R> R accept(ExprVisitor<R> visitor) {
            return visitor.inSubquery(this);
        }
    }

    /**
     * {@code left op ALL (subquery)} or ANY; the subquery's column has the type of {@code left}. {@code = ANY} and {@code
     * <> ALL} are {@link In} and its negation.
     */
    record Quantified(CompareOp op, boolean all, ScalarExpr left, Subplan plan, List<SlotBinding> bindings)
            implements Test {
        /** Freezes the bindings. */
        public Quantified {
            if (op == (all ? CompareOp.NE : CompareOp.EQ)) {
                throw new IllegalArgumentException(op.symbol() + (all ? " ALL" : " ANY") + " is an In");
            }
            bindings = List.copyOf(bindings);
        }

        @Override
        public List<ScalarExpr> children() {
            return join(List.of(left), outers(bindings));
        }

        @Override
        public ScalarExpr withChildren(List<ScalarExpr> children) {
            return new Quantified(
                    op, all, children.get(0), plan, rebind(bindings, children.subList(1, children.size())));
        }

        @Override
        public Quantified withPlan(Subplan other) {
            return new Quantified(op, all, left, other, bindings);
        }

        @Override
        public <R> R accept(ExprVisitor<R> visitor) {
            return visitor.quantified(this);
        }
    }

    private static List<ScalarExpr> join(List<ScalarExpr> a, List<ScalarExpr> b) {
        List<ScalarExpr> all = new ArrayList<>(a.size() + b.size());
        all.addAll(a);
        all.addAll(b);
        return all;
    }

    private static List<ScalarExpr> outers(List<SlotBinding> bindings) {
        return bindings.stream().map(SlotBinding::outer).toList();
    }

    private static List<SlotBinding> rebind(List<SlotBinding> bindings, List<ScalarExpr> outers) {
        List<SlotBinding> rebound = new ArrayList<>();
        for (int i = 0; i < bindings.size(); i++) {
            rebound.add(new SlotBinding(bindings.get(i).slot(), outers.get(i)));
        }
        return rebound;
    }
}

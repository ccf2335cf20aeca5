package org.mosslsm.sql.expr;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.mosslsm.sql.type.CastMode;
import org.mosslsm.sql.type.SqlType;

/**
 * A typed scalar expression: an immutable tree of records. Chains of operators may be 10,000 deep on their left side;
 * use {@link ExprTrees} to walk and rewrite without recursion.
 */
public sealed interface ScalarExpr
        permits ScalarExpr.Leaf,
                ScalarExpr.Call,
                ScalarExpr.Cast,
                ScalarExpr.Predicate,
                ScalarExpr.Case,
                ScalarExpr.Coalesce,
                Subquery {
    /** Type of the value. */
    SqlType type();

    /** The operands, in order; subqueries' outer expressions count as operands. */
    List<ScalarExpr> children();

    /** The same node with other operands, as many as {@link #children} gives and of the same types. */
    ScalarExpr withChildren(List<ScalarExpr> children);

    /** Calls the visitor's method for this node. */
    <R> R accept(ExprVisitor<R> visitor);

    /** An expression without operands. */
    sealed interface Leaf extends ScalarExpr {
        @Override
        default List<ScalarExpr> children() {
            return List.of();
        }

        @Override
        default ScalarExpr withChildren(List<ScalarExpr> children) {
            return this;
        }
    }

    /** A value from the input row. */
    record ColumnRef(int index, SqlType type) implements Leaf {
        @Override
        public <R> R accept(ExprVisitor<R> visitor) {
            return visitor.columnRef(this);
        }
    }

    /** A constant; null is NULL. Of type UNKNOWN it holds a String or null and waits for its place's type. */
    record Literal(Object value, SqlType type) implements Leaf {
        /** TRUE. */
        public static final Literal TRUE = new Literal(true, SqlType.BOOLEAN);
        /** FALSE. */
        public static final Literal FALSE = new Literal(false, SqlType.BOOLEAN);

        @Override
        public <R> R accept(ExprVisitor<R> visitor) {
            return visitor.literal(this);
        }

        @Override
        public boolean equals(Object o) {
            return o instanceof Literal l && type.equals(l.type) && Objects.deepEquals(value, l.value);
        }

        @Override
        public int hashCode() {
            return 31 * type.hashCode() + Arrays.deepHashCode(new Object[] {value});
        }
    }

    /** A value given at execution; 0-based. */
    record Parameter(int index, SqlType type) implements Leaf {
        @Override
        public <R> R accept(ExprVisitor<R> visitor) {
            return visitor.parameter(this);
        }
    }

    /** A correlated value of an outer row, see {@link SlotBinding}. */
    record SlotRef(int slot, SqlType type) implements Leaf {
        @Override
        public <R> R accept(ExprVisitor<R> visitor) {
            return visitor.slotRef(this);
        }
    }

    /** A function or operator applied. */
    record Call(ScalarFunction function, List<ScalarExpr> arguments) implements ScalarExpr {
        /** Freezes the arguments. */
        public Call {
            arguments = List.copyOf(arguments);
        }

        @Override
        public SqlType type() {
            return function.returns();
        }

        @Override
        public List<ScalarExpr> children() {
            return arguments;
        }

        @Override
        public ScalarExpr withChildren(List<ScalarExpr> children) {
            return new Call(function, children);
        }

        @Override
        public <R> R accept(ExprVisitor<R> visitor) {
            return visitor.call(this);
        }
    }

    /** A conversion. */
    record Cast(ScalarExpr operand, SqlType type, CastMode mode) implements ScalarExpr {
        @Override
        public List<ScalarExpr> children() {
            return List.of(operand);
        }

        @Override
        public ScalarExpr withChildren(List<ScalarExpr> children) {
            return new Cast(children.get(0), type, mode);
        }

        @Override
        public <R> R accept(ExprVisitor<R> visitor) {
            return visitor.cast(this);
        }
    }

    /** A predicate: its type is BOOLEAN. */
    sealed interface Predicate extends ScalarExpr
            permits Compare, DistinctFrom, And, Or, Not, IsNull, IsTruth, InList, Like, Subquery.Test {
        @Override
        default SqlType type() {
            return SqlType.BOOLEAN;
        }
    }

    /** A comparison of two values of one family. */
    record Compare(CompareOp op, ScalarExpr left, ScalarExpr right) implements Predicate {
        @Override
        public List<ScalarExpr> children() {
            return List.of(left, right);
        }

        @Override
        public ScalarExpr withChildren(List<ScalarExpr> children) {
            return new Compare(op, children.get(0), children.get(1));
        }

        @Override
        public <R> R accept(ExprVisitor<R> visitor) {
            return visitor.compare(this);
        }
    }

    /** {@code left IS DISTINCT FROM right}: a comparison to which NULL equals NULL. */
    record DistinctFrom(ScalarExpr left, ScalarExpr right) implements Predicate {
        @Override
        public List<ScalarExpr> children() {
            return List.of(left, right);
        }

        @Override
        public ScalarExpr withChildren(List<ScalarExpr> children) {
            return new DistinctFrom(children.get(0), children.get(1));
        }

        @Override
        public <R> R accept(ExprVisitor<R> visitor) {
            return visitor.distinctFrom(this);
        }
    }

    /** All of the operands; evaluated from left to right until one is false. Empty is true. */
    record And(List<ScalarExpr> operands) implements Predicate {
        /** Freezes the operands. */
        public And {
            operands = List.copyOf(operands);
        }

        @Override
        public List<ScalarExpr> children() {
            return operands;
        }

        @Override
        public ScalarExpr withChildren(List<ScalarExpr> children) {
            return new And(children);
        }

        @Override
        public <R> R accept(ExprVisitor<R> visitor) {
            return visitor.and(this);
        }
    }

    /** One of the operands; evaluated from left to right until one is true. Empty is false. */
    record Or(List<ScalarExpr> operands) implements Predicate {
        /** Freezes the operands. */
        public Or {
            operands = List.copyOf(operands);
        }

        @Override
        public List<ScalarExpr> children() {
            return operands;
        }

        @Override
        public ScalarExpr withChildren(List<ScalarExpr> children) {
            return new Or(children);
        }

        @Override
        public <R> R accept(ExprVisitor<R> visitor) {
            return visitor.or(this);
        }
    }

    /** Negation. */
    record Not(ScalarExpr operand) implements Predicate {
        @Override
        public List<ScalarExpr> children() {
            return List.of(operand);
        }

        @Override
        public ScalarExpr withChildren(List<ScalarExpr> children) {
            return new Not(children.get(0));
        }

        @Override
        public <R> R accept(ExprVisitor<R> visitor) {
            return visitor.not(this);
        }
    }

    /** {@code operand IS NULL}. */
    record IsNull(ScalarExpr operand) implements Predicate {
        @Override
        public List<ScalarExpr> children() {
            return List.of(operand);
        }

        @Override
        public ScalarExpr withChildren(List<ScalarExpr> children) {
            return new IsNull(children.get(0));
        }

        @Override
        public <R> R accept(ExprVisitor<R> visitor) {
            return visitor.isNull(this);
        }
    }

    /** {@code operand IS TRUE}, FALSE or UNKNOWN. */
    record IsTruth(ScalarExpr operand, Truth truth) implements Predicate {
        @Override
        public List<ScalarExpr> children() {
            return List.of(operand);
        }

        @Override
        public ScalarExpr withChildren(List<ScalarExpr> children) {
            return new IsTruth(children.get(0), truth);
        }

        @Override
        public <R> R accept(ExprVisitor<R> visitor) {
            return visitor.isTruth(this);
        }
    }

    /** {@code operand IN (items)}, all of one family. An empty list is false. */
    record InList(ScalarExpr operand, List<ScalarExpr> items) implements Predicate {
        /** Freezes the items. */
        public InList {
            items = List.copyOf(items);
        }

        @Override
        public List<ScalarExpr> children() {
            List<ScalarExpr> children = new ArrayList<>(items.size() + 1);
            children.add(operand);
            children.addAll(items);
            return children;
        }

        @Override
        public ScalarExpr withChildren(List<ScalarExpr> children) {
            return new InList(children.get(0), children.subList(1, children.size()));
        }

        @Override
        public <R> R accept(ExprVisitor<R> visitor) {
            return visitor.inList(this);
        }
    }

    /** {@code operand LIKE pattern ESCAPE escape}, all strings; an empty escape string means no escape character. */
    record Like(ScalarExpr operand, ScalarExpr pattern, ScalarExpr escape, boolean ignoreCase) implements Predicate {
        @Override
        public List<ScalarExpr> children() {
            return List.of(operand, pattern, escape);
        }

        @Override
        public ScalarExpr withChildren(List<ScalarExpr> children) {
            return new Like(children.get(0), children.get(1), children.get(2), ignoreCase);
        }

        @Override
        public <R> R accept(ExprVisitor<R> visitor) {
            return visitor.like(this);
        }
    }

    /** One branch of a CASE. */
    record When(ScalarExpr condition, ScalarExpr result) {}

    /** A searched CASE; only the branch taken is evaluated. Conditions are BOOLEAN, results have the CASE's type. */
    record Case(List<When> branches, ScalarExpr otherwise, SqlType type) implements ScalarExpr {
        /** Freezes the branches. */
        public Case {
            branches = List.copyOf(branches);
        }

        @Override
        public List<ScalarExpr> children() {
            List<ScalarExpr> children = new ArrayList<>();
            for (When w : branches) {
                children.add(w.condition());
                children.add(w.result());
            }
            children.add(otherwise);
            return children;
        }

        @Override
        public ScalarExpr withChildren(List<ScalarExpr> children) {
            List<When> whens = new ArrayList<>();
            for (int i = 0; i + 1 < children.size(); i += 2) {
                whens.add(new When(children.get(i), children.get(i + 1)));
            }
            return new Case(whens, children.get(children.size() - 1), type);
        }

        @Override
        public <R> R accept(ExprVisitor<R> visitor) {
            return visitor.caseWhen(this);
        }
    }

    /** The first operand that is not NULL; those after it are not evaluated. */
    record Coalesce(List<ScalarExpr> operands, SqlType type) implements ScalarExpr {
        /** Freezes the operands. */
        public Coalesce {
            operands = List.copyOf(operands);
        }

        @Override
        public List<ScalarExpr> children() {
            return operands;
        }

        @Override
        public ScalarExpr withChildren(List<ScalarExpr> children) {
            return new Coalesce(children, type);
        }

        @Override
        public <R> R accept(ExprVisitor<R> visitor) {
            return visitor.coalesce(this);
        }
    }
}

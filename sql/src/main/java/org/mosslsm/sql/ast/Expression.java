// Scalar expressions and predicates as written.
package org.mosslsm.sql.ast;

import java.util.List;
import java.util.Optional;

/**
 * An expression without types. Special syntax that means a function is a {@link FunctionCall} already: {@code
 * EXTRACT(f FROM x)} is {@code extract('f', x)}, {@code SUBSTRING(x FROM a FOR n)} is {@code substring(x, a, n)}, {@code
 * POSITION(a IN b)} is {@code position(a, b)}, {@code OVERLAY(x PLACING y FROM a FOR n)} is {@code overlay(x, y, a, n)},
 * {@code TRIM([BOTH|LEADING|TRAILING] c FROM x)} is {@code trim|ltrim|rtrim(x, c)}, {@code x AT TIME ZONE z} is {@code
 * timezone(z, x)}, {@code NEXT VALUE FOR s} is {@code nextval('s')}, COALESCE, NULLIF, GREATEST, LEAST and the words
 * {@code current_date}, {@code current_timestamp}, {@code localtime}, {@code current_user}, {@code current_schema}, ...
 * are calls of that name.
 */
public sealed interface Expression extends Node {
    // ---- values

    /** NULL. */
    record NullLiteral(Position position) implements Expression {}

    /** TRUE or FALSE. */
    record BooleanLiteral(boolean value, Position position) implements Expression {}

    /** A whole number that fits a long, a minus sign before it included. */
    record IntegerLiteral(long value, Position position) implements Expression {}

    /** A number with a decimal point, or a whole one that does not fit a long; its scale is as written. */
    record DecimalLiteral(java.math.BigDecimal value, Position position) implements Expression {}

    /** A number with an exponent. */
    record DoubleLiteral(double value, Position position) implements Expression {}

    /** A string in any of the quotations, its escapes undone. */
    record StringLiteral(String value, Position position) implements Expression {}

    /** {@code x'CAFE'}: an even number of hexadecimal digits. */
    record BinaryLiteral(String hexDigits, Position position) implements Expression {
        /** The bytes the digits spell. */
        public byte[] bytes() {
            return java.util.HexFormat.of().parseHex(hexDigits);
        }
    }

    /** {@code DATE '...'}, {@code TIME '...'}, {@code TIMESTAMP [WITH TIME ZONE] '...'}, {@code UUID '...'}. */
    record TypedLiteral(TypeName type, String text, Position position) implements Expression {}

    /** {@code INTERVAL 'text' [from [TO to]]}. Fields are in lower case: year, month, day, hour, minute, second. */
    record IntervalLiteral(String text, Optional<String> from, Optional<String> to, Position position)
            implements Expression {}

    /** A {@code ?}; {@code index} counts from 0 in the order of the text. */
    record Parameter(int index, Position position) implements Expression {}

    /** DEFAULT, in a row of INSERT or an assignment of UPDATE only. */
    record DefaultValue(Position position) implements Expression {}

    /** A column by name, one to three parts. */
    record ColumnName(QualifiedName name, Position position) implements Expression {}

    /** {@code (a, b, ...)} or {@code ROW(a, ...)}. */
    record RowValue(List<Expression> items, Position position) implements Expression {
        /** Copies the items. */
        public RowValue {
            items = List.copyOf(items);
        }
    }

    // ---- operators

    /** A sign; a minus before a numeric literal is part of the literal instead. */
    record Unary(Sign sign, Expression operand, Position position) implements Expression {
        /** The sign. */
        public enum Sign {
            PLUS,
            MINUS,
            COMPLEMENT
        }
    }

    /** Arithmetic or concatenation; the position is the operator's. */
    record Binary(Operator operator, Expression left, Expression right, Position position) implements Expression {
        /** The operator and its spelling. */
        public enum Operator {
            ADD("+"),
            SUBTRACT("-"),
            MULTIPLY("*"),
            DIVIDE("/"),
            MODULO("%"),
            POWER("^"),
            CONCAT("||"),
            BIT_AND("&"),
            BIT_OR("|"),
            BIT_XOR("#"),
            SHIFT_LEFT("<<"),
            SHIFT_RIGHT(">>");

            private final String symbol;

            Operator(String symbol) {
                this.symbol = symbol;
            }

            /** As written in SQL. */
            public String symbol() {
                return symbol;
            }
        }
    }

    /** {@code CAST(operand AS type)} or {@code operand::type}. */
    record Cast(Expression operand, TypeName type, Position position) implements Expression {}

    /** {@code CASE [operand] WHEN .. THEN .. ELSE .. END}. */
    record Case(Optional<Expression> operand, List<When> branches, Optional<Expression> otherwise, Position position)
            implements Expression {
        /** Copies the branches. */
        public Case {
            branches = List.copyOf(branches);
        }
    }

    /** A branch of CASE: with an operand, {@code condition} is the value compared to it. */
    record When(Expression condition, Expression result) {}

    /**
     * A call of a function or aggregate. {@code star} is {@code f(*)} and has no arguments; {@code distinct} is {@code
     * f(DISTINCT x)}, ALL being the default; {@code filter} is {@code FILTER (WHERE ..)}. The name may have a schema.
     */
    record FunctionCall(
            QualifiedName name,
            boolean star,
            boolean distinct,
            List<Expression> arguments,
            List<SortItem> orderBy,
            Optional<Expression> filter,
            Position position)
            implements Expression {
        /** Copies the lists. */
        public FunctionCall {
            arguments = List.copyOf(arguments);
            orderBy = List.copyOf(orderBy);
        }
    }

    // ---- predicates

    /** All of two or more terms; flat, so that long chains do not nest. */
    record And(List<Expression> terms, Position position) implements Expression {
        /** Copies the terms. */
        public And {
            terms = List.copyOf(terms);
        }
    }

    /** Any of two or more terms; flat, so that long chains do not nest. */
    record Or(List<Expression> terms, Position position) implements Expression {
        /** Copies the terms. */
        public Or {
            terms = List.copyOf(terms);
        }
    }

    /** NOT. */
    record Not(Expression operand, Position position) implements Expression {}

    /** How two values compare. */
    enum Comparator {
        EQUAL("="),
        NOT_EQUAL("<>"),
        LESS("<"),
        LESS_OR_EQUAL("<="),
        GREATER(">"),
        GREATER_OR_EQUAL(">=");

        private final String symbol;

        Comparator(String symbol) {
            this.symbol = symbol;
        }

        /** As written in SQL. */
        public String symbol() {
            return symbol;
        }
    }

    /** Two values, or two row values, compared; the position is the operator's. */
    record Comparison(Comparator comparator, Expression left, Expression right, Position position)
            implements Expression {}

    /** {@code left = ANY (query)} or {@code ALL}; SOME is ANY. */
    record QuantifiedComparison(Comparator comparator, Expression left, boolean all, Query query, Position position)
            implements Expression {}

    /** {@code IS [NOT] NULL}. */
    record IsNull(Expression operand, boolean negated, Position position) implements Expression {}

    /** {@code IS [NOT] TRUE | FALSE | UNKNOWN}. */
    record IsTruth(Expression operand, Truth truth, boolean negated, Position position) implements Expression {
        /** The value asked for. */
        public enum Truth {
            TRUE,
            FALSE,
            UNKNOWN
        }
    }

    /** {@code IS DISTINCT FROM}; negated: {@code IS NOT DISTINCT FROM}. */
    record IsDistinct(Expression left, Expression right, boolean negated, Position position) implements Expression {}

    /** {@code [NOT] BETWEEN [SYMMETRIC] low AND high}. */
    record Between(
            Expression operand, Expression low, Expression high, boolean symmetric, boolean negated, Position position)
            implements Expression {}

    /** {@code [NOT] IN (item, ...)}; an empty list holds nothing. */
    record InList(Expression operand, List<Expression> items, boolean negated, Position position)
            implements Expression {
        /** Copies the items. */
        public InList {
            items = List.copyOf(items);
        }
    }

    /** {@code [NOT] IN (query)}. */
    record InQuery(Expression operand, Query query, boolean negated, Position position) implements Expression {}

    /** {@code [NOT] LIKE | ILIKE pattern [ESCAPE escape]}. */
    record Like(
            Expression operand,
            Expression pattern,
            Optional<Expression> escape,
            boolean caseInsensitive,
            boolean negated,
            Position position)
            implements Expression {}

    /** {@code EXISTS (query)}. */
    record Exists(Query query, Position position) implements Expression {}

    /** A query in the place of a value. */
    record ScalarSubquery(Query query, Position position) implements Expression {}
}

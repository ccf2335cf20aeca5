// Expressions and predicates: precedence of operators, and the suffixes of predicates.
package org.mosslsm.sql.parse;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.antlr.v4.runtime.ParserRuleContext;
import org.antlr.v4.runtime.Token;
import org.antlr.v4.runtime.tree.ParseTree;
import org.antlr.v4.runtime.tree.TerminalNode;
import org.mosslsm.grammar.MossSqlParser;
import org.mosslsm.grammar.MossSqlParser.*;
import org.mosslsm.sql.ast.Expression;
import org.mosslsm.sql.ast.Expression.Binary;
import org.mosslsm.sql.ast.Expression.Comparator;
import org.mosslsm.sql.ast.Position;
import org.mosslsm.sql.ast.Query;
import org.mosslsm.sql.error.SqlException;

/** Makes expressions. The grammar gives flat lists of operands and operators; precedence is applied here. */
final class ExpressionBuilder {
    private final AstBuilder ast;
    private final PrimaryBuilder primaries;

    ExpressionBuilder(AstBuilder ast) {
        this.ast = ast;
        this.primaries = new PrimaryBuilder(ast);
    }

    Expression of(ExpressionContext context) {
        ast.enter(1, context.getStart());
        int end = context.getChildCount();
        Expression built = end == 1 ? value((ValueExpressionContext) context.getChild(0)) : disjunction(context, end);
        ast.leave(1);
        return built;
    }

    Optional<Expression> optional(ExpressionContext context) {
        return context == null ? Optional.empty() : Optional.of(of(context));
    }

    List<Expression> all(List<ExpressionContext> contexts) {
        List<Expression> built = new ArrayList<>(contexts.size());
        for (ExpressionContext context : contexts) {
            built.add(of(context));
        }
        return built;
    }

    // The children of an expression are a flat list; each of these makes a tree of those in [from, to).

    private Expression disjunction(ExpressionContext context, int to) {
        List<Expression> terms = new ArrayList<>();
        int from = 0;
        for (int i = 0; i <= to; i++) {
            if (i == to || Names.isToken(context.getChild(i), MossSqlParser.OR)) {
                terms.add(conjunction(context, from, i));
                from = i + 1;
            }
        }
        return terms.size() == 1 ? terms.get(0) : new Expression.Or(terms, Names.position(context));
    }

    private Expression conjunction(ExpressionContext context, int first, int to) {
        List<Expression> terms = new ArrayList<>();
        int from = first;
        for (int i = first; i <= to; i++) {
            if (i == to || Names.isToken(context.getChild(i), MossSqlParser.AND)) {
                terms.add(negation(context, from, i));
                from = i + 1;
            }
        }
        return terms.size() == 1 ? terms.get(0) : new Expression.And(terms, position(context.getChild(first)));
    }

    /** NOT NOT NOT x is NOT x, whatever x is; two stay, because x must be a boolean even then. */
    private Expression negation(ExpressionContext context, int from, int to) {
        int nots = 0;
        while (Names.isToken(context.getChild(from + nots), MossSqlParser.NOT)) {
            nots++;
        }
        Expression built = predicate(context, from + nots, to);
        for (int i = nots == 0 ? 0 : 2 - nots % 2; i > 0; i--) {
            built = new Expression.Not(built, position(context.getChild(from)));
        }
        return built;
    }

    private static Position position(ParseTree child) {
        return child instanceof TerminalNode node
                ? Names.position(node.getSymbol())
                : Names.position((ParserRuleContext) child);
    }

    // ---------------------------------------------------------------------------------------- predicates

    /** A comparison waits for its right operand to be complete: IN, BETWEEN and LIKE bind tighter. */
    private Expression predicate(ExpressionContext context, int from, int to) {
        ValueExpressionContext first = (ValueExpressionContext) context.getChild(from);
        int suffixes = to - from - 1;
        if (suffixes == 0) {
            return value(first);
        }
        ast.enter(suffixes, first.getStart());
        Expression left = value(first);
        ComparisonContext pending = null;
        Expression right = null;
        for (int i = 1; i <= suffixes; i++) {
            PredicateSuffixContext suffix = (PredicateSuffixContext) context.getChild(from + i);
            if (suffix instanceof ComparisonContext comparison) {
                if (pending != null) {
                    throw SyntaxErrors.at(
                            comparison.getStart(), "comparisons do not chain: write a < b AND b < c, or parentheses");
                }
                if (comparison.subquery() != null) {
                    left = quantified(left, comparison);
                } else if (comparison.arrayOperand() != null) {
                    left = quantifiedArray(left, comparison);
                } else {
                    pending = comparison;
                    right = value(comparison.valueExpression());
                }
            } else if (suffix instanceof BetweenContext
                    || suffix instanceof InContext
                    || suffix instanceof LikeContext
                    || suffix instanceof LikeOperatorContext
                    || suffix instanceof SimilarContext
                    || suffix instanceof MatchOperatorContext
                    || suffix instanceof OverlapsContext) {
                if (pending == null) {
                    left = range(left, suffix);
                } else {
                    right = range(right, suffix);
                }
            } else {
                left = is(compared(left, pending, right), suffix);
                pending = null;
            }
        }
        ast.leave(suffixes);
        return compared(left, pending, right);
    }

    private static Expression compared(Expression left, ComparisonContext comparison, Expression right) {
        if (comparison == null) {
            return left;
        }
        return new Expression.Comparison(comparator(comparison.comparator()), left, right, Names.position(comparison));
    }

    private Expression quantified(Expression left, ComparisonContext context) {
        Query query = ast.queries().query(context.subquery());
        return new Expression.QuantifiedComparison(
                comparator(context.comparator()), left, context.ALL() != null, query, Names.position(context));
    }

    /** {@code x = ANY (ARRAY[a, b])} is {@code x IN (a, b)}; with ALL, and with other comparisons, it is spelled out. */
    private Expression quantifiedArray(Expression left, ComparisonContext context) {
        Comparator comparator = comparator(context.comparator());
        boolean every = context.ALL() != null;
        Position position = Names.position(context);
        List<Expression> items = arrayItems(context.arrayOperand().arrayValue());
        if ((comparator == Comparator.EQUAL || items.isEmpty()) && !every) {
            return new Expression.InList(left, items, false, position);
        }
        if ((comparator == Comparator.NOT_EQUAL || items.isEmpty()) && every) {
            return new Expression.InList(left, items, true, position);
        }
        List<Expression> terms = new ArrayList<>(items.size());
        for (Expression item : items) {
            terms.add(new Expression.Comparison(comparator, left, item, position));
        }
        if (terms.size() == 1) {
            return terms.get(0);
        }
        return every ? new Expression.And(terms, position) : new Expression.Or(terms, position);
    }

    /** The elements, each under the casts that the array is under. */
    private List<Expression> arrayItems(ArrayValueContext context) {
        if (context.ARRAY() != null) {
            return all(context.expression());
        }
        List<Expression> items = context.STRING() == null
                ? arrayItems(context.arrayValue())
                : arrayItems(context.STRING().getSymbol());
        for (TypeNameContext type : context.typeName()) {
            items = items.stream()
                    .<Expression>map(e -> new Expression.Cast(e, Names.type(type), e.position()))
                    .toList();
        }
        return items;
    }

    private static List<Expression> arrayItems(Token array) {
        Position position = Names.position(array);
        try {
            return ArrayText.elements(Literals.string(array)).stream()
                    .map(e -> e.<Expression>map(text -> new Expression.StringLiteral(text, position))
                            .orElseGet(() -> new Expression.NullLiteral(position)))
                    .toList();
        } catch (SqlException e) {
            throw e.at(position.line(), position.column());
        }
    }

    private static Comparator comparator(ComparatorContext context) {
        return switch (context.getStart().getType()) {
            case MossSqlParser.EQ -> Comparator.EQUAL;
            case MossSqlParser.NEQ -> Comparator.NOT_EQUAL;
            case MossSqlParser.LT -> Comparator.LESS;
            case MossSqlParser.LTE -> Comparator.LESS_OR_EQUAL;
            case MossSqlParser.GT -> Comparator.GREATER;
            default -> Comparator.GREATER_OR_EQUAL;
        };
    }

    private Expression is(Expression operand, PredicateSuffixContext suffix) {
        Position position = operand.position();
        if (suffix instanceof IsNullContext isNull) {
            return new Expression.IsNull(operand, isNull.NOT() != null || isNull.NOTNULL() != null, position);
        } else if (suffix instanceof IsNormalizedContext normalized) {
            String form = normalized.identifier() == null
                    ? "nfc"
                    : Names.identifier(normalized.identifier()).value();
            Expression is = PrimaryBuilder.call(
                    "is_normalized", List.of(operand, new Expression.StringLiteral(form, position)), position);
            return normalized.NOT() == null ? is : new Expression.Not(is, position);
        } else if (suffix instanceof IsTruthContext isTruth) {
            Expression.IsTruth.Truth truth = isTruth.TRUE() != null
                    ? Expression.IsTruth.Truth.TRUE
                    : isTruth.FALSE() != null ? Expression.IsTruth.Truth.FALSE : Expression.IsTruth.Truth.UNKNOWN;
            return new Expression.IsTruth(operand, truth, isTruth.NOT() != null, position);
        }
        IsDistinctContext isDistinct = (IsDistinctContext) suffix;
        return new Expression.IsDistinct(
                operand, value(isDistinct.valueExpression()), isDistinct.NOT() != null, position);
    }

    private Expression range(Expression operand, PredicateSuffixContext suffix) {
        Position position = operand.position();
        if (suffix instanceof BetweenContext between) {
            return new Expression.Between(
                    operand,
                    value(between.valueExpression(0)),
                    value(between.valueExpression(1)),
                    between.SYMMETRIC() != null,
                    between.NOT() != null,
                    position);
        } else if (suffix instanceof LikeContext like) {
            return new Expression.Like(
                    operand,
                    value(like.valueExpression(0)),
                    like.ESCAPE() == null ? Optional.empty() : Optional.of(value(like.valueExpression(1))),
                    like.ILIKE() != null,
                    like.NOT() != null,
                    position);
        }
        if (suffix instanceof LikeOperatorContext like) {
            return new Expression.Like(
                    operand,
                    value(like.valueExpression()),
                    Optional.empty(),
                    like.ILIKE_OP() != null || like.NOT_ILIKE_OP() != null,
                    like.NOT_LIKE_OP() != null || like.NOT_ILIKE_OP() != null,
                    position);
        } else if (suffix instanceof SimilarContext || suffix instanceof MatchOperatorContext) {
            return matches(operand, suffix);
        } else if (suffix instanceof OverlapsContext overlaps) {
            return overlaps(operand, value(overlaps.valueExpression()), overlaps);
        }
        return in(operand, (InContext) suffix, position);
    }

    /** SIMILAR TO, and PostgreSQL's operators for regular expressions. */
    private Expression matches(Expression operand, PredicateSuffixContext suffix) {
        Position position = operand.position();
        if (suffix instanceof SimilarContext similar) {
            List<Expression> arguments = new ArrayList<>();
            arguments.add(operand);
            similar.valueExpression().forEach(v -> arguments.add(value(v)));
            Expression test = PrimaryBuilder.call("similar_to", arguments, position);
            return similar.NOT() == null ? test : new Expression.Not(test, position);
        }
        MatchOperatorContext match = (MatchOperatorContext) suffix;
        boolean folds = match.TILDE_STAR() != null || match.NOT_TILDE_STAR() != null;
        Expression flags = new Expression.StringLiteral(folds ? "i" : "", position);
        Expression test = PrimaryBuilder.call("~", List.of(operand, value(match.valueExpression()), flags), position);
        boolean negated = match.NOT_TILDE() != null || match.NOT_TILDE_STAR() != null;
        return negated ? new Expression.Not(test, position) : test;
    }

    private static Expression overlaps(Expression left, Expression right, OverlapsContext context) {
        boolean pairs = left instanceof Expression.RowValue a
                && right instanceof Expression.RowValue b
                && a.items().size() == 2
                && b.items().size() == 2;
        if (!pairs) {
            throw SyntaxErrors.at(
                    context.getStart(), "OVERLAPS stands between two rows: (start, end) OVERLAPS (start, end)");
        }
        List<Expression> ends = new ArrayList<>(((Expression.RowValue) left).items());
        ends.addAll(((Expression.RowValue) right).items());
        return PrimaryBuilder.call("overlaps", ends, left.position());
    }

    private Expression in(Expression operand, InContext context, Position position) {
        boolean negated = context.NOT() != null;
        if (context.parenthesized() == null) {
            return new Expression.InList(operand, List.of(), negated, position);
        }
        Expression inside = parenthesized(context.parenthesized());
        if (inside instanceof Expression.ScalarSubquery subquery) {
            return new Expression.InQuery(operand, subquery.query(), negated, position);
        }
        boolean many = context.parenthesized().getChildCount() > 4;
        List<Expression> items = many && inside instanceof Expression.RowValue list ? list.items() : List.of(inside);
        return new Expression.InList(operand, items, negated, position);
    }

    /** {@code (query)}, {@code (a)} which is a itself, {@code (a, b)}, or {@code ((query) UNION ...)}. */
    Expression parenthesized(ParenthesizedContext context) {
        Position position = Names.position(context);
        if (context.plainQuery() != null) {
            return new Expression.ScalarSubquery(ast.queries().query(context.plainQuery()), position);
        }
        SetTailContext tail = context.setTail();
        if (tail == null) {
            return new Expression.RowValue(all(context.expression()), position);
        }
        Expression inside = of(context.expression(0));
        if (tail.getStop() == null || QueryBuilder.isEmpty(tail)) {
            return inside;
        }
        if (inside instanceof Expression.ScalarSubquery first) {
            return new Expression.ScalarSubquery(ast.queries().extended(first.query(), tail, position), position);
        }
        throw SyntaxErrors.at(
                tail.getStart(), "expected ')', found '" + tail.getStart().getText() + "'");
    }

    // ---------------------------------------------------------------------------------------- operators

    /** Two stacks; operators of equal precedence bind to the left. */
    Expression value(ValueExpressionContext context) {
        int children = context.getChildCount();
        if (children == 1) {
            return operand((OperandContext) context.getChild(0));
        }
        int operators = children / 2;
        ast.enter(operators, context.getStart());
        Deque<Expression> operands = new ArrayDeque<>();
        Deque<Token> pending = new ArrayDeque<>();
        for (int i = 0; i < children; i++) {
            ParseTree child = context.getChild(i);
            if (child instanceof OperandContext operand) {
                operands.push(operand(operand));
            } else {
                Token operator = ((TerminalNode) child).getSymbol();
                while (!pending.isEmpty() && precedence(pending.peek()) >= precedence(operator)) {
                    reduce(operands, pending.pop());
                }
                pending.push(operator);
            }
        }
        while (!pending.isEmpty()) {
            reduce(operands, pending.pop());
        }
        ast.leave(operators);
        return operands.pop();
    }

    private static void reduce(Deque<Expression> operands, Token operator) {
        Expression right = operands.pop();
        Expression left = operands.pop();
        operands.push(new Binary(operator(operator), left, right, Names.position(operator)));
    }

    private static int precedence(Token operator) {
        return switch (operator.getType()) {
            case MossSqlParser.PLUS, MossSqlParser.MINUS -> 2;
            case MossSqlParser.STAR, MossSqlParser.SLASH, MossSqlParser.PERCENT -> 3;
            case MossSqlParser.CARET -> 4;
            default -> 1;
        };
    }

    private static Binary.Operator operator(Token token) {
        return switch (token.getType()) {
            case MossSqlParser.CONCAT -> Binary.Operator.CONCAT;
            case MossSqlParser.PLUS -> Binary.Operator.ADD;
            case MossSqlParser.MINUS -> Binary.Operator.SUBTRACT;
            case MossSqlParser.STAR -> Binary.Operator.MULTIPLY;
            case MossSqlParser.SLASH -> Binary.Operator.DIVIDE;
            case MossSqlParser.PERCENT -> Binary.Operator.MODULO;
            case MossSqlParser.CARET -> Binary.Operator.POWER;
            case MossSqlParser.AMPERSAND -> Binary.Operator.BIT_AND;
            case MossSqlParser.PIPE -> Binary.Operator.BIT_OR;
            case MossSqlParser.HASH -> Binary.Operator.BIT_XOR;
            case MossSqlParser.SHIFT_LEFT -> Binary.Operator.SHIFT_LEFT;
            default -> Binary.Operator.SHIFT_RIGHT;
        };
    }

    /**
     * Signs, a primary, casts. A chain of minuses is one or two, because negation fails at the first or never; a plus
     * beside a minus does nothing; a minus before a number makes it negative.
     */
    private Expression operand(OperandContext context) {
        int children = context.getChildCount();
        if (children == 1) {
            return primaries.of((PrimaryContext) context.getChild(0));
        }
        int minuses = 0;
        int signs = 0;
        boolean complement = false;
        while (!(context.getChild(signs) instanceof PrimaryContext)) {
            complement |= Names.isToken(context.getChild(signs), MossSqlParser.TILDE);
            minuses += Names.isToken(context.getChild(signs), MossSqlParser.MINUS) ? 1 : 0;
            signs++;
        }
        Position position = Names.position(context);
        int postfixes = children - signs - 1;
        ast.enter(postfixes + 2, context.getStart());
        Expression built = primaries.of((PrimaryContext) context.getChild(signs));
        for (int i = signs + 1; i < children; i++) {
            built = postfix(built, (PostfixContext) context.getChild(i));
        }
        ast.leave(postfixes + 2);
        if (complement) {
            return signed(context, signs, built);
        }
        if (minuses == 0) {
            return signs == 0 ? built : new Expression.Unary(Expression.Unary.Sign.PLUS, built, position);
        }
        Optional<Expression> negative = postfixes == 0 ? negated(built, position) : Optional.empty();
        int left = minuses % 2 == 1 ? 1 : 2;
        built = negative.orElse(built);
        for (int i = negative.isPresent() ? 1 : 0; i < left; i++) {
            built = new Expression.Unary(Expression.Unary.Sign.MINUS, built, position);
        }
        return built;
    }

    /** Signs of which one turns bits round: each in its turn. */
    private Expression signed(OperandContext context, int signs, Expression operand) {
        Position position = Names.position(context);
        ast.enter(signs, context.getStart());
        Expression built = operand;
        for (int i = signs - 1; i >= 0; i--) {
            Expression.Unary.Sign sign = Names.isToken(context.getChild(i), MossSqlParser.TILDE)
                    ? Expression.Unary.Sign.COMPLEMENT
                    : Names.isToken(context.getChild(i), MossSqlParser.MINUS)
                            ? Expression.Unary.Sign.MINUS
                            : Expression.Unary.Sign.PLUS;
            built = new Expression.Unary(sign, built, position);
        }
        ast.leave(signs);
        return built;
    }

    private static Optional<Expression> negated(Expression literal, Position position) {
        if (literal instanceof Expression.IntegerLiteral number && number.value() >= 0) {
            return Optional.of(new Expression.IntegerLiteral(-number.value(), position));
        } else if (literal instanceof Expression.DecimalLiteral number
                && number.value().signum() >= 0) {
            return Optional.of(
                    number.value().scale() == 0
                            ? Literals.whole(number.value().negate(), position)
                            : new Expression.DecimalLiteral(number.value().negate(), position));
        } else if (literal instanceof Expression.DoubleLiteral number && number.value() >= 0) {
            return Optional.of(new Expression.DoubleLiteral(-number.value(), position));
        }
        return Optional.empty();
    }

    private Expression postfix(Expression operand, PostfixContext context) {
        if (context instanceof CastToContext cast) {
            return new Expression.Cast(operand, Names.type(cast.typeName()), operand.position());
        }
        if (context instanceof CollateContext collate) {
            Names.requireBinaryCollation(collate.qualifiedName());
            return operand;
        }
        Expression zone = primaries.of(((AtTimeZoneContext) context).primary());
        return PrimaryBuilder.call("timezone", List.of(zone, operand), operand.position());
    }
}

// Operands: literals, names, calls and the functions with a syntax of their own.
package org.mosslsm.sql.parse;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.antlr.v4.runtime.Token;
import org.mosslsm.grammar.MossSqlParser.*;
import org.mosslsm.grammar.MossSqlParserBaseVisitor;
import org.mosslsm.sql.ast.Expression;
import org.mosslsm.sql.ast.Identifier;
import org.mosslsm.sql.ast.Position;
import org.mosslsm.sql.ast.QualifiedName;
import org.mosslsm.sql.ast.SortItem;
import org.mosslsm.sql.ast.TypeName;

/** Makes operands; one method for each alternative of rule {@code primary}. */
final class PrimaryBuilder extends MossSqlParserBaseVisitor<Expression> {
    private final AstBuilder ast;

    PrimaryBuilder(AstBuilder ast) {
        this.ast = ast;
    }

    Expression of(PrimaryContext context) {
        return context.accept(this);
    }

    private Expression expression(ExpressionContext context) {
        return ast.expressions().of(context);
    }

    /** A call of a function of the engine's own, which special syntax means. */
    static Expression call(String name, List<Expression> arguments, Position position) {
        QualifiedName qualified = new QualifiedName(List.of(new Identifier(name, false, position)), position);
        return new Expression.FunctionCall(qualified, false, false, arguments, List.of(), Optional.empty(), position);
    }

    // ---------------------------------------------------------------------------------------- literals

    @Override
    public Expression visitIntegerLiteral(IntegerLiteralContext context) {
        return Literals.integer(context.getStart(), Names.position(context));
    }

    @Override
    public Expression visitDecimalLiteral(DecimalLiteralContext context) {
        return Literals.decimal(context.getStart(), Names.position(context));
    }

    @Override
    public Expression visitDoubleLiteral(DoubleLiteralContext context) {
        return Literals.approximate(context.getStart(), Names.position(context));
    }

    @Override
    public Expression visitStringLiteral(StringLiteralContext context) {
        return string(context.getStart());
    }

    @Override
    public Expression visitEscapedString(EscapedStringContext context) {
        return string(context.getStart());
    }

    @Override
    public Expression visitDollarString(DollarStringContext context) {
        return string(context.getStart());
    }

    private static Expression string(Token token) {
        return new Expression.StringLiteral(Literals.string(token), Names.position(token));
    }

    @Override
    public Expression visitBinaryLiteral(BinaryLiteralContext context) {
        return Literals.binary(context.getStart(), Names.position(context));
    }

    @Override
    public Expression visitNullLiteral(NullLiteralContext context) {
        return new Expression.NullLiteral(Names.position(context));
    }

    @Override
    public Expression visitTrueLiteral(TrueLiteralContext context) {
        return new Expression.BooleanLiteral(true, Names.position(context));
    }

    @Override
    public Expression visitFalseLiteral(FalseLiteralContext context) {
        return new Expression.BooleanLiteral(false, Names.position(context));
    }

    @Override
    public Expression visitTypedLiteral(TypedLiteralContext context) {
        String type = context.getStart().getText().toLowerCase(Locale.ROOT);
        Position position = Names.position(context);
        return new Expression.TypedLiteral(
                new TypeName(type, List.of(), position),
                Literals.string(context.STRING().getSymbol()),
                position);
    }

    @Override
    public Expression visitTimeLiteral(TimeLiteralContext context) {
        return new Expression.TypedLiteral(
                Names.type(context.timeType()), Literals.string(context.STRING().getSymbol()), Names.position(context));
    }

    @Override
    public Expression visitIntervalLiteral(IntervalLiteralContext context) {
        List<Optional<String>> units = new ArrayList<>(2);
        for (UnitContext unit : context.unit()) {
            units.add(Optional.of(Names.lower(unit.getText())));
        }
        return new Expression.IntervalLiteral(
                Literals.string(context.STRING().getSymbol()),
                units.isEmpty() ? Optional.empty() : units.get(0),
                units.size() < 2 ? Optional.empty() : units.get(1),
                Names.position(context));
    }

    @Override
    public Expression visitParameter(ParameterContext context) {
        return new Expression.Parameter(ast.parameter(context.getStart()), Names.position(context));
    }

    // ---------------------------------------------------------------------------------------- names, calls

    @Override
    public Expression visitNameOrCall(NameOrCallContext context) {
        QualifiedName name = Names.qualified(context);
        if (context.arguments() == null) {
            return new Expression.ColumnName(name, name.position());
        }
        Identifier first = name.parts().get(0);
        if (name.parts().size() == 1 && !first.quoted() && first.value().equals("row")) {
            List<Expression> items = ast.expressions().all(context.arguments().expression());
            return new Expression.RowValue(items, name.position());
        }
        return call(name, context.arguments());
    }

    @Override
    public Expression visitFunctionWordName(FunctionWordNameContext context) {
        QualifiedName name = Names.qualified(context);
        return new Expression.ColumnName(name, name.position());
    }

    @Override
    public Expression visitLeftRightCall(LeftRightCallContext context) {
        Identifier name = Names.identifier(context.getStart());
        return call(new QualifiedName(List.of(name), name.position()), context.arguments());
    }

    private Expression call(QualifiedName name, ArgumentsContext context) {
        List<ExpressionContext> expressions = context.expression();
        int arguments = expressions.size() - (context.filter == null ? 0 : 1);
        return new Expression.FunctionCall(
                name,
                context.STAR() != null,
                context.DISTINCT() != null,
                NamedCalls.arguments(
                        name, ast.expressions().all(expressions.subList(0, arguments)), context.namedArgument(), ast),
                order(context),
                ast.expressions().optional(context.filter),
                name.position());
    }

    /** The ORDER BY among the arguments, or that of WITHIN GROUP. */
    private List<SortItem> order(ArgumentsContext context) {
        List<OrderByContext> clauses = context.orderBy();
        if (clauses.size() > 1) {
            throw SyntaxErrors.at(context.within.getStart(), "WITHIN GROUP cannot follow an ORDER BY of the arguments");
        }
        return clauses.isEmpty()
                ? List.of()
                : ast.queries().sortItems(clauses.get(0).sortItem());
    }

    @Override
    public Expression visitSessionValueCall(SessionValueCallContext context) {
        List<Expression> precision = context.INTEGER() == null
                ? List.of()
                : List.of(Literals.integer(
                        context.INTEGER().getSymbol(),
                        Names.position(context.INTEGER().getSymbol())));
        String name = Names.lower(context.getStart().getText());
        return call(name, precision, Names.position(context));
    }

    @Override
    public Expression visitNextValue(NextValueContext context) {
        QualifiedName sequence = Names.qualified(context.sequenceName());
        // Quoted, so that the text names the same sequence when it is read as a name again.
        String text = sequence.parts().stream()
                .map(part -> part.quoted() ? '"' + part.value().replace("\"", "\"\"") + '"' : part.value())
                .collect(java.util.stream.Collectors.joining("."));
        Position position = Names.position(context);
        return call("nextval", List.of(new Expression.StringLiteral(text, sequence.position())), position);
    }

    // ---------------------------------------------------------------------------------------- special syntax

    @Override
    public Expression visitExtract(ExtractContext context) {
        Token field = context.STRING() != null
                ? context.STRING().getSymbol()
                : context.identifier().getStart();
        String name = context.STRING() != null
                ? Literals.string(field)
                : Names.identifier(field).value();
        Expression literal = new Expression.StringLiteral(Names.lower(name), Names.position(field));
        return call("extract", List.of(literal, expression(context.expression())), Names.position(context));
    }

    @Override
    public Expression visitPosition(PositionContext context) {
        requireCharacters(context.stringUnit());
        Expression part = ast.expressions().value(context.valueExpression(0));
        Expression whole = ast.expressions().value(context.valueExpression(1));
        return call("position", List.of(part, whole), Names.position(context));
    }

    private static void requireCharacters(StringUnitContext context) {
        if (context != null && !Names.identifier(context.identifier()).value().equals("characters")) {
            throw SyntaxErrors.at(context.identifier().getStart(), "strings are counted in CHARACTERS");
        }
    }

    @Override
    public Expression visitOverlay(OverlayContext context) {
        return call("overlay", ast.expressions().all(context.expression()), Names.position(context));
    }

    @Override
    public Expression visitSubstring(SubstringContext context) {
        Position position = Names.position(context);
        requireCharacters(context.stringUnit());
        List<Expression> arguments = new ArrayList<>(3);
        arguments.add(expression(context.text));
        if (context.pattern != null) {
            arguments.add(expression(context.pattern));
            arguments.add(expression(context.escape));
            return call("substring_similar", arguments, position);
        }
        arguments.add(context.start == null ? new Expression.IntegerLiteral(1, position) : expression(context.start));
        ast.expressions().optional(context.length).ifPresent(arguments::add);
        return call("substring", arguments, position);
    }

    @Override
    public Expression visitTrim(TrimContext context) {
        String name = context.LEADING() != null ? "ltrim" : context.TRAILING() != null ? "rtrim" : "trim";
        // TRIM(chars FROM text), TRIM(text), TRIM(text, chars): the parser cannot know which the first one is.
        boolean firstIsText = context.first != null && context.text == null;
        ExpressionContext text = firstIsText ? context.first : context.text;
        ExpressionContext characters = firstIsText || context.first == null ? context.characters : context.first;
        List<Expression> arguments = new ArrayList<>(2);
        arguments.add(expression(text));
        ast.expressions().optional(characters).ifPresent(arguments::add);
        return call(name, arguments, Names.position(context));
    }

    @Override
    public Expression visitCast(CastContext context) {
        return new Expression.Cast(
                expression(context.expression()), Names.type(context.typeName()), Names.position(context));
    }

    @Override
    public Expression visitCase(CaseContext context) {
        Optional<Expression> operand = ast.expressions().optional(context.operandExpression);
        List<Expression.When> branches = new ArrayList<>();
        for (WhenContext when : context.when()) {
            branches.add(new Expression.When(expression(when.condition), expression(when.result)));
        }
        Optional<Expression> otherwise = ast.expressions().optional(context.otherwise);
        return new Expression.Case(operand, branches, otherwise, Names.position(context));
    }

    @Override
    public Expression visitExists(ExistsContext context) {
        return new Expression.Exists(ast.queries().query(context.subquery()), Names.position(context));
    }

    @Override
    public Expression visitParentheses(ParenthesesContext context) {
        return ast.expressions().parenthesized(context.parenthesized());
    }
}

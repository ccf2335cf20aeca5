// Names, types and positions from tokens.
package org.mosslsm.sql.parse;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.antlr.v4.runtime.ParserRuleContext;
import org.antlr.v4.runtime.Token;
import org.antlr.v4.runtime.tree.ParseTree;
import org.antlr.v4.runtime.tree.TerminalNode;
import org.mosslsm.grammar.MossSqlParser;
import org.mosslsm.grammar.MossSqlParser.ColumnListContext;
import org.mosslsm.grammar.MossSqlParser.ColumnNameContext;
import org.mosslsm.grammar.MossSqlParser.QualifiedNameContext;
import org.mosslsm.grammar.MossSqlParser.TimeTypeContext;
import org.mosslsm.grammar.MossSqlParser.TypeArgumentsContext;
import org.mosslsm.grammar.MossSqlParser.TypeNameContext;
import org.mosslsm.sql.ast.Identifier;
import org.mosslsm.sql.ast.Position;
import org.mosslsm.sql.ast.QualifiedName;
import org.mosslsm.sql.ast.TypeName;
import org.mosslsm.sql.error.SqlException;
import org.mosslsm.sql.error.SqlState;

/** Names, types and positions from tokens; folds unquoted identifiers to lower case. */
final class Names {
    /** Characters of an identifier: longer ones are mistakes, and make keys of the catalog long. */
    static final int MAX_IDENTIFIER = 128;

    private Names() {}

    static Position position(Token token) {
        return new Position(token.getLine(), token.getCharPositionInLine() + 1);
    }

    static Position position(ParserRuleContext context) {
        return position(context.getStart());
    }

    /** Any context that is one token which names something. */
    static Identifier identifier(ParserRuleContext context) {
        return identifier(context.getStart());
    }

    static Identifier identifier(Token token) {
        boolean quoted = token.getType() == MossSqlParser.QUOTED_IDENTIFIER;
        String text = token.getText();
        String value = quoted ? quoted(token) : lower(text);
        if (value.isEmpty()) {
            throw SyntaxErrors.at(token, "a name in quotes must not be empty");
        }
        if (value.length() > MAX_IDENTIFIER) {
            throw new SqlException(
                    SqlState.NAME_TOO_LONG,
                    "the name \"" + value.substring(0, 20) + "...\" has more than " + MAX_IDENTIFIER + " characters",
                    token.getLine(),
                    token.getCharPositionInLine() + 1);
        }
        return new Identifier(value, quoted, position(token));
    }

    private static String quoted(Token token) {
        String text = token.getText();
        return text.charAt(0) == '"'
                ? text.substring(1, text.length() - 1).replace("\"\"", "\"")
                : Literals.unicode(token);
    }

    /** In lower case; one that is too long for a name stays as it is: Java takes the square of its length for capital sigmas. */
    static String lower(String word) {
        return word.length() > MAX_IDENTIFIER ? word : word.toLowerCase(Locale.ROOT);
    }

    static Optional<Identifier> optional(ParserRuleContext context) {
        return context == null ? Optional.empty() : Optional.of(identifier(context));
    }

    /** The names with dots between among the children, from the first on, until something else comes. */
    static QualifiedName qualified(ParserRuleContext context) {
        if (context.getChildCount() == 1) {
            return new QualifiedName(List.of(identifier(context)), position(context));
        }
        List<Identifier> parts = new ArrayList<>(3);
        for (int i = 0; i < context.getChildCount(); i += 2) {
            parts.add(identifier(tokenOf(context.getChild(i))));
            if (i + 1 < context.getChildCount() && !isToken(context.getChild(i + 1), MossSqlParser.DOT)) {
                break;
            }
            if (i + 2 < context.getChildCount() && isToken(context.getChild(i + 2), MossSqlParser.STAR)) {
                break;
            }
        }
        if (parts.size() > 3) {
            throw SyntaxErrors.at(context.getStart(), "a name has at most three parts: schema.table.column");
        }
        return new QualifiedName(parts, position(context));
    }

    static List<Identifier> columns(ColumnListContext context) {
        if (context == null) {
            return List.of();
        }
        List<Identifier> columns = new ArrayList<>();
        for (ColumnNameContext column : context.columnName()) {
            columns.add(identifier(column));
        }
        return columns;
    }

    /** Text is ordered by its bytes: a COLLATE that asks for anything else is refused. */
    static void requireBinaryCollation(QualifiedNameContext context) {
        Identifier name = qualified(context).parts().get(context.identifier().size() - 1);
        switch (name.value().toLowerCase(Locale.ROOT)) {
            case "c", "posix", "default", "ucs_basic", "c.utf-8", "binary" -> {}
            default ->
                throw SqlException.notSupported("collation \"" + name.value() + "\" (text is ordered by its bytes)")
                        .at(name.position().line(), name.position().column());
        }
    }

    static TypeName type(TypeNameContext context) {
        if (context.timeType() != null) {
            return type(context.timeType());
        }
        StringBuilder words = new StringBuilder();
        for (ParseTree child : context.children) {
            if (child instanceof TypeArgumentsContext) {
                break;
            }
            Token word = tokenOf(child);
            if (word.getType() == MossSqlParser.NATIONAL && context.getChildCount() > 1) {
                continue; // all text is Unicode
            }
            words.append(words.length() == 0 ? "" : " ").append(identifier(word).value());
        }
        return new TypeName(words.toString(), arguments(context.typeArguments()), position(context));
    }

    /** WITHOUT TIME ZONE is the plain type. */
    static TypeName type(TimeTypeContext context) {
        String base = context.getStart().getText().toLowerCase(Locale.ROOT);
        String name = context.WITH() == null ? base : base + " with time zone";
        return new TypeName(name, arguments(context.typeArguments()), position(context));
    }

    private static List<Integer> arguments(TypeArgumentsContext context) {
        if (context == null) {
            return List.of();
        }
        List<Integer> arguments = new ArrayList<>(2);
        for (TerminalNode number : context.INTEGER()) {
            try {
                arguments.add(Integer.valueOf(number.getText()));
            } catch (NumberFormatException e) {
                throw new SqlException(
                        SqlState.INVALID_PARAMETER_VALUE,
                        "the length or precision " + number.getText() + " is too large",
                        number.getSymbol().getLine(),
                        number.getSymbol().getCharPositionInLine() + 1);
            }
        }
        return arguments;
    }

    static boolean isToken(ParseTree node, int type) {
        return node instanceof TerminalNode terminal && terminal.getSymbol().getType() == type;
    }

    static Token tokenOf(ParseTree node) {
        return node instanceof TerminalNode terminal ? terminal.getSymbol() : ((ParserRuleContext) node).getStart();
    }
}

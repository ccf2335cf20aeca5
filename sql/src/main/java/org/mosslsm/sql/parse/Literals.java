// Values of literal tokens.
package org.mosslsm.sql.parse;

import java.math.BigDecimal;
import java.util.Locale;
import org.antlr.v4.runtime.Token;
import org.mosslsm.grammar.MossSqlParser;
import org.mosslsm.sql.ast.Expression;
import org.mosslsm.sql.ast.Position;
import org.mosslsm.sql.error.SqlException;
import org.mosslsm.sql.error.SqlState;
import org.mosslsm.sql.type.Numbers;
import org.mosslsm.sql.type.UnicodeEscapes;

/** Values of literal tokens: quotations and escapes undone, numbers read. */
final class Literals {
    /** Digits of a number: reading one is quadratic in them, and no DECIMAL is near it. */
    private static final int MAX_DIGITS = 1_000;

    private Literals() {}

    static String string(Token token) {
        String text = token.getText();
        return switch (token.getType()) {
            case MossSqlParser.DOLLAR_STRING -> {
                int tag = text.indexOf('$', 1) + 1;
                yield text.substring(tag, text.length() - tag);
            }
            case MossSqlParser.ESCAPED_STRING -> unescape(text.substring(2, text.length() - 1), token);
            default ->
                text.charAt(0) == 'U' || text.charAt(0) == 'u'
                        ? unicode(token)
                        : text.substring(text.indexOf('\'') + 1, text.length() - 1)
                                .replace("''", "'");
        };
    }

    /** The value of a string or a name with Unicode escapes. */
    static String unicode(Token token) {
        try {
            return UnicodeEscapes.read(token.getText());
        } catch (IllegalArgumentException e) {
            throw SyntaxErrors.at(token, e.getMessage());
        }
    }

    private static String unescape(String body, Token token) {
        StringBuilder out = new StringBuilder(body.length());
        for (int i = 0; i < body.length(); i++) {
            char c = body.charAt(i);
            if (c == '\'') {
                i++;
            } else if (c == '\\') {
                c = body.charAt(++i);
                int digits =
                        switch (c) {
                            case 'x' -> 2;
                            case 'u' -> 4;
                            case 'U' -> 8;
                            default -> 0;
                        };
                if (digits > 0) {
                    out.appendCodePoint(hexadecimal(body, i + 1, digits, token));
                    i += digits;
                    continue;
                }
                c = switch (c) {
                    case 'b' -> '\b';
                    case 'f' -> '\f';
                    case 'n' -> '\n';
                    case 'r' -> '\r';
                    case 't' -> '\t';
                    default -> c;
                };
            }
            out.append(c);
        }
        return out.toString();
    }

    private static int hexadecimal(String body, int from, int digits, Token token) {
        try {
            int value = Integer.parseInt(body.substring(from, from + digits), 16);
            if (Character.isValidCodePoint(value)
                    && (value < Character.MIN_SURROGATE || value > Character.MAX_SURROGATE)) {
                return value;
            }
        } catch (NumberFormatException | IndexOutOfBoundsException e) {
            // Reported below with all other wrong escapes.
        }
        throw new SqlException(
                SqlState.INVALID_ESCAPE_SEQUENCE,
                "\\x takes 2, \\u takes 4 and \\U takes 8 hexadecimal digits of a Unicode character",
                token.getLine(),
                token.getCharPositionInLine() + 1);
    }

    static Expression binary(Token token, Position position) {
        String text = token.getText();
        if (Character.toUpperCase(text.charAt(0)) == 'B') {
            throw SyntaxErrors.at(token, "strings of bits are not supported; X'..' is one of bytes");
        }
        String digits = text.substring(2, text.length() - 1);
        if (digits.length() % 2 != 0 || !digits.chars().allMatch(c -> Character.digit(c, 16) >= 0 && c < 128)) {
            throw SyntaxErrors.at(token, "a binary literal has an even number of hexadecimal digits");
        }
        return new Expression.BinaryLiteral(digits.toUpperCase(Locale.ROOT), position);
    }

    static Expression integer(Token token, Position position) {
        String text = token.getText();
        if (text.length() <= 18) {
            return new Expression.IntegerLiteral(Long.parseLong(text), position);
        }
        return whole(decimalValue(token), position);
    }

    /** A whole number as a long if it fits. */
    static Expression whole(BigDecimal value, Position position) {
        return value.toBigInteger().bitLength() < Long.SIZE
                ? new Expression.IntegerLiteral(value.longValue(), position)
                : new Expression.DecimalLiteral(value, position);
    }

    static Expression decimal(Token token, Position position) {
        return new Expression.DecimalLiteral(decimalValue(token), position);
    }

    private static BigDecimal decimalValue(Token token) {
        String text = token.getText();
        if (text.length() > MAX_DIGITS) {
            throw outOfRange(token, "a number has at most " + MAX_DIGITS + " digits");
        }
        return new BigDecimal(text);
    }

    static Expression approximate(Token token, Position position) {
        double value = Double.parseDouble(token.getText());
        if (Double.isInfinite(value) || Numbers.isUnderflow(value, token.getText())) {
            throw outOfRange(token, "the number does not fit DOUBLE PRECISION");
        }
        return new Expression.DoubleLiteral(value, position);
    }

    private static SqlException outOfRange(Token token, String message) {
        return new SqlException(
                SqlState.NUMERIC_OUT_OF_RANGE, message, token.getLine(), token.getCharPositionInLine() + 1);
    }
}

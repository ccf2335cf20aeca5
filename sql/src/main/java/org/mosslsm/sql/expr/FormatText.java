// FORMAT.
package org.mosslsm.sql.expr;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.mosslsm.sql.error.SqlException;
import org.mosslsm.sql.error.SqlState;
import org.mosslsm.sql.expr.FunctionBody.Contextual;
import org.mosslsm.sql.expr.ScalarExpr.Call;
import org.mosslsm.sql.expr.ScalarFunction.Volatility;
import org.mosslsm.sql.type.SqlType;

/**
 * FORMAT(pattern, ...), as PostgreSQL reads the pattern: {@code %[position$][-][width | * | *position$]type}, where the
 * type is s for text, I for an identifier, L for a literal; %% is a percent sign.
 */
final class FormatText {
    private final String pattern;
    private final Object[] values;
    private final EvalContext context;
    private final StringBuilder out = new StringBuilder();
    private int at;
    private int next = 1;

    private FormatText(Object[] values, EvalContext context) {
        this.pattern = (String) values[0];
        this.values = values;
        this.context = context;
    }

    static ScalarExpr call(List<ScalarExpr> arguments) {
        if (arguments.isEmpty()) {
            throw Functions.undefined("format", arguments);
        }
        List<ScalarExpr> texts = new ArrayList<>();
        arguments.forEach(a -> texts.add(StringFunctions.printed(a)));
        List<SqlType> types = Collections.nCopies(texts.size(), SqlType.TEXT);
        Contextual body = (v, context) -> v[0] == null ? null : new FormatText(v, context).run();
        return new Call(new ScalarFunction("format", types, SqlType.TEXT, Volatility.IMMUTABLE, false, body), texts);
    }

    private String run() {
        for (int looks = 1; at < pattern.length(); looks++) {
            LongText.look(looks, context);
            char c = pattern.charAt(at++);
            if (c != '%') {
                out.append(c);
            } else if (at < pattern.length() && pattern.charAt(at) == '%') {
                out.append('%');
                at++;
            } else {
                specifier();
            }
            Strings.checkLength(out.length());
        }
        return out.toString();
    }

    private void specifier() {
        int number = digits();
        int position = 0;
        if (number >= 0 && peek() == '$') {
            at++;
            position = number;
            number = -1;
            if (position == 0) {
                throw invalid("format specifies argument 0, but arguments are numbered from 1");
            }
        }
        boolean left = false;
        while (number < 0 && peek() == '-') {
            left = true;
            at++;
        }
        long width = number < 0 ? width() : number;
        left |= width < 0;
        char type = peek();
        if (type == 0) {
            throw invalid("unterminated format() type specifier");
        }
        at++;
        if (type != 's' && type != 'I' && type != 'L') {
            throw invalid("unrecognized format() type specifier \"" + type + "\"");
        }
        String text = text(type, argument(position));
        long missing = Math.abs(width) - Strings.length(text);
        Strings.checkLength(out.length() + Math.max(0, missing) + text.length());
        String blanks = " ".repeat((int) Math.max(0, missing));
        out.append(left ? text + blanks : blanks + text);
    }

    /** The width that was not written before, or that an argument has. */
    private long width() {
        if (peek() != '*') {
            return Math.max(0, digits());
        }
        at++;
        int position = digits();
        if (position >= 0 && peek() != '$') {
            throw invalid("width argument position must be ended by \"$\"");
        }
        at += position >= 0 ? 1 : 0;
        String value = (String) argument(Math.max(0, position));
        try {
            return value == null ? 0 : Integer.parseInt(value.trim());
        } catch (NumberFormatException e) {
            throw new SqlException(
                    SqlState.INVALID_TEXT_REPRESENTATION, "invalid input for a width: \"" + value + "\"", e);
        }
    }

    /** @param position from 1; 0 for the one after the last */
    private Object argument(int position) {
        int i = position == 0 ? next : position;
        if (i >= values.length) {
            throw invalid("too few arguments for format()");
        }
        next = i + 1;
        return values[i];
    }

    private String text(char type, Object value) {
        String s = (String) value;
        if (type == 's') {
            return s == null ? "" : s;
        }
        if (type == 'L') {
            return s == null ? "NULL" : QuoteFunctions.literal(s, context);
        }
        if (s == null) {
            throw new SqlException("22004", "null values cannot be formatted as an SQL identifier");
        }
        return QuoteFunctions.identifier(s);
    }

    private char peek() {
        return at < pattern.length() ? pattern.charAt(at) : 0;
    }

    /** A number of at most nine digits; negative where there is none. */
    private int digits() {
        int from = at;
        while (at < pattern.length() && at - from < 9 && peek() >= '0' && peek() <= '9') {
            at++;
        }
        return at == from ? -1 : Integer.parseInt(pattern.substring(from, at));
    }

    private static SqlException invalid(String why) {
        return new SqlException(SqlState.INVALID_PARAMETER_VALUE, why);
    }
}

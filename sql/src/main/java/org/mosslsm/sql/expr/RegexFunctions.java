package org.mosslsm.sql.expr;

import static org.mosslsm.sql.type.SqlType.BOOLEAN;
import static org.mosslsm.sql.type.SqlType.INTEGER;
import static org.mosslsm.sql.type.SqlType.TEXT;

import java.util.regex.Matcher;
import org.mosslsm.sql.expr.FunctionBody.Contextual;
import org.mosslsm.sql.expr.ScalarFunction.Volatility;
import org.mosslsm.sql.type.SqlType;

/** Functions of regular expressions, the operators {@code ~} and SIMILAR TO included. */
final class RegexFunctions {
    private RegexFunctions() {}

    static void register(Functions.Registrar r) {
        add(r, "similar_to", BOOLEAN, 2, (v, ctx) -> similar(v, "\\", ctx));
        add(r, "similar_to", BOOLEAN, 3, (v, ctx) -> similar(v, (String) v[2], ctx));
        for (int flagged = 0; flagged < 2; flagged++) {
            int flags = flagged == 0 ? -1 : 2;
            add(r, "regexp_like", BOOLEAN, 2 + flagged, (v, ctx) -> find(v, flags, ctx) != null);
            add(r, "regexp_substr", TEXT, 2 + flagged, (v, ctx) -> {
                Matcher found = find(v, flags, ctx);
                return found == null ? null : found.group();
            });
            add(r, "regexp_count", INTEGER, 2 + flagged, (v, ctx) -> count(matcher(v, flags, ctx)));
            int replaced = flagged == 0 ? -1 : 3;
            add(r, "regexp_replace", TEXT, 3 + flagged, (v, ctx) -> replace(v, replaced, ctx));
        }
    }

    private static void add(Functions.Registrar r, String name, SqlType returns, int texts, Contextual body) {
        r.add(name, returns, java.util.Collections.nCopies(texts, TEXT), Volatility.IMMUTABLE, body);
    }

    private static Boolean similar(Object[] v, String escape, EvalContext context) {
        Matcher m = RegularExpression.similar((String) v[1], escape).matcher((String) v[0], context);
        return RegularExpression.guarded(m::matches);
    }

    /** @param flags which argument has the flags; -1 for none */
    private static Matcher matcher(Object[] v, int flags, EvalContext context) {
        return RegularExpression.of((String) v[1], flags < 0 ? "" : (String) v[flags])
                .matcher((String) v[0], context);
    }

    private static Matcher find(Object[] v, int flags, EvalContext context) {
        Matcher m = matcher(v, flags, context);
        return RegularExpression.guarded(m::find) ? m : null;
    }

    private static Long count(Matcher m) {
        long n = 0;
        while (RegularExpression.guarded(m::find)) {
            n++;
        }
        return n;
    }

    /** The first match replaced, with flag g each. */
    private static String replace(Object[] v, int flags, EvalContext context) {
        String s = (String) v[0];
        String replacement = (String) v[2];
        boolean all = flags >= 0 && ((String) v[flags]).indexOf('g') >= 0;
        Matcher m = matcher(v, flags, context);
        StringBuilder out = new StringBuilder();
        int copied = 0;
        while (RegularExpression.guarded(m::find)) {
            out.append(s, copied, m.start());
            append(out, replacement, m);
            Strings.checkLength(out.length());
            copied = m.end();
            if (!all) {
                break;
            }
        }
        return out.append(s, copied, s.length()).toString();
    }

    /** In a replacement \1 to \9 are groups, \& is the match, \\ a backslash. */
    private static void append(StringBuilder out, String replacement, Matcher m) {
        for (int i = 0; i < replacement.length(); i++) {
            char c = replacement.charAt(i);
            char next = c == '\\' && i + 1 < replacement.length() ? replacement.charAt(i + 1) : 0;
            if (next >= '1' && next <= '9') {
                int group = next - '0';
                if (group <= m.groupCount() && m.group(group) != null) {
                    out.append(m.group(group));
                }
                i++;
            } else if (next == '&') {
                out.append(m.group());
                i++;
            } else if (next == '\\') {
                out.append('\\');
                i++;
            } else {
                out.append(c);
            }
        }
    }
}

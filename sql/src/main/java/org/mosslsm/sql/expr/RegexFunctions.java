package org.mosslsm.sql.expr;

import static org.mosslsm.sql.type.SqlType.BIGINT;
import static org.mosslsm.sql.type.SqlType.BOOLEAN;
import static org.mosslsm.sql.type.SqlType.INTEGER;
import static org.mosslsm.sql.type.SqlType.TEXT;

import java.util.ArrayList;
import java.util.List;
import org.mosslsm.sql.error.SqlException;
import org.mosslsm.sql.error.SqlState;
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
            add(r, "regexp_like", BOOLEAN, 2 + flagged, (v, ctx) -> expression(v, flags)
                    .match((String) v[0], ctx, false)
                    .find());
            add(r, "regexp_substr", TEXT, 2 + flagged, (v, ctx) -> {
                RegexMatch found = find(v, flags, ctx);
                return found == null ? null : found.group();
            });
            add(r, "regexp_count", INTEGER, 2 + flagged, (v, ctx) -> count(matcher(v, flags, ctx)));
            int replaced = flagged == 0 ? -1 : 3;
            add(r, "regexp_replace", TEXT, 3 + flagged, (v, ctx) -> replace(v, replaced, ctx));
        }
        for (String name : List.of("substring", "substr")) {
            add(r, name, TEXT, 2, RegexFunctions::part);
        }
        add(r, "substring_similar", TEXT, 3, RegexFunctions::similarPart);
        placed(r);
    }

    /** Those with a place to start at, and which match is meant, the first where it is not said. */
    private static void placed(Functions.Registrar r) {
        for (List<SqlType> place : List.of(List.of(BIGINT), List.of(BIGINT, BIGINT), List.of(BIGINT, BIGINT, TEXT))) {
            int more = place.size();
            r.add("regexp_replace", TEXT, join(List.of(TEXT, TEXT, TEXT), place), Volatility.IMMUTABLE, (Contextual)
                    (v, ctx) -> replace(v, more < 3 ? -1 : 5, start(v, 3), more < 2 ? 1 : (Long) v[4], ctx));
        }
        for (List<SqlType> place : List.of(List.<SqlType>of(), List.of(BIGINT), List.of(BIGINT, BIGINT))) {
            List<SqlType> parameters = join(List.of(TEXT, TEXT), place);
            r.add("regexp_instr", INTEGER, parameters, Volatility.IMMUTABLE, (Contextual) (v, ctx) -> {
                RegexMatch found = nth(v, ctx);
                return found == null ? 0L : 1L + ((String) v[0]).codePointCount(0, found.start());
            });
            if (!place.isEmpty()) {
                r.add("regexp_substr", TEXT, parameters, Volatility.IMMUTABLE, (Contextual) (v, ctx) -> {
                    RegexMatch found = nth(v, ctx);
                    return found == null ? null : found.group();
                });
            }
        }
    }

    private static List<SqlType> join(List<SqlType> a, List<SqlType> b) {
        List<SqlType> both = new ArrayList<>(a);
        both.addAll(b);
        return both;
    }

    /** Where argument {@code i}, a number of characters from 1, is in the string. */
    private static int start(Object[] v, int i) {
        String s = (String) v[0];
        if (i >= v.length) {
            return 0;
        }
        long start = (Long) v[i];
        if (start < 1) {
            throw new SqlException(SqlState.INVALID_PARAMETER_VALUE, "a search begins at character 1 or later");
        }
        return start > Strings.length(s) ? s.length() : s.offsetByCodePoints(0, (int) start - 1);
    }

    private static RegexMatch nth(Object[] v, EvalContext context) {
        long n = v.length < 4 ? 1 : (Long) v[3];
        if (n < 1) {
            throw new SqlException(SqlState.INVALID_PARAMETER_VALUE, "matches are counted from 1");
        }
        RegexMatch m = matcher(v, -1, context);
        boolean found = m.find(start(v, 2));
        while (found && --n > 0) {
            found = m.find();
        }
        return found ? m : null;
    }

    /** What matches, or of it what the first parentheses enclose. */
    private static String part(Object[] v, EvalContext context) {
        RegexMatch found = find(v, -1, context);
        return found == null ? null : found.group(found.groupCount() > 0 ? 1 : 0);
    }

    private static void add(Functions.Registrar r, String name, SqlType returns, int texts, Contextual body) {
        r.add(name, returns, java.util.Collections.nCopies(texts, TEXT), Volatility.IMMUTABLE, body);
    }

    private static Boolean similar(Object[] v, String escape, EvalContext context) {
        RegexMatch m = RegularExpression.similar((String) v[1], escape).match((String) v[0], context, false);
        return m.matches();
    }

    /** What stands between the two {@code escape"} of the pattern, which matches the whole string; all of it without them. */
    private static String similarPart(Object[] v, EvalContext context) {
        RegexMatch m =
                RegularExpression.similarPart((String) v[1], (String) v[2]).match((String) v[0], context, true);
        return m.matches() ? m.group(1) : null;
    }

    /** @param flags which argument has the flags; -1 for none */
    private static RegexMatch matcher(Object[] v, int flags, EvalContext context) {
        return expression(v, flags).match((String) v[0], context, true);
    }

    private static RegularExpression expression(Object[] v, int flags) {
        return RegularExpression.of((String) v[1], flags < 0 ? "" : (String) v[flags]);
    }

    private static RegexMatch find(Object[] v, int flags, EvalContext context) {
        RegexMatch m = matcher(v, flags, context);
        return m.find() ? m : null;
    }

    private static Long count(RegexMatch m) {
        long n = 0;
        while (m.find()) {
            n++;
        }
        return n;
    }

    /** The first match replaced, with flag g each. */
    private static String replace(Object[] v, int flags, EvalContext context) {
        boolean all = flags >= 0 && ((String) v[flags]).indexOf('g') >= 0;
        return replace(v, flags, 0, all ? 0 : 1, context);
    }

    /** @param n which match, counted from 1; 0 is all of them */
    private static String replace(Object[] v, int flags, int start, long n, EvalContext context) {
        if (n < 0) {
            throw new SqlException(SqlState.INVALID_PARAMETER_VALUE, "matches are counted from 1, and 0 is all");
        }
        String s = (String) v[0];
        String replacement = (String) v[2];
        RegexMatch m = matcher(v, flags, context);
        StringBuilder out = new StringBuilder();
        int copied = 0;
        long seen = 0;
        boolean found = m.find(start);
        while (found) {
            if (++seen == n || n == 0) {
                out.append(s, copied, m.start());
                append(out, replacement, m);
                Strings.checkLength(out.length());
                copied = m.end();
            }
            found = seen != n && m.find();
        }
        return out.append(s, copied, s.length()).toString();
    }

    /** In a replacement \1 to \9 are groups, \& is the match, \\ a backslash. */
    private static void append(StringBuilder out, String replacement, RegexMatch m) {
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

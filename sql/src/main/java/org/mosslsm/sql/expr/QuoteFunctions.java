package org.mosslsm.sql.expr;

import static org.mosslsm.sql.type.SqlType.TEXT;

import java.util.List;
import java.util.Set;
import org.mosslsm.sql.expr.FunctionBody.Contextual;
import org.mosslsm.sql.expr.FunctionBody.Lazy;
import org.mosslsm.sql.expr.FunctionBody.Unary;
import org.mosslsm.sql.expr.ScalarFunction.Volatility;

/** Strings and names as SQL writes them down. */
final class QuoteFunctions {
    /**
     * The words that are no name everywhere without quotes: rules {@code reserved} and {@code functionWord} of the grammar,
     * and the words that PostgreSQL quotes besides, which may read what is written here.
     */
    private static final Set<String> RESERVED = Set.of(
            ("all analyse analyze and any array as asc asymmetric authorization between bigint binary bit boolean both case cast"
                            + " char character check coalesce collate collation column concurrently constraint create cross"
                            + " current_catalog current_date current_role current_schema current_time current_timestamp"
                            + " current_user dec decimal default deferrable desc distinct do else end except exists extract"
                            + " false fetch float for foreign freeze from full grant greatest group grouping having ilike in"
                            + " initially inner inout int integer intersect interval into is isnull join lateral leading"
                            + " least left like limit localtime localtimestamp national natural nchar none normalize not"
                            + " notnull null nullif numeric offset on only or order out outer overlaps overlay placing"
                            + " position precision primary real references returning right row select session_user setof"
                            + " similar smallint some substring symmetric system_user table tablesample then time timestamp"
                            + " to trailing treat trim true union unique user using values varchar variadic verbose when"
                            + " where window with")
                    .split(" "));

    private QuoteFunctions() {}

    static void register(Functions.Registrar r) {
        r.add("quote_literal", TEXT, List.of(TEXT), (Contextual) (v, context) -> literal((String) v[0], context));
        r.add("quote_ident", TEXT, List.of(TEXT), (Unary) s -> identifier((String) s));
        r.addNotStrict("quote_nullable", TEXT, List.of(TEXT), Volatility.IMMUTABLE, (Lazy) (a, row, ctx) -> {
            Object s = a[0].eval(row, ctx);
            return s == null ? "NULL" : literal((String) s, ctx);
        });
    }

    /** A string as a literal that means it, whatever is in it. */
    static String literal(String s, EvalContext context) {
        String quoted = "'" + Strings.replace(s, "'", "''", context) + "'";
        return s.indexOf('\\') < 0 ? quoted : "E" + Strings.replace(quoted, "\\", "\\\\", context);
    }

    /** A name, in quotes where it is not read as it stands. */
    static String identifier(String s) {
        return s.matches("[a-z_][a-z0-9_]*") && !RESERVED.contains(s) ? s : '"' + s.replace("\"", "\"\"") + '"';
    }
}

// Expressions as text, for people.
package org.mosslsm.sql.plan;

import java.time.ZoneOffset;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;
import org.mosslsm.sql.expr.AggregateCall;
import org.mosslsm.sql.expr.AggregateFunction;
import org.mosslsm.sql.expr.ExprTrees;
import org.mosslsm.sql.expr.ScalarExpr;
import org.mosslsm.sql.expr.Subplan;
import org.mosslsm.sql.expr.Subquery;
import org.mosslsm.sql.type.SqlType.Family;
import org.mosslsm.sql.type.ValueText;

/**
 * Writes expressions as SQL would spell them. Parameters are {@code ?1}, {@code ?2}, ...; slots {@code $0}, {@code $1},
 * ...; subqueries get numbers in the order they are met, and their plans are kept to be shown.
 */
final class ExprText {
    private final List<PlanColumn> row;
    private final List<Subplan> subplans;

    /**
     * For expressions over a row.
     *
     * @param subplans takes the plans of the subqueries met
     */
    ExprText(List<PlanColumn> row, List<Subplan> subplans) {
        this.row = row;
        this.subplans = subplans;
    }

    String of(ScalarExpr e) {
        if (e instanceof ScalarExpr.ColumnRef c) {
            return column(c.index());
        }
        if (e instanceof ScalarExpr.Literal l) {
            return literal(l);
        }
        if (e instanceof ScalarExpr.Parameter p) {
            return "?" + (p.index() + 1);
        }
        if (e instanceof ScalarExpr.SlotRef s) {
            return "$" + s.slot();
        }
        if (e instanceof ScalarExpr.Call c) {
            return call(c);
        }
        if (e instanceof ScalarExpr.Cast c) {
            return "CAST(" + of(c.operand()) + " AS " + c.type() + ")";
        }
        if (e instanceof ScalarExpr.Case c) {
            StringBuilder text = new StringBuilder("CASE");
            c.branches().forEach(w -> text.append(" WHEN ")
                    .append(of(w.condition()))
                    .append(" THEN ")
                    .append(of(w.result())));
            return text.append(" ELSE ")
                    .append(of(c.otherwise()))
                    .append(" END")
                    .toString();
        }
        if (e instanceof ScalarExpr.Coalesce c) {
            return "COALESCE(" + list(c.operands()) + ")";
        }
        return e instanceof Subquery s ? subquery(s) : predicate(e);
    }

    private String predicate(ScalarExpr e) {
        if (e instanceof ScalarExpr.Compare c) {
            return operand(c.left()) + " " + c.op().symbol() + " " + operand(c.right());
        }
        if (e instanceof ScalarExpr.And a) {
            return a.operands().stream().map(this::operand).collect(Collectors.joining(" AND "));
        }
        if (e instanceof ScalarExpr.Or o) {
            return o.operands().stream().map(this::operand).collect(Collectors.joining(" OR "));
        }
        if (e instanceof ScalarExpr.Not n) {
            return n.operand() instanceof ScalarExpr.IsNull i
                    ? operand(i.operand()) + " IS NOT NULL"
                    : "NOT " + operand(n.operand());
        }
        if (e instanceof ScalarExpr.IsNull n) {
            return operand(n.operand()) + " IS NULL";
        }
        if (e instanceof ScalarExpr.IsTruth t) {
            return operand(t.operand()) + " IS " + t.truth();
        }
        if (e instanceof ScalarExpr.DistinctFrom d) {
            return operand(d.left()) + " IS DISTINCT FROM " + operand(d.right());
        }
        if (e instanceof ScalarExpr.InList i) {
            return operand(i.operand()) + " IN (" + list(i.items()) + ")";
        }
        if (e instanceof ScalarExpr.Like l) {
            return operand(l.operand()) + (l.ignoreCase() ? " ILIKE " : " LIKE ") + operand(l.pattern());
        }
        return e.toString();
    }

    /** An operand, in parentheses where it is an operation itself. */
    private String operand(ScalarExpr e) {
        String text = of(e);
        boolean operation = e instanceof ScalarExpr.Compare
                || e instanceof ScalarExpr.And
                || e instanceof ScalarExpr.Or
                || e instanceof ScalarExpr.Not
                || e instanceof ScalarExpr.InList
                || e instanceof ScalarExpr.Like
                || e instanceof ScalarExpr.DistinctFrom;
        return operation && !(e instanceof ScalarExpr.Compare) ? "(" + text + ")" : text;
    }

    private String call(ScalarExpr.Call c) {
        String name = c.function().name();
        boolean symbol = !Character.isLetter(name.charAt(0));
        if (symbol && c.arguments().size() == 2) {
            return "(" + of(c.arguments().get(0)) + " " + name + " "
                    + of(c.arguments().get(1)) + ")";
        }
        return symbol ? name + of(c.arguments().get(0)) : name + "(" + list(c.arguments()) + ")";
    }

    String list(List<ScalarExpr> list) {
        int shown = Math.min(list.size(), 20);
        String text = list.subList(0, shown).stream().map(this::of).collect(Collectors.joining(", "));
        list.subList(shown, list.size()).forEach(this::note);
        return shown < list.size() ? text + ", ... " + (list.size() - shown) + " more" : text;
    }

    /** Keeps the subqueries of an expression that is not shown. */
    void note(ScalarExpr e) {
        ExprTrees.walk(e, n -> {
            if (n instanceof Subquery s) {
                subquery(s);
            }
        });
    }

    private String subquery(Subquery s) {
        int number = subplans.indexOf(s.plan());
        if (number < 0) {
            number = subplans.size();
            subplans.add(s.plan());
        }
        String bindings = s.bindings().stream()
                .map(b -> "$" + b.slot() + " = " + of(b.outer()))
                .collect(Collectors.joining(", "));
        String name = "(subquery " + (number + 1) + (bindings.isEmpty() ? "" : ": " + bindings) + ")";
        if (s instanceof Subquery.Exists) {
            return "EXISTS " + name;
        }
        if (s instanceof Subquery.In in) {
            return (in.left().size() == 1 ? of(in.left().get(0)) : "(" + list(in.left()) + ")") + " IN " + name;
        }
        return s instanceof Subquery.Quantified q
                ? of(q.left()) + " " + q.op().symbol() + (q.all() ? " ALL " : " ANY ") + name
                : name;
    }

    /** The column's name, with its table's where another column of the row has the same. */
    private String column(int index) {
        if (index >= row.size()) {
            return "#" + index;
        }
        PlanColumn c = row.get(index);
        boolean alone = row.stream().filter(o -> o.name().equals(c.name())).count() == 1;
        String name = c.name().isEmpty() ? "#" + index : c.name();
        return alone || c.origin().isEmpty() ? name : c.origin().get().table() + "." + name;
    }

    static String literal(ScalarExpr.Literal l) {
        if (l.value() == null) {
            return "NULL";
        }
        Family family = l.type().family();
        return switch (family) {
            case CHARACTER, UNKNOWN -> quoted((String) l.value());
            case BINARY -> "x'" + HexFormat.of().formatHex((byte[]) l.value()) + "'";
            case DATE, TIME, TIMESTAMP, UUID, INTERVAL -> quoted(ValueText.format(l.value(), l.type(), ZoneOffset.UTC));
            default -> ValueText.format(l.value(), l.type(), ZoneOffset.UTC);
        };
    }

    private static String quoted(String text) {
        return "'" + text.replace("'", "''") + "'";
    }

    String aggregate(AggregateCall call) {
        String text = call.function() == AggregateFunction.COUNT_STAR
                ? "count(*)"
                : call.function().name().toLowerCase(java.util.Locale.ROOT)
                        + (call.distinct() ? "(DISTINCT " : "(")
                        + list(call.arguments()) + order(call) + ")";
        return call.filter().map(f -> text + " FILTER (" + of(f) + ")").orElse(text);
    }

    private String order(AggregateCall call) {
        return call.order().isEmpty()
                ? ""
                : call.order().stream()
                        .map(k -> key(new SortKey(k.expr(), k.descending(), k.nullsFirst())))
                        .collect(Collectors.joining(", ", " ORDER BY ", ""));
    }

    String key(SortKey key) {
        String text = of(key.expr()) + (key.descending() ? " DESC" : "");
        return key.nullsFirst() == key.descending() ? text : text + (key.nullsFirst() ? " NULLS FIRST" : " NULLS LAST");
    }
}

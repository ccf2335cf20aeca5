package org.mosslsm.it.property;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.mosslsm.it.property.Tables.Column;

/** Draws expressions over columns; none of them can fail, whatever the rows hold. Not thread-safe. */
final class RandomTerms {
    private static final String[] COMPARISONS = {
        "{0} = {1}",
        "{0} <> {1}",
        "{0} < {1}",
        "{0} <= {1}",
        "{0} > {1}",
        "{0} >= {1}",
        "{0} IS DISTINCT FROM {1}",
        "{0} IS NOT DISTINCT FROM {1}"
    };

    /** Subqueries in one condition: more only take longer. */
    private static final int MOST_SUBQUERIES = 2;

    private final Random random;
    private final List<Column> columns;
    private final Tables tables;
    private int subqueries;

    /** Over columns with the names they have in the query, with subqueries over the tables. */
    RandomTerms(Random random, List<Column> columns, Tables tables) {
        this.random = random;
        this.columns = columns;
        this.tables = tables;
    }

    /** A condition with about that many levels of AND, OR and NOT. */
    Term condition(int depth) {
        if (depth > 0) {
            switch (random.nextInt(6)) {
                case 0, 1 -> {
                    return Term.of(Kind.BOOLEAN, "({0} AND {1})", condition(depth - 1), condition(depth - 1));
                }
                case 2, 3 -> {
                    return Term.of(Kind.BOOLEAN, "({0} OR {1})", condition(depth - 1), condition(depth - 1));
                }
                case 4 -> {
                    return Term.of(Kind.BOOLEAN, "(NOT {0})", condition(depth - 1));
                }
                default -> {
                    return comparison();
                }
            }
        }
        return comparison();
    }

    private Term comparison() {
        Kind kind = anyColumn().kind();
        if (subqueries < MOST_SUBQUERIES && random.nextInt(12) == 0) {
            return subquery(kind);
        }
        return switch (random.nextInt(12)) {
            case 0 ->
                Term.of(Kind.BOOLEAN, random.nextBoolean() ? "({0} IS NULL)" : "({0} IS NOT NULL)", value(kind, 1));
            case 1 -> {
                String not = random.nextBoolean() ? "" : "NOT ";
                yield Term.of(
                        Kind.BOOLEAN,
                        "({0} " + not + "BETWEEN {1} AND {2})",
                        column(kind),
                        value(kind, 0),
                        value(kind, 0));
            }
            case 2, 3 -> in(kind);
            case 4 -> like();
            case 8 -> strings();
            case 5 -> rows(kind, anyColumn().kind());
            case 6 -> {
                Term left = number(2);
                Term right = number(1);
                yield Term.of(Kind.BOOLEAN, "(" + COMPARISONS[random.nextInt(COMPARISONS.length)] + ")", left, right);
            }
            case 7 ->
                Term.of(
                        Kind.BOOLEAN,
                        "({0} IS " + (random.nextBoolean() ? "" : "NOT ")
                                + new String[] {"TRUE", "FALSE", "UNKNOWN"}[random.nextInt(3)] + ")",
                        value(Kind.BOOLEAN, 1));
            default -> {
                String text = "(" + COMPARISONS[random.nextInt(COMPARISONS.length)] + ")";
                yield random.nextBoolean()
                        ? Term.of(Kind.BOOLEAN, text, column(kind), value(kind, 1))
                        : Term.of(Kind.BOOLEAN, text, value(kind, 1), column(kind));
            }
        };
    }

    private Term in(Kind kind) {
        String not = random.nextInt(3) == 0 ? "NOT " : "";
        Term[] parts = new Term[1 + 1 + random.nextInt(4)];
        StringBuilder list = new StringBuilder();
        parts[0] = column(kind);
        for (int i = 1; i < parts.length; i++) {
            parts[i] = random.nextInt(12) == 0 ? Term.of(kind, "NULL") : value(kind, 0);
            list.append(i == 1 ? "{" : ", {").append(i).append('}');
        }
        return Term.of(Kind.BOOLEAN, "({0} " + not + "IN (" + list + "))", parts);
    }

    /** A condition with a subquery, which may look at the row outside. */
    private Term subquery(Kind kind) {
        String alias = "s" + subqueries++;
        int t = random.nextInt(2);
        List<Column> inner = new ArrayList<>();
        for (Column c : tables.columns().get(t)) {
            inner.add(new Column(alias + "." + c.name(), c.kind(), c.notNull()));
        }
        List<Column> both = new ArrayList<>(inner);
        if (random.nextInt(3) == 0) {
            both.addAll(columns);
        }
        RandomTerms inside = new RandomTerms(random, both, tables);
        inside.subqueries = MOST_SUBQUERIES;
        Term where = inside.condition(1);
        String from = " FROM t" + t + " " + alias + " WHERE {1})";
        String not = random.nextInt(3) == 0 ? "NOT " : "";
        List<Column> same = inner.stream().filter(c -> c.kind() == kind).toList();
        Column numbered =
                inner.stream().filter(c -> c.kind() == Kind.INTEGER).findFirst().orElseThrow();
        if (!same.isEmpty() && random.nextBoolean()) {
            String column = same.get(random.nextInt(same.size())).name();
            return random.nextInt(3) > 0
                    ? Term.of(Kind.BOOLEAN, "({0} " + not + "IN (SELECT " + column + from + ")", column(kind), where)
                    : Term.of(
                            Kind.BOOLEAN,
                            "(" + not + "EXISTS (SELECT 1" + from.replace("{1}", "{0} = " + column + " AND {1}") + ")",
                            column(kind),
                            where);
        }
        String aggregate = new String[] {"MAX", "MIN", "COUNT", "SUM"}[random.nextInt(4)];
        return Term.of(
                Kind.BOOLEAN,
                "({0} " + new String[] {"=", "<", ">="}[random.nextInt(3)] + " (SELECT " + aggregate + "("
                        + numbered.name() + ")" + from + ")",
                number(1),
                where);
    }

    private Term like() {
        List<Column> texts = columns.stream().filter(c -> c.kind().isText()).toList();
        Term left = texts.isEmpty()
                ? Term.constant(Kind.VARCHAR, "ab")
                : Term.of(texts.get(0).kind(), texts.get(0).name());
        String[] patterns = {"a%", "%b", "_b%", "%", "a_", "ab%z", "A%"};
        Term pattern = Term.constant(Kind.VARCHAR, patterns[random.nextInt(patterns.length)]);
        return Term.of(Kind.BOOLEAN, "({0} " + (random.nextInt(4) == 0 ? "NOT " : "") + "LIKE {1})", left, pattern);
    }

    /** A CHAR beside a VARCHAR, where the columns have them: blanks at the end mean nothing there. */
    private Term strings() {
        String text = "(" + COMPARISONS[random.nextInt(COMPARISONS.length)] + ")";
        return random.nextBoolean()
                ? Term.of(Kind.BOOLEAN, text, column(Kind.CHAR), column(Kind.VARCHAR))
                : Term.of(Kind.BOOLEAN, text, column(Kind.VARCHAR), column(Kind.CHAR));
    }

    private Term rows(Kind first, Kind second) {
        String[] operators = {"=", "<>", "<", "<=", ">", ">="};
        return Term.of(
                Kind.BOOLEAN,
                "(({0}, {1}) " + operators[random.nextInt(operators.length)] + " ({2}, {3}))",
                column(first),
                column(second),
                value(first, 0),
                value(second, 0));
    }

    /** A number of any kind, of at most so many operations. */
    private Term number(int depth) {
        List<Column> numbers = columns.stream().filter(c -> c.kind().isNumber()).toList();
        Column column = numbers.get(random.nextInt(numbers.size()));
        Term leaf = random.nextInt(3) == 0
                ? Term.constant(Kind.INTEGER, Kind.INTEGER.draw(random))
                : Term.of(column.kind(), column.name());
        if (depth == 0) {
            return leaf;
        }
        Term other = number(depth - 1);
        return switch (random.nextInt(6)) {
            case 0 -> Term.of(leaf.kind(), "({0} + {1})", leaf, other);
            case 1 -> Term.of(leaf.kind(), "({0} - {1})", leaf, other);
            case 2 -> Term.of(leaf.kind(), "({0} * 2)", leaf);
            case 3 -> Term.of(leaf.kind(), "COALESCE({0}, {1})", leaf, other);
            case 4 -> Term.of(leaf.kind(), "(CASE WHEN {0} THEN {1} ELSE {2} END)", condition(0), leaf, other);
            default -> leaf;
        };
    }

    private Term value(Kind kind, int depth) {
        if (depth > 0) {
            switch (random.nextInt(8)) {
                case 0 -> {
                    return Term.of(kind, "COALESCE({0}, {1})", column(kind), value(kind, 0));
                }
                case 1 -> {
                    return Term.of(
                            kind, "(CASE WHEN {0} THEN {1} ELSE {2} END)", condition(0), column(kind), value(kind, 0));
                }
                case 2 -> {
                    return Term.of(kind, "NULLIF({0}, {1})", column(kind), value(kind, 0));
                }
                default -> {
                    // a plain one
                }
            }
        }
        return random.nextInt(3) == 0 ? column(kind) : Term.constant(kind, kind.drawAny(random));
    }

    private Term column(Kind kind) {
        List<Column> fitting = columns.stream().filter(c -> c.kind() == kind).toList();
        return fitting.isEmpty()
                ? Term.constant(kind, kind.drawAny(random))
                : Term.of(kind, fitting.get(random.nextInt(fitting.size())).name());
    }

    private Column anyColumn() {
        return columns.get(random.nextInt(columns.size()));
    }

    /** The columns of both tables as a join names them. */
    static List<Column> qualified(Tables tables) {
        List<Column> all = new ArrayList<>();
        for (int t = 0; t < 2; t++) {
            for (Column c : tables.columns().get(t)) {
                all.add(new Column("ab".charAt(t) + "." + c.name(), c.kind(), c.notNull()));
            }
        }
        return all;
    }
}

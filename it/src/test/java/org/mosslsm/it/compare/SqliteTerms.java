package org.mosslsm.it.compare;

import java.util.List;
import java.util.Random;
import java.util.function.Function;
import org.mosslsm.it.compare.SqliteSql.Column;

/** Draws expressions of whole numbers, of text, and conditions, over columns. Not thread-safe. */
final class SqliteTerms {
    private static final String[] COMPARISONS = {"=", "<>", "<", "<=", ">", ">="};

    private final Random random;
    private final Function<List<Column>, String> subquery;

    /** @param subquery draws a condition with a subquery over the columns outside of it */
    SqliteTerms(Random random, Function<List<Column>, String> subquery) {
        this.random = random;
        this.subquery = subquery;
    }

    String of(boolean text, List<Column> columns, int depth) {
        return text ? text(columns, depth) : number(columns, depth);
    }

    String literal(boolean text) {
        if (!text) {
            return String.valueOf(random.nextInt(24) - 4);
        }
        StringBuilder s = new StringBuilder("'");
        for (int n = random.nextInt(4); n > 0; n--) {
            s.append("abAB%_ ".charAt(random.nextInt(7)));
        }
        return s.append('\'').toString();
    }

    // ---- values

    String number(List<Column> columns, int depth) {
        if (depth == 0 || random.nextInt(4) == 0) {
            return leaf(false, columns);
        }
        return switch (random.nextInt(14)) {
            case 0, 1 -> "(" + number(columns, depth - 1) + " + " + number(columns, depth - 1) + ")";
            case 2 -> "(" + number(columns, depth - 1) + " - " + number(columns, depth - 1) + ")";
            case 3 -> "(" + number(columns, depth - 1) + " * " + (random.nextInt(7) - 2) + ")";
            case 4 -> "(" + number(columns, depth - 1) + " / " + (1 + random.nextInt(5)) + ")";
            case 5 -> "(" + number(columns, depth - 1) + " % " + (1 + random.nextInt(5)) + ")";
            case 6 -> "(- " + number(columns, depth - 1) + ")";
            case 7 -> "COALESCE(" + number(columns, depth - 1) + ", " + number(columns, depth - 1) + ")";
            case 8 -> "NULLIF(" + number(columns, depth - 1) + ", " + number(columns, 0) + ")";
            case 9 -> "ABS(" + number(columns, depth - 1) + ")";
            case 10 ->
                "CASE WHEN " + simple(columns) + " THEN " + number(columns, depth - 1)
                        + (random.nextInt(4) == 0 ? "" : " ELSE " + number(columns, depth - 1)) + " END";
            case 11 ->
                "CASE " + number(columns, 0) + " WHEN " + number(columns, 0) + " THEN " + number(columns, depth - 1)
                        + " WHEN NULL THEN 0 ELSE " + number(columns, depth - 1) + " END";
            case 12 -> "LENGTH(" + text(columns, depth - 1) + ")";
            default -> "CAST(" + number(columns, depth - 1) + " AS INTEGER)";
        };
    }

    String text(List<Column> columns, int depth) {
        if (depth == 0 || random.nextInt(4) == 0) {
            return leaf(true, columns);
        }
        return switch (random.nextInt(8)) {
            case 0 -> "(" + text(columns, depth - 1) + " || " + text(columns, depth - 1) + ")";
            case 1 -> "UPPER(" + text(columns, depth - 1) + ")";
            case 2 -> "COALESCE(" + text(columns, depth - 1) + ", " + text(columns, depth - 1) + ")";
            case 3 ->
                "CASE WHEN " + simple(columns) + " THEN " + text(columns, depth - 1) + " ELSE " + text(columns, 0)
                        + " END";
            case 4 ->
                "SUBSTR(" + text(columns, depth - 1) + ", " + (1 + random.nextInt(3)) + ", " + random.nextInt(3) + ")";
            case 5 -> "TRIM(" + text(columns, depth - 1) + ")";
            case 6 -> "CAST(" + number(columns, depth - 1) + " AS TEXT)";
            default -> "REPLACE(" + text(columns, depth - 1) + ", 'a', 'bb')";
        };
    }

    private String leaf(boolean text, List<Column> columns) {
        List<Column> fitting = columns.stream().filter(c -> c.isText() == text).toList();
        if (fitting.isEmpty() || random.nextInt(5) == 0) {
            // An untyped NULL on both sides has no type; a typed one has.
            return random.nextInt(8) == 0 ? "CAST(NULL AS " + (text ? "TEXT)" : "INTEGER)") : literal(text);
        }
        return fitting.get(random.nextInt(fitting.size())).name();
    }

    /** An aggregate of the columns. */
    String aggregate(boolean text, List<Column> columns) {
        String distinct = random.nextInt(4) == 0 ? "DISTINCT " : "";
        String filter = random.nextInt(5) == 0 ? " FILTER (WHERE " + simple(columns) + ")" : "";
        if (text) {
            return (random.nextBoolean() ? "MIN(" : "MAX(") + text(columns, 1) + ")" + filter;
        }
        return switch (random.nextInt(7)) {
            case 0 -> "COUNT(*)" + filter;
            case 1 -> "COUNT(" + distinct + of(random.nextBoolean(), columns, 1) + ")" + filter;
            case 2, 3 -> "SUM(" + distinct + number(columns, 1) + ")" + filter;
            case 4 -> "MIN(" + number(columns, 1) + ")" + filter;
            case 5 -> "MAX(" + distinct + number(columns, 1) + ")" + filter;
            default -> "CAST(AVG(" + distinct + number(columns, 1) + ") * 10 AS INTEGER) / 10";
        };
    }

    // ---- conditions

    String predicate(List<Column> columns, int depth) {
        if (depth > 0) {
            switch (random.nextInt(6)) {
                case 0, 1 -> {
                    return "(" + predicate(columns, depth - 1) + " AND " + predicate(columns, depth - 1) + ")";
                }
                case 2, 3 -> {
                    return "(" + predicate(columns, depth - 1) + " OR " + predicate(columns, depth - 1) + ")";
                }
                case 4 -> {
                    return "(NOT " + predicate(columns, depth - 1) + ")";
                }
                default -> {
                    // one alone
                }
            }
        }
        return random.nextInt(7) == 0 ? "(" + subquery.apply(columns) + ")" : flat(columns);
    }

    /** Without a subquery. */
    String flat(List<Column> columns) {
        boolean text = random.nextInt(3) == 0;
        String not = random.nextInt(3) == 0 ? "NOT " : "";
        String a = of(text, columns, 1);
        return "("
                + switch (random.nextInt(10)) {
                    case 0 -> a + " IS " + not + "NULL";
                    case 1 -> a + " " + not + "BETWEEN " + of(text, columns, 0) + " AND " + of(text, columns, 0);
                    case 2, 3 ->
                        a + " " + not + "IN (" + literal(text) + ", " + leaf(text, columns) + ", " + literal(text)
                                + ")";
                    case 4 -> text(columns, 1) + " " + not + "LIKE " + pattern();
                    case 5 ->
                        "(" + number(columns, 0) + ", " + of(text, columns, 0) + ") " + comparison() + " ("
                                + number(columns, 0) + ", " + of(text, columns, 0) + ")";
                    case 6 -> a + " IS " + not + "DISTINCT FROM " + of(text, columns, 1);
                    default -> a + " " + comparison() + " " + of(text, columns, 1);
                }
                + ")";
    }

    /** Of one column and constants alone, as an index may have it. */
    String simple(List<Column> columns) {
        Column c = columns.get(random.nextInt(columns.size()));
        return switch (random.nextInt(5)) {
            case 0 -> c.name() + " IS NOT NULL";
            case 1 -> c.name() + " IS NULL";
            case 2 -> c.name() + " IN (" + literal(c.isText()) + ", " + literal(c.isText()) + ")";
            default -> c.name() + " " + comparison() + " " + literal(c.isText());
        };
    }

    private String pattern() {
        String[] patterns = {
            "'a%'", "'%b'", "'_'", "'%'", "'a_%'", "'A%'", "'%%'", "'a!%%' ESCAPE '!'", "'!_%' ESCAPE '!'", "''"
        };
        return patterns[random.nextInt(patterns.length)];
    }

    private String comparison() {
        return COMPARISONS[random.nextInt(COMPARISONS.length)];
    }
}

package org.mosslsm.it.property;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * A query on tables, small enough to be made smaller.
 *
 * @param join how the second table is joined, {@code JOIN}, {@code LEFT JOIN} ...; empty for the first table alone
 * @param on the join's condition; any constant where there is no join
 * @param where what the laws are about
 * @param seed of what a law draws besides
 */
record Case(Tables tables, String join, Term on, Term where, long seed) {
    private static final List<String> JOINS = List.of("JOIN", "JOIN", "LEFT JOIN", "RIGHT JOIN", "FULL JOIN");

    static Case draw(Tables tables, Random random) {
        String join = random.nextInt(5) > 1 ? "" : JOINS.get(random.nextInt(JOINS.size()));
        List<Tables.Column> visible = RandomTerms.qualified(tables);
        if (join.isEmpty()) {
            visible = visible.subList(0, tables.columns().get(0).size());
        }
        RandomTerms terms = new RandomTerms(random, visible, tables);
        Term on = join.isEmpty() ? Term.constant(Kind.BOOLEAN, true) : on(tables, terms, random);
        return new Case(tables, join, on, where(tables, terms, random), random.nextLong());
    }

    /** Some ask for what an index of some rows has, so that it serves them. */
    private static Term where(Tables tables, RandomTerms terms, Random random) {
        List<Term> partial = new ArrayList<>();
        for (String index : tables.indexes()) {
            String condition = index.contains(" ON t0 ") ? Tables.conditionOf(index) : "";
            if (!condition.isEmpty()) {
                partial.add(Term.of(Kind.BOOLEAN, "(" + condition.replaceAll("\\bc(\\d+)\\b", "a.c$1") + ")"));
            }
        }
        return partial.isEmpty() || random.nextInt(3) > 0
                ? terms.condition(3)
                : Term.of(
                        Kind.BOOLEAN,
                        "({0} AND {1})",
                        partial.get(random.nextInt(partial.size())),
                        terms.condition(random.nextInt(3)));
    }

    /** Most joins ask for equal columns, in which the tables may be sorted. */
    private static Term on(Tables tables, RandomTerms terms, Random random) {
        List<Term> equal = new ArrayList<>();
        for (Tables.Column a : tables.columns().get(0)) {
            for (Tables.Column b : tables.columns().get(1)) {
                if (a.kind() == b.kind()) {
                    equal.add(Term.of(
                            Kind.BOOLEAN,
                            "({0} = {1})",
                            Term.of(a.kind(), "a." + a.name()),
                            Term.of(b.kind(), "b." + b.name())));
                }
            }
        }
        if (equal.isEmpty() || random.nextInt(4) == 0) {
            return terms.condition(1);
        }
        Term one = equal.get(random.nextInt(equal.size()));
        return switch (random.nextInt(4)) {
            case 0 -> Term.of(Kind.BOOLEAN, "({0} AND {1})", one, terms.condition(1));
            case 1 -> Term.of(Kind.BOOLEAN, "({0} AND {1})", one, equal.get(random.nextInt(equal.size())));
            default -> one;
        };
    }

    /** The FROM clause without its word. */
    String from() {
        return join.isEmpty() ? "t0 a" : "t0 a " + join + " t1 b ON " + on.literal();
    }

    /** Cases with a part left out, those that lose most first. */
    List<Case> smaller() {
        List<Case> all = new ArrayList<>();
        for (List<String> rows : without(tables.rows())) {
            all.add(withTables(tables.indexes(), rows));
        }
        for (List<String> indexes : without(tables.indexes())) {
            all.add(withTables(indexes, tables.rows()));
        }
        if (!join.isEmpty()) {
            all.add(new Case(tables, "", Term.constant(Kind.BOOLEAN, true), where, seed));
        }
        on.smaller().forEach(t -> all.add(new Case(tables, join, t, where, seed)));
        where.smaller().forEach(t -> all.add(new Case(tables, join, on, t, seed)));
        return all;
    }

    private Case withTables(List<String> indexes, List<String> rows) {
        return new Case(new Tables(tables.create(), indexes, rows, tables.columns()), join, on, where, seed);
    }

    /** The list without one half, quarter ... or one of its members. */
    private static List<List<String>> without(List<String> list) {
        List<List<String>> all = new ArrayList<>();
        for (int size = (list.size() + 1) / 2; size > 0; size /= 2) {
            for (int from = 0; from < list.size(); from += size) {
                List<String> left = new ArrayList<>(list.subList(0, from));
                left.addAll(list.subList(Math.min(list.size(), from + size), list.size()));
                all.add(left);
            }
        }
        return all;
    }

    @Override
    public String toString() {
        List<String> script = new ArrayList<>(tables.create());
        script.addAll(tables.indexes());
        script.addAll(tables.rows());
        script.add("-- the query");
        script.add("SELECT * FROM " + from() + " WHERE " + where.literal());
        return String.join(";\n", script);
    }
}

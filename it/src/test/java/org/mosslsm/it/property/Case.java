package org.mosslsm.it.property;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * A query on tables, small enough to be made smaller.
 *
 * @param join how the second table is joined, {@code JOIN} or {@code LEFT JOIN}; empty for the first table alone
 * @param on the join's condition; any constant where there is no join
 * @param where what the laws are about
 */
record Case(Tables tables, String join, Term on, Term where) {
    static Case draw(Tables tables, Random random) {
        String join = random.nextInt(3) > 0 ? "" : random.nextBoolean() ? "JOIN" : "LEFT JOIN";
        List<Tables.Column> visible = RandomTerms.qualified(tables);
        if (join.isEmpty()) {
            visible = visible.subList(0, tables.columns().get(0).size());
        }
        RandomTerms terms = new RandomTerms(random, visible);
        Term on = join.isEmpty() ? Term.constant(Kind.BOOLEAN, true) : terms.condition(1);
        return new Case(tables, join, on, terms.condition(3));
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
            all.add(new Case(tables, "", Term.constant(Kind.BOOLEAN, true), where));
        }
        on.smaller().forEach(t -> all.add(new Case(tables, join, t, where)));
        where.smaller().forEach(t -> all.add(new Case(tables, join, on, t)));
        return all;
    }

    private Case withTables(List<String> indexes, List<String> rows) {
        return new Case(new Tables(tables.create(), indexes, rows, tables.columns()), join, on, where);
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

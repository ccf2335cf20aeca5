package org.mosslsm.it.compare;

import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.mosslsm.it.compare.RandomSql.Query;

/**
 * What is done on both engines, step by step; drawn before any of it runs, so that it can be made smaller. "H2" stands for
 * the other engine, which may be SQLite, too.
 */
record Script(List<Step> steps) {
    /** What a difference begins with that is the script's fault: H2 does not take a query or a definition. */
    static final String REFUSED = "H2 refuses ";

    private static final int PARTS = 60;

    /** What a step does. */
    enum Kind {
        DEFINE,
        CHANGE,
        QUERY,
        RETURNING,
        BEGIN,
        SAVEPOINT,
        ROLLBACK_TO,
        COMMIT,
        ROLLBACK
    }

    /** One step; the query's text is that of a change or definition, too. */
    record Step(Kind kind, Query query) {
        static Step of(Kind kind, String sql) {
            return new Step(kind, new Query(sql, false));
        }

        /** One that the other engine has other words for. */
        static Step of(Kind kind, String sql, String other) {
            return new Step(kind, new Query(sql, false, other));
        }

        @Override
        public String toString() {
            return query.sql().isEmpty() ? kind.name().replace('_', ' ') : query.sql();
        }
    }

    static Script draw(Random random) {
        List<TableShape> tables =
                List.of(TableShape.draw("t0", random), TableShape.draw("t1", random), TableShape.draw("t2", random));
        RandomSql sql = new RandomSql(random, tables);
        RandomChanges changes = new RandomChanges(random, sql);
        List<Step> steps = new ArrayList<>();
        for (TableShape table : tables) {
            steps.add(new Step(Kind.DEFINE, table.create()));
            table.indexes().forEach(i -> steps.add(new Step(Kind.DEFINE, i)));
        }
        for (int part = 0; part < PARTS; part++) {
            if (random.nextInt(4) == 0) {
                transaction(sql, changes, tables, random, steps);
            } else {
                changes(1 + random.nextInt(5), changes, steps);
            }
            for (int i = 0; i < 6; i++) {
                steps.add(new Step(Kind.QUERY, sql.query()));
            }
            steps.add(new Step(Kind.QUERY, sql.everything(tables.get(random.nextInt(tables.size())))));
        }
        tables.forEach(t -> steps.add(new Step(Kind.QUERY, sql.everything(t))));
        return new Script(steps);
    }

    private static void changes(int count, RandomChanges changes, List<Step> steps) {
        for (int i = 0; i < count; i++) {
            steps.add(changes.change());
        }
    }

    /** Changes, a savepoint, more changes, and then some way to go on. */
    private static void transaction(
            RandomSql sql, RandomChanges changes, List<TableShape> tables, Random random, List<Step> steps) {
        steps.add(Step.of(Kind.BEGIN, ""));
        changes(1 + random.nextInt(3), changes, steps);
        steps.add(Step.of(Kind.SAVEPOINT, ""));
        changes(1 + random.nextInt(3), changes, steps);
        steps.add(new Step(Kind.QUERY, sql.query()));
        if (random.nextBoolean()) {
            steps.add(Step.of(Kind.ROLLBACK_TO, ""));
            steps.add(new Step(Kind.QUERY, sql.everything(tables.get(random.nextInt(tables.size())))));
            changes(1, changes, steps);
        }
        steps.add(Step.of(random.nextBoolean() ? Kind.COMMIT : Kind.ROLLBACK, ""));
    }

    /** What the engines answer differently; null where they agree in everything. */
    String difference(Engine moss, Engine h2) throws SQLException {
        Savepoint mossPoint = null;
        Savepoint h2Point = null;
        boolean open = false;
        for (Step step : steps) {
            switch (step.kind()) {
                case BEGIN -> open = true;
                case COMMIT, ROLLBACK -> open = false;
                default -> {
                    // in the transaction, if one is open
                }
            }
            String sql = step.query().sql();
            switch (step.kind()) {
                case DEFINE, CHANGE -> {
                    String expected = h2.change(step.query().other());
                    String found = moss.change(sql);
                    if (step.kind() == Kind.DEFINE && expected.startsWith("refused")) {
                        return REFUSED + step.query().other() + " " + expected;
                    }
                    if (!expected.equals(found)) {
                        return sql + "\nH2: " + expected + "\nMossLSM: " + found;
                    }
                }
                case QUERY -> {
                    List<String> expected = h2.query(step.query().forOther());
                    List<String> found = moss.query(step.query());
                    if (expected.size() == 1 && expected.get(0).startsWith("refused")) {
                        return REFUSED + step.query().other() + " " + expected;
                    }
                    if (!expected.equals(found)) {
                        return sql + "\nH2: " + expected + "\nMossLSM: " + found + "\n" + moss.explain(sql);
                    }
                }
                case RETURNING -> {
                    List<String> expected = undoneWhereRefused(h2, step.query().forOther());
                    List<String> found = answers(moss, step.query());
                    if (!expected.equals(found)) {
                        return sql + "\nH2: " + expected + "\nMossLSM: " + found;
                    }
                }
                case SAVEPOINT -> {
                    mossPoint = open ? moss.connection().setSavepoint("p") : null;
                    h2Point = open ? h2.connection().setSavepoint("p") : null;
                }
                case ROLLBACK_TO -> {
                    if (mossPoint != null) {
                        moss.connection().rollback(mossPoint);
                        h2.connection().rollback(h2Point);
                    }
                }
                case BEGIN, COMMIT, ROLLBACK -> {
                    end(step.kind(), moss);
                    end(step.kind(), h2);
                    mossPoint = null;
                }
            }
        }
        return null;
    }

    /** The rows of a change, or that it was refused, for whatever reason. */
    private static List<String> answers(Engine engine, Query change) {
        List<String> rows = engine.query(change);
        return rows.size() == 1 && rows.get(0).startsWith("refused") ? List.of("refused") : rows;
    }

    /** H2 leaves the rows it met before the one that it refuses, where the change stands in a query. */
    private static List<String> undoneWhereRefused(Engine engine, Query change) throws SQLException {
        boolean alone = engine.connection().getAutoCommit();
        engine.connection().setAutoCommit(false);
        Savepoint before = engine.connection().setSavepoint();
        List<String> rows = answers(engine, change);
        if (rows.equals(List.of("refused"))) {
            engine.connection().rollback(before);
        }
        engine.connection().setAutoCommit(alone); // commits where it was
        return rows;
    }

    /** Ends the transaction where one is open, and begins one where one is to begin. */
    private static void end(Kind kind, Engine engine) throws SQLException {
        if (kind == Kind.ROLLBACK && !engine.connection().getAutoCommit()) {
            engine.connection().rollback();
        }
        engine.connection().setAutoCommit(kind != Kind.BEGIN); // commits what is open
    }

    long queries() {
        return steps.stream().filter(s -> s.kind() == Kind.QUERY).count();
    }

    /** Scripts with some steps left out, those that lose most first. */
    List<Script> smaller() {
        List<Script> all = new ArrayList<>();
        for (int size = (steps.size() + 1) / 2; size > 0; size /= 2) {
            for (int from = 0; from < steps.size(); from += size) {
                List<Step> left = new ArrayList<>(steps.subList(0, from));
                left.addAll(steps.subList(Math.min(steps.size(), from + size), steps.size()));
                all.add(new Script(left));
            }
        }
        return all;
    }

    @Override
    public String toString() {
        return String.join(";\n", steps.stream().map(Step::toString).toList());
    }
}

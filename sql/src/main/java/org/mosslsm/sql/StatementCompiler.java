// From text to plan, and the plans already made.
package org.mosslsm.sql;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.ToDoubleFunction;
import org.mosslsm.sql.bind.Binder;
import org.mosslsm.sql.bind.SqlTexts;
import org.mosslsm.sql.catalog.Catalog;
import org.mosslsm.sql.catalog.Column;
import org.mosslsm.sql.catalog.Index;
import org.mosslsm.sql.catalog.Table;
import org.mosslsm.sql.error.SqlException;
import org.mosslsm.sql.error.SqlState;
import org.mosslsm.sql.exec.dml.TableAccesses;
import org.mosslsm.sql.exec.dml.TableExpressions;
import org.mosslsm.sql.expr.ScalarExpr;
import org.mosslsm.sql.optimize.Optimizer;
import org.mosslsm.sql.optimize.Statistics;
import org.mosslsm.sql.parse.LiteralTemplate;
import org.mosslsm.sql.parse.SqlParser;
import org.mosslsm.sql.plan.PhysicalPlan;
import org.mosslsm.sql.plan.StatementPlan;

/**
 * Parses, binds and optimises statements, and keeps the plans of the last ones by text, path and catalog, so that a
 * statement sent again is not parsed again.
 *
 * <p>Thread-safe: the cache is guarded by its monitor; two threads that miss at once both plan, and one plan stays.
 */
final class StatementCompiler {
    /** Statements of an application are a few hundred; a plan is some kilobytes. */
    private static final int CACHED_PLANS = 512;

    /** A longer text is a bulk INSERT of literals, which does not come again. */
    private static final int LONGEST_CACHED_TEXT = 16_384;

    private static final SqlTexts TEXTS = new CatalogTexts();

    private record Key(String text, List<String> path, long catalogVersion) {}

    private final Optimizer optimizer;
    /** Of the last committed catalog that a statement was planned with. */
    private volatile TableAccesses tables = accesses(Catalog.empty());

    private final Map<Key, CompiledStatement> cache = new LinkedHashMap<>(64, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Key, CompiledStatement> eldest) {
            return size() > CACHED_PLANS;
        }
    };

    /** The condition of a partial index, over its table row: it needs no catalog. */
    static ScalarExpr condition(Table table, Index index) {
        return new Binder(Catalog.empty(), Catalog.DEFAULT_SCHEMA, TEXTS)
                .condition(table, index.where().orElseThrow().text());
    }

    /** Counts what makes plans old besides the catalog. */
    private final AtomicInteger generation = new AtomicInteger();

    StatementCompiler(Statistics statistics) {
        this.optimizer = new Optimizer(statistics);
    }

    /** Lets go of all plans, since tables are known better now: statements get new ones when they run next. */
    void forgetPlans() {
        synchronized (cache) {
            generation.incrementAndGet();
            cache.clear();
        }
    }

    /** Whether a plan was made before {@link #forgetPlans}. */
    boolean isOld(CompiledStatement compiled) {
        return compiled.generation != generation.get();
    }

    /** What the optimiser expects of the nodes of a plan. */
    ToDoubleFunction<PhysicalPlan> expectedRows() {
        return optimizer.expectedRows();
    }

    /**
     * A statement ready to run.
     *
     * @param constants values of the plan's parameters that were literals of the text; empty where the plan's parameters,
     *     if any, are the caller's
     */
    record Ready(CompiledStatement compiled, List<Object> constants) {}

    /** As {@link #compile}, with a plan made for other literals where the statement surely has no better one. */
    Ready prepare(String text, Catalog catalog, List<String> path, boolean committed) {
        if (!committed) {
            return new Ready(compile(text, catalog, path, false), List.of());
        }
        CompiledStatement known = text.length() <= LONGEST_CACHED_TEXT ? known(text, catalog, path) : null;
        if (known == null) {
            Optional<Ready> shared = LiteralTemplate.of(text).flatMap(t -> withConstants(t, catalog, path));
            if (shared.isPresent()) {
                return shared.get();
            }
            known = compile(text, catalog, path, true);
        }
        return new Ready(known, List.of());
    }

    /** Empty where the values want a plan, or an error, of their own. */
    private Optional<Ready> withConstants(LiteralTemplate template, Catalog catalog, List<String> path) {
        try {
            CompiledStatement compiled = compile(template.text(), catalog, path, true);
            return compiled.isPoint && PointStatements.fit(compiled.plan, template.values())
                    ? Optional.of(new Ready(compiled, template.values()))
                    : Optional.empty();
        } catch (SqlException e) {
            return Optional.empty(); // said of the text itself, with its own places
        }
    }

    private CompiledStatement known(String text, Catalog catalog, List<String> path) {
        synchronized (cache) {
            CompiledStatement known = cache.get(new Key(text, path, catalog.version()));
            return known != null && known.catalog == catalog ? known : null;
        }
    }

    /**
     * The plan of a statement.
     *
     * @param committed whether the catalog is one that others see too; plans against a transaction's own are not kept
     */
    CompiledStatement compile(String text, Catalog catalog, List<String> path, boolean committed) {
        boolean cacheable = committed && text.length() <= LONGEST_CACHED_TEXT;
        if (cacheable) {
            CompiledStatement known = known(text, catalog, path);
            if (known != null) {
                return known;
            }
        }
        CompiledStatement made = plan(text, committed ? tables(catalog) : accesses(catalog), path);
        if (cacheable && made.isShareable()) {
            synchronized (cache) {
                cache.put(new Key(text, path, catalog.version()), made);
            }
        }
        return made;
    }

    private TableAccesses tables(Catalog catalog) {
        TableAccesses known = tables;
        if (known.catalog() != catalog) {
            known = accesses(catalog);
            tables = known;
        }
        return known;
    }

    private CompiledStatement plan(String text, TableAccesses of, List<String> path) {
        int now = generation.get();
        try {
            var bound = new Binder(of.catalog(), path, TEXTS).bind(SqlParser.parseStatement(text));
            return new CompiledStatement(of, path, optimizer.optimize(bound), now);
        } catch (StackOverflowError e) {
            throw new SqlException(SqlState.TOO_COMPLEX, "the statement is nested too deeply", e);
        }
    }

    /** What changing statements need of a catalog's tables. */
    static TableAccesses accesses(Catalog catalog) {
        return new TableAccesses(catalog, expressions(catalog));
    }

    /** Checks and defaults that the catalog keeps as text. */
    static TableExpressions expressions(Catalog catalog) {
        Binder binder = new Binder(catalog, Catalog.DEFAULT_SCHEMA, TEXTS);
        return new TableExpressions() {
            @Override
            public List<StatementPlan.Check> checks(Table table) {
                return table.checks().stream()
                        .map(c -> new StatementPlan.Check(c.name(), binder.condition(table, c.text())))
                        .toList();
            }

            @Override
            public ScalarExpr condition(Table table, Index index) {
                return StatementCompiler.condition(table, index);
            }

            @Override
            public ScalarExpr defaultOf(Table table, Column column) {
                return binder.defaultOf(column);
            }
        };
    }
}

// A database small enough to hold in a hand: for tests of binder, optimiser and operators.
package org.mosslsm.sql.testkit;

import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.apache.calcite.linq4j.Enumerator;
import org.mosslsm.kv.memory.MemoryStore;
import org.mosslsm.kv.txn.Transaction;
import org.mosslsm.kv.txn.Transactions;
import org.mosslsm.sql.ast.Expression;
import org.mosslsm.sql.ast.Query;
import org.mosslsm.sql.bind.Binder;
import org.mosslsm.sql.bind.SqlTexts;
import org.mosslsm.sql.catalog.Catalog;
import org.mosslsm.sql.catalog.CheckConstraint;
import org.mosslsm.sql.catalog.Column;
import org.mosslsm.sql.catalog.Index;
import org.mosslsm.sql.catalog.Sequence;
import org.mosslsm.sql.catalog.Table;
import org.mosslsm.sql.catalog.TableChange;
import org.mosslsm.sql.catalog.View;
import org.mosslsm.sql.encode.IndexCodec;
import org.mosslsm.sql.encode.KeyWriter;
import org.mosslsm.sql.encode.TableCodec;
import org.mosslsm.sql.error.SqlException;
import org.mosslsm.sql.exec.CompiledPlans;
import org.mosslsm.sql.exec.ExecutionContext;
import org.mosslsm.sql.exec.TableKeeper;
import org.mosslsm.sql.exec.spill.Workspace;
import org.mosslsm.sql.expr.Row;
import org.mosslsm.sql.expr.ValueRow;
import org.mosslsm.sql.optimize.Optimizer;
import org.mosslsm.sql.optimize.Statistics;
import org.mosslsm.sql.parse.SqlParser;
import org.mosslsm.sql.plan.DefinitionPlan;
import org.mosslsm.sql.plan.Explain;
import org.mosslsm.sql.plan.KeyRangeSpec;
import org.mosslsm.sql.plan.LogicalPlan;
import org.mosslsm.sql.plan.PhysicalPlan;
import org.mosslsm.sql.plan.PlanColumn;
import org.mosslsm.sql.plan.PlannedStatement;
import org.mosslsm.sql.plan.StatementPlan;
import org.mosslsm.sql.type.ValueText;

/**
 * Takes CREATE TABLE, INDEX and VIEW, INSERT and queries; keeps rows in the in-memory store, without checking any
 * constraint. What it does not take it refuses. Not thread-safe.
 */
public final class SqlWorld implements SqlTexts {
    private final Transactions transactions = new Transactions(new MemoryStore());
    private final Transaction transaction = transactions.begin();
    private Catalog catalog = Catalog.empty();
    private Statistics statistics = Statistics.unknown();
    private long nextRowId = 1;
    private int nextId = 1;

    /** The catalog as it is now. */
    public Catalog catalog() {
        return catalog;
    }

    /** Sizes that the optimiser is told. */
    public SqlWorld statistics(Statistics told) {
        this.statistics = told;
        return this;
    }

    @Override
    public Query query(String text) {
        return SqlParser.parseQuery(text);
    }

    @Override
    public Expression expression(String text) {
        return SqlParser.parseExpression(text);
    }

    /** Binds one statement. */
    public PlannedStatement<LogicalPlan> bind(String sql) {
        return new Binder(catalog, Catalog.DEFAULT_SCHEMA, this).bind(SqlParser.parseStatement(sql));
    }

    /** Binds and optimises one statement. */
    public PlannedStatement<PhysicalPlan> plan(String sql) {
        return new Optimizer(statistics).optimize(bind(sql));
    }

    /** The lines of EXPLAIN. */
    public List<String> explain(String sql) {
        return Explain.lines(plan(sql).statement());
    }

    /** Runs a definition or an INSERT. */
    public SqlWorld run(String sql) {
        StatementPlan<PhysicalPlan> statement = plan(sql).statement();
        if (statement instanceof StatementPlan.Define<PhysicalPlan> d) {
            define(d.definition());
        } else if (statement instanceof StatementPlan.Insert<PhysicalPlan> i) {
            insert(i, sql);
        } else {
            throw new IllegalArgumentException("not for this world: " + sql);
        }
        return this;
    }

    // ---- rows

    /** The rows of a query. */
    public List<Object[]> rows(String sql, Object... parameters) {
        PlannedStatement<PhysicalPlan> planned = plan(sql);
        return rows(((StatementPlan.Query<PhysicalPlan>) planned.statement()).plan(), planned.slots(), parameters);
    }

    /** The rows of a query as text, a row a line, columns separated by a bar; or the error. */
    public List<String> texts(String sql, Object... parameters) {
        try {
            return answer(sql, parameters);
        } catch (SqlException e) {
            return List.of("error " + e.sqlState() + " " + e.getMessage());
        }
    }

    private List<String> answer(String sql, Object... parameters) {
        List<PlanColumn> columns = ((StatementPlan.Query<LogicalPlan>) bind(sql).statement())
                .plan()
                .columns();
        List<String> lines = new ArrayList<>();
        for (Object[] row : rows(sql, parameters)) {
            List<String> cells = new ArrayList<>();
            for (int i = 0; i < row.length; i++) {
                cells.add(
                        row[i] == null
                                ? "NULL"
                                : ValueText.format(row[i], columns.get(i).type(), ZoneOffset.UTC));
            }
            lines.add(String.join("|", cells));
        }
        return lines;
    }

    /** The rows of a physical plan. */
    public List<Object[]> rows(PhysicalPlan plan, int slots, Object... parameters) {
        return rows(Workspace.UNLIMITED, plan, slots, parameters);
    }

    /** As {@link #rows(String, Object...)}, in hardly any memory. */
    public List<Object[]> rowsInLittleMemory(String sql) {
        PlannedStatement<PhysicalPlan> planned = plan(sql);
        Scratch scratch = new Scratch();
        List<Object[]> rows = rows(
                scratch.workspace(200),
                ((StatementPlan.Query<PhysicalPlan>) planned.statement()).plan(),
                planned.slots());
        if (scratch.open() > 0) {
            throw new AssertionError(scratch.open() + " files left open");
        }
        return rows;
    }

    private List<Object[]> rows(Workspace workspace, PhysicalPlan plan, int slots, Object... parameters) {
        CompiledPlans compiled = new CompiledPlans();
        ExecutionContext context = new ExecutionContext(
                transaction,
                compiled,
                parameters,
                slots,
                new ExecutionContext.Surroundings(
                        0,
                        ZoneOffset.UTC,
                        Catalog.DEFAULT_SCHEMA,
                        Optional.empty(),
                        workspace,
                        TableKeeper.NONE,
                        () -> {}));
        List<Object[]> rows = new ArrayList<>();
        try (context;
                Enumerator<Row> run = compiled.operator(plan).open(context)) {
            while (run.moveNext()) {
                rows.add(run.current().toArray());
            }
        }
        return rows;
    }

    private void insert(StatementPlan.Insert<PhysicalPlan> insert, String sql) {
        TableCodec codec = new TableCodec(insert.table());
        KeyWriter scratch = new KeyWriter();
        for (Object[] values : rows(insert.source(), plan(sql).slots())) {
            Object[] full =
                    java.util.Arrays.copyOf(values, insert.table().rowColumns().size());
            if (insert.table().hasRowId()) {
                full[full.length - 1] = nextRowId++;
            }
            Row row = new ValueRow(full);
            transaction.put(codec.primary().key(row, scratch), codec.rowValue(row, scratch));
            for (IndexCodec index : codec.secondary()) {
                transaction.put(index.key(row, scratch), index.value(row, scratch));
            }
        }
    }

    // ---- definitions

    private int takeId() {
        return nextId++;
    }

    private void define(DefinitionPlan plan) {
        if (plan instanceof DefinitionPlan.CreateTable t) {
            Table made = table(t);
            catalog = catalog.withTable(made);
        } else if (plan instanceof DefinitionPlan.CreateIndex i) {
            TableChange change = i.table().change();
            List<Index.Key> keys = new ArrayList<>();
            i.keys().forEach(k -> keys.add(key(i.table().column(k.column()).orElseThrow(), k.descending())));
            List<Integer> include = i.include().stream()
                    .map(c -> i.table().column(c).orElseThrow().id())
                    .toList();
            Index index = new Index(takeId(), i.name(), keys, i.unique(), false, include, Index.State.READY, false);
            change.index(index);
            fill(i.table(), index);
            catalog = catalog.withTable(change.build());
        } else if (plan instanceof DefinitionPlan.CreateView v) {
            int id = takeId();
            catalog = catalog.withView(
                    new View(id, v.schema(), v.name(), v.columns(), v.text(), v.path(), v.stars(), Optional.empty()));
        } else if (plan instanceof DefinitionPlan.DropTables d) {
            d.tables().forEach(t -> catalog = catalog.withoutTable(t.id()));
        } else if (plan instanceof DefinitionPlan.DropViews d) {
            d.views().forEach(v -> catalog = catalog.withoutView(v.id()));
        } else if (!(plan instanceof DefinitionPlan.Nothing)) {
            throw new IllegalArgumentException("not for this world: " + plan);
        }
    }

    /** Writes the entries of a new index. */
    private void fill(Table table, Index index) {
        List<Integer> ordinals =
                IntStream.range(0, table.rowColumns().size()).boxed().toList();
        List<PlanColumn> columns = table.rowColumns().stream()
                .map(c -> PlanColumn.computed(c.name(), c.type(), true))
                .toList();
        PhysicalPlan all = new PhysicalPlan.IndexScan(
                table,
                table.primary(),
                table.name(),
                ordinals,
                columns,
                KeyRangeSpec.ALL,
                false,
                Optional.empty(),
                Optional.empty(),
                true);
        IndexCodec codec = new IndexCodec(table.change().index(index).build(), index);
        KeyWriter scratch = new KeyWriter();
        for (Object[] row : rows(all, 0)) {
            Row full = new ValueRow(row);
            transaction.put(codec.key(full, scratch), codec.value(full, scratch));
        }
    }

    private static Index.Key key(Column column, boolean descending) {
        return new Index.Key(column.id(), descending, !column.notNull());
    }

    private Table table(DefinitionPlan.CreateTable plan) {
        TableChange change = TableChange.create(takeId(), plan.schema(), plan.name());
        List<Column> columns = new ArrayList<>();
        List<String> primary = plan.constraints().stream()
                .filter(DefinitionPlan.PrimaryKeySpec.class::isInstance)
                .flatMap(c -> ((DefinitionPlan.PrimaryKeySpec) c).columns().stream())
                .toList();
        for (DefinitionPlan.ColumnSpec c : plan.columns()) {
            Optional<Column.Identity> identity = c.identity().map(i -> new Column.Identity(i.always(), sequence(i)));
            columns.add(change.addColumn(new Column(
                    0,
                    c.name(),
                    c.type(),
                    c.notNull() || primary.contains(c.name()),
                    c.defaultText(),
                    identity,
                    null,
                    Optional.empty())));
        }
        if (primary.isEmpty()) {
            change.primary(index("", List.of(new Index.Key(Column.ROW_ID, false, false))));
        }
        for (DefinitionPlan.ConstraintSpec c : plan.constraints()) {
            if (c instanceof DefinitionPlan.PrimaryKeySpec p) {
                change.primary(index(p.name(), keys(columns, p.columns())));
            } else if (c instanceof DefinitionPlan.UniqueSpec u) {
                change.index(index(u.name(), keys(columns, u.columns())));
            } else if (c instanceof DefinitionPlan.CheckSpec k) {
                change.check(new CheckConstraint(k.name(), k.text(), List.of()));
            }
        }
        return change.build();
    }

    private Index index(String name, List<Index.Key> keys) {
        return new Index(takeId(), name, keys, true, true, List.of(), Index.State.READY, false);
    }

    private static List<Index.Key> keys(List<Column> columns, List<String> names) {
        return names.stream()
                .map(n -> key(
                        columns.stream()
                                .filter(c -> c.name().equals(n))
                                .findFirst()
                                .orElseThrow(),
                        false))
                .toList();
    }

    private int sequence(DefinitionPlan.IdentitySpec i) {
        int id = takeId();
        DefinitionPlan.SequenceSpec s = i.sequence();
        catalog = catalog.withSequence(new Sequence(
                id,
                Catalog.DEFAULT_SCHEMA,
                "seq" + id,
                s.start(),
                s.increment(),
                s.minValue(),
                s.maxValue(),
                s.cycle(),
                s.cache(),
                OptionalInt.empty()));
        return id;
    }
}

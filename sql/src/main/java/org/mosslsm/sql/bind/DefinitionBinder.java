// Statements that change the catalog.
package org.mosslsm.sql.bind;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Function;
import org.mosslsm.sql.ast.Definition;
import org.mosslsm.sql.ast.Expression;
import org.mosslsm.sql.ast.Identifier;
import org.mosslsm.sql.ast.QualifiedName;
import org.mosslsm.sql.ast.Query;
import org.mosslsm.sql.ast.SourceExpression;
import org.mosslsm.sql.catalog.Sequence;
import org.mosslsm.sql.catalog.Table;
import org.mosslsm.sql.catalog.View;
import org.mosslsm.sql.catalog.ViewStar;
import org.mosslsm.sql.error.SqlException;
import org.mosslsm.sql.error.SqlState;
import org.mosslsm.sql.expr.ExprTrees;
import org.mosslsm.sql.expr.Folding;
import org.mosslsm.sql.expr.ScalarExpr;
import org.mosslsm.sql.expr.ScalarFunction;
import org.mosslsm.sql.expr.Subquery;
import org.mosslsm.sql.plan.DefinitionPlan;
import org.mosslsm.sql.plan.DefinitionPlan.IndexKeySpec;
import org.mosslsm.sql.plan.LogicalPlan;
import org.mosslsm.sql.plan.PlanColumn;
import org.mosslsm.sql.plan.StatementPlan;
import org.mosslsm.sql.type.SqlType;

/** Binds CREATE of what is no table, and changes of it; tables, DROP and COMMENT have binders of their own. */
final class DefinitionBinder {
    private final BindContext context;

    DefinitionBinder(BindContext context) {
        this.context = context;
    }

    StatementPlan<LogicalPlan> bind(Definition definition) {
        if (definition instanceof Definition.CreateTableAs as) {
            return createTableAs(as);
        }
        return new StatementPlan.Define<>(plan(definition));
    }

    private DefinitionPlan plan(Definition definition) {
        if (definition instanceof Definition.CreateTable d) {
            return new TableBinder(context).create(d);
        }
        if (definition instanceof Definition.AlterTable d) {
            return new AlterBinder(context).bind(d);
        }
        if (definition instanceof Definition.CreateView d) {
            return createView(d);
        }
        if (definition instanceof Definition.CreateIndex d) {
            return createIndex(d);
        }
        if (definition instanceof Definition.CreateSchema d) {
            if (d.name().value().equals(InformationSchema.NAME)
                    || d.name().value().startsWith("pg_")) {
                throw new SqlException(
                        SqlState.RESERVED_NAME,
                        "schema \"" + d.name() + "\" is the system's",
                        d.position().line(),
                        d.position().column());
            }
            boolean there = context.catalog().hasSchema(d.name().value());
            return there && d.ifNotExists()
                    ? exists("schema", d.name().value())
                    : new DefinitionPlan.CreateSchema(d.name().value());
        }
        if (definition instanceof Definition.CreateSequence d) {
            String schema = CatalogNames.existingSchema(context, d.name());
            return d.ifNotExists() && context.catalog().isTaken(schema, d.name().last())
                    ? exists("sequence", d.name().last())
                    : new DefinitionPlan.CreateSequence(
                            schema,
                            d.name().last(),
                            Sequences.of(d.options(), Sequences.max(d.options()), d.position()));
        }
        if (definition instanceof Definition.AlterSequence d) {
            return alterSequence(d);
        }
        if (definition instanceof Definition.Rename d) {
            return rename(d);
        }
        if (definition instanceof Definition.SetSchema d) {
            return setSchema(d);
        }
        if (definition instanceof Definition.Drop d) {
            return new DropBinder(context).bind(d);
        }
        return new CommentBinder(context).bind((Definition.Comment) definition);
    }

    static DefinitionPlan.Nothing exists(String kind, String name) {
        return new DefinitionPlan.Nothing(kind + " \"" + name + "\" already exists, skipping");
    }

    // ---- CREATE TABLE AS, CREATE VIEW

    private StatementPlan<LogicalPlan> createTableAs(Definition.CreateTableAs as) {
        String schema = CatalogNames.existingSchema(context, as.name());
        if (as.ifNotExists() && context.catalog().isTaken(schema, as.name().last())) {
            return new StatementPlan.Define<>(exists("table", as.name().last()));
        }
        LogicalPlan query = new QueryBinder(context).bindResult(as.query());
        List<DefinitionPlan.ColumnSpec> columns = new ArrayList<>();
        for (PlanColumn c : resultColumns(query, as.columns(), as.name())) {
            // What has no length in the query gets none here, and counts its blanks.
            SqlType type = c.type().equals(SqlType.BPCHAR) ? SqlType.VARCHAR : c.type();
            if (type.family() == SqlType.Family.INTERVAL) {
                throw SqlException.notSupported("a column of type INTERVAL (\"" + c.name() + "\")")
                        .at(as.position().line(), as.position().column());
            }
            columns.add(new DefinitionPlan.ColumnSpec(
                    c.name(), type, false, Optional.empty(), Optional.empty(), Optional.empty()));
        }
        DefinitionPlan.CreateTable table =
                new DefinitionPlan.CreateTable(schema, as.name().last(), as.ifNotExists(), columns, List.of());
        return new StatementPlan.CreateTableAs<>(table, query, as.withData());
    }

    /** The columns of a query under their new names, which must differ. */
    private static List<PlanColumn> resultColumns(LogicalPlan query, List<Identifier> names, QualifiedName object) {
        int line = object.position().line();
        int column = object.position().column();
        if (names.size() > query.width()) {
            throw SqlException.syntax(
                    "\"" + object.last() + "\" has more column names than its query has columns", line, column);
        }
        List<PlanColumn> columns = Plans.named(query.columns(), RelationBinder.names(names));
        Set<String> seen = new HashSet<>();
        for (PlanColumn c : columns) {
            if (!seen.add(c.name())) {
                throw new SqlException(
                        SqlState.DUPLICATE_COLUMN,
                        "column \"" + c.name() + "\" appears more than once: give one of them an alias",
                        line,
                        column);
            }
        }
        return columns;
    }

    private DefinitionPlan createView(Definition.CreateView d) {
        String schema = d.temporary() ? View.TEMPORARY : CatalogNames.existingSchema(context, d.name());
        Optional<View> before = context.catalog().view(schema, d.name().last());
        if (d.ifNotExists() && context.catalog().isTaken(schema, d.name().last())) {
            return exists("view", d.name().last());
        }
        LogicalPlan query =
                context.within(context.path(), d.temporary(), () -> new QueryBinder(context).bindResult(d.query()));
        List<String> columns = resultColumns(query, d.columns(), d.name()).stream()
                .map(PlanColumn::name)
                .toList();
        if (context.hasParameters()) {
            throw SqlException.syntax(
                    "a view cannot have parameters",
                    d.position().line(),
                    d.position().column());
        }
        if (d.temporary() && d.name().parts().size() > 1) {
            throw new SqlException(
                    SqlState.INVALID_TABLE_DEFINITION,
                    "a temporary view belongs to no schema",
                    d.position().line(),
                    d.position().column());
        }
        return new DefinitionPlan.CreateView(
                schema,
                d.name().last(),
                columns,
                d.text(),
                context.path(),
                stars(d),
                d.orReplace() ? before : Optional.empty());
    }

    /** What the stars of a view's query stand for, by their places in its text: the query is bound again as that. */
    private List<ViewStar> stars(Definition.CreateView d) {
        Query query = context.texts().query(d.text());
        return context.noting(
                () -> context.within(context.path(), d.temporary(), () -> new QueryBinder(context).bindResult(query)));
    }

    // ---- CREATE INDEX

    private DefinitionPlan createIndex(Definition.CreateIndex d) {
        Table table = CatalogNames.table(context, d.table());
        List<IndexKeySpec> keys = new ArrayList<>();
        for (Definition.IndexKey k : d.keys()) {
            keys.add(indexKey(table, k));
        }
        List<String> include = new ArrayList<>();
        for (Identifier i : d.include()) {
            include.add(CatalogNames.column(table, i).name());
        }
        String name = d.name().map(Identifier::value).orElseGet(() -> new ConstraintNames(
                        context.catalog(), table.schema(), table.name())
                .free(keys.stream().map(IndexKeySpec::column).toList(), "idx", true));
        if (d.ifNotExists() && context.catalog().isTaken(table.schema(), name)) {
            return exists("index", name);
        }
        return new DefinitionPlan.CreateIndex(
                table,
                name,
                d.ifNotExists(),
                d.unique(),
                d.nullsNotDistinct(),
                keys,
                include,
                d.where().map(w -> where(table, w)));
    }

    private DefinitionPlan.IndexWhere where(Table table, SourceExpression w) {
        ScalarExpr condition = ExpressionBinder.plain(context, Scope.ofTable(table), "the condition of an index")
                .condition(w.expression());
        boolean changing = ExprTrees.anyMatch(
                condition,
                e -> e instanceof Subquery
                        || e instanceof ScalarExpr.Parameter
                        || Folding.dependsOnZone(e)
                        || (e instanceof ScalarExpr.Call c
                                && c.function().volatility() != ScalarFunction.Volatility.IMMUTABLE));
        if (changing) {
            throw new SqlException(
                    SqlState.INVALID_OBJECT_DEFINITION,
                    "the condition of an index must depend on the row alone: no subqueries, parameters, clock, chance or session's time zone",
                    w.expression().position().line(),
                    w.expression().position().column());
        }
        Set<String> columns = new java.util.TreeSet<>();
        ExprTrees.walk(condition, e -> {
            if (e instanceof ScalarExpr.ColumnRef c) {
                columns.add(table.columns().get(c.index()).name());
            }
        });
        return new DefinitionPlan.IndexWhere(w.text(), condition, List.copyOf(columns));
    }

    private IndexKeySpec indexKey(Table table, Definition.IndexKey k) {
        Expression key = k.key().expression();
        int line = key.position().line();
        int column = key.position().column();
        if (!(key instanceof Expression.ColumnName c) || c.name().parts().size() > 1) {
            throw SqlException.notSupported("an index on an expression").at(line, column);
        }
        // NULLS FIRST or LAST changes no answer: an ORDER BY that asks for NULLs at the other end than the index sorts.
        return new IndexKeySpec(
                CatalogNames.column(table, c.name().parts().get(0)).name(), k.descending());
    }

    // ---- ALTER SEQUENCE, RENAME

    private DefinitionPlan alterSequence(Definition.AlterSequence d) {
        Optional<Sequence> found = sequence(d.name());
        if (found.isEmpty() && d.ifExists()) {
            return missing("sequence", d.name());
        }
        Sequence sequence = require(found, "sequence", d.name(), SqlState.UNDEFINED_OBJECT);
        DefinitionPlan.SequenceSpec spec =
                Sequences.changed(sequence, d.options(), Sequences.max(d.options()), d.position());
        return new DefinitionPlan.AlterSequence(
                sequence,
                spec,
                d.options().owner().map(this::owner),
                Sequences.restart(d.options(), spec, d.position()));
    }

    /** The table of OWNED BY table.column; none for OWNED BY NONE. */
    private OptionalInt owner(QualifiedName name) {
        List<Identifier> parts = name.parts();
        if (parts.size() == 1) {
            if (parts.get(0).value().equals("none")) {
                return OptionalInt.empty();
            }
            throw SqlException.syntax(
                    "OWNED BY needs table.column, or NONE",
                    name.position().line(),
                    name.position().column());
        }
        Table table =
                CatalogNames.table(context, new QualifiedName(parts.subList(0, parts.size() - 1), name.position()));
        CatalogNames.column(table, parts.get(parts.size() - 1));
        return OptionalInt.of(table.id());
    }

    private DefinitionPlan rename(Definition.Rename d) {
        String to = d.to().value();
        String kind = d.kind().name().toLowerCase(java.util.Locale.ROOT);
        Optional<DefinitionPlan> plan =
                switch (d.kind()) {
                    case VIEW -> CatalogNames.view(context, d.name()).map(v -> new DefinitionPlan.RenameView(v, to));
                    case INDEX -> DropBinder.index(context, d.name()).map(i -> new DefinitionPlan.RenameIndex(i, to));
                    default -> sequence(d.name()).map(s -> new DefinitionPlan.RenameSequence(s, to));
                };
        return plan.isEmpty() && d.ifExists()
                ? missing(kind, d.name())
                : require(
                        plan,
                        kind,
                        d.name(),
                        d.kind() == Definition.ObjectKind.VIEW ? SqlState.UNDEFINED_TABLE : SqlState.UNDEFINED_OBJECT);
    }

    private DefinitionPlan setSchema(Definition.SetSchema d) {
        String schema = d.schema().value();
        String kind = d.kind().name().toLowerCase(java.util.Locale.ROOT);
        Optional<View> view =
                d.kind() == Definition.ObjectKind.VIEW ? CatalogNames.view(context, d.name()) : Optional.empty();
        Optional<Sequence> sequence =
                d.kind() == Definition.ObjectKind.SEQUENCE ? sequence(d.name()) : Optional.empty();
        if (view.isEmpty() && sequence.isEmpty()) {
            return d.ifExists()
                    ? missing(kind, d.name())
                    : require(Optional.empty(), kind, d.name(), SqlState.UNDEFINED_TABLE);
        }
        if (!context.catalog().hasSchema(schema)) {
            throw CatalogNames.missingSchema(context, schema, d.schema().position());
        }
        if (sequence.isPresent() && sequence.get().ownerTableId().isPresent()) {
            throw SqlException.notSupported("moving a sequence that belongs to a column without its table")
                    .at(d.position().line(), d.position().column());
        }
        String now =
                view.map(View::schema).or(() -> sequence.map(Sequence::schema)).orElseThrow();
        if (now.equals(schema)) {
            return new DefinitionPlan.Nothing(kind + " \"" + d.name() + "\" is in schema \"" + schema + "\" already");
        }
        return view.isPresent()
                ? new DefinitionPlan.SetViewSchema(view.get(), schema)
                : new DefinitionPlan.SetSequenceSchema(sequence.get(), schema);
    }

    private Optional<Sequence> sequence(QualifiedName name) {
        return context.catalog().sequence(CatalogNames.schema(context, name), name.last());
    }

    private static DefinitionPlan.Nothing missing(String kind, QualifiedName name) {
        return new DefinitionPlan.Nothing(kind + " \"" + name + "\" does not exist, skipping");
    }

    /** What was found, or an error that says it does not exist. */
    static <T> T require(Optional<T> found, String kind, QualifiedName name, String sqlState) {
        Function<String, SqlException> error = m -> new SqlException(
                sqlState, m, name.position().line(), name.position().column());
        return found.orElseThrow(() -> error.apply(kind + " \"" + name + "\" does not exist"));
    }
}

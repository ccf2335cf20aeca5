// CREATE TABLE, its columns and constraints.
package org.mosslsm.sql.bind;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.mosslsm.sql.ast.ColumnDefinition;
import org.mosslsm.sql.ast.Definition;
import org.mosslsm.sql.ast.Identifier;
import org.mosslsm.sql.ast.Position;
import org.mosslsm.sql.ast.QualifiedName;
import org.mosslsm.sql.ast.SequenceOptions;
import org.mosslsm.sql.ast.TableConstraint;
import org.mosslsm.sql.ast.TypeName;
import org.mosslsm.sql.error.SqlException;
import org.mosslsm.sql.error.SqlState;
import org.mosslsm.sql.expr.ExprFactory;
import org.mosslsm.sql.expr.ExprTrees;
import org.mosslsm.sql.expr.ScalarExpr;
import org.mosslsm.sql.expr.Subquery;
import org.mosslsm.sql.plan.DefinitionPlan;
import org.mosslsm.sql.plan.DefinitionPlan.ColumnSpec;
import org.mosslsm.sql.plan.DefinitionPlan.ConstraintSpec;
import org.mosslsm.sql.plan.DefinitionPlan.IdentitySpec;
import org.mosslsm.sql.plan.PlanColumn;
import org.mosslsm.sql.type.SqlType;

/** Binds CREATE TABLE. */
final class TableBinder {
    private final BindContext context;

    TableBinder(BindContext context) {
        this.context = context;
    }

    DefinitionPlan create(Definition.CreateTable d) {
        String schema = CatalogNames.existingSchema(context, d.name());
        String name = d.name().last();
        if (d.ifNotExists() && context.catalog().isTaken(schema, name)) {
            return DefinitionBinder.exists("table", name);
        }
        List<ColumnSpec> columns = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        List<TableConstraint> constraints = new ArrayList<>();
        LikeBinder likes = new LikeBinder(context, this);
        for (int i = 0; i <= d.columns().size(); i++) {
            for (Definition.LikeTable like : d.likes()) {
                if (like.before() == i) {
                    likes.bind(like, constraints)
                            .forEach(c -> add(c, columns, seen, like.table().position()));
                }
            }
            if (i < d.columns().size()) {
                ColumnDefinition c = d.columns().get(i);
                add(column(c), columns, seen, c.position());
            }
        }
        constraints.addAll(d.constraints());
        List<PlanColumn> row = new ArrayList<>();
        columns.forEach(c -> row.add(PlanColumn.computed(c.name(), c.type(), !c.notNull())));
        ConstraintBinder binder =
                new ConstraintBinder(context, schema, name, row, new ConstraintNames(context.catalog(), schema, name));
        return new DefinitionPlan.CreateTable(
                schema, name, d.ifNotExists(), columns, constraints(name, constraints, binder));
    }

    private static void add(ColumnSpec column, List<ColumnSpec> columns, Set<String> seen, Position at) {
        if (!seen.add(column.name())) {
            throw new SqlException(
                    SqlState.DUPLICATE_COLUMN,
                    "column \"" + column.name() + "\" is defined more than once",
                    at.line(),
                    at.column());
        }
        columns.add(column);
    }

    private static List<ConstraintSpec> constraints(
            String table, List<TableConstraint> given, ConstraintBinder binder) {
        List<ConstraintSpec> constraints = new ArrayList<>();
        // Names that were given come first: made-up ones go round them. A foreign key to the table itself needs its
        // key.
        given.forEach(c -> c.name().ifPresent(binder::takeName));
        boolean primary = false;
        for (TableConstraint c : given) {
            if (c instanceof TableConstraint.PrimaryKey) {
                if (primary) {
                    throw new SqlException(
                            SqlState.INVALID_TABLE_DEFINITION,
                            "table \"" + table + "\" has more than one primary key",
                            c.position().line(),
                            c.position().column());
                }
                primary = true;
                constraints.add(binder.bind(c, List.of()));
            }
        }
        for (TableConstraint c : given) {
            if (c instanceof TableConstraint.Unique) {
                constraints.add(binder.bind(c, List.of()));
            }
        }
        for (TableConstraint c : given) {
            if (c instanceof TableConstraint.Check || c instanceof TableConstraint.ForeignKey) {
                constraints.add(binder.bind(c, constraints));
            }
        }
        return constraints;
    }

    // ---- columns

    /** A column; SERIAL and its kin are identity columns. */
    ColumnSpec column(ColumnDefinition c) {
        Optional<SqlType> serial = serial(c.type());
        SqlType type = serial.orElseGet(() -> Types.resolve(c.type()));
        if (type.family() == SqlType.Family.INTERVAL) {
            throw SqlException.notSupported("a column of type INTERVAL")
                    .at(c.position().line(), c.position().column());
        }
        Optional<IdentitySpec> identity = c.identity()
                .map(i -> identity(i.always(), i.options(), type, c.position()))
                .or(() -> serial.map(t -> identity(false, SequenceOptions.NONE, t, c.position())));
        if (identity.isPresent() && c.defaultValue().isPresent()) {
            throw SqlException.syntax(
                    "column \"" + c.name() + "\" cannot have both a default and an identity",
                    c.position().line(),
                    c.position().column());
        }
        Optional<ScalarExpr> value = c.defaultValue()
                .map(v -> defaultValue(v.expression(), type, c.name().value()));
        return new ColumnSpec(
                c.name().value(),
                type,
                c.notNull() || identity.isPresent(),
                c.defaultValue()
                        .map(v -> SequenceNames.inDefault(v.text(), value.orElseThrow(), c.position(), context)),
                value,
                identity);
    }

    ScalarExpr defaultValue(org.mosslsm.sql.ast.Expression e, SqlType type, String column) {
        ScalarExpr value = ExpressionBinder.plain(context, Scope.empty(Surroundings.NONE), "a DEFAULT")
                .bind(e);
        requireNoSubquery(value, "a DEFAULT", e.position());
        return ExpressionBinder.at(e.position(), () -> ExprFactory.assign(value, type, column));
    }

    /** What the catalog keeps as text, or what runs over the rows of a rewritten table, looks at no other table. */
    static void requireNoSubquery(ScalarExpr e, String where, Position at) {
        if (ExprTrees.anyMatch(e, part -> part instanceof Subquery)) {
            throw SqlException.notSupported("a subquery in " + where).at(at.line(), at.column());
        }
    }

    private static Optional<SqlType> serial(TypeName type) {
        return switch (type.name()) {
            case "smallserial", "serial2" -> Optional.of(SqlType.SMALLINT);
            case "serial", "serial4" -> Optional.of(SqlType.INTEGER);
            case "bigserial", "serial8" -> Optional.of(SqlType.BIGINT);
            default -> Optional.empty();
        };
    }

    IdentitySpec identity(boolean always, SequenceOptions options, SqlType type, Position at) {
        long max =
                switch (type.kind()) {
                    case SMALLINT -> Short.MAX_VALUE;
                    case INTEGER -> Integer.MAX_VALUE;
                    case BIGINT -> Long.MAX_VALUE;
                    default ->
                        throw new SqlException(
                                SqlState.INVALID_TABLE_DEFINITION,
                                "an identity column must be SMALLINT, INTEGER or BIGINT, not " + type,
                                at.line(),
                                at.column());
                };
        return new IdentitySpec(
                always, Sequences.of(options, max, at), options.name().map(QualifiedName::last));
    }

    static List<String> names(List<Identifier> identifiers) {
        return identifiers.stream().map(Identifier::value).toList();
    }
}

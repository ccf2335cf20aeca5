// INSERT, UPDATE, DELETE, TRUNCATE.
package org.mosslsm.sql.parse;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.antlr.v4.runtime.ParserRuleContext;
import org.mosslsm.grammar.MossSqlParser.*;
import org.mosslsm.sql.ast.DataChange;
import org.mosslsm.sql.ast.Expression;
import org.mosslsm.sql.ast.Identifier;
import org.mosslsm.sql.ast.Position;
import org.mosslsm.sql.ast.QualifiedName;
import org.mosslsm.sql.ast.Query;
import org.mosslsm.sql.ast.SelectItem;
import org.mosslsm.sql.error.SqlException;
import org.mosslsm.sql.error.SqlState;

/** Makes the statements that change rows. */
final class ChangeBuilder {
    private final AstBuilder ast;

    ChangeBuilder(AstBuilder ast) {
        this.ast = ast;
    }

    DataChange.Insert insert(InsertContext context, List<Query.CommonTable> with) {
        QualifiedName table = Names.qualified(context.tableName());
        Optional<Identifier> alias = Names.optional(context.identifier());
        Optional<Query> source = Optional.ofNullable(context.query()).map(ast.queries()::query);
        DataChange.Overriding overriding = context.OVERRIDING() == null
                ? DataChange.Overriding.NONE
                : context.SYSTEM() != null ? DataChange.Overriding.SYSTEM : DataChange.Overriding.USER;
        return new DataChange.Insert(
                with,
                table,
                alias,
                Names.columns(context.columnList()),
                source,
                overriding,
                onConflict(context, table, alias),
                returning(context.returning()),
                Names.position(context));
    }

    private Optional<DataChange.OnConflict> onConflict(
            InsertContext context, QualifiedName table, Optional<Identifier> alias) {
        if (context.REPLACE() == null) {
            return Optional.ofNullable(context.onConflict()).map(conflict -> onConflict(conflict, table, alias));
        }
        if (context.onConflict() != null) {
            Position at = Names.position(context.onConflict());
            throw SqlException.syntax("REPLACE and ON CONFLICT cannot stand together", at.line(), at.column());
        }
        return Optional.of(new DataChange.OnConflict(
                List.of(), Optional.empty(), Optional.empty(), Optional.empty(), true, Names.position(context)));
    }

    private DataChange.OnConflict onConflict(
            OnConflictContext context, QualifiedName table, Optional<Identifier> alias) {
        Optional<DataChange.DoUpdate> update = context.UPDATE() == null
                ? Optional.empty()
                : Optional.of(new DataChange.DoUpdate(
                        assignments(context.assignment(), table, alias),
                        ast.expressions().optional(context.condition)));
        return new DataChange.OnConflict(
                Names.columns(context.columnList()),
                ast.expressions().optional(context.target),
                Names.optional(context.identifier()),
                update,
                false,
                Names.position(context));
    }

    DataChange.Update update(UpdateContext context, List<Query.CommonTable> with) {
        QualifiedName table = Names.qualified(context.tableName());
        Optional<Identifier> alias = alias(context.identifier(), context.bareAlias());
        return new DataChange.Update(
                with,
                table,
                alias,
                assignments(context.assignment(), table, alias),
                ast.queries().relations(context.relation()),
                ast.expressions().optional(context.expression()),
                returning(context.returning()),
                Names.position(context));
    }

    DataChange.Delete delete(DeleteContext context, List<Query.CommonTable> with) {
        return new DataChange.Delete(
                with,
                Names.qualified(context.tableName()),
                alias(context.identifier(), context.bareAlias()),
                ast.queries().relations(context.relation()),
                ast.expressions().optional(context.expression()),
                returning(context.returning()),
                Names.position(context));
    }

    DataChange.Truncate truncate(TruncateContext context) {
        List<QualifiedName> tables =
                context.tableName().stream().map(Names::qualified).toList();
        boolean cascade =
                context.dropBehavior() != null && context.dropBehavior().CASCADE() != null;
        return new DataChange.Truncate(tables, context.RESTART() != null, cascade, Names.position(context));
    }

    private static Optional<Identifier> alias(IdentifierContext named, BareAliasContext bare) {
        ParserRuleContext alias = named == null ? bare : named;
        return Names.optional(alias);
    }

    private List<DataChange.Assignment> assignments(
            List<AssignmentContext> contexts, QualifiedName table, Optional<Identifier> alias) {
        List<DataChange.Assignment> assignments = new ArrayList<>(contexts.size());
        for (AssignmentContext context : contexts) {
            List<Identifier> columns = context.columnList() != null
                    ? Names.columns(context.columnList())
                    : List.of(column(context.identifier(), table, alias));
            if (context.rowOfItems() != null) {
                assignments.add(new DataChange.Assignment(columns, row(context.rowOfItems()), Names.position(context)));
                continue;
            }
            Expression value = context.expression() == null
                    ? new Expression.DefaultValue(
                            Names.position(context.DEFAULT().getSymbol()))
                    : ast.expressions().of(context.expression());
            assignments.add(new DataChange.Assignment(columns, value, Names.position(context)));
        }
        return assignments;
    }

    /** {@code (value, DEFAULT, ...)}. */
    private Expression row(RowOfItemsContext context) {
        List<Expression> items = new ArrayList<>(ast.expressions().all(context.expression()));
        items.add(new Expression.DefaultValue(Names.position(context.DEFAULT().getSymbol())));
        for (ValuesItemContext item : context.valuesItem()) {
            items.add(
                    item.expression() == null
                            ? new Expression.DefaultValue(Names.position(item))
                            : ast.expressions().of(item.expression()));
        }
        return new Expression.RowValue(items, Names.position(context));
    }

    /** {@code column}, or {@code t.column} where t is the table or its alias. */
    private static Identifier column(List<IdentifierContext> parts, QualifiedName table, Optional<Identifier> alias) {
        if (parts.size() == 2) {
            Identifier qualifier = Names.identifier(parts.get(0));
            String expected = alias.map(Identifier::value).orElse(table.last());
            if (!qualifier.value().equals(expected)) {
                throw new SqlException(
                        SqlState.UNDEFINED_TABLE,
                        "cannot assign to a column of \"" + qualifier + "\": the statement changes \"" + expected
                                + "\"",
                        qualifier.position().line(),
                        qualifier.position().column());
            }
        }
        return Names.identifier(parts.get(parts.size() - 1));
    }

    private List<SelectItem> returning(ReturningContext context) {
        return context == null ? List.of() : ast.queries().selectItems(context.selectItem());
    }
}

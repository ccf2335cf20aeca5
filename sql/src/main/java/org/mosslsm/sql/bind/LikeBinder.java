// LIKE in CREATE TABLE.
package org.mosslsm.sql.bind;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.mosslsm.sql.ast.Definition;
import org.mosslsm.sql.ast.Identifier;
import org.mosslsm.sql.ast.Position;
import org.mosslsm.sql.ast.SourceExpression;
import org.mosslsm.sql.ast.TableConstraint;
import org.mosslsm.sql.catalog.CheckConstraint;
import org.mosslsm.sql.catalog.Column;
import org.mosslsm.sql.catalog.Index;
import org.mosslsm.sql.catalog.Sequence;
import org.mosslsm.sql.catalog.Table;
import org.mosslsm.sql.error.SqlException;
import org.mosslsm.sql.expr.ScalarExpr;
import org.mosslsm.sql.plan.DefinitionPlan.ColumnSpec;
import org.mosslsm.sql.plan.DefinitionPlan.IdentitySpec;
import org.mosslsm.sql.plan.DefinitionPlan.SequenceSpec;

/** Copies the columns of a table into the definition of another, and of the rest what INCLUDING names. */
final class LikeBinder {
    private final BindContext context;
    private final TableBinder tables;

    LikeBinder(BindContext context, TableBinder tables) {
        this.context = context;
        this.tables = tables;
    }

    /** The columns; keys and checks are added to {@code constraints}, with names of their own. */
    List<ColumnSpec> bind(Definition.LikeTable like, List<TableConstraint> constraints) {
        Table table = CatalogNames.table(context, like.table());
        Position at = like.table().position();
        List<ColumnSpec> columns = new ArrayList<>();
        for (Column column : table.columns()) {
            columns.add(column(column, like));
        }
        if (like.including().contains("constraints")) {
            for (CheckConstraint check : table.checks()) {
                SourceExpression condition =
                        new SourceExpression(context.texts().expression(check.text()), check.text());
                constraints.add(new TableConstraint.Check(Optional.empty(), condition, Optional.empty(), at));
            }
        }
        if (like.including().contains("indexes")) {
            keys(table, at, constraints);
        }
        return columns;
    }

    private ColumnSpec column(Column column, Definition.LikeTable like) {
        Optional<String> defaultText =
                column.defaultText().filter(t -> like.including().contains("defaults"));
        Optional<ScalarExpr> value =
                defaultText.map(t -> tables.defaultValue(context.texts().expression(t), column.type(), column.name()));
        Optional<IdentitySpec> identity = column.identity()
                .filter(i -> like.including().contains("identity"))
                .map(i -> new IdentitySpec(
                        i.always(),
                        numbers(context.catalog().sequence(i.sequenceId()).orElseThrow()),
                        Optional.empty()));
        return new ColumnSpec(column.name(), column.type(), column.notNull(), defaultText, value, identity);
    }

    private static SequenceSpec numbers(Sequence s) {
        return new SequenceSpec(s.start(), s.increment(), s.minValue(), s.maxValue(), s.cycle(), s.cache());
    }

    private static void keys(Table table, Position at, List<TableConstraint> constraints) {
        table.primaryKey()
                .ifPresent(k ->
                        constraints.add(new TableConstraint.PrimaryKey(Optional.empty(), columns(table, k, at), at)));
        for (Index index : table.indexes()) {
            if (!index.isUniqueOfAll()) {
                throw SqlException.notSupported("INCLUDING INDEXES of a table with indexes besides its keys")
                        .at(at.line(), at.column());
            }
            constraints.add(new TableConstraint.Unique(
                    Optional.empty(), columns(table, index, at), index.nullsNotDistinct(), at));
        }
    }

    private static List<Identifier> columns(Table table, Index index, Position at) {
        return table.names(index.columnIds()).stream()
                .map(name -> new Identifier(name, true, at))
                .toList();
    }
}

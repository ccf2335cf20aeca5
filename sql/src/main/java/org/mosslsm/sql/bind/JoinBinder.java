// JOIN ... ON, USING, NATURAL.
package org.mosslsm.sql.bind;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.mosslsm.sql.ast.Identifier;
import org.mosslsm.sql.ast.QualifiedName;
import org.mosslsm.sql.ast.Relation;
import org.mosslsm.sql.error.SqlException;
import org.mosslsm.sql.error.SqlState;
import org.mosslsm.sql.expr.CompareOp;
import org.mosslsm.sql.expr.ExprFactory;
import org.mosslsm.sql.expr.ScalarExpr;
import org.mosslsm.sql.plan.JoinKind;
import org.mosslsm.sql.plan.LogicalPlan;
import org.mosslsm.sql.plan.PlanColumn;
import org.mosslsm.sql.type.SqlType;

/** Binds explicit joins. The columns of USING and NATURAL merge into one that stands first (SQL:2016 7.10). */
final class JoinBinder {
    private final BindContext context;

    JoinBinder(BindContext context) {
        this.context = context;
    }

    RelationBinder.Bound bind(Relation.Join join, RelationBinder.Bound left, RelationBinder.Bound right) {
        JoinKind kind =
                switch (join.kind()) {
                    case INNER, CROSS -> JoinKind.INNER;
                    case LEFT -> JoinKind.LEFT;
                    case RIGHT -> JoinKind.RIGHT;
                    case FULL -> JoinKind.FULL;
                };
        RelationBinder.Bound bound = RelationBinder.join(kind, left, right, join.position());
        if (join.condition() instanceof Relation.On on) {
            ScalarExpr condition = ExpressionBinder.plain(context, bound.scope(), "JOIN conditions")
                    .condition(on.expression());
            return new RelationBinder.Bound(
                    new LogicalPlan.Join(kind, left.plan(), right.plan(), Optional.of(condition)), bound.scope());
        }
        if (join.condition() instanceof Relation.NoCondition) {
            return bound;
        }
        List<Identifier> names = join.condition() instanceof Relation.Using u
                ? u.columns()
                : context.stars().common(join.position(), commonNames(left.scope(), right.scope())).stream()
                        .map(name -> new Identifier(name, true, join.position()))
                        .toList();
        return merge(kind, left, right, bound.scope(), names);
    }

    /** The names both sides have, in the order of the left. */
    private static List<String> commonNames(Scope left, Scope right) {
        Set<String> names = new HashSet<>();
        right.entries().stream().filter(e -> !e.qualifiedOnly()).forEach(e -> names.add(e.name()));
        List<String> common = new ArrayList<>();
        for (Scope.Entry e : left.entries()) {
            if (!e.qualifiedOnly() && names.remove(e.name())) {
                common.add(e.name());
            }
        }
        return common;
    }

    private static RelationBinder.Bound merge(
            JoinKind kind,
            RelationBinder.Bound left,
            RelationBinder.Bound right,
            Scope joined,
            List<Identifier> names) {
        int leftWidth = left.plan().width();
        List<ScalarExpr> conditions = new ArrayList<>();
        List<Scope.Entry> merged = new ArrayList<>();
        Set<String> hidden = new HashSet<>();
        for (Identifier name : names) {
            if (!hidden.add(name.value())) {
                throw new SqlException(
                        SqlState.DUPLICATE_COLUMN,
                        "column \"" + name.value() + "\" stands twice in USING",
                        name.position().line(),
                        name.position().column());
            }
            QualifiedName column = new QualifiedName(List.of(name), name.position());
            ScalarExpr l = side(left.scope(), column);
            ScalarExpr r = Scope.shift(side(right.scope(), column), leftWidth);
            conditions.add(ExpressionBinder.at(name.position(), () -> ExprFactory.compare(CompareOp.EQ, l, r)));
            merged.add(mergedEntry(
                    name,
                    kind,
                    l,
                    r,
                    LogicalPlan.joinColumns(
                            kind, left.plan().columns(), right.plan().columns())));
        }
        List<Scope.Entry> entries = new ArrayList<>(merged);
        for (Scope.Entry e : joined.entries()) {
            entries.add(hidden.contains(e.name()) ? e.hidden() : e);
        }
        LogicalPlan plan = new LogicalPlan.Join(
                kind,
                left.plan(),
                right.plan(),
                conditions.isEmpty() ? Optional.empty() : Optional.of(ExprFactory.and(conditions)));
        return new RelationBinder.Bound(plan, joined.withEntries(entries));
    }

    private static ScalarExpr side(Scope scope, QualifiedName column) {
        return scope.findLocal(column)
                .orElseThrow(() -> new SqlException(
                        SqlState.UNDEFINED_COLUMN,
                        "column \"" + column + "\" of USING does not exist on both sides of the join",
                        column.position().line(),
                        column.position().column()))
                .expr();
    }

    /**
     * The merged column has the type that both sides take together. Where either side would do it is one that has that type,
     * if there is one: its values need no cast.
     */
    private static Scope.Entry mergedEntry(
            Identifier name, JoinKind kind, ScalarExpr left, ScalarExpr right, List<PlanColumn> row) {
        SqlType type = ExprFactory.common(List.of(left, right), "USING");
        ScalarExpr value =
                switch (kind) {
                    case INNER -> right.type().equals(type) && !left.type().equals(type) ? right : typed(left, type);
                    case RIGHT -> typed(right, type);
                    case FULL -> ExprFactory.coalesce(List.of(left, right));
                    default -> typed(left, type);
                };
        return new Scope.Entry(
                "", Optional.empty(), name.value(), value, Plans.describe(name.value(), value, row), false);
    }

    /** A side that has the type already stays a mere column: plans know its order and its keys. */
    private static ScalarExpr typed(ScalarExpr side, SqlType type) {
        return side.type().equals(type) ? side : ExprFactory.cast(side, type);
    }
}

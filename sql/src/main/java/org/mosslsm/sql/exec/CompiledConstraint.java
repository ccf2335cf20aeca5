package org.mosslsm.sql.exec;

import java.util.ArrayList;
import java.util.List;
import org.mosslsm.sql.expr.CompareOp;
import org.mosslsm.sql.expr.EvalContext;
import org.mosslsm.sql.expr.Evaluator;
import org.mosslsm.sql.expr.ScalarExpr;
import org.mosslsm.sql.expr.ValueRow;
import org.mosslsm.sql.plan.KeyRangeSpec.AllOf;
import org.mosslsm.sql.plan.KeyRangeSpec.AnyOf;
import org.mosslsm.sql.plan.KeyRangeSpec.Comparison;
import org.mosslsm.sql.plan.KeyRangeSpec.Constraint;
import org.mosslsm.sql.plan.KeyRangeSpec.NotNull;
import org.mosslsm.sql.plan.KeyRangeSpec.Null;
import org.mosslsm.sql.plan.KeyRangeSpec.OneOf;
import org.mosslsm.sql.plan.KeyRangeSpec.StartsWith;
import org.mosslsm.sql.type.SqlType;

/** What one key column may be, with compiled values. Immutable. */
final class CompiledConstraint {
    private interface Source {
        ValueSet values(EvalContext context);
    }

    private final ColumnDomain domain;
    private final Source source;
    /** The value of an equality; null where the constraint is none. */
    private final Evaluator equal;

    private final SqlType equalType;

    CompiledConstraint(Constraint constraint, ColumnDomain domain) {
        this.domain = domain;
        this.source = compile(constraint);
        boolean equality = constraint instanceof Comparison k && k.op() == CompareOp.EQ;
        this.equal = equality ? Evaluator.compile(((Comparison) constraint).value()) : null;
        this.equalType = equality ? ((Comparison) constraint).value().type() : SqlType.UNKNOWN;
    }

    ColumnDomain domain() {
        return domain;
    }

    /** The values the column may have in this execution. */
    ValueSet values(EvalContext context) {
        return source.values(context);
    }

    boolean isEquality() {
        return equal != null;
    }

    /** The one value that satisfies an equality, where it is one the column can hold as it is; else null. */
    Object point(EvalContext context) {
        Object value = equal.eval(ValueRow.EMPTY, context);
        return domain.holds(value, equalType) ? value : null;
    }

    private Source compile(Constraint c) {
        if (c instanceof Comparison k) {
            return comparison(k.op(), k.value());
        }
        if (c instanceof OneOf o) {
            return union(
                    o.values().stream().map(v -> comparison(CompareOp.EQ, v)).toList());
        }
        if (c instanceof Null) {
            return context -> ValueSet.NULL;
        }
        if (c instanceof NotNull) {
            return context -> ValueSet.NOT_NULL;
        }
        if (c instanceof StartsWith s) {
            Evaluator prefix = Evaluator.compile(s.prefix());
            return context -> {
                Object value = prefix.eval(ValueRow.EMPTY, context);
                return value == null ? ValueSet.NONE : domain.startingWith((String) value);
            };
        }
        if (c instanceof AnyOf a) {
            return union(a.terms().stream().map(this::compile).toList());
        }
        return intersection(((AllOf) c).terms().stream().map(this::compile).toList());
    }

    private Source comparison(CompareOp op, ScalarExpr value) {
        Evaluator evaluator = Evaluator.compile(value);
        return context -> domain.satisfying(op, evaluator.eval(ValueRow.EMPTY, context), value.type());
    }

    private Source union(List<Source> sources) {
        return context -> {
            List<ValueSet> sets = new ArrayList<>(sources.size());
            for (Source s : sources) {
                sets.add(s.values(context));
            }
            return ValueSet.union(sets, domain.order());
        };
    }

    private Source intersection(List<Source> sources) {
        return context -> {
            ValueSet result = sources.get(0).values(context);
            for (int i = 1; i < sources.size(); i++) {
                result = result.intersect(sources.get(i).values(context), domain.order());
            }
            return result;
        };
    }
}

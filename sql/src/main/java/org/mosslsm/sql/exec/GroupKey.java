package org.mosslsm.sql.exec;

import java.util.Arrays;
import java.util.List;
import org.mosslsm.sql.expr.EvalContext;
import org.mosslsm.sql.expr.Evaluator;
import org.mosslsm.sql.expr.Row;
import org.mosslsm.sql.expr.ScalarExpr;
import org.mosslsm.sql.type.SqlType;
import org.mosslsm.sql.type.ValueKeys;

/** Several values as one key of a hash table, NULLs equal to each other; the hash is computed once. */
final class GroupKey {
    /** The key of a single NULL. */
    static final Object NULL = new Object();

    private final Object[] parts;
    private final int hash;

    private GroupKey(Object[] parts) {
        this.parts = parts;
        this.hash = Arrays.hashCode(parts);
    }

    /** The key of values that went through {@link ValueKeys}; the array is not copied. A single value is its own. */
    static Object of(Object... parts) {
        if (parts.length == 1) {
            return parts[0] == null ? NULL : parts[0];
        }
        return new GroupKey(parts);
    }

    Object[] parts() {
        return parts;
    }

    @Override
    public boolean equals(Object o) {
        return o instanceof GroupKey k && hash == k.hash && Arrays.equals(parts, k.parts);
    }

    @Override
    public int hashCode() {
        return hash;
    }

    /** Makes keys of expressions over rows. Immutable. */
    static final class Maker {
        private final Evaluator[] evaluators;
        private final SqlType[] types;

        Maker(List<ScalarExpr> expressions) {
            this.evaluators = Operator.compile(expressions);
            this.types = expressions.stream().map(ScalarExpr::type).toArray(SqlType[]::new);
        }

        /** The values themselves. */
        Object[] values(Row row, EvalContext context) {
            Object[] values = new Object[evaluators.length];
            for (int i = 0; i < values.length; i++) {
                values[i] = evaluators[i].eval(row, context);
            }
            return values;
        }

        /** The value itself, where there is one expression. */
        Object value(Row row, EvalContext context) {
            return evaluators[0].eval(row, context);
        }

        /** The key of that value. */
        Object keyOf(Object value) {
            return value == null ? NULL : ValueKeys.key(value, types[0]);
        }

        /** The key of the values. */
        Object key(Object[] values) {
            Object[] parts = new Object[values.length];
            for (int i = 0; i < parts.length; i++) {
                parts[i] = ValueKeys.key(values[i], types[i]);
            }
            return of(parts);
        }

        /** The key of a row; null where one of the values is NULL, which equals nothing. */
        Object keyWithoutNull(Row row, EvalContext context) {
            if (evaluators.length == 1) {
                return ValueKeys.key(evaluators[0].eval(row, context), types[0]);
            }
            Object[] parts = new Object[evaluators.length];
            for (int i = 0; i < parts.length; i++) {
                parts[i] = ValueKeys.key(evaluators[i].eval(row, context), types[i]);
                if (parts[i] == null) {
                    return null;
                }
            }
            return of(parts);
        }
    }

    /** The key of a whole row. */
    static Object ofRow(Row row, SqlType[] types) {
        Object[] parts = new Object[types.length];
        for (int i = 0; i < parts.length; i++) {
            parts[i] = ValueKeys.key(row.get(i), types[i]);
        }
        return of(parts);
    }
}

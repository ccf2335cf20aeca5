package org.mosslsm.sql.expr;

/** Evaluators without operands. */
final class Leaves {
    private Leaves() {}

    /** A column of the row. */
    static final class Column extends Evaluator {
        private final int index;

        Column(int index) {
            this.index = index;
        }

        @Override
        public Object eval(Row row, EvalContext context) {
            return row.get(index);
        }

        @Override
        public long evalLong(Row row, EvalContext context) {
            return row.isNull(index) ? NULL_LONG : row.getLong(index);
        }

        @Override
        public double evalDouble(Row row, EvalContext context) {
            return row.isNull(index) ? NULL_DOUBLE : row.getDouble(index);
        }
    }

    /** A constant. */
    static final class Constant extends Evaluator {
        private final Object value;
        private final long asLong;
        private final double asDouble;

        Constant(Object value) {
            this.value = value;
            this.asLong = value instanceof Long l ? l : NULL_LONG;
            this.asDouble = value instanceof Double d ? d : NULL_DOUBLE;
        }

        @Override
        public Object eval(Row row, EvalContext context) {
            return value;
        }

        @Override
        public long evalLong(Row row, EvalContext context) {
            return asLong;
        }

        @Override
        public double evalDouble(Row row, EvalContext context) {
            return asDouble;
        }
    }

    /** A parameter. */
    static final class Param extends Evaluator {
        private final int index;

        Param(int index) {
            this.index = index;
        }

        @Override
        public Object eval(Row row, EvalContext context) {
            return context.parameter(index);
        }
    }

    /** A correlated value. */
    static final class Slot extends Evaluator {
        private final int slot;

        Slot(int slot) {
            this.slot = slot;
        }

        @Override
        public Object eval(Row row, EvalContext context) {
            return context.slot(slot);
        }
    }
}

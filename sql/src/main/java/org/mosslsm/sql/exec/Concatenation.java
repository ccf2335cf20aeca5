package org.mosslsm.sql.exec;

import java.io.ByteArrayOutputStream;
import org.mosslsm.sql.exec.Accumulators.Accumulator;
import org.mosslsm.sql.expr.Strings;

/** STRING_AGG: what grows with every row, so that the memory of its group is counted on. */
final class Concatenation {
    private Concatenation() {}

    /** Strings one after another; a separator stands before each but the first. */
    static final class Text extends Accumulator {
        private final MemoryMeter meter;
        private StringBuilder joined;

        Text(MemoryMeter meter) {
            this.meter = meter;
        }

        @Override
        void add(Object value) {
            add(value, null);
        }

        @Override
        void add(Object value, Object separator) {
            if (joined == null) {
                joined = new StringBuilder();
            } else if (separator != null) {
                joined.append((String) separator);
            }
            joined.append((String) value);
            Strings.checkLength(joined.length());
            meter.takes(2L * ((String) value).length());
        }

        @Override
        Object result() {
            return joined == null ? null : joined.toString();
        }
    }

    /** As {@link Text} of byte strings. */
    static final class Bytes extends Accumulator {
        private final MemoryMeter meter;
        private ByteArrayOutputStream joined;

        Bytes(MemoryMeter meter) {
            this.meter = meter;
        }

        @Override
        void add(Object value) {
            add(value, null);
        }

        @Override
        void add(Object value, Object separator) {
            if (joined == null) {
                joined = new ByteArrayOutputStream();
            } else if (separator != null) {
                joined.writeBytes((byte[]) separator);
            }
            joined.writeBytes((byte[]) value);
            Strings.checkLength(joined.size());
            meter.takes(((byte[]) value).length);
        }

        @Override
        Object result() {
            return joined == null ? null : joined.toByteArray();
        }
    }
}

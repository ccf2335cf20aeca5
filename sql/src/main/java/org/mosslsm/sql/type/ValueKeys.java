package org.mosslsm.sql.type;

import java.math.BigDecimal;
import java.nio.ByteBuffer;

/**
 * Values as keys of hash tables: {@code equals} and {@code hashCode} of a key agree with the values' equality in SQL,
 * which those of the values themselves do not (1.0 and 1.00, -0.0 and 0.0, byte arrays).
 */
public final class ValueKeys {
    private ValueKeys() {}

    /** Whether values of {@code type} are their own keys. */
    public static boolean isOwnKey(SqlType type) {
        return switch (type.family()) {
            case DECIMAL, APPROXIMATE, BINARY, INTERVAL -> false;
            default -> true;
        };
    }

    /** The key of a value; null of null. The type's family decides, not its length or scale. */
    public static Object key(Object value, SqlType type) {
        if (value == null) {
            return null;
        }
        return switch (type.family()) {
            case DECIMAL -> ((BigDecimal) value).stripTrailingZeros();
            // Adding zero turns -0.0 into 0.0; Double.equals takes care of NaN.
            case APPROXIMATE -> (Double) value + 0.0;
            case BINARY -> ByteBuffer.wrap((byte[]) value);
            case INTERVAL -> ((Interval) value).lengthMicros();
            default -> value;
        };
    }
}

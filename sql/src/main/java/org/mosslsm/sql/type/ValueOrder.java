package org.mosslsm.sql.type;

import java.math.BigDecimal;
import java.util.Arrays;
import java.util.Comparator;
import java.util.UUID;

/**
 * The one order of values of each type, which keys, comparisons, sorts and MIN/MAX share: strings by code point (which
 * is the order of their UTF-8 bytes), byte strings unsigned, UUIDs as 128 unsigned bits, NaN after all numbers, -0.0
 * equal to 0.0, FALSE before TRUE. NULLs are the caller's matter. Values of one family compare with each other, whatever
 * their length, precision or scale.
 */
public final class ValueOrder {
    private static final Comparator<Object> LONGS = (a, b) -> Long.compare((Long) a, (Long) b);
    private static final Comparator<Object> DOUBLES = (a, b) -> compareDoubles((Double) a, (Double) b);
    private static final Comparator<Object> DECIMALS = (a, b) -> ((BigDecimal) a).compareTo((BigDecimal) b);
    private static final Comparator<Object> BOOLEANS = (a, b) -> Boolean.compare((Boolean) a, (Boolean) b);
    private static final Comparator<Object> STRINGS = (a, b) -> compareStrings((String) a, (String) b);
    private static final Comparator<Object> BYTES = (a, b) -> Arrays.compareUnsigned((byte[]) a, (byte[]) b);
    private static final Comparator<Object> UUIDS = (a, b) -> compareUuids((UUID) a, (UUID) b);
    private static final Comparator<Object> INTERVALS = (a, b) -> Interval.ORDER.compare((Interval) a, (Interval) b);

    private ValueOrder() {}

    /** The order of the values of {@code type}; of UNKNOWN, that of the strings it can hold. */
    public static Comparator<Object> of(SqlType type) {
        return switch (type.family()) {
            case INTEGER, DATE, TIME, TIMESTAMP -> LONGS;
            case APPROXIMATE -> DOUBLES;
            case DECIMAL -> DECIMALS;
            case BOOLEAN -> BOOLEANS;
            case CHARACTER, UNKNOWN -> STRINGS;
            case BINARY -> BYTES;
            case UUID -> UUIDS;
            case INTERVAL -> INTERVALS;
        };
    }

    /** Compares doubles: -0.0 equals 0.0, NaN equals NaN and comes last. */
    public static int compareDoubles(double a, double b) {
        if (a < b) {
            return -1;
        }
        if (a > b) {
            return 1;
        }
        if (a == b) {
            return 0;
        }
        return Boolean.compare(Double.isNaN(a), Double.isNaN(b));
    }

    /** Compares strings by code point; {@link String#compareTo} has surrogates before U+E000 and is not that. */
    public static int compareStrings(String a, String b) {
        int n = Math.min(a.length(), b.length());
        for (int i = 0; i < n; i++) {
            char x = a.charAt(i);
            char y = b.charAt(i);
            if (x != y) {
                boolean sx = Character.isSurrogate(x);
                boolean sy = Character.isSurrogate(y);
                // A surrogate stands for a code point above all others; two of them compare as their code points do.
                return sx != sy ? (sx ? 1 : -1) : Character.compare(x, y);
            }
        }
        return Integer.compare(a.length(), b.length());
    }

    /** Compares UUIDs as unsigned numbers; {@link UUID#compareTo} is signed. */
    public static int compareUuids(UUID a, UUID b) {
        int c = Long.compareUnsigned(a.getMostSignificantBits(), b.getMostSignificantBits());
        return c != 0 ? c : Long.compareUnsigned(a.getLeastSignificantBits(), b.getLeastSignificantBits());
    }
}

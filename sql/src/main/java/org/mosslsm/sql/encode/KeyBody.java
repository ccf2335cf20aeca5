// Values as key bytes, one way a type.
package org.mosslsm.sql.encode;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.UUID;
import org.mosslsm.sql.error.SqlException;
import org.mosslsm.sql.error.SqlState;
import org.mosslsm.sql.expr.Row;
import org.mosslsm.sql.type.SqlType;

/**
 * The bytes of a value that is not NULL, ascending. Readers get the mask that every byte was XORed with: 0, or -1 where
 * the column is descending.
 */
abstract class KeyBody {
    abstract void encode(Object value, KeyWriter out);

    /** Encodes a column of a row, which is not NULL there. */
    void encode(Row row, int column, KeyWriter out) {
        encode(row.get(column), out);
    }

    abstract Object decode(byte[] array, int at, int mask);

    abstract int fixedLength();

    int end(byte[] array, int at, int mask) {
        return at + fixedLength();
    }

    /** The value as a number of 64 bits: a boolean as 0 or 1, a short decimal without its point. */
    long decodeLong(byte[] array, int at, int mask) {
        return (Long) decode(array, at, mask);
    }

    double decodeDouble(byte[] array, int at, int mask) {
        return (Double) decode(array, at, mask);
    }

    static KeyBody of(SqlType type) {
        return switch (type.kind()) {
            case BOOLEAN -> new Bool();
            case SMALLINT -> new Int(2);
            case INTEGER, DATE -> new Int(4);
            case BIGINT, TIME, TIMESTAMP, TIMESTAMPTZ -> new Int(8);
            case REAL -> new Real();
            case DOUBLE -> new Double8();
            case DECIMAL ->
                type.precision() > 0 && type.precision() <= 18
                        ? new ShortDecimal(type.scale())
                        : new DecimalBody(type.precision() > 0 ? type.scale() : -1);
            case CHAR, VARCHAR, TEXT -> new EscapedBytes.Text();
            case BINARY, VARBINARY, BLOB -> new EscapedBytes.Binary();
            case UUID -> new Uuid();
            case INTERVAL, UNKNOWN -> throw SqlException.notSupported("a key of type " + type);
        };
    }

    /** FALSE before TRUE. */
    static final class Bool extends KeyBody {
        @Override
        void encode(Object value, KeyWriter out) {
            out.u8((Boolean) value ? 1 : 0);
        }

        @Override
        Object decode(byte[] array, int at, int mask) {
            return decodeLong(array, at, mask) != 0;
        }

        @Override
        long decodeLong(byte[] array, int at, int mask) {
            return (array[at] ^ mask) & 0xFF;
        }

        @Override
        int fixedLength() {
            return 1;
        }
    }

    /** Whole numbers in 2, 4 or 8 bytes. */
    static final class Int extends KeyBody {
        private final int width;

        Int(int width) {
            this.width = width;
        }

        @Override
        void encode(Object value, KeyWriter out) {
            encode((long) (Long) value, out);
        }

        @Override
        void encode(Row row, int column, KeyWriter out) {
            encode(row.getLong(column), out);
        }

        private void encode(long v, KeyWriter out) {
            switch (width) {
                case 2 -> out.u16((int) fit(v, Short.MIN_VALUE, Short.MAX_VALUE) ^ 0x8000);
                case 4 -> out.u32((int) fit(v, Integer.MIN_VALUE, Integer.MAX_VALUE) ^ 0x8000_0000);
                default -> out.u64(v ^ Long.MIN_VALUE);
            }
        }

        private long fit(long v, long min, long max) {
            if (v < min || v > max) {
                throw new SqlException(
                        SqlState.NUMERIC_OUT_OF_RANGE, "value " + v + " does not fit " + width + " bytes");
            }
            return v;
        }

        @Override
        Object decode(byte[] array, int at, int mask) {
            return decodeLong(array, at, mask);
        }

        @Override
        long decodeLong(byte[] array, int at, int mask) {
            return switch (width) {
                case 2 -> (short) ((short) KeyWriter.SHORT.get(array, at) ^ mask ^ 0x8000);
                case 4 -> (int) KeyWriter.INT.get(array, at) ^ mask ^ 0x8000_0000;
                default -> (long) KeyWriter.LONG.get(array, at) ^ (long) mask ^ Long.MIN_VALUE;
            };
        }

        @Override
        int fixedLength() {
            return width;
        }
    }

    /** Doubles, in the order of {@link org.mosslsm.sql.type.ValueOrder}: NaN after all numbers. */
    static final class Double8 extends KeyBody {
        @Override
        void encode(Object value, KeyWriter out) {
            // + 0.0 turns -0.0 into 0.0; doubleToLongBits knows one NaN only.
            long bits = Double.doubleToLongBits((Double) value + 0.0);
            out.u64(bits ^ ((bits >> 63) | Long.MIN_VALUE));
        }

        @Override
        Object decode(byte[] array, int at, int mask) {
            return decodeDouble(array, at, mask);
        }

        @Override
        double decodeDouble(byte[] array, int at, int mask) {
            long v = (long) KeyWriter.LONG.get(array, at) ^ (long) mask;
            return Double.longBitsToDouble(v ^ (v < 0 ? Long.MIN_VALUE : -1L));
        }

        @Override
        int fixedLength() {
            return 8;
        }
    }

    /** Floats, held as doubles. */
    static final class Real extends KeyBody {
        @Override
        void encode(Object value, KeyWriter out) {
            int bits = Float.floatToIntBits((float) (double) (Double) value + 0.0f);
            out.u32(bits ^ ((bits >> 31) | Integer.MIN_VALUE));
        }

        @Override
        Object decode(byte[] array, int at, int mask) {
            return decodeDouble(array, at, mask);
        }

        @Override
        double decodeDouble(byte[] array, int at, int mask) {
            int v = (int) KeyWriter.INT.get(array, at) ^ mask;
            return Float.intBitsToFloat(v ^ (v < 0 ? Integer.MIN_VALUE : -1));
        }

        @Override
        int fixedLength() {
            return 4;
        }
    }

    /** Decimals of at most 18 digits with a fixed scale: the unscaled number. */
    static final class ShortDecimal extends KeyBody {
        private final int scale;

        ShortDecimal(int scale) {
            this.scale = scale;
        }

        @Override
        void encode(Object value, KeyWriter out) {
            out.u64(unscaled((BigDecimal) value, scale) ^ Long.MIN_VALUE);
        }

        static long unscaled(BigDecimal value, int scale) {
            try {
                // Not unscaledValue(), which makes a BigInteger of what is a long.
                return value.setScale(scale).scaleByPowerOfTen(scale).longValueExact();
            } catch (ArithmeticException e) {
                throw new IllegalArgumentException("decimal " + value + " does not fit scale " + scale, e);
            }
        }

        @Override
        Object decode(byte[] array, int at, int mask) {
            return BigDecimal.valueOf(decodeLong(array, at, mask), scale);
        }

        @Override
        long decodeLong(byte[] array, int at, int mask) {
            return (long) KeyWriter.LONG.get(array, at) ^ (long) mask ^ Long.MIN_VALUE;
        }

        @Override
        int fixedLength() {
            return 8;
        }
    }

    /** 128 bits, unsigned. */
    static final class Uuid extends KeyBody {
        @Override
        void encode(Object value, KeyWriter out) {
            UUID u = (UUID) value;
            out.u64(u.getMostSignificantBits()).u64(u.getLeastSignificantBits());
        }

        @Override
        Object decode(byte[] array, int at, int mask) {
            return new UUID(
                    (long) KeyWriter.LONG.get(array, at) ^ (long) mask,
                    (long) KeyWriter.LONG.get(array, at + 8) ^ (long) mask);
        }

        @Override
        int fixedLength() {
            return 16;
        }
    }

    /** Decimals of any size: sign, exponent to the base 100, pairs of digits. */
    static final class DecimalBody extends KeyBody {
        private static final int NEGATIVE = 1;
        private static final int ZERO = 2;
        private static final int POSITIVE = 3;
        /** Largest number of zeros written out when the exponent is positive and the type has no scale. */
        private static final int MAX_PLAIN_ZEROS = 200_000;

        /** Scale of the values, or -1 for any. */
        private final int scale;

        DecimalBody(int scale) {
            this.scale = scale;
        }

        @Override
        void encode(Object value, KeyWriter out) {
            BigDecimal v = ((BigDecimal) value).stripTrailingZeros();
            if (v.signum() == 0) {
                out.u8(ZERO);
                return;
            }
            out.u8(v.signum() < 0 ? NEGATIVE : POSITIVE);
            int start = out.length();
            String digits = v.unscaledValue().abs().toString();
            // The value is 0.digits * 10^exponent; a leading 0 makes the exponent even, so that pairs are base 100.
            long exponent = (long) digits.length() - v.scale();
            int at = 0;
            boolean odd = (exponent & 1) != 0;
            out.u32((int) ((odd ? exponent + 1 : exponent) / 2) ^ 0x8000_0000);
            if (odd) {
                out.u8(1 + digits.charAt(at++) - '0');
            }
            for (; at < digits.length(); at += 2) {
                int low = at + 1 < digits.length() ? digits.charAt(at + 1) - '0' : 0;
                out.u8(1 + (digits.charAt(at) - '0') * 10 + low);
            }
            out.u8(0);
            if (v.signum() < 0) {
                out.invert(start);
            }
        }

        @Override
        Object decode(byte[] array, int at, int mask) {
            int sign = (array[at] ^ mask) & 0xFF;
            if (sign == ZERO) {
                return scale > 0 ? BigDecimal.valueOf(0, scale) : BigDecimal.ZERO;
            }
            int flip = sign == NEGATIVE ? ~mask : mask;
            int exponent = (int) KeyWriter.INT.get(array, at + 1) ^ flip ^ 0x8000_0000;
            StringBuilder digits = new StringBuilder();
            for (int i = at + 5; ((array[i] ^ flip) & 0xFF) != 0; i++) {
                int pair = ((array[i] ^ flip) & 0xFF) - 1;
                digits.append((char) ('0' + pair / 10)).append((char) ('0' + pair % 10));
            }
            BigInteger unscaled = new BigInteger(digits.toString());
            long trailing = digits.length() - 2L * exponent;
            BigDecimal v = new BigDecimal(sign == NEGATIVE ? unscaled.negate() : unscaled, Math.toIntExact(trailing))
                    .stripTrailingZeros();
            if (scale >= 0) {
                return v.setScale(scale);
            }
            return v.scale() < 0 && v.scale() > -MAX_PLAIN_ZEROS ? v.setScale(0) : v;
        }

        @Override
        int end(byte[] array, int at, int mask) {
            int sign = (array[at] ^ mask) & 0xFF;
            if (sign == ZERO) {
                return at + 1;
            }
            byte last = (byte) (sign == NEGATIVE ? ~mask : mask);
            int i = at + 5;
            while (array[i] != last) {
                i++;
            }
            return i + 1;
        }

        @Override
        int fixedLength() {
            return -1;
        }
    }
}

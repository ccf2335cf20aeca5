package org.mosslsm.sql.type;

/**
 * A type of SQL values; immutable, compared by value. Which Java class holds a value is told in the package's comment.
 * {@link #toString()} gives the name as SQL spells it, which {@link TypeNames#parse} reads back.
 *
 * @param kind the name of the type
 * @param length most characters (code points) of CHAR and VARCHAR, bytes of BINARY and VARBINARY; 0 where unlimited or
 *     without meaning
 * @param precision most digits of a DECIMAL (1 to 1000, 0 for any), digits of a fraction of a second (0 to 6); else 0
 * @param scale digits after the point of a DECIMAL with a precision; else 0
 */
public record SqlType(Kind kind, int length, int precision, int scale) {
    /** Groups of types whose values have one Java class and one order. */
    public enum Family {
        /** TRUE and FALSE. */
        BOOLEAN,
        /** Whole numbers of 16 to 64 bits. */
        INTEGER,
        /** Exact numbers with a scale. */
        DECIMAL,
        /** Floating point. */
        APPROXIMATE,
        /** Character strings. */
        CHARACTER,
        /** Byte strings. */
        BINARY,
        /** Days. */
        DATE,
        /** Time of day. */
        TIME,
        /** Day and time, with or without zone. */
        TIMESTAMP,
        /** 128-bit identifiers. */
        UUID,
        /** Spans of time. */
        INTERVAL,
        /** Not yet known: an untyped NULL, string literal or parameter. */
        UNKNOWN
    }

    /** The types by name, without length, precision and scale. */
    public enum Kind {
        /** True or false. */
        BOOLEAN(Family.BOOLEAN, "BOOLEAN"),
        /** 16 bits. */
        SMALLINT(Family.INTEGER, "SMALLINT"),
        /** 32 bits. */
        INTEGER(Family.INTEGER, "INTEGER"),
        /** 64 bits. */
        BIGINT(Family.INTEGER, "BIGINT"),
        /** Exact, with precision and scale. */
        DECIMAL(Family.DECIMAL, "DECIMAL"),
        /** IEEE 754, 32 bits. */
        REAL(Family.APPROXIMATE, "REAL"),
        /** IEEE 754, 64 bits. */
        DOUBLE(Family.APPROXIMATE, "DOUBLE PRECISION"),
        /** Characters, blank-padded when shown. */
        CHAR(Family.CHARACTER, "CHAR"),
        /** Characters up to a length. */
        VARCHAR(Family.CHARACTER, "VARCHAR"),
        /** Characters without a length. */
        TEXT(Family.CHARACTER, "TEXT"),
        /** Bytes, zero-padded to a length. */
        BINARY(Family.BINARY, "BINARY"),
        /** Bytes up to a length. */
        VARBINARY(Family.BINARY, "VARBINARY"),
        /** Bytes without a length. */
        BLOB(Family.BINARY, "BLOB"),
        /** A day. */
        DATE(Family.DATE, "DATE"),
        /** A time of day. */
        TIME(Family.TIME, "TIME"),
        /** A day and time of an unnamed zone. */
        TIMESTAMP(Family.TIMESTAMP, "TIMESTAMP"),
        /** An instant. */
        TIMESTAMPTZ(Family.TIMESTAMP, "TIMESTAMP WITH TIME ZONE"),
        /** A 128-bit identifier. */
        UUID(Family.UUID, "UUID"),
        /** A span of time; no column has it. */
        INTERVAL(Family.INTERVAL, "INTERVAL"),
        /** An untyped NULL, string literal or parameter, until its place gives it a type. */
        UNKNOWN(Family.UNKNOWN, "UNKNOWN");

        private final Family family;
        private final String sqlName;

        Kind(Family family, String sqlName) {
            this.family = family;
            this.sqlName = sqlName;
        }

        /** The family of this kind. */
        public Family family() {
            return family;
        }

        /** The name as SQL spells it, without length, precision and scale. */
        public String sqlName() {
            return sqlName;
        }
    }

    /** Most digits of a declared DECIMAL. */
    public static final int MAX_PRECISION = 1000;
    /** Most digits of a fraction of a second. */
    public static final int MAX_FRACTION = 6;

    /** True or false. */
    public static final SqlType BOOLEAN = plain(Kind.BOOLEAN);
    /** 16-bit whole numbers. */
    public static final SqlType SMALLINT = plain(Kind.SMALLINT);
    /** 32-bit whole numbers. */
    public static final SqlType INTEGER = plain(Kind.INTEGER);
    /** 64-bit whole numbers. */
    public static final SqlType BIGINT = plain(Kind.BIGINT);
    /** DECIMAL of any precision and scale. */
    public static final SqlType DECIMAL = plain(Kind.DECIMAL);
    /** 32-bit floating point. */
    public static final SqlType REAL = plain(Kind.REAL);
    /** 64-bit floating point. */
    public static final SqlType DOUBLE = plain(Kind.DOUBLE);
    /** VARCHAR of any length. */
    public static final SqlType VARCHAR = plain(Kind.VARCHAR);
    /** CHAR without a length: blanks at the end are neither kept nor added, and do not count. */
    public static final SqlType BPCHAR = plain(Kind.CHAR);
    /** Characters without a length. */
    public static final SqlType TEXT = plain(Kind.TEXT);
    /** VARBINARY of any length. */
    public static final SqlType VARBINARY = plain(Kind.VARBINARY);
    /** Bytes without a length. */
    public static final SqlType BLOB = plain(Kind.BLOB);
    /** Days. */
    public static final SqlType DATE = plain(Kind.DATE);
    /** Time of day in microseconds. */
    public static final SqlType TIME = fractional(Kind.TIME, MAX_FRACTION);
    /** Day and time in microseconds. */
    public static final SqlType TIMESTAMP = fractional(Kind.TIMESTAMP, MAX_FRACTION);
    /** Instants in microseconds. */
    public static final SqlType TIMESTAMPTZ = fractional(Kind.TIMESTAMPTZ, MAX_FRACTION);
    /** 128-bit identifiers. */
    public static final SqlType UUID = plain(Kind.UUID);
    /** Spans of time. */
    public static final SqlType INTERVAL = plain(Kind.INTERVAL);
    /** Not yet known. */
    public static final SqlType UNKNOWN = plain(Kind.UNKNOWN);

    /** Checks that the parameters fit the kind. */
    public SqlType {
        boolean fits =
                switch (kind) {
                    case DECIMAL ->
                        length == 0 && precision >= 0 && precision <= MAX_PRECISION && scale >= 0 && scale <= precision;
                    case BINARY -> length > 0 && precision == 0 && scale == 0;
                    case CHAR, VARCHAR, VARBINARY -> length >= 0 && precision == 0 && scale == 0;
                    case TIME, TIMESTAMP, TIMESTAMPTZ ->
                        length == 0 && precision >= 0 && precision <= MAX_FRACTION && scale == 0;
                    default -> length == 0 && precision == 0 && scale == 0;
                };
        if (!fits) {
            throw new IllegalArgumentException(
                    kind + " length " + length + " precision " + precision + " scale " + scale);
        }
    }

    @Override
    public boolean equals(Object o) {
        return this == o
                || (o instanceof SqlType t
                        && kind == t.kind
                        && length == t.length
                        && precision == t.precision
                        && scale == t.scale);
    }

    @Override
    public int hashCode() {
        return ((kind.hashCode() * 31 + length) * 31 + precision) * 31 + scale;
    }

    /** The type of this kind without parameters, or with none stated (DECIMAL, CHAR, VARCHAR, VARBINARY). */
    public static SqlType plain(Kind kind) {
        return new SqlType(kind, 0, 0, 0);
    }

    /** A DECIMAL of at most {@code precision} digits, {@code scale} of them after the point. */
    public static SqlType decimal(int precision, int scale) {
        return new SqlType(Kind.DECIMAL, 0, precision, scale);
    }

    /** A CHAR, VARCHAR, BINARY or VARBINARY of a length. */
    public static SqlType sized(Kind kind, int length) {
        return new SqlType(kind, length, 0, 0);
    }

    /** A CHAR of {@code length} characters. */
    public static SqlType character(int length) {
        return sized(Kind.CHAR, length);
    }

    /** A VARCHAR of at most {@code length} characters. */
    public static SqlType varchar(int length) {
        return sized(Kind.VARCHAR, length);
    }

    /** A TIME, TIMESTAMP or TIMESTAMPTZ with {@code digits} digits of the fraction of a second. */
    public static SqlType fractional(Kind kind, int digits) {
        return new SqlType(kind, 0, digits, 0);
    }

    /** The type of the same values without length, precision and scale; of BINARY those that vary in length. */
    public SqlType unsized() {
        return switch (kind) {
            case CHAR -> BPCHAR;
            case VARCHAR -> VARCHAR;
            case BINARY, VARBINARY -> VARBINARY;
            case DECIMAL -> DECIMAL;
            case TIME -> TIME;
            case TIMESTAMP -> TIMESTAMP;
            case TIMESTAMPTZ -> TIMESTAMPTZ;
            default -> this;
        };
    }

    /** The family of the kind. */
    public Family family() {
        return kind.family();
    }

    /** Whether values are whole numbers, DECIMAL or floating point. */
    public boolean isNumeric() {
        Family f = family();
        return f == Family.INTEGER || f == Family.DECIMAL || f == Family.APPROXIMATE;
    }

    /** Whether values are held as {@link Long}. */
    public boolean isLong() {
        return switch (family()) {
            case INTEGER, DATE, TIME, TIMESTAMP -> true;
            default -> false;
        };
    }

    /** Whether values are held as {@link Double}. */
    public boolean isDouble() {
        return family() == Family.APPROXIMATE;
    }

    /** Whether values are held as {@link String}. */
    public boolean isCharacter() {
        return family() == Family.CHARACTER;
    }

    /** Whether this is {@link #UNKNOWN}. */
    public boolean isUnknown() {
        return kind == Kind.UNKNOWN;
    }

    @Override
    public String toString() {
        return switch (kind) {
            case DECIMAL -> precision == 0 ? "DECIMAL" : "DECIMAL(" + precision + "," + scale + ")";
            case CHAR -> length == 0 ? "BPCHAR" : "CHAR(" + length + ")";
            case VARCHAR, BINARY, VARBINARY -> length == 0 ? kind.sqlName() : kind.sqlName() + "(" + length + ")";
            case TIME, TIMESTAMP -> precision == MAX_FRACTION ? kind.sqlName() : kind.sqlName() + "(" + precision + ")";
            case TIMESTAMPTZ ->
                precision == MAX_FRACTION ? kind.sqlName() : "TIMESTAMP(" + precision + ") WITH TIME ZONE";
            default -> kind.sqlName();
        };
    }
}

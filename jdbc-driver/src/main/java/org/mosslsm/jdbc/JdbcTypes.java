package org.mosslsm.jdbc;

import java.sql.Types;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.mosslsm.sql.type.Coercion;
import org.mosslsm.sql.type.SqlType;
import org.mosslsm.sql.type.SqlType.Kind;

/** How SQL types look to JDBC: type code, Java class, sizes. Data, so that all metadata agree. */
final class JdbcTypes {
    /** One kind: its code, the class {@code getObject} gives, its size without a length, and its display size. */
    record Face(Kind kind, int code, Class<?> javaClass, int precision, int displaySize, boolean signed) {}

    private static final int UNLIMITED = Integer.MAX_VALUE;

    /** In the order of {@code getTypeInfo}: by type code. */
    static final List<Face> FACES = List.of(
            new Face(Kind.BOOLEAN, Types.BOOLEAN, Boolean.class, 1, 5, false),
            new Face(Kind.SMALLINT, Types.SMALLINT, Integer.class, 5, 6, true),
            new Face(Kind.INTEGER, Types.INTEGER, Integer.class, 10, 11, true),
            new Face(Kind.BIGINT, Types.BIGINT, Long.class, 19, 20, true),
            new Face(Kind.DECIMAL, Types.DECIMAL, java.math.BigDecimal.class, SqlType.MAX_PRECISION, 131, true),
            new Face(Kind.REAL, Types.REAL, Float.class, 8, 15, true),
            new Face(Kind.DOUBLE, Types.DOUBLE, Double.class, 17, 25, true),
            new Face(Kind.CHAR, Types.CHAR, String.class, UNLIMITED, UNLIMITED, false),
            new Face(Kind.VARCHAR, Types.VARCHAR, String.class, UNLIMITED, UNLIMITED, false),
            new Face(Kind.TEXT, Types.LONGVARCHAR, String.class, UNLIMITED, UNLIMITED, false),
            new Face(Kind.BINARY, Types.BINARY, byte[].class, UNLIMITED, UNLIMITED, false),
            new Face(Kind.VARBINARY, Types.VARBINARY, byte[].class, UNLIMITED, UNLIMITED, false),
            new Face(Kind.BLOB, Types.LONGVARBINARY, byte[].class, UNLIMITED, UNLIMITED, false),
            new Face(Kind.DATE, Types.DATE, java.sql.Date.class, 10, 13, false),
            new Face(Kind.TIME, Types.TIME, java.sql.Time.class, 15, 15, false),
            new Face(Kind.TIMESTAMP, Types.TIMESTAMP, java.sql.Timestamp.class, 26, 29, false),
            new Face(Kind.TIMESTAMPTZ, Types.TIMESTAMP_WITH_TIMEZONE, java.time.OffsetDateTime.class, 32, 35, false),
            new Face(Kind.UUID, Types.OTHER, java.util.UUID.class, 36, 36, false),
            new Face(Kind.INTERVAL, Types.OTHER, String.class, 49, 49, false),
            new Face(Kind.UNKNOWN, Types.VARCHAR, String.class, UNLIMITED, UNLIMITED, false));

    private static final Map<Kind, Face> BY_KIND =
            new EnumMap<>(FACES.stream().collect(Collectors.toMap(Face::kind, f -> f)));

    private JdbcTypes() {}

    static Face face(SqlType type) {
        return BY_KIND.get(type.kind());
    }

    /** Whether a value of the one type can be cast to the other, by their codes; not where no column has such a type. */
    static boolean castable(int from, int to) {
        return ofCode(from).anyMatch(source -> ofCode(to).anyMatch(target -> Coercion.castable(source, target)));
    }

    private static Stream<SqlType> ofCode(int code) {
        return FACES.stream()
                .filter(f -> f.code() == code && f.kind() != Kind.UNKNOWN && f.kind() != Kind.INTERVAL)
                .map(f -> f.kind() == Kind.BINARY ? SqlType.sized(f.kind(), 1) : SqlType.plain(f.kind()));
    }

    static int code(SqlType type) {
        return face(type).code();
    }

    /** Digits, characters or bytes: the declared ones, else the most there can be. */
    static int precision(SqlType type) {
        return switch (type.kind()) {
            case DECIMAL -> type.precision() == 0 ? face(type).precision() : type.precision();
            case CHAR, VARCHAR, BINARY, VARBINARY ->
                type.length() == 0 ? face(type).precision() : type.length();
            default -> face(type).precision();
        };
    }

    static int scale(SqlType type) {
        return switch (type.kind()) {
            case DECIMAL -> type.scale();
            case TIME, TIMESTAMP, TIMESTAMPTZ -> type.precision();
            default -> 0;
        };
    }

    static int displaySize(SqlType type) {
        return switch (type.kind()) {
            case DECIMAL -> type.precision() == 0 ? face(type).displaySize() : type.precision() + 2;
            case CHAR, VARCHAR -> type.length() == 0 ? face(type).displaySize() : type.length();
            case BINARY, VARBINARY -> type.length() == 0 ? face(type).displaySize() : 2 * type.length() + 2;
            default -> face(type).displaySize();
        };
    }

    static String className(SqlType type) {
        Class<?> javaClass = face(type).javaClass();
        return javaClass.getName();
    }

    /** The name as {@code getTypeInfo}, {@code getColumns} and result sets all say it. */
    static String name(SqlType type) {
        return type.isUnknown() ? Kind.VARCHAR.sqlName() : type.kind().sqlName();
    }
}

package org.mosslsm.jdbc;

import java.sql.DatabaseMetaData;
import org.mosslsm.sql.type.SqlType;
import org.mosslsm.sql.type.SqlType.Kind;

/** The list of {@code getTypeInfo}: every type a column can have, under the name that columns report. */
final class TypeInfo {
    private TypeInfo() {}

    static MetaDataRows rows() {
        MetaDataRows rows = new MetaDataRows("TYPE_NAME s, DATA_TYPE i, PRECISION i, LITERAL_PREFIX s,"
                + " LITERAL_SUFFIX s, CREATE_PARAMS s, NULLABLE h, CASE_SENSITIVE b, SEARCHABLE h,"
                + " UNSIGNED_ATTRIBUTE b, FIXED_PREC_SCALE b, AUTO_INCREMENT b, LOCAL_TYPE_NAME s, MINIMUM_SCALE h,"
                + " MAXIMUM_SCALE h, SQL_DATA_TYPE i, SQL_DATETIME_SUB i, NUM_PREC_RADIX i");
        for (JdbcTypes.Face face : JdbcTypes.FACES) {
            if (face.kind() != Kind.UNKNOWN && face.kind() != Kind.INTERVAL) {
                add(rows, face);
            }
        }
        return rows.sorted(1);
    }

    private static void add(MetaDataRows rows, JdbcTypes.Face face) {
        SqlType.Family family = face.kind().family();
        boolean text = family == SqlType.Family.CHARACTER;
        boolean integer = family == SqlType.Family.INTEGER;
        boolean number = integer || family == SqlType.Family.DECIMAL || family == SqlType.Family.APPROXIMATE;
        rows.add(
                face.kind().sqlName(),
                face.code(),
                face.precision(),
                prefix(face.kind()),
                number || family == SqlType.Family.BOOLEAN ? null : "'",
                parameters(face.kind()),
                DatabaseMetaData.typeNullable,
                text,
                text ? DatabaseMetaData.typeSearchable : DatabaseMetaData.typePredBasic,
                number && !face.signed(),
                false,
                integer,
                null,
                0,
                maximumScale(family),
                null,
                null,
                number ? (Integer) 10 : null);
    }

    private static String prefix(Kind kind) {
        return switch (kind.family()) {
            case INTEGER, DECIMAL, APPROXIMATE, BOOLEAN -> null;
            case BINARY -> "x'";
            case DATE, TIME, TIMESTAMP, UUID -> kind.sqlName() + " '";
            default -> "'";
        };
    }

    private static String parameters(Kind kind) {
        return switch (kind) {
            case DECIMAL -> "precision,scale";
            case CHAR, VARCHAR, BINARY, VARBINARY -> "length";
            case TIME, TIMESTAMP, TIMESTAMPTZ -> "precision";
            default -> null;
        };
    }

    private static int maximumScale(SqlType.Family family) {
        return switch (family) {
            case DECIMAL -> SqlType.MAX_PRECISION;
            case TIME, TIMESTAMP -> SqlType.MAX_FRACTION;
            default -> 0;
        };
    }
}

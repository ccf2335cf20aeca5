// Values as text in descriptors.
package org.mosslsm.sql.catalog;

import java.math.BigDecimal;
import java.util.HexFormat;
import java.util.UUID;
import org.mosslsm.sql.type.SqlType;

/** Text of values that lose nothing and depend on no setting; not what SQL shows. */
final class Constants {
    private Constants() {}

    static String text(Object value) {
        return value instanceof byte[] bytes ? HexFormat.of().formatHex(bytes) : value.toString();
    }

    static Object value(SqlType type, String text) {
        return switch (type.family()) {
            case INTEGER, DATE, TIME, TIMESTAMP -> Long.valueOf(text);
            case APPROXIMATE -> Double.valueOf(text);
            case DECIMAL -> new BigDecimal(text);
            case BOOLEAN -> Boolean.valueOf(text);
            case CHARACTER -> text;
            case BINARY -> HexFormat.of().parseHex(text);
            case UUID -> UUID.fromString(text);
            case INTERVAL, UNKNOWN -> throw new IllegalArgumentException("no column has type " + type);
        };
    }
}

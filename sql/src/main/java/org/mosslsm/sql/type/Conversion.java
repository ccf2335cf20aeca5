package org.mosslsm.sql.type;

import java.time.ZoneId;

/** A cast from one type to another, chosen once and applied to many values. Without state. */
@FunctionalInterface
public interface Conversion {
    /**
     * The value in the new type.
     *
     * @param value not null
     * @param zone time zone of the session, for conversions between local time and instants
     * @throws org.mosslsm.sql.error.SqlException when the value has no counterpart in the new type
     */
    Object apply(Object value, ZoneId zone);
}

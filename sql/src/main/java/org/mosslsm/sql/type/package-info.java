/**
 * SQL types and their values: names, conversion rules, casts, order, text form. In come type names, values and texts;
 * out go types, values and errors with an SQLSTATE. Knows no expression, table or byte encoding.
 *
 * <p>A value is a plain object, one Java class a family of types:
 *
 * <pre>
 * SMALLINT INTEGER BIGINT      Long
 * REAL DOUBLE                  Double (REAL: already rounded to a float)
 * DECIMAL                      java.math.BigDecimal
 * BOOLEAN                      Boolean
 * CHAR VARCHAR TEXT            String (CHAR: without trailing blanks; padded only when shown)
 * BINARY VARBINARY BLOB        byte[]
 * DATE                         Long, days since 1970-01-01
 * TIME                         Long, microseconds of the day
 * TIMESTAMP                    Long, microseconds since 1970-01-01T00:00 of an unnamed zone
 * TIMESTAMP WITH TIME ZONE     Long, microseconds since 1970-01-01T00:00Z
 * UUID                         java.util.UUID
 * INTERVAL                     Interval (literals and differences; never a column)
 * NULL                         null
 * </pre>
 */
package org.mosslsm.sql.type;

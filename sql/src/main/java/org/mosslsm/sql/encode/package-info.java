/**
 * Rows as bytes and back: keys whose byte order is the order of their values, row values with constant offsets.
 *
 * <p>In: tables, indexes and values. Out: keys, entries, and rows that decode only the columns they are asked for.
 * Nothing here reads or writes a store.
 *
 * <p>Keys:
 *
 * <pre>
 * key          := space:u8  index id:ordered varint  column*
 * space        := 01 system  02 rows (primary indexes)  03 secondary indexes  04 sequences and row ids  05 statistics
 * column       := tag? body          every byte inverted where descending
 * tag          := 01 value | FF NULL (and then no body)      only for columns that may be NULL
 * BOOLEAN      := 00 | 01
 * SMALLINT INTEGER BIGINT   2, 4, 8 bytes big-endian, sign bit flipped; DATE 4; TIME, TIMESTAMPs 8
 * REAL DOUBLE  := 4, 8 bytes big-endian; sign bit flipped where positive, all bits where negative; one NaN; no -0.0
 * DECIMAL(p&lt;=18,s)         unscaled value as BIGINT
 * DECIMAL      := 02 | (01 | 03) exponent:u32, sign bit flipped  (1 + pair of digits)*  00      inverted after 01
 * text, bytes  := UTF-8 or the bytes, 00 as 00 FF, then 00 01
 * UUID         := 16 bytes
 *
 * row          key: all primary key columns          value: see {@link org.mosslsm.sql.encode.RowLayout}
 * non-unique   key: its columns, then the primary key columns it lacks       value: included columns as a row
 * unique       key: its columns, and the primary key columns where one is NULL     value: primary key, included columns
 * </pre>
 *
 * <p>Laws, pinned by property tests: bytes compare as values do; decoding gives the value back (-0.0 as 0.0, and a
 * DECIMAL without a scale loses trailing zeros); no encoding is a prefix of another of its type.
 */
package org.mosslsm.sql.encode;

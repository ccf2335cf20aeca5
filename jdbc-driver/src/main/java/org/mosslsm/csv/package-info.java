/**
 * CSV, and the text format of PostgreSQL's COPY, in and out of tables.
 *
 * <p>{@link org.mosslsm.csv.TableImport} reads a file into a table, {@link org.mosslsm.csv.TableExport} writes what a query
 * answers. Both work on any {@code java.sql} connection and stream: a file may be larger than the memory.
 */
package org.mosslsm.csv;

/**
 * What the database holds, by name: schemas, tables with their columns, keys and constraints, indexes, views, sequences.
 *
 * <p>In: changes made by DDL, descriptors read from the store. Out: an immutable {@link org.mosslsm.sql.catalog.Catalog}
 * that plans refer to, and descriptors written in the transaction of the DDL statement. Names are as folded by the
 * parser: lower case unless quoted. Expressions (defaults, checks, views) are kept as text; binding them is not done
 * here.
 *
 * <p>Columns, tables, indexes and sequences have numbers that never change and are never given twice, so that renaming
 * touches descriptors only.
 */
package org.mosslsm.sql.catalog;

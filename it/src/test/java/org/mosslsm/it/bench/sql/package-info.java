/**
 * SQL beside H2, SQLite, Derby, HSQLDB and DuckDB, all through JDBC: {@link org.mosslsm.it.bench.sql.SqlEngine} knows
 * their dialects, one class a group of rows, {@link org.mosslsm.it.bench.sql.SqlBench} runs them. The drivers come with
 * the profile {@code bench-sql} alone.
 */
package org.mosslsm.it.bench.sql;

/**
 * JDBC 4.3 on the SQL layer: {@code jdbc:mosslsm:./data}.
 *
 * <p>In: JDBC calls. Out: results of {@link org.mosslsm.sql.Session}s, and {@link java.sql.SQLException}s of the subclass
 * that fits the SQLSTATE. Each class mirrors one interface of {@code java.sql}; every method works or throws {@link
 * java.sql.SQLFeatureNotSupportedException}. The one public class is {@link org.mosslsm.jdbc.MossDriver}.
 *
 * <p>Thread safety: a connection and what it made may be used by several threads, one call at a time (a lock of the
 * connection sees to it); {@code cancel} and {@code abort} may be called at any time by any thread.
 */
package org.mosslsm.jdbc;

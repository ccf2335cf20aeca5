/**
 * SQLite's sqllogictest files, run through JDBC. In: files of records (a statement that must work or fail; a query, how
 * to sort its result, and the result or its hash). Out: how many records passed, failed and were skipped, and each
 * failure with its line.
 */
package org.mosslsm.it.slt;

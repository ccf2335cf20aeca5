// One thing that is wrong.
package org.mosslsm.sql.exec.check;

/**
 * What CHECK DATABASE found wrong.
 *
 * @param schema schema of the table
 * @param table the table, or empty where the data belongs to none
 * @param object the index or constraint it is about, or empty for the rows themselves
 * @param text what is wrong
 */
public record Finding(String schema, String table, String object, String text) {}

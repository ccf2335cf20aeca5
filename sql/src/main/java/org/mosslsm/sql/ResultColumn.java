// A column of a result.
package org.mosslsm.sql;

import java.util.Optional;
import org.mosslsm.sql.type.SqlType;

/**
 * What is known about a column of a result before its rows.
 *
 * @param label its alias, or else its name
 * @param name name of the column it shows, or else the label
 * @param type type of its values
 * @param nullable whether NULL may occur
 * @param table name of the table it comes from, if it shows a column
 * @param schema schema of that table
 * @param autoIncrement whether its values are generated
 */
public record ResultColumn(
        String label,
        String name,
        SqlType type,
        boolean nullable,
        Optional<String> table,
        Optional<String> schema,
        boolean autoIncrement) {}

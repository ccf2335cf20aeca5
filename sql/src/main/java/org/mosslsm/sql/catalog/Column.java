// One column of a table.
package org.mosslsm.sql.catalog;

import java.util.Objects;
import java.util.Optional;
import org.mosslsm.sql.type.SqlType;

/**
 * A column.
 *
 * @param id number within its table, from 1, never given twice; {@link #ROW_ID} for the hidden row id
 * @param name as folded
 * @param type type of its values
 * @param notNull whether NULL is refused (23502)
 * @param defaultText the default expression as written, if there is one
 * @param identity how values are generated, if they are
 * @param missingValue what rows have that were written before the column was added: the default of that day, or null
 * @param comment remark of COMMENT ON, if there is one
 */
public record Column(
        int id,
        String name,
        SqlType type,
        boolean notNull,
        Optional<String> defaultText,
        Optional<Identity> identity,
        Object missingValue,
        Optional<String> comment) {
    /** Number of the hidden row id, the key of tables without a primary key. */
    public static final int ROW_ID = 0;

    /** The hidden row id; its name cannot clash with one that SQL can write. */
    public static final Column HIDDEN_ROW_ID = of(ROW_ID, "", SqlType.BIGINT, true);

    /**
     * An identity column.
     *
     * @param always whether an explicit value is refused (GENERATED ALWAYS)
     * @param sequenceId number of the sequence values come from
     */
    public record Identity(boolean always, int sequenceId) {}

    /** Checks that all parts are there. */
    public Column {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(type, "type");
        Objects.requireNonNull(defaultText, "defaultText");
        Objects.requireNonNull(identity, "identity");
        Objects.requireNonNull(comment, "comment");
    }

    /** A column without default, identity and comment. */
    public static Column of(int id, String name, SqlType type, boolean notNull) {
        return new Column(id, name, type, notNull, Optional.empty(), Optional.empty(), null, Optional.empty());
    }

    /** Whether this is the hidden row id. */
    public boolean isRowId() {
        return id == ROW_ID;
    }

    /** The same column with another name. */
    public Column withName(String newName) {
        return new Column(id, newName, type, notNull, defaultText, identity, missingValue, comment);
    }

    /** The same column with another type. */
    public Column withType(SqlType newType) {
        return new Column(id, name, newType, notNull, defaultText, identity, missingValue, comment);
    }

    /** The same column, with or without NOT NULL. */
    public Column withNotNull(boolean newNotNull) {
        return new Column(id, name, type, newNotNull, defaultText, identity, missingValue, comment);
    }

    /** The same column with another default. */
    public Column withDefault(Optional<String> newDefault) {
        return new Column(id, name, type, notNull, newDefault, identity, missingValue, comment);
    }

    /** The same column with another identity. */
    public Column withIdentity(Optional<Identity> newIdentity) {
        return new Column(id, name, type, notNull, defaultText, newIdentity, missingValue, comment);
    }

    /** The same column with the value that older rows have. */
    public Column withMissingValue(Object newMissingValue) {
        return new Column(id, name, type, notNull, defaultText, identity, newMissingValue, comment);
    }

    /** The same column with another comment. */
    public Column withComment(Optional<String> newComment) {
        return new Column(id, name, type, notNull, defaultText, identity, missingValue, newComment);
    }
}

// One index of a table, the primary one included.
package org.mosslsm.sql.catalog;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * An index. The primary index of a table is one too: its entries are the rows.
 *
 * @param id number, unique in the database: the prefix of its entries' keys
 * @param name unique within the schema; for the primary index the name of the primary key constraint
 * @param keys key columns, in order, at least one
 * @param unique whether two rows may not agree in all key columns (rows with a NULL among them may, unless
 *     {@code nullsNotDistinct})
 * @param constraint whether it belongs to a PRIMARY KEY or UNIQUE constraint of the same name
 * @param include columns kept in the entries besides, for scans that need no row; numbers
 * @param state what it may be used for
 * @param automatic whether it was made for a foreign key, and gives way to the user's own
 * @param where which rows have entries, where not all have: of a partial index
 * @param comments remarks of COMMENT ON
 * @param nullsNotDistinct whether a NULL among the keys of a unique index is as any value: UNIQUE NULLS NOT DISTINCT
 */
public record Index(
        int id,
        String name,
        List<Key> keys,
        boolean unique,
        boolean constraint,
        List<Integer> include,
        State state,
        boolean automatic,
        Optional<Where> where,
        Comments comments,
        boolean nullsNotDistinct) {
    /**
     * Remarks of COMMENT ON.
     *
     * @param index that of COMMENT ON INDEX, if there is one
     * @param constraint that of COMMENT ON CONSTRAINT, if there is one
     */
    public record Comments(Optional<String> index, Optional<String> constraint) {
        /** Of an index of which nothing was said. */
        public static final Comments NONE = new Comments(Optional.empty(), Optional.empty());

        /** Refuses null. */
        public Comments {
            Objects.requireNonNull(index, "index");
            Objects.requireNonNull(constraint, "constraint");
        }

        /** The same with another remark on the index. */
        public Comments withIndex(Optional<String> comment) {
            return new Comments(comment, constraint);
        }

        /** The same with another remark on the constraint. */
        public Comments withConstraint(Optional<String> comment) {
            return new Comments(index, comment);
        }
    }

    /**
     * The condition of a partial index: rows for which it is true have entries, and are unique among each other where the
     * index is.
     *
     * @param text as written
     * @param columnIds numbers of the columns it reads
     */
    public record Where(String text, List<Integer> columnIds) {
        /** Freezes the list. */
        public Where {
            Objects.requireNonNull(text, "text");
            columnIds = List.copyOf(columnIds);
        }
    }

    /** What an index may be used for. */
    public enum State {
        /** Writers keep it; readers do not use it yet, because older rows are still missing. */
        BUILDING,
        /** Complete. */
        READY
    }

    /**
     * One key column.
     *
     * @param columnId number of the column
     * @param descending whether greater values come first; NULL comes last where ascending, first where descending
     * @param nullable whether its entries are encoded so that NULL is possible; never of a primary key
     */
    public record Key(int columnId, boolean descending, boolean nullable) {}

    /** An index of all rows, without comments. */
    public Index(
            int id,
            String name,
            List<Key> keys,
            boolean unique,
            boolean constraint,
            List<Integer> include,
            State state,
            boolean automatic) {
        this(id, name, keys, unique, constraint, include, state, automatic, Optional.empty(), Comments.NONE, false);
    }

    /** The primary index of a table without a primary key. */
    public static Index ofRowIds(int id, String table) {
        List<Key> rowId = List.of(new Key(Column.ROW_ID, false, false));
        return new Index(id, table + "_rowid", rowId, true, false, List.of(), State.READY, false);
    }

    /** Freezes the lists. */
    public Index {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(state, "state");
        Objects.requireNonNull(comments, "comments");
        keys = List.copyOf(keys);
        include = List.copyOf(include);
        if (keys.isEmpty()) {
            throw new IllegalArgumentException("index " + name + " has no key column");
        }
    }

    /** Numbers of the key columns, in order. */
    public List<Integer> columnIds() {
        List<Integer> ids = new ArrayList<>(keys.size());
        keys.forEach(k -> ids.add(k.columnId()));
        return Collections.unmodifiableList(ids);
    }

    /** Whether the column is one of the keys. */
    public boolean hasKey(int columnId) {
        for (int i = 0; i < keys.size(); i++) {
            if (keys.get(i).columnId() == columnId) {
                return true;
            }
        }
        return false;
    }

    /** Whether the column is one of the keys or included, or read by its condition. */
    public boolean uses(int columnId) {
        return hasKey(columnId)
                || include.contains(columnId)
                || where.map(w -> w.columnIds().contains(columnId)).orElse(false);
    }

    /** Whether only some rows have entries. */
    public boolean isPartial() {
        return where.isPresent();
    }

    /** Whether no two rows of the table may agree in its keys: unique, and of all rows. */
    public boolean isUniqueOfAll() {
        return unique && where.isEmpty();
    }

    /** The same index with another condition. */
    public Index withWhere(Optional<Where> newWhere) {
        return new Index(
                id, name, keys, unique, constraint, include, state, automatic, newWhere, comments, nullsNotDistinct);
    }

    /** The same index, of which NULLs are values like others or not. */
    public Index withNullsNotDistinct(boolean newNullsNotDistinct) {
        return new Index(
                id, name, keys, unique, constraint, include, state, automatic, where, comments, newNullsNotDistinct);
    }

    /** The same index with other comments. */
    public Index withComments(Comments newComments) {
        return new Index(
                id, name, keys, unique, constraint, include, state, automatic, where, newComments, nullsNotDistinct);
    }

    /** The same index with other keys. */
    public Index withKeys(List<Key> newKeys) {
        return new Index(
                id, name, newKeys, unique, constraint, include, state, automatic, where, comments, nullsNotDistinct);
    }

    /** Whether readers may use it. */
    public boolean isReady() {
        return state == State.READY;
    }

    /** The same index with another name. */
    public Index withName(String newName) {
        return new Index(
                id, newName, keys, unique, constraint, include, state, automatic, where, comments, nullsNotDistinct);
    }

    /** The same index as that of a constraint. */
    public Index withConstraint() {
        return new Index(id, name, keys, unique, true, include, state, automatic, where, comments, nullsNotDistinct);
    }

    /** The same index with another number: empty, as far as the store is concerned. */
    public Index withId(int newId) {
        return new Index(
                newId, name, keys, unique, constraint, include, state, automatic, where, comments, nullsNotDistinct);
    }

    /** The same index in another state. */
    public Index withState(State newState) {
        return new Index(
                id, name, keys, unique, constraint, include, newState, automatic, where, comments, nullsNotDistinct);
    }

    /** The same index, made for a foreign key or by the user. */
    public Index withAutomatic(boolean newAutomatic) {
        return new Index(
                id, name, keys, unique, constraint, include, state, newAutomatic, where, comments, nullsNotDistinct);
    }
}
